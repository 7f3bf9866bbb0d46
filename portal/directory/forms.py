"""What people ask of /find: the address of a search, read kindly.

Any address at all gives a search: what cannot be understood is left out, said in a sentence, and still stands in its
box. Nothing here refuses.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from portal.directory.search import DAYS, SORTS, Filters
from portal.forms import plain
from portal.geo import METRES_PER_MILE
from portal.i18n import _

# The default of `within`, in miles, and the furthest that makes sense on an island of this size.
NEAR, FURTHEST = 5.0, 100.0
DISTANCES = (1, 2, 3, 5, 10, 20, 40)
VIEWS = ("list", "map")
# What is kept of a typed text: more than anybody types, less than would swamp a page.
_MOST_TEXT = 300
_MOST_PLACE = 60
_MOST_VALUES = 40
_MOST_PAGES = 500
_MULTI = ("category", "need", "day", "access", "language", "rating", "area")
_KEY = re.compile(r"[A-Za-z0-9 _-]{1,60}")
# 10:30, 10.30, 1030, 9, 9am, 2.15 pm
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)?\s*(am|pm)?", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,4}(\.\d{1,3})?", re.ASCII)
_AGE = re.compile(r"\d{1,3}", re.ASCII)
_OLDEST = 120
HERE = "here"


@dataclass(frozen=True)
class Asked:
    """A search as it was asked for: what was understood, what was typed, and what was odd about it."""

    words: str = ""
    place: str = ""
    here: bool = False  # "near me": the place the visitor gave, kept in the session only
    miles: float = NEAR
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    free: bool = False
    time: str = ""
    minutes: int | None = None
    age: int | None = None
    sort: str = "best"
    page: int = 1
    view: str = "list"
    exact: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """True when nothing at all was asked for."""
        return not (self.words or self.place or self.here or self.count)

    @property
    def count(self) -> int:
        """How many filters are set."""
        return (
            sum(map(len, self.chosen.values()))
            + self.free
            + (self.minutes is not None)
            + (self.age is not None)
        )

    @property
    def within(self) -> float:
        """The distance asked for, in metres."""
        return self.miles * METRES_PER_MILE

    def filters(self) -> Filters:
        """The filters for the engine."""
        several = {name: frozenset(self.chosen.get(name, ())) for name in _MULTI}
        return Filters(**several, minutes=self.minutes, free=self.free, age=self.age)

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """The search as names and values of an address; changes replace (None: leave out). Page 1 unless changed."""
        values: dict[str, Any] = {
            "q": self.typed.get("q", self.words),
            "postcode": self.typed.get("postcode", self.place),
            "near": HERE if self.here else "",
            "within": "" if self.miles == NEAR else f"{self.miles:g}",
            **self.chosen,
            "free": "1" if self.free else "",
            "time": self.time,
            "age": "" if self.age is None else str(self.age),
            "sort": "" if self.sort == "best" else self.sort,
            "view": "" if self.view == "list" else self.view,
            "exact": "1" if self.exact else "",
            "page": "",
            **changes,
        }
        return [
            (name, str(one))
            for name, value in values.items()
            if value
            for one in (value if isinstance(value, tuple | list) else (value,))
        ]

    def address(self, **changes: Any) -> str:
        """The address of this search with changes."""
        query = urlencode(self.pairs(**changes))
        return f"/find?{query}" if query else "/find"

    def without(self, name: str, value: str = "") -> str:
        """The address of this search without one filter, or without one of its values."""
        left = tuple(v for v in self.chosen.get(name, ()) if v != value) if value else ()
        return self.address(**{name: left or None})


def asked(args: MultiDict[str, str]) -> Asked:
    """The search that an address asks for, whatever it holds."""
    errors: dict[str, str] = {}
    words = plain(args.get("q"))[:_MOST_TEXT].strip()
    place = plain(args.get("postcode"))[:_MOST_PLACE].strip()
    time, minutes = _minutes(plain(args.get("time")), errors)
    sort, view = args.get("sort", "best"), args.get("view", "list")
    return Asked(
        words=words,
        place=place,
        here=args.get("near") == HERE and not place,
        miles=_miles(plain(args.get("within")), errors),
        chosen=_chosen(args),
        free=args.get("free") == "1",
        time=time,
        minutes=minutes,
        age=_age(plain(args.get("age")), errors),
        sort=sort if sort in SORTS else "best",
        page=_page(args.get("page", "")),
        view=view if view in VIEWS else "list",
        exact=args.get("exact") == "1",
        typed={
            "q": words,
            "postcode": place,
            "within": plain(args.get("within"))[:10],
            "time": plain(args.get("time"))[:10],
            "age": plain(args.get("age"))[:10],
        },
        errors=errors,
    )


def _chosen(args: MultiDict[str, str]) -> dict[str, tuple[str, ...]]:
    chosen = {}
    for name in _MULTI:
        values = [value for value in dict.fromkeys(args.getlist(name)) if _KEY.fullmatch(value)][
            :_MOST_VALUES
        ]
        if name == "day":
            values = [value for value in values if value in DAYS]
        if values:
            chosen[name] = tuple(values)
    return chosen


def _miles(text: str, errors: dict[str, str]) -> float:
    if not text:
        return NEAR
    if not _NUMBER.fullmatch(text) or not 0 < float(text) <= FURTHEST:
        errors["within"] = _("Choose a distance between 1 and 100 miles. We have used 5 miles")
        return NEAR
    return float(text)


def _minutes(text: str, errors: dict[str, str]) -> tuple[str, int | None]:
    if not text:
        return "", None
    match = _TIME.fullmatch(text)
    if not match:
        errors["time"] = _("Type a time such as 10:30. We have left it out")
        return "", None
    hours, minutes, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half and 1 <= hours <= 12:
        hours = hours % 12 + (12 if half == "pm" else 0)
    return f"{hours:02d}:{minutes:02d}", hours * 60 + minutes


def _age(text: str, errors: dict[str, str]) -> int | None:
    if not text:
        return None
    if not _AGE.fullmatch(text) or int(text) > _OLDEST:
        errors["age"] = _("Type an age in years, such as 72. We have left it out")
        return None
    return int(text)


def _page(text: str) -> int:
    return (
        int(text)
        if text.isascii() and text.isdigit() and len(text) < 5 and 1 <= int(text) <= _MOST_PAGES
        else (_MOST_PAGES if text.isascii() and text.isdigit() and text.strip("0") else 1)
    )
