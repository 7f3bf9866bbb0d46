"""The editors' list of documents, and what stands around one of them."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.councils.models import Council
from portal.db import db
from portal.editorial import kinds, queries
from portal.editorial.kinds import Kind, Reference, Review
from portal.editorial.models import Document, Version
from portal.i18n import _


@dataclass(frozen=True)
class Row:
    """A document as the list shows it. newest: what was saved last; public: whether anything of it is public."""

    id: uuid.UUID
    kind: str
    key: str
    language: str
    shared: bool
    title: str
    number: int
    state: str
    is_public: bool
    made_at: dt.datetime
    who: str
    publish_on: dt.date | None
    review: Review | None
    is_overlay: bool
    behind: bool = False

    def is_late(self, today: dt.date) -> bool:
        """Whether somebody should have read it again by now."""
        return self.review is not None and self.review.next is not None and self.review.next < today


def rows(council: Council, kind: Kind) -> list[Row]:
    """All documents of a kind that the council has or shares, by title."""
    newest = (
        sa.select(Version.document_id, sa.func.max(Version.number).label("number"))
        .group_by(Version.document_id)
        .subquery()
    )
    public = aliased(Version)
    asked = (
        sa.select(Document, Version, User.name, public)
        .join(newest, newest.c.document_id == Document.id)
        .join(Version, sa.and_(Version.document_id == Document.id, Version.number == newest.c.number))
        .outerjoin(public, sa.and_(public.document_id == Document.id, public.state == "published"))
        .outerjoin(User, User.id == Version.author_id)
        .where(
            Document.kind == kind.name,
            sa.or_(Document.council_id.is_(None), Document.council_id == council.id),
        )
    )
    found = db.session.execute(asked).all()
    shared = {
        (d.key, d.language): p.number for d, _v, _n, p in found if d.council_id is None and p is not None
    }
    made = [_row(kind, *row, shared=shared.get((row[0].key, row[0].language))) for row in found]
    return sorted(made, key=lambda row: (row.title.lower(), row.shared))


def _row(
    kind: Kind,
    document: Document,
    newest: Version,
    name: str | None,
    public: Version | None,
    *,
    shared: int | None,
) -> Row:
    now_is = public or newest
    is_overlay = newest.over_number is not None
    return Row(
        id=document.id,
        kind=document.kind,
        key=document.key,
        language=document.language,
        shared=document.council_id is None,
        title=newest.title,
        number=newest.number,
        state=newest.state,
        is_public=public is not None,
        made_at=newest.made_at,
        who=name or (_("from a file") if newest.from_file else ""),
        publish_on=newest.publish_on,
        review=kind.review(now_is.body) if now_is.over_number is None else None,
        is_overlay=is_overlay,
        behind=is_overlay and shared is not None and newest.over_number != shared,
    )


@dataclass(frozen=True)
class Use:
    """Something that leads to a document. id: the document that does."""

    id: uuid.UUID
    kind: str
    title: str
    shared: bool


def used_in(council_id: uuid.UUID | None, kind: str, key: str) -> list[Use]:
    """What is public and leads to this. For a document of the library (no council): of every council."""
    asked = (
        sa.select(Document, Version)
        .join(Version, Version.document_id == Document.id)
        .where(Version.state == "published", Version.over_number.is_(None))
    )
    if council_id is not None:
        asked = asked.where(sa.or_(Document.council_id.is_(None), Document.council_id == council_id))
    return [
        Use(document.id, document.kind, version.title, document.council_id is None)
        for document, version in db.session.execute(asked.order_by(Version.title))
        if (kind, key) in _references(document.kind, version.body)
    ]


def _references(kind: str, body: str) -> set[Reference]:
    known = kinds.find(kind)
    return set(known.refers(body)) if known is not None else set()


def names_of(users: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Account -> what its owner is called."""
    ids = {one for one in users if one is not None}
    found = db.session.execute(sa.select(User.id, User.name, User.email).where(User.id.in_(ids)))
    return {user_id: name or email for user_id, name, email in found}


def beneath(document: Document, version: Version) -> tuple[Version, Version] | None:
    """(the shared version that a council's words were written on, the one that is public now), where they differ."""
    if version.over_number is None:
        return None
    shared = queries.shared_of(document)
    if shared is None:
        return None
    then, now = queries.version(shared.id, version.over_number), queries.public(shared.id)
    return (then, now) if then is not None and now is not None and then.number != now.number else None
