"""An account that is to be somebody's own: two council officers make sure that it is theirs."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models.people import Person, User, owner
from portal.db import Model, new_id

JOINING_STATES = ("asked", "approved", "refused")


class Joining(Model):
    """The address of an account that is said to be a supported person's own, and how an officer made sure.

    Whoever has the account sees all that is kept of the person: another officer has to agree.
    """

    __tablename__ = "joining"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[uuid.UUID] = owner("council")
    person_id: Mapped[uuid.UUID] = owner("person")
    email: Mapped[str] = mapped_column(sa.String(254))
    evidence: Mapped[str] = mapped_column(sa.String(200))  # where the papers are, not the papers
    state: Mapped[str] = mapped_column(sa.String(10), default="asked")
    asked_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    asked_at: Mapped[dt.datetime]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    settled_at: Mapped[dt.datetime | None]
    person: Mapped[Person] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])

    __table_args__ = (
        sa.CheckConstraint(f"state in {JOINING_STATES}", name="state_known"),
        sa.CheckConstraint("(settled_at is null) = (state = 'asked')", name="settled_or_asked"),
        sa.CheckConstraint("settled_at is null or settled_by_id is not null", name="settled_by_somebody"),
        sa.CheckConstraint("state <> 'approved' or settled_by_id <> asked_by_id", name="two_officers"),
    )
