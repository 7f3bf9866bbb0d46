"""Nobody settles what they have a part in: who has one, and who has none."""

import uuid

import sqlalchemy as sa

from portal.accounts.granting import By
from portal.accounts.models import Mandate, Membership, Role, User
from portal.db import db
from portal.directory import desk_queries
from portal.directory.models import Claim, Proposal, Service
from portal.errors import Refusal
from portal.i18n import _


def belongs(user_id: uuid.UUID, organisation_id: uuid.UUID | None) -> bool:
    """Whether somebody is owner, manager or worker of an organisation."""
    member = sa.exists().where(
        Membership.user_id == user_id,
        Membership.organisation_id == organisation_id,
        Membership.ended_at.is_(None),
    )
    return bool(organisation_id and db.session.scalar(sa.select(member)))


def has_part(user_id: uuid.UUID | None, proposal: Proposal) -> bool:
    """Whether somebody has a part in what is proposed: they sent it in themselves, or belong to whoever runs it."""
    if user_id is None:
        return False
    sent_in = proposal.author_id == user_id and not proposal.by_editor
    return sent_in or belongs(user_id, proposal.organisation_id)


def check_listing(service: Service, by: By) -> None:
    """Raises Refusal where an editor belongs to whoever runs a listing: a colleague says what is public of it."""
    if by.id and belongs(by.id, service.organisation_id):
        raise Refusal(_("You have a part in who runs this, so another editor has to do it."))


def _holders(council_id: uuid.UUID, role: str) -> list[User]:
    """Who has this role at the council, by name."""
    of_council = (Role.council_id == council_id, Role.kind == role, Role.ended_at.is_(None))
    return list(
        db.session.scalars(
            sa.select(User)
            .join(Role, Role.user_id == User.id)
            .where(*of_council, User.state == "active")
            .order_by(User.name, User.id)
        )
    )


def names(proposal: Proposal, role: str) -> list[str]:
    """The names of those who have this role at the council and no part in what is proposed."""
    holders = _holders(proposal.council_id, role)
    return [user.name or user.email for user in holders if not has_part(user.id, proposal)]


def acts_for_people(organisation_id: uuid.UUID) -> bool:
    """Whether an organisation acts for somebody, or may soon: who joins it comes near private lives and money."""
    mandate = sa.exists().where(Mandate.organisation_id == organisation_id, Mandate.ended_at.is_(None))
    return bool(db.session.scalar(sa.select(mandate)))


def administrators(council_id: uuid.UUID) -> list[str]:
    """The names of the council's administrators."""
    return [user.name or user.email for user in _holders(council_id, "administrator")]


def proposals_for_administrators(council_id: uuid.UUID) -> list[Proposal]:
    """What waits and no editor of the council may settle, the oldest first."""
    return [found for found in desk_queries.queue(council_id, 1).rows if not names(found, "editor")]


def claims_for_administrators(council_id: uuid.UUID) -> list[Claim]:
    """Claims that no editor may grant, the oldest first."""
    return [found for found in desk_queries.claims(council_id) if acts_for_people(found.organisation_id)]
