"""A spreadsheet saved as CSV, whatever program saved it: its columns and its rows as text.

Encoding and separator are found out. A row that cannot be read comes with the reason, and nothing is taken from it;
what no program can have meant as a spreadsheet is a Refusal.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from portal.errors import Refusal
from portal.forms import plain

# A spreadsheet of a council's listings is a few megabytes; more is a mistake, or somebody being unkind.
MOST_BYTES = 50_000_000
# The longest description we have met has 6,000 letters. More is a quotation mark that was never closed.
MOST_CELL = 20_000
_EMPTY = frozenset({"", "na", "n/a", "null", "none", "-"})
_SEPARATORS = ",;\t|"
_QUOTED = re.compile(r'"[^"]*"')
# How files begin that are no text. Source: the formats themselves (zip, so XLSX and ODS; OLE 2, so XLS; PDF).
_NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
_WIDE = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class Row:
    """A row. number: as a spreadsheet counts, the first line being 1. problem: why it cannot be read, or ""."""

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True)
class Spreadsheet:
    """A file that was read. Of two columns of one name the first counts. Cells that say "NA" and the like are ""."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read(path: Path) -> Spreadsheet:
    """What the file says. Raises Refusal, saying what to do, where it is no CSV file or far too large."""
    text = _text(path).replace("\0", "")
    first = _QUOTED.sub("", text.partition("\n")[0])
    separator = max(_SEPARATORS, key=first.count)
    with _cells_of_any_length():
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        columns = tuple(plain(name) for name in next(lines, []))
        return Spreadsheet(columns, tuple(_rows(columns, lines)))


def _text(path: Path) -> str:
    """What a file says, in any of the encodings that spreadsheets save in."""
    if path.stat().st_size > MOST_BYTES:
        raise Refusal(
            f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB. Split it, or leave columns out.",
            status=422,
        )
    raw = path.read_bytes()
    if raw.startswith(_NO_TEXT):
        raise Refusal(f"{path.name} is no CSV file. Save the spreadsheet as CSV first.", status=422)
    wide = _WIDE.get(raw[:2])
    if wide:
        return raw.decode(wide, errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


@contextmanager
def _cells_of_any_length() -> Iterator[None]:
    """Python's own limit on cells is lifted: past it the rest of a file would be misread. Ours is on each row."""
    before = csv.field_size_limit(MOST_BYTES)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _rows(columns: tuple[str, ...], lines: Iterator[list[str]]) -> Iterator[Row]:
    for number, cells in enumerate(lines, 2):
        texts = [plain(cell) for cell in cells]
        if not any(texts):
            continue
        if any(texts[len(columns) :]):
            yield Row(number, problem=f"It has {len(texts)} cells, and the first row has {len(columns)}.")
        elif any(len(text) > MOST_CELL for text in texts):
            words = f"A cell has more than {MOST_CELL:,} letters: a quotation mark may be missing."
            yield Row(number, problem=words)
        else:
            yield Row(number, _by_name(columns, texts))


def _by_name(columns: tuple[str, ...], texts: list[str]) -> dict[str, str]:
    row: dict[str, str] = {}
    for at, name in enumerate(columns):
        text = texts[at] if at < len(texts) else ""
        row.setdefault(name, "" if text.lower() in _EMPTY else text)
    return row
