"""Documents from files and back again: content/ is the starter library, and stays what it is, byte for byte."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from portal.accounts.granting import By
from portal.db import db
from portal.editorial import actions, kinds, queries
from portal.editorial.kinds import Around, Finding, Kind
from portal.editorial.models import Document, Version

BY_FILE = By(None, "content files")
_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "https://wellbeing-portal.example.org/documents/")


@dataclass
class Report:
    """What became of the files of a kind. kept: keys of what was edited here, and was left as it is."""

    kind: str
    new: int = 0
    changed: int = 0
    same: int = 0
    kept: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        words = f"{self.kind}: {self.new} new, {self.changed} changed, {self.same} as they were"
        return f"{words}; edited here, and left so: {', '.join(self.kept)}" if self.kept else words


def read(path: Path) -> str:
    """What a file says, with its line ends as they are."""
    return path.read_bytes().decode("utf-8")


def is_empty() -> bool:
    """Whether no document was ever written or loaded."""
    return db.session.scalar(sa.select(Document.id).limit(1)) is None


def load(folder: Path, now: dt.datetime) -> list[str]:
    """The files of every kind stand in the library, published; what was done, a line for each kind.

    A file that is read again makes a new version only where it changed, and where nobody has edited the document
    here since.
    """
    reports = [_load_kind(kind, folder, now) for kind in kinds.every() if kind.files(folder)]
    return [str(report) for report in reports]


def _load_kind(kind: Kind, folder: Path, now: dt.datetime) -> Report:
    report = Report(kind.name)
    for path in kind.files(folder):
        body = read(path)
        document = queries.of_key(kind.name, path.stem, None)
        if document is None:
            _first(kind, path.stem, body, now)
            report.new += 1
        else:
            _again(document, body, now, report)
    return report


def _first(kind: Kind, key: str, body: str, now: dt.datetime) -> None:
    new_id = uuid.uuid5(_NAMES, f"{kind.name}/{key}/en")
    document = actions.begin(None, kind.name, key, body, by=BY_FILE, now=now, new_id=new_id)
    newest = queries.newest(document.id)
    assert newest is not None
    _publish(document, newest, now)


def _publish(document: Document, version: Version, now: dt.datetime) -> None:
    """Files are held to their checks by the linter, before they are loaded."""
    version.from_file = True
    actions.make_public(document, version, now)


def _again(document: Document, body: str, now: dt.datetime, report: Report) -> None:
    newest = queries.newest(document.id)
    assert newest is not None
    if _from_file(document) == body:
        report.same += 1
    elif not newest.from_file or newest.state == "retired":
        report.kept.append(document.key)
    else:
        saved = actions.save(document, body, seen=newest.number, by=BY_FILE, now=now)
        _publish(document, saved, now)
        report.changed += 1


def _from_file(document: Document) -> str | None:
    """What the file said when it was last taken in."""
    asked = sa.select(Version.body).where(Version.document_id == document.id, Version.from_file)
    return db.session.scalar(asked.order_by(Version.number.desc()).limit(1))


def export(folder: Path) -> list[str]:
    """The library as files, as people read it now; a line for each kind."""
    lines = []
    for kind in kinds.every():
        found = queries.library(kind.name)
        for key, body in found:
            path = kind.file_of(folder, key, body)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body.encode("utf-8"))
        if found:
            lines.append(f"{kind.name}: {len(found)} files")
    return lines


def lint(folder: Path, today: dt.date) -> list[Finding]:
    """Every finding on the files of a folder; where: the file and, after it, the place."""
    keys = kinds.keys_in_folder(folder)
    return [
        Finding(
            found.level,
            f"{path.name}, {found.where}" if found.where else path.name,
            found.words,
            found.todo,
            found.line,
        )
        for kind in kinds.every()
        if kind.linted
        for path in kind.files(folder)
        for found in _lint_file(kind, path, Around(path.stem, today, keys, folder=folder))
    ]


def _lint_file(kind: Kind, path: Path, around: Around) -> list[Finding]:
    try:
        body = read(path)
    except UnicodeDecodeError:
        return [Finding("error", "", "it is not UTF-8", "save it as UTF-8")]
    return kind.check(body, around)
