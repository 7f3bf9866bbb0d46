"""How people would like to get their messages, and the one mail a day for those who want no more."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from flask import Flask

from portal import clock, jobs, letters, notify
from portal.accounts import queries
from portal.accounts.models import DigestItem, MessageChoice, User
from portal.councils.models import Council
from portal.db import db
from portal.i18n import _
from portal.notify import Kind

_EVERY = dt.timedelta(minutes=5)
# What the accounts themselves write: links that were asked for, and news of what opens the account. Never put off.
SECURITY = notify.declare("account.security", lambda: _("How you sign in, and what you may do"), needed=True)


def words(how: str) -> str:
    """A way to get a message."""
    return {"now": _("At once"), "digest": _("Once a day, in one mail"), "off": _("Not at all")}[how]


def of(user_id: uuid.UUID) -> dict[str, str]:
    """How this person gets each kind of message: kind -> how."""
    rows = db.session.scalars(sa.select(MessageChoice).where(MessageChoice.user_id == user_id))
    chosen = {choice.kind: choice.how for choice in rows}
    return {kind.key: _how(kind, chosen) for kind in notify.kinds()}


def _how(kind: Kind, chosen: Mapping[str, str]) -> str:
    return "now" if kind.needed else chosen.get(kind.key, kind.usual)


def choose(user_id: uuid.UUID, chosen: Mapping[str, str]) -> None:
    """They get each kind as they say. What is needed stays as it is; what they want no more does not wait either."""
    for kind in notify.kinds():
        how = chosen.get(kind.key, "")
        if kind.needed or how not in notify.HOWS:
            continue
        db.session.merge(MessageChoice(user_id=user_id, kind=kind.key, how=how))
        if how == "off":
            waiting = DigestItem.user_id == user_id, DigestItem.kind == kind.key
            db.session.execute(sa.delete(DigestItem).where(*waiting))


class _Chooser:
    """Asks the accounts. Who has none gets all at once."""

    def how(self, to: str, kind: Kind) -> str:
        """One of HOWS, for whoever has this address."""
        user = queries.by_email(to)
        chosen = db.session.get(MessageChoice, (user.id, kind.key)) if user else None
        if user is None or user.state != "active":
            return "now"
        return _how(kind, {kind.key: chosen.how} if chosen else {})

    def keep(
        self, to: str, kind: Kind, council: Council, subject: str, paragraphs: list[str], now: dt.datetime
    ) -> None:
        """The message waits for their daily mail."""
        user = queries.by_email(to)
        assert user is not None
        facts = {"user_id": user.id, "council_id": council.id, "kind": kind.key, "created_at": now}
        db.session.add(DigestItem(subject=subject, paragraphs=paragraphs, **facts))

    def language(self, to: str) -> str | None:
        """The language of whoever has an account with this address; None where nobody has one."""
        user = queries.by_email(to)
        return user.language if user and user.state == "active" else None

    def where(self, council: Council) -> str:
        """The address of the page where they choose."""
        return letters.address(council, "own.messages")


def newest_hour(council: Council, now: dt.datetime) -> dt.datetime:
    """When the council's daily mails were last due: today, or yesterday where today's hour is still to come."""
    day = clock.uk_time(now).date()
    at = dt.datetime.combine(day, dt.time(council.digest_hour), clock.UK)
    if at > now:
        at = dt.datetime.combine(day - dt.timedelta(days=1), dt.time(council.digest_hour), clock.UK)
    return at.astimezone(dt.UTC)


def send_digests(now: dt.datetime) -> int:
    """How many daily mails were written: one for each person and council that something waits from, since the hour."""
    written = 0
    for council in db.session.scalars(sa.select(Council).order_by(Council.key)).all():
        before = newest_hour(council, now)
        due = sa.select(DigestItem.user_id).where(
            DigestItem.council_id == council.id, DigestItem.created_at <= before
        )
        for user_id in db.session.scalars(due.distinct()).all():
            written += _write(user_id, council, before, now)
            db.session.commit()
    return written


def _write(user_id: uuid.UUID, council: Council, before: dt.datetime, now: dt.datetime) -> bool:
    """One person's daily mail. What goes into it is taken out of the waiting ones in the same transaction."""
    mine = (
        DigestItem.user_id == user_id,
        DigestItem.council_id == council.id,
        DigestItem.created_at <= before,
    )
    taken = (
        sa.delete(DigestItem)
        .where(*mine)
        .returning(DigestItem.created_at, DigestItem.subject, DigestItem.paragraphs)
    )
    items = sorted(db.session.execute(taken).all(), key=lambda item: (item.created_at, item.subject))
    user = db.session.get(User, user_id)
    if not items or user is None or user.state != "active":
        return False
    _post(user, council, [(item.subject, item.paragraphs) for item in items], now)
    return True


def _post(user: User, council: Council, items: Sequence[tuple[str, list[str]]], now: dt.datetime) -> None:
    inner: list[str] = []
    for subject, paragraphs in items:
        inner += [f"# {subject}", *paragraphs]
    letters.write(
        user.email,
        "accounts/mail/digest.txt",
        council=council,
        now=now,
        language=user.language,
        name=user.name,
        count=len(items),
        parts=inner,
        where=letters.address(council, "own.messages"),
    )


def init_app(app: Flask) -> None:
    """Choices hold, and daily mails are written at each council's hour."""
    notify.set_chooser(app, _Chooser())
    jobs.register(app, jobs.Job("digest", _EVERY, send_digests))
