"""From the directory's tables to what an engine needs to know of a listing.

Only listings that the public may see become records; everything else is, to a search, not there.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

import sqlalchemy as sa
from babel import Locale
from sqlalchemy.orm import Session, aliased

from portal.councils.models import Council
from portal.directory.models import (
    Accessibility,
    Address,
    Attribute,
    CostOption,
    Location,
    Organisation,
    Rating,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceLanguage,
    ServiceTranslation,
    Taxonomy,
    Term,
)
from portal.directory.search import Circle, Coverage, Opening, Record, Venue

_DAY_NUMBER = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_COMMUNITY = frozenset({"charity", "community", "faith", "cic"})
_BATCH = 500
_ENGLISH = Locale("en")


def visible() -> tuple[sa.ColumnElement[bool], ...]:
    """What must be true of a service that the public may see."""
    return (
        Service.state == "published",
        Service.private.is_(False),
        Service.suspended_at.is_(None),
        Service.hidden_on.is_(None),
        Service.status.in_(("active", "temporarily closed")),
    )


# Columns are read, and not objects: there may be very many listings, and objects take three times as long.
_LISTING = (
    *(Service.id, Service.council_id, Service.shared, Service.kind, Service.name, Service.also_known_as),
    *(Service.summary, Service.who_for, Service.description, Service.is_free, Service.review_due_on),
    *(Service.minimum_age, Service.maximum_age),
    *(Organisation.name.label("organisation"), Organisation.kind.label("run_by")),
)
_TIMES = sa.select(
    *(Schedule.service_id, Schedule.freq, Schedule.byday, Schedule.dtstart, Schedule.until),
    *(Schedule.opens_at, Schedule.closes_at),
).order_by(Schedule.position)
_AREAS = sa.select(
    *(ServiceArea.service_id, ServiceArea.kind, ServiceArea.code),
    *(ServiceArea.radius_metres, ServiceArea.easting, ServiceArea.northing),
)
_VENUES = (
    sa.select(ServiceAtLocation.service_id, Location.easting, Location.northing, Location.authority_code)
    .join(Location, ServiceAtLocation.location_id == Location.id)
    .order_by(ServiceAtLocation.position)
)
_ADDRESSES = (
    sa.select(ServiceAtLocation.service_id, Location.name, Address.address_1, Address.town)
    .join(Location, ServiceAtLocation.location_id == Location.id)
    .join(Address, Address.location_id == Location.id)
    .order_by(ServiceAtLocation.position)
)
_FEATURES = sa.select(ServiceAtLocation.service_id, Accessibility.feature).join(
    Accessibility, Accessibility.location_id == ServiceAtLocation.location_id
)
_TERMS = sa.select(Attribute.service_id, Attribute.term_id).order_by(Attribute.position)
_COSTS = sa.select(CostOption.service_id, CostOption.words).order_by(CostOption.position)
_SPOKEN = sa.select(ServiceLanguage.service_id, ServiceLanguage.code).order_by(ServiceLanguage.code)
_RATINGS = sa.select(Rating.service_id, Rating.rating).where(Rating.domain == "overall")
_TRANSLATIONS = sa.select(
    *(ServiceTranslation.service_id, ServiceTranslation.name),
    *(ServiceTranslation.summary, ServiceTranslation.description),
)
Row = sa.Row[*tuple[Any, ...]]
Rows = Sequence[Row]


def _days(rule: str) -> list[int]:
    """The days of the week in an iCalendar BYDAY: "MO,3TH,-1FR" -> [0, 3, 4]."""
    return [_DAY_NUMBER[part.strip()[-2:]] for part in rule.split(",") if part.strip()[-2:] in _DAY_NUMBER]


def _schedule_days(schedule: Row) -> list[int]:
    if schedule.freq is None:
        return [schedule.dtstart.weekday()] if schedule.dtstart else []
    return _days(schedule.byday)


def _openings(times: Rows) -> Iterator[Opening]:
    for schedule in times:
        if schedule.opens_at is None or schedule.closes_at is None:
            continue
        opens = schedule.opens_at.hour * 60 + schedule.opens_at.minute
        closes = schedule.closes_at.hour * 60 + schedule.closes_at.minute or 24 * 60
        for day in _schedule_days(schedule):
            if closes > opens:
                yield Opening(day, opens, closes)
            else:  # over midnight: a late drop-in belongs to both days
                yield Opening(day, opens, 24 * 60)
                yield Opening((day + 1) % 7, 0, closes)


def _coverage(areas: Rows, kind: str) -> Coverage:
    mine = [area for area in areas if area.kind == kind]
    circles = tuple(
        Circle(a.easting, a.northing, a.radius_metres)
        for a in mine
        if a.radius_metres and a.easting is not None and a.northing is not None
    )
    return Coverage(frozenset(a.code for a in mine if a.code), circles)


def _last_on(kind: str, times: Rows) -> dt.date | None:
    """The last day of an event; None for anything that goes on."""
    if kind != "event" or any(time.freq and not time.until for time in times):
        return None
    return max((day for time in times if (day := time.until or time.dtstart)), default=None)


class _Around:
    """What other tables hold about a batch of listings."""

    def __init__(self, session: Session, listings: Sequence[uuid.UUID]) -> None:
        def of_each(query: sa.Select[*tuple[Any, ...]]) -> Mapping[uuid.UUID, Rows]:
            """The rows by listing, whose id is the first column."""
            found: dict[uuid.UUID, list[Row]] = {}
            for row in session.execute(query.where(query.selected_columns[0].in_(listings))):
                found.setdefault(row[0], []).append(row)
            return found

        self.times, self.areas, self.terms = of_each(_TIMES), of_each(_AREAS), of_each(_TERMS)
        self.venues, self.addresses, self.features = of_each(_VENUES), of_each(_ADDRESSES), of_each(_FEATURES)
        self.costs, self.spoken, self.ratings = of_each(_COSTS), of_each(_SPOKEN), of_each(_RATINGS)
        self.translations = of_each(_TRANSLATIONS)


@dataclass(frozen=True)
class _Term:
    """A category or a need. above: the key of the group it stands in, if any."""

    key: str
    taxonomy: str
    words: str
    above: str


def _terms(session: Session) -> dict[uuid.UUID, _Term]:
    group = aliased(Term)
    rows = session.execute(
        sa.select(
            Term.id, Term.key, Term.name, Term.also, Taxonomy.key.label("taxonomy"), group.key.label("above")
        )
        .join(Taxonomy, Term.taxonomy_id == Taxonomy.id)
        .outerjoin(group, Term.parent_id == group.id)
    )
    return {
        row.id: _Term(row.key, row.taxonomy, _joined(row.name, *row.also), row.above or "") for row in rows
    }


class Recorder:
    """Makes records, with councils and taxonomy read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        rows = session.execute(sa.select(Council.id, Council.key))
        self._councils: dict[uuid.UUID, str] = {row.id: row.key for row in rows}
        self._terms = _terms(session)

    def all(self) -> Iterator[Record]:
        """Every listing that the public may see, a batch at a time: memory stays small however many there are."""
        ids = self._session.scalars(sa.select(Service.id).where(*visible()).order_by(Service.id)).all()
        rest = iter(ids)
        while batch := list(islice(rest, _BATCH)):
            yield from self.some(batch)

    def some(self, ids: Sequence[uuid.UUID]) -> list[Record]:
        """The records of those of these listings that the public may see."""
        listings = self._session.execute(
            sa.select(*_LISTING).join(Organisation).where(Service.id.in_(ids), *visible())
        ).all()
        around = _Around(self._session, [listing.id for listing in listings])
        return [self._record(listing, around) for listing in listings]

    def _record(self, listing: Row, around: _Around) -> Record:
        terms = [self._terms[row.term_id] for row in around.terms.get(listing.id, ())]
        categories = [term for term in terms if term.taxonomy == "category"]
        needs = [term for term in terms if term.taxonomy == "need"]
        times, areas = around.times.get(listing.id, ()), around.areas.get(listing.id, ())
        spoken = [row.code for row in around.spoken.get(listing.id, ())]
        return Record(
            id=listing.id,
            council=self._councils[listing.council_id],
            shared=listing.shared,
            name=listing.name,
            kind=listing.kind,
            also=" ".join(listing.also_known_as),
            organisation=listing.organisation,
            summary=_joined(
                listing.summary,
                listing.who_for,
                *(row.words for row in around.costs.get(listing.id, ())),
                *(_language(code) for code in spoken),
            ),
            description=_joined(
                listing.description,
                *(
                    f"{row.name} {row.summary} {row.description}"
                    for row in around.translations.get(listing.id, ())
                ),
            ),
            places=_joined(
                *(f"{row.name} {row.address_1} {row.town}" for row in around.addresses.get(listing.id, ()))
            ),
            categories=tuple(term.key for term in categories),
            parents=tuple(dict.fromkeys(term.above for term in categories if term.above)),
            needs=tuple(term.key for term in needs),
            term_words=_joined(*(term.words for term in (*categories, *needs))),
            access=frozenset(row.feature for row in around.features.get(listing.id, ())),
            languages=frozenset(spoken),
            venues=tuple(
                Venue(row.easting, row.northing, row.authority_code)
                for row in around.venues.get(listing.id, ())
                if row.easting is not None and row.northing is not None
            ),
            comes_to_you=_coverage(areas, "comes_to_you"),
            residents_of=_coverage(areas, "residents_of"),
            openings=tuple(_openings(times)),
            days=frozenset(day for time in times for day in _schedule_days(time)),
            free=listing.is_free,
            minimum_age=listing.minimum_age,
            maximum_age=listing.maximum_age,
            rating=next((row.rating for row in around.ratings.get(listing.id, ())), ""),
            community=listing.is_free or listing.run_by in _COMMUNITY,
            review_due_on=listing.review_due_on,
            last_on=_last_on(listing.kind, times),
        )


@cache
def _language(code: str) -> str:
    """A language's own English name, as people type it: "Polish"."""
    return str(_ENGLISH.languages.get(code, ""))


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
