"""A change of a listing, from the first word of it until an editor has settled it.

Nothing public changes before that. Nobody writes over anybody: a proposal knows which version it was begun from, and
where the listing has moved on since, both changes are brought together.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from portal import audit, clock, letters
from portal.accounts import granting
from portal.accounts.granting import By
from portal.councils.models import Council
from portal.db import db, new_id
from portal.directory import actions, desk_queries, freshness, impartial, mailing, merging, versions
from portal.directory.drafts import (
    ListingDraft,
    MarkDraft,
    OrganisationDraft,
    as_json,
    from_json,
)
from portal.directory.merging import Merged
from portal.directory.models import MergedService, Organisation, Proposal, Service
from portal.errors import Refusal
from portal.i18n import _, short_date

# What listings are from that were first written here.
SOURCE = "desk"
CONDUCT = "code-of-conduct"
_SENT = audit.declare("proposal.sent", "proposal")
_SETTLED = audit.declare("proposal.settled", "proposal", "state", "version")


def draft_of(proposal: Proposal) -> ListingDraft:
    """The listing as the proposal would have it."""
    return from_json(ListingDraft, proposal.draft)


def run_by(proposal: Proposal) -> OrganisationDraft | None:
    """The new organisation that a proposal tells of."""
    return from_json(OrganisationDraft, proposal.run_by) if proposal.run_by else None


def base_of(proposal: Proposal) -> ListingDraft:
    """What the proposal was begun from; an empty listing where it is a new one."""
    if proposal.service_id and proposal.base_version:
        return versions.at(proposal.service_id, proposal.base_version).draft
    return ListingDraft("", "")


def begin(
    council: Council,
    *,
    by: By,
    now: dt.datetime,
    by_editor: bool = False,
    service: Service | None = None,
    organisation_id: uuid.UUID | None = None,
) -> Proposal:
    """A proposal to write on: the one that is under way for this listing, or a new one.

    service: held, and read whole. organisation_id: who runs a new listing, where that is settled already.
    """
    going = service and desk_queries.open_proposal(service.id, by_editor=by_editor, author_id=by.id)
    if going:
        if going.state == "waiting":
            raise Refusal(
                _(
                    "A change of this entry waits for the council already. Take it back first if you want to go on."
                )
            )
        return going
    proposal = Proposal(
        id=new_id(),
        council_id=council.id,
        organisation_id=service.organisation_id if service else organisation_id,
        service_id=service.id if service else None,
        author_id=by.id,
        by_editor=by_editor,
        draft=as_json(versions.of_service(service) if service else ListingDraft("", "")),
        base_version=versions.settled(service, now) if service else 0,
        made_at=now,
        changed_at=now,
    )
    db.session.add(proposal)
    db.session.flush()
    return proposal


def save(proposal: Proposal, *, now: dt.datetime, draft: ListingDraft | None = None, **facts: Any) -> None:
    """What was written is kept. facts: other columns of the proposal. Raises Refusal once it is out of one's hands."""
    if proposal.state not in ("draft", "sent_back"):
        raise Refusal(_("This has been sent to the council. Take it back first if you want to change it."))
    if draft is not None:
        proposal.draft = as_json(draft)
    for name, value in facts.items():
        setattr(proposal, name, value)
    proposal.edition += 1
    proposal.changed_at = now


def sign(proposal: Proposal, name: str, now: dt.datetime) -> None:
    """Somebody has signed the council's code of conduct for the service."""
    draft = draft_of(proposal)
    words = _("%(name)s signed it on %(date)s", name=name, date=short_date(clock.uk_time(now).date()))
    signed = MarkDraft(CONDUCT, reference=words[:120])
    others = tuple(mark for mark in draft.marks if mark.kind != CONDUCT)
    save(proposal, now=now, draft=replace(draft, marks=(*others, signed)), signed_by=name, signed_at=now)


def send(proposal: Proposal, note: str, *, by: By, now: dt.datetime) -> None:
    """It waits for an editor. Raises Refusal where the listing could not stand."""
    save(proposal, now=now, note=note)
    actions.check_draft(draft_of(proposal))
    if proposal.organisation_id is None and not proposal.run_by:
        raise Refusal(_("Say who runs it."), field="organisation", status=422)
    proposal.state, proposal.sent_at = "waiting", now
    audit.record(
        _SENT,
        _subject(proposal),
        actor=by.actor,
        now=now,
        council_id=proposal.council_id,
        proposal=str(proposal.id),
    )


def _subject(proposal: Proposal) -> str:
    return f"service:{proposal.service_id}" if proposal.service_id else f"proposal:{proposal.id}"


def take_back(proposal: Proposal, now: dt.datetime) -> None:
    """It is its writer's again, who may go on with it."""
    if proposal.state != "waiting":
        raise Refusal(_("The council has looked at this already."))
    proposal.state, proposal.sent_at = "draft", None
    proposal.edition += 1
    proposal.changed_at = now


def withdraw(proposal: Proposal, now: dt.datetime) -> None:
    """Nothing comes of it. It is kept, so that no words are lost, and shown nowhere."""
    if proposal.state not in desk_queries.OPEN:
        raise Refusal(_("The council has looked at this already."))
    proposal.state, proposal.settled_at = "withdrawn", now


# What an editor does


def merged(proposal: Proposal, service: Service | None) -> Merged:
    """The listing as it would be: what is proposed, brought together with what others changed since it was begun."""
    mine = draft_of(proposal)
    if service is None:
        return Merged(mine, ())
    return merging.merge(base_of(proposal), mine, versions.of_service(service))


def who_else(proposal: Proposal) -> list[str]:
    """The names of those who can settle what somebody with a part in it cannot: editors, or else administrators."""
    return impartial.names(proposal, "editor") or impartial.names(proposal, "administrator")


def check_impartial(proposal: Proposal, by: By) -> None:
    """True afterwards: whoever approves has no part in what is proposed. Else Refusal."""
    if impartial.has_part(by.id, proposal):
        raise Refusal(
            _(
                "You have a part in this yourself, so somebody else has to look at it. Nothing has been done, and "
                "nothing is lost: it still waits."
            )
        )


def check_open(proposal: Proposal, edition: int) -> None:
    """True afterwards: the proposal is as it was when the page was shown, and nobody has settled it. Else Refusal."""
    waits = ("waiting", "draft") if proposal.by_editor else ("waiting",)
    if proposal.state not in waits or proposal.edition != edition:
        raise Refusal(_("This changed while you had it open. Nothing has been done. Look at it again."))


def approve(  # noqa: PLR0913 - each is said by name
    proposal: Proposal,
    council: Council,
    *,
    edition: int,
    terms: Sequence[str] | None,
    by: By,
    now: dt.datetime,
    choices: Mapping[str, str] | None = None,
    words: Mapping[str, str] | None = None,
) -> Service:
    """The listing is public, as proposed, from the next request on.

    terms: the categories and needs that the editor sets; None: as they are. choices and words: what the editor decided
    where somebody else has changed the same thing. Raises Refusal (field "merge") while that is open.
    """
    check_open(proposal, edition)
    check_impartial(proposal, by)
    service = _held(proposal)
    if service is not None:
        versions.settled(service, now)
    together = merged(proposal, service)
    draft = merging.decided(together, draft_of(proposal), choices or {}, words or {})
    if draft is None:
        raise Refusal(_("Somebody else changed the same thing. Choose what stays."), field="merge")
    saved = _publish(proposal, council, _settled(draft, service, terms, council, now), by=by, now=now)
    number = versions.note(saved, "edited" if proposal.by_editor else "approved", actor=by.actor, now=now)
    _settle(proposal, "approved", by=by, now=now, version=number)
    _make_owner(proposal, saved, by=by, now=now)
    _tell(proposal, council, "approved", now, entry=saved.name, service_id=str(saved.id))
    return saved


def _held(proposal: Proposal) -> Service | None:
    if proposal.service_id is None:
        return None
    return versions.held(proposal.council_id, proposal.service_id)


def _settled(
    draft: ListingDraft,
    service: Service | None,
    terms: Sequence[str] | None,
    council: Council,
    now: dt.datetime,
) -> ListingDraft:
    """The draft with what the council decides: its categories, that it is public, and that it was looked at today."""
    today = clock.uk_time(now).date()
    return replace(
        draft,
        source_id=service.source_id if service else "",
        terms=tuple(draft.terms if terms is None else terms),
        state="published",
        assured_on=today,
        review_due_on=freshness.next_review(council.id, today),
    )


def _publish(
    proposal: Proposal, council: Council, draft: ListingDraft, *, by: By, now: dt.datetime
) -> Service:
    organisation = proposal.organisation or _new_organisation(proposal, council)
    before, made = _held(proposal), new_id()
    saved = actions.save_listing(
        council,
        organisation,
        draft if before else replace(draft, source_id=str(made)),
        source=before.source if before else SOURCE,
        actor=by.actor,
        now=now,
        new_id=made,
    )
    db.session.flush()
    # One that had been merged into another stands by itself again.
    db.session.execute(sa.delete(MergedService).where(MergedService.service_id == saved.id))
    proposal.service_id, proposal.organisation_id = saved.id, organisation.id
    return saved


def _new_organisation(proposal: Proposal, council: Council) -> Organisation:
    told = run_by(proposal)
    if told is None:
        raise Refusal(_("Nobody has said who runs it. Send it back, or fill it in."), field="organisation")
    organisation = actions.save_organisation(
        council, replace(told, source_id=str(proposal.id)), source=SOURCE
    )
    db.session.flush()
    return organisation


def _settle(proposal: Proposal, state: str, *, by: By, now: dt.datetime, version: int = 0) -> None:
    proposal.state, proposal.settled_at, proposal.settled_by_id = state, now, by.id
    proposal.sent_at = proposal.sent_at or now
    audit.record(
        _SETTLED,
        _subject(proposal),
        actor=by.actor,
        now=now,
        council_id=proposal.council_id,
        proposal=str(proposal.id),
        state=state,
        version=version,
    )


def _make_owner(proposal: Proposal, service: Service, *, by: By, now: dt.datetime) -> None:
    """Whoever brought a new organisation in looks after it from now on."""
    newcomer = proposal.author if proposal.run_by and not proposal.by_editor else None
    if newcomer is None or newcomer.id == by.id or desk_queries.owners(service.organisation_id):
        return
    granting.take_in(newcomer, service.organisation_id, "owner", by=by, now=now)


def send_back(
    proposal: Proposal, council: Council, words: str, *, edition: int, by: By, now: dt.datetime
) -> None:
    """Its writer has it again, with the editor's words, and a mail that says so."""
    check_open(proposal, edition)
    if not words.strip():
        raise Refusal(_("Write what they should change, so that they can"), field="words", status=422)
    proposal.words = words
    _settle(proposal, "sent_back", by=by, now=now)
    proposal.edition += 1
    _tell(proposal, council, "sent_back", now, entry=draft_of(proposal).name, words=words)


def _tell(proposal: Proposal, council: Council, template: str, now: dt.datetime, **facts: str) -> None:
    author = proposal.author
    if author is None or proposal.by_editor or author.state != "active":
        return
    letters.tell(
        mailing.ENTRIES,
        author.email,
        f"directory/provider/mail/{template}.txt",
        council=council,
        now=now,
        language=author.language,
        name=author.name,
        proposal_id=proposal.id,
        **facts,
    )
