"""One request is one transaction, on SQLite and on PostgreSQL alike."""

import datetime as dt
import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, abort, redirect
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import orm

from portal.councils.models import Area, CouncilHost
from portal.db import Moment, db, new_id, own_reading, own_transaction
from portal.errors import Refusal
from tests.kernel.conftest import Probe
from tests.make import NOW

MAVIS = "X1"


def write(code: str = MAVIS) -> None:
    """An area is in the open transaction."""
    db.session.add(Area(code=code, name="Meadowside", kind="ward", sectors=[]))
    db.session.flush()


def areas(probe: Probe) -> int:
    """How many areas of this file's there are for everybody to see."""
    return probe.count(Area, Area.code.startswith("X1"), sa.func.length(Area.code) < 4)


def then(answer: Any) -> Any:
    """A view that writes, and then answers."""

    def view() -> Any:
        write()
        return answer

    return view


@pytest.mark.parametrize("answer", ["done", ("made", 201), ("", 204), redirect("/", 303)])
def test_what_a_successful_request_did_stays(probe: Probe, answer: Any) -> None:
    assert probe.answer(then(answer)).status_code < 400
    assert areas(probe) == 1


def test_a_view_that_raises_leaves_nothing_and_is_a_500(probe: Probe) -> None:
    def view() -> str:
        write()
        raise ZeroDivisionError

    answer = probe.answer(view)
    assert answer.status_code == 500
    assert "Nothing has been changed" in answer.text
    assert areas(probe) == 0


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 429, 500, 503])
def test_an_answer_that_is_no_success_leaves_nothing(probe: Probe, status: int) -> None:
    assert probe.answer(then(("no", status))).status_code == status
    assert areas(probe) == 0


@pytest.mark.parametrize("status", [404, 409, 503])
def test_giving_up_leaves_nothing(probe: Probe, status: int) -> None:
    def view() -> str:
        write()
        abort(status)

    assert probe.answer(view).status_code == status
    assert areas(probe) == 0


def test_a_refusal_leaves_nothing_and_says_its_words(probe: Probe) -> None:
    def view() -> str:
        write()
        raise Refusal("Derek’s plan is closed. Ring us to open it again.")

    answer = probe.answer(view)
    assert answer.status_code == 409
    assert "Derek’s plan is closed. Ring us to open it again." in answer.text
    assert areas(probe) == 0


def test_a_commit_that_fails_in_its_last_flush_is_a_500(probe: Probe) -> None:
    def view() -> str:
        write()
        db.session.add(CouncilHost(host="nobody.example", council_id=new_id()))  # no such council
        return "All is well"

    answer = probe.answer(view)
    assert answer.status_code == 500
    assert "All is well" not in answer.text
    assert areas(probe) == 0


def test_a_commit_that_the_database_refuses_is_a_500(probe: Probe) -> None:
    # A rule that is only asked at the commit itself.
    with probe.engine.begin() as connection:
        connection.execute(
            sa.text("CREATE TABLE late (code text REFERENCES area DEFERRABLE INITIALLY DEFERRED)")
        )

    def view() -> str:
        write()
        db.session.execute(sa.text("INSERT INTO late VALUES ('nowhere')"))
        return "All is well"

    try:
        answer = probe.answer(view)
        assert answer.status_code == 500
        assert "All is well" not in answer.text
        assert areas(probe) == 0
    finally:
        with probe.engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE late"))


def test_after_a_failure_the_next_request_is_as_good_as_new(probe: Probe) -> None:
    def fails() -> str:
        write()
        write()  # the same key once more
        return ""

    assert probe.answer(fails).status_code == 500
    assert probe.answer(then("done")).status_code == 200
    assert areas(probe) == 1


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO area VALUES ('X1', 'Meadowside', 'ward', NULL, '[]')", "UPDATE council SET phone = '999'",
     "DELETE FROM town", "CREATE TABLE more (id int)", "DROP TABLE town"],
)  # fmt: skip
def test_a_request_that_only_asks_cannot_write(probe: Probe, method: str, statement: str) -> None:
    def view() -> str:
        db.session.execute(sa.text(statement))
        db.session.commit()  # not even a view that commits by itself
        return "All is well"

    before = sa.inspect(probe.engine).get_table_names()
    assert probe.answer(view, method).status_code == 500
    assert sa.inspect(probe.engine).get_table_names() == before
    with probe.engine.connect() as connection:
        assert areas(probe) == 0
        assert connection.scalar(sa.text("SELECT count(*) FROM council WHERE phone = '999'")) == 0
        assert connection.scalar(sa.text("SELECT count(*) FROM town"))
    # And whoever is given the same connection afterwards may.
    assert probe.answer(then("done")).status_code == 200
    assert areas(probe) == 1


def test_a_view_that_keeps_nothing_cannot_write_either(probe: Probe) -> None:
    assert probe.answer(then("All is well"), path="/quick").status_code == 500
    assert areas(probe) == 0


@pytest.mark.parametrize(("method", "path"), [("GET", "/probe"), ("POST", "/quick")])
def test_who_only_reads_waits_for_no_writer(probe: Probe, method: str, path: str) -> None:
    def view() -> str:
        return str(db.session.scalar(sa.select(sa.func.count(Area.code)).where(Area.code == MAVIS)))

    with probe.engine.begin() as writer:
        writer.execute(sa.insert(Area).values(code=MAVIS, name="Meadowside", kind="ward", sectors=[]))
        assert probe.answer(view, method, path).text == "0"
    assert probe.answer(view, method, path).text == "1"


def test_a_transaction_of_its_own_stays_whatever_becomes_of_the_request(probe: Probe) -> None:
    def view() -> str:
        db.session.scalar(sa.select(sa.func.count(Area.code)))
        with own_transaction() as session:
            session.add(Area(code=MAVIS, name="Meadowside", kind="ward", sectors=[]))
        raise ZeroDivisionError

    assert probe.answer(view, "GET").status_code == 500
    assert areas(probe) == 1


def test_after_a_transaction_of_its_own_a_reading_request_still_cannot_write(probe: Probe) -> None:
    def view() -> str:
        with own_transaction() as session:
            session.add(Area(code=MAVIS, name="Meadowside", kind="ward", sectors=[]))
        write("X12")
        return "All is well"

    assert probe.answer(view, "GET").status_code == 500
    assert areas(probe) == 1


def test_a_transaction_of_its_own_that_fails_leaves_nothing(probe: Probe) -> None:
    def fail() -> None:
        with own_transaction() as session:
            session.add(Area(code=MAVIS, name="Meadowside", kind="ward", sectors=[]))
            session.flush()
            raise ZeroDivisionError

    with probe.app.app_context(), pytest.raises(ZeroDivisionError):
        fail()
    assert areas(probe) == 0


def test_a_look_beside_the_request_cannot_write(probe: Probe) -> None:
    def view() -> str:
        with own_reading() as session:
            session.add(Area(code=MAVIS, name="Meadowside", kind="ward", sectors=[]))
            session.commit()
        return "All is well"

    assert probe.answer(view).status_code == 500
    assert areas(probe) == 0


def test_two_who_read_and_then_write_go_one_after_the_other_on_sqlite(site: Flask) -> None:
    def add_one() -> None:
        with site.app_context():
            for _time in range(20):
                area = db.session.get(Area, MAVIS)
                assert area
                area.name = str(int(area.name) + 1)
                db.session.commit()
            db.session.remove()

    db.session.add(Area(code=MAVIS, name="0", kind="ward", sectors=[]))
    db.session.commit()
    people = [threading.Thread(target=add_one) for _person in range(3)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert db.session.get_one(Area, MAVIS).name == "60"


def test_a_row_cannot_name_what_is_not_there(each_site: Flask) -> None:
    db.session.add(CouncilHost(host="nobody.example", council_id=new_id()))
    with pytest.raises(sa.exc.IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_what_is_committed_outlives_a_power_cut_on_sqlite(site: Flask) -> None:
    with db.engine.connect() as connection:
        told = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        ]
    assert told == ["wal", 2]  # 2 is FULL. Source: SQLite, PRAGMA synchronous


moments = st.datetimes(
    min_value=dt.datetime(1900, 1, 2),  # noqa: DTZ001 - each gets its zone below
    max_value=dt.datetime(2999, 1, 1),  # noqa: DTZ001 - without a zone is meant
    timezones=st.timezones() | st.just(dt.UTC),
    allow_imaginary=False,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(moment=moments)
def test_a_moment_comes_back_as_it_was(each_site: Flask, moment: dt.datetime) -> None:
    back = db.session.scalar(sa.select(sa.literal(moment, Moment())))
    assert back == moment.astimezone(dt.UTC)  # a clock that was put back would not even be equal to itself
    assert back is not None
    assert back.utcoffset() == dt.timedelta(0)


@pytest.mark.postgres
@pytest.mark.parametrize("each_site", ["postgresql"], indirect=True)
def test_a_moment_is_in_utc_whatever_clock_the_database_server_has(each_site: Flask) -> None:
    db.session.execute(sa.text("SET LOCAL TIME ZONE 'Asia/Kolkata'"))
    back = db.session.scalar(sa.select(sa.literal(NOW, Moment())))
    assert back is not None
    assert back.isoformat() == "2026-11-23T09:30:00+00:00"


def test_a_moment_without_its_time_zone_is_refused(each_site: Flask) -> None:
    with pytest.raises(sa.exc.StatementError, match="a moment needs its time zone"):
        db.session.scalar(sa.select(sa.literal(dt.datetime(2026, 11, 23, 9, 30), Moment())))  # noqa: DTZ001 - without a zone is meant


def test_a_session_outside_a_request_may_write(each_site: Flask) -> None:
    with orm.Session(db.engine) as session, session.begin():
        session.add(Area(code=MAVIS, name="Meadowside", kind="ward", sectors=[]))
    assert db.session.get(Area, MAVIS)
