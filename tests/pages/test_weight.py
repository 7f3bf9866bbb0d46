"""What a page costs somebody on a slow line: bytes and requests, never seconds.

The budget, compressed: HTML 30 kB at most, and 14 where it can be (what fits into a server's first answer); style
20; script 30; all in all 75 in at most 6 requests on the first visit, and 15 on the next.
"""

import gzip
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

from portal import pages
from tests.pages.reader import Reader
from tests.pages.states import STATES

KB = 1000
# Pages that show many listings, or every filter there is, or a house with all its rooms drawn.
LONG = (
    "equipment house",
    "conversation/text",
    "find",
    "map",
    "plan",
    "organisation",
    "browse",
    "error, in answer",
)


@dataclass
class Carried:
    """What went over the line for a page, headers included, by kind."""

    bytes: Counter[str] = field(default_factory=Counter)
    requests: int = 0

    @property
    def total(self) -> int:
        """All bytes."""
        return self.bytes.total()


def carried(page: Page, path: str) -> Carried:
    """What it takes to open a path. What the browser has kept already costs nothing."""
    found, kinds = Carried(), dict[str, str]()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")

    def came(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def ended(event: dict[str, Any]) -> None:
        if event["encodedDataLength"]:  # from the browser's own store come none
            found.bytes[kinds.get(event["requestId"], "Other")] += event["encodedDataLength"]
            found.requests += 1

    devtools.on("Network.responseReceived", came)
    devtools.on("Network.loadingFinished", ended)
    page.goto(path, wait_until="networkidle")
    devtools.detach()
    return found


def test_the_html_of_every_page_is_light(reader: Reader) -> None:
    heavy = {}
    for name, state in STATES.items():
        if state.then is None:
            size = len(gzip.compress(reader.ask(state).data, 6))
            if size > (30 * KB if name.startswith(LONG) else 14 * KB):
                heavy[name] = size
    assert heavy == {}


def test_style_and_script_are_light() -> None:
    manifest = pages._manifest(0)
    for name, most in {"site.css": 20 * KB, "site.js": 30 * KB}.items():
        assert (pages.STATIC / "vendor" / f"{manifest[name]}.gz").stat().st_size <= most


@pytest.mark.browser
@pytest.mark.parametrize(
    "name", ["home", "find, at Saltmarsh", "map, nothing to pin", "service, everything", "browse", "plan"]
)
def test_the_first_visit_and_the_next_stay_within_the_budget(reader: Reader, name: str) -> None:
    state = STATES[name]
    with reader.context(state) as context:
        page = context.new_page()
        first = carried(page, reader.address(state))
        assert first.requests <= 6, first
        assert first.total <= 75 * KB, first
        second = carried(page, "/services/{closed}".format_map(reader.made))
        assert second.requests <= 2, second
        assert second.total <= 15 * KB, second


@pytest.mark.browser
def test_letters_of_another_script_cost_one_more_font_and_only_where_they_are(reader: Reader) -> None:
    sizes = {}
    for name in ("service, urdu", "service, bare"):
        with reader.context(STATES[name]) as context:
            sizes[name] = carried(context.new_page(), reader.address(STATES[name]))
    assert sizes["service, urdu"].requests == sizes["service, bare"].requests + 1
    assert sizes["service, bare"].bytes["Font"] < 17 * KB
    assert sizes["service, urdu"].bytes["Font"] < 42 * KB
