"""After "Finish and clear" on a shared computer, nobody who sits down next sees the plan: not even by Back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import machine
from tests.browser import FLAGS
from tests.pages.reader import Reader
from tests.pages.states import STATES, leave

pytestmark = pytest.mark.browser

CLUB = "Thursday Table at St Anne’s"


@pytest.fixture(scope="module")
def remembering(browser: Browser) -> Iterator[Browser]:
    """A Chromium that keeps whole pages for Back, as people's do; Playwright's own does not."""
    chromium = browser.browser_type.launch(
        executable_path=machine.chromium(),
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield chromium
    chromium.close()


def _kept(page: Page) -> dict[str, int]:
    """How many things the browser keeps for the site in its own stores."""
    counts: dict[str, int] = page.evaluate(
        "async () => ({local: localStorage.length, session: sessionStorage.length,"
        " databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length})"
    )
    return counts


@pytest.mark.parametrize("left_from", ["plan", "service, everything", "find, words and place"])
def test_back_shows_nothing_of_the_plan(reader: Reader, remembering: Browser, left_from: str) -> None:
    state = STATES["plan"]
    with Reader(remembering, reader.sites, reader.made).context(state) as context:
        page = context.new_page()
        page.goto("/plan", wait_until="load")
        expect(page.get_by_role("heading", level=1)).to_have_text("Your plan has 4 things on it")
        if left_from != "plan":
            page.goto(reader.address(STATES[left_from]), wait_until="load")
            expect(page.get_by_text("On your plan").first).to_be_visible()
        leave(page)
        assert context.cookies() == [] or all(cookie["value"] != "" for cookie in context.cookies())
        for _ in range(2 if left_from != "plan" else 1):
            page.go_back(wait_until="load")
            expect(page.locator("[data-plan-count]")).to_have_count(0)
            expect(page.get_by_text("On your plan")).to_have_count(0)
        expect(page.get_by_role("heading", level=1)).to_have_text("Your plan is empty so far")
        assert CLUB not in page.content()


def test_the_page_that_comes_back_was_really_kept_by_the_browser(
    remembering: Browser, reader: Reader
) -> None:
    """Else the test above would prove nothing: a public page does come back as it was, before it asks anew."""
    with Reader(remembering, reader.sites, reader.made).context(STATES["home"]) as context:
        context.add_init_script(
            "addEventListener('pageshow', e => { if (e.persisted) console.log('persisted'); });"
        )
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto("/privacy", wait_until="load")
        page.goto("/cookies", wait_until="load")
        page.go_back(wait_until="commit")
        page.wait_for_timeout(500)
        assert said == ["persisted"]


def test_nothing_is_kept_in_the_browsers_stores(reader: Reader) -> None:
    with reader.reading(STATES["find, after a swap"]) as opened:
        page = opened.page
        page.get_by_role("button", name="to my plan").first.click()
        page.get_by_text("is on your plan").wait_for()
        page.go_back()
        assert set(_kept(page).values()) == {0}
