"""Keeping the search index in step with the database.

A change is written to the outbox (`IndexChange`) in its own transaction; the job takes changes from there into the
index and only then strikes them off. Until then searches lay them over the index from the database. So a change is
seen at once, and a crash anywhere loses nothing.
"""

import datetime as dt
import uuid

import sqlalchemy as sa
from flask import Flask, current_app

from portal import jobs, registry
from portal.db import db, own_reading, own_transaction
from portal.directory import queries
from portal.directory.models import IndexChange, Term
from portal.directory.search import Engine
from portal.directory.search.engine import Pending, WhooshEngine
from portal.directory.search.index import LockError
from portal.directory.search.records import Recorder
from portal.directory.search.thesaurus import Thesaurus

_EVERY = dt.timedelta(seconds=5)
_NIGHTLY = dt.timedelta(hours=24)
# Changes taken into the index in one commit.
_BATCH = 500
_KEY = "portal.search"


def engine() -> Engine:
    """The search engine of the app."""
    found: Engine = current_app.extensions[_KEY]
    return found


class _Waiting:
    """Changes that the index does not know yet, read anew whenever they differ from the last time."""

    def __init__(self) -> None:
        self._last = Pending()

    def __call__(self) -> Pending:
        changes = queries.pending_changes()
        mark = tuple(number for number, _ in changes)
        if mark != self._last.mark:
            ids = {listing for _, listing in changes}
            fresh = Recorder(db.session()).some(list(ids)) if ids else []
            self._last = Pending(tuple(fresh), frozenset(ids), mark)
        return self._last


def take_in(now: dt.datetime) -> int:
    """How many changed listings were taken into the index. One process at a time: others come back later."""
    taken = 0
    while changes := _next_changes():
        ids = list({listing for _, listing in changes})
        with own_reading() as session:
            records = Recorder(session).some(ids)
        try:
            engine().write(records, set(ids) - {record.id for record in records})
        except LockError:
            return taken
        with own_transaction() as session:
            session.execute(
                sa.delete(IndexChange).where(IndexChange.id.in_([number for number, _ in changes]))
            )
        taken += len(ids)
    return taken


def _next_changes() -> list[tuple[int, uuid.UUID]]:
    with own_reading() as session:
        rows = session.execute(
            sa.select(IndexChange.id, IndexChange.service_id).order_by(IndexChange.id).limit(_BATCH)
        ).all()
    return [(number, listing) for number, listing in rows]


def rebuild() -> int:
    """How many listings stand in the new index. Changes from before are in it, and struck off."""
    with own_reading() as session:
        # By their own numbers, not "up to the newest": a lower number may be committed after a higher one.
        before = session.scalars(sa.select(IndexChange.id)).all()
        count = engine().rebuild(Recorder(session).all())
    with own_transaction() as session:
        for at in range(0, len(before), _BATCH):
            session.execute(sa.delete(IndexChange).where(IndexChange.id.in_(before[at : at + _BATCH])))
    return count


def _is_ready() -> str:
    return "" if engine().is_ready() else "there is no search index: portal index rebuild"


def init_app(app: Flask) -> None:
    """The app has its engine, and the job that feeds it."""
    thesaurus = Thesaurus.from_file(app.config["CONTENT"] / "directory" / "synonyms.yaml")
    app.extensions[_KEY] = WhooshEngine(app.config["INSTANCE"] / "index", thesaurus, _Waiting())
    jobs.register(app, jobs.Job("index", _EVERY, take_in))
    jobs.register(app, jobs.Job("index rebuild", _NIGHTLY, lambda now: rebuild()))
    registry.add_check(app, _is_ready)


def phrases() -> list[str]:
    """What is suggested while somebody types: names of categories and needs, and their other words."""
    terms = db.session.scalars(sa.select(Term)).all()
    return [name for term in terms for name in (term.name, *term.also)]
