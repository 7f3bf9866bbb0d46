"""Which part of a conversation a line of its text belongs to, so that what the checks say stands beside it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from yaml import MappingNode, Node, SequenceNode

from portal.selfhelp import splicing
from portal.selfhelp.conversation import Unreadable


class OnLine(Protocol):
    """Something that is said of a line."""

    @property
    def line(self) -> int | None:
        """From 1; None: of the whole."""


Said = TypeVar("Said", bound=OnLine)


@dataclass(frozen=True)
class Part:
    """A page, question, option, recommendation ("rule") or example. within: the question of an option."""

    kind: str
    id: str
    within: str = ""


WHOLE = Part("whole", "")


def parts(text: str) -> list[tuple[Part, int, int]]:
    """Every part with its first and last line, the outer before the inner ones; none where the text is no YAML."""
    try:
        root = splicing.root(text)
    except Unreadable:
        return []
    return list(_parts(text, root))


def _parts(text: str, root: MappingNode) -> Iterator[tuple[Part, int, int]]:
    for page in _named(text, root, "pages", "page"):
        yield page[:3]
        for question in _named(text, page[3], "questions", "question"):
            yield question[:3]
            for option in _named(text, question[3], "options", "option", question[0].id):
                yield option[:3]
    for key, kind in (("recommend", "rule"), ("examples", "example")):
        for row in _named(text, root, key, kind):
            yield row[:3]


def _named(
    text: str, holder: Node, key: str, kind: str, within: str = ""
) -> Iterator[tuple[Part, int, int, MappingNode]]:
    items = splicing.value(holder, key)
    for row in items.value if isinstance(items, SequenceNode) else ():
        if isinstance(row, MappingNode):
            end = splicing.span(text, row)[1]
            name = splicing.text_of(row, "name" if kind == "example" else "id")
            yield Part(kind, name, within), row.start_mark.line + 1, 1 + text.count("\n", 0, end), row


def placed(text: str, said: Iterable[Said]) -> dict[Part, list[Said]]:
    """What is said, by the innermost part that its line belongs to; what belongs to none is of the whole."""
    known = parts(text)
    found: dict[Part, list[Said]] = {}
    for one in said:
        inner = [part for part, first, last in known if one.line is not None and first <= one.line <= last]
        found.setdefault(inner[-1] if inner else WHOLE, []).append(one)
    return found
