"""What the linter finds, and how it says where: in the words of somebody who edits the conversation, and by line."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from portal.selfhelp.conversation import Conversation, Example, Option, Page, Question, Rule

Level = Literal["error", "warning", "advice"]


@dataclass(frozen=True)
class Finding:
    """What is wrong with a conversation, or could be better. todo: what to do about it. name: which check says so.

    Only errors hold up publishing.
    """

    level: Level
    where: str
    words: str
    todo: str = ""
    line: int | None = None
    name: str = ""

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        todo = f" {self.todo}" if self.todo else ""
        return f"{self.where}{line}: {self.words}{todo}"


class Surroundings(Protocol):
    """What a conversation is checked against: its own key, the day, and what it may refer to.

    keys: kind ("article", "equipment", "conversation", "task", or a taxonomy such as "category") -> every
    key there is. What
    refers to a kind that is missing there cannot be checked, and is not.
    """

    @property
    def key(self) -> str:
        """The id that the conversation has, and keeps; empty where it is new."""

    @property
    def today(self) -> dt.date:
        """The day."""

    @property
    def keys(self) -> Mapping[str, frozenset[str]]:
        """Kind -> keys."""


@dataclass(frozen=True)
class Around:
    """Surroundings, given plainly."""

    key: str
    today: dt.date
    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)


# Parts of the file as an editor's screen calls them.
PARTS = {
    "ask": "what is asked",
    "ask_about": "what is asked about someone else",
    "help": "help",
    "help_about": "help about someone else",
    "show_if": "shown if",
    "options": "answers",
    "easy_read": "Easy Read",
    "because": "reason",
    "when": "when",
    "show": "what is shown",
    "evidence": "evidence",
    "text": "text",
    "title": "title",
    "otherwise": "shown otherwise",
    "choosing": "task to choose for",
    "review": "review",
    "answers": "answers",
}


@dataclass(frozen=True)
class Spot:
    """A place in a conversation. node: the part of the tree there."""

    where: str
    node: Any
    line: int | None

    def part(self, name: str) -> "Spot":
        """A part of what stands here; the place itself where it has no such part."""
        words = PARTS.get(name, name)
        return Spot(
            f"{self.where} › {words}" if self.where else words.capitalize(),
            *below(self.node, name, self.line),
        )

    def row(self, name: str, at: int, words: str) -> "Spot":
        """A row of a list that stands here, as it is spoken of."""
        rows, line = below(self.node, name, self.line)
        return Spot(f"{self.where} › {words}" if self.where else words, *below(rows, at, line))

    def error(self, name: str, words: str, todo: str) -> Finding:
        """Something that holds up publishing."""
        return Finding("error", self.where, words, todo, self.line, name)

    def warning(self, name: str, words: str, todo: str) -> Finding:
        """Something that an editor should mend."""
        return Finding("warning", self.where, words, todo, self.line, name)

    def advice(self, name: str, words: str, todo: str) -> Finding:
        """Something that could be better."""
        return Finding("advice", self.where, words, todo, self.line, name)


def below(node: Any, key: str | int, line: int | None) -> tuple[Any, int | None]:
    """What stands under a key of a part of the tree, and its line; the part's own line where there is none."""
    try:
        child = node[key]
    except (KeyError, IndexError, TypeError):
        return None, line
    at = getattr(node, "lc", None)
    found = (at.data or {}).get(key) if at is not None else None
    return child, found[0] + 1 if found else line


@dataclass(frozen=True)
class Draft:
    """A conversation that is being checked, with the tree that it was read from."""

    conversation: Conversation
    tree: Any
    around: Surroundings

    @property
    def whole(self) -> Spot:
        """The conversation as a whole."""
        return Spot("", self.tree, 1)

    def pages(self) -> Iterator[tuple[Page, Spot]]:
        """Each page, and where it stands."""
        for at, page in enumerate(self.conversation.pages):
            yield page, self.whole.row("pages", at, f"Page “{page.title or page.id}”")

    def questions(self) -> Iterator[tuple[Question, Spot]]:
        """Each question, and where it stands."""
        for page, spot in self.pages():
            for at, question in enumerate(page.questions):
                yield question, spot.row("questions", at, f"question {question.id}")

    def options(self) -> Iterator[tuple[Question, Option, Spot]]:
        """Each option, with its question and where it stands."""
        for question, spot in self.questions():
            for at, option in enumerate(question.options):
                yield question, option, spot.row("options", at, f"answer {option.id}")

    def rules(self) -> Iterator[tuple[Rule, Spot]]:
        """Each recommendation, and where it stands."""
        for at, rule in enumerate(self.conversation.rules):
            yield rule, self.whole.row("recommend", at, f"Recommendation {rule.id}")

    def examples(self) -> Iterator[tuple[Example, Spot]]:
        """Each example, and where it stands."""
        for at, example in enumerate(self.conversation.examples):
            yield example, self.whole.row("examples", at, f"Example “{example.name}”")
