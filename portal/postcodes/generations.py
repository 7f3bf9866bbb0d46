"""The file of all postcodes: how it lies on disk.

A folder holds `current`, which names a generation; a folder of that name holds `columns.bin` (one column after the
other, each for all rows) and `tables.json` (codes, names, what lies in what). A generation is never written again, so
that a reader maps it into memory once and needs no lock. Its name is drawn from its content: the same again changes
nothing. Writers take turns by `lock`.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.postcodes.records import RECORD, Records, by_place

POINTER = "current"
_COLUMNS, _TABLES, _LOCK, _NEW = "columns.bin", "tables.json", "lock", "new-"
_OURS = re.compile(rf"[0-9a-f]{{16}}|{_NEW}.*")
# Raised when the layout changes; a folder of another format counts as empty, and is built anew.
_FORMAT = 1
# In this order every column begins at a multiple of its own width, as processors like it.
_LAYOUT: tuple[tuple[str, np.dtype[Any]], ...] = tuple(
    sorted(
        [(name, RECORD[name]) for name in RECORD.names or ()] + [("by_place", np.dtype("<u4"))],
        key=lambda column: -column[1].itemsize,
    )
)
_ROW_BYTES = sum(dtype.itemsize for _name, dtype in _LAYOUT)


@dataclass(frozen=True)
class Tables:
    """What the small numbers stand for.

    names: of any code. within: authority -> the counties and regions that the loaded files put it in.
    """

    authorities: list[str] = field(default_factory=lambda: [""])
    wards: list[str] = field(default_factory=lambda: [""])
    names: dict[str, str] = field(default_factory=dict)
    within: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Generation:
    """One whole set of postcodes, as it lies on disk: columns are maps into the file, not copies."""

    columns: Mapping[str, NDArray[Any]]
    tables: Tables

    @property
    def count(self) -> int:
        """Number of rows; a split postcode has several."""
        return len(self.columns["key"])

    def records(self) -> Records:
        """All rows, copied into memory."""
        rows = np.empty(self.count, dtype=RECORD)
        for name in RECORD.names or ():
            rows[name] = self.columns[name]
        return rows


def current(folder: Path) -> Generation | None:
    """The generation that the folder points to; None where there is none that this version can read."""
    for _attempt in range(3):  # the one we are told of may be cleared away before we open it
        try:
            return _opened(folder / (folder / POINTER).read_text(encoding="ascii"))
        except FileNotFoundError:
            continue
    return None


def _opened(folder: Path) -> Generation | None:
    tables = json.loads((folder / _TABLES).read_text(encoding="utf-8"))
    count = tables.pop("count")
    if tables.pop("format") != _FORMAT or (folder / _COLUMNS).stat().st_size != count * _ROW_BYTES:
        return None
    # Plain arrays over the map: np.memmap's own class makes every look at a number slower.
    whole = np.memmap(folder / _COLUMNS, dtype=np.uint8, mode="r").view(np.ndarray)
    columns, start = {}, 0
    for name, dtype in _LAYOUT:
        end = start + count * dtype.itemsize
        columns[name] = whole[start:end].view(dtype)
        start = end
    return Generation(MappingProxyType(columns), Tables(**tables))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else writes here meanwhile, on this machine; the folder is there."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(folder: Path, records: Records, tables: Tables) -> bool:
    """The folder points to these rows; False if it already did. records: sorted, at least one. Call it `alone`."""
    new = Path(tempfile.mkdtemp(prefix=_NEW, dir=folder))
    try:
        new.chmod(0o755)  # mkdtemp's folders are for their maker only; the web server may be somebody else
        name = _write_files(new, records, tables)
        before = _pointed_to(folder)
        if before == name and current(folder):
            return False
        shutil.rmtree(folder / name, ignore_errors=True)  # left by a crash before it was pointed to
        new.rename(folder / name)
        _point(folder, name)
    finally:
        _clear(folder, _pointed_to(folder))
    return True


def _write_files(new: Path, records: Records, tables: Tables) -> str:
    """Both files are on the disk; the name drawn from their content."""
    text = json.dumps(
        {"format": _FORMAT, "count": len(records), **asdict(tables)}, sort_keys=True, ensure_ascii=False
    )
    digest = hashlib.blake2b(text.encode(), digest_size=8)
    with (new / _COLUMNS).open("wb") as file:
        for name, dtype in _LAYOUT:
            values = by_place(records) if name == "by_place" else records[name]
            column = np.ascontiguousarray(values, dtype=dtype).data.cast("B")
            digest.update(column)
            file.write(column)
        os.fsync(file.fileno())
    with (new / _TABLES).open("w", encoding="utf-8") as words:
        words.write(text)
        words.flush()
        os.fsync(words.fileno())
    return digest.hexdigest()


def _point(folder: Path, name: str) -> None:
    pointer = folder / f"{_NEW}{POINTER}"
    with pointer.open("w", encoding="ascii") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    os.replace(pointer, folder / POINTER)


def _pointed_to(folder: Path) -> str:
    try:
        return (folder / POINTER).read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


def _clear(folder: Path, name: str) -> None:
    """Other generations and what crashes left are gone. Whoever still reads one keeps it until they look again."""
    for left in folder.iterdir():
        if left.is_dir() and left.name != name and _OURS.fullmatch(left.name):
            shutil.rmtree(left, ignore_errors=True)
