"""A conversation as data: pages of questions, what is recommended when, and examples.

What stands here knows nothing of a visitor, of a page or of the database, and is never changed. `reading` makes it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

# What somebody said to a question: an option's id or what was typed; several ids where several may be chosen.
Answer = str | tuple[str, ...]
Answers = Mapping[str, Answer]
TYPES = ("one", "many", "text", "number", "postcode", "scale-item", "info")
# Types whose answer is one of the options; and those where something is typed.
CHOSEN = frozenset({"one", "many", "scale-item"})
TYPED = frozenset({"text", "number", "postcode"})
AUDIENCES = ("me", "someone-else", "with-navigator")
FIRST = "always-first"
# What stands on a page at a time: more than this is a form, and no conversation.
_MOST_QUESTIONS, _MOST_OPTIONS = 3, 14


class Unreadable(ValueError):  # noqa: N818 - said to people, not an error of ours
    """The text is no conversation. line: where, from 1, or None; words: what is wrong and what to do."""

    def __init__(self, words: str, line: int | None = None) -> None:
        super().__init__(words)
        self.words, self.line = words, line


@dataclass(frozen=True)
class Condition:
    """When something holds. kind: "in" (one of `values` was said to `question`), "all", "any" or "not".

    A question that was not asked, or was skipped, is "in" nothing.
    """

    kind: str
    question: str = ""
    values: frozenset[str] = frozenset()
    of: tuple["Condition", ...] = ()

    def holds(self, answers: Answers) -> bool:
        """Whether it holds for these answers."""
        if self.kind == "in":
            said = answers.get(self.question, ())
            return not self.values.isdisjoint((said,) if isinstance(said, str) else said)
        if self.kind == "not":
            return not self.of[0].holds(answers)
        return (all if self.kind == "all" else any)(part.holds(answers) for part in self.of)

    def questions(self) -> frozenset[str]:
        """The questions it looks at."""
        if self.kind == "in":
            return frozenset({self.question})
        return frozenset().union(*(part.questions() for part in self.of))


@dataclass(frozen=True)
class Option:
    """Something that can be chosen. exclusive: choosing it takes all others back. strength: worth saying back."""

    id: str
    label: str
    label_about: str = ""
    strength: bool = False
    exclusive: bool = False


@dataclass(frozen=True)
class Question:
    """One question, or words to read (`info`). ask_about: the same about somebody else, with {name}."""

    id: str
    type: str
    ask: str
    ask_about: str = ""
    help: str = ""
    help_about: str = ""
    easy_read: str = ""
    picture: str = ""
    sensitive: bool = False
    options: tuple[Option, ...] = ()
    show_if: Condition | None = None
    least: int | None = None
    most: int | None = None

    @cached_property
    def option_ids(self) -> frozenset[str]:
        """The ids of its options."""
        return frozenset(option.id for option in self.options)

    def option(self, key: str) -> Option | None:
        """The option with this id."""
        return next((option for option in self.options if option.id == key), None)


@dataclass(frozen=True)
class Page:
    """Questions that stand together on one page."""

    id: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Evidence:
    """What a recommendation rests on. added: when it was written here; checked: when somebody last opened it."""

    source: str
    url: str = ""
    checked: str = ""
    added: str = ""


@dataclass(frozen=True)
class Shown:
    """Where a recommendation leads. searches: each a row of the taxonomy's kinds and keys."""

    equipment: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    conversations: tuple[str, ...] = ()
    searches: tuple[Mapping[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.equipment or self.articles or self.conversations or self.searches)


@dataclass(frozen=True)
class Rule:
    """A recommendation: when it is made, what it says and shows, why, and what it rests on."""

    id: str
    title: str
    text: str
    when: Condition
    shown: Shown
    because: str
    evidence: Evidence
    is_urgent: bool = False


@dataclass(frozen=True)
class Example:
    """Somebody made up: what they say, and what must and must never come of it."""

    name: str
    about: str
    answers: Answers
    expect: tuple[str, ...]
    never: tuple[str, ...]


@dataclass(frozen=True)
class Conversation:
    """A whole conversation. choosing: the task of the equipment house that it helps to choose for; else empty."""

    id: str
    version: str
    title: str
    audience: tuple[str, ...]
    minutes: int
    review: Mapping[str, str]
    pages: tuple[Page, ...]
    rules: tuple[Rule, ...]
    otherwise: Shown
    examples: tuple[Example, ...] = ()
    summary: str = ""
    order: int = 100
    choosing: str = ""

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """All questions by id, in their order."""
        return {question.id: question for page in self.pages for question in page.questions}

    @cached_property
    def page_of(self) -> Mapping[str, Page]:
        """The page that a question stands on."""
        return {question.id: page for page in self.pages for question in page.questions}

    @cached_property
    def parts(self) -> tuple[Page, ...]:
        """The pages as people meet them: a few questions at a time, and none beside the one that it depends on.

        The parts depend on nothing that anybody says. The first of a page has its id; the others a number, too.
        """
        return tuple(part for page in self.pages for part in _few_at_a_time(page))

    @cached_property
    def page_by_id(self) -> Mapping[str, Page]:
        """All pages by id, in their order."""
        return {page.id: page for page in self.pages}


def _few_at_a_time(page: Page) -> Iterator[Page]:
    waiting: list[Question] = []
    number = 1
    for question in page.questions:
        here = {other.id for other in waiting}
        depends = question.show_if is not None and not here.isdisjoint(question.show_if.questions())
        options = sum(len(other.options) for other in (*waiting, question))
        if waiting and (depends or len(waiting) == _MOST_QUESTIONS or options > _MOST_OPTIONS):
            yield Page(page.id if number == 1 else f"{page.id}.{number}", page.title, tuple(waiting))
            waiting, number = [], number + 1
        waiting.append(question)
    yield Page(page.id if number == 1 else f"{page.id}.{number}", page.title, tuple(waiting))
