"""The language of a page, and how dates and times are said in it."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, session
from hypothesis import given
from hypothesis import strategies as st

from portal import i18n
from tests.kernel.conftest import Visitor
from tests.make import NOW

MONDAY = dt.date(2026, 11, 23)
WELSH = {
    "My plan": "Fy nghynllun",
    "Find help near you": "Dod o hyd i help",
    "Hello %(name)s": "Helo %(name)s",
}


@pytest.fixture(scope="module")
def translations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A little Welsh, and Urdu without a word."""
    folder = tmp_path_factory.mktemp("translations")
    for code, words in {"cy": WELSH, "ur": {}}.items():
        catalog = Catalog(locale=code)
        for english, there in words.items():
            catalog.add(english, there)
        (folder / code / "LC_MESSAGES").mkdir(parents=True)
        with (folder / code / "LC_MESSAGES" / "messages.mo").open("wb") as file:
            write_mo(file, catalog)
    return folder


@pytest.fixture
def many(another: Callable[..., Flask], translations: Path) -> Flask:
    """The site in English, Welsh and Urdu."""
    return another({"BABEL_TRANSLATION_DIRECTORIES": str(translations)})


def in_language(app: Flask, code: str, say: Callable[[], str]) -> str:
    """What is said on a page in that language."""
    with app.test_request_context():
        session["language"] = code
        return say()


def test_the_site_has_the_languages_whose_catalogues_are_there(many: Flask, site: Flask) -> None:
    with many.app_context():
        assert i18n.languages() == {"en": "English", "cy": "Cymraeg", "ur": "اردو"}
    with site.app_context():
        assert "en" in i18n.languages()


def test_a_page_is_in_the_language_that_was_chosen_from_then_on(many: Flask) -> None:
    visitor = Visitor(many)
    first = visitor.get("/").text
    assert '<html lang="en-GB" dir="ltr">' in first
    assert '<button class="plain" name="language" value="cy" lang="cy" dir="ltr">Cymraeg</button>' in first
    assert visitor.send("/language", language="cy", next="/plan").headers["Location"] == "/plan"
    page = visitor.get("/").text
    assert '<html lang="cy" dir="ltr">' in page
    assert "Fy nghynllun" in page
    assert 'value="en"' in page
    visitor.send("/language", language="en")
    assert "My plan" in visitor.get("/").text


def test_urdu_is_written_from_the_right(many: Flask) -> None:
    visitor = Visitor(many)
    assert 'value="ur" lang="ur" dir="rtl">اردو</button>' in visitor.get("/").text
    visitor.send("/language", language="ur")
    assert '<html lang="ur" dir="rtl">' in visitor.get("/").text


def test_a_language_that_is_not_there_changes_nothing(many: Flask) -> None:
    visitor = Visitor(many)
    visitor.send("/language", language="cy")
    for code in ("", "fr", "CY", "cy_GB", "../cy", "<script>", "x" * 10_000):
        assert visitor.send("/language", language=code).status_code == 303
        assert '<html lang="cy"' in visitor.get("/").text


def test_a_language_that_was_taken_away_is_english_again(many: Flask, site: Flask) -> None:
    assert in_language(site, "ur", i18n.language) == "en"
    assert in_language(many, "ur", i18n.language) == "ur"


def test_errors_are_in_the_visitors_language_too(many: Flask) -> None:
    visitor = Visitor(many)
    visitor.send("/language", language="cy")
    page = visitor.get("/nowhere")
    assert page.status_code == 404
    assert '<html lang="cy"' in page.text


def test_words_are_filled_in_after_they_are_translated(many: Flask) -> None:
    assert in_language(many, "cy", lambda: i18n._("Hello %(name)s", name="100%")) == "Helo 100%"
    assert in_language(many, "ur", lambda: i18n._("Hello %(name)s", name="Mavis")) == "Hello Mavis"


@pytest.mark.parametrize(("num", "words"), [(0, "0 results"), (1, "1 result"), (2, "2 results")])
def test_things_are_counted(site: Flask, num: int, words: str) -> None:
    with site.test_request_context():
        assert i18n.ngettext("%(num)s result", "%(num)s results", num) == words


def test_dates_are_said_in_the_pages_language(many: Flask) -> None:
    assert in_language(many, "en", lambda: i18n.long_date(MONDAY)) == "Monday 23 November 2026"
    assert in_language(many, "en", lambda: i18n.short_date(MONDAY)) == "23 November 2026"
    assert in_language(many, "cy", lambda: i18n.long_date(MONDAY)) == "Dydd Llun 23 Tachwedd 2026"


@pytest.mark.parametrize(
    ("time", "words"),
    [("00:00", "midnight"), ("00:05", "12.05am"), ("01:00", "1am"), ("09:30", "9.30am"), ("11:59", "11.59am"),
     ("12:00", "midday"), ("12:01", "12.01pm"), ("13:00", "1pm"), ("23:59", "11.59pm")],
)  # fmt: skip
def test_a_time_of_day_is_said_as_people_say_it(site: Flask, time: str, words: str) -> None:
    assert in_language(site, "en", lambda: i18n.clock_time(dt.time.fromisoformat(time))) == words


def test_other_languages_count_hours_to_twenty_four(many: Flask) -> None:
    assert in_language(many, "cy", lambda: i18n.clock_time(dt.time(0, 0))) == "00:00"
    assert in_language(many, "ur", lambda: i18n.clock_time(dt.time(13, 5))) == "13:05"


@given(st.times(), st.times())
def test_no_two_minutes_are_said_alike(one: dt.time, other: dt.time) -> None:
    app = _english()
    with app.test_request_context():
        same = (one.hour, one.minute) == (other.hour, other.minute)
        assert (i18n.clock_time(one) == i18n.clock_time(other)) is same


def _english() -> Flask:
    app = Flask(__name__)
    app.secret_key = "for a test"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "none"
    i18n.init_app(app)
    return app


def test_a_moment_is_told_by_the_clock_on_the_wall(site: Flask) -> None:
    summer = dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC)
    assert in_language(site, "en", lambda: i18n.moment(summer)) == "1 July 2026, 12.30am"
    assert in_language(site, "en", lambda: i18n.moment(NOW)) == "23 November 2026, 9.30am"
