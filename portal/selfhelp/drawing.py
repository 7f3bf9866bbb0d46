"""The map of a conversation's routes: pages from top to bottom, what looks at what, and what is recommended.

Places and words only; a template draws them as SVG. Each question that is looked at has a lane beside the boxes: its
line goes down there, and turns in at everything that looks at it. The list beside the drawing says the same.
"""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portal.i18n import _
from portal.selfhelp import conditions
from portal.selfhelp.conversation import Conversation, Question, Rule

BOX = 340
LETTERS = 40  # of a line in a box, at 15 pixels
LINE = 20
LANE = 12
_EDGE = 12
_PAGE_HEAD = 34
_GAP = 12


@dataclass(frozen=True)
class Box:
    """A question, or a recommendation. lines: its words; marks: what must be known of it, in words."""

    kind: str
    id: str
    number: int
    lines: tuple[str, ...]
    marks: str
    label: str
    y: int
    height: int
    is_urgent: bool = False

    @property
    def right(self) -> int:
        """Where its right edge is."""
        return _EDGE + BOX


@dataclass(frozen=True)
class Band:
    """A page, or all recommendations, behind their boxes."""

    id: str
    title: str
    y: int
    height: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Line:
    """From a question to all that looks at it. path: SVG's; arrows: one at each end; words: the same said."""

    path: str
    arrows: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Drawing:
    """The whole map."""

    bands: tuple[Band, ...]
    lines: tuple[Line, ...]
    width: int
    height: int


@dataclass(frozen=True)
class Route:
    """A row of the list beside the map. when: what must have been said; on_to: ids of questions, recommendations."""

    question: Question
    number: int
    when: str
    to_questions: tuple[Question, ...]
    to_rules: tuple[Rule, ...]


def drawn(conversation: Conversation) -> Drawing:
    """The map of a conversation."""
    bands = tuple(_bands(conversation))
    boxes = {(box.kind, box.id): box for band in bands for box in band.boxes}
    lines, lanes = _lines(conversation, boxes)
    width = _EDGE + BOX + _EDGE + lanes * LANE + _EDGE
    return Drawing(bands, tuple(lines), width, bands[-1].y + bands[-1].height + _EDGE)


def _bands(conversation: Conversation) -> Iterator[Band]:
    y, number = _EDGE, 0
    for page in conversation.pages:
        rows = []
        for question in page.questions:
            number += 1
            rows.append(("question", question.id, number, question.ask, _question_marks(question), False))
        band = _band(page.id, page.title or page.id, y, rows)
        yield band
        y += band.height + _GAP
    rules = sorted(enumerate(conversation.rules), key=lambda pair: (not pair[1].is_urgent, pair[0]))
    rows = [
        (
            "rule",
            rule.id,
            place + 1,
            rule.title or rule.id,
            _("Urgent") if rule.is_urgent else "",
            rule.is_urgent,
        )
        for place, (_old, rule) in enumerate(rules)
    ]
    yield _band("", _("What may help"), y, rows)


def _question_marks(question: Question) -> str:
    marks = [_("only for some")] if question.show_if else []
    marks += [_("sensitive")] if question.sensitive else []
    return ", ".join(marks)


def _band(key: str, title: str, y: int, rows: Iterable[tuple[str, str, int, str, str, bool]]) -> Band:
    boxes: list[Box] = []
    at = y + _PAGE_HEAD
    for kind, name, number, words, marks, urgent in rows:
        lines = _wrapped(f"{number}. {words}" if kind == "question" else words)
        height = (len(lines) + bool(marks)) * LINE + 14
        label = f"{number}. {words}" if kind == "question" else words
        boxes.append(Box(kind, name, number, lines, marks, label, at, height, urgent))
        at += height + _GAP
    return Band(key, title, y, at - y, tuple(boxes))


def _wrapped(words: str) -> tuple[str, ...]:
    return tuple(textwrap.wrap(words, LETTERS, break_on_hyphens=False))


def _lines(conversation: Conversation, boxes: dict[tuple[str, str], Box]) -> tuple[list[Line], int]:
    """(the lines, how many lanes they need). A lane is used again below where its line ended."""
    free_from: list[int] = []
    lines = []
    for route in routes(conversation):
        targets = [boxes["question", one.id] for one in route.to_questions]
        targets += sorted((boxes["rule", one.id] for one in route.to_rules), key=lambda box: box.y)
        if not targets:
            continue
        source = boxes["question", route.question.id]
        begin, end = source.y, targets[-1].y + targets[-1].height
        lane = next((at for at, free in enumerate(free_from) if free < begin), len(free_from))
        free_from[lane : lane + 1] = [end]
        lines.append(_line(source, targets, source.right + _EDGE + LANE * (lane + 1)))
    return lines, len(free_from)


def _line(source: Box, targets: list[Box], x: int) -> Line:
    begin = source.y + source.height - 8
    ends = [target.y + 10 for target in targets]
    path = f"M{source.right} {begin}H{x}V{ends[-1]}" + "".join(
        f"M{x} {end}H{source.right + 8}" for end in ends
    )
    arrows = tuple(
        f"{source.right},{end} {source.right + 8},{end - 5} {source.right + 8},{end + 5}" for end in ends
    )
    names = "; ".join(target.label for target in targets)
    return Line(
        path,
        arrows,
        _("What is said to “%(question)s” decides on: %(names)s", question=source.label, names=names),
    )


def routes(conversation: Conversation) -> list[Route]:
    """Every question with when it is asked and what looks at it."""
    return [
        Route(
            question,
            number,
            conditions.in_words(question.show_if, conversation) if question.show_if else "",
            tuple(
                other
                for other in conversation.questions.values()
                if other.show_if and question.id in other.show_if.questions()
            ),
            tuple(rule for rule in conversation.rules if question.id in rule.when.questions()),
        )
        for number, question in enumerate(conversation.questions.values(), 1)
    ]
