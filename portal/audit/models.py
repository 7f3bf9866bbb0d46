"""The audit's tables. Triggers in the migration keep the first as it is, whoever asks."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, new_id


class AuditEvent(Model):
    """One thing that was done. Nobody changes or deletes a row; triggers in the migration say so too.

    number: its place among the events of its subject, from 1. personal: the salted hash of its personal facts, which
    holds when they are erased. hash: over all of the row and the hash of the row before it.
    """

    __tablename__ = "audit_event"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    council_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("council.id"), index=True)
    actor: Mapped[str] = mapped_column(sa.String(120))
    on_behalf_of: Mapped[str | None] = mapped_column(sa.String(120))
    action: Mapped[str] = mapped_column(sa.String(80), index=True)
    subject: Mapped[str] = mapped_column(sa.String(120), index=True)
    reason: Mapped[str | None] = mapped_column(sa.Text)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    number: Mapped[int]
    personal: Mapped[str | None] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))
    detail: Mapped["AuditDetail | None"] = relationship(back_populates="event", passive_deletes="all")

    __table_args__ = (sa.UniqueConstraint("subject", "number"),)


class AuditDetail(Model):
    """The personal facts of an event. They may be erased, and are never changed."""

    __tablename__ = "audit_detail"
    event_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("audit_event.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(sa.String(64))
    facts: Mapped[dict[str, Any]]
    event: Mapped[AuditEvent] = relationship(back_populates="detail")


class AuditHead(Model):
    """The newest event of a subject: who adds the next one holds this row, so that two never take one number."""

    __tablename__ = "audit_head"
    subject: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(sa.String(64))
