"""A mandate never allows more than its scope, its limits and its days say, whatever they are."""

import datetime as dt

import pytest
from flask import Flask
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from portal.accounts import acting
from portal.accounts.models import MANDATE_STATES, SCOPES, Mandate
from portal.db import db
from tests import make
from tests.accounts import mandating
from tests.accounts.mandating import TODAY, account, visiting

PENCE = st.integers(min_value=0, max_value=10**10)
LIMITS = st.none() | PENCE
DAYS = st.integers(min_value=-400, max_value=400).map(lambda days: TODAY + dt.timedelta(days=days))


@st.composite
def mandates(draw: st.DrawFn) -> Mandate:
    """A mandate of any state, scope, limits and days, which no database has seen."""
    starts_on, ends_on = draw(DAYS), draw(st.none() | DAYS)
    assume(ends_on is None or ends_on >= starts_on)
    return Mandate(
        basis="lpa",
        scope=draw(st.sampled_from(SCOPES)),
        state=draw(st.sampled_from(MANDATE_STATES)),
        starts_on=starts_on,
        ends_on=ends_on,
        payment_limit_pence=draw(LIMITS),
        month_limit_pence=draw(LIMITS),
    )


@given(mandates(), DAYS)
def test_it_stands_when_it_is_active_and_on_its_days_alone(mandate: Mandate, today: dt.date) -> None:
    last = mandate.ends_on or dt.date.max
    assert acting.stands(mandate, today) == (mandate.state == "active" and mandate.starts_on <= today <= last)


@given(mandates(), PENCE, PENCE)
def test_no_payment_goes_past_a_limit(mandate: Mandate, pence: int, month_pence: int) -> None:
    if acting.within_limits(mandate, pence, month_pence):
        assert mandate.payment_limit_pence is None or pence <= mandate.payment_limit_pence
        assert mandate.month_limit_pence is None or month_pence + pence <= mandate.month_limit_pence
    else:
        assert (mandate.payment_limit_pence, mandate.month_limit_pence) != (None, None)


@given(mandates(), st.lists(PENCE, max_size=12))
def test_payments_that_it_lets_through_never_add_up_past_the_month(
    mandate: Mandate, asked: list[int]
) -> None:
    spent = 0
    for pence in asked:
        spent += pence if acting.within_limits(mandate, pence, spent) else 0
    assert mandate.month_limit_pence is None or spent <= mandate.month_limit_pence


@given(mandates(), st.sampled_from(SCOPES))
def test_who_may_do_more_may_do_less_and_never_the_other_way(mandate: Mandate, scope: str) -> None:
    lesser = SCOPES[: SCOPES.index(mandate.scope) + 1]
    assert acting.covers(mandate, scope) == (scope in lesser)


@pytest.fixture
def held(each_site: Flask) -> Mandate:
    """Derek's mandate for Mavis, which a test bends to every shape."""
    return mandating.active(mandating.mavis(), account("derek"))


@given(drawn=mandates(), today=DAYS, scope=st.sampled_from(SCOPES), pence=st.none() | PENCE, spent=PENCE)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_says_the_same_as_the_mandate_itself(
    held: Mandate, drawn: Mandate, today: dt.date, scope: str, pence: int | None, spent: int
) -> None:
    for name in ("scope", "state", "starts_on", "ends_on", "payment_limit_pence", "month_limit_pence"):
        setattr(held, name, getattr(drawn, name))
    db.session.flush()
    derek = visiting(account("derek"))
    found = acting.may_act(derek, held.person, scope, today, pence, spent)
    right = acting.stands(drawn, today) and acting.covers(drawn, scope)
    allowed = right and (pence is None or acting.within_limits(drawn, pence, spent))
    assert (found is not None) == allowed
    assert make.council().id == held.council_id
