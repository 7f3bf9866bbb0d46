"""Where the shapes of a drawing are: the box around a group, for what can be pressed and what shows the focus.

Curves are held to lie within their control points, so that a box may be a little too large and is never too small.
Source: SVG 2, chapters 8.5 (transform), 9.3 (path data) and 10 (basic shapes).
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)
_NUMBER = re.compile(r"[\s,]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_FLAG = re.compile(r"[\s,]*([01])")
_COMMAND = re.compile(r"[\s,]*([MmLlHhVvCcSsQqTtAaZz])")
_TRANSFORM = re.compile(r"([A-Za-z]+)\s*\(([^)]*)\)")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


@dataclass(frozen=True)
class Box:
    """A rectangle, in the units of the drawing."""

    x: float
    y: float
    width: float
    height: float


def box(group: Element) -> Box | None:
    """The box around all shapes of a group; None where it has none. Raises ValueError for what is no drawing."""
    points = list(_points(group, _SAME))
    if not points:
        return None
    left, top = min(x for x, _y in points), min(y for _x, y in points)
    right, bottom = max(x for x, _y in points), max(y for _x, y in points)
    return Box(left, top, right - left, bottom - top)


def name_of(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def numbers(text: str) -> list[float]:
    """The numbers of an attribute. Raises ValueError where something else stands there."""
    found = [float(one) for one in re.split(r"[\s,]+", text.strip()) if one]
    if not all(map(math.isfinite, found)):
        raise ValueError(f"no number: {text}")
    return found


def _points(element: Element, outer: Matrix) -> Iterator[Point]:
    matrix = _together(outer, _matrix(element.get("transform", "")))
    for point in _own(element):
        yield _moved(matrix, point)
    for child in element:
        yield from _points(child, matrix)


def _own(element: Element) -> Iterator[Point]:
    name = name_of(element)

    def at(*names: str) -> list[float]:
        return [numbers(element.get(one, "0"))[0] for one in names]

    if name == "rect":
        x, y, width, height = at("x", "y", "width", "height")
        yield from ((x, y), (x + width, y), (x, y + height), (x + width, y + height))
    elif name in ("circle", "ellipse"):
        x, y, across, down = at("cx", "cy", *(("r", "r") if name == "circle" else ("rx", "ry")))
        yield from ((x - across, y - down), (x + across, y + down))
        yield from ((x - across, y + down), (x + across, y - down))
    elif name == "line":
        x1, y1, x2, y2 = at("x1", "y1", "x2", "y2")
        yield from ((x1, y1), (x2, y2))
    elif name in ("polyline", "polygon"):
        found = numbers(element.get("points", ""))
        yield from zip(found[::2], found[1::2], strict=True)
    elif name == "path":
        yield from _path(element.get("d", ""))


def _path(text: str) -> Iterator[Point]:
    """Every point that a path names, those that curves lie between too."""
    at, start = (0.0, 0.0), (0.0, 0.0)
    for command, said in _steps(text):
        kind, relative = command.upper(), command.islower()
        base = at if relative else (0.0, 0.0)
        if kind == "Z":
            at = start
            continue
        if kind == "H":
            points = [(base[0] + said[0], at[1])]
        elif kind == "V":
            points = [(at[0], base[1] + said[0])]
        elif kind == "A":
            points = _arc(at, (base[0] + said[5], base[1] + said[6]), said[0], said[1])
        else:
            points = [(base[0] + x, base[1] + y) for x, y in zip(said[::2], said[1::2], strict=True)]
        yield from points
        at = points[-1]
        if kind == "M":
            start = at


def _arc(begin: Point, end: Point, across: float, down: float) -> list[Point]:
    """Around an arc: no farther from the middle of its chord than its radius or the chord is long."""
    middle = ((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2)
    chord = math.dist(begin, end)
    wide, high = min(abs(across), chord), min(abs(down), chord)
    return [(middle[0] - wide, middle[1] - high), (middle[0] + wide, middle[1] + high), end]


def _steps(text: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with its numbers; numbers that go on after a command are the same command again."""
    command, place = "", 0
    while text[place:].strip(" \t\r\n,"):
        found = _COMMAND.match(text, place)
        if found and (command or found[1] in "Mm"):
            command, place = found[1], found.end()
        elif found or not command or command in "Zz":
            raise ValueError("a path begins with M")
        said = []
        for at in range(_ARGUMENTS[command.upper()]):
            number = (_FLAG if command in "Aa" and at in (3, 4) else _NUMBER).match(text, place)
            if number is None:
                raise ValueError("a path has a number too few")
            said.append(float(number[1]))
            place = number.end()
        yield command, said
        command = {"M": "L", "m": "l"}.get(command, command)


def _matrix(text: str) -> Matrix:
    found = _SAME
    for name, words in _TRANSFORM.findall(text):
        found = _together(found, _one(name, numbers(words)))
    return found


def _one(name: str, said: list[float]) -> Matrix:
    if name == "matrix":
        a, b, c, d, e, f = said
        return (a, b, c, d, e, f)
    if name == "translate":
        return (1, 0, 0, 1, said[0], said[1] if len(said) > 1 else 0)
    if name == "scale":
        return (said[0], 0, 0, said[1] if len(said) > 1 else said[0], 0, 0)
    if name == "rotate":
        turn = math.radians(said[0])
        x, y = said[1:3] if len(said) == 3 else (0.0, 0.0)  # about a point of its own
        cos, sin = math.cos(turn), math.sin(turn)
        return (cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y)
    raise ValueError(f"no transform: {name}")


def _together(outer: Matrix, inner: Matrix) -> Matrix:
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def _moved(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    x, y = point
    return (a * x + c * y + e, b * x + d * y + f)
