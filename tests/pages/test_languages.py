"""The site in made-up languages: every word of its own can be translated, and pages have room for the translation.

What stands outside of a message's brackets has to be data: words of listings, names of places and languages, numbers.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa
from babel import Locale
from flask import Flask
from ruamel.yaml import YAML

from portal import clock, notify
from portal.db import db
from portal.directory import telling
from portal.editorial import actions
from portal.editorial.models import Document, Version
from portal.selfhelp import desk_words_views, reading, translating
from portal.selfhelp.conversation import Conversation, Unreadable
from tests import browser, pseudo
from tests.browser import MODES
from tests.html_valid import validate
from tests.pages.problems import assert_nothing
from tests.pages.reader import Reader, Sites
from tests.pages.states import MAIN, STATES, State

LANGUAGES = {"left to right": pseudo.LEFT_TO_RIGHT, "right to left": pseudo.RIGHT_TO_LEFT}
# What people read or hear besides the text between tags.
_SPOKEN = frozenset({"aria-label", "alt", "title", "placeholder", "data-waiting", "data-failed"})
# What stands between two pieces of data on one line.
_BETWEEN = re.compile(r"[,·;:()–]")
# Tables and columns that hold words for programs, which no page may show.
_FOR_PROGRAMS = frozenset({"job", "message", "audit_event"})
_CODES = frozenset(
    {"key", "kind", "state", "status", "source", "strategy", "freq", "byday", "code", "logo_svg"}
)
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_EMPTY = frozenset({"meta", "link", "input", "br", "img", "hr"})
# Columns in which people write English sentences: their words are marked so on pages in other languages.
_SENTENCES = {
    "service": ("summary", "how_to_start", "who_for", "vacancies"),
    "taxonomy_term": ("name",),
    "cost_option": ("words",),
    "location": ("directions",),
    "organisation": ("description",),
    "council": ("phone_hours",),
}
# The states whose page is there as soon as its address is asked, on the site that is translated.
ASKED = {
    name: state for name, state in STATES.items() if state.then is None and state.site == "demonstration"
}

TRANSLATED = {name: state for name, state in MAIN.items() if state.site == "demonstration"}


class Bare(HTMLParser):
    """The words of a page that are in no message: `found` holds each with whether it is said to be English."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, bool]] = set()
        self._depth, self._open = (
            0,
            [("", False, False)],
        )  # (tag, is English, is not read), from the outside in
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        english, unread = self._open[-1][1], self._open[-1][2] or tag in ("script", "style")
        unread = unread or held.get("translate") == "no"  # a code to be typed is in no language
        if "lang" in held and tag != "button":  # a button that names another language is in that one
            english = held["lang"] == "en-GB"
        if tag not in _EMPTY:
            self._open.append((tag, english, unread))
        read = [str(held[name]) for name in _SPOKEN if held.get(name)]
        if tag == "meta" and held.get("name") == "description":
            read.append(str(held["content"]))
        for words in read:
            # One value has one language, the page's own; what it holds of data is a name.
            self.found.add((re.sub(f"{pseudo.OPENS}.*?{pseudo.CLOSES}", " ", words, flags=re.S), True))

    def handle_endtag(self, tag: str) -> None:
        while self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """The text outside of brackets; a message that holds an element reaches over several texts."""
        bare = ""
        for letter in data:
            self._depth += (letter == pseudo.OPENS) - (letter == pseudo.CLOSES)
            bare += letter if not self._depth and letter != pseudo.CLOSES else ""
        if not self._open[-1][2]:
            self.found.add((bare, self._open[-1][1]))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield " ".join(value.split())
    elif isinstance(value, list | tuple | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _cells(app: Flask) -> Iterator[str]:
    """Every text in the database that a page may show."""
    with app.app_context():
        for table in db.metadata.sorted_tables:
            columns = [column for column in table.columns if column.name not in _CODES]
            if table.name not in _FOR_PROGRAMS:
                for row in db.session.execute(sa.select(*columns)):
                    for value in row:
                        yield from _texts(value)
        db.session.remove()


def _written(app: Flask) -> Iterator[str]:
    """Every text of the boards, the equipment house and the equipment in the database."""
    with app.app_context():
        kinds = sa.select(Version.body).join(Version.document).where(Document.kind.in_(("board", "house")))
        for text in db.session.scalars(kinds):
            yield from _texts(YAML(typ="safe", pure=True).load(text))
        db.session.remove()


def _conversations(app: Flask) -> Iterator[Conversation]:
    """Every conversation in the database that can be read: each is kept as one text."""
    with app.app_context():
        for text in db.session.scalars(
            sa.select(Version.body).join(Version.document).where(Document.kind == "conversation")
        ):
            with suppress(Unreadable):
                yield reading.read(text)
        db.session.remove()


def _found(app: Flask) -> Iterator[str]:
    """What the checks say of the documents. They speak English."""
    with app.app_context():
        for version in db.session.scalars(sa.select(Version)):
            for finding in actions.findings(version.document, version, clock.today()):
                yield from (finding.where, finding.words.rstrip("."), finding.todo)
        db.session.remove()


def _sentences(app: Flask) -> Iterator[str]:
    """Every English sentence, and every name of a term, that is in the database."""
    with app.app_context():
        for table, columns in _SENTENCES.items():
            for row in db.session.execute(
                sa.select(*(db.metadata.tables[table].c[name] for name in columns))
            ):
                for value in row:
                    yield from _texts(value)
        db.session.remove()


class Data:
    """What is no message: texts of the database, and names that come with the language."""

    def __init__(self, app: Flask) -> None:
        talks = list(_conversations(app))
        found = set(_found(app))
        named = set(_cells(app))
        written = set(_written(app))
        cells = named | found | written | {text for talk in talks for text in _texts(asdict(talk))}
        self._sentences = set(_sentences(app)) | found | (written - named)
        # Where a listing has the same words, too, they may be a name, which is said in any language.
        self._sentences |= {text for talk in talks for text in _texts(translating.strings(talk))} - named
        self._words = {word for cell in cells for word in _WORD.findall(cell.lower())}
        self._whole = cells | {telling.web_name(telling.web_address(cell)) for cell in cells}
        # Kinds of message that other tests in the same process have made up.
        self._whole |= {kind.words() for kind in notify.kinds() if kind.key.startswith("tests.")}
        self._dates: set[str] = set()
        for language in (*LANGUAGES.values(), "en"):
            locale = Locale.parse(language)
            self._whole |= {form for name in locale.languages.values() for form in (name, name.capitalize())}
            self._whole |= set(desk_words_views.LANGUAGES.values())
            names = (locale.days["format"]["wide"], locale.months["format"]["wide"])
            self._dates |= {word for group in names for name in group.values() for word in name.split()}
        self._marks = marks = re.compile(r"[*#>`]|\]\([^)]*\)|\[")
        self._prose = "\n".join(" ".join(marks.sub("", cell).split()) for cell in cells if len(cell) > 60)

    def is_sentence(self, text: str) -> bool:
        """Whether it is something that people wrote in English for people to read."""
        return bool(text.strip()) and " ".join(text.split()) in self._sentences

    def _is_one(self, words: str) -> bool:
        """Whether the words are a single piece of data."""
        bare = words.strip(" .")
        return (
            not _LETTER.search(words)
            or words in self._whole
            or bare in self._whole
            or (len(bare) > 12 and bare in self._prose)
            or (len(bare) > 12 and " ".join(self._marks.sub("", bare).split()) in self._prose)
            or all(word in self._dates for word in bare.split() if _LETTER.search(word))
        )

    def holds(self, text: str, english: bool = False) -> bool:
        """Whether a text of a page is made of nothing but data.

        english: the page says that it is. Then it may also be words of a listing in another order.
        """
        words = " ".join(text.split())
        if self._is_one(words) or (english and set(_WORD.findall(words.lower())) <= self._words):
            return True
        return self._in_pieces(words) or all(self._is_one(line.strip()) for line in text.splitlines())

    def _in_pieces(self, words: str) -> bool:
        """Whether it can be cut, between its pieces, into nothing but data."""
        cuts = [(cut.start(), cut.end()) for cut in _BETWEEN.finditer(words)]
        begins = {0}  # where a piece may begin, with nothing but data before it
        for start, end in cuts:
            if any(self._is_one(words[begin:start].strip()) for begin in begins):
                begins.add(end)
        return any(self._is_one(words[begin:].strip()) for begin in begins)


@pytest.fixture(scope="module")
def data(sites: Sites) -> Data:
    """What is data on the site."""
    return Data(sites["demonstration"].app)


def _bare(reader: Reader, language: str) -> Iterator[tuple[str, set[tuple[str, bool]]]]:
    """Of every state that can simply be asked: what stands in no message."""
    for name, state in ASKED.items():
        yield name, Bare(reader.ask(state, language).text).found


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_every_word_that_is_not_data_can_be_translated(reader: Reader, data: Data, language: str) -> None:
    for_nobody = {
        name: sorted(text.strip() for text, english in found if not data.holds(text, english))
        for name, found in _bare(reader, language)
    }
    assert_nothing(for_nobody)


def test_english_sentences_on_pages_in_another_language_are_said_to_be_english(
    reader: Reader, data: Data
) -> None:
    unmarked = {
        name: sorted(text.strip() for text, english in found if not english and data.is_sentence(text))
        for name, found in _bare(reader, pseudo.RIGHT_TO_LEFT)
    }
    assert_nothing(unmarked)


def test_the_checks_above_see_what_they_are_there_for(data: Data) -> None:
    page = """<html lang="cy"><p>⟦Fïïnd⟧ Look here <b lang="en-GB">A hot lunch</b></p>
    <script>const words = "not read";</script><a aria-label="Not said">⟦Rïng <i>Lunch clubs</i> nôw⟧</a>"""
    found = {(text.strip(), english) for text, english in Bare(page).found if text.strip()}
    assert found == {("Look here", False), ("A hot lunch", True), ("Not said", True)}
    assert data.holds("Lunch clubs")
    assert data.is_sentence("Lunch clubs")
    assert data.holds("St Anne’s Church Hall, 1 Church Road · Sale")
    assert not data.holds("Look here")
    assert not data.is_sentence("M33 7ZF")


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("state", TRANSLATED.values(), ids=TRANSLATED)
def test_pages_have_room_for_another_language(reader: Reader, state: State, language: str) -> None:
    with reader.reading(state, language=language) as opened:
        page = opened.page
        assert opened.status == state.status
        found = {"axe": browser.axe(page), "html": validate(opened.html)}
        for name in ("ordinary", "320 px", "text spacing", "large text", "print"):
            browser.settle(page, MODES[name])
            found[name] = browser.layout_problems(page, MODES[name])
        found["unseen"] = opened.unseen()
        assert_nothing(found)


# Boxes that are as wide as the page lets them be, whatever stands in them.
_BOXES = "main, h1, .search, .doors li, .two > div, .card, .beside-facts > div, .key > div, .map, .help"
# How far each box is from the side on which reading starts, and from the other.
_SIDES = """boxes => boxes.filter(box => box.offsetWidth).map(box => {
  const at = box.getBoundingClientRect();
  const sides = [at.left, document.documentElement.clientWidth - at.right];
  return document.documentElement.dir === "rtl" ? sides.reverse() : sides;
})"""


@pytest.mark.browser
@pytest.mark.parametrize("state", TRANSLATED.values(), ids=TRANSLATED)
def test_the_whole_page_is_mirrored_right_to_left(reader: Reader, state: State) -> None:
    sides = {}
    for language in LANGUAGES.values():
        with reader.reading(state, language=language) as opened:
            sides[language] = opened.page.locator(_BOXES).evaluate_all(_SIDES)
    left, right = sides.values()
    assert len(left) > 2
    assert right == [pytest.approx(pair, abs=2) for pair in left]


# Whether the first of a text's letters is drawn to the left of its last, on one line.
_RUNS_RIGHT = """it => {
  const text = document.createTreeWalker(it, NodeFilter.SHOW_TEXT).nextNode();
  const left = at => {
    const letter = new Range();
    letter.setStart(text, at);
    letter.setEnd(text, at + 1);
    return letter.getBoundingClientRect().left;
  };
  return left(0) < left(text.length - 1);
}"""


@pytest.mark.browser
def test_telephone_numbers_and_addresses_run_left_to_right_on_every_page(reader: Reader) -> None:
    state = STATES["service, everything"]
    with reader.reading(state, language=pseudo.RIGHT_TO_LEFT) as opened:
        numbers = opened.page.locator(".tel, .address")
        assert numbers.count() > 3
        for at in range(numbers.count()):
            assert numbers.nth(at).evaluate(_RUNS_RIGHT), numbers.nth(at).text_content()
