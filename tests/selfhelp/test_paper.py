"""The paper form and the script: the same questions, and a way through them without a screen."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.selfhelp import authoring, paper
from tests.selfhelp.starter import KEYS, text_of


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> Iterator[None]:
    """Words are English's."""
    with app.app_context():
        yield


def items(key: str = "everyday-life", name: str = "") -> dict[str, paper.Item]:
    """The questions of a form by their ids."""
    form = paper.paper(authoring.read(text_of(key)), name=name)
    return {item.question.id: item for section in form.sections for item in section.items}


@pytest.mark.parametrize("key", KEYS)
def test_every_question_is_on_paper_with_a_number_a_box_or_a_line(key: str) -> None:
    found = items(key)
    assert list(found) == list(authoring.read(text_of(key)).questions)
    numbers = [item.number for item in found.values() if item.question.type != "info"]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(item.choices or item.lines or item.question.type == "info" for item in found.values())


@pytest.mark.parametrize("key", KEYS)
def test_whoever_ticks_a_box_is_sent_forward_to_what_it_opens(key: str) -> None:
    for item in items(key).values():
        assert all(number > item.number for choice in item.choices for number in choice.on_to)
        assert bool(item.only_if) == bool(item.question.show_if)


def test_a_box_says_which_questions_follow_and_those_say_when_they_are_for_somebody() -> None:
    found = items()
    falls = {choice.option.id: choice for choice in found["falls"].choices}
    assert falls["none"].on_to == ()
    assert found["after-fall"].number in falls["once"].on_to
    number = found["falls"].number
    assert found["after-fall"].only_if == f"you ticked “One fall” or “Two or more” at {number}"
    assert ", or you ticked “Nobody” at" in found["call-help"].only_if


def test_what_is_urgent_stands_beside_its_box() -> None:
    now = {choice.option.id: choice for choice in items()["now"].choices}
    assert [rule.id for rule in now["ill"].urgent] == ["ill-now"]
    assert now["none"].urgent == ()


def test_a_form_about_somebody_else_asks_about_them_by_name() -> None:
    assert items(name="Mavis")["stairs"].ask == "How does Mavis find the stairs?"
    assert items()["stairs"].ask == "How do you find the stairs?"
