"""Suggestions while somebody types: a help that stands in nobody's way."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import MODES
from tests.pages.hands import Keyboard
from tests.pages.reader import Reader
from tests.pages.states import STATES

pytestmark = pytest.mark.browser

HOME, OPEN = STATES["home"], STATES["home, with suggestions"]


def box(page: Page) -> Locator:
    """Where words are typed."""
    return page.get_by_role("textbox", name="What are you looking for?")


def suggestions(page: Page) -> Locator:
    """What is suggested."""
    return page.locator("#suggestions a")


def test_one_is_taken_by_keyboard_and_the_place_goes_along(reader: Reader) -> None:
    with reader.reading(HOME) as opened:
        page = opened.page
        page.get_by_label("Postcode or town").fill("M33 7ZF")
        box(page).press_sequentially("lunch c")
        first = suggestions(page).first
        first.wait_for()
        words = first.get_attribute("data-suggestion")
        Keyboard(page).press(first)
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"results for “{words}” near M33 7ZF")
        assert opened.unseen() == []


def test_how_many_there_are_is_said(reader: Reader) -> None:
    with reader.reading(OPEN) as opened:
        count = suggestions(opened.page).count()
        said = opened.page.locator("#suggestions").get_by_role("status")
        expect(said).to_have_text(f"{count} suggestions below")


def test_escape_closes_them_and_goes_back_to_the_words(reader: Reader) -> None:
    with reader.reading(OPEN) as opened:
        page = opened.page
        page.keyboard.press("Tab")
        expect(suggestions(page).first).to_be_focused()
        page.keyboard.press("Escape")
        expect(suggestions(page)).to_have_count(0)
        expect(box(page)).to_be_focused()
        expect(box(page)).to_have_value("lun")


def test_they_close_when_the_keyboard_goes_on(reader: Reader) -> None:
    """Else they would lie over what comes next (WCAG 2.4.11)."""
    with reader.reading(OPEN) as opened:
        page = opened.page
        Keyboard(page).reach(page.get_by_label("Postcode or town"))
        expect(suggestions(page)).to_have_count(0)


def test_they_close_when_somebody_clicks_elsewhere(reader: Reader) -> None:
    with reader.reading(OPEN) as opened:
        opened.page.get_by_role("heading", level=1).click()
        expect(suggestions(opened.page)).to_have_count(0)


def test_they_go_when_the_words_go(reader: Reader) -> None:
    with reader.reading(OPEN) as opened:
        box(opened.page).fill("")
        expect(suggestions(opened.page)).to_have_count(0)


def test_enter_searches_for_what_was_typed_and_not_for_a_suggestion(reader: Reader) -> None:
    with reader.reading(OPEN) as opened:
        opened.page.keyboard.press("Enter")
        expect(opened.page.get_by_role("heading", level=1)).to_contain_text("for “lun”")


def test_without_script_they_are_a_page_of_their_own(reader: Reader) -> None:
    with reader.reading(STATES["suggestions, none asked"], MODES["no script"]) as opened:
        page = opened.page
        page.get_by_label("Start of a word").fill("lun")
        page.get_by_role("button", name="Suggest").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Suggestions for “lun”")
        page.locator(".suggestion-list a").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("results for")
