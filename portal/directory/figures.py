"""What is searched and opened, by month, for editors: counts without people.

Words that were searched fewer than three times in a month are never shown, since they may name somebody.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.councils.models import Council
from portal.db import db
from portal.directory.freshness import months_later
from portal.directory.models import OpenedTally, SearchTally, Service
from portal.directory.search.records import visible

FEWEST = 3
_SHOWN = 50
_NEVER_SHOWN = 200


@dataclass(frozen=True)
class Words:
    """What was searched, how often, and how often it found nothing."""

    words: str
    searched: int
    found_nothing: int


@dataclass(frozen=True)
class Seen:
    """A listing and how often it was opened."""

    id: uuid.UUID
    name: str
    opened: int


@dataclass(frozen=True)
class Figures:
    """A month. never: the council's listings that nobody has opened since counting began, the first of so many."""

    month: dt.date
    missing: Sequence[Words]
    searched: Sequence[Words]
    seen: Sequence[Seen]
    never: Sequence[Seen]
    never_count: int


def months(council: Council, today: dt.date) -> list[dt.date]:
    """The first days of the months that there is anything to tell of, this one first."""
    searched = sa.select(sa.func.min(SearchTally.on)).where(SearchTally.council_id == council.id)
    opened = sa.select(sa.func.min(OpenedTally.on)).join(Service).where(Service.council_id == council.id)
    days = [day for asked in (searched, opened) if (day := db.session.scalar(asked))]
    first, month, found = min((*days, today)).replace(day=1), today.replace(day=1), []
    while month >= first:
        found.append(month)
        month = months_later(month, -1)
    return found


def of_month(council: Council, month: dt.date) -> Figures:
    """The figures of a month. month: its first day."""
    end = months_later(month, 1)
    never = _never(council)
    return Figures(
        month=month,
        missing=_words(council, month, end, SearchTally.found_nothing),
        searched=_words(council, month, end, SearchTally.searched),
        seen=_seen(council, month, end),
        never=[Seen(row.id, row.name, 0) for row in db.session.execute(never.limit(_NEVER_SHOWN))],
        never_count=db.session.scalar(sa.select(sa.func.count()).select_from(never.order_by(None).subquery()))
        or 0,
    )


def _words(
    council: Council, first: dt.date, end: dt.date, by: sa.orm.InstrumentedAttribute[int]
) -> list[Words]:
    counted = sa.func.sum(by)
    rows = db.session.execute(
        sa.select(
            SearchTally.words, sa.func.sum(SearchTally.searched), sa.func.sum(SearchTally.found_nothing)
        )
        .where(SearchTally.council_id == council.id, SearchTally.on >= first, SearchTally.on < end)
        .group_by(SearchTally.words)
        .having(sa.func.sum(SearchTally.searched) >= FEWEST, counted > 0)
        .order_by(counted.desc(), SearchTally.words)
        .limit(_SHOWN)
    )
    return [Words(words, searched, nothing) for words, searched, nothing in rows]


def _seen(council: Council, first: dt.date, end: dt.date) -> list[Seen]:
    opened = sa.func.sum(OpenedTally.opened)
    rows = db.session.execute(
        sa.select(Service.id, Service.name, opened)
        .join(OpenedTally, OpenedTally.service_id == Service.id)
        .where(*visible(), Service.council_id == council.id, OpenedTally.on >= first, OpenedTally.on < end)
        .group_by(Service.id, Service.name)
        .order_by(opened.desc(), Service.name)
        .limit(_SHOWN)
    )
    return [Seen(service_id, name, count) for service_id, name, count in rows]


def _never(council: Council) -> sa.Select[uuid.UUID, str]:
    return (
        sa.select(Service.id, Service.name)
        .where(
            *visible(),
            Service.council_id == council.id,
            ~sa.exists().where(OpenedTally.service_id == Service.id),
        )
        .order_by(Service.name, Service.id)
    )
