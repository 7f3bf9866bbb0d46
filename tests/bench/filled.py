"""A site with as many listings as a region has, put into its database as fast as rows go in."""

import datetime as dt
import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal import clock
from portal.councils.models import Council
from portal.db import Base, db
from portal.directory import actions, indexing
from portal.directory.models import (
    Accessibility,
    Address,
    Attribute,
    CostOption,
    Location,
    Organisation,
    Phone,
    Rating,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceLanguage,
)
from portal.directory.search import Coverage, Record
from tests.bench.corpus import COUNCILS, Corpus
from tests.bench.measure import seconds

_BATCH = 2_000
_BYDAY = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NOW = dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)
Rows = dict[type[Base], list[dict[str, Any]]]


@dataclass(frozen=True)
class Filled:
    """The site, its listings that every council's visitors see, and the CPU seconds that its index took."""

    app: Flask
    corpus: Corpus
    listings: tuple[uuid.UUID, ...]
    rebuild: float


def fill(app: Flask, count: int) -> Filled:
    """The site has so many listings, all in its index."""
    corpus = Corpus(count, today=clock.today())
    listings: list[uuid.UUID] = []
    with app.app_context():
        filler = _Filler()
        records = corpus.records()
        while batch := list(itertools.islice(records, _BATCH)):
            filler.insert(batch)
            listings += [record.id for record in batch if record.shared]
        db.session.commit()
        db.session.remove()
        rebuild = seconds(indexing.rebuild)
        db.session.remove()
    return Filled(app, corpus, tuple(listings), rebuild)


class _Filler:
    """Makes rows of records. Listings of councils that are not on the site go to the three that are, in turn."""

    def __init__(self) -> None:
        self._terms = actions.term_ids()
        rows = db.session.execute(sa.select(Council.key, Council.id))
        councils = {row.key: row.id for row in rows}
        self._councils = [councils[key] for key in COUNCILS.values()]
        self._known = councils
        self._organisations: dict[str, uuid.UUID] = {}

    def insert(self, records: Iterable[Record]) -> None:
        """Everything about these listings is in the database, not committed."""
        rows: Rows = defaultdict(list)
        for record in records:
            self._listing(rows, record)
        first: tuple[type[Base], ...] = (Organisation, Service, Location)
        for table in (*first, *(other for other in rows if other not in first)):
            if rows[table]:
                db.session.execute(sa.insert(table), rows[table])

    def _listing(self, rows: Rows, record: Record) -> None:
        council = self._known.get(record.council) or self._councils[record.id.int % len(self._councils)]
        rows[Service].append(
            {
                "id": record.id,
                "council_id": council,
                "organisation_id": self._organisation(rows, record.organisation, council),
                "kind": record.kind,
                "name": record.name,
                "summary": record.summary[:400],
                "description": record.description,
                "is_free": record.free,
                "minimum_age": record.minimum_age,
                "maximum_age": None if record.minimum_age else record.maximum_age,
                "state": "published",
                "shared": record.shared,
                "assured_on": _NOW.date(),
                "review_due_on": record.review_due_on,
                "created_at": _NOW,
                "updated_at": _NOW,
            }
        )
        self._venues(rows, record)
        _areas(rows, record.id, "comes_to_you", record.comes_to_you)
        _areas(rows, record.id, "residents_of", record.residents_of)
        _times(rows, record)
        rows[CostOption].append({"service_id": record.id, "words": record.summary.rpartition(". ")[2]})
        rows[Phone].append({"service_id": record.id, "number": "01632 960 123"})
        rows[ServiceLanguage] += [{"service_id": record.id, "code": code} for code in record.languages]
        rows[Attribute] += [
            {"service_id": record.id, "term_id": self._terms[key], "position": at}
            for at, key in enumerate((*record.categories, *record.needs))
        ]
        if record.rating:
            rows[Rating].append({"service_id": record.id, "domain": "overall", "rating": record.rating})

    def _organisation(self, rows: Rows, name: str, council: uuid.UUID) -> uuid.UUID:
        if name not in self._organisations:
            self._organisations[name] = uuid.uuid4()
            rows[Organisation].append(
                {"id": self._organisations[name], "council_id": council, "name": name, "kind": "charity"}
            )
        return self._organisations[name]

    @staticmethod
    def _venues(rows: Rows, record: Record) -> None:
        for at, venue in enumerate(record.venues):
            place = uuid.uuid4()
            hall, _, town = record.places.rpartition(" ")
            rows[Location].append(
                {
                    "id": place,
                    "name": hall[:40],
                    "easting": venue.easting,
                    "northing": venue.northing,
                    "authority_code": venue.authority,
                }
            )
            rows[Address].append(
                {"location_id": place, "address_1": f"{at + 1} Church Road", "town": town[:80]}
            )
            rows[Accessibility] += [{"location_id": place, "feature": key} for key in sorted(record.access)]
            rows[ServiceAtLocation].append({"service_id": record.id, "location_id": place, "position": at})


def _areas(rows: Rows, listing: uuid.UUID, kind: str, coverage: Coverage) -> None:
    empty = {"code": None, "radius_metres": None, "easting": None, "northing": None}
    found: Iterator[dict[str, Any]] = itertools.chain(
        ({"code": code} for code in coverage.codes),
        ({"radius_metres": c.metres, "easting": c.easting, "northing": c.northing} for c in coverage.circles),
    )
    rows[ServiceArea] += [{"service_id": listing, "kind": kind, **empty, **one} for one in found]


def _times(rows: Rows, record: Record) -> None:
    """One schedule for all days, or the date of an event."""
    if record.last_on:
        rows[Schedule].append(
            {
                "service_id": record.id,
                "freq": None,
                "byday": "",
                "dtstart": record.last_on,
                **_hours(600, 720),
            }
        )
    elif record.openings:
        first = record.openings[0]
        byday = ",".join(_BYDAY[opening.day] for opening in record.openings)
        rows[Schedule].append(
            {
                "service_id": record.id,
                "freq": "WEEKLY",
                "byday": byday,
                "dtstart": None,
                **_hours(first.opens, first.closes),
            }
        )


def _hours(opens: int, closes: int) -> dict[str, dt.time]:
    return {"opens_at": dt.time(*divmod(opens, 60)), "closes_at": dt.time(*divmod(closes, 60))}
