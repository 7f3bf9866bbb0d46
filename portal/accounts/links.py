"""Links by mail: each works once, for a short time, and only when the button on its page is pressed.

A mail scanner that opens every link changes nothing. Only a hash of what stands in the mail is kept.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal import sealing
from portal.accounts.models import Link, User
from portal.db import changed, db

LASTS = {
    "invitation": dt.timedelta(days=7),
    "confirm": dt.timedelta(hours=24),
    "reset": dt.timedelta(minutes=30),
    "this_computer": dt.timedelta(minutes=30),
}


def make(kind: str, user: User, now: dt.datetime, facts: Mapping[str, Any] | None = None) -> str:
    """What stands in the mail's address. Older links of this kind for this person are worth nothing any more."""
    void(user.id, now, kind)
    token = sealing.token()
    db.session.add(
        Link(
            kind=kind,
            token=sealing.hashed(token),
            user_id=user.id,
            facts=dict(facts or {}),
            made_at=now,
            ends_at=now + LASTS[kind],
        )
    )
    return token


def find(token: str, now: dt.datetime) -> Link | None:
    """The link of this address, while it is good."""
    return db.session.scalar(
        sa.select(Link)
        .options(joinedload(Link.user))
        .where(Link.token == sealing.hashed(token), Link.used_at.is_(None), Link.ends_at > now)
    )


def use(link_id: uuid.UUID, now: dt.datetime) -> bool:
    """True for the one who uses it up; False when somebody was quicker, or it is too late."""
    mine = sa.update(Link).where(Link.id == link_id, Link.used_at.is_(None), Link.ends_at > now)
    return bool(changed(db.session, mine.values(used_at=now)))


def void(user_id: uuid.UUID, now: dt.datetime, kind: str | None = None) -> None:
    """Links that were mailed to them are worth nothing any more: all, or those of one kind."""
    theirs = sa.update(Link).where(Link.user_id == user_id, Link.used_at.is_(None))
    if kind is not None:
        theirs = theirs.where(Link.kind == kind)
    db.session.execute(theirs.values(used_at=now))
