"""Somebody who has lost every second factor: two council officers let them begin anew."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models.people import User, owner
from portal.db import Model, new_id


class Recovery(Model):
    """How somebody's identity was checked, by whom, and who agreed. Their factors go when it is done.

    ready_at: not before then, so that whoever's account it really is has time to object.
    """

    __tablename__ = "recovery"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = owner("user_account")
    council_id: Mapped[uuid.UUID] = owner("council")
    how_checked: Mapped[str] = mapped_column(sa.String(400))
    asked_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    asked_at: Mapped[dt.datetime]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[dt.datetime | None]
    ready_at: Mapped[dt.datetime | None]
    done_at: Mapped[dt.datetime | None]
    stopped_at: Mapped[dt.datetime | None]
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])

    __table_args__ = (
        sa.CheckConstraint("approved_by_id is null or approved_by_id <> asked_by_id", name="two_officers"),
        sa.CheckConstraint(
            "asked_by_id <> user_id and (approved_by_id is null or approved_by_id <> user_id)",
            name="not_for_oneself",
        ),
        sa.CheckConstraint("done_at is null or approved_by_id is not null", name="approved_first"),
    )
