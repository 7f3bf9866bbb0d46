"""Closing one's own account: at once, and for good. What is personal goes 30 days later (portal.accounts.retaining)."""

import datetime as dt
import uuid

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import orm

from portal import audit, letters, retention
from portal.accounts import actions, factors, granting, links
from portal.accounts.models import Mandate, Membership, Role, User
from portal.councils.models import Council
from portal.db import changed, db
from portal.errors import Refusal
from portal.i18n import _

_CLOSED = audit.declare("account.closed", "roles", "memberships")


def close(user: User, council: Council, now: dt.datetime) -> None:
    """Nobody signs in with it any more. Raises Refusal, with all that must be settled first."""
    _hold(user.id)
    against = retention.objections(user.id)
    if against:
        raise Refusal(" ".join(against))
    roles, memberships = _end_parts(Role, user.id, now), _end_parts(Membership, user.id, now)
    user.state, user.closed_at, user.password = "closed", now, None
    factors.remove_all(user.id)
    links.void(user.id, now)
    actions.end_sign_ins(user.id, now)
    actor = f"user:{user.id}"
    audit.record(
        _CLOSED, actor, actor=actor, now=now, council_id=council.id, roles=roles, memberships=memberships
    )
    letters.write(
        user.email,
        "accounts/mail/closed.txt",
        council=council,
        now=now,
        language=user.language,
        name=user.name,
    )


def _hold(user_id: uuid.UUID) -> None:
    """Two who are the last but one do not both go in the same moment."""
    roles = sa.select(Role.council_id).where(Role.user_id == user_id, Role.ended_at.is_(None))
    for council_id in db.session.scalars(roles.distinct().order_by(Role.council_id)).all():
        granting.administrators(council_id)
    memberships = sa.select(Membership.organisation_id)
    mine = memberships.where(Membership.user_id == user_id, Membership.ended_at.is_(None))
    granting.staff(db.session.scalars(mine).all(), hold=True)


def _end_parts(part: type[Role] | type[Membership], user_id: uuid.UUID, now: dt.datetime) -> int:
    ending = sa.update(part).where(part.user_id == user_id, part.ended_at.is_(None))
    return changed(db.session, ending.values(ended_at=now))


def objections(user_id: uuid.UUID) -> list[str]:
    """What the accounts say against it."""
    found = []
    if _is_alone(Role, Role.council_id, "administrator", user_id):
        found.append(_("You are a council’s only administrator. Let another be one first."))
    if _is_alone(Membership, Membership.organisation_id, "owner", user_id):
        found.append(
            _("You are a service’s only owner. Invite another first, or ring us to close the service.")
        )
    acting = sa.exists().where(Mandate.representative_id == user_id, Mandate.state == "active")
    if db.session.scalar(sa.select(acting)):
        found.append(
            _("You act for somebody. End that first, or ring us, so that they are not left without help.")
        )
    return found


def _is_alone(
    part: type[Role] | type[Membership],
    place: orm.InstrumentedAttribute[uuid.UUID],
    kind: str,
    user_id: uuid.UUID,
) -> bool:
    """Whether somebody is the only one of this kind at some place."""
    other = orm.aliased(part)
    where = getattr(other, place.key)
    another = (
        sa.exists()
        .where(where == place, other.kind == kind, other.ended_at.is_(None), other.user_id != user_id)
        .where(other.user_id == User.id, User.state == "active")
    )
    alone = sa.exists().where(part.user_id == user_id, part.kind == kind, part.ended_at.is_(None), ~another)
    return bool(db.session.scalar(sa.select(alone)))


def init_app(app: Flask) -> None:
    """The accounts are asked, too."""
    retention.add_objection(app, objections)
