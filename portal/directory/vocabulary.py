"""The words of the search as editors have published them: from the library of documents to this machine's engine.

Synonyms and the taxonomy are documents. Whatever of them is public is written beside the machine's index by its jobs,
as rows ready to be read; every process takes them up with its next search. Before any are loaded, the files that came
with the program stand.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from portal.db import own_reading
from portal.directory.search.thesaurus import Thesaurus, named, read_text
from portal.editorial.models import Document, Version

KINDS = ("synonyms", "taxonomy")
_FILE = "words.json"


def refresh(folder: Path) -> bool:
    """True where other words were published since this machine's were written, and now these are written."""
    public = (
        Document.kind.in_(KINDS),
        Document.council_id.is_(None),
        Document.language == "en",
        Version.state == "published",
    )
    joined = sa.select(Document.kind, Document.key, Version.number).join(Version).where(*public)
    with own_reading() as session:
        stamp = [list(row) for row in session.execute(joined.order_by(Document.kind, Document.key))]
        if stamp == _stamp(folder):
            return False
        bodies = session.execute(joined.add_columns(Version.body).order_by(Document.kind, Document.key)).all()
    _write(folder, {"stamp": stamp, "rows": _rows([(row.kind, row.body) for row in bodies])})
    return True


def _rows(bodies: Sequence[tuple[str, str]]) -> list[Any]:
    rows: list[Any] = []
    for kind, body in bodies:  # synonyms come first, as in the folder of files
        read = read_text(body)
        rows += named(read or {}) if kind == "taxonomy" else (read or ())
    return rows


def _stamp(folder: Path) -> list[Any]:
    try:
        found: list[Any] = json.loads((folder / _FILE).read_text())["stamp"]
    except (OSError, ValueError):
        return []
    return found


def _write(folder: Path, words: Mapping[str, Any]) -> None:
    """Whole or not at all: another process may read it at any moment."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{_FILE}.{os.getpid()}"
    part.write_text(json.dumps(words, ensure_ascii=False, default=str))
    part.replace(folder / _FILE)


def mark(folder: Path) -> int:
    """Something that changes whenever the words do; 0 where there are none."""
    try:
        return (folder / _FILE).stat().st_mtime_ns
    except OSError:
        return 0


def read(folder: Path) -> Thesaurus | None:
    """The words as they were written; None where there are none that could be read."""
    try:
        rows = json.loads((folder / _FILE).read_text())["rows"]
    except (OSError, ValueError, KeyError):
        return None
    return Thesaurus(rows) if rows else None
