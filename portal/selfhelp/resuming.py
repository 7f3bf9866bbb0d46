"""Which conversations this browser is in, and how they end: nothing is left behind where nobody asked for it.

The session cookie holds the ids of talks and when they were last used. A talk without a way back goes with the
session, at "Finish and clear", after a while without a click, and in any case a day after the last answer.
"""

import datetime as dt
import logging
import uuid
from collections.abc import MutableMapping
from typing import Any

import sqlalchemy as sa
from flask import Flask, g, session
from sqlalchemy import orm

from portal import clock, registry, retention
from portal.councils.models import Council
from portal.db import changed, db, reading_only, short_transaction
from portal.retention import Rule
from portal.selfhelp import actions, queries
from portal.selfhelp.models import QuestionCount, Talk, UnwantedCount

log = logging.getLogger(__name__)
_TALKS, _USED, _SHARED, _CODE = "talks", "talks_used", "talks_shared", "talk_code"
# Conversations that one browser may be in at a time: the cookie stays small.
_MOST = 6
# Without a click. On a shared computer as for whoever signs in there (accessibility-security).
IDLE, IDLE_SHARED = dt.timedelta(hours=4), dt.timedelta(minutes=10)
WITHOUT_A_WAY_BACK = dt.timedelta(days=1)
KEPT = dt.timedelta(days=28)
_COUNTS_KEPT = dt.timedelta(days=762)


def remember(jar: MutableMapping[str, Any], talk: Talk, now: dt.datetime) -> None:
    """This browser is in the talk from now on."""
    others = [name for name in jar.get(_TALKS, ()) if name != talk.id.hex]
    jar[_TALKS] = [*others, talk.id.hex][-_MOST:]
    jar[_USED] = int(now.timestamp())


def share(jar: MutableMapping[str, Any], shared: bool) -> None:
    """Whether others use this computer, too."""
    if shared:
        jar[_SHARED] = True
    else:
        jar.pop(_SHARED, None)


def is_shared(jar: MutableMapping[str, Any]) -> bool:
    """Whether the visitor said that others use this computer."""
    return bool(jar.get(_SHARED))


def idle(jar: MutableMapping[str, Any]) -> dt.timedelta:
    """How long the talks of this browser stay without a click."""
    return IDLE_SHARED if is_shared(jar) else IDLE


def ids(jar: MutableMapping[str, Any], now: dt.datetime) -> list[uuid.UUID]:
    """The talks that this browser is in. None any more after too long without a click."""
    used = dt.datetime.fromtimestamp(jar.get(_USED, 0), dt.UTC)
    if now - used > idle(jar):
        forget_all(jar)
        return []
    if jar.get(_TALKS) and now - used > dt.timedelta(minutes=1):
        jar[_USED] = int(now.timestamp())
    return [uuid.UUID(hex=name) for name in jar.get(_TALKS, ())]


def forget(jar: MutableMapping[str, Any], talk: Talk) -> None:
    """This browser is not in the talk any more."""
    jar[_TALKS] = [name for name in jar.get(_TALKS, ()) if name != talk.id.hex]
    show_code(jar, talk, "")


def forget_all(jar: MutableMapping[str, Any]) -> None:
    """This browser is in no talk."""
    for name in (_TALKS, _USED, _CODE):
        jar.pop(name, None)


def show_code(jar: MutableMapping[str, Any], talk: Talk, code: str) -> None:
    """The paper code can be seen once more from this browser, since only its hash is kept elsewhere."""
    if code:
        jar[_CODE] = [talk.id.hex, code]
    elif jar.get(_CODE, ("",))[0] == talk.id.hex:
        jar.pop(_CODE)


def code_of(jar: MutableMapping[str, Any], talk: Talk) -> str:
    """The paper code of the talk, where it was made in this browser session."""
    of, code = jar.get(_CODE, ("", ""))
    return str(code) if of == talk.id.hex else ""


def _leave() -> None:
    """What nobody asked to keep goes with whoever leaves. Nothing stands in their way, not even a database."""
    mine = [uuid.UUID(hex=name) for name in session.get(_TALKS, ())]
    council = g.get("council")
    if not mine or council is None:
        return
    try:
        _delete_unkept(council, mine)
    except sa.exc.SQLAlchemyError:  # the job deletes them within a day
        log.warning("what was said in a conversation could not be deleted at leaving")


def _delete_unkept(council: Council, mine: list[uuid.UUID]) -> None:
    with short_transaction():
        for talk in queries.talks(council, mine):
            if not talk.is_kept:
                actions.delete(
                    db.session(), talk, actions.left_at(queries.standing(council, talk)), clock.now()
                )


def _erase(writing: orm.Session, now: dt.datetime) -> int:
    """Talks that are past their time; where they ended is counted."""
    kept = sa.or_(Talk.code.is_not(None), Talk.link.is_not(None))
    past = sa.or_(
        sa.and_(kept, Talk.last_at < now - KEPT), sa.and_(~kept, Talk.last_at < now - WITHOUT_A_WAY_BACK)
    )
    gone = list(writing.scalars(sa.select(Talk).where(past)))
    for talk in gone:
        council = writing.get(Council, talk.council_id)
        actions.delete(writing, talk, _where_it_ended(council, talk) if council else [], now)
    return len(gone)


def _where_it_ended(council: Council, talk: Talk) -> list[str]:
    """The questions that somebody went at. Read beside the job's own transaction, which has the lock for writing."""
    with reading_only():
        left = actions.left_at(queries.standing(council, talk))
        db.session.rollback()
    return left


def _erase_counts(table: type[QuestionCount] | type[UnwantedCount]) -> retention.Erase:
    def erase(writing: orm.Session, now: dt.datetime) -> int:
        return changed(writing, sa.delete(table).where(table.day < (now - _COUNTS_KEPT).date()))

    return erase


def init_app(app: Flask) -> None:
    """Talks end with the visitor's leave, or when they are past their time."""
    registry.when_leaving(app, _leave)
    retention.register(
        app,
        Rule(
            "talk",
            "conversations that somebody has begun: what they said, sealed",
            "so that people can go back, change answers, and come back later",
            "without a way back one day after the last answer, or when they leave; with one 28 days",
            erase=_erase,
        ),
        Rule(
            "question_count",
            "how often a question was shown, answered, skipped and left, a day at a time, without answers",
            "so that editors see which questions put people off",
            "25 months after the day",
            age=_COUNTS_KEPT,
            erase=_erase_counts(QuestionCount),
        ),
        Rule(
            "unwanted_count",
            "how often a suggestion was not wanted and why, a day at a time",
            "so that editors see what does not help",
            "25 months after the day",
            age=_COUNTS_KEPT,
            erase=_erase_counts(UnwantedCount),
        ),
    )
