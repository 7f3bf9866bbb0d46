"""People whom a council supports, whoever acts for them, and the officers who say so; made through the actions."""

import datetime as dt
import uuid
from typing import Any

from portal.accounts import granting, mandates, supported
from portal.accounts.granting import By
from portal.accounts.mandates import Moment, Terms, Who
from portal.accounts.models import Mandate, Person, User
from portal.accounts.queries import by_email, parts
from portal.accounts.signing_in import SignedIn
from portal.db import db
from tests import make
from tests.accounts import people

TODAY = make.NOW.date()
EVIDENCE = "File F-1041, page 3"


def by(user: User) -> By:
    """Somebody as the one who does it."""
    return By(user.id, f"user:{user.id}", user.name)


def at(user: User, *, of: str = "fernshire", today: dt.date = TODAY) -> Moment:
    """Somebody as the one who does it, in the tests' own moment."""
    return Moment(make.council(of), by(user), make.NOW, today)


def visiting(user: User, of: str = "fernshire") -> SignedIn:
    """Somebody as they are known while they look at a council's site, as the database has it now."""
    council_id = make.council(of).id
    roles, organisations = parts(user.id, council_id)
    return SignedIn(
        id=user.id,
        name=user.name,
        email=user.email,
        council_id=council_id,
        roles=roles,
        organisations=organisations,
        sign_in_id=uuid.UUID(int=1),
        proved_at=make.NOW,
        ends_at=make.NOW,
        idle_at=make.NOW,
        shared=False,
        how="password",
    )


def account(key: str, **more: Any) -> User:
    """The account of that name, made if it is not there."""
    return by_email(f"{key}@example.org") or people.user(key, **more)


def officer(key: str = "sam", of: str = "fernshire") -> User:
    """A care manager of a council."""
    return account(key, roles=("care_manager",), of=of)


def person(
    name: str = "Mavis", *, user: User | None = None, of: str = "fernshire", reference: str = ""
) -> Person:
    """Somebody whom a council supports; with an account if one is given. Committed."""
    made = supported.add(make.council(of), name, reference, by=people.NOBODY, now=make.NOW)
    made.user = user
    db.session.commit()
    return made


def mavis() -> Person:
    """Mavis, who has an account of her own."""
    return person("Mavis", user=account("mavis"))


def terms(basis: str = "nominated", scope: str = "approve", **more: Any) -> Terms:
    """What a mandate is for: from today on, without a limit, unless told otherwise."""
    return Terms(basis=basis, scope=scope, **{"starts_on": TODAY, **more})


def asked(
    for_: Person, who: User | uuid.UUID, wanted: Terms | None = None, *, of: str = "fernshire"
) -> Mandate:
    """A mandate that waits to be granted, asked for by an officer. Committed."""
    whom = Who(user=who) if isinstance(who, User) else Who(organisation_id=who)
    made = mandates.ask(for_, whom, wanted or terms(), at(officer(f"sam-{of}", of), of=of))
    db.session.commit()
    return made


def granted(
    for_: Person, who: User | uuid.UUID, wanted: Terms | None = None, *, of: str = "fernshire"
) -> Mandate:
    """One that waits for a second officer. Committed."""
    made = asked(for_, who, wanted, of=of)
    mandates.grant(made, EVIDENCE, at(officer(f"sam-{of}", of), of=of))
    db.session.commit()
    return made


def active(
    for_: Person, who: User | uuid.UUID, wanted: Terms | None = None, *, of: str = "fernshire"
) -> Mandate:
    """One that two officers have agreed to. Committed."""
    made = granted(for_, who, wanted, of=of)
    mandates.approve(made, at(officer(f"carla-{of}", of), of=of))
    db.session.commit()
    return made


def provider(
    key: str = "tom", part: str = "owner", name: str = "Willow & Wren Homecare"
) -> tuple[User, uuid.UUID]:
    """Somebody with a part in a provider's organisation, and its id. Committed."""
    user, organisation_id = account(key), people.organisation(name)
    granting.take_in(user, organisation_id, part, by=people.NOBODY, now=make.NOW)
    db.session.commit()
    return user, organisation_id
