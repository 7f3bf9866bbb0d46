"""Who may do what: roles for a council, parts in a provider's organisation, and the invitations that bring people in.

Nobody changes their own. A council never loses its last administrator, nor a provider its last owner. What ends, ends
at once: the person is signed out everywhere.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal import audit, letters
from portal.accounts import actions, links, queries
from portal.accounts.models import MEMBERSHIPS, ROLES, Membership, Role, User
from portal.db import db
from portal.errors import Refusal
from portal.i18n import _

_GRANTED = audit.declare("role.granted", "role")
_ENDED = audit.declare("role.ended", "role")
_TAKEN_IN = audit.declare("membership.granted", "membership", "organisation")
_LEFT = audit.declare("membership.ended", "membership", "organisation")


@dataclass(frozen=True)
class By:
    """Who grants or ends it. id: their account; None from the command line or for the demonstration."""

    id: uuid.UUID | None
    actor: str
    name: str = ""


def found_or_new(email: str, name: str, now: dt.datetime) -> User:
    """The account of this address; one that waits for its person where there was none."""
    user = queries.by_email(email)
    if user is None:
        user = User(email=email.strip().lower(), name=name, state="invited", created_at=now)
        db.session.add(user)
        db.session.flush()
    if user.state == "closed":
        raise Refusal(_("That account has been closed."), field="email", status=422)
    return user


def grant_role(user: User, council: actions.Council, kind: str, *, by: By, now: dt.datetime) -> Role:
    """They do this for the council from now on. Raises Refusal where they do already, or it is oneself."""
    if kind not in ROLES:
        raise Refusal(_("Choose what they will do"), field="role", status=422)
    _not_oneself(user.id, by)
    if any(role.kind == kind for role in _roles(user.id, council.id)):
        raise Refusal(_("They do that already"), field="role", status=422)
    role = Role(user_id=user.id, council_id=council.id, kind=kind, granted_by_id=by.id, granted_at=now)
    db.session.add(role)
    audit.record(_GRANTED, f"user:{user.id}", actor=by.actor, now=now, council_id=council.id, role=kind)
    db.session.flush()
    return role


def end_role(role: Role, council: actions.Council, *, by: By, now: dt.datetime) -> None:
    """They do it no more, and are signed out everywhere, at once."""
    _not_oneself(role.user_id, by)
    if role.kind == "administrator" and len(administrators(council.id)) == 1:
        raise Refusal(_("This is the council’s only administrator. Add another before you end this one."))
    role.ended_at = now
    audit.record(
        _ENDED, f"user:{role.user_id}", actor=by.actor, now=now, council_id=council.id, role=role.kind
    )
    actions.end_sign_ins(role.user_id, now)


def _not_oneself(user_id: uuid.UUID, by: By) -> None:
    if by.id == user_id:
        raise Refusal(_("Nobody changes what they may do themselves. Ask another administrator."))


def _roles(user_id: uuid.UUID, council_id: uuid.UUID) -> Sequence[Role]:
    return db.session.scalars(
        sa.select(Role).where(Role.user_id == user_id, Role.council_id == council_id, Role.ended_at.is_(None))
    ).all()


def administrators(council_id: uuid.UUID) -> Sequence[Role]:
    """The council's administrators; the rows are held until the transaction ends, so that two cannot both be last."""
    return db.session.scalars(
        sa.select(Role)
        .join(User, User.id == Role.user_id)
        .where(
            Role.council_id == council_id,
            Role.kind == "administrator",
            Role.ended_at.is_(None),
            User.state == "active",
        )
        .with_for_update(of=Role)
    ).all()


def people(council_id: uuid.UUID) -> Sequence[Role]:
    """Everybody who works for the council, with what they do, by name."""
    return db.session.scalars(
        sa.select(Role)
        .join(User, User.id == Role.user_id)
        .options(joinedload(Role.user))
        .where(Role.council_id == council_id, Role.ended_at.is_(None))
        .order_by(User.name, User.email, Role.kind)
    ).all()


def role(council_id: uuid.UUID, role_id: uuid.UUID) -> Role | None:
    """A part that somebody plays for this council now."""
    found = db.session.get(Role, role_id)
    return found if found and found.council_id == council_id and found.ended_at is None else None


def take_in(user: User, organisation_id: uuid.UUID, kind: str, *, by: By, now: dt.datetime) -> Membership:
    """They have this part in the provider's organisation from now on; an older part of theirs in it ends."""
    if kind not in MEMBERSHIPS:
        raise Refusal(_("Choose what they will do"), field="part", status=422)
    _not_oneself(user.id, by)
    older = _membership(user.id, organisation_id)
    if older and older.kind == kind:
        raise Refusal(_("They do that already"), field="part", status=422)
    if older:
        end_membership(older, by=by, now=now)
        db.session.flush()
    made = Membership(
        user_id=user.id,
        organisation_id=organisation_id,
        kind=kind,
        granted_by_id=by.id,
        granted_at=now,
    )
    db.session.add(made)
    _note(_TAKEN_IN, made, by, now)
    db.session.flush()
    return made


def end_membership(membership: Membership, *, by: By, now: dt.datetime) -> None:
    """They have no part in the organisation any more, and are signed out everywhere, at once."""
    _not_oneself(membership.user_id, by)
    if membership.kind == "owner" and len(_owners(membership.organisation_id)) == 1:
        raise Refusal(_("This is the only owner. Add another before you end this one."))
    membership.ended_at = now
    _note(_LEFT, membership, by, now)
    actions.end_sign_ins(membership.user_id, now)


def _note(action: audit.Action, membership: Membership, by: By, now: dt.datetime) -> None:
    audit.record(
        action,
        f"user:{membership.user_id}",
        actor=by.actor,
        now=now,
        membership=membership.kind,
        organisation=str(membership.organisation_id),
    )


def _membership(user_id: uuid.UUID, organisation_id: uuid.UUID) -> Membership | None:
    return db.session.scalar(
        sa.select(Membership).where(
            Membership.user_id == user_id,
            Membership.organisation_id == organisation_id,
            Membership.ended_at.is_(None),
        )
    )


def _owners(organisation_id: uuid.UUID) -> Sequence[Membership]:
    return [m for m in staff([organisation_id], hold=True) if m.kind == "owner"]


def staff(organisation_ids: Sequence[uuid.UUID], *, hold: bool = False) -> Sequence[Membership]:
    """Everybody with a part in these organisations, by name. hold: nobody else changes them meanwhile."""
    asked = (
        sa.select(Membership)
        .join(User, User.id == Membership.user_id)
        .options(joinedload(Membership.user, innerjoin=True))
        .where(Membership.organisation_id.in_(organisation_ids), Membership.ended_at.is_(None))
        .order_by(User.name, User.email)
    )
    return db.session.scalars(asked.with_for_update(of=Membership) if hold else asked).all()


def membership(organisation_ids: Sequence[uuid.UUID], membership_id: uuid.UUID) -> Membership | None:
    """A part that somebody has now in one of these organisations."""
    found = db.session.get(Membership, membership_id)
    there = found is not None and found.organisation_id in organisation_ids and found.ended_at is None
    return found if there else None


def invite(user: User, council: actions.Council, what: str, *, by: By, now: dt.datetime) -> str:
    """The token of their invitation, which is in the mail to them; "" where they have an account: a mail says so.

    what: what they will do, in words.
    """
    facts: dict[str, Any] = {
        "council": council,
        "now": now,
        "language": user.language,
        "what": what,
        "by": by.name,
    }
    if user.state == "active":
        letters.write(user.email, "accounts/mail/taken_in.txt", **facts)
        return ""
    token = links.make("invitation", user, now, {"name": user.name})
    letters.write(user.email, "accounts/mail/invitation.txt", token=token, **facts)
    return token
