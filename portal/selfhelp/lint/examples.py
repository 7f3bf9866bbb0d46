"""The examples: that each is possible, that what it expects comes of it, and that together they reach everything."""

from collections.abc import Iterator

from portal.selfhelp.conversation import CHOSEN, Answer, Conversation, Example, Question
from portal.selfhelp.lint.finding import Draft, Finding, Spot
from portal.selfhelp.questions import Walk, walk
from portal.selfhelp.recommend import topics


def comes_of(conversation: Conversation, example: Example) -> list[str]:
    """The recommendations that an example leads to, best first."""
    return [topic.rule for topic in topics(walk(conversation, example.answers))]


def examples(draft: Draft) -> Iterator[Finding]:
    """Everything that is wrong with the examples one by one."""
    known = {rule.id for rule in draft.conversation.rules}
    for example, spot in draft.examples():
        walked = walk(draft.conversation, example.answers)
        yield from _answers(draft.conversation, walked, example, spot.part("answers"))
        for name, wanted in (("expect", example.expect), ("never", example.never)):
            for key in wanted:
                if key not in known:
                    yield spot.part(name).error(
                        "example-of-no-rule", f"There is no recommendation {key}.", "Use one that there is."
                    )
        yield from _outcome(draft.conversation, example, spot)


def _answers(conversation: Conversation, walked: Walk, example: Example, spot: Spot) -> Iterator[Finding]:
    asked = {question.id for question in walked.asked}
    for key, said in example.answers.items():
        question = conversation.questions.get(key)
        if question is None:
            yield spot.part(key).error(
                "example-of-no-question", f"There is no question {key}.", "Take it out, or use its id."
            )
            continue
        yield from _said(question, said, spot.part(key))
        if key not in asked:
            yield spot.part(key).error(
                "example-not-asked",
                f"{example.name} answers {key}, and is not asked it.",
                "Take the answer out, or change an earlier one.",
            )


def _said(question: Question, said: Answer, spot: Spot) -> Iterator[Finding]:
    several = (said,) if isinstance(said, str) else said
    if question.type not in CHOSEN:
        return
    if question.type != "many" and len(several) != 1:
        yield spot.error("example-of-several", f"{question.id} takes one answer.", "Choose one.")
    for value in several:
        if value not in question.option_ids:
            yield spot.error(
                "example-of-no-answer",
                f"{question.id} has no answer {value}.",
                f"Use one of {', '.join(option.id for option in question.options)}.",
            )


def _outcome(conversation: Conversation, example: Example, spot: Spot) -> Iterator[Finding]:
    known = {rule.id for rule in conversation.rules}
    found = set(comes_of(conversation, example))
    for key in example.expect:
        if key in known and key not in found:
            yield spot.part("expect").error(
                "not-as-expected",
                f"{example.name} should get {key}, and does not.",
                "Change the answers, or when it is recommended.",
            )
    for key in example.never:
        if key in found:
            yield spot.part("never").error(
                "never-and-yet",
                f"{example.name} should never get {key}, and does.",
                "Change the answers, or when it is recommended.",
            )


def coverage(draft: Draft) -> Iterator[Finding]:
    """Recommendations that no example leads to; and whether anybody skips a question."""
    found = {key for example in draft.conversation.examples for key in comes_of(draft.conversation, example)}
    for rule, spot in draft.rules():
        if rule.id not in found:
            yield spot.warning(
                "no-example", "No example leads to this.", "Add it to an example, or write a new one."
            )
    if not any(_skips(draft.conversation, example) for example in draft.conversation.examples):
        yield draft.whole.part("examples").warning(
            "nobody-skips",
            "No example skips a question, as many people do.",
            "Leave an answer out of one of them.",
        )


def _skips(conversation: Conversation, example: Example) -> bool:
    walked = walk(conversation, example.answers)
    return any(question.type != "info" and question.id not in walked.counted for question in walked.asked)
