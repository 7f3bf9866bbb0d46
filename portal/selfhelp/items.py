"""Pieces of equipment as data: what each thing is, whom it helps, what to check first, and how to get it.

Read from the document "items" of the kind "house". Needs no web and no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from portal.selfhelp.conversation import Unreadable


@dataclass(frozen=True)
class Source:
    """Where something was read. checked: the day somebody last opened the address; empty where nobody has yet."""

    title: str
    url: str
    checked: str = ""


@dataclass(frozen=True)
class Item:
    """A piece of equipment. cost, get_it, ask_first: in words, as people read them. picture: its drawing's name."""

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
    picture: str = ""
    picture_alt: str = ""


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
    except (YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        said = (str(error).splitlines() or [""])[0]
        raise Unreadable(f"The equipment cannot be read: {said}") from None


def _item(one: Mapping[str, Any], row: Mapping[str, Any]) -> Item:
    words = {
        name: str(one.get(name, ""))
        for name in ("what_it_is", "helps", "not_for", "check", "safety", "picture_alt")
    }
    return Item(
        id=str(one["id"]),
        name=str(one["name"]),
        also=tuple(map(str, one.get("also", ()))),
        cost=str(row["costs"].get(one.get("cost"), "")),
        get_it=tuple((str(way), str(row["get_it"][way])) for way in one.get("get_it", ())),
        ask_first=str(row["ask_first"].get(one.get("ask_first"), "")),
        rooms=tuple(map(str, one.get("rooms", ()))),
        sources=tuple(source(row["sources"][key]) for key in one.get("sources", ())),
        picture=str(one.get("picture", one["id"])),
        **words,
    )


def source(row: Mapping[str, Any]) -> Source:
    """A source, as the list of sources of a document has it."""
    return Source(str(row["title"]), str(row["url"]), str(row.get("checked", "")))
