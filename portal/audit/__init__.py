"""Who did what, to what, on whose behalf: rows that are only ever added, chained so that a change shows.

Each action declares the facts it carries, so that a missing or misspelt fact is found by the first test that runs
it, not by the person who needs the trail years later. Facts are ids, codes and numbers, kept for good. Personal facts
(names, what somebody wrote) stand apart in `audit_detail`, from where they may be erased without breaking a chain.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from portal.audit import chain
from portal.audit.checking import Problem, Report, check
from portal.audit.models import AuditDetail, AuditEvent, AuditHead
from portal.db import db, somehow

__all__ = [
    "Action",
    "AuditDetail",
    "AuditEvent",
    "AuditHead",
    "Problem",
    "Report",
    "check",
    "declare",
    "declared",
    "read",
    "record",
    "say",
    "told",
]

Words = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Action:
    """A kind of event: its name, and the names of the facts that every such event carries, plain and personal."""

    name: str
    facts: frozenset[str]
    personal: frozenset[str] = frozenset()


_actions: dict[str, Action] = {}
_words: dict[str, Words] = {}


def declare(name: str, *facts: str, personal: tuple[str, ...] = ()) -> Action:
    """The action of this name, known from now on. Declaring it again with other facts is an error."""
    action = Action(name, frozenset(facts), frozenset(personal))
    if _actions.setdefault(name, action) != action:
        raise ValueError(f"{name} is declared twice with different facts")
    return action


def declared() -> list[Action]:
    """Every action there is, by name."""
    return [_actions[name] for name in sorted(_actions)]


def say(name: str, words: Words) -> None:
    """Events of this action are told in these words. words: made from all facts; a personal one may be gone."""
    _words[name] = words


def told(event: AuditEvent, personal: Mapping[str, Any]) -> str:
    """What was done, in the language of the page. An action without words of its own is told by its name."""
    words = _words.get(event.action)
    if words is None:
        return event.action.replace(".", " ").replace("_", " ").capitalize()
    return words({**event.facts, **personal})


def record(  # noqa: PLR0913 - what happened has these sides, and each is named
    action: Action,
    subject: str,
    *,
    actor: str,
    now: dt.datetime,
    council_id: uuid.UUID | None = None,
    on_behalf_of: str | None = None,
    reason: str | None = None,
    personal: Mapping[str, Any] | None = None,
    **facts: Any,
) -> AuditEvent:
    """The event, added to the transaction that is open: it stays or goes with what it tells of.

    subject: what it was done to, as "kind:id". facts and personal: what the action declares, no more and no less,
    each plain JSON. Its place in the chain is found when it is written.
    """
    event = _made(action, subject, facts, personal or {})
    event.at, event.actor, event.on_behalf_of = now, actor, on_behalf_of
    event.council_id, event.reason = council_id, reason
    db.session.add(event)
    return event


def _made(action: Action, subject: str, facts: Mapping[str, Any], personal: Mapping[str, Any]) -> AuditEvent:
    _as_declared(action.name, facts, action.facts)
    _as_declared(action.name, personal, action.personal)
    event = AuditEvent(action=action.name, subject=subject, facts=dict(facts))
    if personal:
        event.detail = AuditDetail(salt=chain.new_salt(), facts=dict(personal))
    return event


def _as_declared(name: str, given: Mapping[str, Any], declared: frozenset[str]) -> None:
    if given.keys() != declared:
        odd = sorted(given.keys() ^ declared)
        raise ValueError(f"{name}: these facts are missing or not declared: {', '.join(odd)}")


def read(
    action: Action,
    subject: str,
    *,
    actor: str,
    now: dt.datetime,
    council_id: uuid.UUID | None = None,
    on_behalf_of: str | None = None,
    **facts: Any,
) -> None:
    """Somebody looks at a private record: noted and committed before the page is shown, though a GET writes nothing.

    In a request that writes, or a job, it goes with the transaction that is open.
    """
    event = _made(action, subject, facts, {})
    event.at, event.actor, event.on_behalf_of, event.council_id = now, actor, on_behalf_of, council_id
    with somehow() as session:
        session.add(event)
        session.flush()


chain.listen(orm.Session)  # every session of the program descends from it
