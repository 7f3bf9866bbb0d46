"""Who may act for whom: asked for by either side, granted by one officer, approved by another, ended at once.

Nobody decides about a mandate by which they, or their organisation, are to act, nor one for themselves. More power,
which other limits or later days are too, always takes two officers; less takes one person and one moment.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from portal import audit, registry
from portal.accounts import acting, mandate_letters, mandate_telling, queries
from portal.accounts.granting import By
from portal.accounts.models import BASES, SCOPES, Agreement, Mandate, Person, TrustCircle, User
from portal.accounts.signing_in import SignedIn
from portal.councils.models import Council
from portal.db import db
from portal.errors import Refusal
from portal.i18n import _

_TERMS = ("basis", "scope", "payment_limit", "month_limit", "starts_on", "ends_on")
_ASKED = audit.declare("mandate.asked", "mandate", "who", *_TERMS, personal=("name",))
_GRANTED = audit.declare("mandate.granted", "mandate", personal=("name", "evidence"))
_CHANGED = audit.declare(
    "mandate.change_granted", "mandate", "replaces", *_TERMS, personal=("name", "evidence")
)
_APPROVED = audit.declare("mandate.approved", "mandate", "replaces", personal=("name",))
_REFUSED = audit.declare("mandate.refused", "mandate", personal=("name", "why"))
_ENDED = audit.declare("mandate.ended", "mandate", "side", personal=("name", "why"))
_AGREED = audit.declare("circle.agreed", "mandate", "what", personal=("name",))
# A circle of more is a meeting.
MOST_NEEDED = 12


@dataclass(frozen=True)
class Who:
    """The one who is to act: somebody with an account, or an organisation that looks after people's money."""

    user: User | None = None
    organisation_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Terms:
    """What a mandate is for. Limits are pence; none: no limit. The days are inclusive. needed: of a trust circle."""

    basis: str
    scope: str
    starts_on: dt.date
    ends_on: dt.date | None = None
    payment_limit_pence: int | None = None
    month_limit_pence: int | None = None
    needed: int | None = None


@dataclass(frozen=True)
class Moment:
    """When, on whose site, and by whom something is done."""

    council: Council
    by: By
    now: dt.datetime
    today: dt.date


def ask(person: Person, who: Who, terms: Terms, at: Moment) -> Mandate:
    """It waits for an officer to grant it. Raises Refusal, and changes nothing, where the terms do not hold."""
    _check_terms(terms, at.today)
    _check_who(person, who, terms.basis)
    acting.hold(person.id)
    if acting.open_of(person.id, who.user.id if who.user else None, who.organisation_id):
        raise Refusal(
            _("They may act already, or it has been asked for. See what there is, and change that."),
            field="email",
            status=422,
        )
    made = _new(person, who, terms, at)
    made.circle = _circle(person, terms) if terms.basis == "trust_circle" else None
    db.session.add(made)
    db.session.flush()
    _note(_ASKED, made, at, who=_who(made), **_terms_of(made))
    mandate_letters.tell("asked", made, at.council, at.now)
    return made


def _new(person: Person, who: Who, terms: Terms, at: Moment) -> Mandate:
    if at.by.id is None:
        raise ValueError("a mandate is asked for by somebody")
    return Mandate(
        council_id=person.council_id,
        person=person,
        representative=who.user,
        organisation_id=who.organisation_id,
        basis=terms.basis,
        scope=terms.scope,
        payment_limit_pence=terms.payment_limit_pence,
        month_limit_pence=terms.month_limit_pence,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        state="asked",
        asked_by_id=at.by.id,
        asked_at=at.now,
    )


def _circle(person: Person, terms: Terms) -> TrustCircle:
    """The person's circle: the one there is, with its own number, or a new one."""
    there = acting.circle_of(person.id)
    if there is None:
        _check_needed(terms.needed or 0)
        return TrustCircle(person_id=person.id, needed=terms.needed)
    if terms.needed not in (None, there.needed):
        words = _("There is a trust circle already, in which %(number)s must agree.", number=there.needed)
        raise Refusal(words, field="needed", status=422)
    return there


def _check_needed(needed: int) -> None:
    if not 1 <= needed <= MOST_NEEDED:
        words = _("Type how many must agree: a number from 1 to %(most)s", most=MOST_NEEDED)
        raise Refusal(words, field="needed", status=422)


def _check_terms(terms: Terms, today: dt.date) -> None:
    """They make sense. Raises Refusal beside the field that does not."""
    if terms.basis not in BASES:
        raise Refusal(_("Choose on what grounds they act"), field="basis", status=422)
    if terms.scope not in SCOPES:
        raise Refusal(_("Choose what they may do"), field="scope", status=422)
    if terms.ends_on and terms.ends_on < max(terms.starts_on, today):
        words = _("Type a last day that is still to come, and not before the first")
        raise Refusal(words, field="ends_on", status=422)
    _check_limits(terms.payment_limit_pence, terms.month_limit_pence)


def _check_limits(payment: int | None, month: int | None) -> None:
    for field, pence in (("payment_limit", payment), ("month_limit", month)):
        if pence is not None and pence < 0:
            raise Refusal(_("Type an amount of nothing or more"), field=field, status=422)
    if payment is not None and month is not None and month < payment:
        words = _("Type a limit for a month that is at least the one for a payment")
        raise Refusal(words, field="month_limit", status=422)


def _check_who(person: Person, who: Who, basis: str) -> None:
    """Whoever is to act is somebody else, and of the kind that the grounds are for."""
    if (basis == "managed") != (who.organisation_id is not None):
        words = _("A managed account is for an organisation, and nothing else is")
        raise Refusal(words, field="basis", status=422)
    if who.user is not None and who.user.id == person.user_id:
        raise Refusal(_("Nobody needs leave to act for themselves"), field="email", status=422)
    if who.user is not None and who.user.state == "closed":
        raise Refusal(_("That account has been closed."), field="email", status=422)


def organisation_run_by(email: str, name: str) -> uuid.UUID:
    """The organisation that whoever has this address owns or manages. name: which, where they run several."""
    user = queries.by_email(email)
    known = registry.names("organisation", list(acting.owned_by(user.id))) if user else {}
    if not known:
        raise Refusal(_("Nobody with that address runs an organisation here"), field="email", status=422)
    meant = [one for one, called in known.items() if called.casefold() == name.strip().casefold()]
    if len(known) > 1 and len(meant) != 1:
        words = _("They run several. Type the name of one: %(names)s", names="; ".join(known.values()))
        raise Refusal(words, field="name", status=422)
    return meant[0] if len(known) > 1 else next(iter(known))


# What officers do


def grant(mandate: Mandate, evidence: str, at: Moment) -> None:
    """The first officer has seen the papers; another has to approve. evidence: where they are."""
    _officer(mandate, at.by)
    _in_state(mandate, "asked")
    mandate.evidence = _said(evidence, _("Say where the papers are that show it"), "evidence")
    mandate.state, mandate.granted_by_id, mandate.granted_at = "granted", at.by.id, at.now
    _note(_GRANTED, mandate, at, personal={"evidence": mandate.evidence})
    mandate_letters.tell("granted", mandate, at.council, at.now)


def approve(mandate: Mandate, at: Moment) -> None:
    """The second officer agrees: it holds from its first day. What it takes the place of ends in the same moment."""
    _officer(mandate, at.by)
    _in_state(mandate, "granted")
    if at.by.id == mandate.granted_by_id:
        raise Refusal(_("You have granted this. Another officer has to approve it."))
    if mandate.ends_on and mandate.ends_on < at.today:
        raise Refusal(_("Its last day is over. Refuse it, and ask for a new one."))
    older = acting.held(mandate.council_id, mandate.replaces_id) if mandate.replaces_id else None
    if older and older.state == "active":
        _ended(older, "changed", "", at)
    mandate.state, mandate.approved_by_id, mandate.approved_at = "active", at.by.id, at.now
    _note(_APPROVED, mandate, at, replaces=str(older.id) if older else None)
    mandate_letters.tell("changed" if older else "approved", mandate, at.council, at.now)


def refuse(mandate: Mandate, why: str, at: Moment) -> None:
    """Nothing comes of it, and both sides are told why."""
    _officer(mandate, at.by)
    _in_state(mandate, "asked", "granted")
    mandate.end_reason = _said(why, _("Say why not"), "why")
    mandate.state, mandate.ended_by_id, mandate.ended_at = "refused", at.by.id, at.now
    _note(_REFUSED, mandate, at, personal={"why": mandate.end_reason})
    mandate_letters.tell("refused", mandate, at.council, at.now, why=mandate.end_reason)


def change(mandate: Mandate, terms: Terms, evidence: str, at: Moment) -> Mandate:
    """One with other limits, days or scope waits for a second officer; until then the old one holds."""
    _officer(mandate, at.by)
    _in_state(mandate, "active")
    terms = replace(terms, basis=mandate.basis, needed=None)
    _check_terms(terms, at.today)
    if terms.starts_on > max(at.today, mandate.starts_on):
        words = _(
            "Type a first day that is not later than today: nobody must be left without help in between"
        )
        raise Refusal(words, field="starts_on", status=422)
    if acting.replacement_of(mandate.id):
        raise Refusal(_("Another change of it waits already. Approve or refuse that first."))
    made = _new(mandate.person, Who(mandate.representative, mandate.organisation_id), terms, at)
    made.circle, made.replaces_id = mandate.circle, mandate.id
    made.evidence = _said(evidence, _("Say where the papers are that show it"), "evidence")
    made.state, made.granted_by_id, made.granted_at = "granted", at.by.id, at.now
    db.session.add(made)
    db.session.flush()
    facts = {"replaces": str(mandate.id), **_terms_of(made)}
    _note(_CHANGED, made, at, personal={"evidence": made.evidence}, **facts)
    mandate_letters.tell("change_granted", made, at.council, at.now)
    return made


def _officer(mandate: Mandate, by: By) -> None:
    """Whoever decides is neither the one who is to act, nor the person themselves. Raises Refusal."""
    if by.id is None or by.id in (mandate.representative_id, mandate.person.user_id):
        raise Refusal(_("Nobody decides about what they are part of. Ask a colleague."))
    if mandate.organisation_id and acting.belongs_to(by.id, mandate.organisation_id):
        raise Refusal(_("Nobody decides about what they are part of. Ask a colleague."))


def _in_state(mandate: Mandate, *states: str) -> None:
    if mandate.state not in states:
        raise Refusal(_("That has been settled already. Look at it again to see how."))


def _said(words: str, otherwise: str, field: str) -> str:
    if not words.strip():
        raise Refusal(otherwise, field=field, status=422)
    return words.strip()


# The end


def end(mandate: Mandate, why: str, at: Moment, *, side: str) -> None:
    """It is over, at once; what waited to take its place comes to nothing. side: person, representative or officer.

    An officer says why. The person and who acts for them need not: nobody owes anybody a reason.
    """
    _in_state(mandate, "asked", "granted", "active")
    if side == "officer":
        why = _said(why, _("Say why it ends"), "why")
    step = "ended" if mandate.state == "active" else "withdrawn"
    _ended(mandate, side, why.strip(), at)
    mandate_letters.tell(step, mandate, at.council, at.now, why=why.strip())
    waiting = acting.replacement_of(mandate.id)
    if waiting:
        _ended(waiting, side, "", at)


def side_of(mandate: Mandate, user_id: uuid.UUID) -> str:
    """Whose part somebody takes who ends a mandate of theirs."""
    return "person" if mandate.person.user_id == user_id else "representative"


def _ended(mandate: Mandate, side: str, why: str, at: Moment) -> None:
    mandate.state, mandate.ended_at, mandate.ended_by_id = "ended", at.now, at.by.id
    mandate.end_reason = why
    behalf = f"person:{mandate.person_id}" if side == "representative" else None
    _note(_ENDED, mandate, at, personal={"why": why}, on_behalf_of=behalf, side=side)


def end_past(now: dt.datetime, today: dt.date) -> int:
    """How many whose last day is over have ended. They allowed nothing any more in any case."""
    over = sa.select(Mandate.council_id, Mandate.id).where(Mandate.state == "active", Mandate.ends_on < today)
    found = db.session.execute(over.order_by(Mandate.person_id, Mandate.id)).all()
    return sum(_end_past(acting.held(*row), now, today) for row in found)


def _end_past(mandate: Mandate | None, now: dt.datetime, today: dt.date) -> bool:
    if mandate is None or mandate.state != "active" or mandate.ends_on is None or mandate.ends_on >= today:
        return False  # somebody was quicker
    at = Moment(db.session.get_one(Council, mandate.council_id), By(None, "site"), now, today)
    _ended(mandate, "date", "", at)
    mandate_letters.tell("ran_out", mandate, at.council, now)
    return True


# Trust circles


@dataclass(frozen=True)
class Matter:
    """What a circle decides about. what: its kind and id, "invoice:<id>". pence: where it is about a payment."""

    what: str
    scope: str = "approve"
    pence: int | None = None


def agree(user: SignedIn, person: Person, matter: Matter, at: Moment, *, month_pence: int = 0) -> bool:
    """They agree, as one of the person's trust circle. True when enough of the circle do, here and now.

    Raises Refusal where their mandate does not let them. Agreeing twice counts once.
    """
    acting.hold(person.id)
    mine = acting.allowing(user, person, matter.scope, at.today, matter.pence, month_pence)
    mandate = next((one for one in mine if one.circle is not None), None)
    if mandate is None or mandate.circle is None:
        raise Refusal(_("You may not decide about this."))
    if user.id not in {one.id for one in acting.who_agreed(mandate.circle, matter.what, at.today, "view")}:
        db.session.add(Agreement(circle_id=mandate.circle.id, what=matter.what, by_id=user.id, at=at.now))
        db.session.flush()
        _note(_AGREED, mandate, at, on_behalf_of=f"person:{person.id}", what=matter.what)
    return acting.agreed(mandate.circle, matter.what, at.today, matter.scope, matter.pence)


# The audit


def _note(
    action: audit.Action,
    mandate: Mandate,
    at: Moment,
    *,
    personal: dict[str, str] | None = None,
    on_behalf_of: str | None = None,
    **facts: Any,
) -> None:
    audit.record(
        action,
        f"person:{mandate.person_id}",
        actor=at.by.actor,
        now=at.now,
        council_id=mandate.council_id,
        on_behalf_of=on_behalf_of,
        personal={"name": mandate_telling.who(mandate), **(personal or {})},
        mandate=str(mandate.id),
        **facts,
    )


def _who(mandate: Mandate) -> str:
    organisation = f"organisation:{mandate.organisation_id}"
    return organisation if mandate.organisation_id else f"user:{mandate.representative_id}"


def _terms_of(mandate: Mandate) -> dict[str, Any]:
    return {
        "basis": mandate.basis,
        "scope": mandate.scope,
        "payment_limit": mandate.payment_limit_pence,
        "month_limit": mandate.month_limit_pence,
        "starts_on": mandate.starts_on.isoformat(),
        "ends_on": mandate.ends_on.isoformat() if mandate.ends_on else None,
    }
