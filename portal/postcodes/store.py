"""Looking a postcode up."""

import datetime as dt
import enum
import os
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from portal.geo import Place, Postcode
from portal.postcodes.generations import POINTER, Generation, Tables, current
from portal.postcodes.records import LIVE, NOWHERE, key_of

NO_PARENTS: Mapping[str, str] = MappingProxyType({})

# First letter of a local authority's code -> its country. Source: ONS Register of Geographic Codes.
_COUNTRIES = {"E": "E92000001", "W": "W92000004", "S": "S92000003", "N": "N92000002"}
_COLUMNS = ("easting", "northing", "authority", "ward", "ended")


class Caveat(enum.Enum):
    """What to know about a place that was found."""

    TERMINATED = "out of use; where it last was"
    PARTIAL = "the middle of a district or sector"
    SPLIT = "in more than one authority"


class Reason(enum.Enum):
    """Why there is no place."""

    UNKNOWN = "well formed, but in no loaded file"
    NO_COORDINATES = "listed, but no loaded file says where it is"
    NOTHING_LOADED = "no postcodes have been loaded on this site"


# How much of a district or sector an area must hold for the whole to be taken as in it.
NEARLY_ALL = 0.9


@dataclass(frozen=True)
class Found:
    """Where it is, and what to know about that."""

    place: Place
    caveats: frozenset[Caveat] = frozenset()


@dataclass(frozen=True)
class NotFound:
    """Why it cannot be placed. areas: those that hold it all the same, where a loaded file says so."""

    reason: Reason
    areas: frozenset[str] = frozenset()


class Postcodes:
    """The postcodes in a folder, safe to share between threads; a newly loaded generation is seen at the next look-up.

    Costs a process no memory of its own but the tables of codes: the file's pages are shared by all that read it.
    """

    def __init__(self, folder: Path) -> None:
        self._pointer = folder / POINTER
        self._lock = threading.Lock()
        self._seen: tuple[tuple[int, int] | None, Generation | None] = (None, None)

    @property
    def is_loaded(self) -> bool:
        """True if any postcode is known."""
        return self.generation() is not None

    def __len__(self) -> int:
        generation = self.generation()
        return generation.count if generation else 0

    def name_of(self, code: str) -> str:
        """What the loaded files call the area with this ONS code; "" where they do not say."""
        generation = self.generation()
        return generation.tables.names.get(code, "") if generation else ""

    def find(self, postcode: Postcode, parents: Mapping[str, str] = NO_PARENTS) -> Found | NotFound:
        """Where the postcode is, or the middle of a district or sector, with the areas that hold all of it.

        parents: ONS code -> code of the area around it, for what lies above authorities.
        """
        generation = self.generation()
        if generation is None:
            return NotFound(Reason.NOTHING_LOADED)
        rows = _rows(generation, postcode)
        if rows.start == rows.stop:
            return NotFound(Reason.UNKNOWN)
        if postcode.kind == "postcode":
            return _exact(generation, postcode, rows, parents)
        return _partial(generation, postcode, rows, parents)

    def generation(self) -> Generation | None:
        """The newest generation; asking costs one stat of a small file."""
        stamp, generation = self._seen
        found = self._stamp()
        if found == stamp:
            return generation
        with self._lock:
            found = self._stamp()
            if found != self._seen[0]:
                self._seen = (found, current(self._pointer.parent) if found else None)
            return self._seen[1]

    def _stamp(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self._pointer)
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino


def _rows(generation: Generation, postcode: Postcode) -> slice:
    """The rows of the postcode, or of all that begin like it."""
    keys = generation.columns["key"]
    key = key_of(postcode.padded)
    # np.uint64, or numpy would first turn the whole column into another kind of number.
    start = stop = int(keys.searchsorted(np.uint64(key)))
    if postcode.kind == "postcode":
        while stop < len(keys) and keys.item(stop) == key:
            stop += 1
        return slice(start, stop)
    stop = int(keys.searchsorted(np.uint64(key_of(postcode.padded + "~"))))
    if start == stop and not postcode.inward and len(postcode.outward) < 4:
        # "W1" and "EC1" are no districts, but what people call W1A to W1W together.
        start, stop = (int(keys.searchsorted(np.uint64(key_of(postcode.outward + end)))) for end in "AZ")
    return slice(start, stop)


def _exact(
    generation: Generation, postcode: Postcode, rows: slice, parents: Mapping[str, str]
) -> Found | NotFound:
    """The place of one postcode; of several rows those that are in use speak for it."""
    part = _few(generation, rows)
    caveats = {Caveat.TERMINATED} if part.ended_on else set()
    authorities = frozenset(authority for authority, _ward in part.pairs if authority)
    if len(authorities) > 1:
        caveats.add(Caveat.SPLIT)
    areas = frozenset().union(*(_areas(generation.tables, pair, parents) for pair in part.pairs))
    if part.middle is None:
        return NotFound(Reason.NO_COORDINATES, areas)
    place = Place(
        str(postcode),
        *part.middle,
        areas,
        "postcode",
        authorities=authorities,
        split=len(authorities) > 1,
        terminated_on=part.ended_on,
    )
    return Found(place, frozenset(caveats))


def _partial(
    generation: Generation, postcode: Postcode, rows: slice, parents: Mapping[str, str]
) -> Found | NotFound:
    """The middle of what is in use, with the areas that hold nearly all of it whose authority is known.

    Nearly: a few houses of most districts lie across a border, and nobody there would call the district divided.
    """
    part = _many(generation, rows)
    pairs = {pair: count for pair, count in part.pairs.items() if pair[0]}
    held: Counter[str] = Counter()
    for pair, count in pairs.items():
        held.update(dict.fromkeys(_areas(generation.tables, pair, parents), count))
    enough = NEARLY_ALL * sum(pairs.values())
    areas = frozenset(area for area, count in held.items() if count >= enough)
    if part.middle is None:
        return NotFound(Reason.NO_COORDINATES, areas)
    place = Place(
        str(postcode),
        *part.middle,
        areas,
        postcode.kind,
        authorities=frozenset(authority for authority, _ward in pairs),
        terminated_on=part.ended_on,
    )
    return Found(place, frozenset({Caveat.PARTIAL, Caveat.TERMINATED} if part.ended_on else {Caveat.PARTIAL}))


@dataclass(frozen=True)
class _Part:
    """What some rows say together. Those out of use are left out, unless all of them are.

    pairs: authorities and wards, with how many postcodes are in each pair. middle: the mean of all that have
    coordinates, or None.
    ended_on: the month in which the last of them went out of use, or None while one is in use as far as is known.
    """

    pairs: Mapping[tuple[str, str], int]
    middle: tuple[int, int] | None
    ended_on: dt.date | None


def _few(generation: Generation, rows: slice) -> _Part:
    """The rows of one postcode, nearly always one: plain numbers are quicker here than arrays."""
    columns = [generation.columns[name] for name in _COLUMNS]
    every = [[column.item(row) for column in columns] for row in range(rows.start, rows.stop)]
    kept = [row for row in every if row[4] <= LIVE] or every
    placed = [row for row in kept if row[0] != NOWHERE]
    middle = None
    if placed:
        middle = (
            round(sum(row[0] for row in placed) / len(placed)),
            round(sum(row[1] for row in placed) / len(placed)),
        )
    numbers = Counter((row[2], row[3]) for row in kept)
    return _Part(_pairs(generation, numbers), middle, _ended_on(max(row[4] for row in kept)))


def _many(generation: Generation, rows: slice) -> _Part:
    """The rows of a district or sector."""
    east, north, authority, ward, ended = (generation.columns[name][rows] for name in _COLUMNS)
    kept = ended <= LIVE
    if not kept.any():
        kept[:] = True
    # Neighbours are mostly in one ward: only where it changes is a pair looked at.
    both = (authority.astype(np.uint32) << 16 | ward)[kept]
    ends = np.append(np.flatnonzero(both[1:] != both[:-1]), len(both) - 1)
    numbers: Counter[tuple[int, int]] = Counter()
    for number, count in zip(both[ends].tolist(), np.diff(ends, prepend=-1).tolist(), strict=True):
        numbers[number >> 16, number & 0xFFFF] += count
    placed = kept & (east != NOWHERE)
    middle = (round(float(east[placed].mean())), round(float(north[placed].mean()))) if placed.any() else None
    return _Part(_pairs(generation, numbers), middle, _ended_on(int(ended[kept].max())))


def _pairs(generation: Generation, numbers: Mapping[tuple[int, int], int]) -> dict[tuple[str, str], int]:
    tables = generation.tables
    return {
        (tables.authorities[authority], tables.wards[ward]): count
        for (authority, ward), count in sorted(numbers.items())
    }


def _ended_on(month: int) -> dt.date | None:
    """The first day of a month as kept in a record."""
    return dt.date(month // 12, month % 12 + 1, 1) if month > LIVE else None


def _areas(tables: Tables, pair: tuple[str, str], parents: Mapping[str, str]) -> frozenset[str]:
    """The ward, the authority, its country, what the files put it in, and everything above those."""
    authority, ward = pair
    found = {code for code in (ward, authority, _COUNTRIES.get(authority[:1], "")) if code}
    found.update(tables.within.get(authority, ()))
    for code in tuple(found):
        above = parents.get(code)
        while above and above not in found:
            found.add(above)
            above = parents.get(above)
    return frozenset(found)
