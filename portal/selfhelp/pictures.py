"""Pictures from files: SVG of shapes and classes alone, in which groups are what people point at.

`<g id="room-kitchen" data-link="kitchen" data-label-x="200" data-label-y="310">` is a group to point at. Its words are
not in the file: they come from house.yaml, in the page's language. Whatever a picture may not hold makes it unreadable,
since it is put into pages as it is. Needs no web and no database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, XMLParser, fromstring

from markupsafe import Markup

from portal.selfhelp.conversation import Unreadable
from portal.selfhelp.outlines import Box, box, name_of, numbers

SHAPES = frozenset({"g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"})
# Numbers that say where.
_PLACES = frozenset(
    {"d", "points", "x", "y", "width", "height", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry"}
)
_NAMES = frozenset({"id", "class", "data-link", "data-label-x", "data-label-y"})
ATTRIBUTES = _PLACES | _NAMES | {"transform", "pathLength"}
_FREE = frozenset({"viewBox", "role", "aria-hidden"})  # of the whole
# How many letters stand side by side in a picture (12 units each in one that is 960 wide), what is on one line at
# most, and how high a line is, in letters.
_LETTERS, _ONE_LINE, _LINE = 80, 14, 2.1


@dataclass(frozen=True)
class Group:
    """Something to point at. x, y: the middle of its label. box: around its shapes. drawing: its shapes as SVG."""

    link: str
    id: str
    x: float
    y: float
    box: Box
    drawing: Markup


@dataclass(frozen=True)
class Label:
    """Words on a picture. box: what they stand on; x: their middle; lines: (where it stands, words) of each."""

    box: Box
    x: float
    lines: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Picture:
    """A drawing. parts: what is only looked at, as SVG, and what people point at, in the order of the file."""

    left: float
    top: float
    width: float
    height: float
    parts: tuple[Markup | Group, ...]

    def label_of(self, group: Group, words: str) -> "Label":
        """The words of a group where they stand: on one line or two, wholly inside the picture."""
        lines = lines_of(words)
        letter = self.width / _LETTERS
        width = letter * (max(map(len, lines)) + 2)
        height = letter * _LINE * len(lines) + letter
        x = min(max(group.x, self.left + width / 2), self.left + self.width - width / 2)
        y = min(max(group.y, self.top + height / 2), self.top + self.height - height / 2)
        first = y - height / 2 + letter / 2
        placed = tuple((first + letter * _LINE * (at + 0.75), line) for at, line in enumerate(lines))
        return Label(Box(x - width / 2, y - height / 2, width, height), x, placed)

    @property
    def view_box(self) -> str:
        """As the attribute has it."""
        return f"{self.left:g} {self.top:g} {self.width:g} {self.height:g}"

    @property
    def groups(self) -> dict[str, Group]:
        """What people point at, by what it leads to."""
        return {part.link: part for part in self.parts if isinstance(part, Group)}

    @property
    def drawing(self) -> Markup:
        """All of it as SVG, with nothing to point at."""
        return Markup("").join(part.drawing if isinstance(part, Group) else part for part in self.parts)


def lines_of(words: str) -> list[str]:
    """The words on one line, or on two that are as alike in length as can be."""
    spaces = [at for at, sign in enumerate(words) if sign == " "]
    if len(words) <= _ONE_LINE or not spaces:
        return [words]
    middle = min(spaces, key=lambda at: abs(at - len(words) / 2))
    return [words[:middle], words[middle + 1 :]]


def tree(text: str) -> Element:
    """The elements of an SVG file. Raises Unreadable."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Unreadable("It has a DOCTYPE. Take it out.")
    try:
        root = fromstring(text, XMLParser())  # noqa: S314  # without a DOCTYPE nothing is expanded
    except (ParseError, ValueError) as error:
        line = error.position[0] if isinstance(error, ParseError) else None
        raise Unreadable(f"It is no SVG: {error}.", line) from None
    if name_of(root) != "svg":
        raise Unreadable("It is no SVG: it does not begin with <svg>.", 1)
    return root


def faults(root: Element) -> Iterator[tuple[str, str]]:
    """(the check, what is wrong) for whatever a picture may not hold."""
    for element in root.iter():
        name = name_of(element)
        if element is not root and (name not in SHAPES or element.tag == name):
            yield ("element", name)
        allowed = ATTRIBUTES | _FREE if element is root else ATTRIBUTES
        yield from (("attribute", f"{name} {at}") for at, _said in element.items() if at not in allowed)
        if (element.text or "").strip() or (element.tail or "").strip():
            yield ("words", ((element.text or "").strip() or (element.tail or "").strip())[:60])


def read(text: str) -> Picture:
    """The picture of a file. Raises Unreadable for what may not stand in a page."""
    root = tree(text)
    wrong = next(faults(root), None)
    if wrong:
        raise Unreadable(f"It has what a picture may not: {wrong[0]} “{wrong[1]}”.")
    try:
        left, top, width, height = numbers(root.get("viewBox", ""))
        return Picture(left, top, width, height, tuple(map(_part, root)))
    except ValueError as error:
        raise Unreadable(f"It cannot be drawn: {error}.") from None


def _part(element: Element) -> Markup | Group:
    link, around = element.get("data-link", ""), box(element)
    if not link or around is None:
        return _written(element)
    (x,), (y,) = (numbers(element.get(f"data-label-{name}", "")) for name in "xy")
    return Group(link, element.get("id", ""), x, y, around, _written(element))


def _written(element: Element) -> Markup:
    """The element as it stands in a page: without namespaces, since HTML knows what SVG is."""
    said = {name: value for name, value in element.items() if not name.startswith("data-") and name != "id"}
    attributes = Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in said.items())
    inner = Markup("").join(map(_written, element))
    name = name_of(element)
    return Markup("<{}{}>{}</{}>").format(name, attributes, inner, name)
