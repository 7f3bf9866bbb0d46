"""Bank holidays of years that are known, working days, and UK time."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.clock import bank_holidays, is_working_day, uk_time, working_days_after

days = st.dates(dt.date(1980, 1, 1), dt.date(2090, 12, 31))
closed = st.frozensets(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), max_size=20)

# England and Wales, as the government publishes them, in years without a holiday of their own.
# Source: GOV.UK, UK bank holidays.
KNOWN = {
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}
# Easter Sunday at its earliest and latest, and where simpler sums go wrong.
# Source: tables of the Book of Common Prayer.
EASTERS = [
    "1818-03-22",
    "1943-04-25",
    "1954-04-18",
    "1981-04-19",
    "2008-03-23",
    "2011-04-24",
    "2038-04-25",
    "2049-04-18",
]


@pytest.mark.parametrize("year", KNOWN)
def test_the_bank_holidays_of_a_year_are_those_the_government_publishes(year: int) -> None:
    published = {dt.date.fromisoformat(f"{year}-{day}") for day in KNOWN[year].split()}
    assert bank_holidays(year) == published


@pytest.mark.parametrize("easter", EASTERS)
def test_good_friday_and_easter_monday_stand_around_easter(easter: str) -> None:
    sunday = dt.date.fromisoformat(easter)
    assert {sunday - dt.timedelta(days=2), sunday + dt.timedelta(days=1)} <= bank_holidays(sunday.year)


@given(st.integers(1972, 2200))
def test_every_year_has_eight_bank_holidays_and_none_on_a_weekend(year: int) -> None:
    holidays = bank_holidays(year)
    assert len(holidays) == 8
    assert all(day.weekday() < 5 and day.year == year for day in holidays)


def test_a_working_day_is_neither_weekend_nor_bank_holiday_nor_closed_for_another_reason() -> None:
    monday = dt.date(2026, 11, 23)
    assert is_working_day(monday)
    assert not is_working_day(monday, also_closed=[monday])
    assert not is_working_day(dt.date(2026, 11, 22))
    assert not is_working_day(dt.date(2026, 12, 28))  # Boxing Day, which fell on a Saturday


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-23", 1, "2026-11-24"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-28", 0, "2026-11-30"),
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-12-24", 1, "2026-12-29"),
        ("2026-12-31", 3, "2027-01-06"),
        ("2026-04-02", 2, "2026-04-08"),
    ],
)
def test_working_days_are_counted_over_weekends_and_holidays(day: str, count: int, then: str) -> None:
    assert working_days_after(dt.date.fromisoformat(day), count) == dt.date.fromisoformat(then)


def test_a_day_of_royal_proclamation_is_counted_over_when_it_is_told() -> None:
    coronation = dt.date(2023, 5, 8)
    assert working_days_after(dt.date(2023, 5, 5), 1) == coronation
    assert working_days_after(dt.date(2023, 5, 5), 1, also_closed=[coronation]) == dt.date(2023, 5, 9)


@given(days, st.integers(0, 30), closed)
def test_so_many_working_days_lie_between(day: dt.date, count: int, also_closed: frozenset[dt.date]) -> None:
    then = working_days_after(day, count, also_closed)
    assert is_working_day(then, also_closed)
    after = (day + dt.timedelta(days=n) for n in range(1, (then - day).days + 1))
    between = sum(is_working_day(d, also_closed) for d in after)
    assert between == (count if count or is_working_day(day, also_closed) else 1)


@given(days, st.integers(0, 15), st.integers(1, 15))
def test_counting_on_is_counting_further(day: dt.date, first: int, more: int) -> None:
    once = working_days_after(day, first)
    assert working_days_after(once, more) == working_days_after(day, first + more) or not is_working_day(day)
    assert working_days_after(once, more) > once


@pytest.mark.parametrize(
    ("utc", "wall"),
    [
        ("2026-11-23T09:30", "2026-11-23T09:30"),
        ("2026-06-30T23:30", "2026-07-01T00:30"),
        ("2026-03-29T00:59", "2026-03-29T00:59"),
        ("2026-03-29T01:00", "2026-03-29T02:00"),
        ("2026-10-25T00:30", "2026-10-25T01:30"),
        ("2026-10-25T01:30", "2026-10-25T01:30"),
    ],
)
def test_a_clock_on_a_wall_in_the_uk(utc: str, wall: str) -> None:
    moment = dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)
    assert uk_time(moment).strftime("%Y-%m-%dT%H:%M") == wall
    assert uk_time(moment).timestamp() == moment.timestamp()


def test_today_is_the_date_in_the_uk_at_this_moment() -> None:
    before = clock.now()
    today = clock.today()
    assert uk_time(before).date() <= today <= uk_time(clock.now()).date()
    assert before.utcoffset() == dt.timedelta(0)
