""" "Near me": the position is asked for only on a click, stays out of every address, and is kept only roughly."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser import Mode
from tests.pages.reader import Reader
from tests.pages.states import STATES

pytestmark = pytest.mark.browser

# In Sale, to the metre.
AT = {"latitude": 53.424612, "longitude": -2.318754}
GRANTED = Mode("granted", {"geolocation": AT, "permissions": ["geolocation"]})
REFUSED = Mode("refused", {"permissions": []})
BUTTON = "Search near where I am now"


@contextmanager
def at_home(reader: Reader, mode: Mode) -> Iterator[tuple[Page, list[Request]]]:
    """The home page, and every request that is made from now on."""
    with reader.context(STATES["home"], mode) as context:
        page, asked = context.new_page(), list[Request]()
        page.set_default_timeout(10_000)
        page.on("request", lambda request: asked.append(request))
        page.goto("/", wait_until="networkidle")
        yield page, asked


def sent(asked: list[Request]) -> list[Request]:
    """The requests that bring something to the server."""
    return [request for request in asked if request.method == "POST"]


def test_the_position_is_sent_once_roughly_and_only_when_asked(reader: Reader) -> None:
    with at_home(reader, GRANTED) as (page, asked):
        page.get_by_label("What are you looking for?").fill("lunch club")
        assert sent(asked) == []
        with page.expect_navigation(url=re.compile("/find")):
            page.get_by_role("button", name=BUTTON).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(
            "results for “lunch club” near where you are"
        )
        (post,) = sent(asked)
        form = parse_qs(post.post_data or "")
        assert (form["latitude"], form["longitude"]) == (["53.425"], ["-2.319"])


def test_no_address_ever_holds_the_position(reader: Reader) -> None:
    with at_home(reader, GRANTED) as (page, asked):
        with page.expect_navigation(url=re.compile("/find")):
            page.get_by_role("button", name=BUTTON).click()
        page.get_by_role("link", name="Show on a map").click()
        page.get_by_role("link", name="Sort by distance").click()
        expect(page.locator("[data-metres]").first).to_be_visible()
        assert "near=here" in page.url
        assert [request.url for request in asked if re.search(r"53\.4|2\.31", request.url)] == []
        assert not re.search(r"53\.4|-2\.31", page.content())


def test_refused_nothing_is_sent_and_the_page_says_what_to_do(reader: Reader) -> None:
    with at_home(reader, REFUSED) as (page, asked):
        page.get_by_role("button", name=BUTTON).click()
        expect(page.get_by_role("status")).to_contain_text("Type a postcode or a town instead")
        assert sent(asked) == []
        assert page.url.endswith("/")


def test_the_browser_is_not_asked_before_the_click(reader: Reader) -> None:
    """Seen from inside the page: nothing has called for the position."""
    with reader.context(STATES["home"], GRANTED) as context:
        context.add_init_script(
            "window.askedFor = 0; const real = navigator.geolocation.getCurrentPosition;"
            "Geolocation.prototype.getCurrentPosition = function (...all) { askedFor += 1; real.apply(this, all); };"
        )
        page = context.new_page()
        page.goto("/find?q=lunch", wait_until="networkidle")
        assert page.evaluate("() => window.askedFor") == 0
        click = "() => { document.querySelector('[data-near] button').click(); return window.askedFor; }"
        assert page.evaluate(click) == 1
