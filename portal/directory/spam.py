"""What looks like a robot's, so that a person looks at it first. Nothing is thrown away here.

No puzzle is asked of anybody: a field that people do not see, the time it took, links, a flood from one place.
"""

import datetime as dt
import re
from dataclasses import dataclass

from portal import sealing

_PURPOSE = "voices began"
# Nobody reads a form and writes a sentence in less; a page that was open for longer is an old copy.
_FASTEST = dt.timedelta(seconds=4)
_SLOWEST = dt.timedelta(hours=24)
_LINK = re.compile(
    r"https?://|www\.|\[url|<a\s|\b[a-z0-9-]+\.(?:ru|cn|xyz|top|click|shop|biz|info)\b", re.IGNORECASE
)
_MOST_LINKS = 1
# From one address in an hour: a library's terminals share one.
MOST_AN_HOUR = 8
REASONS = ("hidden_field", "no_clock", "too_fast", "too_old", "links", "many", "twice")


@dataclass(frozen=True)
class Signs:
    """What came with the words. hidden_field: what stands where people see no field; began: when the page was made."""

    hidden_field: str
    began: str


def clock_sealed(now: dt.datetime) -> str:
    """When a form was made, for its hidden field."""
    return sealing.seal(now.isoformat(), _PURPOSE)


def _took(began: str, now: dt.datetime) -> dt.timedelta | None:
    """How long it took to fill in a form; None where its clock is missing or was tampered with."""
    try:
        return now - dt.datetime.fromisoformat(sealing.unseal(began, _PURPOSE))
    except (sealing.Unreadable, ValueError):
        return None


def suspicions(signs: Signs, words: str, now: dt.datetime, *, lately: int, same: bool) -> list[str]:
    """Why it looks like a robot's; nothing where it does not.

    lately: how much came from there in the last hour. same: the very same words came before.
    """
    took = _took(signs.began, now)
    found = {
        "hidden_field": bool(signs.hidden_field),
        "no_clock": took is None,
        "too_fast": took is not None and took < _FASTEST,
        "too_old": took is not None and took > _SLOWEST,
        "links": len(_LINK.findall(words)) > _MOST_LINKS,
        "many": lately >= MOST_AN_HOUR,
        "twice": same,
    }
    return [reason for reason in REASONS if found[reason]]
