"""The map: numbered pins that are links to the results beside it, by mouse and by keyboard, with script and without."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import MODES
from tests.pages.hands import Keyboard
from tests.pages.reader import Reader
from tests.pages.states import STATES

pytestmark = pytest.mark.browser

MAP = STATES["map"]


def result_of(page: Page, pin: Locator) -> Locator:
    """The result that a pin leads to."""
    return page.locator(str(pin.get_attribute("href")))


def test_each_pin_has_the_number_and_the_name_of_its_result(reader: Reader) -> None:
    with reader.reading(MAP) as opened:
        pins = opened.page.locator("a.map-pin")
        assert pins.count() > 10
        for at in range(pins.count()):
            result = result_of(opened.page, pins.nth(at))
            number = result.locator(".number").inner_text()
            name = result.locator("h2 a").inner_text()
            assert pins.nth(at).get_attribute("aria-label") == f"{number}: {name}"


def test_a_pin_leads_to_its_result_by_keyboard_and_reading_goes_on_there(reader: Reader) -> None:
    with reader.reading(MAP, MODES["320 px"]) as opened:
        page = opened.page
        pin = page.locator("a.map-pin").nth(4)
        Keyboard(page).press(pin)
        result = result_of(page, pin)
        expect(result.locator("h2 a")).to_be_focused()
        expect(result.locator("h2 a")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert "/services/" in page.url


def test_a_pin_leads_to_its_result_without_script(reader: Reader) -> None:
    with reader.reading(MAP, MODES["no script"]) as opened:
        pin = opened.page.locator("a.map-pin").last
        pin.click()
        expect(result_of(opened.page, pin)).to_be_in_viewport()


def test_pins_do_not_lie_on_each_other(reader: Reader) -> None:
    """At the narrowest: 24 px from middle to middle at the least (WCAG 2.5.8)."""
    with reader.reading(MAP, MODES["320 px"]) as opened:
        middles = opened.page.locator("a.map-pin circle").evaluate_all(
            "all => all.map(one => { const box = one.getBoundingClientRect(); "
            "return [box.x + box.width / 2, box.y + box.height / 2]; })"
        )
        for at, (x, y) in enumerate(middles):
            for other_x, other_y in middles[:at]:
                assert ((x - other_x) ** 2 + (y - other_y) ** 2) ** 0.5 >= 24
