"""What is kept and for how long: one list of rules, which the docs tell in the same words and the deletion job does."""

import datetime as dt
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import orm

from portal import jobs, notify, retention
from portal.accounts.models import KeptWords, Link, SignIn, Tries
from portal.db import Base, db
from portal.notify import Message
from portal.retention import Rule
from tests import make
from tests.accounts import people
from tests.make import NOW

DOCS = Path(__file__).parents[2] / "docs" / "privacy-and-security.md"
DAY = dt.timedelta(days=1)


def told() -> dict[str, tuple[str, str, str]]:
    """What the docs say of each table: what, why, how long."""
    row = re.compile(r"^\| ([^|]+) \| `([a-z_]+)` \| ([^|]*) \| ([^|]+) \|$", re.MULTILINE)
    return {table: (what, why, how_long) for what, table, why, how_long in row.findall(DOCS.read_text())}


def test_the_docs_tell_every_rule_in_its_own_words_and_no_other(site: Flask) -> None:
    known = {rule.table: (rule.what, rule.why, rule.how_long) for rule in retention.rules(site)}
    assert told() == known


def test_every_table_of_the_accounts_and_the_audit_has_a_rule(site: Flask) -> None:
    of_people = {
        str(mapper.local_table)
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith(("portal.accounts", "portal.audit", "portal.notify"))
    }
    ruled = {rule.table for rule in retention.rules(site)}
    assert {"user_account", "audit_detail", "message"} <= of_people <= ruled
    assert ruled <= set(db.metadata.tables)


def test_two_rules_for_one_table_are_an_error(site: Flask) -> None:
    with pytest.raises(ValueError, match="two rules"):
        retention.register(site, Rule("message", "mail", "to send it", "a day"))


def test_each_thing_goes_when_its_time_is_over_and_not_a_moment_before(each_site: Flask) -> None:
    mavis = people.user("mavis")
    of_mavis = {"user_id": mavis.id}
    long_ago = {"began_at": NOW - 200 * DAY, "used_at": NOW, "proved_at": NOW, "how": "password"}
    db.session.add_all(
        [
            SignIn(token="a", ends_at=NOW, **long_ago, **of_mavis),
            SignIn(token="b", ends_at=NOW + DAY, ended_at=NOW, **long_ago, **of_mavis),
            Link(kind="reset", token="c", made_at=NOW, ends_at=NOW, **of_mavis),
            KeptWords(path="/x", words="sealed", kept_at=NOW, **of_mavis),
            Tries(who="d", wrong=3, first_at=NOW, again_at=NOW),
        ]
    )
    notify.send("mavis@example.org", "Hello", "Hello", now=NOW).sent_at = NOW
    db.session.commit()
    ages = {
        SignIn: 90 * DAY,
        Link: 30 * DAY,
        KeptWords: dt.timedelta(hours=1),
        Tries: DAY,
        Message: 28 * DAY,
    }
    for model, age in sorted(ages.items(), key=lambda item: item[1]):
        before = _count(model)
        retention.delete(NOW + age)
        assert _count(model) == before, model
        gone = retention.delete(NOW + age + dt.timedelta(seconds=1))
        assert gone[model.__tablename__] == before, model
        assert _count(model) == 0


def _count(model: type[db.Model]) -> int:  # type: ignore[name-defined]  # Flask-SQLAlchemy's own
    db.session.rollback()
    found = db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    db.session.rollback()  # or it would hold up whoever writes next
    return found


def test_a_rule_that_fails_holds_up_no_other_and_is_told(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(session: orm.Session, now: dt.datetime) -> int:
        raise RuntimeError("it rains")

    rules = dict(site.extensions["portal.retention"])
    rules["asking"] = Rule("asking", "", "", "", DAY, breaks)  # the first there is
    monkeypatch.setitem(site.extensions, "portal.retention", rules)
    notify.send("mavis@example.org", "Hello", "Hello", now=NOW - 40 * DAY).sent_at = NOW - 40 * DAY
    db.session.commit()
    with pytest.raises(RuntimeError, match="not deleted: asking"):
        retention.delete(NOW)
    assert _count(Message) == 0


def test_the_deletion_is_a_job(site: Flask) -> None:
    notify.send("mavis@example.org", "Hello", "Hello", now=make.NOW - 40 * DAY).sent_at = make.NOW - 40 * DAY
    db.session.commit()
    assert "deletion" in jobs.run_due(NOW)
    assert _count(Message) == 0
