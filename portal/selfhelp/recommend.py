"""From answers to topics: what may help, why, and what that rests on. Pure: the same answers give the same topics.

Urgent topics come first, always; all others in the order in which their editors put them.
"""

import re
from dataclasses import dataclass

from portal.selfhelp.conversation import Condition, Conversation, Evidence, Rule, Shown
from portal.selfhelp.questions import Walk, in_words
from portal.words import like

# Topics shown before "show more": more than this is a list that nobody reads (product.md: long lists overwhelm).
MOST_AT_FIRST = 6
# What is said back in a reason: {question.label}.
SLOT = re.compile(r"\{([a-z0-9-]+)\.label\}")
# Between the sentences of a reason.
SENTENCES = re.compile(r"(?<=[.!?”]) +")
NOTHING = Evidence("")


@dataclass(frozen=True)
class Topic:
    """Something that may help. because: why, in the person's own words. from_questions: what speaks for it."""

    rule: str
    title: str
    text: str
    because: str
    evidence: Evidence
    shown: Shown
    is_urgent: bool = False
    from_questions: tuple[str, ...] = ()


def topics(walked: Walk, name: str = "") -> list[Topic]:
    """What may help somebody who answered so, best first. Empty where nothing they said asks for anything."""
    found = [rule for rule in walked.conversation.rules if rule.when.holds(walked.counted)]
    return [_topic(walked, rule, name) for rule in sorted(found, key=lambda rule: not rule.is_urgent)]


def _topic(walked: Walk, rule: Rule, name: str) -> Topic:
    reasons = tuple(dict.fromkeys(_speaking(rule.when, walked)))
    return Topic(
        rule.id,
        rule.title.replace("{name}", name) if name else rule.title,
        rule.text.replace("{name}", name) if name else rule.text,
        because(walked, rule, name),
        rule.evidence,
        rule.shown,
        rule.is_urgent,
        tuple(dict.fromkeys(question for question, _said in reasons)),
    )


def _speaking(condition: Condition, walked: Walk) -> list[tuple[str, str]]:
    """Each (question, option) that was said and that the condition asks for."""
    if condition.kind == "in":
        said = walked.counted.get(condition.question, ())
        chosen = (said,) if isinstance(said, str) else said
        return [(condition.question, option) for option in chosen if option in condition.values]
    if condition.kind == "not":
        return []
    return [pair for part in condition.of if part.holds(walked.counted) for pair in _speaking(part, walked)]


def because(walked: Walk, rule: Rule, name: str = "") -> str:
    """Why a recommendation is made, with what was said filled in: only what speaks for it, of several.

    A slot for a question that was not answered is left out together with its sentence; and so is an answer that the
    rule asks about and that does not speak for it, unless nothing else could be said.
    """
    spoken: dict[str, list[str]] = {}
    for question, option in _speaking(rule.when, walked):
        spoken.setdefault(question, []).append(option)
    sentences = [
        sentence
        for sentence in SENTENCES.split(rule.because)
        if all(key in walked.counted for key in SLOT.findall(sentence))
    ]
    silent = _asked_for(rule.when) - spoken.keys()
    telling = [sentence for sentence in sentences if silent.isdisjoint(SLOT.findall(sentence))]

    def said(slot: re.Match[str]) -> str:
        key = slot[1]
        question, answer = walked.conversation.questions[key], walked.counted[key]
        chosen = tuple(spoken[key]) if question.type == "many" and key in spoken else answer
        return in_words(question, chosen, name)

    reason = SLOT.sub(said, " ".join(telling or sentences)).replace("{name}", name)
    return like(reason, rule.because)


def _asked_for(condition: Condition) -> frozenset[str]:
    """The questions to which it asks for something to have been said."""
    if condition.kind == "in":
        return condition.questions()
    if condition.kind == "not":
        return frozenset()
    return frozenset().union(*(_asked_for(part) for part in condition.of))


def are_empty(conversation: Conversation) -> bool:
    """Whether there is nothing to show somebody for whom no rule holds."""
    return not conversation.otherwise
