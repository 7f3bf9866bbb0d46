"""Hours as people write them in a spreadsheet: "09:00-12:30, 13:00-17:00", "9-5", "10am to 2pm (term time)".

Pure. What is not certain is not guessed: it comes back as words.
"""

import datetime as dt
import re

Hours = tuple[dt.time, dt.time]

_MIDDAY = re.compile(r"\b(?:12\s*)?(?:noon|midday)\b", re.I)
_MIDNIGHT = re.compile(r"\b(?:12\s*)?midnight\b", re.I)
_ALWAYS = re.compile(r"\b24\s*(?:hours|hrs|hour|hr)\b(?:\s+a\s+day)?|\ball day and night\b", re.I)
_TIME = r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m)?"
_SPAN = re.compile(rf"(?<![\d.:-]){_TIME}\s*(?:-|–|—|to|until)\s*{_TIME}(?![\d:])(?![.-]\d)", re.I)
# What stands between two spans, and says nothing by itself.
_BETWEEN = re.compile(r"(?:[\s,;/&]|\band\b)+", re.I)
_NOON, _HALF_DAY = 12, 12 * 60
# Without am or pm, "9-5" is clear and "1-3" is not: an hour before this one, in minutes, may be either.
_EARLIEST = 7 * 60


def read(text: str) -> tuple[list[Hours], str]:
    """(spans from and until, words that are left over) of what was written for one day.

    A span that ends at or before its beginning goes on after midnight. Where any part of the text makes no sense as
    hours, all of it is words.
    """
    if text.strip().lower() in ("", "closed"):
        return [], ""
    tidy = _ALWAYS.sub("00:00-24:00", _MIDNIGHT.sub("24:00", _MIDDAY.sub("12:00", text)))
    spans = [_span(*match.groups()) for match in _SPAN.finditer(tidy)]
    if not spans or None in spans:
        return [], text
    left = _BETWEEN.sub(" ", _SPAN.sub(" ", tidy)).strip()
    return [span for span in spans if span], left.removeprefix("(").removesuffix(")")


def _span(
    hour: str,
    minute: str | None,
    half: str | None,
    end_hour: str,
    end_minute: str | None,
    end_half: str | None,
) -> Hours | None:
    """From and until; None where it cannot be, or may be meant in two ways."""
    opens, closes = _minutes(hour, minute, half), _minutes(end_hour, end_minute, end_half)
    if opens is None or closes is None:
        return None
    bare, end_bare = _is_bare(hour, half), _is_bare(end_hour, end_half)
    if bare and end_bare and opens < _EARLIEST:
        return None
    if bare and end_half and closes > opens + _HALF_DAY:
        opens += _HALF_DAY  # "1-3pm"
    if end_bare and (bare or half) and closes <= opens < closes + _HALF_DAY:
        closes += _HALF_DAY  # "9-5"
    return _clock(opens), _clock(closes)


def _is_bare(hour: str, half: str | None) -> bool:
    """Whether it is an hour as it is said, and not one of the twenty-four that a clock shows."""
    return half is None and not hour.startswith("0") and int(hour) <= _NOON


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    """Minutes after midnight, or None for what no clock shows."""
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= _NOON:
            return None
        hours = hours % _NOON + (_NOON if half.lower() == "pm" else 0)
    total = hours * 60 + minutes
    return total if minutes < 60 and total <= 2 * _HALF_DAY else None


def _clock(minutes: int) -> dt.time:
    return dt.time(minutes // 60 % 24, minutes % 60)
