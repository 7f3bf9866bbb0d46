"""Who somebody is, what they may do, and how they can show it."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import (
    Authenticator,
    Joining,
    Mandate,
    Membership,
    OpenIdService,
    Passkey,
    Person,
    PrintedCode,
    Role,
    SignIn,
    User,
)
from portal.db import db

# Who must show a second factor: everybody who works for a council, who decides for a provider, and who can
# come near somebody's money.
DECIDING = ("owner", "manager")
_Id = sa.SQLColumnExpression[uuid.UUID]


@dataclass(frozen=True)
class KnownBrowser:
    """A browser in which somebody signed in, as one query tells it. has_factor: a second one beside the password."""

    id: uuid.UUID
    user_id: uuid.UUID
    used_at: dt.datetime
    proved_at: dt.datetime
    ends_at: dt.datetime
    ended_at: dt.datetime | None
    shared: bool
    how: str
    name: str
    email: str
    state: str
    has_factor: bool
    needs_factor: bool


def by_email(email: str) -> User | None:
    """The account of this address, however its letters were typed."""
    return db.session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def user(user_id: uuid.UUID) -> User | None:
    """The account."""
    return db.session.get(User, user_id)


def _has_factor(user_id: _Id) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.exists().where(Authenticator.user_id == user_id, Authenticator.confirmed_at.is_not(None)),
        sa.exists().where(Passkey.user_id == user_id),
        sa.exists().where(PrintedCode.user_id == user_id, PrintedCode.used_at.is_(None)),
    )


def _needs_factor(user_id: _Id) -> sa.ColumnElement[bool]:
    deciding = Membership.kind.in_(DECIDING)
    return sa.or_(
        sa.exists().where(Role.user_id == user_id, Role.ended_at.is_(None)),
        sa.exists().where(Membership.user_id == user_id, Membership.ended_at.is_(None), deciding),
        sa.exists().where(Person.user_id == user_id),
        sa.exists().where(Mandate.representative_id == user_id, Mandate.state == "active"),
    )


def known_browser(token: str) -> KnownBrowser | None:
    """The sign-in of this token (its hash), ended ones too, and whose it is."""
    of_user = (
        User.name,
        User.email,
        User.state,
        _has_factor(User.id).label("has_factor"),
        _needs_factor(User.id).label("needs_factor"),
    )
    of_sign_in = (SignIn.id, SignIn.user_id, SignIn.used_at, SignIn.proved_at, SignIn.ends_at)
    rest = (SignIn.ended_at, SignIn.shared, SignIn.how)
    row = db.session.execute(
        sa.select(*of_sign_in, *rest, *of_user).join(User).where(SignIn.token == token)
    ).first()
    return KnownBrowser(**row._mapping) if row else None  # noqa: SLF001 - SQLAlchemy's documented name


def parts(user_id: uuid.UUID, council_id: uuid.UUID | None) -> tuple[frozenset[str], dict[uuid.UUID, str]]:
    """(what they do for this council, organisation -> what they are there), in one query."""
    no_id = sa.literal(None, sa.Uuid)
    of_council = sa.select(Role.kind, no_id.label("organisation_id")).where(
        Role.user_id == user_id, Role.council_id == council_id, Role.ended_at.is_(None)
    )
    of_provider = sa.select(Membership.kind, Membership.organisation_id).where(
        Membership.user_id == user_id, Membership.ended_at.is_(None)
    )
    rows = db.session.execute(sa.union_all(of_council, of_provider)).all()
    roles = frozenset(kind for kind, organisation_id in rows if organisation_id is None)
    return roles, {organisation_id: kind for kind, organisation_id in rows if organisation_id is not None}


def second_factor(user_id: uuid.UUID) -> tuple[bool, bool]:
    """(whether they have a second factor, whether they must have one)."""
    whose = sa.select(_has_factor(User.id), _needs_factor(User.id)).where(User.id == user_id)
    has, needs = db.session.execute(whose).one()
    return bool(has), bool(needs)


def computers(user_id: uuid.UUID, now: dt.datetime) -> Sequence[SignIn]:
    """The browsers in which they are signed in, the newest used first."""
    return db.session.scalars(
        sa.select(SignIn)
        .where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.ends_at > now)
        .order_by(SignIn.used_at.desc())
    ).all()


def openid_service(council_id: uuid.UUID) -> OpenIdService | None:
    """Where the staff of this council sign in, if that is a service of its own."""
    return db.session.get(OpenIdService, council_id)


# Accounts that are to be a supported person's own


def _joinings() -> sa.Select[Joining]:
    who = (joinedload(Joining.person, innerjoin=True), joinedload(Joining.asked_by, innerjoin=True))
    return sa.select(Joining).options(*who).where(Joining.state == "asked")


def joining_of(person_id: uuid.UUID) -> Joining | None:
    """What waits for a second officer to agree that an account is this person's own."""
    return db.session.scalar(_joinings().where(Joining.person_id == person_id))


def joinings(council_id: uuid.UUID) -> Sequence[Joining]:
    """All that waits for a second officer of the council's, the oldest first."""
    asked = _joinings().where(Joining.council_id == council_id)
    return db.session.scalars(asked.order_by(Joining.asked_at, Joining.id)).all()


def joining(council_id: uuid.UUID | None, joining_id: uuid.UUID) -> Joining | None:
    """One of this council's that waits."""
    return db.session.scalar(_joinings().where(Joining.id == joining_id, Joining.council_id == council_id))
