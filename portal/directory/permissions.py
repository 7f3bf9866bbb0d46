"""Who may do what at the desks of the directory. What is another council's is not there."""

import uuid
from typing import Any

from portal.directory import desk_queries, impartial
from portal.directory.models import Proposal

WRITERS = ("owner", "manager")


def may_offer(user: Any, **_of: Any) -> bool:
    """Whoever is signed in may write an entry, or ask to look after one."""
    return bool(user.is_authenticated)


def _acts_for(user: Any, organisation_id: uuid.UUID | None, kinds: tuple[str, ...]) -> bool:
    return organisation_id is not None and user.organisations.get(organisation_id) in kinds


def _is_theirs(user: Any, proposal: Proposal, kinds: tuple[str, ...]) -> bool:
    """A proposal is its organisation's; before there is one, its author's. One of an editor's is the editors'."""
    if proposal.by_editor:
        return "editor" in user.roles
    if proposal.organisation_id is None:
        return bool(proposal.author_id == user.id)
    return _acts_for(user, proposal.organisation_id, kinds)


def may_write_entry(user: Any, proposal_id: uuid.UUID, **_of: Any) -> bool:
    """The provider's owners and managers write; so does whoever began an entry of an organisation to come."""
    proposal = desk_queries.proposal(user.council_id, proposal_id)
    return proposal is not None and _is_theirs(user, proposal, WRITERS)


def may_see_entry(user: Any, proposal_id: uuid.UUID, **_of: Any) -> bool:
    """The provider's workers see what is written, too; and editors, once it has been sent."""
    proposal = desk_queries.proposal(user.council_id, proposal_id)
    if proposal is None:
        return False
    sent = _was_sent(proposal) and ("editor" in user.roles or _stands_in(user, proposal))
    return sent or _is_theirs(user, proposal, (*WRITERS, "worker"))


def may_change_listing(user: Any, service_id: uuid.UUID, **_of: Any) -> bool:
    """The owners and managers of whoever runs it."""
    service = desk_queries.service(user.council_id, service_id) if user.council_id else None
    return service is not None and _acts_for(user, service.organisation_id, WRITERS)


def may_edit(user: Any, **_of: Any) -> bool:
    """The council's editors look after its part of the directory."""
    return "editor" in user.roles


def may_edit_listing(user: Any, service_id: uuid.UUID, **_of: Any) -> bool:
    """Editors, for what is their own council's."""
    return "editor" in user.roles and desk_queries.service(user.council_id, service_id) is not None


def may_settle_proposal(user: Any, proposal_id: uuid.UUID, **_of: Any) -> bool:
    """Editors, for what was sent to their own council; an administrator where no editor is without a part in it."""
    proposal = desk_queries.proposal(user.council_id, proposal_id)
    if proposal is None:
        return False
    if "editor" in user.roles:
        return _was_sent(proposal) or proposal.by_editor
    return _was_sent(proposal) and _stands_in(user, proposal)


def _was_sent(proposal: Proposal) -> bool:
    """Whether the council was ever meant to read it: what is withdrawn before stays its writer's."""
    return proposal.state != "draft" and proposal.sent_at is not None


def _stands_in(user: Any, proposal: Proposal) -> bool:
    """An administrator settles what every editor of the council has a part in: nobody approves their own change."""
    return "administrator" in user.roles and not impartial.names(proposal, "editor")


def may_stand_in(user: Any, **_of: Any) -> bool:
    """Administrators settle what no editor may."""
    return "administrator" in user.roles


def may_settle_claim(user: Any, claim_id: uuid.UUID, **_of: Any) -> bool:
    """Editors, for claims to their own council's entries; administrators, where the organisation acts for people."""
    if not user.roles & {"editor", "administrator"}:
        return False
    claim = desk_queries.claim(user.council_id, claim_id)
    return claim is not None and ("editor" in user.roles or impartial.acts_for_people(claim.organisation_id))
