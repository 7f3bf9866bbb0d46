"""What the rows of the equipment must say, and what they may point at."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.selfhelp.house import rows_of
from portal.selfhelp.lint import house_pictures
from portal.selfhelp.lint.finding import Finding, Surroundings
from portal.selfhelp.lint.finding import Spot as Place
from portal.selfhelp.lint.house_draft import twice, unknown_sources

_WORDS = ("what_it_is", "helps", "not_for", "check", "safety", "picture_alt")
# Part of an item -> the list of the document that has its keys.
_LISTS = {"cost": "costs", "get_it": "get_it", "ask_first": "ask_first"}


def items(tree: Any, around: Surroundings) -> Iterator[Finding]:
    """Every finding on the rows of the equipment."""
    whole, seen = Place("", tree, 1), set[str]()
    for at, row in enumerate(tree["items"]):
        place = whole.row("items", at, f"Equipment {row['id']}")
        yield from twice(place, "thing", str(row["id"]), seen)
        yield from unknown_sources(place, row, tree.get("sources"))
        yield from _words(place, row)
        yield from _keys(place, row, tree, around)


def _words(place: Place, row: Mapping[str, Any]) -> Iterator[Finding]:
    for name in _WORDS:
        if not row.get(name):
            check = "no-alt" if name == "picture_alt" else "no-words"
            yield place.error(check, f"“{name}” is empty.", f"Write {name}: and a sentence.")


def _keys(place: Place, row: Mapping[str, Any], tree: Any, around: Surroundings) -> Iterator[Finding]:
    for part, of in _LISTS.items():
        if part != "ask_first" and not row.get(part):
            yield place.error("missing-part", f"“{part}” is missing.", f"Write {part}: and a key of {of}.")
        for key in rows_of(row.get(part)):
            if key not in (tree.get(of) or {}):
                words = f"“{key}” is not in the list {of}."
                yield place.part(part).error("unknown-key", words, "Correct the key.")
    for key in rows_of(row.get("rooms")):
        if "room" in around.keys and key not in around.keys["room"]:
            yield place.part("rooms").error(
                "unknown-room", f"There is no room “{key}”.", "Write the id of one of the rooms."
            )


def pictures(tree: Any, files: Mapping[str, str]) -> Iterator[Finding]:
    """Every finding on the small pictures."""
    named = {str(row.get("picture", row["id"])): "picture" in row for row in tree["items"]}
    return house_pictures.of_items(named, files)
