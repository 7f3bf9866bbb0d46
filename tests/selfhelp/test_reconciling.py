"""A conversation that has changed under somebody: only what changed is asked again."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.selfhelp.conversation import Answer, Conversation, Page, Question
from portal.selfhelp.questions import reconciled, walk
from portal.selfhelp.reading import read
from tests.selfhelp.generated import answer_to, conversations
from tests.selfhelp.small import SMALL, changed, small

ANSWERS: dict[str, Answer] = {"now": ("none",), "drinks": "loves", "kettle": "heavy", "company": ("friends",)}
SEEN = frozenset({"hello", "now", "drinks", "kettle", "company", "postcode"})


def against(text: str, is_about_other: bool = False) -> tuple[dict[str, Answer], list[str], tuple[str, ...]]:
    """What is left of the answers after a change: (answers, questions on pages still to come, asked again)."""
    new = read(text)
    kept, seen, again = reconciled(small(), new, ANSWERS, SEEN, is_about_other)
    ahead = [question.id for question in walk(new, kept, seen).asked if question.id not in seen]
    return dict(kept), ahead, again


def test_where_nothing_changed_nothing_is_asked_again() -> None:
    assert against(SMALL) == (ANSWERS, [], ())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("How do you find the kettle?", "How heavy is the kettle?"),
        ("label: Heavy to lift", "label: Very heavy to lift"),
        ("    - {id: lid, label: The lid is stiff}\n", ""),
        ("The lid is stiff}\n", "The lid is stiff}\n    - {id: hot, label: It is too hot}\n"),
    ],
)
def test_a_question_with_other_words_or_answers_is_asked_again_and_no_other(old: str, new: str) -> None:
    kept, ahead, again = against(changed(old, new))
    assert kept == {key: said for key, said in ANSWERS.items() if key != "kettle"}
    assert ahead == ["kettle"]
    assert again == ("kettle",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("text: Is the kettle heavy?", "text: Is it heavy?"),
        ("A stand tips the kettle for you.", "A stand helps."),
        ("How does {name} find the kettle?", "Is the kettle heavy for {name}?"),
        ("title: Making tea", "title: A cup of tea"),
    ],
)
def test_what_the_person_was_not_asked_with_changes_nothing(old: str, new: str) -> None:
    assert against(changed(old, new)) == (ANSWERS, [], ())


def test_about_somebody_else_the_words_about_them_count_and_the_others_do_not() -> None:
    about = changed("How does {name} find the kettle?", "Is the kettle heavy for {name}?")
    assert against(about, is_about_other=True)[2] == ("kettle",)
    own = changed("How do you find the kettle?", "How heavy is the kettle?")
    assert against(own, is_about_other=True) == (ANSWERS, [], ())


def test_a_new_question_is_asked_and_is_not_asked_again() -> None:
    new = changed(
        "  - id: postcode\n", "  - {id: milk, type: text, ask: Do you take milk?}\n  - id: postcode\n"
    )
    assert against(new) == (ANSWERS, ["milk"], ())


def test_a_question_that_is_gone_takes_its_answer_with_it() -> None:
    new = changed("q: company, in: [nobody]", "q: now, in: [none]", SMALL)
    start, end = new.index("  - id: company"), new.index("  - id: postcode")
    kept, ahead, again = against(new[:start] + new[end:])
    assert "company" not in kept
    assert (ahead, again) == ([], ())


def test_a_changed_question_that_the_new_way_does_not_reach_is_not_asked() -> None:
    text = changed("How do you find the kettle?", "How heavy is the kettle?")
    kept, ahead, again = against(changed("{q: drinks, in: [loves]}", "{q: drinks, in: [coffee]}", text))
    assert "kettle" not in kept
    assert (ahead, again) == ([], ())


@st.composite
def edits(draw: st.DrawFn) -> tuple[Conversation, Conversation, frozenset[str]]:
    """A conversation, the same with other words for some questions, and which those are."""
    old = draw(conversations())
    keys = draw(st.sets(st.sampled_from(sorted(old.questions))))

    def edited(question: Question) -> Question:
        return dataclasses.replace(question, ask=question.ask + " Now?") if question.id in keys else question

    pages = tuple(Page(page.id, page.title, tuple(map(edited, page.questions))) for page in old.pages)
    return old, dataclasses.replace(old, pages=pages), frozenset(keys)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits(), st.data())
def test_only_changed_questions_on_the_way_are_asked_again(
    edit: tuple[Conversation, Conversation, frozenset[str]], data: st.DataObject
) -> None:
    old, new, changed_keys = edit
    said = data.draw(st.fixed_dictionaries({key: answer_to(asked) for key, asked in old.questions.items()}))
    answers = {key: answer for key, answer in said.items() if answer is not None}
    seen = frozenset(question.id for question in walk(old, answers).asked)
    kept, still, again = reconciled(old, new, answers, seen)
    assert dict(kept) == {key: said for key, said in answers.items() if key not in changed_keys}
    reached = walk(new, kept, still)
    ahead = {question.id for question in reached.asked if question.id not in reached.seen}
    assert set(again) <= ahead & changed_keys
    # Beside the changed ones, only questions are ahead that the person was never shown.
    assert not (ahead - changed_keys) & seen
    if not changed_keys & (seen | answers.keys()):
        assert (again, reached.counted) == ((), walk(old, answers).counted)
