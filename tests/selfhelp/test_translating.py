"""Strings of another language: what is stale or missing is English, and said to be."""

import pytest

from portal.selfhelp import authoring, translating
from portal.selfhelp.conversation import Unreadable
from portal.selfhelp.translating import Said
from tests.selfhelp.starter import text_of

KEY = "question.stairs.ask"


def test_a_string_is_missing_then_translated_and_stale_once_the_english_changes() -> None:
    conversation = authoring.read(text_of())
    assert {string.state for string in translating.states(conversation, "")} == {"missing"}
    strings = translating.with_string("", conversation, KEY, "Sut mae'r grisiau: i chi?")
    assert translating.said(conversation, strings, "cy")[KEY] == Said("Sut mae'r grisiau: i chi?", "cy")
    changed = authoring.read(authoring.change_question(text_of(), "stairs", ask="Are stairs hard?"))
    assert translating.said(changed, strings, "cy")[KEY] == Said("Are stairs hard?", "en")
    stale = [string.id for string in translating.states(changed, strings) if string.state == "stale"]
    assert stale == [KEY]


def test_strings_stand_in_the_order_of_reading_and_what_is_gone_or_emptied_goes() -> None:
    conversation = authoring.read(text_of())
    strings = translating.with_string(
        "gone: {of: abc, text: Hen}\n", conversation, "rule.ill-now.title", "Ffoniwch 999"
    )
    strings = translating.with_string(strings, conversation, "title", "Sgwrs")
    assert list(translating.read(strings)) == ["title", "rule.ill-now.title"]
    assert list(translating.read(translating.with_string(strings, conversation, "title", " "))) == [
        "rule.ill-now.title"
    ]


def test_ids_do_not_hang_on_places_so_moving_a_page_leaves_translations_as_they_are() -> None:
    conversation = authoring.read(text_of())
    strings = translating.with_string("", conversation, KEY, "Grisiau?")
    lines = text_of().replace("- id: moving\n  title: Moving about at home", "- id: moving\n  title: At home")
    states = {string.id: string.state for string in translating.states(authoring.read(lines), strings)}
    assert states[KEY] == "translated"


def test_text_that_is_no_list_of_strings_is_refused() -> None:
    for text in ("- a", "a: b", "a: ["):
        with pytest.raises(Unreadable):
            translating.read(text)
