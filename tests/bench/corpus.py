"""Made-up listings, as many as are wanted, the same every time: for measuring, never for showing.

Words fall as they do in real texts (Zipf), with a head of the words that services use and a tail that grows with the
number of texts. Listings lie around towns on ground that grows with their number, so that a county is as dense as a
country. The middle of the ground is Sale, so that real postcodes there find what is here.
"""

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from portal.directory.search import Circle, Coverage, Opening, Record, Venue
from portal.directory.search.thesaurus import read_yaml
from portal.geo import METRES_PER_MILE, Place
from tests.bench import vocabulary

TODAY = dt.date(2026, 11, 23)
CONTENT = Path(__file__).parents[2] / "content"
MIDDLE = (379_000, 391_500)
COUNCILS = {"E08000009": "fernshire", "E08000003": "millbrook", "E08000006": "saltmarsh"}
ENGLAND = "E92000001"
_SEED = 20_261_123
# Ground for 4,000 listings, in metres across: a county. Areas are squares on it.
_COUNTY = 30_000
_WARD, _AUTHORITY, _REGION = 4_000, 20_000, 80_000
_LISTINGS_A_TOWN = 220
_BATCH = 1_000
_VOCABULARY = 40_000
# Words of a summary and of a description, as the demonstration's listings have them.
_SUMMARY, _DESCRIPTION = 17, 85

_SAINTS = (
    "Anne",
    "Paul",
    "John",
    "Mary",
    "Hilda",
    "Chad",
    "Oswald",
    "Cuthbert",
    "Werburgh",
    "Martin",
    "Luke",
    "Agnes",
)
_ENDINGS = ("Trust", "Ltd", "Society", "CIC")
_LANGUAGES = ("ur", "pl", "cy", "pa", "ar", "bn", "gu", "zh", "fr", "pt", "ro", "uk", "so", "fa")
_RATINGS = ("Good", "Requires improvement", "Outstanding", "Inadequate")
_COST = ("£3 including tea", "£18.50 an hour", "By donation", "£4 a session", "£25 a year")

T = TypeVar("T")


def _zipf(count: int, power: float = 1.05, offset: float = 2.7) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The chance of each rank, summed up. Source: Mandelbrot's form of Zipf's law."""
    weights = 1.0 / (np.arange(count) + offset) ** power
    return np.cumsum(weights / weights.sum())


@dataclass(frozen=True)
class _Term:
    key: str
    name: str
    words: tuple[str, ...]
    also: tuple[str, ...]
    parent: str


def _terms(section: str) -> list[_Term]:
    """The terms of the site's own taxonomy that listings carry."""
    found = []
    for row in read_yaml(CONTENT / "directory" / "taxonomy.yaml")[section]:
        for term in row.get("of", [row]):
            also = tuple(term.get("also", ()))
            words = tuple(" ".join((term["name"], *also)).lower().replace(",", " ").split())
            found.append(_Term(term["key"], term["name"], words, also, row["key"] if "of" in row else ""))
    return found


@dataclass(frozen=True)
class Town:
    """Where people and venues are."""

    name: str
    easting: int
    northing: int
    spread: float


@dataclass(frozen=True)
class Corpus:
    """So many listings, and the ground that they stand on."""

    size: int
    today: dt.date = TODAY
    seed: int = _SEED
    across: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "across", max(12_000.0, _COUNTY * (self.size / 4_000) ** 0.5))

    @cached_property
    def _words(self) -> np.ndarray[Any, np.dtype[np.object_]]:
        return np.array([*vocabulary.HEAD, *vocabulary.tail(_VOCABULARY)], dtype=object)

    @cached_property
    def _chances(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        return _zipf(len(self._words))

    @cached_property
    def categories(self) -> list[_Term]:
        """What listings are."""
        return _terms("categories")

    @cached_property
    def needs(self) -> list[_Term]:
        """What listings help with."""
        return _terms("needs")

    @cached_property
    def access(self) -> list[str]:
        """What makes a venue easier to use."""
        return [term.key for term in _terms("access")]

    @cached_property
    def towns(self) -> list[Town]:
        """Towns all over the ground, the first in its middle."""
        draw = random.Random(self.seed)
        names = (word.capitalize() for word in vocabulary.tail(4_000) if len(word) > 5)
        towns = [Town("Sale", *MIDDLE, 2_500)]
        while len(towns) < max(4, self.size // _LISTINGS_A_TOWN):
            east, north = (round(m + (draw.random() - 0.5) * self.across) for m in MIDDLE)
            towns.append(Town(next(names), east, north, draw.uniform(700, 2_500)))
        return towns

    @cached_property
    def _town_shares(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        return _zipf(len(self.towns), power=0.6)

    def areas(self, easting: float, northing: float) -> tuple[str, str, str]:
        """(ward, authority, region) of a point."""
        return (
            f"E05{_square(easting, northing, _WARD):06d}",
            self._authority(easting, northing),
            f"E13{_square(easting, northing, _REGION):06d}",
        )

    def _authority(self, easting: float, northing: float) -> str:
        """The authority of a point: those of the made-up councils in the middle, made-up ones around them."""
        east, north = (
            int((v - m + _AUTHORITY / 2) // _AUTHORITY)
            for v, m in zip((easting, northing), MIDDLE, strict=True)
        )
        middle = {(0, 0): "E08000009", (1, 0): "E08000003", (0, 1): "E08000006"}
        return middle.get((east, north), f"E07{(east + 500) * 1000 + north + 500:06d}")

    def place(self, draw: random.Random) -> Place:
        """Where somebody lives."""
        town = self.towns[int(np.searchsorted(self._town_shares, draw.random()))]
        east, north = (
            round(draw.gauss(town.easting, town.spread)),
            round(draw.gauss(town.northing, town.spread)),
        )
        areas = frozenset((*self.areas(east, north), ENGLAND))
        return Place(label=f"{east},{north}", easting=east, northing=north, areas=areas, kind="postcode")

    def council_of(self, authority: str) -> str:
        """The key of the council of an authority."""
        return COUNCILS.get(authority, authority.lower())

    def records(self) -> Iterator[Record]:
        """The listings, in their order."""
        draw = random.Random(self.seed + 1)
        for start in range(0, self.size, _BATCH):
            count = min(_BATCH, self.size - start)
            texts = self._texts(count, start)
            yield from (self._record(start + at, draw, texts[at]) for at in range(count))

    def _texts(self, count: int, start: int) -> list[tuple[str, str]]:
        """(summary, description) without what the category adds to them."""
        chance = np.random.default_rng(self.seed + start)
        drawn = np.searchsorted(self._chances, chance.random((count, 2 * _DESCRIPTION + _SUMMARY)))
        lengths = chance.integers(_DESCRIPTION // 3, 2 * _DESCRIPTION - _DESCRIPTION // 3, count)
        return [
            (" ".join(words[:_SUMMARY]), " ".join(words[_SUMMARY : _SUMMARY + length]))
            for words, length in zip(self._words[drawn], lengths, strict=True)
        ]

    def _record(self, number: int, draw: random.Random, text: tuple[str, str]) -> Record:
        categories = _some(draw, self.categories, draw.choices((1, 2, 3), (45, 45, 10))[0])
        needs = _some(draw, self.needs, draw.choices((0, 1, 2, 3, 4), (8, 20, 30, 30, 12))[0])
        town = self.towns[int(np.searchsorted(self._town_shares, draw.random()))]
        venues = self._venues(draw, town)
        comes, residents = self._coverage(draw, town, bool(venues))
        openings = _openings(draw)
        event = draw.random() < 0.04
        topic = [word for term in (*categories, *needs) for word in draw.choices(term.words, k=5)]
        return Record(
            id=uuid.UUID(int=draw.getrandbits(128), version=4),
            council=self.council_of(self._authority(town.easting, town.northing)),
            shared=draw.random() < 0.9,
            name=_name(draw, town, categories[0]),
            kind="event" if event else draw.choice(("service", "service", "group", "activity", "supplier")),
            organisation=" ".join(
                (draw.choice(self.towns).name, draw.choice(vocabulary.TRADE).title(), draw.choice(_ENDINGS))
            ),
            summary=f"{categories[0].name} in {town.name}: {text[0]}. {draw.choice(_COST)}",
            description=f"{text[1]} {' '.join(topic)}",
            places=" ".join(
                f"St {draw.choice(_SAINTS)}’s Hall {number % 200} Church Road {town.name}" for _ in venues
            ),
            categories=tuple(term.key for term in categories),
            parents=tuple(dict.fromkeys(term.parent for term in categories)),
            needs=tuple(term.key for term in needs),
            term_words=" ".join(f"{term.name} {' '.join(term.also)}" for term in (*categories, *needs)),
            access=frozenset(draw.sample(self.access, draw.randint(0, 5))) if venues else frozenset(),
            languages=frozenset(_some(draw, _LANGUAGES, 2)) if draw.random() < 0.1 else frozenset(),
            venues=venues,
            comes_to_you=comes,
            residents_of=residents,
            openings=openings,
            days=frozenset(opening.day for opening in openings),
            free=draw.random() < 0.35,
            minimum_age=draw.choice((16, 18, 50, 55, 60, 65)) if draw.random() < 0.3 else None,
            maximum_age=draw.choice((25, 65)) if draw.random() < 0.05 else None,
            rating=draw.choices(_RATINGS, (70, 18, 8, 4))[0] if draw.random() < 0.1 else "",
            community=draw.random() < 0.5,
            review_due_on=self.today + dt.timedelta(days=draw.randint(-60, 365)),
            last_on=self.today + dt.timedelta(days=draw.randint(-20, 60)) if event else None,
        )

    def _venues(self, draw: random.Random, town: Town) -> tuple[Venue, ...]:
        count = draw.choices((0, 1, 2, 3), (30, 62, 6, 2))[0]
        points = [
            (round(draw.gauss(town.easting, town.spread)), round(draw.gauss(town.northing, town.spread)))
            for _ in range(count)
        ]
        return tuple(Venue(east, north, self._authority(east, north)) for east, north in points)

    def _coverage(self, draw: random.Random, town: Town, venue: bool) -> tuple[Coverage, Coverage]:
        """(comes to you, residents of): who has no venue always comes; some who have one come too, some are choosy."""
        ward, authority, region = self.areas(town.easting, town.northing)
        residents = Coverage(frozenset({authority})) if venue and draw.random() < 0.1 else Coverage()
        if venue and draw.random() > 0.15:
            return Coverage(), residents
        how = draw.random()
        if how < 0.25:
            metres = round(draw.uniform(3, 20) * METRES_PER_MILE)
            return Coverage(circles=(Circle(town.easting, town.northing, metres),)), residents
        around = [
            self._authority(town.easting + step, town.northing) for step in (0, _AUTHORITY, -_AUTHORITY)
        ]
        codes = (
            around[: draw.randint(1, 3)]
            if how < 0.75
            else [ward]
            if how < 0.9
            else [draw.choice((region, region, ENGLAND, "ALL"))]
        )
        return Coverage(frozenset(codes)), residents


def _square(easting: float, northing: float, side: int) -> int:
    """The number of a square of ground."""
    return int(easting // side + 300) * 1_000 % 1_000_000 + int(northing // side + 300) % 1_000


def _some(draw: random.Random, things: Sequence[T], count: int) -> list[T]:
    """Different things, those that stand first more often."""
    found: dict[int, None] = {}
    while len(found) < count:
        found[int(len(things) * draw.random() ** 1.6)] = None
    return [things[at] for at in found]


def _name(draw: random.Random, town: Town, term: _Term) -> str:
    kind = draw.choice((term.name, *term.also)) if term.also else term.name
    return draw.choice(
        (
            f"{town.name} {kind}",
            f"St {draw.choice(_SAINTS)}’s {kind}",
            f"Friends of {town.name}",
            f"{kind} at {town.name}",
        )
    )


def _openings(draw: random.Random) -> tuple[Opening, ...]:
    if draw.random() < 0.2:
        return ()
    days = (
        range(5)
        if draw.random() < 0.3
        else sorted(draw.sample(range(7), draw.choices((1, 2, 3), (6, 3, 1))[0]))
    )
    opens = draw.randrange(8, 19) * 60
    return tuple(Opening(day, opens, min(opens + draw.choice((90, 120, 180, 480)), 1_439)) for day in days)
