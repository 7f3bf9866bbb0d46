"""A conversation on paper: a form to fill in with a pen, and a script for whoever asks somebody else.

Both are made from the same file as the pages on the screen, so they never say something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.i18n import _
from portal.selfhelp.conversation import CHOSEN, Condition, Conversation, Option, Page, Question, Rule
from portal.selfhelp.questions import filled

# Empty lines to write on.
LINES = {"text": 4, "number": 1, "postcode": 1}


@dataclass(frozen=True)
class Choice:
    """An option with a box to tick. on_to: numbers of the questions that are then asked; rules: what it leads to."""

    option: Option
    label: str
    on_to: tuple[int, ...]
    rules: tuple[Rule, ...]

    @property
    def urgent(self) -> tuple[Rule, ...]:
        """What must be done at once by whoever ticks it."""
        return tuple(rule for rule in self.rules if rule.is_urgent)


@dataclass(frozen=True)
class Item:
    """A question on paper. number: 0 for words that are only read. only_if: when it is answered; "" for everybody."""

    question: Question
    number: int
    ask: str
    help: str
    only_if: str
    choices: tuple[Choice, ...]
    lines: int

    @property
    def several(self) -> bool:
        """Whether several boxes may be ticked."""
        return self.question.type == "many"


@dataclass(frozen=True)
class Section:
    """A page of the screen, as a part of the paper."""

    page: Page
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Paper:
    """The whole form. urgent: what comes first of all."""

    conversation: Conversation
    sections: tuple[Section, ...]
    urgent: tuple[Rule, ...]


def paper(conversation: Conversation, *, name: str = "") -> Paper:
    """The form. name: how somebody else is called on it, where it is about somebody else; "" for oneself."""
    numbers = _numbers(conversation)
    sections = tuple(
        Section(page, tuple(_item(conversation, question, numbers, name) for question in page.questions))
        for page in conversation.pages
    )
    return Paper(conversation, sections, tuple(rule for rule in conversation.rules if rule.is_urgent))


def _numbers(conversation: Conversation) -> dict[str, int]:
    asked = [question.id for question in conversation.questions.values() if question.type != "info"]
    return {key: number for number, key in enumerate(asked, 1)}


def _item(conversation: Conversation, question: Question, numbers: dict[str, int], name: str) -> Item:
    ask, more = question.ask, question.help
    if name:
        ask, more = filled(question.ask_about or ask, name), filled(question.help_about or more, name)
    return Item(
        question,
        numbers.get(question.id, 0),
        ask,
        more,
        only_if(question.show_if, conversation, numbers) if question.show_if else "",
        tuple(_choices(conversation, question, numbers, name)) if question.type in CHOSEN else (),
        LINES.get(question.type, 0),
    )


def _choices(
    conversation: Conversation, question: Question, numbers: dict[str, int], name: str
) -> Iterator[Choice]:
    for option in question.options:
        label = filled(option.label_about or option.label, name) if name else option.label
        on_to = tuple(
            numbers[other.id]
            for other in conversation.questions.values()
            if other.id in numbers and other.show_if and _asks_for(other.show_if, question.id, option.id)
        )
        rules = tuple(rule for rule in conversation.rules if _asks_for(rule.when, question.id, option.id))
        yield Choice(option, label, on_to, rules)


def _asks_for(condition: Condition, question: str, option: str) -> bool:
    """Whether saying this speaks for it. What only speaks against it ("not") does not."""
    if condition.kind == "in":
        return condition.question == question and option in condition.values
    return condition.kind != "not" and any(_asks_for(part, question, option) for part in condition.of)


def only_if(condition: Condition, conversation: Conversation, numbers: dict[str, int]) -> str:
    """When a question is answered, as somebody with the paper in hand can see: by boxes and numbers."""
    if condition.kind == "in":
        question = conversation.questions.get(condition.question)
        ticked = (
            [option.label for option in question.options if option.id in condition.values] if question else []
        )
        return _(
            "you ticked %(options)s at %(number)s",
            options=_(" or ").join(f"“{label}”" for label in ticked),
            number=numbers.get(condition.question, "–"),
        )
    if condition.kind == "not":
        return _("it is not so that %(what)s", what=only_if(condition.of[0], conversation, numbers))
    parts = [only_if(part, conversation, numbers) for part in condition.of]
    return (_(", and ") if condition.kind == "all" else _(", or ")).join(parts)
