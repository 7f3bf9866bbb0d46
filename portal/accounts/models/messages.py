"""How somebody would like to get each kind of message, and what waits for their daily mail."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models.people import User, owner
from portal.db import Model, new_id
from portal.notify import HOWS


class MessageChoice(Model):
    """What somebody chose for a kind of message; where they chose nothing, the kind's own way holds."""

    __tablename__ = "message_choice"
    user_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    how: Mapped[str] = mapped_column(sa.String(6))

    __table_args__ = (sa.CheckConstraint(f"how in {HOWS}", name="how_known"),)


class DigestItem(Model):
    """A message that waits for the daily mail. paragraphs: as letters have them, in the language of who reads it."""

    __tablename__ = "digest_item"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = owner("user_account")
    council_id: Mapped[uuid.UUID] = owner("council")
    kind: Mapped[str] = mapped_column(sa.String(40))
    subject: Mapped[str] = mapped_column(sa.String(200))
    paragraphs: Mapped[list[str]]
    created_at: Mapped[dt.datetime]
    user: Mapped[User] = relationship()
