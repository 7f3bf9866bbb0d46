"""Who acts for whom in the demonstration: made by the same steps as by people, and nobody is mailed about it."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from portal import clock, notify
from portal.accounts import mandates, queries, supported
from portal.accounts.granting import By
from portal.accounts.mandates import Moment, Terms, Who
from portal.accounts.models import Person, User
from portal.councils.models import Council
from portal.councils.queries import by_key
from portal.db import db

_BY = By(None, "demonstration")
# Who grants and who approves.
_OFFICERS = ("sam", "ada")


def save(
    people: Iterable[Mapping[str, Any]],
    rows: Iterable[Mapping[str, Any]],
    now: dt.datetime,
    new_id: Callable[[str], uuid.UUID],
) -> None:
    """People without an account are there, and mandates stand as `rows` say. new_id: an account's, by its key.

    Once they were here they are not made again, whatever has become of them.
    """
    for row in people:
        council = by_key(row["council"])
        assert council is not None
        if db.session.scalar(sa.select(sa.exists().where(Person.reference == row["reference"]))):
            return
        supported.add(council, row["name"], row["reference"], by=_BY, now=now)
    for row in rows:
        _save(row, lambda key: queries.user(new_id(key)), now)
    db.session.flush()
    db.session.execute(sa.delete(notify.Message).where(notify.Message.created_at == now))


def _save(row: Mapping[str, Any], user: Callable[[str], User | None], now: dt.datetime) -> None:
    person = db.session.scalars(sa.select(Person).where(Person.reference == row["person"])).one()
    council = db.session.get_one(Council, person.council_id)
    terms = Terms(
        basis=row["basis"],
        scope=row["scope"],
        starts_on=clock.uk_time(now).date(),
        payment_limit_pence=_pence(row.get("payment")),
        month_limit_pence=_pence(row.get("month")),
    )
    made = mandates.ask(person, Who(user(row["who"])), terms, _at(user(row["asked_by"]), council, now))
    first, second = (_at(user(key), council, now) for key in _OFFICERS)
    mandates.grant(made, f"File {person.reference}", first)
    if row["until"] != "granted":
        mandates.approve(made, second)
    if row["until"] == "ended":
        mandates.end(made, "", _at(user(row["asked_by"]), council, now), side="person")


def _pence(pounds: int | None) -> int | None:
    return None if pounds is None else pounds * 100


def _at(user: User | None, council: Council, now: dt.datetime) -> Moment:
    assert user is not None
    by = By(user.id, f"user:{user.id}", user.name)
    return Moment(council, by, now, clock.uk_time(now).date())
