"""The starter conversations: without a fault, proved whole, and every recommendation shown by somebody made up."""

import datetime as dt
from pathlib import Path

import pytest

from portal.selfhelp.conversation import Conversation
from portal.selfhelp.lint import findings
from portal.selfhelp.lint.examples import comes_of
from portal.selfhelp.proving import prove
from portal.selfhelp.questions import walk
from portal.selfhelp.reading import read
from portal.selfhelp.recommend import topics

CONTENT = Path(__file__).parents[2] / "content"
# The day they were written: reviews that have come due are for editors, and no fault of the content.
WRITTEN = dt.date(2026, 11, 26)
STARTER = {
    path.stem: read(path.read_text(encoding="utf-8"))
    for path in sorted((CONTENT / "conversations").glob("*.yaml"))
}
each = pytest.mark.parametrize("conversation", STARTER.values(), ids=STARTER)


def test_the_linter_has_no_error_and_no_warning() -> None:
    assert [str(finding) for finding in findings(CONTENT, WRITTEN) if finding.level != "advice"] == []


def test_there_are_four_with_sixty_recommendations_or_more() -> None:
    assert set(STARTER) == {
        "coming-home-from-hospital",
        "everyday-life",
        "looking-after-someone",
        "low-or-lonely",
    }
    assert sum(len(conversation.rules) for conversation in STARTER.values()) >= 60
    assert all(len(conversation.questions) >= 20 for conversation in STARTER.values())


@each
def test_everything_can_be_proved(conversation: Conversation) -> None:
    proof = prove(conversation)
    assert proof.is_whole
    assert "never" not in {*proof.questions.values(), *proof.rules.values()}
    assert "sometimes" in proof.questions.values()


@each
def test_every_recommendation_is_reached_by_an_example_that_expects_it(conversation: Conversation) -> None:
    expected = {key for example in conversation.examples for key in example.expect}
    reached = {key for example in conversation.examples for key in comes_of(conversation, example)}
    rules = {rule.id for rule in conversation.rules}
    assert rules - expected == set()
    assert rules - reached == set()


@each
def test_examples_get_what_they_expect_each_with_a_reason_in_their_words(conversation: Conversation) -> None:
    for example in conversation.examples:
        found = topics(walk(conversation, example.answers), "Mavis")
        keys = {topic.rule for topic in found}
        assert keys >= set(example.expect), example.name
        assert not keys & set(example.never), example.name
        for topic in found:
            assert topic.because, (example.name, topic.rule)
            assert "{" not in topic.because + topic.text + topic.title


@each
def test_what_is_urgent_stands_first_for_everybody(conversation: Conversation) -> None:
    for example in conversation.examples:
        urgent = [topic.is_urgent for topic in topics(walk(conversation, example.answers))]
        assert urgent == sorted(urgent, reverse=True)
