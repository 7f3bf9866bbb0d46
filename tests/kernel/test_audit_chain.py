"""The audit's chains: every event hangs on the one before it, and what is done to a row behind the program shows."""

import datetime as dt
import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal import audit
from portal.audit import AuditDetail, AuditEvent, AuditHead, chain
from portal.cli import migrations
from portal.db import MIGRATIONS, db, reading_only
from tests import make
from tests.make import NOW

PAID = audit.declare("tests.paid", "pence", personal=("payee",))
SEEN = audit.declare("tests.seen")
GOLDEN = "1ced0da6cf854b4b115f7c08dcc02fe6b6231501288bc70f63dbedb5db4b384b"
BEFORE = "968fb4c854a2"  # the last migration without chains
MAVIS, DEREK = "wallet:mavis", "wallet:derek"


def _seven() -> uuid.UUID:
    return uuid.UUID(int=7)


def paid(subject: str = MAVIS, pence: int = 4500, payee: str = "Tom Baker") -> AuditEvent:
    """An event with a plain and a personal fact, in the open transaction."""
    who: dict[str, Any] = {"actor": "user:priya", "personal": {"payee": payee}, "reason": "She asked for it."}
    return audit.record(
        PAID, subject, now=NOW, council_id=make.council().id, on_behalf_of="user:m", pence=pence, **who
    )


def three() -> list[AuditEvent]:
    """Three events on Mavis's wallet and one on Derek's, committed; Mavis's."""
    events = []
    for pence in (100, 200, 300):
        events.append(paid(pence=pence))
        db.session.commit()
    audit.record(SEEN, DEREK, actor="user:ed", now=NOW)
    db.session.commit()
    return events


def problems() -> list[tuple[str, int, str]]:
    """(subject, number, what) of all that the check finds."""
    db.session.rollback()
    db.session.expire_all()
    return [(p.subject, p.number, p.what) for p in audit.check(db.session()).problems]


@contextmanager
def unguarded() -> Iterator[None]:
    """Without the triggers, as somebody has it who owns the database. What is done within is committed."""
    db.session.rollback()
    tables = ("audit_event", "audit_detail", "audit_head")
    if db.engine.dialect.name == "sqlite":
        kept = db.session.execute(
            sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit%'")
        ).all()
        for name, _sql in kept:
            db.session.execute(sa.text(f"DROP TRIGGER {name}"))
        yield
        for _name, sql in kept:
            db.session.execute(sa.text(sql))
    else:
        for table in tables:
            db.session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        for table in tables:
            db.session.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    db.session.commit()


def set_to(model: Any, where: Any, **values: Any) -> None:
    """A row is changed behind the program."""
    with unguarded():
        changed = db.session.execute(sa.update(model).where(where).values(**values))
        assert changed.rowcount == 1  # type: ignore[attr-defined]  # an UPDATE's result has it


def take_out(event_id: uuid.UUID) -> None:
    """An event is deleted behind the program, with its personal facts."""
    with unguarded():
        db.session.execute(sa.delete(AuditDetail).where(AuditDetail.event_id == event_id))
        db.session.execute(sa.delete(AuditEvent).where(AuditEvent.id == event_id))


# What is written


def test_events_of_a_subject_are_numbered_and_each_hangs_on_the_one_before(each_site: Flask) -> None:
    events = three()
    assert [event.number for event in events] == [1, 2, 3]
    before = chain.FIRST
    for event in events:
        assert event.hash == chain.hash_of(before, event)
        before = event.hash
    head = db.session.get_one(AuditHead, MAVIS)
    assert (head.number, head.hash) == (3, before)
    assert db.session.get_one(AuditHead, DEREK).number == 1
    assert problems() == []


def test_several_events_of_one_transaction_keep_their_order(each_site: Flask) -> None:
    for pence in (1, 2, 3):
        paid(pence=pence)
        paid(DEREK, pence)
    db.session.commit()
    asked = sa.select(AuditEvent.facts).where(AuditEvent.subject == MAVIS).order_by(AuditEvent.number)
    assert [facts["pence"] for facts in db.session.scalars(asked)] == [1, 2, 3]
    assert problems() == []


def test_a_transaction_that_is_undone_leaves_no_gap(each_site: Flask) -> None:
    paid()
    db.session.commit()
    paid()
    db.session.flush()
    db.session.rollback()
    paid()
    db.session.commit()
    assert db.session.get_one(AuditHead, MAVIS).number == 2
    assert problems() == []


def test_the_hash_of_an_event_is_what_it_was_in_other_years() -> None:
    """Pinned: a change of the shape would make every chain that there is look forged."""
    event = AuditEvent(
        id=_seven(),
        number=2,
        at=NOW,
        council_id=None,
        actor="user:priya",
        on_behalf_of=None,
        action="tests.paid",
        subject=MAVIS,
        reason="Ŵ asked",
        facts={"pence": 4500, "a": [1, None, True]},
        personal=None,
    )
    assert chain.hash_of("ab" * 32, event) == GOLDEN


def test_personal_facts_stand_apart(each_site: Flask) -> None:
    event = paid(payee="Tom Baker")
    db.session.commit()
    assert "Tom" not in str(event.facts)
    detail = db.session.get_one(AuditDetail, event.id)
    assert detail.facts == {"payee": "Tom Baker"}
    assert len(detail.salt) == 64
    assert event.personal == chain.personal_hash(detail.salt, detail.facts)
    assert audit.told(event, detail.facts) == "Tests paid"


def test_a_personal_fact_that_is_missing_or_misspelt_is_told_at_once(site: Flask) -> None:
    for personal in (None, {}, {"payer": "Tom"}, {"payee": "Tom", "age": 80}):
        with pytest.raises(ValueError, match="missing or not declared"):
            audit.record(PAID, MAVIS, actor="user:priya", now=NOW, pence=1, personal=personal)


def test_erasing_personal_facts_breaks_no_chain(each_site: Flask) -> None:
    first, second, _third = three()
    db.session.execute(sa.delete(AuditDetail).where(AuditDetail.event_id.in_([first.id, second.id])))
    db.session.commit()
    report = audit.check(db.session())
    assert (report.problems, report.erased, report.events, report.subjects) == ([], 2, 4, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_detail SET salt = 'x'",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET number = number + 2",
        "UPDATE audit_head SET number = number - 1",
        "UPDATE audit_head SET hash = 'x'",
        "UPDATE audit_head SET subject = 'x', number = number + 1",
    ],
)
def test_the_database_lets_nobody_change_facts_or_turn_back_a_head(each_site: Flask, statement: str) -> None:
    three()
    with pytest.raises(sa.exc.DBAPIError, match="the audit is never changed"):
        db.session.execute(sa.text(statement))
    assert problems() == []


# Tampering


OTHER: dict[str, Any] = {
    "at": NOW + dt.timedelta(microseconds=1),
    "council_id": None,
    "actor": "user:ed",
    "on_behalf_of": None,
    "action": "tests.seen",
    "reason": "She did not ask.",
    "facts": {"pence": 201},
    "personal": None,
    "hash": "0" * 64,
}


@pytest.mark.parametrize("column", OTHER)
def test_a_changed_column_is_found(each_site: Flask, column: str) -> None:
    _first, second, _third = three()
    set_to(AuditEvent, AuditEvent.id == second.id, **{column: OTHER[column]})
    assert (MAVIS, 2, "changed") in problems()


@pytest.mark.parametrize(("subject", "number"), [(MAVIS, 7), ("wallet:tom", 2), (DEREK, 2), (MAVIS, -1)])
def test_an_event_that_was_moved_is_found(each_site: Flask, subject: str, number: int) -> None:
    _first, second, _third = three()
    set_to(AuditEvent, AuditEvent.id == second.id, subject=subject, number=number)
    found = problems()
    assert (MAVIS, 2, "missing") in found
    assert any(what in ("forged", "changed") for _subject, _number, what in found)


def test_a_changed_id_is_found(each_site: Flask) -> None:
    audit.record(SEEN, DEREK, actor="user:ed", now=NOW)
    db.session.commit()
    set_to(AuditEvent, AuditEvent.subject == DEREK, id=_seven())
    assert problems() == [(DEREK, 1, "changed")]


def test_every_column_is_tampered_with_here() -> None:
    """A column that is new must be in the hash, and here."""
    assert {*OTHER, "id", "subject", "number"} == {column.name for column in AuditEvent.__table__.columns}
    assert {*chain.COVERED, "hash"} == {column.name for column in AuditEvent.__table__.columns}


@pytest.mark.parametrize("values", [{"salt": "0" * 64}, {"facts": {"payee": "Ed"}}, {"facts": {}}])
def test_changed_personal_facts_are_found(each_site: Flask, values: dict[str, Any]) -> None:
    _first, second, _third = three()
    set_to(AuditDetail, AuditDetail.event_id == second.id, **values)
    assert problems() == [(MAVIS, 2, "changed")]


def test_personal_facts_that_were_put_to_another_event_are_found(each_site: Flask) -> None:
    three()
    seen = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.subject == DEREK)).one()
    db.session.add(AuditDetail(event_id=seen.id, salt="0" * 64, facts={"payee": "Ed"}))
    db.session.commit()
    assert problems() == [(DEREK, 1, "forged")]


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_deleted_event_is_found(each_site: Flask, gone: int) -> None:
    event = three()[gone - 1]
    take_out(event.id)
    assert problems() == [(MAVIS, gone, "missing")]


def test_all_events_of_a_subject_deleted_are_found(each_site: Flask) -> None:
    three()
    with unguarded():
        db.session.execute(sa.delete(AuditDetail))
        db.session.execute(sa.delete(AuditEvent).where(AuditEvent.subject == MAVIS))
    assert problems() == [(MAVIS, number, "missing") for number in (1, 2, 3)]


def _forge(subject: str, number: int, previous: str) -> None:
    """A row put in by hand, with a hash that fits."""
    row: dict[str, Any] = dict(OTHER, id=_seven(), number=number, subject=subject, facts={})
    row["hash"] = chain.hash_of(previous, AuditEvent(**row))
    db.session.execute(sa.insert(AuditEvent).values(**row))
    db.session.commit()


def test_an_event_put_after_the_newest_is_found(each_site: Flask) -> None:
    newest = three()[-1]
    _forge(MAVIS, 4, newest.hash)
    assert problems() == [(MAVIS, 4, "forged")]


def test_an_event_put_on_a_new_subject_is_found(each_site: Flask) -> None:
    three()
    _forge("wallet:tom", 1, chain.FIRST)
    assert problems() == [("wallet:tom", 1, "forged")]


def test_an_event_put_in_the_place_of_a_deleted_one_is_found(each_site: Flask) -> None:
    first, second, _third = three()
    before = first.hash
    take_out(second.id)
    _forge(MAVIS, 2, before)
    assert problems() == [(MAVIS, 3, "changed")]


def test_two_events_of_one_number_cannot_be(each_site: Flask) -> None:
    first = three()[0]
    with pytest.raises(sa.exc.IntegrityError):
        _forge(MAVIS, 2, first.hash)


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"number": 5}, [(MAVIS, 4, "missing"), (MAVIS, 5, "missing")]),
        ({"number": 2}, [(MAVIS, 3, "forged")]),
        ({"hash": "0" * 64}, [(MAVIS, 3, "changed")]),
        (
            {"subject": "wallet:tom"},
            [(MAVIS, 3, "forged"), *[("wallet:tom", number, "missing") for number in (1, 2, 3)]],
        ),
    ],
)
def test_a_changed_head_is_found(
    each_site: Flask, values: dict[str, Any], found: list[tuple[str, int, str]]
) -> None:
    three()
    set_to(AuditHead, AuditHead.subject == MAVIS, **values)
    assert problems() == found


# The command


def test_the_command_says_that_all_is_well(each_site: Flask) -> None:
    three()
    db.session.remove()
    answer = each_site.test_cli_runner().invoke(args=["audit", "check"])
    assert answer.exit_code == 0, answer.output
    assert "0 problems." in answer.output


def test_the_command_names_what_is_broken_and_ends_with_1(each_site: Flask) -> None:
    _first, second, _third = three()
    set_to(AuditEvent, AuditEvent.id == second.id, actor="user:ed")
    db.session.remove()
    answer = each_site.test_cli_runner().invoke(args=["audit", "check"])
    assert answer.exit_code == 1
    assert "changed: wallet:mavis, event 2:" in answer.output
    assert "1 problems." in answer.output


# Many at once, and beside a page


def test_many_transactions_on_one_subject_at_once_make_one_chain(each_site: Flask) -> None:
    gate, wrong = threading.Barrier(6), list[BaseException]()

    def work() -> None:
        with each_site.app_context():
            gate.wait()
            try:
                for _turn in range(5):
                    audit.record(SEEN, MAVIS, actor="user:ed", now=NOW)
                    db.session.commit()
            except BaseException as error:  # noqa: BLE001 - it is told below
                wrong.append(error)
            db.session.remove()

    db.session.remove()
    threads = [threading.Thread(target=work) for _one in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    numbers = db.session.scalars(sa.select(AuditEvent.number).where(AuditEvent.subject == MAVIS))
    assert sorted(numbers) == list(range(1, 31))
    assert problems() == []


def test_a_look_is_noted_though_the_page_only_reads(each_site: Flask) -> None:
    db.session.rollback()
    with reading_only():
        db.session.execute(sa.text("SELECT 1"))
        audit.read(SEEN, MAVIS, actor="user:ed", now=NOW)
        db.session.rollback()  # as a GET ends
    assert db.session.scalars(sa.select(AuditEvent.actor).where(AuditEvent.subject == MAVIS)).all() == [
        "user:ed"
    ]
    assert problems() == []


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    )
)
def test_what_is_hashed_is_the_same_after_a_way_through_json(value: Any) -> None:
    told = chain.canonical(value)
    assert chain.canonical(json.loads(told)) == told
    assert told.isascii()


def test_rows_from_before_there_were_chains_are_chained_by_the_migration(each_site: Flask) -> None:
    """All the way back to the tables of before, two rows put in, and up again."""
    db.session.remove()
    migrations().downgrade(directory=str(MIGRATIONS), revision=BEFORE)
    old = sa.table("audit_event", *(sa.column(name, column.type) for name, column in _old_columns()))
    for number in (2, 1, 3):
        row = {"id": uuid.UUID(int=number), "at": NOW + dt.timedelta(hours=number), "actor": "user:ed"}
        more = {"action": "tests.seen", "subject": MAVIS, "facts": {"pence": number}, "reason": "Ŵ"}
        db.session.execute(sa.insert(old).values(**row, **more))
    db.session.commit()
    db.session.remove()
    migrations().upgrade(directory=str(MIGRATIONS))
    asked = sa.select(AuditEvent.facts).where(AuditEvent.subject == MAVIS).order_by(AuditEvent.number)
    assert [facts["pence"] for facts in db.session.scalars(asked)] == [1, 2, 3]
    assert problems() == []
    paid()
    db.session.commit()
    assert problems() == []


def _old_columns() -> list[tuple[str, Any]]:
    """The columns of before."""
    new = {"number", "personal", "hash"}
    return [(column.name, column) for column in AuditEvent.__table__.columns if column.name not in new]
