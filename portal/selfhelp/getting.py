"""Where to get equipment, as it is shown: who lends it, who sells it or lets people try it, and who else can help.

Each is a live search of the directory near the person. A service stands under the first way that finds it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.councils.models import Council
from portal.directory import finding
from portal.directory.finding import Row
from portal.directory.forms import Asked
from portal.geo import Place
from portal.i18n import _
from portal.selfhelp.house import Task
from portal.selfhelp.items import Item

# Services of one way: enough to choose from, few enough to read.
_MOST_SERVICES = 2
BORROW, BUY, TRY = "borrow", "buy", "try"
# Where the directory has what lends, sells or lets people try equipment: way to get it -> category.
CATEGORIES = {BORROW: "equipment-loan", BUY: "equipment-shops", TRY: "equipment-shops"}


@dataclass(frozen=True)
class Way:
    """A way to get something, with the best few services. more: where all of them are; total: how many."""

    key: str
    title: str
    rows: tuple[Row, ...]
    total: int
    more: str


def ways(
    council: Council, items: Sequence[Item], task: Task | None, place: Place | None, today: dt.date
) -> list[Way]:
    """The ways to get these things, and who else can help with the task, near the person."""
    wanted = list(_wanted(items, task))
    found = finding.few(council, [search for _key, search in wanted], place, today, most=_MOST_SERVICES)
    titles = _titles()
    return [
        Way(key, titles[key], few.rows, few.total, _address(search, place))
        for (key, search), few in zip(wanted, found, strict=True)
    ]


def _titles() -> dict[str, str]:
    return {
        BORROW: _("Borrow it from the council or the NHS"),
        BUY: _("Buy it"),
        TRY: _("Try it first, or buy it"),
        "more": _("Who else can help with this"),
    }


def _wanted(items: Iterable[Item], task: Task | None) -> Iterable[tuple[str, dict[str, tuple[str, ...]]]]:
    """(way, search) for each way that the things have, and for what else the task looks for."""
    known = {way for item in items for way, _words in item.get_it}
    # Shops are where things can be tried: one list of them, under the kinder of the two names.
    for key in (BORROW, TRY if TRY in known else BUY):
        if key in known:
            yield key, {"category": (CATEGORIES[key],)}
    more: dict[str, tuple[str, ...]] = {}
    for search in task.searches if task else ():
        for kind, value in search.items():
            if value not in {CATEGORIES[way] for way in known}:
                more[kind] = (*more.get(kind, ()), value)
    if more:
        yield "more", more


def _address(search: dict[str, tuple[str, ...]], place: Place | None) -> str:
    here = place is not None and place.kind == "here"
    return Asked(chosen=search, here=here, place=place.label if place and not here else "").address()
