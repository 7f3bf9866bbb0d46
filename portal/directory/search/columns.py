"""The facts of listings as numpy columns: one row a listing, in the order they stand in their index segment.

Whoosh keeps the words; everything else that a search needs (place, coverage, filters, freshness) is here, in files
that worker processes map into memory and share.
"""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from portal.directory.search import Coverage, Record
from portal.directory.search.words import fold

Array = npt.NDArray[Any]
Rows = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

NO_DATE = 0
NO_AGE = -1
# A name sorts by its first letters; more would not be seen.
_NAME_BYTES = 32
_MULTI = ("category", "need", "access", "language", "rating", "area", "day")


def _ordinal(day: dt.date | None) -> int:
    return day.toordinal() if day else NO_DATE


@dataclass
class Columns:
    """The columns of one segment. `arrays` by name; `codes` names what the numbers in them stand for.

    Ragged facts are pairs of arrays: *_row (ascending row numbers) beside their values.
    """

    arrays: dict[str, Array]
    codes: dict[str, list[str]]

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.arrays["council"])

    @cached_property
    def number_of(self) -> dict[str, dict[str, int]]:
        """For each coded fact: code -> its number."""
        return {name: {code: i for i, code in enumerate(codes)} for name, codes in self.codes.items()}

    @cached_property
    def goes_out(self) -> Mask:
        """Rows that come to people somewhere."""
        mask = np.zeros(self.count, np.bool_)
        mask[self.arrays["comes_row"]] = True
        mask[self.arrays["comes_circles"][:, 0]] = True
        return mask

    @cached_property
    def venues(self) -> tuple[Array, Array, Rows]:
        """(easting, northing, row) of every venue, from west to east."""
        more, first = self.arrays["more_venues"], np.flatnonzero(~np.isnan(self.arrays["easting"]))
        east = np.concatenate((self.arrays["easting"][first], more[:, 1]), dtype=np.float32)
        north = np.concatenate((self.arrays["northing"][first], more[:, 2]), dtype=np.float32)
        order = np.argsort(east)
        return east[order], north[order], np.concatenate((first, more[:, 0]), dtype=np.int32)[order]

    def id_at(self, row: int) -> uuid.UUID:
        """The listing in a row."""
        return uuid.UUID(bytes=self.arrays["id"][row].tobytes())

    def rows_with(self, name: str, codes: Sequence[str] | frozenset[str]) -> Rows:
        """The rows that carry any of these codes of a ragged fact, each perhaps more than once."""
        numbers = [self.number_of[name][code] for code in codes if code in self.number_of[name]]
        starts, rows = self.arrays[f"{name}_start"], self.arrays[f"{name}_row"]
        parts = [rows[starts[n] : starts[n + 1]] for n in numbers]
        return np.concatenate(parts) if parts else np.empty(0, np.int32)

    def save(self, path: Path) -> None:
        """Written whole, then put in its place: a reader sees all of it or none."""
        part = path.with_suffix(".part")
        header = json.dumps(
            {
                "codes": self.codes,
                "arrays": [[name, array.dtype.str, list(array.shape)] for name, array in self.arrays.items()],
            }
        ).encode()
        with part.open("wb") as file:
            file.write(len(header).to_bytes(8, "little") + header)
            for array in self.arrays.values():
                file.write(b"\0" * (-file.tell() % 16))
                file.write(np.ascontiguousarray(array).tobytes())
        part.replace(path)


def load(path: Path) -> Columns:
    """The columns in a file, mapped into memory: pages are read when touched and shared between processes."""
    # A plain array over the map: np.memmap's own class makes every look at a column slower.
    raw = np.memmap(path, mode="r", dtype=np.uint8).view(np.ndarray)
    size = int.from_bytes(raw[:8].tobytes(), "little")
    header = json.loads(raw[8 : 8 + size].tobytes())
    at, arrays = 8 + size, {}
    for name, dtype, shape in header["arrays"]:
        at += -at % 16
        length = int(np.prod(shape)) * np.dtype(dtype).itemsize
        arrays[name] = raw[at : at + length].view(dtype).reshape(shape)
        at += length
    return Columns(arrays, header["codes"])


def _by_code(pairs: list[tuple[int, str]]) -> tuple[list[str], Array, Array]:
    """(codes, starts, rows): the rows of code i are rows[starts[i]:starts[i+1]], ascending."""
    codes = sorted({code for _, code in pairs})
    number = {code: i for i, code in enumerate(codes)}
    if not pairs:
        return codes, np.zeros(1, np.int32), np.empty(0, np.int32)
    row = np.array([row for row, _ in pairs], np.int32)
    value = np.array([number[code] for _, code in pairs], np.int32)
    order = np.lexsort((row, value))
    starts = np.searchsorted(value[order], np.arange(len(codes) + 1)).astype(np.int32)
    return codes, starts, row[order]


def _matrix(values: Sequence[Sequence[str]], number: dict[str, int]) -> Array:
    """One line a row with the numbers of its values, filled up with len(number), which counts as none."""
    width = max((len(v) for v in values), default=0) or 1
    matrix = np.full((len(values), width), len(number), np.int16)
    for row, codes in enumerate(values):
        for at, code in enumerate(codes):
            matrix[row, at] = number[code]
    return matrix


def _values(record: Record, fact: str) -> list[str]:
    """The values of one filter that a listing answers to."""
    several: dict[str, Callable[[], Any]] = {
        "category": lambda: dict.fromkeys((*record.categories, *record.parents)),
        "need": lambda: record.needs,
        "access": lambda: sorted(record.access),
        "language": lambda: sorted(record.languages),
        "rating": lambda: (record.rating,) if record.rating else (),
        "area": lambda: sorted({v.authority for v in record.venues if v.authority}),
        "day": lambda: [str(day) for day in sorted(record.days)],
    }
    return list(several[fact]())


def _circles(records: Sequence[Record], which: Callable[[Record], Coverage]) -> Array:
    """Lines of (row, easting, northing, metres)."""
    return np.array(
        [(row, c.easting, c.northing, c.metres) for row, r in enumerate(records) for c in which(r).circles],
        np.int32,
    ).reshape(-1, 4)


def build(records: Sequence[Record], lengths: Sequence[float]) -> Columns:
    """The columns of these listings, in their order. lengths: how many weighted words each has."""
    arrays: dict[str, Array] = {}
    codes: dict[str, list[str]] = {}
    codes["council"] = sorted({r.council for r in records})
    councils = {code: i for i, code in enumerate(codes["council"])}
    first = [r.venues[0] if r.venues else None for r in records]
    more = [(row, v.easting, v.northing) for row, r in enumerate(records) for v in r.venues[1:]]
    arrays |= {
        "id": np.frombuffer(b"".join(r.id.bytes for r in records), "V16"),
        "tie": np.array([r.id.int & 0xFFFF for r in records], np.uint16),
        "name": np.array(
            [fold(r.name).encode("ascii", "ignore")[:_NAME_BYTES] for r in records], f"S{_NAME_BYTES}"
        ),
        "council": np.array([councils[r.council] for r in records], np.uint8),
        "length": np.array(lengths, np.float32),
        "easting": np.array([v.easting if v else np.nan for v in first], np.float32),
        "northing": np.array([v.northing if v else np.nan for v in first], np.float32),
        "more_venues": np.array(more, np.int32).reshape(-1, 3),
        "minimum_age": np.array(
            [NO_AGE if r.minimum_age is None else r.minimum_age for r in records], np.int16
        ),
        "maximum_age": np.array(
            [NO_AGE if r.maximum_age is None else r.maximum_age for r in records], np.int16
        ),
        "review_due": np.array([_ordinal(r.review_due_on) for r in records], np.int32),
        "last_on": np.array([_ordinal(r.last_on) for r in records], np.int32),
        "openings": np.array(
            [(row, o.day, o.opens, o.closes) for row, r in enumerate(records) for o in r.openings], np.int32
        ).reshape(-1, 4),
    }
    for name in ("shared", "free", "community"):
        arrays[name] = np.array([getattr(r, name) for r in records], np.bool_)
    arrays["catchment"] = np.array([bool(r.residents_of) for r in records], np.bool_)
    for fact in _MULTI:
        values = [_values(r, fact) for r in records]
        codes[fact], arrays[f"{fact}_start"], arrays[f"{fact}_row"] = _by_code(
            [(row, code) for row, several in enumerate(values) for code in several]
        )
        arrays[f"{fact}_matrix"] = _matrix(values, {code: i for i, code in enumerate(codes[fact])})
    coverage: dict[str, Callable[[Record], Coverage]] = {
        "comes": lambda r: r.comes_to_you,
        "residents": lambda r: r.residents_of,
    }
    for kind, which in coverage.items():
        codes[kind], arrays[f"{kind}_start"], arrays[f"{kind}_row"] = _by_code(
            [(row, code) for row, r in enumerate(records) for code in sorted(which(r).codes)]
        )
        arrays[f"{kind}_circles"] = _circles(records, which)
    return Columns(arrays, codes)
