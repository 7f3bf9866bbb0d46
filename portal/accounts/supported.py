"""People whom the council supports: written down by an officer, and joined to an account of their own if they have one.

Whoever has that account sees everything: one officer makes sure whose it is, and another agrees. Nobody
joins or parts themselves, and nobody who acts for a person becomes that person.
"""

import datetime as dt
import uuid

import sqlalchemy as sa

from portal import audit
from portal.accounts import acting, granting, queries
from portal.accounts.granting import By
from portal.accounts.models import Joining, Mandate, Person, User
from portal.accounts.signing_in import SignedIn
from portal.councils.models import Council
from portal.db import db
from portal.errors import Refusal
from portal.i18n import _

_ADDED = audit.declare("person.added", personal=("name", "reference"))
_CHANGED = audit.declare("person.changed", personal=("name", "reference"))
_JOIN_ASKED = audit.declare("person.join_asked", personal=("evidence",))
_JOIN_REFUSED = audit.declare("person.join_refused", personal=("why",))
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


def ask_join(person: Person, email: str, evidence: str, *, by: By, now: dt.datetime) -> Joining:
    """One officer has made sure that this account is the person's own; nothing opens before another agrees.

    Whoever reads mail there is told once both have: an address that is wrong learns nothing.
    """
    acting.hold(person.id)
    _check_no_account(person)
    if queries.joining_of(person.id):
        raise Refusal(_("Somebody has asked for that already. Another officer has to agree."))
    _check_account(person, queries.by_email(email), by)
    made = Joining(council_id=person.council_id, person_id=person.id, email=email.strip().lower())
    made.evidence, made.asked_by_id, made.asked_at = evidence, by.id or _nobody(), now
    db.session.add(made)
    db.session.flush()
    _note(_JOIN_ASKED, person, by, now, {"evidence": evidence})
    return made


def approve_join(joining: Joining, council: Council, *, by: By, now: dt.datetime) -> None:
    """Another officer agrees: they are invited to the account; where there is one, a mail says that it is joined."""
    _check_open(joining)
    if by.id is None or by.id == joining.asked_by_id:
        raise Refusal(_("Another officer has to agree: not the one who asked."))
    _check_no_account(joining.person)
    _check_account(joining.person, queries.by_email(joining.email), by)
    user = granting.found_or_new(joining.email, joining.person.name, now)
    joining.person.user = user
    _settle(joining, "approved", by, now)
    _note(_JOINED, joining.person, by, now, account=f"user:{user.id}")
    granting.invite(user, council, _("see what is kept about you here"), by=by, now=now)


def refuse_join(joining: Joining, why: str, *, by: By, now: dt.datetime) -> None:
    """Nothing comes of it. Whoever asked may take it back so, too."""
    _check_open(joining)
    _settle(joining, "refused", by, now)
    _note(_JOIN_REFUSED, joining.person, by, now, {"why": why})


def _settle(joining: Joining, state: str, by: By, now: dt.datetime) -> None:
    joining.state, joining.settled_by_id, joining.settled_at = state, by.id or _nobody(), now
    db.session.flush()


def _nobody() -> uuid.UUID:
    raise ValueError("an officer does this, from their own account")


def _check_open(joining: Joining) -> None:
    if joining.state != "asked":
        raise Refusal(_("That has been settled already."))


def _check_no_account(person: Person) -> None:
    if person.user_id is not None:
        raise Refusal(_("They have an account already. Take that away first, if it is the wrong one."))


def _check_account(person: Person, user: User | None, by: By) -> None:
    """It can be this person's own. Raises Refusal."""
    if user is None:
        return
    if by.id == user.id:
        raise _not_oneself()
    if user.state == "closed":
        raise Refusal(_("That account has been closed."), field="email", status=422)
    other = sa.exists().where(Person.council_id == person.council_id, Person.user_id == user.id)
    if db.session.scalar(sa.select(other)):
        raise Refusal(_("That account is another person’s"), field="email", status=422)
    acts = sa.exists().where(Mandate.person_id == person.id, Mandate.representative_id == user.id)
    if db.session.scalar(sa.select(acts)):
        words = _("That account is for somebody who acts, or acted, for this person")
        raise Refusal(words, field="email", status=422)


def held(council_id: uuid.UUID | None, joining_id: uuid.UUID) -> Joining | None:
    """One of this council's that waits, as it is now; nobody else settles it until the transaction ends."""
    found = queries.joining(council_id, joining_id)
    if found is None:
        return None
    acting.hold(found.person_id)
    db.session.refresh(found)
    return found if found.state == "asked" else None


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
