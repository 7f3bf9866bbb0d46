"""A board as it is drawn: steps on a winding path, two to a row, with ladders and snakes between them.

Places and words only; a template draws them as SVG, with classes of the style sheet and no other style. The list beside
the drawing says the same.
"""

import math
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from portal.selfhelp.board import Board, Step

WIDTH = 520
ROUND = 40  # from the middle of a step to its edge
LINE = 29  # from one line of a name to the next
_LEFT, _RIGHT, _TOP, _ROW, _BEND = 130, 390, 62, 226, 148
_LETTERS, _LETTER = 14, 13.5  # of a line of a name; the width of one
_RUNG, _RAIL = 26, 13  # from rung to rung; from the middle of a ladder to its rail
_WAVE, _SWING = 18, 15  # steps of a snake's line; how far it swings
_CLEAR, _BELOW = 12, 22  # left free between a step, or a name, and what leads to it


@dataclass(frozen=True)
class Point:
    """A place on the drawing."""

    x: float
    y: float

    def toward(self, other: "Point", far: float, aside: float = 0) -> "Point":
        """The point that is so far from here on the way to another, and so far aside of that way."""
        long = math.dist((self.x, self.y), (other.x, other.y)) or 1
        along = ((other.x - self.x) / long, (other.y - self.y) / long)
        return Point(
            round(self.x + along[0] * far - along[1] * aside, 1),
            round(self.y + along[1] * far + along[0] * aside, 1),
        )

    def __str__(self) -> str:
        return f"{self.x:g} {self.y:g}"


@dataclass(frozen=True)
class Label:
    """A step's name below it, on a box of its own so that lines behind it do not cross the words."""

    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Stop:
    """A step on the drawing."""

    step: Step
    number: int
    at: Point
    label: Label


@dataclass(frozen=True)
class Ladder:
    """A ladder on the drawing: SVG's path of its rails, and of its rungs."""

    rails: str
    rungs: str


@dataclass(frozen=True)
class Snake:
    """A snake on the drawing: SVG's path of its body; its head, at the step where one meets it; and its eyes."""

    body: str
    head: Point
    eyes: tuple[Point, Point]


@dataclass(frozen=True)
class Sheet:
    """The whole drawing. path: of the way itself, as SVG has it."""

    width: int
    height: int
    path: str
    stops: tuple[Stop, ...]
    ladders: tuple[Ladder, ...]
    snakes: tuple[Snake, ...]


def drawn(board: Board) -> Sheet:
    """The board's drawing."""
    stops = tuple(_stop(step, at) for at, step in enumerate(board.steps))
    where = {stop.step.id: stop for stop in stops}
    ladders = [
        _ladder(*_ends(where[step.id], where[move.to]))
        for step in board.steps
        for move in step.ladders
        if move.to in where
    ]
    snakes = [
        _snake(*_ends(where[step.id], where[move.to]))
        for step in board.steps
        for move in step.snakes
        if move.to in where
    ]
    rows = (len(stops) + 1) // 2
    return Sheet(WIDTH, rows * _ROW, _path(stops), stops, tuple(ladders), tuple(snakes))


def _stop(step: Step, at: int) -> Stop:
    row, second = divmod(at, 2)
    is_left = second == row % 2
    middle = Point(_LEFT if is_left else _RIGHT, _TOP + row * _ROW)
    lines = tuple(textwrap.wrap(step.short, _LETTERS))
    width = max(map(len, lines), default=0) * _LETTER + 16
    label = Label(lines, round(middle.x - width / 2, 1), middle.y + ROUND + 4, width, len(lines) * LINE + 8)
    return Stop(step, at + 1, middle, label)


def _path(stops: tuple[Stop, ...]) -> str:
    """Across, round the bend at the edge, and across again."""
    parts = [f"M{stops[0].at}"]
    for before, stop in pairwise(stops):
        if before.at.y == stop.at.y:
            parts.append(f"L{stop.at}")
        else:
            out = before.at.x + (_BEND if before.at.x > WIDTH / 2 else -_BEND)
            parts.append(f"C{Point(out, before.at.y)} {Point(out, stop.at.y)} {stop.at}")
    return "".join(parts)


def _ends(begin: Stop, end: Stop) -> tuple[Point, Point]:
    """Where a ladder or snake begins and ends: clear of both steps, and below the name of the upper one."""
    upper, lower = (begin, end) if begin.at.y <= end.at.y else (end, begin)
    if upper.at.y == lower.at.y:
        return begin.at.toward(end.at, ROUND + _CLEAR), end.at.toward(begin.at, ROUND + _CLEAR)
    aside = 24 if lower.at.x > upper.at.x else -24 if lower.at.x < upper.at.x else 0
    high = Point(upper.at.x + aside, upper.label.y + upper.label.height + _BELOW)
    low = lower.at.toward(high, ROUND + _CLEAR)
    return (high, low) if upper is begin else (low, high)


def _ladder(low: Point, high: Point) -> Ladder:
    far = math.dist((low.x, low.y), (high.x, high.y))
    rails = (f"M{low.toward(high, 0, side)}L{low.toward(high, far, side)}" for side in (_RAIL, -_RAIL))
    rungs = (
        f"M{low.toward(high, at, _RAIL)}L{low.toward(high, at, -_RAIL)}"
        for at in range(_RUNG // 2, int(far), _RUNG)
    )
    return Ladder("".join(rails), "".join(rungs))


def _snake(begin: Point, end: Point) -> Snake:
    """Its head is at the later step, where somebody meets it, and its tail where they slide to."""
    points = list(_wave(begin, end))
    body = f"M{begin}" + "".join(
        f"Q{bend} {point}" for bend, point in zip(points[::2], points[1::2], strict=False)
    )
    eyes = (begin.toward(end, 3, 5), begin.toward(end, 3, -5))
    return Snake(body, begin, eyes)


def _wave(begin: Point, end: Point) -> Iterator[Point]:
    """Bends to one side and the other in turn, each followed by the point on the line where the side changes."""
    far = math.dist((begin.x, begin.y), (end.x, end.y))
    many = max(round(far / (2 * _WAVE)), 1)
    for at in range(many):
        yield begin.toward(end, far * (at + 0.5) / many, 2 * _SWING * (1 if at % 2 else -1))
        yield begin.toward(end, far * (at + 1) / many)
