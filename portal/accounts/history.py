"""What was done on somebody's account and on what is kept of them, and by whom, in words."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal import audit
from portal.accounts import telling
from portal.accounts.models import Person, User
from portal.audit import AuditEvent
from portal.db import db
from portal.i18n import _

PAGE = 50


@dataclass(frozen=True)
class Told:
    """One thing that was done. by: who did it; "" where it was the site itself."""

    at: dt.datetime
    words: str
    by: str
    own: bool
    reason: str


def _about(user_id: uuid.UUID) -> list[str]:
    """The subjects that are this person: their account, and what councils keep of them."""
    people = db.session.scalars(sa.select(Person.id).where(Person.user_id == user_id)).all()
    return [f"user:{user_id}", *(f"person:{person_id}" for person_id in people)]


def of(user_id: uuid.UUID, page: int | None = 1) -> tuple[list[Told], bool]:
    """(a page of what was done, the newest first; whether there is more). page: None for all of it."""
    asked = (
        sa.select(AuditEvent)
        .options(joinedload(AuditEvent.detail))
        .where(AuditEvent.subject.in_(_about(user_id)))
        .order_by(AuditEvent.at.desc(), AuditEvent.number.desc())
    )
    if page is not None:
        asked = asked.limit(PAGE + 1).offset((page - 1) * PAGE)
    events = db.session.scalars(asked).all()
    shown = events if page is None else events[:PAGE]
    return _told(shown, user_id), len(shown) < len(events)


def _told(events: Sequence[AuditEvent], user_id: uuid.UUID) -> list[Told]:
    names = _names(events)
    return [
        Told(
            at=event.at,
            words=audit.told(event, event.detail.facts if event.detail else {}),
            by=names.get(event.actor, ""),
            own=event.actor == f"user:{user_id}",
            reason=event.reason or "",
        )
        for event in events
    ]


def _names(events: Sequence[AuditEvent]) -> dict[str, str]:
    """What they are called, by actor, for those who are people."""
    actors = {event.actor for event in events if event.actor.startswith("user:")}
    ids = [uuid.UUID(actor.removeprefix("user:")) for actor in actors]
    rows = db.session.execute(sa.select(User.id, User.name, User.email, User.state).where(User.id.in_(ids)))
    return {
        f"user:{row.id}": row.name
        or (_("somebody whose account is closed") if row.state == "closed" else row.email)
        for row in rows
    }


def _role(facts: Mapping[str, Any]) -> str:
    return telling.role(facts["role"])


def _part(facts: Mapping[str, Any]) -> str:
    organisation = uuid.UUID(facts["organisation"])
    name = telling.organisations([organisation]).get(organisation, "")
    part = telling.membership(facts["membership"])
    return f"{part}, {name}" if name else part


def _changed(facts: Mapping[str, Any]) -> str:
    return {
        "password": _("The password was changed."),
        "email": _("The e-mail address was changed."),
        "factor_added": _("A second step was added."),
        "factor_removed": _("A second step was taken away."),
        "recovered": _("All second steps were taken away, to begin again."),
    }[facts["what"]]


def _how_checked(facts: Mapping[str, Any]) -> str:
    asked = _("Two people at the council were asked to let you begin again with your second step.")
    how = facts.get("how_checked")
    if not how:
        return asked
    made_sure = _("How they made sure that it is you: %(how)s", how=how)
    return f"{asked} {made_sure}"


def tell() -> None:
    """What the accounts note has its words."""
    audit.say("account.joined", lambda _facts: _("The account was opened."))
    audit.say("account.changed", _changed)
    audit.say("account.closed", lambda _facts: _("The account was closed."))
    audit.say("account.erased", lambda _facts: _("What was personal was erased."))
    audit.say("role.granted", lambda facts: _("A part was given: %(part)s.", part=_role(facts)))
    audit.say("role.ended", lambda facts: _("A part was ended: %(part)s.", part=_role(facts)))
    audit.say("membership.granted", lambda facts: _("A part was given: %(part)s.", part=_part(facts)))
    audit.say("membership.ended", lambda facts: _("A part was ended: %(part)s.", part=_part(facts)))
    audit.say("recovery.asked", _how_checked)
    audit.say("recovery.approved", lambda _facts: _("A second person at the council agreed to that."))
    audit.say("recovery.stopped", lambda _facts: _("That was stopped."))
    audit.say("recovery.done", lambda _facts: _("It was done."))
