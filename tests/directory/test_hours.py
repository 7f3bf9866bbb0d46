"""Hours as people write them for a day: read where they are certain, kept as words where they are not."""

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.directory import hours


def said(text: str) -> str:
    """What was read, as "09:00-17:00 13:00-17:00 | words"."""
    spans, words = hours.read(text)
    return " ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in spans) + (f" | {words}" if words else "")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("09:00-12:30,13:00-16:30,17:00-21:00", "09:00-12:30 13:00-16:30 17:00-21:00"),
        ("09:00–17:00", "09:00-17:00"),
        ("9am - 5pm", "09:00-17:00"),
        ("9.30am-4pm", "09:30-16:00"),
        ("10AM TO 2PM", "10:00-14:00"),
        ("9-5", "09:00-17:00"),
        ("9:00-5:30", "09:00-17:30"),
        ("10-12", "10:00-12:00"),
        ("8-8", "08:00-20:00"),
        ("12-2", "12:00-14:00"),
        ("12.30-1", "12:30-13:00"),
        ("1-3pm", "13:00-15:00"),
        ("10-2pm", "10:00-14:00"),
        ("2 - 4.30pm", "14:00-16:30"),
        ("10am - 2", "10:00-14:00"),
        ("12noon - 2pm", "12:00-14:00"),
        ("10am to midday", "10:00-12:00"),
        ("10am-12pm and 2pm-4pm", "10:00-12:00 14:00-16:00"),
        ("6:30-22:00", "06:30-22:00"),
        ("22:00-02:00", "22:00-02:00"),
        ("10pm-2", "22:00-02:00"),
        ("10pm-12am", "22:00-00:00"),
        ("6pm until midnight", "18:00-00:00"),
        ("00:00-24:00", "00:00-00:00"),
        ("24 hours", "00:00-00:00"),
        ("Open 24 hours a day", "00:00-00:00 | Open"),
        ("9am-5pm (term time)", "09:00-17:00 | term time"),
        ("09:00-17:00, ring first", "09:00-17:00 | ring first"),
        ("CLOSED", ""),
        ("", ""),
    ],
)
def test_hours_are_read_as_they_are_meant(text: str, meant: str) -> None:
    assert said(text) == meant


@pytest.mark.parametrize(
    "text",
    ["1-3", "1.30-3", "by appointment", "25:00-26:00", "9:75-10", "13pm-14pm", "0pm-1pm", "0161-912-2122",
     "0161 496 0123", "closed 25-26 Dec", "09:00-17:00 or 25:00-26:00", "from 9", "2026-11-23", "10-12-14", "£3-4.505"],
)  # fmt: skip
def test_what_is_not_certain_is_not_guessed(text: str) -> None:
    assert hours.read(text) == ([], text)


minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: dt.time(minute // 60, minute % 60))


@given(minutes, minutes)
def test_hours_of_a_clock_are_read_as_written(opens: dt.time, closes: dt.time) -> None:
    assume(opens < closes or closes.hour not in (10, 11, 12))  # "10:00-10:00" is from morning to night
    assert hours.read(f"{opens:%H:%M}-{closes:%H:%M}") == ([(opens, closes)], "")


@given(st.text(alphabet="0123456789:.-– apmto,;()", max_size=30))
def test_no_text_breaks_it_and_what_is_not_read_is_kept(text: str) -> None:
    spans, words = hours.read(text)
    assert spans or words == text or text.strip().lower() in ("", "closed")
