"""Mavis finds a lunch club, narrows what she found, keeps one, prints her plan and leaves: however she gets about.

Whatever the way, her session and the database end the same.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route, expect

from portal import clock
from portal.db import db
from portal.directory import tallies
from portal.directory.models import OpenedTally, SearchTally
from tests.browser import MODES, Mode
from tests.pages.hands import Hand, Keyboard, Mouse
from tests.pages.reader import Reader, Site
from tests.pages.states import STATES

pytestmark = pytest.mark.browser

CLUB = "Thursday Table at St Anne’s"


@dataclass(frozen=True)
class Way:
    """A way of getting about. blocked: what never arrives, by the kind of request."""

    mode: Mode = MODES["ordinary"]
    hand: type[Hand] = Mouse
    blocked: frozenset[str] = field(default_factory=frozenset)

    @property
    def has_script(self) -> bool:
        """Whether the site's own script runs."""
        return self.mode is not MODES["no script"] and "script" not in self.blocked


WAYS = {
    "with a mouse": Way(),
    "by keyboard": Way(hand=Keyboard),
    "without script": Way(MODES["no script"]),
    "without script, by keyboard": Way(MODES["no script"], Keyboard),
    "the script does not arrive": Way(blocked=frozenset({"script"})),
    "swaps do not arrive": Way(blocked=frozenset({"xhr", "fetch"})),
    "on a small telephone": Way(MODES["320 px"]),
    "on a small telephone, by keyboard": Way(MODES["320 px"], Keyboard),
}


def _sift(way: Way, route: Route) -> None:
    if route.request.resource_type in way.blocked:
        route.abort()
    else:
        route.continue_()


@contextmanager
def setting_out(reader: Reader, way: Way) -> Iterator[tuple[BrowserContext, Page]]:
    """A visitor who comes for the first time, on the home page."""
    with reader.context(STATES["home"], way.mode) as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.route("**/*", lambda route: _sift(way, route))
        page.goto("/", wait_until="load")
        yield context, page


def session(site: Site, context: BrowserContext) -> dict[str, Any]:
    """What the visitor's session cookie holds, save what Flask's extensions keep there for themselves."""
    cookie = next((c["value"] for c in context.cookies() if c["name"] == "session"), "")
    signer = site.app.session_interface.get_signing_serializer(site.app)  # type: ignore[attr-defined]  # Flask's own has it
    held = signer.loads(cookie) if cookie else {}
    return {key: value for key, value in held.items() if key != "csrf_token" and not key.startswith("_")}


def counted(app: Flask) -> Counter[str]:
    """What the database has counted until now: searches by their words, listings by how often they were opened."""
    with app.app_context():
        tallies.add_up(clock.now())
        found: Counter[str] = Counter()
        for words, times in db.session.execute(sa.select(SearchTally.words, SearchTally.searched)):
            found[f"searched for {words}"] += times
        for service, times in db.session.execute(sa.select(OpenedTally.service_id, OpenedTally.opened)):
            found[f"opened {service}"] += times
        db.session.remove()
    return found


# The steps


def search(page: Page, hand: Hand, words: str, place: str) -> None:
    """What she looks for, and where."""
    hand.write(page.get_by_label("What are you looking for?"), words)
    hand.write(page.get_by_label("Postcode or town"), place)
    hand.press(page.get_by_role("search").get_by_role("button", name="Find help"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"results for “{words}” near {place}")


def narrow(page: Page, hand: Hand, day: str) -> None:
    """Only what is open on that day."""
    page.wait_for_load_state("load")  # a script may still open the filters
    before = int(page.locator("[data-total]").get_attribute("data-total") or 0)
    fold = page.locator(".narrow-fold > summary")
    if fold.is_visible():
        hand.press(fold)
    hand.tick(page.get_by_role("checkbox", name=day))
    hand.press(page.get_by_role("button", name="Update results"))
    expect(page.get_by_role("list", name="What you have chosen")).to_contain_text(day)
    assert 0 < int(page.locator("[data-total]").get_attribute("data-total") or 0) < before
    assert "day=thu" in page.url


def keep(page: Page, hand: Hand, name: str) -> None:
    """The listing is opened from the results, and put on the plan."""
    hand.press(page.locator(".results").get_by_role("link", name=name, exact=True))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    hand.press(page.get_by_role("button", name=f"Add {name} to my plan"))
    expect(page.get_by_text("is on your plan").or_(page.get_by_text("Your plan has 1 thing"))).to_be_visible()


def look_at_plan(page: Page, hand: Hand, name: str) -> None:
    """The plan holds the listing."""
    hand.press(page.get_by_role("navigation", name="Main").get_by_role("link", name="My plan"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your plan has 1 thing on it")
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def read_on_paper(page: Page, way: Way) -> None:
    """The plan as it would be printed: what she needs to go there, and nothing to press."""
    page.wait_for_load_state("load")
    expect(page.get_by_role("button", name="Print this plan")).to_be_visible(visible=way.has_script)
    page.emulate_media(media="print")
    paper = page.locator("main").inner_text()
    for words in (
        "1 Church Road, Sale, M33 7ZF",
        "Tuesdays and Thursdays",
        "£4 including tea",
        "01632 960 001",
    ):
        assert words in paper
    assert page.locator("button:visible, nav:visible, input:visible").count() == 0
    assert page.locator("footer").get_by_text("999").is_visible()
    page.emulate_media(media="null")


def finish(page: Page, hand: Hand) -> None:
    """She leaves, and the page says that all is clear."""
    hand.press(page.get_by_role("button", name="Finish and clear"))
    expect(page.get_by_role("heading", level=1)).to_have_text("All clear")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_mavis_finds_keeps_and_prints_a_lunch_club_and_leaves(reader: Reader, way: Way) -> None:
    site, club = reader.sites["demonstration"], reader.made["hall"]
    before = counted(site.app)
    with setting_out(reader, way) as (context, page):
        hand = way.hand(page)
        search(page, hand, "lunch club", "M33 7ZF")
        narrow(page, hand, "Thursday")
        keep(page, hand, CLUB)
        look_at_plan(page, hand, CLUB)
        read_on_paper(page, way)
        assert session(site, context) == {"place": "M33 7ZF", "shortlist": [re.sub("-", "", club)]}
        finish(page, hand)
        assert session(site, context) == {}
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your plan is empty so far")
        assert CLUB not in page.content()
    assert counted(site.app) - before == {"searched for lunch club": 2, f"opened {club}": 1}
