"""What is kept about people: why, for how long, what they can have of it, and what stands against closing an account.

Every table that may hold something about a person has a rule here, registered by its feature; docs/privacy-and-security
tells them in the same words, and a test holds the two together. The job "deletion" does what the rules say.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from sqlalchemy import orm

from portal import jobs, registry
from portal.db import own_transaction

log = logging.getLogger(__name__)
_EVERY = dt.timedelta(minutes=10)

# Deletes what is past its time, in the transaction it is given; how many rows went.
Erase = Callable[[orm.Session, dt.datetime], int]
# What is known of one person, as records of label and value, ready to be read.
Records = list[dict[str, Any]]
Source = Callable[[uuid.UUID], Records]


@dataclass(frozen=True)
class Rule:
    """What one table keeps, in words for the docs (what, why, how_long), and what the deletion job does about it.

    age: past which a row goes, counted from the moment that `how_long` names. erase: None where rows go with what
    they belong to, or stay.
    """

    table: str
    what: str
    why: str
    how_long: str
    age: dt.timedelta | None = None
    erase: Erase | None = None


@dataclass(frozen=True)
class OwnData:
    """A part of what somebody can have of their own data. title: in the language of the page."""

    key: str
    title: Callable[[], str]
    source: Source


def register(app: Flask, *rules: Rule) -> None:
    """The rules hold from now on."""
    known: dict[str, Rule] = app.extensions.setdefault("portal.retention", {})
    for rule in rules:
        if rule.table in known:
            raise ValueError(f"{rule.table} has two rules for how long it is kept")
        known[rule.table] = rule


def rules(app: Flask) -> list[Rule]:
    """Every rule, by table."""
    known: dict[str, Rule] = app.extensions.get("portal.retention", {})
    return [known[table] for table in sorted(known)]


def delete(now: dt.datetime) -> dict[str, int]:
    """How many rows each rule took away. A rule that fails is told at the end, and holds up no other."""
    app = registry.the_app()
    gone: dict[str, int] = {}
    failed: list[str] = []
    for rule in rules(app):
        if rule.erase is None:
            continue
        try:
            with own_transaction() as session:
                gone[rule.table] = rule.erase(session, now)
        except Exception:
            log.exception("what is past its time in %s could not be deleted", rule.table)
            failed.append(rule.table)
    if failed:
        raise RuntimeError(f"not deleted: {', '.join(failed)}")
    return gone


def add_own_data(app: Flask, part: OwnData) -> None:
    """What the source tells is in everybody's export of their own data from now on."""
    app.extensions.setdefault("portal.own_data", []).append(part)


def own_data(user_id: uuid.UUID) -> list[tuple[OwnData, Records]]:
    """All that is known of somebody, part by part."""
    parts: list[OwnData] = current_app.extensions.get("portal.own_data", [])
    return [(part, part.source(user_id)) for part in parts]


def add_objection(app: Flask, objection: Callable[[uuid.UUID], Iterable[str]]) -> None:
    """It is asked before an account is closed: what must be settled first, in words; nothing where all is well."""
    app.extensions.setdefault("portal.objections", []).append(objection)


def objections(user_id: uuid.UUID) -> list[str]:
    """What stands against closing somebody's account, in words that say what to do."""
    known: list[Callable[[uuid.UUID], Iterable[str]]] = current_app.extensions.get("portal.objections", [])
    return [words for objection in known for words in objection(user_id)]


def init_app(app: Flask) -> None:
    """What is past its time goes whenever jobs run."""
    jobs.register(app, jobs.Job("deletion", _EVERY, delete))
