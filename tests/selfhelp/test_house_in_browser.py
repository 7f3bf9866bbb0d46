"""In a real browser: from the house to who lends a bath board near here, and onto the plan, by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.db import db
from portal.editorial import loading
from tests import browser, make
from tests.browser import MODES, Open
from tests.selfhelp.houses import written_to
from tests.selfhelp.test_house import LATER
from tests.selfhelp.test_talking_in_browser import tab_to

pytestmark = pytest.mark.browser


@pytest.fixture
def base_url(site: Flask, tmp_path: Path) -> Iterator[str]:
    """A site of this test's own with the small house and who lends and sells, served."""
    before = site.config["CONTENT"]
    site.config["CONTENT"] = written_to(tmp_path)
    loading.load(tmp_path, LATER)
    make.saved(
        make.service("Saltmarsh Loans", terms=("equipment-loan",)),
        make.service("Mobility Corner", terms=("equipment-shops",)),
    )
    db.session.commit()
    db.session.rollback()
    with browser.serving(site) as url:
        yield url
    site.config["CONTENT"] = before


def follow(page: Page, selector: str) -> None:
    """The keyboard comes to a link or a button and presses it."""
    tab_to(page, selector)
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")


@pytest.mark.parametrize("mode", ["ordinary", "no script", "320 px", "forced colours"])
@pytest.mark.parametrize("way", ["the picture", "the list"])
def test_from_the_house_to_who_lends_a_bath_board_nearby_and_onto_the_plan(
    opened: Open, mode: str, way: str
) -> None:
    page = opened("/equipment", MODES[mode])
    within = "main svg " if way == "the picture" else "main .rooms "
    follow(page, f"{within}a[href='/equipment/bathroom']")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bathroom")
    follow(page, f"{within}a[href='/equipment/bathroom/at/bath']")
    follow(page, "main a[href='/equipment/bathroom/into-the-bath']")
    expect(page.get_by_role("heading", level=1)).to_have_text("Getting into the bath")
    tab_to(page, "#postcode")
    page.keyboard.type("m33 7zf")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where to get help with it near M33 7ZF")).to_be_visible()
    expect(page.get_by_role("link", name="Saltmarsh Loans")).to_be_visible()
    follow(page, ".kit form.add:has([value='equipment:bath-board']) button")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your plan has 1 thing on it")
    expect(page.locator("main")).to_contain_text("Bath board")


def read_aloud(page: Page) -> list[str]:
    """Role and name of headings and links of the main part, in the order in which a screen reader comes to them."""
    devtools = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in devtools.send("Accessibility.getFullAXTree")["nodes"]}
    devtools.detach()
    told, ahead = [], [next(iter(nodes))]
    while ahead:
        node = nodes[ahead.pop()]
        role = node.get("role", {}).get("value")
        if role in ("heading", "link"):
            told.append(f"{role}: {node.get('name', {}).get('value', '')}")
        ahead += [child for child in reversed(node.get("childIds", ())) if child in nodes]
    return told


def test_a_screen_reader_comes_to_the_list_first_and_to_the_picture_after_it(opened: Open) -> None:
    told = read_aloud(opened("/equipment"))
    told = told[told.index("heading: Which room is hard?") :]
    assert told[:8] == [
        "heading: Which room is hard?",
        "heading: Rooms",
        "link: Bathroom",
        "link: Kitchen",
        "heading: The house as a picture",
        "link: Bathroom",
        "link: Kitchen",
        "heading: What is hard for you?",
    ]


def test_the_thing_itself_can_be_pressed_in_its_middle(opened: Open) -> None:
    page = opened("/equipment/bathroom")
    bath = page.locator("svg a[href$='/bath'] path").bounding_box()
    assert bath is not None
    with page.expect_navigation(wait_until="load"):
        page.mouse.click(bath["x"] + bath["width"] / 2, bath["y"] + bath["height"] / 2)
    expect(page.get_by_role("heading", level=1)).to_have_text("The bath")
