"""Walking a conversation as its examples do: what each is asked, what comes of it, and what nobody reaches."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.selfhelp.conversation import Conversation, Example, Option, Question, Rule
from portal.selfhelp.questions import Walk, in_words, walk
from portal.selfhelp.recommend import Topic, topics


@dataclass(frozen=True)
class Asked:
    """A question as an example meets it; said: in words, "" where it is skipped."""

    question: Question
    said: str


@dataclass(frozen=True)
class Trial:
    """An example's way. missing: expected, but not there; wrong: there, but never to be; left: answers off the path."""

    example: Example
    pages: tuple[tuple[str, tuple[Asked, ...]], ...]
    topics: tuple[Topic, ...]
    missing: tuple[str, ...]
    wrong: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether everything comes as it was expected."""
        return not (self.missing or self.wrong or self.left)


def tried(conversation: Conversation, example: Example) -> Trial:
    """The example's way through the conversation."""
    walked = walk(conversation, example.answers)
    found = topics(walked)
    names = {topic.rule for topic in found}
    return Trial(
        example,
        tuple((step.page.title or step.id, tuple(_asked(walked, step.questions))) for step in walked.steps),
        tuple(found),
        tuple(name for name in example.expect if name not in names),
        tuple(name for name in example.never if name in names),
        tuple(key for key in example.answers if key not in walked.counted),
    )


def _asked(walked: Walk, questions: Sequence[Question]) -> list[Asked]:
    said = walked.counted
    return [
        Asked(question, in_words(question, said[question.id]) if question.id in said else "")
        for question in questions
    ]


@dataclass(frozen=True)
class Coverage:
    """What the examples reach: (a part, names of the examples that reach it)."""

    questions: tuple[tuple[Question, tuple[str, ...]], ...]
    options: tuple[tuple[Question, Option, tuple[str, ...]], ...]
    rules: tuple[tuple[Rule, tuple[str, ...]], ...]


def coverage(conversation: Conversation) -> Coverage:
    """Which questions are asked, options chosen and recommendations made in the examples, and by whom."""
    walks = [(example.name, walk(conversation, example.answers)) for example in conversation.examples]
    asked = {name: {question.id for question in walked.asked} for name, walked in walks}
    made = {name: {topic.rule for topic in topics(walked)} for name, walked in walks}
    return Coverage(
        tuple(
            (question, tuple(name for name in asked if key in asked[name]))
            for key, question in conversation.questions.items()
        ),
        tuple(
            (
                question,
                option,
                tuple(name for name, walked in walks if _chose(walked, question.id, option.id)),
            )
            for question in conversation.questions.values()
            for option in question.options
        ),
        tuple((rule, tuple(name for name in made if rule.id in made[name])) for rule in conversation.rules),
    )


def _chose(walked: Walk, question: str, option: str) -> bool:
    said = walked.counted.get(question, ())
    return option in ((said,) if isinstance(said, str) else said)
