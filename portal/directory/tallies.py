"""Counting what is searched and opened, without the person, and without a write lock while a page is made.

A web process appends a line to its own file; the job adds the lines up into the database. Best effort: a crash may
lose the last few. Never kept: who, from where, when more precisely than the day.
"""

import datetime as dt
import json
import logging
import os
import re
import uuid
from collections import Counter
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from portal import jobs, retention
from portal.db import changed, db, own_transaction
from portal.directory.models import OpenedTally, SearchTally, Service
from portal.directory.search.words import fold

log = logging.getLogger(__name__)
_KEPT = dt.timedelta(days=762)
_EVERY = dt.timedelta(minutes=5)
_MOST_WORDS = 80
# What may tell who somebody is: mail addresses, postcodes and parts of them, anything with two digits or more.
_PERSONAL = re.compile(r"\S*@\S*|\b[a-z]{1,2}\d[a-z\d]?(?:\s*\d[a-z]{2})?\b|\b\S*\d\S*\d\S*|\b\d[a-z]{2}\b")


def _folder() -> Path:
    return Path(current_app.config["INSTANCE"]) / "tallies"


def plain_words(words: str) -> str:
    """The words as they are counted: folded, one blank between, nothing that may name a person."""
    return " ".join(_PERSONAL.sub(" ", fold(words)).split())[:_MOST_WORDS]


def _note(*facts: object) -> None:
    """The line is noted, if it can be: a full disk is no reason to show nobody anything."""
    folder = _folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{os.getpid()}.lines").open("a") as file:
            file.write(json.dumps(facts) + "\n")
    except OSError:
        log.warning("a search or a look was not counted", exc_info=True)


def searched(council_id: uuid.UUID, words: str, total: int, today: dt.date) -> None:
    """One more search for these words."""
    counted = plain_words(words)
    if counted:
        _note("s", str(council_id), today.isoformat(), counted, int(total == 0))


def opened(service_id: uuid.UUID, today: dt.date) -> None:
    """One more look at this listing."""
    _note("o", str(service_id), today.isoformat())


def _read_lines() -> list[list[str]]:
    """Every line noted so far, taken away from where the web processes write. Torn ones are left out."""
    lines = []
    for path in _folder().glob("*.lines"):
        mine = path.with_suffix(f".{uuid.uuid4().hex[:8]}")
        path.rename(mine)  # whoever has it open may add a last line; that one is lost
        lines += [facts for line in mine.read_text(errors="replace").splitlines() if (facts := _facts(line))]
        mine.unlink()
    return lines


def _facts(line: str) -> list[str]:
    """What a line says; nothing where a process died in the middle of it."""
    try:
        kind, thing, day, *rest = json.loads(line)
        uuid.UUID(thing), dt.date.fromisoformat(day)
    except (ValueError, TypeError, AttributeError):
        return []
    whole = {"s": 2, "o": 0}.get(kind) == len(rest)
    return [kind, thing, day, *rest] if whole else []


def add_up(now: dt.datetime) -> int:
    """How many lines were added to the tallies."""
    lines = _read_lines()
    searches: Counter[tuple[str, str, str]] = Counter()
    nothing: Counter[tuple[str, str, str]] = Counter()
    looks: Counter[tuple[str, str]] = Counter()
    for kind, *facts in lines:
        if kind == "s":
            key = (facts[0], facts[1], facts[2])
            searches[key] += 1
            nothing[key] += int(facts[3])
        else:
            looks[(facts[0], facts[1])] += 1
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    with own_transaction() as session:
        for (council, day, words), count in searches.items():
            new = insert(SearchTally).values(
                council_id=uuid.UUID(council),
                on=dt.date.fromisoformat(day),
                words=words,
                searched=count,
                found_nothing=nothing[(council, day, words)],
            )
            session.execute(
                new.on_conflict_do_update(
                    index_elements=["council_id", "on", "words"],
                    set_={
                        "searched": SearchTally.searched + new.excluded.searched,
                        "found_nothing": SearchTally.found_nothing + new.excluded.found_nothing,
                    },
                )
            )
        there = set(
            session.scalars(
                sa.select(Service.id).where(Service.id.in_({uuid.UUID(service) for service, _ in looks}))
            )
        )
        for (service, day), count in looks.items():
            if uuid.UUID(service) in there:
                look = insert(OpenedTally).values(
                    service_id=uuid.UUID(service), on=dt.date.fromisoformat(day), opened=count
                )
                session.execute(
                    look.on_conflict_do_update(
                        index_elements=["service_id", "on"],
                        set_={"opened": OpenedTally.opened + look.excluded.opened},
                    )
                )
    return len(lines)


def _old(table: type[SearchTally] | type[OpenedTally]) -> retention.Erase:
    """Tallies are gone after two years and a month: enough to lay one year beside another."""

    def erase(session: orm.Session, now: dt.datetime) -> int:
        return changed(session, sa.delete(table).where(table.on < now.date() - _KEPT))

    return erase


def init_app(app: Flask) -> None:
    """Tallies are added up whenever jobs run."""
    jobs.register(app, jobs.Job("tallies", _EVERY, add_up, everywhere=True))
    retention.register(
        app,
        retention.Rule(
            "search_tally",
            "words searched, how often and how often in vain, by council and day",
            "to see what is missing",
            "two years and a month",
            _KEPT,
            _old(SearchTally),
        ),
        retention.Rule(
            "opened_tally",
            "listings opened, how often, by day",
            "to see what is used",
            "two years and a month; goes with the listing",
            _KEPT,
            _old(OpenedTally),
        ),
    )
