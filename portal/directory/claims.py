"""Claims: somebody says that they act for an organisation, and an editor, who has made sure, lets them."""

import datetime as dt

from portal import audit, letters
from portal.accounts import granting
from portal.accounts import queries as people
from portal.accounts.granting import By
from portal.councils.models import Council
from portal.db import db
from portal.directory import impartial, mailing
from portal.directory.models import Claim, Service
from portal.errors import Refusal
from portal.i18n import _

_ASKED = audit.declare("claim.asked", "organisation")
_SETTLED = audit.declare("claim.settled", "organisation", "state")


def ask(council: Council, service: Service, reason: str, *, by: By, now: dt.datetime) -> Claim:
    """The claim waits for an editor. Raises Refusal where the same person has asked already."""
    asked = db.session.query(Claim).filter_by(
        organisation_id=service.organisation_id, user_id=by.id, state="waiting"
    )
    if asked.first():
        raise Refusal(_("You have asked for this already. The council will look at it soon."))
    claim = Claim(
        council_id=council.id,
        organisation_id=service.organisation_id,
        user_id=by.id,
        service_id=service.id,
        reason=reason,
        at=now,
    )
    db.session.add(claim)
    audit.record(
        _ASKED,
        f"service:{service.id}",
        actor=by.actor,
        now=now,
        council_id=council.id,
        organisation=str(service.organisation_id),
    )
    return claim


def grant(claim: Claim, council: Council, kind: str, *, by: By, now: dt.datetime) -> None:
    """They look after the organisation's entries from now on, as its owner or manager, and a mail says so."""
    _check_waiting(claim)
    if claim.user_id == by.id:
        raise Refusal(_("You asked for this yourself, so another editor has to look at it."))
    _check_administrator(claim, council, by)
    user = people.user(claim.user_id)
    if user is None or user.state != "active":
        raise Refusal(_("That account has been closed."))
    if kind not in ("owner", "manager"):
        raise Refusal(_("Choose what they will be"), field="kind", status=422)
    granting.take_in(user, claim.organisation_id, kind, by=by, now=now)
    _settle(claim, council, "granted", by=by, now=now)


def refuse(claim: Claim, council: Council, words: str, *, by: By, now: dt.datetime) -> None:
    """Nothing comes of it, and a mail says why."""
    _check_waiting(claim)
    if not words.strip():
        raise Refusal(_("Write why not, and what they can do"), field="words", status=422)
    claim.words = words
    _settle(claim, council, "refused", by=by, now=now)


def _check_administrator(claim: Claim, council: Council, by: By) -> None:
    if by.id is None or not impartial.acts_for_people(claim.organisation_id):
        return
    if "administrator" not in people.parts(by.id, council.id)[0]:
        raise Refusal(_("This organisation acts for people, so an administrator decides who joins it."))


def _check_waiting(claim: Claim) -> None:
    if claim.state != "waiting":
        raise Refusal(_("Somebody has settled this already."))


def _settle(claim: Claim, council: Council, state: str, *, by: By, now: dt.datetime) -> None:
    claim.state, claim.settled_at, claim.settled_by_id = state, now, by.id
    audit.record(
        _SETTLED,
        f"service:{claim.service_id}" if claim.service_id else f"organisation:{claim.organisation_id}",
        actor=by.actor,
        now=now,
        council_id=council.id,
        organisation=str(claim.organisation_id),
        state=state,
    )
    letters.tell(
        mailing.ENTRIES,
        claim.user.email,
        f"directory/provider/mail/claim_{state}.txt",
        council=council,
        now=now,
        language=claim.user.language,
        name=claim.user.name,
        organisation=claim.organisation.name,
        words=claim.words,
    )
