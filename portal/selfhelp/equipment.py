"""The equipment house as the site has it: the public words about rooms, tasks and equipment, and the pictures.

Documents are read anew when something else of them is public; pictures are files, read when they have changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app

from portal.councils.models import Council
from portal.editorial import queries as documents
from portal.selfhelp import house as houses
from portal.selfhelp import items as pieces
from portal.selfhelp import pictures
from portal.selfhelp.conversation import Unreadable
from portal.selfhelp.house import House, Task
from portal.selfhelp.items import Item, Items
from portal.selfhelp.pictures import Picture

KIND, ITEMS, HOUSE = "house", "items", "house"
_MADE = "portal.selfhelp.equipment"
_NO_ITEMS = Items("", "", {})
_NO_HOUSE = House("", "", "", {}, {}, {}, {}, {})


@dataclass(frozen=True, eq=False)
class Kit:
    """All that is public of the house and of equipment. Another one whenever something else is public."""

    house: House
    items: Items

    def of(self, task: Task) -> list[Item]:
        """The equipment of a task, the best first."""
        return [self.items.by_id[key] for key in task.items if key in self.items.by_id]


def kit(council: Council) -> Kit:
    """What the council's visitors can read of the house and of equipment; nothing where nothing is public."""
    made: dict[Any, tuple[Any, Kit]] = current_app.extensions.setdefault(_MADE, {})
    mark = documents.mark(council, KIND)
    known = made.get(council.id)
    if known is None or known[0] != mark:
        known = made[council.id] = (mark, _kit(council))
    return known[1]


def _kit(council: Council | None) -> Kit:
    bodies = {one.key: one.body for one in documents.all_published(council, KIND)}
    return Kit(_house(bodies.get(HOUSE, "")), _items(bodies.get(ITEMS, "")))


@lru_cache(maxsize=16)
def _house(body: str) -> House:
    try:
        return houses.read(body) if body else _NO_HOUSE
    except Unreadable:  # what is published was checked; what was put there by hand may not have been
        return _NO_HOUSE


def _items(body: str) -> Items:
    try:
        return pieces.read(body) if body else _NO_ITEMS
    except Unreadable:
        return _NO_ITEMS


def names(council: Council | None) -> dict[str, str]:
    """Id -> name of all equipment, or of the shared library's."""
    found = kit(council) if council else _kit(None)
    return {item.id: item.name for item in found.items.by_id.values()}


def room_names(council: Council | None) -> dict[str, str]:
    """Id -> name of all rooms, or of the shared library's."""
    found = kit(council) if council else _kit(None)
    return {room.id: room.name for room in found.house.rooms.values()}


def task_names(council: Council | None) -> dict[str, str]:
    """Id -> what is hard, for all tasks of the house, or of the shared library's."""
    found = kit(council) if council else _kit(None)
    return {task.id: task.title for task in found.house.tasks.values()}


def ids_in(folder: Path) -> Iterator[str]:
    """The ids of the equipment in a folder of content; none where it cannot be read, which its check says."""
    yield from _items(_text(folder, ITEMS)).by_id


def rooms_in(folder: Path) -> Iterator[str]:
    """The ids of the rooms in a folder of content."""
    yield from _house(_text(folder, HOUSE)).rooms


def tasks_in(folder: Path) -> Iterator[str]:
    """The ids of the tasks in a folder of content."""
    yield from _house(_text(folder, HOUSE)).tasks


def _text(folder: Path, name: str) -> str:
    path = folder / "equipment" / f"{name}.yaml"
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


# Pictures


def folder() -> Path:
    """Where the pictures of this site are."""
    return Path(current_app.config["CONTENT"]) / "equipment" / "pictures"


def picture(name: str) -> Picture | None:
    """A picture by its name, such as rooms/kitchen; None where there is none that can be shown."""
    path = folder() / f"{name}.svg"
    try:
        return _picture(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=512)
def _picture(path: Path, _stamp: int) -> Picture | None:
    try:
        return pictures.read(path.read_text(encoding="utf-8"))
    except (Unreadable, UnicodeDecodeError):
        return None
