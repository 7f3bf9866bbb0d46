"""The house as data: rooms, the things in them that people point at, and what is hard there, with what may help.

Read from the document "house" of the kind "house". Needs no web and no database. It reads what the linter would refuse
(a task in a room that is not there), as long as the shape is right: the linter says more than one thing at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.selfhelp.conversation import Unreadable
from portal.selfhelp.items import Source, source
from portal.selfhelp.reading import tree


@dataclass(frozen=True)
class Spot:
    """A thing in a room that people point at. draw: what the picture shows there."""

    id: str
    label: str
    draw: str = ""


@dataclass(frozen=True)
class Room:
    """A room with its spots. picture_alt: its picture in words."""

    id: str
    name: str
    intro: str
    picture_alt: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Task:
    """Something that is hard: what to try first at no cost, then equipment, the best first.

    hard: keys of what is hard about it. searches: what to look for near the person. ask_ot_if: when an occupational
    therapist should look.
    """

    id: str
    room: str
    spot: str
    title: str
    hard: tuple[str, ...]
    try_first: tuple[str, ...]
    items: tuple[str, ...]
    ask_ot_if: str
    caution: str
    also: tuple[str, ...]
    searches: tuple[Mapping[str, str], ...]
    articles: tuple[str, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class House:
    """The whole house, all by id and in the order of the file.

    hard: what can be hard, key -> words. local: what councils say in words of their own. review: as it is written.
    """

    title: str
    right: str
    emergency: str
    hard: Mapping[str, str]
    rooms: Mapping[str, Room]
    tasks: Mapping[str, Task]
    local: Mapping[str, str]
    review: Mapping[str, str]

    def of_room(self, room: str) -> list[Task]:
        """What is hard in a room."""
        return [task for task in self.tasks.values() if task.room == room]

    def of_spot(self, spot: str) -> list[Task]:
        """What is hard about a thing in a room."""
        return [task for task in self.tasks.values() if task.spot == spot]

    def of_hard(self, key: str) -> list[Task]:
        """The tasks that this makes hard."""
        return [task for task in self.tasks.values() if key in task.hard]

    def with_item(self, item: str) -> list[Task]:
        """The tasks that a piece of equipment may help with."""
        return [task for task in self.tasks.values() if item in task.items]


def read(body: str) -> House:
    """The house of a document. Raises Unreadable."""
    return from_tree(tree(body))


def from_tree(row: Any) -> House:
    """The same, from what `tree` gave."""
    if not isinstance(row, dict):
        raise Unreadable("The house begins with “id: house”, “title: ” and so on.", 1)
    try:
        return _house(row)
    except KeyError as error:
        raise Unreadable(
            f"A part is missing: “{error.args[0]}”. Compare it with the rows around it."
        ) from None
    except (TypeError, AttributeError, ValueError):
        raise Unreadable(
            "A part has another shape than it should. Compare it with the rows around it."
        ) from None


def _house(row: Mapping[str, Any]) -> House:
    sources = row.get("sources") or {}
    return House(
        title=str(row["title"]),
        right=_words(row, "right"),
        emergency=_words(row, "emergency"),
        hard={str(key): str(words) for key, words in row["hard"].items()},
        rooms={str(one["id"]): _room(one) for one in row["rooms"]},
        tasks={str(one["id"]): _task(one, sources) for one in row["tasks"]},
        local={str(key): str(words) for key, words in (row.get("local") or {}).items()},
        review={str(key): str(day) for key, day in (row.get("review") or {}).items()},
    )


def _room(row: Mapping[str, Any]) -> Room:
    spots = (Spot(str(one["id"]), str(one["label"]), _words(one, "draw")) for one in row["spots"])
    return Room(
        str(row["id"]), str(row["name"]), _words(row, "intro"), _words(row, "picture_alt"), tuple(spots)
    )


def _task(row: Mapping[str, Any], sources: Mapping[str, Any]) -> Task:
    return Task(
        id=str(row["id"]),
        room=str(row["room"]),
        spot=str(row["spot"]),
        title=str(row["title"]),
        hard=_several(row, "hard"),
        try_first=_several(row, "try_first"),
        items=_several(row, "items"),
        ask_ot_if=_words(row, "ask_ot_if"),
        caution=_words(row, "caution"),
        also=_several(row, "also"),
        searches=tuple(
            {str(kind): str(key) for kind, key in one.items()} for one in rows_of(row.get("search"))
        ),
        articles=_several(row, "article"),
        sources=tuple(source(sources[key]) for key in _several(row, "sources") if key in sources),
    )


def _words(row: Mapping[str, Any], name: str) -> str:
    return str(row.get(name) or "")


def _several(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(map(str, rows_of(row.get(name))))


def rows_of(found: Any) -> list[Any]:
    """What may be one thing or a list of them, as a list."""
    return list(found) if isinstance(found, list) else [] if found is None else [found]
