"""People whom the council supports: written down by an officer, and joined to an account of their own if they have one.

Nobody joins or parts themselves, and nobody who acts for a person becomes that person.
"""

import datetime as dt

import sqlalchemy as sa

from portal import audit
from portal.accounts import acting, granting
from portal.accounts.granting import By
from portal.accounts.models import Mandate, Person, User
from portal.accounts.signing_in import SignedIn
from portal.councils.models import Council
from portal.db import db
from portal.errors import Refusal
from portal.i18n import _

_ADDED = audit.declare("person.added", personal=("name", "reference"))
_CHANGED = audit.declare("person.changed", personal=("name", "reference"))
_JOINED = audit.declare("person.joined", "account")
_PARTED = audit.declare("person.parted", "account")
_LOOKED = audit.declare("person.looked_at")


def add(council: Council, name: str, reference: str, *, by: By, now: dt.datetime) -> Person:
    """The council supports them. They have no account."""
    _check_reference(council, reference)
    made = Person(council_id=council.id, name=name, reference=reference, created_at=now)
    db.session.add(made)
    db.session.flush()
    _note(_ADDED, made, by, now, {"name": name, "reference": reference})
    return made


def correct(person: Person, council: Council, name: str, reference: str, *, by: By, now: dt.datetime) -> None:
    """They are called this, and have this reference, from now on."""
    if by.id == person.user_id:
        raise _not_oneself()
    if reference != person.reference:
        _check_reference(council, reference)
    person.name, person.reference = name, reference
    _note(_CHANGED, person, by, now, {"name": name, "reference": reference})


def _check_reference(council: Council, reference: str) -> None:
    """Nobody else of this council's has it. Raises Refusal."""
    taken = sa.exists().where(Person.council_id == council.id, Person.reference == reference)
    if reference and db.session.scalar(sa.select(taken)):
        raise Refusal(_("Somebody else has that reference"), field="reference", status=422)


def join(person: Person, email: str, council: Council, *, by: By, now: dt.datetime) -> None:
    """They have an account: an invitation is on its way, or, where there was one, a mail that says so."""
    acting.hold(person.id)
    if person.user_id is not None:
        raise Refusal(_("They have an account already. Take that away first, if it is the wrong one."))
    user = granting.found_or_new(email, person.name, now)
    if by.id is None or by.id == user.id:
        raise _not_oneself()
    _check_account(person, user)
    person.user = user
    db.session.flush()
    _note(_JOINED, person, by, now, account=f"user:{user.id}")
    granting.invite(user, council, _("see what is kept about you here"), by=by, now=now)


def _check_account(person: Person, user: User) -> None:
    """It can be this person's own. Raises Refusal."""
    other = sa.exists().where(Person.council_id == person.council_id, Person.user_id == user.id)
    if db.session.scalar(sa.select(other)):
        raise Refusal(_("That account is another person’s"), field="email", status=422)
    acts = sa.exists().where(Mandate.person_id == person.id, Mandate.representative_id == user.id)
    if db.session.scalar(sa.select(acts)):
        words = _("That account is for somebody who acts, or acted, for this person")
        raise Refusal(words, field="email", status=422)


def part(person: Person, *, by: By, now: dt.datetime) -> None:
    """The account is theirs no more, and sees nothing of them from the next click on."""
    if person.user_id is None:
        raise Refusal(_("They have no account."))
    if by.id == person.user_id:
        raise _not_oneself()
    _note(_PARTED, person, by, now, account=f"user:{person.user_id}")
    person.user = None


def _not_oneself() -> Refusal:
    return Refusal(_("Nobody does this for themselves. Ask a colleague."), field="email")


def look(person: Person, user: SignedIn, now: dt.datetime, on_behalf_of: str | None = None) -> None:
    """It is noted, before the page is shown, that somebody other than the person looks at what is kept of them."""
    audit.read(
        _LOOKED,
        f"person:{person.id}",
        actor=user.actor,
        now=now,
        council_id=person.council_id,
        on_behalf_of=on_behalf_of,
    )


def _note(
    action: audit.Action,
    person: Person,
    by: By,
    now: dt.datetime,
    personal: dict[str, str] | None = None,
    **facts: str,
) -> None:
    audit.record(
        action,
        f"person:{person.id}",
        actor=by.actor,
        now=now,
        council_id=person.council_id,
        personal=personal,
        **facts,
    )
