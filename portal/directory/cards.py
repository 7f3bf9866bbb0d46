"""Listings as a list of results shows them, read by columns.

No page is asked for more often, and objects that the session looks after would cost it three times as much. What a
card has is named as `Service` names it, so that `telling` puts both into words.
"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import orm

from portal.councils.models import Council
from portal.db import Base, db
from portal.directory import queries
from portal.directory.models import (
    Accessibility,
    Address,
    CostOption,
    Location,
    Rating,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceTranslation,
)
from portal.directory.models.places import street


@dataclass(frozen=True, slots=True)
class Time:
    """When it is open or happens (see Schedule)."""

    freq: str | None
    byday: str
    dtstart: dt.date | None
    season_from: str
    season_until: str
    opens_at: dt.time | None
    closes_at: dt.time | None
    note: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What it costs."""

    words: str
    pence: int | None


@dataclass(frozen=True, slots=True)
class Words:
    """Its name and summary in another language."""

    language: str
    name: str
    summary: str


@dataclass(frozen=True, slots=True)
class Venue:
    """Where it is. street: what a card says of it."""

    easting: int | None
    northing: int | None
    street: str


@dataclass(frozen=True, slots=True)
class Card:
    """A listing. translations: only that of the language asked for; features: what makes its venues easier to use."""

    translations: tuple[Words, ...]
    times: Sequence[Time]
    costs: Sequence[Cost]
    venues: Sequence[Venue]
    features: frozenset[str]
    # As the columns of _LISTINGS come.
    id: uuid.UUID
    name: str
    summary: str
    status: str
    vacancies: str
    by_appointment: bool
    is_free: bool
    assured_on: dt.date | None
    review_due_on: dt.date | None
    overall_rating: str


_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)


def _named(part: type, table: type[Base]) -> list[Any]:
    """The columns of a table that make up a part, in the part's order."""
    return [getattr(table, field.name) for field in fields(part)]


def _of_listings(listing: orm.InstrumentedAttribute[uuid.UUID], *columns: Any) -> sa.Select[Any]:
    """The listing's id and these columns, for the listings asked for."""
    return sa.select(listing, *columns).where(listing.in_(_IDS))


_LISTINGS = (
    _of_listings(
        Service.id,
        Service.name,
        Service.summary,
        Service.status,
        Service.vacancies,
        Service.by_appointment,
        Service.is_free,
        Service.assured_on,
        Service.review_due_on,
        sa.func.coalesce(Rating.rating, ""),
        *_named(Words, ServiceTranslation),
    )
    .outerjoin(Rating, (Rating.service_id == Service.id) & (Rating.domain == "overall"))
    .outerjoin(
        ServiceTranslation,
        (ServiceTranslation.service_id == Service.id)
        & (ServiceTranslation.language == sa.bindparam("language")),
    )
)
_TIMES = _of_listings(Schedule.service_id, *_named(Time, Schedule)).order_by(Schedule.position)
_COSTS = _of_listings(CostOption.service_id, *_named(Cost, CostOption)).order_by(CostOption.position)
_VENUES = (
    _of_listings(
        ServiceAtLocation.service_id,
        Location.id,
        Location.easting,
        Location.northing,
        Location.name,
        Address.address_1,
        Address.town,
    )
    .join(Location, Location.id == ServiceAtLocation.location_id)
    .outerjoin(Address, Address.location_id == Location.id)
    .order_by(ServiceAtLocation.position)
)
_FEATURES = _of_listings(ServiceAtLocation.service_id, Accessibility.feature).join(
    Accessibility, Accessibility.location_id == ServiceAtLocation.location_id
)
Asked = dict[str, list[uuid.UUID]]
Part = TypeVar("Part")


def cards(council: Council, ids: Sequence[uuid.UUID], language: str) -> list[Card]:
    """Those of these listings that may be seen, in the order given, with their words in a language."""
    asked: Asked = {"ids": list(ids)}
    query = _LISTINGS.where(*queries.seen_by(council))
    rows = {row[0]: row for row in db.session.execute(query, {**asked, "language": language})}
    if not rows:
        return []
    times, costs = _parts(_TIMES, asked, Time), _parts(_COSTS, asked, Cost)
    venues, features = _venues(asked), _parts(_FEATURES, asked, str)
    return [
        Card(
            _words(*rows[listing][-3:]),
            times[listing],
            costs[listing],
            tuple(venues[listing].values()),
            frozenset(features[listing]),
            *rows[listing][:-3],
        )
        for listing in ids
        if listing in rows
    ]


def _words(language: str | None, name: str, summary: str) -> tuple[Words, ...]:
    """The words of a listing in the language asked for, if it has any."""
    return (Words(language, name, summary),) if language else ()


def _parts(query: sa.Select[Any], asked: Asked, make: Callable[..., Part]) -> dict[uuid.UUID, list[Part]]:
    """What the query finds of each listing, in its order."""
    found: dict[uuid.UUID, list[Part]] = defaultdict(list)
    for listing, *values in db.session.execute(query, asked):
        found[listing].append(make(*values))
    return found


def _venues(asked: Asked) -> dict[uuid.UUID, dict[uuid.UUID, Venue]]:
    """Each listing's venues by their ids, in its order; of several addresses of a venue the first is told."""
    found: dict[uuid.UUID, dict[uuid.UUID, Venue]] = defaultdict(dict)
    for listing, place, east, north, *where in db.session.execute(_VENUES, asked):
        found[listing].setdefault(place, Venue(east, north, street(*where)))
    return found
