"""Another process on the same store of postcodes: `python -m tests.postcodes.another FOLDER`.

It answers a line with a line. A postcode: its easting and northing, or the reason why not. "memory": the kilobytes
that reading every postcode cost this process alone. "load FILE": the id of a child that loads the file again and
again, each time with another row, until it is killed. "bury": how the last child ended.
"""

import os
import sys
from pathlib import Path

from portal import geo, postcodes
from portal.postcodes import NotFound, Postcodes


def _load_for_ever(folder: Path, file: Path) -> None:
    rows, number = file.read_text(), 0
    mine = file.with_suffix(".again.csv")
    while True:
        number += 1
        mine.write_text(f"{rows}M33 7ZZ,{379000 + number % 5000},391500\n")
        postcodes.load(folder, mine)


def _child(folder: Path, file: Path) -> int:
    child = os.fork()
    if child == 0:
        _load_for_ever(folder, file)
    return child


def _answer(folder: Path, store: Postcodes, line: str) -> object:
    if line.startswith("load "):
        return _child(folder, Path(line.removeprefix("load ")))
    if line == "bury":
        return os.wait()[1]
    if line == "memory":
        generation = store.generation()
        assert generation
        seen = sum(int(column.sum()) for column in generation.columns.values())
        return f"{_own_kilobytes('columns.bin')} {seen}"
    postcode = geo.parse(line)
    assert postcode
    found = store.find(postcode)
    return (
        found.reason.name if isinstance(found, NotFound) else f"{found.place.easting} {found.place.northing}"
    )


def _own_kilobytes(name: str) -> int:
    """Memory that this process does not share with any other, in the maps of files of this name. Source: proc(5)."""
    own, inside = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        first = line.split()[0]
        if not first.endswith(":"):
            inside = line.endswith(name)
        elif inside and first in ("Anonymous:", "Swap:"):
            own += int(line.split()[1])
    return own


def main() -> None:
    folder = Path(sys.argv[1])
    store = Postcodes(folder)
    for line in sys.stdin:
        print(_answer(folder, store, line.strip()), flush=True)


if __name__ == "__main__":
    main()
