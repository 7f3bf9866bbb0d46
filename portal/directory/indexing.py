"""Keeping the search index in step with the database.

A change is written to the outbox (`IndexChange`) in its own transaction. The job of every machine takes changes from
there into the machine's own index, and remembers beside it which. Until then searches lay them over the index from
the database. So a change is seen at once, and a crash anywhere loses nothing. Old changes are cleared away in the end.
"""

import datetime as dt
import fcntl
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app

from portal import clock, jobs, registry
from portal.db import db, own_reading, own_transaction
from portal.directory import queries, vocabulary
from portal.directory.models import IndexChange
from portal.directory.search import Engine
from portal.directory.search import index as on_disk
from portal.directory.search import taken as kept
from portal.directory.search.engine import Pending, WhooshEngine
from portal.directory.search.index import LockError
from portal.directory.search.records import Recorder
from portal.directory.search.taken import Taken
from portal.directory.search.thesaurus import Thesaurus

_EVERY = dt.timedelta(seconds=5)
_NIGHTLY = dt.timedelta(hours=24)
# Changes taken into the index in one commit.
_BATCH = 500
# Every commit is a segment, which every search looks at; with more of them the index is made anew.
_MOST_SEGMENTS = 50
# How far the clocks of machines and database may be apart.
_APART = dt.timedelta(minutes=10)
# Changes are kept for machines that were off for some days. An index that missed more is made anew.
_KEPT = dt.timedelta(days=7)
_TOO_OLD = dt.timedelta(days=6)
_KEY = "portal.search"
_WORDS = "portal.search.words"  # which words the engine has taken up

Changes = Sequence[tuple[int, uuid.UUID]]


def engine() -> Engine:
    """The search engine of the app."""
    found: WhooshEngine = current_app.extensions[_KEY]
    mark = vocabulary.mark(_folder())
    if mark != current_app.extensions[_WORDS]:
        found.understand(vocabulary.read(_folder()) or _words_of_files())
        current_app.extensions[_WORDS] = mark
    return found


def _words_of_files() -> Thesaurus:
    return Thesaurus.from_folder(current_app.config["CONTENT"] / "directory")


def _folder() -> Path:
    return Path(current_app.config["INSTANCE"]) / "index"


def _taken() -> Taken:
    generation = on_disk.current(_folder())
    return kept.read(generation) if generation else Taken()


class _Waiting:
    """Changes that this machine's index does not know yet, read anew whenever they differ from the last time."""

    def __init__(self) -> None:
        self._last = Pending()
        self._seen: tuple[Path | None, int] = (None, 0)
        self._taken = Taken()

    def __call__(self) -> Pending:
        generation = on_disk.current(_folder())
        seen = (generation, kept.stamp(generation) if generation else 0)
        if seen != self._seen:
            self._taken, self._seen, self._last = _taken(), seen, Pending()
        changes = [
            change for change in queries.changes_after(self._taken.upto) if change[0] not in self._taken
        ]
        mark = tuple(number for number, _ in changes)
        if mark != self._last.mark:
            ids = {listing for _, listing in changes}
            fresh = Recorder(db.session()).some(list(ids)) if ids else []
            self._last = Pending(tuple(fresh), frozenset(ids), mark)
        return self._last


@contextmanager
def _alone(*, wait: bool) -> Iterator[bool]:
    """True inside while no other process of this machine changes the index; False where one does and we do not wait."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def take_in(now: dt.datetime) -> int:
    """How many changes were taken into this machine's index. Where another process is at it, none."""
    with _alone(wait=False) as alone:
        if not alone:
            return 0
        vocabulary.refresh(_folder())
        generation = on_disk.current(_folder())
        taken = kept.read(generation) if generation else Taken()
        if generation is None or (taken.at and now - taken.at > _TOO_OLD):
            return _rebuild(now)
        count = _take_in(generation, taken, now)
        if on_disk.segments(generation) > _MOST_SEGMENTS:
            _rebuild(now)
        return count


def _take_in(generation: Path, taken: Taken, now: dt.datetime) -> int:
    count, settled = 0, _settled(now)  # looked up first: what comes later is not in the index yet
    while changes := _next_changes(taken):
        ids = list({listing for _, listing in changes})
        with own_reading() as session:
            records = Recorder(session).some(ids)
        try:
            engine().write(records, set(ids) - {record.id for record in records})
        except LockError:
            return count
        taken = taken.with_more((number for number, _ in changes), now)
        kept.write(generation, taken)
        count += len(changes)
    kept.write(generation, taken.with_more((), now).settled(settled))
    return count


def _next_changes(taken: Taken) -> Changes:
    """The oldest changes that the index does not know."""
    with own_reading() as session:
        rows = session.execute(
            sa.select(IndexChange.id, IndexChange.service_id)
            .where(IndexChange.id > taken.upto)
            .order_by(IndexChange.id)
        ).all()
    return [(number, listing) for number, listing in rows if number not in taken][:_BATCH]


def _settled(now: dt.datetime) -> int:
    """The highest number before which no other can come any more.

    On SQLite one writes at a time, and numbers rise. On PostgreSQL a lower number may be committed after a higher
    one, as late as its transaction pleases: what is older than every transaction under way is settled.
    """
    newest = sa.select(sa.func.max(IndexChange.id))
    with own_reading() as session:
        if db.engine.dialect.name != "sqlite":
            # Source: PostgreSQL, pg_stat_activity; a role sees when its own transactions began.
            oldest: dt.datetime | None = session.scalar(
                sa.text("SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database()")
            )
            newest = newest.where(IndexChange.at < min(now, oldest or now) - _APART)
        return session.scalar(newest) or 0


def rebuild(now: dt.datetime | None = None) -> int:
    """How many listings stand in this machine's new index. Changes from before are in it."""
    with _alone(wait=True):
        return _rebuild(now or clock.now())


def _rebuild(now: dt.datetime) -> int:
    vocabulary.refresh(_folder())
    with own_reading() as session:
        # Read first, by their own numbers: what is committed while the listings are read is taken in once more.
        before = session.scalars(sa.select(IndexChange.id)).all()
        count = engine().rebuild(Recorder(session).all())
    generation = on_disk.current(_folder())
    if generation:
        kept.write(generation, Taken().with_more(before, now))
    return count


def waiting() -> int:
    """How many changes this machine's index does not know yet."""
    return len(_next_changes(_taken()))


def clear_away(now: dt.datetime) -> None:
    """Changes that every machine has had days to take in are gone."""
    with own_transaction() as session:
        session.execute(sa.delete(IndexChange).where(IndexChange.at < now - _KEPT))


def _is_ready() -> str:
    return "" if engine().is_ready() else "there is no search index: portal index rebuild"


def init_app(app: Flask) -> None:
    """The app has its engine, and the jobs that feed it."""
    thesaurus = Thesaurus.from_folder(app.config["CONTENT"] / "directory")
    app.extensions[_WORDS] = 0
    app.extensions[_KEY] = WhooshEngine(app.config["INSTANCE"] / "index", thesaurus, _Waiting())
    jobs.register(app, jobs.Job("index", _EVERY, take_in, everywhere=True))
    jobs.register(app, jobs.Job("index rebuild", _NIGHTLY, rebuild, everywhere=True))
    jobs.register(app, jobs.Job("index changes", _NIGHTLY, clear_away))
    registry.add_check(app, _is_ready)
