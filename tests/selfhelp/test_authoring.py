"""Changing a conversation by forms: only what was meant changes, and nothing is left pointing at nothing."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.selfhelp import authoring, conditions, rearranging, splicing
from portal.selfhelp.authoring import Refused
from portal.selfhelp.conditions import Row, Simple
from tests.selfhelp.starter import KEYS, changed, text_of

SMALL = """\
# Ours
id: small
title: A small conversation
pages:
- id: home
  title: Home # kept
  questions:
  # about stairs
  - id: stairs
    type: one
    ask: How are the stairs?
    options: [{id: fine, label: Fine}, {id: hard, label: "Hard, or slow"}, {id: none, label: None here}]
  - id: falls
    type: one
    ask: >-
      Have you
      fallen?
    show_if: {q: stairs, in: [hard]}
    options:
    - {id: "no", label: "No"}   # a word
    - {id: once, label: Once}
- id: end
  title: The end
  questions:
  - id: words
    type: text
    ask: Anything else?
# what may help
recommend:
- id: rail
  title: A rail
  when: {q: stairs, in: [hard]}
  because: "You said {falls.label}."
otherwise: {article: living-well}
examples:
- name: Ann
  answers: {stairs: hard, falls: once}
  expect: [rail]
"""


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> Iterator[None]:
    """Words are English's."""
    with app.app_context():
        yield


@pytest.mark.parametrize("key", KEYS)
def test_setting_every_question_to_what_it_says_changes_not_a_letter(key: str) -> None:
    text = text_of(key)
    conversation = authoring.read(text)
    for question in list(conversation.questions.values())[::4]:
        same = authoring.change_question(
            text, question.id, ask=question.ask, ask_about=question.ask_about, help=question.help,
            easy_read=question.easy_read, sensitive=question.sensitive,
        )  # fmt: skip
        assert same == text
    for rule in conversation.rules[::6]:
        shown = authoring.shown_as_yaml(rule.shown)
        assert (
            authoring.change_rule(text, rule.id, title=rule.title, show=shown, urgent=rule.is_urgent) == text
        )
        form = conditions.simple(rule.when)
        assert form is None or authoring.set_condition(text, "rule", rule.id, form) == text


@pytest.mark.parametrize("key", KEYS)
def test_every_part_of_a_starter_file_is_found_where_it_stands(key: str) -> None:
    text = text_of(key)
    pages = splicing.rows(splicing.value(splicing.root(text), "pages"))
    extents = splicing.extents(text, pages)
    assert [text[begin:end].split("\n")[0] for begin, end in extents] == [
        f"- id: {page.id}" for page in authoring.read(text).pages
    ]
    assert all(end == begin for (_, end), (begin, _) in itertools.pairwise(extents))


def test_other_words_change_their_line_alone() -> None:
    text = text_of()
    assert changed(text, authoring.change_question(text, "stairs", ask="How are the stairs?")) == [
        "-    ask: How do you find the stairs?",
        "+    ask: How are the stairs?",
    ]


def test_words_that_yaml_would_take_for_something_else_are_put_in_quotes() -> None:
    text = authoring.change_question(SMALL, "stairs", ask="Stairs: yes # or no?")
    assert authoring.read(text).questions["stairs"].ask == "Stairs: yes # or no?"
    for odd in (
        "true",
        "12",
        "null",
        "- x",
        "{a}",
        '"',
        "a\nb",
        "it's: so",
        "&a",
        "*a",
        "!x",
        "%",
        "@",
        "`",
        "a,b",
    ):
        text = authoring.change_option(SMALL, "stairs", "fine", label=odd)
        assert authoring.read(text).questions["stairs"].options[0].label == " ".join(odd.split())


@given(words=st.text(max_size=60), part=st.sampled_from(["label", "label_about"]))
@settings(max_examples=60, deadline=None)
def test_whatever_somebody_types_is_read_back_and_changes_no_other_line(words: str, part: str) -> None:
    plain = splicing.plain(words)
    assume(plain)
    text = authoring.change_option(SMALL, "falls", "once", **{part: words})
    assert getattr(authoring.read(text).questions["falls"].options[1], part) == plain
    assert len(changed(SMALL, text)) in (0, 2)


def test_what_a_form_left_empty_is_taken_out_and_what_it_adds_stands_in_its_place() -> None:
    text = authoring.change_question(SMALL, "stairs", ask_about="How does {name} find them?", sensitive=True)
    assert changed(SMALL, text) == ["+    ask_about: How does {name} find them?", "+    sensitive: true"]
    assert authoring.change_question(text, "stairs", ask_about="", sensitive=False) == SMALL


def test_words_over_several_lines_become_one_line_and_the_rest_stays() -> None:
    text = authoring.change_question(SMALL, "falls", ask="Have you fallen this year?")
    assert changed(SMALL, text) == [
        "-    ask: >-",
        "-      Have you",
        "-      fallen?",
        "+    ask: Have you fallen this year?",
    ]


def test_an_easy_version_and_its_picture_keep_together() -> None:
    text = authoring.change_question(text_of(), "stairs", easy_read="Are the stairs hard?")
    assert changed(text_of(), text) == [
        '-    easy_read: {text: "Are stairs hard for you?", picture: stairs}',
        "+    easy_read: {text: Are the stairs hard?, picture: stairs}",
    ]
    assert "easy_read: {text: Stairs?}" in authoring.change_question(SMALL, "stairs", easy_read="Stairs?")


def test_an_option_is_changed_added_moved_and_taken_out_on_its_line() -> None:
    text, name = authoring.add_option(text_of(), "stairs", "Hard or shaky")
    assert name == "hard-or-shaky"
    assert changed(text_of(), text) == ["+    - {id: hard-or-shaky, label: Hard or shaky}"]
    assert rearranging.remove_option(text, "stairs", name) == text_of()
    moved = rearranging.move_option(text, "stairs", name, -1)
    assert len(changed(text, moved)) == 2
    assert rearranging.move_option(moved, "stairs", name, 1) == text
    told = authoring.change_option(text, "stairs", name, strength=True, label="Not so bad")
    assert changed(text, told)[1] == "+    - {id: hard-or-shaky, label: Not so bad, strength: true}"


def test_options_on_one_line_are_treated_alike() -> None:
    text, _name = authoring.add_option(SMALL, "stairs", "Too steep, for me")
    assert '{id: none, label: None here}, {id: too-steep-for-me, label: "Too steep, for me"}]' in text
    assert rearranging.remove_option(text, "stairs", "too-steep-for-me") == SMALL
    assert rearranging.remove_option(SMALL, "stairs", "fine").count("{id: fine") == 0
    moved = rearranging.move_option(SMALL, "stairs", "fine", 1)
    assert [option.id for option in authoring.read(moved).questions["stairs"].options] == [
        "hard",
        "fine",
        "none",
    ]


def test_a_question_is_added_with_options_and_an_id_from_its_words_that_never_changes() -> None:
    text, name = authoring.add_question(SMALL, "home", "Who's there?", "one", ("Nobody", "Nobody", "Family"))
    assert changed(SMALL, text) == [
        "+  - id: whos-there",
        "+    type: one",
        "+    ask: Who's there?",
        "+    options:",
        "+    - {id: nobody, label: Nobody}",
        "+    - {id: nobody-2, label: Nobody}",
        "+    - {id: family, label: Family}",
    ]
    text = authoring.change_question(text, name, ask="Who lives here?")
    assert authoring.read(text).questions["whos-there"].ask == "Who lives here?"
    assert authoring.add_question(text, "end", "Who's there?", "text")[1] == "whos-there-2"


def test_a_page_a_recommendation_and_an_example_are_added_and_taken_out_again() -> None:
    text, page = authoring.add_page(SMALL, "Going out", "Do you get out?", "one", ("Yes", "No"))
    assert rearranging.remove_page(text, page) == SMALL
    text, rule = authoring.add_rule(
        SMALL, "Shower help", Simple((Row("stairs", ("hard", "none")),)), "You said so."
    )
    assert changed(SMALL, text) == [
        "+- id: shower-help",
        "+  title: Shower help",
        "+  when: {q: stairs, in: [hard, none]}",
        "+  because: You said so.",
    ]
    assert rearranging.remove_rule(text, rule) == SMALL
    text = authoring.add_example(SMALL, "Bob", "80, lives alone")
    assert rearranging.remove_example(text, "Bob") == SMALL


def test_a_recommendation_tells_where_it_leads_and_what_it_rests_on() -> None:
    text = authoring.change_rule(
        SMALL, "rail", urgent=True, show={"article": ["stairs-safely"], "search": [{"need": "falls"}]},
        evidence={"source": "NHS: Falls", "checked": "2026-11-25"},
    )  # fmt: skip
    rule = authoring.read(text).rules[0]
    assert (rule.is_urgent, rule.shown.articles, rule.shown.searches) == (
        True,
        ("stairs-safely",),
        ({"need": "falls"},),
    )
    assert rule.evidence.source == "NHS: Falls"
    assert authoring.read(authoring.change_rule(text, "rail", urgent=False)).rules[0].is_urgent is False


def test_an_example_says_something_else() -> None:
    text = authoring.change_example(SMALL, "Ann", answers={"stairs": "fine"}, expect=(), never=["rail"])
    example = authoring.read(text).examples[0]
    assert (dict(example.answers), example.expect, example.never) == ({"stairs": "fine"}, (), ("rail",))


def test_an_example_is_called_something_else_where_nobody_is_called_so() -> None:
    text = authoring.add_example(SMALL, "Bob")
    now = authoring.change_example(text, "Ann", name="Dee", answers={"stairs": "fine"}, never=["rail"])
    assert [example.name for example in authoring.read(now).examples] == ["Dee", "Bob"]
    assert dict(authoring.read(now).examples[0].answers) == {"stairs": "fine"}
    with pytest.raises(Refused, match="somebody of this name"):
        authoring.change_example(text, "Ann", name="Bob")


def test_a_condition_is_set_from_the_form_and_taken_away() -> None:
    form = Simple((Row("stairs", ("hard",)), Row("falls", ("once",), negative=True)), "any")
    text = authoring.set_condition(SMALL, "question", "words", form)
    assert changed(SMALL, text) == [
        "+    show_if: {any: [{q: stairs, in: [hard]}, {not: {q: falls, in: [once]}}]}"
    ]
    assert conditions.simple(authoring.read(text).questions["words"].show_if) == form
    assert authoring.set_condition(text, "question", "words", Simple(())) == SMALL


def test_a_condition_that_the_form_cannot_show_is_told_in_words() -> None:
    conversation = authoring.read(text_of())
    nested = conversation.questions["call-help"].show_if
    assert nested is not None
    assert conditions.simple(nested) is None
    words = conditions.in_words(nested, conversation)
    assert "; or (“Who lives with you?” is “Nobody”; and “Have you had a fall" in words


def test_a_question_that_others_look_at_stays_and_says_who_looks() -> None:
    with pytest.raises(Refused, match=r"Have you fallen\?”; “A rail") as refused:
        rearranging.remove_question(SMALL, "stairs")
    assert [(one.kind, one.id) for one in refused.value.lookers] == [("question", "falls"), ("rule", "rail")]
    with pytest.raises(Refused, match="A rail"):  # which only says back what was answered
        rearranging.remove_question(SMALL, "falls")
    with pytest.raises(Refused, match="Change those first"):
        rearranging.remove_option(SMALL, "stairs", "hard")
    with pytest.raises(Refused, match="A rail"):
        rearranging.remove_page(SMALL, "home")


def test_what_examples_say_to_a_question_goes_with_it() -> None:
    text = authoring.change_rule(SMALL, "rail", because="You said so.")
    text = rearranging.remove_question(text, "falls")
    assert dict(authoring.read(text).examples[0].answers) == {"stairs": "hard"}
    assert "# about stairs" in text
    assert "# what may help" in text


def test_the_last_of_its_kind_stays() -> None:
    changes: tuple[Callable[[], str], ...] = (
        lambda: rearranging.remove_question(SMALL, "words"),
        lambda: rearranging.remove_rule(SMALL, "rail"),
        lambda: rearranging.remove_example(SMALL, "Ann"),
        lambda: rearranging.remove_option(
            rearranging.remove_option(SMALL, "stairs", "fine"), "stairs", "none"
        ),
    )
    for change in changes:
        with pytest.raises(Refused):
            change()


def test_a_question_moves_with_its_comment_and_on_to_the_next_page() -> None:
    text = rearranging.move_question(
        authoring.set_condition(SMALL, "question", "falls", Simple(())), "stairs", 1
    )
    assert list(authoring.read(text).questions) == ["falls", "stairs", "words"]
    assert "  # about stairs\n  - id: stairs" in text
    further = rearranging.move_question(text, "stairs", 1)
    assert [question.id for question in authoring.read(further).pages[1].questions] == ["stairs", "words"]
    assert rearranging.move_question(further, "stairs", -1) == text
    with pytest.raises(Refused, match="only question on its page"):
        rearranging.move_question(SMALL, "words", -1)


def test_a_question_never_comes_before_one_that_it_looks_at() -> None:
    with pytest.raises(Refused, match="too early") as refused:
        rearranging.move_question(SMALL, "stairs", 1)
    assert [one.id for one in refused.value.lookers] == ["falls"]
    with pytest.raises(Refused, match="comes later"):
        authoring.set_condition(SMALL, "question", "stairs", Simple((Row("falls", ("once",)),)))
    with pytest.raises(Refused, match="at least one option"):
        authoring.set_condition(SMALL, "question", "words", Simple((Row("stairs", ()),)))


def test_text_that_says_things_once_by_signs_is_left_to_those_who_know_them() -> None:
    text = SMALL.replace("otherwise: {", "otherwise: &o {") + "more: *o\n"
    with pytest.raises(ValueError, match="Change it as text"):
        authoring.change_question(text, "stairs", ask="x")
