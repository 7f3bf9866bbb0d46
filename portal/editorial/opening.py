"""What the views of the desk have in common: who is at it, and which document is opened."""

import uuid

from flask import abort, request

from portal.accounts.granting import By
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.editorial import permissions, queries
from portal.editorial.models import Document, Version
from portal.i18n import _


def by() -> By:
    """Who is at the desk."""
    return By(somebody().id, somebody().actor, somebody().name)


def opened(document_id: uuid.UUID, *, hold: bool = False) -> tuple[Document, Version]:
    """The document with its newest version. hold: nobody else changes it meanwhile."""
    found = queries.document(current().id, document_id, hold=hold)
    newest = queries.newest(document_id) if found else None
    if found is None or newest is None:
        abort(404)
    return found, newest


def may_change(document: Document) -> bool:
    """Whether who is at the desk may change this document."""
    return permissions.may_change(somebody(), document)


def sent_number(name: str = "number") -> int:
    """The number of a version that a form carries; -1 where it carries none."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


def state_words(state: str) -> str:
    """What state a version is in."""
    return {
        "draft": _("Draft"),
        "review": _("For a colleague to read"),
        "published": _("Public"),
        "retired": _("Not public any more"),
    }.get(state, state)
