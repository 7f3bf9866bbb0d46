"""A listing as somebody hands it in: from a form, a spreadsheet, a feed or the demonstration content.

Plain values only. `actions.save_listing` turns a draft into rows, the same way for all of them.
"""

import datetime as dt
from dataclasses import dataclass


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
    """A mark the service has shown, and when it expires."""

    kind: str
    expires_on: dt.date | None = None


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
