"""The kinds of mail that editors have about documents, and who they are."""

import uuid

import sqlalchemy as sa

from portal import notify
from portal.accounts.models import Role, User
from portal.councils import queries as councils
from portal.councils.models import Council
from portal.db import db
from portal.i18n import _

REVIEWS = notify.declare("editorial.reviews", lambda: _("For editors: articles that must soon be read again"))
LINKS = notify.declare("editorial.links", lambda: _("For editors: links in articles that do not work"))
SCHEDULE = notify.declare(
    "editorial.schedule", lambda: _("For editors: what should have been published and could not be")
)


def editors(council: Council) -> list[str]:
    """The addresses of a council's editors; where it has none, its own."""
    asked = (
        sa.select(User.email)
        .join(Role, Role.user_id == User.id)
        .where(
            Role.council_id == council.id,
            Role.kind == "editor",
            Role.ended_at.is_(None),
            User.state == "active",
        )
        .order_by(User.email)
    )
    return list(db.session.scalars(asked)) or ([council.email] if council.email else [])


def keeper(council_id: uuid.UUID | None) -> Council | None:
    """The council that looks after a document: its own; for the library the one that the site falls back to."""
    every = councils.every()
    if council_id is not None:
        return next((one for one in every if one.id == council_id), None)
    return next((one for one in every if one.is_default), every[0] if every else None)
