"""Who writes documents. The library that all councils share is kept by the editors of the site's first council."""

import uuid
from typing import Any

from portal.councils import queries as councils
from portal.editorial import queries
from portal.editorial.models import Document


def may_write(user: Any, **_of: Any) -> bool:
    """The council's editors write its documents, and its words over parts of shared ones."""
    return "editor" in user.roles


def may_keep_library(user: Any, **_of: Any) -> bool:
    """Editors of the council that the site falls back to keep what all councils share."""
    return "editor" in user.roles and councils.is_default(user.council_id)


def may_read_document(user: Any, document_id: uuid.UUID, **_of: Any) -> bool:
    """Editors, for their own council's documents and the library."""
    return "editor" in user.roles and queries.document(user.council_id, document_id) is not None


def may_change(user: Any, document: Document) -> bool:
    """Whether somebody may change this very document."""
    return document.council_id is not None or may_keep_library(user)


def may_change_document(user: Any, document_id: uuid.UUID, **_of: Any) -> bool:
    """Editors, for their own council's documents; for the library those who keep it."""
    if "editor" not in user.roles:
        return False
    document = queries.document(user.council_id, document_id)
    return document is not None and may_change(user, document)


def may_lay_words_over(user: Any, document_id: uuid.UUID, **_of: Any) -> bool:
    """Editors, for documents of the library."""
    if "editor" not in user.roles:
        return False
    document = queries.document(user.council_id, document_id)
    return document is not None and document.council_id is None
