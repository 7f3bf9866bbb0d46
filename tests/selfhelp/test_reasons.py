"""Reasons say back what speaks for a recommendation, and nothing that speaks against it."""

import pytest

from portal.selfhelp.conversation import Answer
from portal.selfhelp.questions import walk
from portal.selfhelp.reading import read
from portal.selfhelp.recommend import topics
from tests.selfhelp.small import SMALL, changed


def reason(key: str, answers: dict[str, Answer], text: str = SMALL) -> str:
    """Why somebody who says this is shown it."""
    found = {topic.rule: topic.because for topic in topics(walk(read(text), answers))}
    return found[key]


def test_of_several_answers_the_ones_that_lead_there_are_said_back() -> None:
    assert reason("burn-now", {"now": ("burnt", "choking")}).endswith(": “A bad burn”.")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"company": ("nobody",), "drinks": "loves"}, "Who comes to tea: “Nobody”."),
        ({"company": ("friends",), "drinks": "coffee"}, "About tea, you said: “Coffee for choice”."),
        (
            {"company": ("nobody",), "drinks": "coffee"},
            "Who comes to tea: “Nobody”. About tea, you said: “Coffee for choice”.",
        ),
    ],
)
def test_an_answer_that_does_not_lead_there_is_no_reason(answers: dict[str, Answer], words: str) -> None:
    assert reason("tea-together", answers) == words


def test_where_only_the_other_answer_could_be_said_back_it_is() -> None:
    text = changed(" About tea, you said: “{drinks.label}”.", "")
    assert (
        reason("tea-together", {"company": ("friends",), "drinks": "coffee"}, text)
        == "Who comes to tea: “Friends”."
    )


def test_what_must_not_have_been_said_may_be_said_back_as_it_is() -> None:
    before, lid = SMALL.split("- id: lid-help")
    lid = lid.replace(
        "About the kettle, you said: “{kettle.label}”.", "The kettle: “{kettle.label}”. Now: “{now.label}”."
    )
    text = f"{before}- id: lid-help{lid}"
    said: dict[str, Answer] = {"now": ("none",), "drinks": "loves", "kettle": "lid"}
    assert reason("lid-help", said, text) == "The kettle: “The lid is stiff”. Now: “None of these”."
