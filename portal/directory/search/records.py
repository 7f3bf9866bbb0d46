"""From the directory's tables to what an engine needs to know of a listing.

Only listings that the public may see become records; everything else is, to a search, not there.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice

import sqlalchemy as sa
from babel import Locale
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.councils.models import Council
from portal.directory.models import Location, Schedule, Service, ServiceArea, ServiceAtLocation, Term
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


def _whole() -> sa.Select[Service]:
    return sa.select(Service).options(
        joinedload(Service.organisation),
        selectinload(Service.areas),
        selectinload(Service.times),
        selectinload(Service.languages),
        selectinload(Service.ratings),
        selectinload(Service.translations),
        selectinload(Service.attributes),
        selectinload(Service.costs),
        selectinload(Service.places)
        .joinedload(ServiceAtLocation.location)
        .options(selectinload(Location.addresses), selectinload(Location.features)),
    )


def _days(rule: str) -> list[int]:
    """The days of the week in an iCalendar BYDAY: "MO,3TH,-1FR" -> [0, 3, 4]."""
    return [_DAY_NUMBER[part.strip()[-2:]] for part in rule.split(",") if part.strip()[-2:] in _DAY_NUMBER]


def _schedule_days(schedule: Schedule) -> list[int]:
    if schedule.freq is None:
        return [schedule.dtstart.weekday()] if schedule.dtstart else []
    return _days(schedule.byday)


def _openings(times: Iterable[Schedule]) -> Iterator[Opening]:
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


def _coverage(areas: Iterable[ServiceArea], kind: str) -> Coverage:
    mine = [area for area in areas if area.kind == kind]
    circles = tuple(
        Circle(a.easting, a.northing, a.radius_metres)
        for a in mine
        if a.radius_metres and a.easting is not None and a.northing is not None
    )
    return Coverage(frozenset(a.code for a in mine if a.code), circles)


def _last_on(service: Service) -> dt.date | None:
    """The last day of an event; None for anything that goes on."""
    if service.kind != "event" or any(s.freq and not s.until for s in service.times):
        return None
    days = [day for s in service.times if (day := s.until or s.dtstart)]
    return max(days, default=None)


class Recorder:
    """Makes records, with councils and taxonomy read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._councils = {c.id: c.key for c in session.scalars(sa.select(Council))}
        terms = session.scalars(sa.select(Term).options(joinedload(Term.taxonomy))).all()
        self._terms = {term.id: term for term in terms}

    def record(self, service: Service) -> Record:
        """What an engine needs to know of a listing, which must have been read whole."""
        terms = [self._terms[a.term_id] for a in service.attributes]
        categories = [t for t in terms if t.taxonomy.key == "category"]
        needs = [t for t in terms if t.taxonomy.key == "need"]
        parents = [self._terms[t.parent_id].key for t in categories if t.parent_id]
        locations = [place.location for place in service.places]
        times = list(service.times)
        return Record(
            id=service.id,
            council=self._councils[service.council_id],
            shared=service.shared,
            name=service.name,
            kind=service.kind,
            also=" ".join(service.also_known_as),
            organisation=service.organisation.name,
            summary=_joined(
                service.summary,
                service.who_for,
                *(c.words for c in service.costs),
                *(_language(spoken.code) for spoken in service.languages),
            ),
            description=_joined(
                service.description, *(f"{t.name} {t.summary} {t.description}" for t in service.translations)
            ),
            places=_joined(
                *(f"{loc.name} {a.address_1} {a.town}" for loc in locations for a in loc.addresses)
            ),
            categories=tuple(t.key for t in categories),
            parents=tuple(dict.fromkeys(parents)),
            needs=tuple(t.key for t in needs),
            term_words=_joined(*(f"{t.name} {' '.join(t.also)}" for t in (*categories, *needs))),
            access=frozenset(f.feature for loc in locations for f in loc.features),
            languages=frozenset(spoken.code for spoken in service.languages),
            venues=tuple(
                Venue(loc.easting, loc.northing, loc.authority_code)
                for loc in locations
                if loc.easting is not None and loc.northing is not None
            ),
            comes_to_you=_coverage(service.areas, "comes_to_you"),
            residents_of=_coverage(service.areas, "residents_of"),
            openings=tuple(_openings(times)),
            days=frozenset(day for schedule in times for day in _schedule_days(schedule)),
            free=service.is_free,
            minimum_age=service.minimum_age,
            maximum_age=service.maximum_age,
            rating=next((r.rating for r in service.ratings if r.domain == "overall"), ""),
            community=service.is_free or service.organisation.kind in _COMMUNITY,
            review_due_on=service.review_due_on,
            last_on=_last_on(service),
        )

    def all(self) -> Iterator[Record]:
        """Every listing that the public may see, a batch at a time: memory stays small however many there are."""
        ids = self._session.scalars(sa.select(Service.id).where(*visible()).order_by(Service.id)).all()
        rest = iter(ids)
        while batch := list(islice(rest, _BATCH)):
            yield from self.some(batch)
            self._session.expunge_all()

    def some(self, ids: Sequence[uuid.UUID]) -> list[Record]:
        """The records of those of these listings that the public may see."""
        services = self._session.scalars(_whole().where(Service.id.in_(ids), *visible())).all()
        return [self.record(service) for service in services]


@cache
def _language(code: str) -> str:
    """A language's own English name, as people type it: "Polish"."""
    return str(_ENGLISH.languages.get(code, ""))


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
