"""What htmx swaps into a page: the page stays one page, its title and address are right, and nobody loses the place."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import MODES
from tests.pages.hands import Keyboard
from tests.pages.reader import Reader
from tests.pages.states import STATES

pytestmark = pytest.mark.browser

FIND, SWAPPED = STATES["find, words and place"], STATES["find, after a swap"]


def total(page: Page) -> int:
    """How many results the page says there are."""
    return int(page.locator("[data-total]").get_attribute("data-total") or -1)


def test_narrowing_changes_heading_title_and_address_together(reader: Reader) -> None:
    with reader.reading(SWAPPED) as opened:
        page = opened.page
        heading = page.get_by_role("heading", level=1)
        expect(heading).to_be_focused()
        assert page.title() == f"{heading.inner_text()} – Fernshire Living Well"
        assert total(page) == page.locator("[data-result]").count() > 0
        swapped = page.content().partition("<main")[2].count("data-result=")
        page.reload()
        assert page.content().partition("<main")[2].count("data-result=") == swapped


def test_narrowing_loads_the_page_only_once(reader: Reader) -> None:
    with reader.reading(SWAPPED) as opened:
        assert len(opened.answers) == 1


def test_back_after_narrowing_is_the_page_from_before(reader: Reader) -> None:
    with reader.reading(FIND) as opened:
        page = opened.page
        before = total(page)
        page.get_by_label("Thursday").check()
        page.get_by_role("button", name="Update results").click()
        expect(page.locator(".chips")).to_be_visible()
        page.go_back()
        expect(page.locator(".chips")).to_have_count(0)
        assert total(page) == before
        assert page.get_by_role("heading", level=1).count() == 1
        # As it was opened: the filters beside the results, and what only script can do is offered.
        expect(page.get_by_role("button", name="Update results")).to_be_visible()
        expect(page.get_by_role("button", name="Search near where I am now")).to_be_visible()
        page.go_forward()
        expect(page.locator(".chips")).to_be_visible()
        assert total(page) < before
        assert opened.unseen() == []


def test_who_puts_something_on_the_plan_by_keyboard_keeps_the_place(reader: Reader) -> None:
    with reader.reading(FIND) as opened:
        page = opened.page
        Keyboard(page).press(page.get_by_role("button", name="to my plan").first)
        card = page.locator("[data-result]").first
        expect(card.get_by_role("link", name="See your plan")).to_be_focused()
        expect(page.get_by_role("navigation", name="Main")).to_contain_text("1 thing on it")
        assert page.locator("#plan-count").count() == 1
        assert len(opened.answers) == 1


def test_an_error_in_answer_to_a_swap_takes_the_pages_place_and_is_told(reader: Reader) -> None:
    with reader.reading(STATES["error, in answer to a swap"]) as opened:
        page = opened.page
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        assert page.title() == "We could not use what was sent – Fernshire Living Well"
        assert page.locator("[data-result]").count() == 0


def test_a_page_that_becomes_narrow_puts_its_results_before_its_filters(reader: Reader) -> None:
    with reader.reading(FIND) as opened:
        page = opened.page
        expect(page.get_by_role("button", name="Update results")).to_be_visible()
        page.set_viewport_size({"width": 320, "height": 640})
        expect(page.get_by_role("button", name="Update results")).to_be_hidden()
        page.set_viewport_size(MODES["ordinary"].settings["viewport"])
        expect(page.get_by_role("button", name="Update results")).to_be_visible()
