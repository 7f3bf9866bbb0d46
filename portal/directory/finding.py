"""From what was asked to a page of results: the engine finds, the database says again who may be seen.

The engine's count is true for its index with pending changes laid over it; what the database refuses at the last
moment is left out of the page.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from portal import registry
from portal.councils.models import Council
from portal.directory import indexing, mapping, queries, telling
from portal.directory.cards import Card, Venue, cards
from portal.directory.forms import DISTANCES, FURTHEST, NEAR, Asked
from portal.directory.search import DAYS, Found, Search
from portal.directory.search.words import fold, stems
from portal.directory.where import Where
from portal.geo import Place, metres
from portal.i18n import _, language

PER_PAGE = 20
_MOST_ALSO = 4
_RATINGS = (
    "Outstanding",
    "Good",
    "Requires improvement",
    "Inadequate",
    "Insufficient evidence to rate",
    "Not yet rated",
)


@dataclass(frozen=True)
class Row:
    """A result as it is shown. metres: to its nearest venue; covers: it comes to where the person is."""

    number: int
    service: Card
    metres: float | None
    covers: bool
    venue: Venue | None
    comes: bool


@dataclass(frozen=True)
class Option:
    """A value of a filter, with how many results it would leave."""

    value: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Group:
    """A filter, with the values that are worth offering."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Chip:
    """A filter that is set, and the address without it. english: whether the words are so on every page."""

    words: str
    address: str
    english: bool = False


@dataclass(frozen=True)
class Way:
    """Another search to try, with what it would find."""

    words: str
    address: str


@dataclass(frozen=True)
class Results:
    """All that the results page shows."""

    rows: tuple[Row, ...]
    total: int
    page: int
    last_page: int
    where: Where
    groups: tuple[Group, ...] = ()
    chips: tuple[Chip, ...] = ()
    did_you_mean: str = ""
    urgent: str = ""
    ways: tuple[Way, ...] = ()
    also: tuple[registry.Searchable, ...] = ()
    sheet: mapping.Sheet | None = None
    access_names: Mapping[str, str] = field(default_factory=dict)
    free_count: int = 0
    distances: tuple[float, ...] = ()

    @property
    def first(self) -> int:
        """The number of the first row on this page."""
        return (self.page - 1) * PER_PAGE + 1


def _search(council: Council, asked: Asked, place: Place | None, today: dt.date) -> Search:
    return Search(
        council=council.key,
        council_areas=frozenset(area.code for area in council.areas),
        today=today,
        words=asked.words,
        place=place,
        within=asked.within,
        filters=asked.filters(),
        sort=asked.sort,
        strategy=council.strategy,
        page=asked.page,
        per_page=PER_PAGE,
        exact=asked.exact,
    )


def find(council: Council, asked: Asked, where: Where, today: dt.date) -> Results:
    """The page of results for a search, as far as there are pages: past the last one it is the last."""
    search = _search(council, asked, where.place, today)
    found = indexing.engine().search(search)
    last = max(1, -(-found.total // PER_PAGE))
    if search.page > last:
        search = replace(search, page=last)
        found = indexing.engine().search(search)
    rows = _rows(council, found, where.place, (search.page - 1) * PER_PAGE)
    names = Names(found.facets)
    sheet = _sheet(council, rows, where.place) if asked.view == "map" else None
    return Results(
        rows=rows,
        total=found.total,
        page=search.page,
        last_page=last,
        where=where,
        groups=tuple(_groups(found, asked, names)),
        chips=tuple(_chips(asked, names)),
        did_you_mean=found.did_you_mean,
        urgent=found.urgent,
        ways=tuple(_ways(found, asked, names)),
        also=_also(asked.words) if search.page == 1 else (),
        sheet=sheet,
        access_names=names.access,
        free_count=found.facets.get("free", {}).get("1", 0),
        distances=tuple(sorted({*map(float, DISTANCES), asked.miles})),
    )


@dataclass(frozen=True)
class Few:
    """The best few listings of some categories and needs, and how many there are of them."""

    rows: tuple[Row, ...]
    total: int


def few(
    council: Council,
    wanted: Sequence[Mapping[str, tuple[str, ...]]],
    place: Place | None,
    today: dt.date,
    *,
    most: int,
) -> list[Few]:
    """For each of what is wanted the best few listings, all read together. One that is listed once is not again."""
    found = [_near_or_far(council, chosen, place, today, most * len(wanted)) for chosen in wanted]
    shown: set[uuid.UUID] = set()
    chosen_hits = []
    for one in found:
        hits = [hit for hit in one.hits if hit.id not in shown][:most]
        shown |= {hit.id for hit in hits}
        chosen_hits.append(hits)
    listed = {card.id: card for card in cards(council, list(shown), language())}
    return [
        Few(
            tuple(
                _row(at, listed[hit.id], hit.metres, hit.covers, place)
                for at, hit in enumerate(hits, 1)
                if hit.id in listed
            ),
            one.total,
        )
        for hits, one in zip(chosen_hits, found, strict=True)
    ]


def _near_or_far(
    council: Council, chosen: Mapping[str, tuple[str, ...]], place: Place | None, today: dt.date, most: int
) -> Found:
    """What there is as near as a search looks at first; where that is nothing, as far as a search can look."""
    near, far = (
        replace(
            _search(council, Asked(chosen=chosen, miles=miles), place, today),
            per_page=min(most, PER_PAGE),
        )
        for miles in (NEAR, FURTHEST)
    )
    found = indexing.engine().search(near)
    return found if found.total or place is None else indexing.engine().search(far)


def _rows(council: Council, found: Found, place: Place | None, before: int) -> tuple[Row, ...]:
    listed = cards(council, [hit.id for hit in found.hits], language())
    services = {card.id: card for card in listed}
    return tuple(
        _row(before + at, services[hit.id], hit.metres, hit.covers, place)
        for at, hit in enumerate(found.hits, 1)
        if hit.id in services
    )


def _row(number: int, service: Card, distance: float | None, covers: bool, place: Place | None) -> Row:
    venue = nearest(service.venues, place)
    return Row(number, service, distance, covers, venue, comes=covers or not service.venues)


def nearest(venues: Sequence[Venue], place: Place | None) -> Venue | None:
    """The venue nearest to a place; the first where there is no place to measure from."""
    placed = [venue for venue in venues if venue.easting is not None and venue.northing is not None]
    if place is None or not placed:
        return venues[0] if venues else None
    return min(placed, key=lambda v: metres(v.easting or 0, v.northing or 0, place.easting, place.northing))


class Names:
    """Names of the values of filters, read once for a page."""

    TERMS = ("access", "category", "need")  # whose names editors write, in English

    def __init__(self, facets: Mapping[str, Mapping[str, int]]) -> None:
        terms = queries.names_by_taxonomy(*self.TERMS)
        self.access = terms["access"]
        self._terms = terms["category"] | terms["need"] | self.access
        self._areas = queries.area_names(list(facets.get("area", ())))
        self._days = telling.day_names()
        self.order = {key: at for at, key in enumerate(self._terms)}

    def of(self, filter_name: str, value: str) -> str:
        """The value in words; "" for one that nobody knows."""
        if filter_name == "day":
            return self._days.get(value, "")
        if filter_name == "language":
            return telling.language_name(value)
        if filter_name == "rating":
            return telling.rating(value) if value in _RATINGS else ""
        return (self._areas if filter_name == "area" else self._terms).get(value, "")


def _labels() -> dict[str, str]:
    return {
        "day": _("Open on"),
        "access": _("Getting in"),
        "category": _("What it is"),
        "need": _("What it helps with"),
        "language": _("Languages spoken"),
        "rating": _("Care Quality Commission rating"),
        "area": _("Where it is"),
    }


def _groups(found: Found, asked: Asked, names: Names) -> list[Group]:
    """The filters that would narrow these results, with true counts."""
    groups = []
    for name, label in _labels().items():
        counts = dict(found.facets.get(name, {}))
        if name == "day":
            counts = {DAYS[int(number)]: count for number, count in counts.items()}
        chosen = asked.chosen.get(name, ())
        values = [*counts, *(value for value in chosen if value not in counts)]
        options = [
            Option(value, names.of(name, value), counts.get(value, 0), value in chosen)
            for value in values
            if names.of(name, value)
        ]
        options.sort(key=_option_order(name, names))
        if options and (
            chosen or any(0 < option.count < found.total for option in options) or found.total == 0
        ):
            groups.append(Group(name, label, tuple(options)))
    return groups


def _option_order(name: str, names: Names) -> Callable[[Option], Any]:
    if name == "day":
        return lambda option: DAYS.index(option.value)
    if name == "rating":
        return lambda option: _RATINGS.index(option.value)
    return lambda option: (-option.chosen, -option.count, names.order.get(option.value, 0), option.name)


def _chips(asked: Asked, names: Names) -> list[Chip]:
    """Every filter that is set, each with the way to take it off."""
    chips = [
        Chip(names.of(name, value) or value, asked.without(name, value), name in Names.TERMS)
        for name, values in asked.chosen.items()
        for value in values
    ]
    if asked.free:
        chips.append(Chip(_("Free"), asked.without("free")))
    if asked.minutes is not None:
        chips.append(Chip(_("Open at %(time)s", time=asked.time), asked.without("time")))
    if asked.age is not None:
        chips.append(Chip(_("For age %(age)s", age=asked.age), asked.without("age")))
    return chips


def _ways(found: Found, asked: Asked, names: Names) -> list[Way]:
    """With nothing found: what to leave out, and how many there would be then; the most first."""
    ways = []
    for name, count in sorted(found.relaxed.items(), key=lambda item: -item[1]):
        address = (
            asked.address(postcode=None, near=None, within=None)
            if name == "place"
            else asked.address(day=None, time=None)
            if name == "day"
            else asked.without(name)
        )
        words = {
            "place": _("Look everywhere, not only near you"),
            "free": _("Include what costs money"),
            "day": _("Any day and time"),
            "age": _("Any age"),
            "access": _("Without asking for ways of getting in"),
            "category": _("Every kind of listing"),
            "need": _("Whatever it helps with"),
            "language": _("Any language"),
            "rating": _("Any rating"),
            "area": _("Anywhere"),
        }[name]
        ways.append(Way(_("%(words)s (%(count)s)", words=words, count=count), address))
    return ways


@lru_cache(maxsize=4096)
def _stems_of(thing: registry.Searchable) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The stems of its title, of what it is about and of its text: worked out once, as long as its words stand."""
    return frozenset(stems(thing.title)), frozenset(stems(thing.about)), frozenset(stems(thing.text))


def _place(part: str, thing: registry.Searchable) -> int:
    """How much a stem says where it stands: in the title, in what the thing is about, in its text, or nowhere."""
    title, about, text = _stems_of(thing)
    return 3 if part in title else 2 if part in about else int(part in text)


def _also(words: str) -> tuple[registry.Searchable, ...]:
    """What answers the words beside the listings; those first that hold the words which few others hold."""
    wanted = sorted(set(stems(words)))
    if not wanted:
        return ()
    places = [(thing, [_place(part, thing) for part in wanted]) for thing in registry.searchables()]
    holders = [1 + sum(bool(row[at]) for _thing, row in places) for at in range(len(wanted))]
    scored = [
        (sum(place / many for place, many in zip(row, holders, strict=True)), thing)
        for thing, row in places
        if sum(row) >= len(wanted)
    ]
    best = sorted(scored, key=lambda pair: (-pair[0], pair[1].title))
    return tuple(thing for _score, thing in best[:_MOST_ALSO])


def _sheet(council: Council, rows: Sequence[Row], place: Place | None) -> mapping.Sheet:
    venues = [
        (row.number, row.service.name, float(row.venue.easting), float(row.venue.northing or 0))
        for row in rows
        if row.venue and row.venue.easting is not None
    ]
    towns, outlines = queries.map_ground()
    return mapping.draw(venues, outlines, towns, (place.easting, place.northing) if place else None)


def suggestions(start: str) -> list[str]:
    """What goes on from what was typed so far."""
    return indexing.engine().suggest(start, queries.phrases()) if fold(start).strip() else []


def counts(council: Council, today: dt.date) -> dict[str, dict[str, int]]:
    """For categories and needs: key -> how many listings there are for this council's visitors."""
    found = indexing.engine().search(_search(council, Asked(), None, today))
    return {name: dict(found.facets.get(name, {})) for name in ("category", "need")}
