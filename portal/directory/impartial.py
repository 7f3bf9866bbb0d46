"""Nobody settles what they have a part in: who has one, and who has none."""

import uuid

import sqlalchemy as sa

from portal.accounts.models import Membership, Role, User
from portal.db import db
from portal.directory.models import Proposal


def has_part(user_id: uuid.UUID | None, proposal: Proposal) -> bool:
    """Whether somebody has a part in what is proposed: they sent it in themselves, or belong to whoever runs it."""
    if user_id is None:
        return False
    sent_in = proposal.author_id == user_id and not proposal.by_editor
    belongs = sa.exists().where(
        Membership.user_id == user_id,
        Membership.organisation_id == proposal.organisation_id,
        Membership.ended_at.is_(None),
    )
    return sent_in or bool(proposal.organisation_id and db.session.scalar(sa.select(belongs)))


def names(proposal: Proposal, role: str) -> list[str]:
    """The names of those who have this role at the council and no part in what is proposed."""
    holders = db.session.scalars(
        sa.select(User)
        .join(Role, Role.user_id == User.id)
        .where(
            Role.council_id == proposal.council_id,
            Role.kind == role,
            Role.ended_at.is_(None),
            User.state == "active",
        )
        .order_by(User.name, User.id)
    )
    return [user.name or user.email for user in holders if not has_part(user.id, proposal)]
