"""Strings of another language: what is stale or missing is English, and said to be."""

import copy
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.editorial import actions as documents
from portal.editorial import queries
from portal.selfhelp import authoring, translating
from portal.selfhelp.conversation import Unreadable
from portal.words import Words
from tests import make
from tests.selfhelp.starter import text_of
from tests.selfhelp.talking import ED, SMALL, Visitor, publish

KEY = "question.stairs.ask"


def test_a_string_is_missing_then_translated_and_stale_once_the_english_changes() -> None:
    conversation = authoring.read(text_of())
    assert {string.state for string in translating.states(conversation, "")} == {"missing"}
    strings = translating.with_string("", conversation, KEY, "Sut mae'r grisiau: i chi?")
    changed = authoring.read(authoring.change_question(text_of(), "stairs", ask="Are stairs hard?"))
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


def welsh(*left_out: str, body: str = SMALL) -> str:
    """Strings in which everything is in Welsh: its English in brackets. left_out: ids that are missing."""
    conversation = authoring.read(body)
    return translating.written(
        {
            key: (translating.hash_of(english), f"«{english}»")
            for key, english in translating.strings(conversation).items()
            if key not in left_out
        }
    )


def test_a_question_is_read_whole_in_one_language() -> None:
    english = authoring.read(SMALL)
    told = translating.translated(
        english, welsh("question.stairs.option.hard", "rule.falls-help.because"), "cy"
    )
    assert told.questions["stairs"] == english.questions["stairs"]
    assert told.questions["enjoy"].ask == f"«{english.questions['enjoy'].ask}»"
    rules = {rule.id: rule for rule in told.rules}
    assert isinstance(rules["stairs-help"].because, Words)
    assert not isinstance(rules["falls-help"].title, Words)
    assert copy.deepcopy(told) == told


@pytest.fixture
def in_welsh(site: Flask, client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Mavis, who reads the site in Welsh."""
    (tmp_path / "cy/LC_MESSAGES").mkdir(parents=True)
    with (tmp_path / "cy/LC_MESSAGES/messages.mo").open("wb") as file:
        write_mo(file, Catalog(locale="cy"))
    monkeypatch.setitem(site.config, "BABEL_TRANSLATION_DIRECTORIES", str(tmp_path))
    with client.session_transaction() as session:
        session["language"] = "cy"
    return Visitor(client)


def publish_welsh(strings: str) -> None:
    """The strings of the small conversation are public."""
    document = documents.begin(None, "conversation", "small", strings, by=ED, now=make.NOW, language="cy")
    newest = queries.newest(document.id)
    assert newest
    documents.make_public(document, newest, make.NOW)
    db.session.commit()


def marks(page: str, words: str) -> set[bool]:
    """Whether the page says of these words that they are English, wherever they stand as the whole of something."""
    return {"en-GB" in tag for tag in re.findall(r"<([^<>]*)>\s*" + re.escape(words) + r"\s*<", page)}


def test_a_visitor_reads_the_conversation_in_their_language_and_what_is_not_translated_is_marked(
    in_welsh: Visitor,
) -> None:
    publish()
    publish_welsh(welsh("rule.falls-help.title"))
    in_welsh.open("/self-help")
    assert in_welsh.has("«A small conversation»")
    in_welsh.begin()
    assert in_welsh.title == "«Are you safe just now?»"
    assert 'lang="en-GB"' not in in_welsh.page.partition('<form class="talk"')[2].partition("</form>")[0]
    in_welsh.say(danger="safe").say(stairs="hard", enjoy=["garden"]).say(falls="often").say()
    assert in_welsh.has("«The garden»")
    in_welsh.send("/self-help/small/finish")
    assert in_welsh.topics == ["stairs-help", "falls-help", "garden-again"]
    assert in_welsh.has("«About the stairs, you said: “«The stairs are hard»”.»")
    english = authoring.read(SMALL)
    titles = {rule.id: rule.title for rule in english.rules}
    assert marks(in_welsh.page, f"«{titles['stairs-help']}»") == {False}
    assert marks(in_welsh.page, titles["falls-help"]) == {True}


def test_changing_the_english_asks_again_only_what_changed_whatever_the_language(in_welsh: Visitor) -> None:
    publish()
    publish_welsh(welsh())
    in_welsh.open("/self-help/small").begin()
    in_welsh.say(danger="safe").say(stairs="hard", enjoy=["garden"])
    publish(SMALL.replace("ask: Have you fallen?", "ask: Did you fall?"))
    in_welsh.open("/self-help/small/on")
    assert in_welsh.title == "Did you fall?"
    in_welsh.open("/self-help/small/answers")
    assert in_welsh.has("«The stairs are hard»")


def test_strings_that_cannot_be_read_leave_the_conversation_in_english(in_welsh: Visitor) -> None:
    publish()
    publish_welsh(welsh())
    document = queries.of_key("conversation", "small", None, "cy")
    assert document
    public = queries.public(document.id)
    assert public
    public.body = "- nothing: ["
    db.session.commit()
    in_welsh.begin()
    assert in_welsh.title == "Are you safe just now?"
