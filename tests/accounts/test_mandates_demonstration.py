"""Who acts for whom in the demonstration."""

import sqlalchemy as sa
from flask import Flask

from portal.accounts import acting, queries
from portal.accounts.models import Mandate, Person, User
from portal.db import db
from portal.notify import Message
from tests import make
from tests.accounts.mandating import TODAY, visiting


def user(email: str) -> User:
    found = queries.by_email(email)
    assert found
    return found


def mavis() -> Person:
    return db.session.scalars(sa.select(Person).where(Person.reference == "F-1041")).one()


def test_derek_approves_for_mavis_up_to_his_limits(demo: Flask) -> None:
    derek = visiting(user("derek@fernshire.example.org"))
    made = acting.may_act(derek, mavis(), "approve", TODAY, pence=25_000, month_pence=75_000)
    assert made
    assert (made.payment_limit_pence, made.month_limit_pence) == (25_000, 100_000)
    assert acting.may_act(derek, mavis(), "approve", TODAY, pence=25_001) is None


def test_olga_sees_nothing_of_it(demo: Flask) -> None:
    olga = user("olga@millbrook.example.org")
    for council in ("fernshire", "millbrook"):
        there = visiting(olga, council)
        assert acting.for_person(there, mavis().id, "view", TODAY) is None
        assert acting.mandates_by(there) == []
    assert acting.person(make.council("millbrook").id, mavis().id) is None
    assert acting.waiting(make.council("millbrook").id) == []


def test_one_waits_for_approval_and_one_has_ended_and_nobody_was_mailed(demo: Flask) -> None:
    stands = sorted(
        tuple(row) for row in db.session.execute(sa.select(Mandate.state, Person.name).join(Person))
    )
    assert stands == [
        ("active", "Mavis Braithwaite"),
        ("ended", "Mavis Braithwaite"),
        ("granted", "Harold Finch"),
    ]
    assert db.session.scalar(sa.select(sa.func.count(Message.id))) == 0
