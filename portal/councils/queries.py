"""Which councils there are, and whose site a host name is."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.councils.models import Council, CouncilHost
from portal.db import db


def for_host(host: str) -> Council | None:
    """The council whose host name this is; the default council for a name nobody knows; None before any is added."""
    name = host.partition(":")[0].lower().rstrip(".")
    whole = sa.select(Council).options(joinedload(Council.areas))
    of_host = whole.join(CouncilHost).where(CouncilHost.host == name)
    # Areas come with the council, a row each: ordered, the first council's rows are the first.
    instead = whole.order_by(Council.is_default.desc(), Council.key)
    return db.session.scalars(of_host).unique().first() or db.session.scalars(instead).unique().first()


def by_key(key: str) -> Council | None:
    """The council of this key."""
    return db.session.scalar(
        sa.select(Council).options(selectinload(Council.areas)).where(Council.key == key)
    )


def every() -> list[Council]:
    """All councils on the site, by name."""
    return list(
        db.session.scalars(sa.select(Council).options(selectinload(Council.hosts)).order_by(Council.name))
    )


def is_default(council_id: uuid.UUID | None) -> bool:
    """Whether it is the council that the site falls back to."""
    asked = sa.select(Council.is_default).where(Council.id == council_id)
    return council_id is not None and bool(db.session.scalar(asked))
