"""Opening a file of postcodes, or the files in a zip, line by line, with a limit on everything.

A zip may come from anywhere: what it unpacks to is counted as it is read, and nothing of it is written to disk.
"""

import lzma
import zipfile
import zlib
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from portal.errors import Refusal

# Three times the whole ONSPD (1.3 GB in 2025, in one CSV file).
MOST_BYTES = 4 * 1024**3
# Far longer than a row of the ONSPD (about 500 letters).
_LONGEST_LINE = 64 * 1024
# Code-Point Open has 120 files, the ONSPD about 150.
_MOST_FILES = 2_000
# The ONSPD zip holds everything twice: once whole, and once more in this folder, cut up by postcode area.
_CUT_UP = "multi_csv/"
# What reading raises for a file that is damaged, or packed in a way that zipfile does not know.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    UnicodeDecodeError,  # in the names of files
    NotImplementedError,
    EOFError,
    OSError,
)
# Source: .ZIP File Format Specification 4.4.4, general purpose bit 0: encrypted.
_LOCKED = 1


@dataclass(frozen=True)
class Lines:
    """One file, opened. is_alone: it did not come out of a zip."""

    name: str
    lines: Iterator[str]
    is_alone: bool


@contextmanager
def members(path: Path) -> Iterator[Iterator[Lines]]:
    """The CSV files in a zip, one after the other, or the file itself. Raises Refusal where it cannot be read."""
    budget = _Budget(path.name)
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive, closing(_zipped(archive, budget)) as files:
                yield files
        else:
            with path.open("rb") as file:
                yield iter([Lines(path.name, budget.lines(file), is_alone=True)])
    except _UNREADABLE as error:
        raise Refusal(f"{path.name} cannot be read: {error}.", status=422) from error


def _zipped(archive: zipfile.ZipFile, budget: "_Budget") -> Generator[Lines]:
    inside = [
        info for info in archive.infolist() if info.filename.lower().endswith(".csv") and not info.is_dir()
    ]
    whole = [info for info in inside if _CUT_UP not in info.filename.lower()]
    chosen = inside if all("data/" not in info.filename.lower() for info in whole) else whole
    if len(chosen) > _MOST_FILES or sum(info.file_size for info in chosen) > MOST_BYTES:
        raise budget.refusal()
    for info in chosen:
        if info.flag_bits & _LOCKED:
            raise Refusal(f"{info.filename} is locked with a password.", status=422)
        with archive.open(info) as file:
            yield Lines(info.filename, budget.lines(file), is_alone=False)


class _Budget:
    """How much of one source may still be read."""

    def __init__(self, name: str) -> None:
        self._name, self._left = name, MOST_BYTES

    def refusal(self) -> Refusal:
        """For a source that holds more than any file of postcodes does."""
        return Refusal(
            f"{self._name} is far larger than any file of postcodes. Nothing was loaded.", status=422
        )

    def lines(self, file: IO[bytes]) -> Iterator[str]:
        """The file's lines as text: UTF-8, or else Windows's western letters, as Excel writes them."""
        start = b"\xef\xbb\xbf"
        while line := file.readline(_LONGEST_LINE):
            self._left -= len(line)
            if self._left < 0:
                raise self.refusal()
            if len(line) == _LONGEST_LINE:
                raise Refusal(
                    f"{self._name} has a line of more than 60,000 letters: it is no CSV file.", status=422
                )
            yield _text(line.removeprefix(start))
            start = b""


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")
