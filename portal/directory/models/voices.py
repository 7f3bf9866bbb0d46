"""What the public tells the council: feedback on a service, mistakes in a listing, services that are missing."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, new_id
from portal.directory.models.services import Service, owner

VOICES = ("feedback", "report", "suggestion")
VOICE_STATES = ("open", "held", "done", "spam")


class Voice(Model):
    """Something that somebody told the council. Never shown to the public, nor to the provider.

    about: what it is about, as it was called then, which stays when the listing goes. part: which part of a listing is
    wrong. urgent: its words may mean that somebody is being harmed. held: why it looks like spam. came_from: a keyed
    hash of the address and the day, so that a flood is seen and nobody is followed.
    """

    __tablename__ = "voice"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[uuid.UUID] = owner("council")
    kind: Mapped[str] = mapped_column(sa.String(12))
    state: Mapped[str] = mapped_column(sa.String(8), default="open")
    urgent: Mapped[bool] = mapped_column(default=False)
    urgent_words: Mapped[list[str]] = mapped_column(default=list)
    held: Mapped[list[str]] = mapped_column(default=list)
    service_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("service.id", ondelete="SET NULL"), index=True
    )
    about: Mapped[str] = mapped_column(sa.String(200), default="")
    part: Mapped[str] = mapped_column(sa.String(20), default="")
    words: Mapped[str] = mapped_column(sa.Text)
    where: Mapped[str] = mapped_column(sa.Text, default="")
    reach: Mapped[str] = mapped_column(sa.Text, default="")
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    from_provider: Mapped[bool] = mapped_column(default=False)
    came_from: Mapped[str] = mapped_column(sa.String(64), default="", index=True)
    at: Mapped[dt.datetime]
    thanked_at: Mapped[dt.datetime | None]
    settled_at: Mapped[dt.datetime | None]
    settled_by: Mapped[str] = mapped_column(sa.String(120), default="")  # the name, as it was then
    note: Mapped[str] = mapped_column(sa.Text, default="")
    service: Mapped[Service | None] = relationship()

    __table_args__ = (
        sa.CheckConstraint(f"kind in {VOICES}", name="kind_known"),
        sa.CheckConstraint(f"state in {VOICE_STATES}", name="state_known"),
        sa.CheckConstraint("(settled_at is null) = (state in ('open', 'held'))", name="settled_when_closed"),
        sa.Index("ix_voice_list", "council_id", "state", "kind"),
    )
