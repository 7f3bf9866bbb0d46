"""Conversations that somebody has begun, and counts that say how conversations do. Never who somebody is."""

import datetime as dt
import json
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal import sealing
from portal.db import Model, new_id

WHOM = ("me", "someone-else", "with-navigator")
# Why somebody does not want what was suggested.
REASONS = ("have-it", "not-right", "not-now")
_PURPOSE = "what was said in a conversation"


class Talk(Model):
    """A conversation that a visitor has begun. What they said is sealed: the database alone tells nobody.

    key, version: the document that it was begun on. name: of whom it is about; sealed with the answers. code, link:
    hashes of what lets somebody come back to it; without either it goes soon after the last answer.
    """

    __tablename__ = "talk"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("council.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(sa.String(80))
    version: Mapped[int]
    whom: Mapped[str] = mapped_column(sa.String(20))
    sealed: Mapped[str] = mapped_column(sa.Text, default="")
    code: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    link: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    finished: Mapped[bool] = mapped_column(default=False)
    begun_at: Mapped[dt.datetime]
    last_at: Mapped[dt.datetime] = mapped_column(index=True)

    __table_args__ = (sa.CheckConstraint(f"whom in {WHOM}", name="whom_known"),)

    @property
    def said(self) -> dict[str, Any]:
        """What is sealed: name, answers, seen, again (to be asked anew), unwanted (recommendation -> reason)."""
        known = json.loads(sealing.unseal(self.sealed, _PURPOSE)) if self.sealed else {}
        empty: dict[str, Any] = {"name": "", "answers": {}, "seen": [], "again": [], "unwanted": {}}
        return {**empty, **known}

    @said.setter
    def said(self, value: dict[str, Any]) -> None:
        self.sealed = sealing.seal(json.dumps(value), _PURPOSE)

    @property
    def is_kept(self) -> bool:
        """Whether somebody asked for a way to come back to it."""
        return bool(self.code or self.link)


class QuestionCount(Model):
    """How a question did on a day, without what was said. Of a sensitive one only that it was shown, and left at.

    left: conversations that ended there, unfinished.
    """

    __tablename__ = "question_count"
    council_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("council.id", ondelete="CASCADE"), primary_key=True
    )
    conversation: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    shown: Mapped[int] = mapped_column(default=0)
    answered: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    left: Mapped[int] = mapped_column(default=0)


class UnwantedCount(Model):
    """How often a suggestion was not wanted on a day, and why."""

    __tablename__ = "unwanted_count"
    council_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("council.id", ondelete="CASCADE"), primary_key=True
    )
    conversation: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    rule: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    reason: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(default=0)

    __table_args__ = (sa.CheckConstraint(f"reason in {REASONS}", name="reason_known"),)
