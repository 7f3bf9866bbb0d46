"""What is printed: all that somebody needs at the kitchen table, and nothing that can only be pressed."""

import pytest

from tests import browser
from tests.browser import MODES
from tests.pages.reader import Reader
from tests.pages.states import STATES

pytestmark = pytest.mark.browser

PRESSED = "nav:visible, button:visible, input:visible, select:visible, summary:visible, form:visible"


@pytest.mark.parametrize(
    "name",
    ["plan", "plan, hard listings", "service, everything", "find, words and place", "map", "organisation"],
)
def test_nothing_is_printed_that_can_only_be_pressed(reader: Reader, name: str) -> None:
    with reader.reading(STATES[name], MODES["print"]) as opened:
        assert opened.page.locator(PRESSED).count() == 0


def test_the_plan_on_paper_says_where_when_and_whom_to_ring(reader: Reader) -> None:
    with reader.reading(STATES["plan, hard listings"], MODES["print"]) as opened:
        cards = {
            card.locator("h2").inner_text(): card.inner_text()
            for card in opened.page.locator(".plan .card").all()
        }
        hall = cards["Thursday Table at St Anne’s"]
        for words in (
            "St Anne’s Church Hall, 1 Church Road, Sale, M33 7ZF",
            "midday to 2pm",
            "01632 960 001",
        ):
            assert words in hall
        assert "Comes to you" in cards["Help at your door"]
        assert "Closed for now" in cards["Old Mill tea dance"]
        assert "Please ring before you go" in cards["Old Mill tea dance"]


def test_a_listing_on_paper_spells_out_its_web_address(reader: Reader) -> None:
    with reader.reading(STATES["service, everything"], MODES["print"]) as opened:
        link = opened.page.locator(".contact-ways a[href^=https]")
        after = link.evaluate("it => getComputedStyle(it, '::after').content")
        assert "https://www.thursdaytable.example.org/" in after


def test_text_on_paper_is_large_and_dark_on_white(reader: Reader) -> None:
    with reader.reading(STATES["plan"], MODES["print"]) as opened:
        look = opened.page.evaluate(
            "() => { const style = getComputedStyle(document.body);"
            " return [parseFloat(style.fontSize), style.color, style.backgroundColor]; }"
        )
        assert look[0] >= 17  # 13 points
        assert look[1:] == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        assert browser.clipped_text(opened.page) == []
