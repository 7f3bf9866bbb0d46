"""Who did what, to what, on whose behalf: rows that are only ever added.

Each action declares the facts it carries, so that a missing or misspelt fact is found by the first test that runs
it, not by the person who needs the trail years later.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model, db, new_id


class AuditEvent(Model):
    """One thing that was done. Nobody changes or deletes a row; triggers in the migration say so too."""

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


@dataclass(frozen=True)
class Action:
    """A kind of event: its name, and the names of the facts that every such event carries."""

    name: str
    facts: frozenset[str]


_actions: dict[str, Action] = {}


def declare(name: str, *facts: str) -> Action:
    """The action of this name, known from now on. Declaring it again with other facts is an error."""
    action = Action(name, frozenset(facts))
    if _actions.setdefault(name, action) != action:
        raise ValueError(f"{name} is declared twice with different facts")
    return action


def record(
    action: Action,
    subject: str,
    *,
    actor: str,
    now: dt.datetime,
    council_id: uuid.UUID | None = None,
    on_behalf_of: str | None = None,
    reason: str | None = None,
    **facts: Any,
) -> AuditEvent:
    """The event, added to the transaction that is open: it stays or goes with what it tells of.

    subject: what it was done to, as "kind:id". facts: what the action declares, no more and no less, each plain JSON.
    """
    if facts.keys() != action.facts:
        odd = sorted(facts.keys() ^ action.facts)
        raise ValueError(f"{action.name}: these facts are missing or not declared: {', '.join(odd)}")
    event = AuditEvent(
        at=now,
        council_id=council_id,
        actor=actor,
        on_behalf_of=on_behalf_of,
        action=action.name,
        subject=subject,
        reason=reason,
        facts=facts,
    )
    db.session.add(event)
    return event
