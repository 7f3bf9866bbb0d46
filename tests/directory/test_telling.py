"""A listing in words: when, how far, what it costs, for whom, and when somebody last looked."""

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.db import db
from portal.directory import actions, telling
from portal.directory.drafts import TimeDraft
from portal.directory.models import CostOption, Schedule, Service
from tests import make

TODAY = dt.date(2026, 11, 23)
NOON, TEN, TWO = dt.time(12), dt.time(10), dt.time(14)


@pytest.fixture(autouse=True)
def page(site: Flask) -> Iterator[None]:
    """Words are told on a page in English."""
    with site.test_request_context():
        yield
        db.session.rollback()


def time(draft: TimeDraft) -> str:
    """Opening times as they were handed in, in words."""
    return telling.time(actions.schedule(draft, 0))


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (TimeDraft(("tue", "thu"), opens=NOON, closes=TWO), "Tuesdays and Thursdays, midday to 2pm"),
        (TimeDraft(("mon",), opens=TEN, closes=dt.time(12, 30)), "Mondays, 10am to 12.30pm"),
        (TimeDraft(("mon", "tue", "wed", "thu", "fri"), opens=dt.time(9)), "Monday to Friday, from 9am"),
        (TimeDraft(("fri", "mon", "wed")), "Mondays, Wednesdays and Fridays"),
        (TimeDraft(("sun", "mon", "tue", "wed", "thu", "fri", "sat"), opens=dt.time(0), closes=dt.time(0)),
         "Every day, all day and night"),
        (TimeDraft(("sat",), opens=dt.time(22), closes=dt.time(0)), "Saturdays, 10pm to midnight"),
        (TimeDraft(("tue",), weeks=(1,)), "First Tuesday of the month"),
        (TimeDraft(("tue",), weeks=(1, 3), opens=TEN, closes=NOON),
         "First and third Tuesday of the month, 10am to midday"),
        (TimeDraft(("fri",), weeks=(-1,)), "Last Friday of the month"),
        (TimeDraft(("mon",), season_from="04-01", season_until="09-30"), "Mondays, 1 April to 30 September only"),
        (TimeDraft(("mon",), note="Not bank holidays"), "Mondays, Not bank holidays"),
        (TimeDraft(on=dt.date(2026, 12, 24), opens=dt.time(18)), "Thursday 24 December 2026, from 6pm"),
    ],
)  # fmt: skip
def test_opening_times_are_told_as_people_say_them(draft: TimeDraft, words: str) -> None:
    assert time(draft) == words


def test_dates_that_are_over_are_left_out_and_a_card_says_the_first_of_several() -> None:
    service = make.service(
        "Fair",
        kind="event",
        times=(
            TimeDraft(on=TODAY - dt.timedelta(days=1)),
            TimeDraft(on=TODAY),
            TimeDraft(on=TODAY + dt.timedelta(days=7)),
        ),
    )
    assert telling.times(service.times, TODAY) == ["Monday 23 November 2026", "Monday 30 November 2026"]
    assert telling.when(service, TODAY) == "Monday 23 November 2026, and 1 other time"
    assert telling.when(Service(by_appointment=True), TODAY) == "By appointment"
    assert telling.when(Service(by_appointment=False), TODAY) == ""


@pytest.mark.parametrize(
    ("assured", "due", "words"),
    [
        (None, None, "Not checked yet"),
        (TODAY, None, "Checked today"),
        (TODAY - dt.timedelta(days=1), None, "Checked yesterday"),
        (TODAY - dt.timedelta(days=13), None, "Checked 13 days ago"),
        (TODAY - dt.timedelta(days=14), None, "Checked 2 weeks ago"),
        (TODAY - dt.timedelta(days=60), None, "Checked 2 months ago"),
        (TODAY - dt.timedelta(days=60), TODAY, "Checked 2 months ago"),
        (TODAY - dt.timedelta(days=190), TODAY - dt.timedelta(days=1),
         "Last checked 17 May 2026. Please ring before you go"),
    ],
)  # fmt: skip
def test_when_somebody_last_looked(assured: dt.date | None, due: dt.date | None, words: str) -> None:
    assert telling.checked(Service(assured_on=assured, review_due_on=due), TODAY) == words


@pytest.mark.parametrize(
    ("metres", "words"),
    [(0, "Less than 0.1 miles"), (160, "Less than 0.1 miles"), (161, "0.1 miles"), (1609, "1 mile"),
     (2414, "1.5 miles"), (16_010, "9.9 miles"), (16_093, "10 miles"), (80_467, "50 miles")],
)  # fmt: skip
def test_how_far(metres: float, words: str) -> None:
    assert telling.miles(metres) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(None, None, ""), (60, None, "Age 60 and over"), (None, 25, "Up to age 25"), (18, 64, "Ages 18 to 64"),
     (0, 5, "Ages 0 to 5")],
)  # fmt: skip
def test_for_which_ages(low: int | None, high: int | None, words: str) -> None:
    assert telling.ages(Service(minimum_age=low, maximum_age=high)) == words


def test_what_it_costs() -> None:
    assert telling.cost(Service(is_free=True, costs=[CostOption(words="£4")])) == "Free"
    assert (
        telling.cost(Service(is_free=False, costs=[CostOption(words="£4 including tea", pence=400)]))
        == "£4 including tea"
    )
    assert telling.cost(Service(is_free=False, costs=[CostOption(words="", pence=1250)])) == "£12.50"
    assert telling.cost(Service(is_free=False)) == ""


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("ur", "Urdu"),
        ("cy", "Welsh"),
        ("hak", "Hakka Chinese"),
        ("bsl", "British Sign Language"),
        ("xx-nobody", ""),
        ("", ""),
    ],
)
def test_languages_by_name(code: str, name: str) -> None:
    assert telling.language_name(code) == name


def test_a_broken_rule_of_days_breaks_no_page() -> None:
    for byday in ("", "XX", "1XX", "TU,XX"):
        for freq in ("WEEKLY", "MONTHLY"):
            assert isinstance(
                telling.time(Schedule(freq=freq, byday=byday, season_from="", season_until="", note="")), str
            )
