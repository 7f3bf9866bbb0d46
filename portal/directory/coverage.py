"""Where a service goes, as people say it: councils and wards to tick, or a distance. What is too wide is questioned."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from portal.councils.models import Area, Council
from portal.directory import queries, telling
from portal.directory.drafts import AreaDraft
from portal.geo import METRES_PER_MILE
from portal.i18n import _

EVERYWHERE = "ALL"
# From how many miles around, and from how many councils on, somebody should say how they manage.
_WIDE_MILES, _MANY_COUNCILS = 20, 3


@dataclass(frozen=True)
class Branch:
    """A council, and the wards in it."""

    code: str
    name: str
    wards: tuple[tuple[str, str], ...] = ()


def tree(council: Council, areas: Collection[Area]) -> tuple[Branch, ...]:
    """The councils to choose from, the one whose site it is first, then by name."""
    own = {area.code for area in council.areas}
    wards: dict[str, list[tuple[str, str]]] = {}
    for area in areas:
        if area.kind == "ward" and area.parent_code:
            wards.setdefault(area.parent_code, []).append((area.code, area.name))
    branches = [
        Branch(area.code, area.name, tuple(sorted(wards.get(area.code, ()), key=lambda ward: ward[1])))
        for area in areas
        if area.kind == "authority"
    ]
    return tuple(sorted(branches, key=lambda branch: (branch.code not in own, branch.name)))


def _above(code: str, parents: Mapping[str, str]) -> set[str]:
    found: set[str] = set()
    above = parents.get(code)
    while above and above not in found:
        found.add(above)
        above = parents.get(above)
    return found


def without_parents(
    codes: Collection[str], parents: Mapping[str, str]
) -> tuple[frozenset[str], frozenset[str]]:
    """(what is meant, what is left out) of areas that were ticked, some inside others.

    Who ticks a council and some of its wards means the wards: the wider one is left out, and they are told. Where all
    parts of an area are ticked too, the area itself says it all, and nothing is lost.
    """
    meant = set(codes)
    for code in codes:
        inside = {child for child, parent in parents.items() if parent == code}
        if inside and inside <= set(codes):
            meant -= {other for other in meant if code in _above(other, parents)}
    around = {above for code in meant for above in (*_above(code, parents), EVERYWHERE) if above != code}
    out = frozenset(meant & around)
    return frozenset(meant) - out, out


def too_wide(areas: Collection[AreaDraft], kinds: Mapping[str, str], names: Mapping[str, str]) -> str:
    """The question to ask about a claim that few services could keep; "" where there is none.

    kinds: area code -> ward, authority, region or country.
    """
    codes = [area.code for area in areas if area.code]
    if EVERYWHERE in codes:
        return _(
            "You say that you reach people anywhere in the country. Is that by telephone, online or by post?"
        )
    large = [names.get(code, code) for code in codes if kinds.get(code) in ("region", "country")]
    if large:
        return _(
            "You say that you go everywhere in %(areas)s. Do you go to every part of it?",
            areas=telling.joined(large),
        )
    councils = [code for code in codes if kinds.get(code) == "authority"]
    if len(councils) >= _MANY_COUNCILS:
        return _(
            "You say that you go everywhere in %(count)s councils. Do you go to every part of them?",
            count=len(councils),
        )
    furthest = max((area.metres or 0 for area in areas), default=0)
    if furthest >= _WIDE_MILES * METRES_PER_MILE:
        return _(
            "You say that you go as far as %(distance)s. Do you go that far for anybody who asks?",
            distance=telling.miles(furthest),
        )
    return ""


def area_kinds(codes: Collection[str]) -> dict[str, str]:
    """Area code -> what kind of area it is."""
    return {area.code: area.kind for area in queries.areas() if area.code in codes}
