"""What is public of documents, and what editors see of them. A council's own words come before the shared ones."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from portal.councils.models import Council
from portal.db import db
from portal.editorial import kinds, parts
from portal.editorial.models import Document, Version


@dataclass(frozen=True)
class Published:
    """A document as people read it. number and document: of the council's own, else of the shared one.

    A council's words over parts of a shared document are laid over already; the number is then the shared one's.
    """

    document_id: uuid.UUID
    kind: str
    key: str
    language: str
    number: int
    body: str
    published_at: dt.datetime
    council_id: uuid.UUID | None


_COLUMNS = (
    Document.id,
    Document.kind,
    Document.key,
    Document.language,
    Document.council_id,
    Version.number,
    Version.body,
    Version.published_at,
    Version.over_number,
)


def _asked(council: Council | None, kind: str, language: str, *where: Any) -> Any:
    whose: sa.ColumnElement[bool] = Document.council_id.is_(None)
    if council is not None:
        whose = sa.or_(whose, Document.council_id == council.id)
    return (
        sa.select(*_COLUMNS)
        .join(Version, Version.document_id == Document.id)
        .where(Document.kind == kind, Document.language == language, whose, *where)
        .order_by(Document.key)
    )


def _together(rows: Sequence[Any], kind: str) -> Published | None:
    """The council's own document; else the shared one with the council's words over its parts."""
    own = next((row for row in rows if row.council_id is not None), None)
    shared = next((row for row in rows if row.council_id is None), None)
    if own is not None and own.over_number is None:
        return _read(own, own.body)
    if shared is None:
        return None
    said = parts.read_own(own.body) if own is not None else {}
    suffix = kinds.of(kind).suffix
    return _read(shared, parts.laid_over(shared.body, suffix, said), own)


def _read(row: Any, body: str, over: Any = None) -> Published:
    since = max(row.published_at, over.published_at) if over is not None else row.published_at
    whose = over.council_id if over is not None else row.council_id
    return Published(row.id, row.kind, row.key, row.language, row.number, body, since, whose)


def published(council: Council | None, kind: str, key: str, language: str = "en") -> Published | None:
    """The document of this key as the council's visitors read it now."""
    rows = db.session.execute(
        _asked(council, kind, language, Document.key == key, Version.state == "published")
    ).all()
    return _together(rows, kind)


def all_published(council: Council | None, kind: str, language: str = "en") -> list[Published]:
    """Every document of a kind that the council's visitors can read, by key."""
    rows = db.session.execute(_asked(council, kind, language, Version.state == "published")).all()
    found = (_together(of_key, kind) for of_key in _by_key(rows).values())
    return [one for one in found if one is not None]


def _by_key(rows: Iterable[Any]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.key, []).append(row)
    return grouped


def numbered(
    council: Council | None, kind: str, key: str, number: int, language: str = "en"
) -> Published | None:
    """The document as it was under this number, when it was public: for a visitor in the middle of an older version.

    The council's words over its parts are those of today.
    """
    of_number = sa.and_(
        Version.number == number, Version.published_at.is_not(None), Version.over_number.is_(None)
    )
    words = sa.and_(Version.state == "published", Version.over_number.is_not(None))
    rows = db.session.execute(
        _asked(council, kind, language, Document.key == key, sa.or_(of_number, words))
    ).all()
    own = [row for row in rows if row.council_id is not None and row.over_number is None]
    return _together(own or rows, kind)


@dataclass(frozen=True)
class Stamp:
    """Which versions make up what is public, without their words. versions: (document, number) of each."""

    key: str
    title: str
    versions: tuple[tuple[uuid.UUID, int], ...]
    published_at: dt.datetime


def stamps(council: Council, kind: str, language: str = "en") -> list[Stamp]:
    """What is public of a kind, without reading the words: whoever has read these numbers before need not again."""
    asked = (
        sa.select(
            Document.id,
            Document.key,
            Document.council_id,
            Version.title,
            Version.number,
            Version.over_number,
            Version.published_at,
        )
        .join(Version, Version.document_id == Document.id)
        .where(
            Document.kind == kind,
            Document.language == language,
            Version.state == "published",
            sa.or_(Document.council_id.is_(None), Document.council_id == council.id),
        )
        .order_by(Document.key)
    )
    found = (_stamp(rows) for rows in _by_key(db.session.execute(asked)).values())
    return [one for one in found if one is not None]


def _stamp(rows: Sequence[Any]) -> Stamp | None:
    own = next((row for row in rows if row.council_id is not None), None)
    shared = next((row for row in rows if row.council_id is None), None)
    base = own if own is not None and own.over_number is None else shared
    if base is None:
        return None
    rows = [base, *([own] if own is not None and own is not base else [])]
    since = max(row.published_at for row in rows)
    return Stamp(base.key, base.title, tuple((row.id, row.number) for row in rows), since)


def mark(council: Council, kind: str, language: str = "en") -> tuple[Any, ...]:
    """Something that is another whenever something else of a kind is public for a council: one row, for every search.

    A version that becomes public has a higher number than the one before it, and a later moment; one that is retired is
    missing in the count.
    """
    named = sa.cast(Document.id, sa.String)
    asked = (
        sa.select(
            sa.func.count(),
            sa.func.sum(Version.number),
            sa.func.max(Version.published_at),
            sa.func.min(named),
            sa.func.max(named),
        )
        .join(Version, Version.document_id == Document.id)
        .where(
            Document.kind == kind,
            Document.language == language,
            Version.state == "published",
            sa.or_(Document.council_id.is_(None), Document.council_id == council.id),
        )
    )
    return tuple(db.session.execute(asked).one())


# For editors


def document(council_id: uuid.UUID, document_id: uuid.UUID, *, hold: bool = False) -> Document | None:
    """A document of the council's or of the library, with its versions. hold: nobody else changes it meanwhile."""
    asked = sa.select(Document).where(
        Document.id == document_id,
        sa.or_(Document.council_id.is_(None), Document.council_id == council_id),
    )
    if hold:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(asked)


def of_key(kind: str, key: str, council_id: uuid.UUID | None, language: str = "en") -> Document | None:
    """The document of this key: of this council, or, with none, of the library."""
    whose = Document.council_id.is_(None) if council_id is None else Document.council_id == council_id
    return db.session.scalar(
        sa.select(Document).where(
            Document.kind == kind, Document.key == key, Document.language == language, whose
        )
    )


def newest(document_id: uuid.UUID) -> Version | None:
    """The version that was saved last."""
    return db.session.scalar(
        sa.select(Version).where(Version.document_id == document_id).order_by(Version.number.desc()).limit(1)
    )


def public(document_id: uuid.UUID) -> Version | None:
    """The version that is public, if one is."""
    return db.session.scalar(
        sa.select(Version).where(Version.document_id == document_id, Version.state == "published")
    )


def version(document_id: uuid.UUID, number: int) -> Version | None:
    """One version."""
    return db.session.get(Version, (document_id, number))


def versions(document_id: uuid.UUID) -> list[Version]:
    """Every version, the newest first."""
    asked = sa.select(Version).where(Version.document_id == document_id).order_by(Version.number.desc())
    return list(db.session.scalars(asked))


def shared_of(document: Document) -> Document | None:
    """The shared document of the same key."""
    return of_key(document.kind, document.key, None, document.language)


def keys_around(council_id: uuid.UUID | None) -> dict[str, frozenset[str]]:
    """Kind -> the keys of what a document may lead to: what is public, or is being written, for this council."""
    whose: sa.ColumnElement[bool] = Document.council_id.is_(None)
    if council_id is not None:
        whose = sa.or_(whose, Document.council_id == council_id)
    # What was retired leads nowhere; what has not been public yet may come before whatever leads to it.
    gone = sa.select(Version.document_id).where(Version.state == "retired")
    public = sa.select(Version.document_id).where(Version.state == "published")
    asked = sa.select(Document.kind, Document.key).where(
        whose, sa.or_(Document.id.in_(public), Document.id.not_in(gone))
    )
    found: dict[str, set[str]] = {kind.name: set() for kind in kinds.every()}
    for kind, key in db.session.execute(asked):
        found.setdefault(kind, set()).add(key)
    return {kind: frozenset(keys) for kind, keys in found.items()} | kinds.keys_on_site()


def around(document: Document, today: dt.date) -> kinds.Around:
    """What a document is checked against."""
    return kinds.Around(document.key, today, keys_around(document.council_id), document.language)


def library(kind: str, language: str = "en") -> list[tuple[str, str]]:
    """(key, words) of all that is public in the library, with the marks of its parts: for files."""
    asked = (
        sa.select(Document.key, Version.body)
        .join(Version, Version.document_id == Document.id)
        .where(
            Document.kind == kind,
            Document.language == language,
            Document.council_id.is_(None),
            Version.state == "published",
        )
        .order_by(Document.key)
    )
    return [(key, body) for key, body in db.session.execute(asked)]
