"""The time of day, for whoever is at the edge.

Only views, commands and jobs ask the clock; everything below takes `now` or `today` as an argument, so that it can
be tried at any moment. Times are stored in UTC and read out in UK time.
"""

import datetime as dt
from collections.abc import Collection
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")


def now() -> dt.datetime:
    """This moment, in UTC, with its time zone."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The date on a calendar on a wall in the UK."""
    return now().astimezone(UK).date()


def uk_time(moment: dt.datetime) -> dt.datetime:
    """The same moment as a clock on a wall in the UK shows it. moment: with its time zone."""
    return moment.astimezone(UK)


def _easter(year: int) -> dt.date:
    """Easter Sunday. Source: the anonymous Gregorian computus (Nature, 20 April 1876)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return dt.date(year, month, day + 1)


def _on_monday(day: dt.date) -> dt.date:
    """The first Monday on or after a day."""
    return day + dt.timedelta(days=-day.weekday() % 7)


def bank_holidays(year: int) -> frozenset[dt.date]:
    """The usual bank holidays of England and Wales.

    One-off holidays by royal proclamation are not here: they are given to `is_working_day` as `also_closed`.
    Source: Banking and Financial Dealings Act 1971, schedule 1.
    """
    easter = _easter(year)
    days = {easter - dt.timedelta(days=2), easter + dt.timedelta(days=1)}
    days.add(_on_monday(dt.date(year, 5, 1)))
    days |= {_on_monday(dt.date(year, 5, 25)), _on_monday(dt.date(year, 8, 25))}
    new_year = dt.date(year, 1, 1)
    days.add(_on_monday(new_year) if new_year.weekday() >= 5 else new_year)
    christmas, boxing = dt.date(year, 12, 25), dt.date(year, 12, 26)
    moved = {
        5: (christmas + dt.timedelta(days=2), boxing + dt.timedelta(days=2)),
        6: (boxing, christmas + dt.timedelta(days=2)),
        4: (christmas, boxing + dt.timedelta(days=2)),
    }
    days |= set(moved.get(christmas.weekday(), (christmas, boxing)))
    return frozenset(days)


def is_working_day(day: dt.date, also_closed: Collection[dt.date] = ()) -> bool:
    """True when banks and council offices are open."""
    return day.weekday() < 5 and day not in bank_holidays(day.year) and day not in also_closed


def working_days_after(day: dt.date, count: int, also_closed: Collection[dt.date] = ()) -> dt.date:
    """The working day that is `count` working days later (count 0: the day itself, or the next that works)."""
    left = count
    while left > 0 or not is_working_day(day, also_closed):
        day += dt.timedelta(days=1)
        left -= is_working_day(day, also_closed)
    return day
