"""What somebody had typed when their time ran out: kept for them alone, sealed, for an hour at most."""

import datetime as dt
import json

import sqlalchemy as sa
from flask import Flask, g
from sqlalchemy import orm
from werkzeug.datastructures import MultiDict

from portal import clock, forms, sealing
from portal.accounts.models import KeptWords
from portal.db import changed, db, own_transaction, somehow

KEPT_FOR = dt.timedelta(hours=1)
_PURPOSE = "kept words"
_LONGEST_PATH = 400


class _Keeper:
    """Keeps words for whoever is signed in, or was until a moment ago."""

    def keep(self, path: str, words: MultiDict[str, str]) -> bool:
        """True when the words wait for the person who typed them."""
        somebody = g.get("somebody")
        user_id = somebody.id if somebody else g.get("ran_out_user_id")
        if user_id is None or len(path) > _LONGEST_PATH:
            return False
        sealed = sealing.seal(json.dumps(list(words.items(multi=True))), _PURPOSE)
        with somehow() as session:
            session.execute(sa.delete(KeptWords).where(KeptWords.user_id == user_id, KeptWords.path == path))
            session.add(KeptWords(user_id=user_id, path=path, words=sealed, kept_at=clock.now()))
            session.flush()
        return True

    def give_back(self, path: str) -> MultiDict[str, str] | None:
        """What was kept for the person who asks and this page: once, and then it is gone."""
        somebody = g.get("somebody")
        if somebody is None:
            return None
        mine = (KeptWords.user_id == somebody.id, KeptWords.path == path)
        kept = db.session.execute(sa.select(KeptWords.words, KeptWords.kept_at).where(*mine)).first()
        if kept is None:
            return None
        with own_transaction() as session:
            session.execute(sa.delete(KeptWords).where(*mine))
        if clock.now() - kept.kept_at > KEPT_FOR:
            return None
        try:
            return MultiDict(json.loads(sealing.unseal(kept.words, _PURPOSE)))
        except sealing.Unreadable:
            return None


def forget_old(session: orm.Session, now: dt.datetime) -> int:
    """How many words whose time is over were forgotten."""
    return changed(session, sa.delete(KeptWords).where(KeptWords.kept_at < now - KEPT_FOR))


def init_app(app: Flask) -> None:
    """Words are kept from now on, and (portal.accounts.retaining) none of them for long."""
    forms.set_keeper(app, _Keeper())
