"""The house or the equipment while it is checked: its parts with where each stands, and whether it can be read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.selfhelp.house import House, Room, Spot, Task
from portal.selfhelp.lint.finding import Finding, Surroundings
from portal.selfhelp.lint.finding import Spot as Place

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 60
# What each row must have, that it can be read at all.
NEEDED = {
    "room": ("id", "name", "spots"),
    "spot": ("id", "label"),
    "task": ("id", "room", "spot", "title"),
    "item": ("id", "name"),
    "source": ("title", "url"),
}


@dataclass(frozen=True)
class HouseDraft:
    """A house that is being checked, with the tree that it was read from. pictures: name -> what the file says."""

    house: House
    tree: Any
    around: Surroundings
    pictures: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> Place:
        """The house as a whole."""
        return Place("", self.tree, 1)

    def rooms(self) -> Iterator[tuple[Room, Place]]:
        """Each room, and where it stands."""
        rooms = {room.id: room for room in self.house.rooms.values()}
        for at, row in enumerate(self.tree["rooms"]):
            yield rooms[str(row["id"])], self.whole.row("rooms", at, f"Room {row['id']}")

    def spots(self) -> Iterator[tuple[Room, Spot, Place]]:
        """Each spot, with its room and where it stands."""
        for room, place in self.rooms():
            for at, spot in enumerate(room.spots):
                yield room, spot, place.row("spots", at, f"spot {spot.id}")

    def tasks(self) -> Iterator[tuple[Task, Place]]:
        """Each task, and where it stands."""
        for at, row in enumerate(self.tree["tasks"]):
            yield self.house.tasks[str(row["id"])], self.whole.row("tasks", at, f"Task {row['id']}")


def shape(tree: Any, *lists: str) -> list[Finding]:
    """What is missing before the rows of these lists can be read."""
    whole, found = Place("", tree, 1), []
    for name in lists:
        rows = tree.get(name)
        if not isinstance(rows, list) or not rows:
            words = f"“{name}” is missing, or is no list."
            found.append(whole.part(name).error("missing-part", words, f"Write {name}: and a row for each."))
            continue
        for at, _row in enumerate(rows):
            found += _row_shape(whole.row(name, at, f"{name[:-1].capitalize()} {at + 1}"), name[:-1])
    return found


def _row_shape(place: Place, kind: str) -> list[Finding]:
    row = place.node
    if not isinstance(row, dict):
        return [place.error("wrong-shape", "It is no row.", "Compare it with the rows around it.")]
    found = [
        place.error("missing-part", f"“{name}” is missing.", f"Write {name}: and what it is.")
        for name in NEEDED[kind]
        if row.get(name) in (None, "", [])
    ]
    spots = row.get("spots") if kind == "room" else None
    for at, _spot in enumerate(spots if isinstance(spots, list) else ()):
        found += _row_shape(place.row("spots", at, f"spot {at + 1}"), "spot")
    return found


def unknown_sources(place: Place, row: Any, known: Any) -> Iterator[Finding]:
    """Sources that the row names and the list of sources does not have; and that it names one at all."""
    named = row.get("sources") or []
    if not named:
        yield place.error("no-source", "It does not say where it comes from.", "Write sources: and a key.")
    for key in named:
        if key not in (known or {}):
            words = f"There is no source “{key}” in the list above."
            yield place.part("sources").error(
                "unknown-source", words, "Correct the key, or add it to sources."
            )


def twice(place: Place, kind: str, key: str, seen: set[str]) -> Iterator[Finding]:
    """The id is a good one, and no row before had it."""
    if not ID.fullmatch(key) or len(key) > LONGEST_ID:
        words = f"“{key}” is no id."
        yield place.part("id").error("bad-id", words, "Use small letters, digits and hyphens, 60 at most.")
    if key in seen:
        words = f"There are two {kind}s with the id “{key}”."
        yield place.part("id").error("twice", words, "Give one of them another id.")
    seen.add(key)
