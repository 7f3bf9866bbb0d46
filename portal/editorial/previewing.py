"""A link at which somebody without an account reads a set of drafts, before they are public."""

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from portal import audit, sealing
from portal.accounts.granting import By
from portal.councils.models import Council
from portal.db import db
from portal.editorial import kinds, parts, queries
from portal.editorial.models import Document, PreviewedDocument, PreviewLink, Version
from portal.errors import Refusal
from portal.i18n import _

LASTS = dt.timedelta(days=14)
_MOST = 30
_SHARED = audit.declare("document.preview_shared", "documents")


def share(council: Council, ids: Sequence[uuid.UUID], *, by: By, now: dt.datetime) -> str:
    """The token of a new link that shows these documents, as they are when it is opened."""
    found = [document for one in dict.fromkeys(ids) if (document := queries.document(council.id, one))]
    if not found or len(found) > _MOST:
        raise Refusal(_("Choose between 1 and %(most)s documents.", most=_MOST), status=422)
    token = sealing.token()
    link = PreviewLink(
        council_id=council.id, token=sealing.hashed(token), made_by_id=by.id, made_at=now, ends_at=now + LASTS
    )
    link.documents = [PreviewedDocument(document_id=one.id, position=at) for at, one in enumerate(found)]
    db.session.add(link)
    db.session.flush()
    audit.record(
        _SHARED,
        f"preview_link:{link.id}",
        actor=by.actor,
        now=now,
        council_id=council.id,
        documents=[str(one.id) for one in found],
    )
    return token


def opened(council: Council, token: str, now: dt.datetime) -> list[tuple[Document, Version]] | None:
    """What a link shows, each with its newest version; None where there is no such link any more."""
    link = db.session.scalar(
        sa.select(PreviewLink).where(
            PreviewLink.council_id == council.id,
            PreviewLink.token == sealing.hashed(token),
            PreviewLink.ends_at > now,
        )
    )
    if link is None:
        return None
    pairs = ((row.document, queries.newest(row.document_id)) for row in link.documents)
    return [(document, newest) for document, newest in pairs if newest is not None]


def body_of(document: Document, version: Version) -> str:
    """The words as people would read them: parts opened, a council's own laid over those of the shared document."""
    suffix = kinds.of(document.kind).suffix
    if version.over_number is None:
        return parts.laid_over(version.body, suffix, {}) if document.council_id is None else version.body
    shared = queries.shared_of(document)
    base = queries.public(shared.id) if shared else None
    return parts.laid_over(base.body, suffix, parts.read_own(version.body)) if base else ""
