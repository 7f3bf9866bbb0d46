"""Keeping listings right: what a council has settled, how far it is with each, and the letters that ask."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, new_id
from portal.directory.models.services import Service, owner

REVIEW_MONTHS, REMIND_DAYS, ESCALATE_DAYS, HIDE_DAYS = 6, 14, 14, 91


class DirectoryRules(Model):
    """What a council has settled for its listings. Where there is no row, the defaults hold.

    remind_days: before a review is due; escalate_days and hide_days: after it.
    safeguarding_email, safeguarding_phone: who hears at once that somebody may be harmed; "": the council's own.
    """

    __tablename__ = "directory_rules"
    council_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("council.id", ondelete="CASCADE"), primary_key=True
    )
    review_months: Mapped[int] = mapped_column(default=REVIEW_MONTHS)
    remind_days: Mapped[int] = mapped_column(default=REMIND_DAYS)
    escalate_days: Mapped[int] = mapped_column(default=ESCALATE_DAYS)
    hide_days: Mapped[int] = mapped_column(default=HIDE_DAYS)
    safeguarding_email: Mapped[str] = mapped_column(sa.String(254), default="")
    safeguarding_phone: Mapped[str] = mapped_column(sa.String(40), default="")

    __table_args__ = (
        sa.CheckConstraint("review_months between 1 and 36", name="months_sensible"),
        sa.CheckConstraint("remind_days between 1 and 60", name="remind_sensible"),
        sa.CheckConstraint("escalate_days between 1 and 180", name="escalate_sensible"),
        sa.CheckConstraint("hide_days between 14 and 365", name="hide_sensible"),
        sa.CheckConstraint("escalate_days < hide_days", name="escalate_before_hiding"),
    )


class Review(Model):
    """How far it is with a listing's review that was due on a day. It begins anew when that day changes."""

    __tablename__ = "review"
    service_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    due_on: Mapped[dt.date]
    reminded_on: Mapped[dt.date | None]
    escalated_on: Mapped[dt.date | None]
    service: Mapped[Service] = relationship()


class ReviewLetter(Model):
    """A mail that asked whether listings are still right. Its link works until ends_at, and only for those listings.

    token: only a hash of what stands in the mail. to_editors: a list of what is late, which has no link of this kind.
    """

    __tablename__ = "review_letter"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[uuid.UUID] = owner("council")
    to: Mapped[str] = mapped_column(sa.String(254))
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    sent_on: Mapped[dt.date] = mapped_column(index=True)
    ends_at: Mapped[dt.datetime]
    to_editors: Mapped[bool] = mapped_column(default=False)
    entries: Mapped[list["ReviewLetterEntry"]] = relationship(
        back_populates="letter", cascade="all, delete-orphan"
    )


class ReviewLetterEntry(Model):
    """One listing that a letter asked about: which review it was about, and how far that was."""

    __tablename__ = "review_letter_entry"
    letter_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("review_letter.id", ondelete="CASCADE"), primary_key=True
    )
    service_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    due_on: Mapped[dt.date]
    stage: Mapped[str] = mapped_column(sa.String(8))
    letter: Mapped[ReviewLetter] = relationship(back_populates="entries")
    service: Mapped[Service] = relationship()

    __table_args__ = (sa.CheckConstraint("stage in ('due', 'late', 'hidden')", name="stage_known"),)
