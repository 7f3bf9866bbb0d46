"""A listing as somebody hands it in: from a form, a spreadsheet, a feed or the demonstration content.

Plain values only. `actions.save_listing` turns a draft into rows, the same way for all of them; `as_draft` turns the
rows back. `as_json` and `from_json` keep a draft as data, and lose nothing.
"""

import dataclasses
import datetime as dt
import types
import typing
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeVar

from portal.directory.models import Schedule, Service, ServiceAtLocation


@dataclass(frozen=True)
class TimeDraft:
    """Opening times: on days of every week, of certain weeks of the month, or on one date."""

    days: tuple[str, ...] = ()  # "mon" … "sun"
    weeks: tuple[int, ...] = ()  # 1 the first, 3 the third, -1 the last of the month; none: every week
    on: dt.date | None = None
    opens: dt.time | None = None
    closes: dt.time | None = None
    season_from: str = ""  # "04-01"
    season_until: str = ""
    note: str = ""


@dataclass(frozen=True)
class VenueDraft:
    """Somewhere to go to. Coordinates are metres on the British National Grid."""

    address: str
    town: str = ""
    postcode: str = ""
    name: str = ""
    address_2: str = ""
    directions: str = ""
    easting: int | None = None
    northing: int | None = None
    authority: str = ""
    access: tuple[str, ...] = ()
    times: tuple[TimeDraft, ...] = ()


@dataclass(frozen=True)
class AreaDraft:
    """Coverage: an area code (or ALL), or a distance in metres around a point."""

    kind: str  # comes_to_you | residents_of
    code: str | None = None
    metres: int | None = None
    easting: int | None = None
    northing: int | None = None
    name: str = ""


@dataclass(frozen=True)
class CostDraft:
    """What it costs, in words, and in pence where a number is known."""

    words: str
    pence: int | None = None
    unit: str = ""


@dataclass(frozen=True)
class MarkDraft:
    """A mark the service has shown, and when it expires. reference: what proves it, for the council alone."""

    kind: str
    expires_on: dt.date | None = None
    reference: str = ""


@dataclass(frozen=True)
class RatingDraft:
    """One domain of a CQC rating."""

    domain: str
    rating: str
    published_on: dt.date | None = None


@dataclass(frozen=True)
class TranslationDraft:
    """The words of a listing in another language."""

    language: str
    name: str = ""
    summary: str = ""
    description: str = ""


@dataclass(frozen=True)
class OrganisationDraft:
    """Who runs services."""

    source_id: str
    name: str
    description: str = ""
    kind: str = ""
    website: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class ListingDraft:
    """One listing. terms: keys of categories and needs, the truest first."""

    source_id: str
    name: str
    kind: str = "service"
    also_known_as: tuple[str, ...] = ()
    summary: str = ""
    description: str = ""
    terms: tuple[str, ...] = ()
    venues: tuple[VenueDraft, ...] = ()
    areas: tuple[AreaDraft, ...] = ()
    times: tuple[TimeDraft, ...] = ()
    costs: tuple[CostDraft, ...] = ()
    is_free: bool = False
    by_appointment: bool = False
    how_to_start: str = ""
    minimum_age: int | None = None
    maximum_age: int | None = None
    who_for: str = ""
    languages: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    website: str = ""
    contact: str = ""
    marks: tuple[MarkDraft, ...] = ()
    ratings: tuple[RatingDraft, ...] = ()
    translations: tuple[TranslationDraft, ...] = ()
    assured_on: dt.date | None = None
    review_due_on: dt.date | None = None
    vacancies: str = ""
    shared: bool = True
    state: str = "published"


# What is handed in by these names stands in columns of the same names.
PLAIN = (
    "source_id",
    "name",
    "kind",
    "summary",
    "description",
    "website",
    "email",
    "is_free",
    "by_appointment",
    "how_to_start",
    "minimum_age",
    "maximum_age",
    "who_for",
    "vacancies",
    "shared",
    "state",
    "assured_on",
    "review_due_on",
)
# What has no order of its own in the database.
_UNORDERED = ("areas", "languages", "marks", "ratings", "translations")
_DAYS = {"MO": "mon", "TU": "tue", "WE": "wed", "TH": "thu", "FR": "fri", "SA": "sat", "SU": "sun"}


def as_draft(service: Service, keys: Mapping[uuid.UUID, str]) -> ListingDraft:
    """The draft that would make this listing as it stands. keys: taxonomy term id -> its key."""
    of_venues = {id(time) for place in service.places for time in place.times}
    return ListingDraft(
        **{name: getattr(service, name) for name in PLAIN},
        also_known_as=tuple(service.also_known_as),
        terms=tuple(keys[attribute.term_id] for attribute in service.attributes),
        venues=tuple(_venue(place) for place in service.places),
        times=_times(time for time in service.times if id(time) not in of_venues),
        areas=tuple(
            AreaDraft(a.kind, a.code, a.radius_metres, a.easting, a.northing, a.name) for a in service.areas
        ),
        costs=tuple(CostDraft(c.words, c.pence, c.unit) for c in service.costs),
        languages=tuple(spoken.code for spoken in service.languages),
        phone=next((phone.number for phone in service.phones), ""),
        contact=next((contact.name for contact in service.contacts), ""),
        marks=tuple(MarkDraft(m.kind, m.expires_on, m.reference) for m in service.marks),
        ratings=tuple(RatingDraft(r.domain, r.rating, r.published_on) for r in service.ratings),
        translations=tuple(
            TranslationDraft(t.language, t.name, t.summary, t.description) for t in service.translations
        ),
    )


def same(one: ListingDraft, other: ListingDraft) -> bool:
    """Whether two drafts make the same listing."""
    return ordered(one) == ordered(other)


def ordered(draft: ListingDraft) -> ListingDraft:
    """The draft with everything that has no order in one order."""
    lists: dict[str, Any] = {name: tuple(sorted(set(getattr(draft, name)), key=repr)) for name in _UNORDERED}
    venues = tuple(replace(venue, access=tuple(sorted(set(venue.access)))) for venue in draft.venues)
    return replace(draft, **lists, venues=venues, terms=tuple(dict.fromkeys(draft.terms)))


def _venue(place: ServiceAtLocation) -> VenueDraft:
    at = place.location
    address = at.addresses[0]
    return VenueDraft(
        address=address.address_1,
        town=address.town,
        postcode=address.postcode,
        name=at.name,
        address_2=address.address_2,
        directions=at.directions,
        easting=at.easting,
        northing=at.northing,
        authority=at.authority_code,
        access=tuple(feature.feature for feature in at.features),
        times=_times(place.times),
    )


def _times(schedules: Iterable[Schedule]) -> tuple[TimeDraft, ...]:
    return tuple(map(_time, sorted(schedules, key=lambda schedule: schedule.position)))


def _time(schedule: Schedule) -> TimeDraft:
    """Opening times as they were handed in: "1TU,3TU" are the first and third Tuesdays of the month."""
    parts = [part for part in schedule.byday.split(",") if part]
    return TimeDraft(
        days=tuple(dict.fromkeys(_DAYS[part[-2:]] for part in parts)),
        weeks=tuple(dict.fromkeys(int(part[:-2]) for part in parts if part[:-2])),
        on=schedule.dtstart,
        opens=schedule.opens_at,
        closes=schedule.closes_at,
        season_from=schedule.season_from,
        season_until=schedule.season_until,
        note=schedule.note,
    )


_D = TypeVar("_D")


def as_json(draft: Any) -> dict[str, Any]:
    """A draft of any kind as plain JSON. What is at its default is left out, so that old data can be read for ever."""
    return {
        field.name: plain(value)
        for field in dataclasses.fields(draft)
        if (value := getattr(draft, field.name)) != field.default
    }


def plain(value: Any) -> Any:
    """A value of a draft as plain JSON."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if dataclasses.is_dataclass(value):
        return as_json(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else value


def from_json(kind: type[_D], data: Mapping[str, Any]) -> _D:
    """The draft that `as_json` made this of. What a draft has no place for any more is left out."""
    types_of = _types(kind)  # type: ignore[arg-type]  # a class can be hashed
    return kind(**{name: _typed(types_of[name], value) for name, value in data.items() if name in types_of})


@cache
def _types(kind: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _typed(wanted: Any, value: Any) -> Any:
    if isinstance(wanted, types.UnionType):
        return None if value is None else _typed(typing.get_args(wanted)[0], value)
    if typing.get_origin(wanted) is tuple:
        return tuple(_typed(typing.get_args(wanted)[0], one) for one in value)
    if wanted in (dt.date, dt.time):
        return wanted.fromisoformat(value)
    return (
        from_json(wanted, value) if isinstance(wanted, type) and dataclasses.is_dataclass(wanted) else value
    )
