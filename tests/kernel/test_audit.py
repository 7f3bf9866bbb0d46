"""The audit: rows that nobody changes or deletes, each with the facts that its kind of event declares."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import audit
from portal.audit import AuditEvent
from portal.db import db
from tests import make
from tests.kernel.conftest import Probe
from tests.make import NOW

PAID = audit.declare("tests.invoice_paid", "pence", "period")


def recorded(**more: Any) -> AuditEvent:
    """An event in the open transaction."""
    facts: dict[str, Any] = {"pence": 4500, "period": "2026-11", **more}
    return audit.record(PAID, "invoice:7", actor="user:priya", now=NOW, on_behalf_of="user:mavis", **facts)


def test_an_event_says_who_what_for_whom_and_why(each_site: Flask) -> None:
    council = make.council()
    event = audit.record(
        PAID,
        "invoice:7",
        actor="user:priya",
        now=NOW,
        council_id=council.id,
        on_behalf_of="user:mavis",
        reason="Her son rang to ask for it.",
        pence=4500,
        period="2026-11",
    )
    db.session.commit()
    db.session.expire_all()
    kept = db.session.get_one(AuditEvent, event.id)
    assert (kept.actor, kept.on_behalf_of, kept.action) == ("user:priya", "user:mavis", "tests.invoice_paid")
    assert (kept.subject, kept.at, kept.council_id) == ("invoice:7", NOW, council.id)
    assert kept.facts == {"pence": 4500, "period": "2026-11"}
    assert kept.reason == "Her son rang to ask for it."


def test_an_event_stays_or_goes_with_what_it_tells_of(probe: Probe) -> None:
    def refused() -> tuple[str, int]:
        recorded()
        return "no", 422

    def done() -> str:
        recorded()
        return "yes"

    probe.answer(refused)
    assert probe.count(AuditEvent, AuditEvent.action == PAID.name) == 0
    probe.answer(done)
    assert probe.count(AuditEvent, AuditEvent.action == PAID.name) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'user:ed' WHERE id = :id",
        "UPDATE audit_event SET id = id",
        "DELETE FROM audit_event WHERE id = :id",
        "DELETE FROM audit_event",
    ],
)
def test_the_database_itself_lets_nobody_change_or_delete_an_event(each_site: Flask, statement: str) -> None:
    event = recorded()
    db.session.commit()
    named = sa.bindparam("id", event.id, sa.Uuid) if ":id" in statement else None
    words = sa.text(statement)
    with pytest.raises(sa.exc.DBAPIError, match="the audit is never changed"):
        db.session.execute(words.bindparams(named) if named is not None else words)
    db.session.rollback()
    assert db.session.get_one(AuditEvent, event.id).actor == "user:priya"


def test_nobody_changes_an_event_through_the_models_either(each_site: Flask) -> None:
    event = recorded()
    db.session.commit()
    event.facts = {"pence": 1, "period": "2026-11"}
    with pytest.raises(sa.exc.DBAPIError, match="the audit is never changed"):
        db.session.commit()
    db.session.rollback()
    db.session.delete(event)
    with pytest.raises(sa.exc.DBAPIError, match="the audit is never changed"):
        db.session.commit()
    db.session.rollback()


def test_an_event_cannot_be_written_over_on_sqlite(site: Flask) -> None:
    event = recorded()
    db.session.commit()
    columns = ", ".join(column.name for column in AuditEvent.__table__.columns)
    over = re.sub(r"\bactor\b", "'user:ed'", columns)
    with pytest.raises(sa.exc.DBAPIError, match="the audit is never changed"):
        db.session.execute(
            sa.text(f"INSERT OR REPLACE INTO audit_event ({columns}) SELECT {over} FROM audit_event")
        )
    db.session.rollback()
    assert db.session.get_one(AuditEvent, event.id).actor == "user:priya"


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"pence": 1}, "period"),
        ({"pence": 1, "period": "2026-11", "colour": "red"}, "colour"),
        ({"pence": 1, "perriod": "2026-11"}, "period, perriod"),
        ({}, "pence, period"),
    ],
)
def test_a_fact_that_is_missing_or_misspelt_is_told_at_once(
    site: Flask, facts: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(f"missing or not declared: {named}")):
        audit.record(PAID, "invoice:7", actor="user:priya", now=NOW, **facts)


def test_a_fact_that_is_no_plain_value_never_gets_in(each_site: Flask) -> None:
    recorded(period=NOW)
    with pytest.raises((sa.exc.StatementError, TypeError), match="not JSON serializable"):
        db.session.commit()
    db.session.rollback()


def test_an_action_may_be_declared_again_only_with_the_same_facts() -> None:
    assert audit.declare("tests.invoice_paid", "period", "pence") == PAID
    with pytest.raises(ValueError, match="declared twice"):
        audit.declare("tests.invoice_paid", "pence")
