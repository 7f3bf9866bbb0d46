"""Equipment as data: what each thing is, whom it helps, what to check first, and where it comes from.

Read from the document "items" of the kind "house", which editors own. Needs no web; the house itself stands on it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from portal.councils.models import Council
from portal.editorial import queries as documents
from portal.selfhelp.conversation import Unreadable

KIND, ITEMS, HOUSE = "house", "items", "house"


@dataclass(frozen=True)
class Source:
    """Where something was read. checked: the day somebody last opened the address; empty where nobody has yet."""

    title: str
    url: str
    checked: str = ""


@dataclass(frozen=True)
class Item:
    """A piece of equipment. cost, get_it, ask_first: in words, as people read them."""

    id: str
    name: str
    also: tuple[str, ...]
    what_it_is: str
    helps: str
    not_for: str
    check: str
    safety: str
    cost: str
    get_it: tuple[tuple[str, str], ...]
    ask_first: str
    rooms: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Items:
    """All equipment, by id and in the order of the file. note: what to know before getting any of it."""

    title: str
    note: str
    by_id: Mapping[str, Item]


@lru_cache(maxsize=16)
def read(body: str) -> Items:
    """The equipment of a document. Raises Unreadable."""
    try:
        row = YAML(typ="safe", pure=True).load(body)
        return Items(
            str(row["title"]),
            str(row.get("note", "")),
            {str(one["id"]): _item(one, row) for one in row["items"]},
        )
    except (YAMLError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"The equipment cannot be read: {str(error).splitlines()[0]}") from None


def _item(one: Mapping[str, Any], row: Mapping[str, Any]) -> Item:
    words = {name: str(one.get(name, "")) for name in ("what_it_is", "helps", "not_for", "check", "safety")}
    return Item(
        id=str(one["id"]),
        name=str(one["name"]),
        also=tuple(map(str, one.get("also", ()))),
        cost=str(row["costs"].get(one.get("cost"), "")),
        get_it=tuple((str(way), str(row["get_it"][way])) for way in one.get("get_it", ())),
        ask_first=str(row["ask_first"].get(one.get("ask_first"), "")),
        rooms=tuple(map(str, one.get("rooms", ()))),
        sources=tuple(_source(row["sources"][key]) for key in one.get("sources", ())),
        **words,
    )


def _source(row: Mapping[str, Any]) -> Source:
    return Source(str(row["title"]), str(row["url"]), str(row.get("checked", "")))


def items(council: Council | None) -> Items:
    """All equipment that the council's visitors can read about, or of the shared library; none where none is public."""
    found = documents.published(council, KIND, ITEMS)
    try:
        return read(found.body) if found else Items("", "", {})
    except Unreadable:
        return Items("", "", {})


def rooms(council: Council) -> list[tuple[str, str, list[Item]]]:
    """(room, its name, what helps there), in the order of the house; a thing stands in its first room."""
    house = documents.published(council, KIND, HOUSE)
    names = _room_names(house.body) if house else {}
    every = items(council).by_id.values()
    grouped = [(key, name, [one for one in every if one.rooms[:1] == (key,)]) for key, name in names.items()]
    return [group for group in grouped if group[2]]


@lru_cache(maxsize=16)
def _room_names(body: str) -> dict[str, str]:
    try:
        row = YAML(typ="safe", pure=True).load(body)
        return {str(room["id"]): str(room["name"]) for room in row["rooms"]}
    except (YAMLError, KeyError, TypeError):
        return {}


def names(council: Council | None) -> dict[str, str]:
    """Id -> name of all equipment."""
    return {item.id: item.name for item in items(council).by_id.values()}


def ids_in(folder: Path) -> Iterator[str]:
    """The ids of the equipment in a folder of content."""
    path = folder / "equipment" / f"{ITEMS}.yaml"
    yield from read(path.read_text(encoding="utf-8")).by_id if path.exists() else ()
