"""Somebody would like to act for a person: they say whom in their own words, and an officer finds out who is meant.

What is answered is the same whether the council supports such a person or not.
"""

import datetime as dt

import sqlalchemy as sa

from portal import audit
from portal.accounts import mandate_letters, mandates
from portal.accounts.granting import By
from portal.accounts.mandates import Moment, Terms, Who
from portal.accounts.models import Asking, Mandate, Person
from portal.accounts.signing_in import SignedIn
from portal.councils.models import Council
from portal.db import db
from portal.errors import Refusal
from portal.i18n import _

# So many may wait for an answer at once: enough for a family, too few to fill the council's desk.
MOST_WAITING = 3
_ASKED = audit.declare("asking.asked", "asking")
_TAKEN = audit.declare("asking.taken", "asking", "mandate")
_REFUSED = audit.declare("asking.refused", "asking", personal=("why",))


def ask(user: SignedIn, council: Council, asking: Asking, now: dt.datetime) -> None:
    """It waits for an officer. asking: with the person's name, what is known of them, the grounds and the scope."""
    waiting = sa.select(sa.func.count(Asking.id)).where(
        Asking.asked_by_id == user.id, Asking.council_id == council.id, Asking.settled_at.is_(None)
    )
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise Refusal(_("You have asked already, and the council has not answered yet. Please ring us."))
    asking.council_id, asking.asked_by_id, asking.asked_at = council.id, user.id, now
    db.session.add(asking)
    db.session.flush()
    _note(_ASKED, asking, user.actor, now)


def take(asking: Asking, person: Person, terms: Terms, at: Moment) -> Mandate:
    """The officer knows whom they mean: it is a mandate that they have asked for, and waits to be granted."""
    _not_oneself(asking, at.by)
    asked_by = By(asking.asked_by_id, f"user:{asking.asked_by_id}", asking.asked_by.name)
    made = mandates.ask(person, Who(asking.asked_by), terms, Moment(at.council, asked_by, at.now, at.today))
    asking.settled_by_id, asking.settled_at, asking.mandate_id = at.by.id, at.now, made.id
    _note(_TAKEN, asking, at.by.actor, at.now, mandate=str(made.id))
    return made


def refuse(asking: Asking, why: str, at: Moment) -> None:
    """Nothing comes of it, and whoever asked is told why."""
    _not_oneself(asking, at.by)
    if not why.strip():
        raise Refusal(_("Say why not"), field="why", status=422)
    asking.settled_by_id, asking.settled_at, asking.refusal = at.by.id, at.now, why.strip()
    _note(_REFUSED, asking, at.by.actor, at.now, personal={"why": asking.refusal})
    mandate_letters.tell_refused(asking, at.council, at.now)


def _not_oneself(asking: Asking, by: By) -> None:
    if by.id is None or by.id == asking.asked_by_id:
        raise Refusal(_("Nobody decides about what they are part of. Ask a colleague."))


def _note(
    action: audit.Action,
    asking: Asking,
    actor: str,
    now: dt.datetime,
    personal: dict[str, str] | None = None,
    **facts: str,
) -> None:
    subject, council_id = f"user:{asking.asked_by_id}", asking.council_id
    about = {"asking": str(asking.id), **facts}
    audit.record(action, subject, actor=actor, now=now, council_id=council_id, personal=personal, **about)
