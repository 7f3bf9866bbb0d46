"""The pages that stand for all, in what an open page cannot be turned into: without script, and by keyboard."""

import pytest

from tests import browser
from tests.browser import MODES
from tests.pages.problems import assert_nothing
from tests.pages.reader import Reader
from tests.pages.states import MAIN, State

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("state", MAIN.values(), ids=MAIN)
def test_it_can_be_read_without_script(reader: Reader, state: State) -> None:
    with reader.reading(state, MODES["no script"]) as opened:
        assert opened.status == state.status
        for promise in ("[hidden]", "[data-print]", "[data-near]"):
            # What only works with script does not show where there is none.
            assert opened.page.locator(f"{promise}:visible").count() == 0
        assert_nothing(
            {
                "headings": browser.heading_problems(opened.page),
                "layout": browser.layout_problems(opened.page),
                "unseen": opened.unseen(),
            }
        )


@pytest.mark.parametrize("state", MAIN.values(), ids=MAIN)
def test_the_keyboard_reaches_everything_and_shows_where_it_is(reader: Reader, state: State) -> None:
    with reader.reading(state) as opened:
        page = opened.page
        found = {"Tab": browser.focus_problems(page)}
        browser.settle(page, MODES["320 px"])
        found["Shift-Tab at 320 px"] = browser.focus_problems(page, backwards=True)
        found["unseen"] = opened.unseen()
        assert_nothing(found)


# Where something is wrong, the summary has the focus.
RIGHT = {name: state for name, state in MAIN.items() if not state.wrong}


@pytest.mark.parametrize("state", RIGHT.values(), ids=RIGHT)
def test_the_first_stop_leads_past_the_navigation(reader: Reader, state: State) -> None:
    with reader.reading(state) as opened:
        page = opened.page
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("() => document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        within = "() => Boolean(document.activeElement.closest('main, footer'))"
        assert page.evaluate(within)
