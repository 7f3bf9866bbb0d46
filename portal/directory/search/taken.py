"""Which changes an index has taken in: kept beside the index, since every machine has an index of its own.

Changes are rows with rising numbers. A lower number may be committed after a higher one, so a number counts as
"all before it are taken" only once it is too old for that.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

_FILE = "taken.json"


@dataclass(frozen=True)
class Taken:
    """upto: every change up to this number is in the index. beyond: numbers after it that are in it, too."""

    upto: int = 0
    beyond: frozenset[int] = frozenset()
    at: dt.datetime | None = None  # when the index was last brought up to date

    def __contains__(self, number: int) -> bool:
        return number <= self.upto or number in self.beyond

    def with_more(self, numbers: Iterable[int], at: dt.datetime) -> "Taken":
        """These changes are in the index, too."""
        return replace(self, beyond=self.beyond | frozenset(numbers), at=at)

    def settled(self, upto: int) -> "Taken":
        """Nothing with a number up to this one can come any more."""
        if upto <= self.upto:
            return self
        return replace(self, upto=upto, beyond=frozenset(n for n in self.beyond if n > upto))


def read(generation: Path) -> Taken:
    """What the index in a folder has taken in; nothing where that is not known, so that all is taken in again."""
    try:
        said = json.loads((generation / _FILE).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return Taken()
    return Taken(said["upto"], frozenset(said["beyond"]), dt.datetime.fromisoformat(said["at"]))


def write(generation: Path, taken: Taken) -> None:
    """Remembered for every process on this machine; a reader sees the old file or the new one."""
    part = generation / f"{_FILE}.part"
    at = (taken.at or dt.datetime.min.replace(tzinfo=dt.UTC)).isoformat()
    part.write_text(json.dumps({"upto": taken.upto, "beyond": sorted(taken.beyond), "at": at}))
    part.replace(generation / _FILE)


def stamp(generation: Path) -> int:
    """A number that changes whenever `write` has been called."""
    try:
        return (generation / _FILE).stat().st_mtime_ns
    except FileNotFoundError:
        return 0
