"""Finding listings by words, place and filters: one interface, whatever engine stands behind it.

The engine answers from its index; pending changes are laid over it from the database, so that an approved change is
there on the next request. It never decides who may see a listing: the page's own query asks the database again.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from portal.geo import Place

EVERYWHERE = "ALL"
SORTS = ("best", "distance", "name")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Venue:
    """A place to go to. Metres on the British National Grid; authority: its GSS code."""

    easting: int
    northing: int
    authority: str = ""


@dataclass(frozen=True)
class Circle:
    """Coverage by distance from a point, in metres."""

    easting: int
    northing: int
    metres: int


@dataclass(frozen=True)
class Coverage:
    """Areas by GSS code (or ALL), and circles."""

    codes: frozenset[str] = frozenset()
    circles: tuple[Circle, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.codes or self.circles)


@dataclass(frozen=True)
class Opening:
    """Open on a day of the week (0 Monday … 6 Sunday) from and until, in minutes after midnight."""

    day: int
    opens: int
    closes: int


@dataclass(frozen=True)
class Record:
    """All that an engine needs to know of one listing that is published. Texts are plain, in any language."""

    id: uuid.UUID
    council: str
    shared: bool
    name: str
    kind: str = "service"
    also: str = ""
    organisation: str = ""
    summary: str = ""
    description: str = ""
    places: str = ""
    categories: tuple[str, ...] = ()  # keys, the truest first
    parents: tuple[str, ...] = ()  # keys of the groups those stand in
    needs: tuple[str, ...] = ()
    term_words: str = ""  # names and other words of its categories and needs
    access: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    venues: tuple[Venue, ...] = ()
    comes_to_you: Coverage = Coverage()
    residents_of: Coverage = Coverage()
    openings: tuple[Opening, ...] = ()
    days: frozenset[int] = frozenset()
    free: bool = False
    minimum_age: int | None = None
    maximum_age: int | None = None
    rating: str = ""
    community: bool = (
        False  # free, or run by a charity, a community or a faith group: for the strategy of that name
    )
    review_due_on: dt.date | None = None
    last_on: dt.date | None = None  # for events: the last day there is any use in showing it


@dataclass(frozen=True)
class Filters:
    """What the person narrowed the results to. Within one filter any value will do, except access: all are needed."""

    category: frozenset[str] = frozenset()
    need: frozenset[str] = frozenset()
    day: frozenset[str] = frozenset()
    minutes: int | None = None  # open at this time, minutes after midnight
    free: bool = False
    access: frozenset[str] = frozenset()
    age: int | None = None
    language: frozenset[str] = frozenset()
    rating: frozenset[str] = frozenset()
    area: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Search:
    """One search. within: metres."""

    council: str
    council_areas: frozenset[str]
    today: dt.date
    words: str = ""
    place: Place | None = None
    within: float = 8046.72
    filters: Filters = Filters()
    sort: str = "best"
    strategy: str = "nearest"
    page: int = 1
    per_page: int = 20
    exact: bool = False  # search the words just as they are typed, unknown ones too


@dataclass(frozen=True)
class Hit:
    """One listing found. metres: to its nearest venue, only where that is within what was asked."""

    id: uuid.UUID
    score: float
    metres: float | None
    covers: bool


@dataclass(frozen=True)
class Found:
    """What a search found. facets: {filter: {value: number of results if it were chosen as well}}."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]
    did_you_mean: str = ""
    urgent: str = ""  # crisis, abuse, medical or child, when the words call for urgent help
    relaxed: Mapping[str, int] = field(default_factory=dict)  # with no results: what to drop -> how many then


class Engine(Protocol):
    """What every search engine does. The contract tests in tests/directory/search hold each of them to it."""

    def search(self, search: Search) -> Found:
        """The page of listings that match, best first; true counts. An empty index finds nothing."""

    def suggest(self, start: str, phrases: Sequence[str], limit: int = 6) -> list[str]:
        """What goes on from what was typed so far, best first: the phrases given, then words of listings."""

    def write(self, records: Iterable[Record], gone: Iterable[uuid.UUID]) -> None:
        """Records added or replaced, and ids removed, in one commit. One writer at a time."""

    def rebuild(self, records: Iterable[Record]) -> int:
        """How many records stand in the new index, which takes the old one's place whole."""

    def is_ready(self) -> bool:
        """True when an index is there to be searched."""
