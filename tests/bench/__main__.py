"""The benchmarks: `make bench`, or `make bench ARGS="search pages"` for some of them; docs/benchmarks.md says more.

A table is printed, and build/bench.json written. A missed target is said and is no failure; a broken measurement is.
"""

import argparse
import datetime as dt
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.bench import (
    answers,
    conversations,
    house,
    memory,
    pages,
    searching,
    talking,
    weight,
    where_postcodes_are,
)
from tests.bench.measure import Figure, table
from tests.bench.run import Run, machine

PARTS: dict[str, Callable[[Run], Iterator[Figure]]] = {
    where_postcodes_are.PART: where_postcodes_are.measure,
    answers.PART: answers.measure,
    weight.PART: weight.measure,
    conversations.PART: conversations.measure,
    searching.PART: searching.measure,
    pages.PART: pages.measure,
    talking.PART: talking.measure,
    house.PART: house.measure,
    memory.PART: memory.measure,
}
BUILD = Path(__file__).parents[2] / "build"
_QUICK = (4_000, 25_000)


def figures(run: Run, parts: Sequence[str]) -> list[Figure]:
    """Everything that these parts measure."""
    return [figure for name in parts for figure in PARTS[name](run)]


def written(found: Sequence[Figure], took: float, file: Path) -> None:
    """The figures are in the file, for who reads them by machine."""
    file.parent.mkdir(parents=True, exist_ok=True)
    facts = {
        "measured_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "seconds": round(took),
        "machine": machine(),
        "figures": [figure.as_json() for figure in found],
    }
    file.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n")


def _arguments(line: Sequence[str] | None) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="make bench", description=__doc__)
    reader.add_argument("parts", nargs="*", metavar="PART", help=f"some of: {', '.join(PARTS)}")
    reader.add_argument("--quick", action="store_true", help="leave out 250,000 listings")
    asked = reader.parse_args(line)
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        reader.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return asked


def main(line: Sequence[str] | None = None) -> None:
    """Measure, print, write. line: the arguments; None for those of the command line."""
    asked = _arguments(line)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        run = Run(Path(folder), say=lambda line: print(f"  {line}", flush=True))
        if asked.quick:
            run.sizes = _QUICK
        found = figures(run, asked.parts or list(PARTS))
    took = time.monotonic() - start
    written(found, took, BUILD / "bench.json")
    for part in dict.fromkeys(figure.part for figure in found):
        print(f"\n{part}\n" + table(figure for figure in found if figure.part == part))
    missed = [figure.what for figure in found if figure.met is False]
    print(f"\n{len(found)} figures in {took / 60:.1f} minutes, in build/bench.json. ", end="")
    print(f"Targets missed: {'; '.join(dict.fromkeys(missed))}." if missed else "Every target is met.")


if __name__ == "__main__":
    main()
