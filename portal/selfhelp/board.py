"""A board as data: a winding path of steps, with ladders (what helps) and snakes (what trips people up).

Read from a document of the kind "board". Needs no web and no database; `board_checks` says what is wrong with one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from portal.selfhelp.conversation import Unreadable
from portal.selfhelp.reading import tree

# What a board, a step and a move may say; the first few of each must be there.
PARTS: Mapping[str, tuple[str, ...]] = {
    "board": ("id", "title", "steps", "version", "summary", "lead", "also", "review"),
    "step": (
        "id",
        "title",
        "article",
        "about",
        "short",
        "ladders",
        "snakes",
        "checklist",
        "templates",
        "also",
    ),
    "move": ("text", "to"),
}
NEEDED = {"board": 3, "step": 4, "move": 1}


@dataclass(frozen=True)
class Move:
    """A ladder or a snake. to: the step that it leads to on the drawing; empty where it is said in words alone."""

    text: str
    to: str = ""


@dataclass(frozen=True)
class Step:
    """A step of the way. short: its name on the drawing. templates: keys of documents to fill in."""

    id: str
    title: str
    short: str
    article: str
    about: str
    ladders: tuple[Move, ...]
    snakes: tuple[Move, ...]
    checklist: tuple[str, ...]
    templates: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True)
class Board:
    """A whole board, its steps in order."""

    id: str
    title: str
    summary: str
    lead: str
    also: tuple[str, ...]
    review: Mapping[str, str]
    steps: tuple[Step, ...]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Step -> its place on the way, from 0."""
        return {step.id: at for at, step in enumerate(self.steps)}

    def step(self, key: str) -> Step | None:
        """The step of this id."""
        return next((step for step in self.steps if step.id == key), None)

    def beside(self, step: Step) -> tuple[Step | None, Step | None]:
        """The step before this one, and the one after it; None at either end."""
        at = self.places[step.id]
        return (
            self.steps[at - 1] if at else None,
            self.steps[at + 1] if at + 1 < len(self.steps) else None,
        )

    def key_of(self, step: Step) -> str:
        """What the step is called on a plan, beside the steps of other boards."""
        return f"{self.id}-{step.id}"


@lru_cache(maxsize=16)
def read(body: str) -> Board:
    """The board that a body says. Raises Unreadable."""
    return from_tree(tree(body))


def from_tree(row: Any) -> Board:
    """The board of a tree of YAML. Raises Unreadable."""
    _has(row, "board")
    return Board(
        id=_text(row, "id"),
        title=_text(row, "title"),
        summary=_text(row, "summary"),
        lead=_text(row, "lead"),
        also=_texts(row, "also"),
        review={str(name): str(day) for name, day in dict(row.get("review") or {}).items()},
        steps=tuple(_step(step) for step in _rows(row, "steps")),
    )


def _step(row: Any) -> Step:
    _has(row, "step")
    return Step(
        id=_text(row, "id"),
        title=_text(row, "title"),
        short=_text(row, "short") or _text(row, "title"),
        article=_text(row, "article"),
        about=_text(row, "about"),
        ladders=tuple(_move(move) for move in _rows(row, "ladders")),
        snakes=tuple(_move(move) for move in _rows(row, "snakes")),
        checklist=_texts(row, "checklist"),
        templates=_texts(row, "templates"),
        also=_texts(row, "also"),
    )


def _move(row: Any) -> Move:
    if isinstance(row, str):
        return Move(row)
    _has(row, "move")
    return Move(_text(row, "text"), _text(row, "to"))


def _has(row: Any, kind: str) -> None:
    """Raises Unreadable where a part that must be there is not."""
    known = PARTS[kind]
    for name in known[: NEEDED[kind]]:
        if not isinstance(row, dict) or not row.get(name):
            raise Unreadable(f"A {kind} has “{name}”, which is missing here. Add it.", line_of(row))


def _text(row: Any, name: str) -> str:
    value = row.get(name)
    if isinstance(value, dict | list):
        raise Unreadable(
            f"“{name}” is a line of text. Put it into quotes if it has a colon or a comma.", line_of(row)
        )
    return "" if value is None else str(value)


def _rows(row: Any, name: str) -> Iterator[Any]:
    rows = row.get(name) or []
    if not isinstance(rows, list):
        raise Unreadable(f"“{name}” is a list: each of its rows begins with a dash.", line_of(row))
    yield from rows


def _texts(row: Any, name: str) -> tuple[str, ...]:
    texts = tuple(_rows(row, name))
    if not all(isinstance(text, str | int) for text in texts):
        raise Unreadable(f"Each row of “{name}” is a line of text. Put quotes around it.", line_of(row))
    return tuple(map(str, texts))


def line_of(row: Any) -> int | None:
    """The line that a part of the tree begins at, from 1."""
    at = getattr(row, "lc", None)
    return at.line + 1 if at is not None and at.line is not None else None
