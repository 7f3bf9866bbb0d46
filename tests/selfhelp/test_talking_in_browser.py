"""In a real browser: a conversation by keyboard alone, with script and without; and with a line that comes and goes."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from portal.db import db
from portal.selfhelp.models import Talk
from tests import browser, make
from tests.browser import MODES, Open
from tests.selfhelp.talking import publish

pytestmark = pytest.mark.browser


@pytest.fixture
def base_url(site: Flask) -> Iterator[str]:
    """A site of this test's own with a small conversation and what it leads to, served."""
    make.saved(
        make.service("Rails and Steps", terms=("adaptations",)),
        make.service("Spade Club", terms=("gardening-clubs",)),
    )
    publish()
    db.session.rollback()
    with browser.serving(site) as url:
        yield url


def tab_to(page: Page, selector: str) -> None:
    """The keyboard goes on from where it is, until it is there."""
    target = page.locator(selector).first
    for _ in range(browser.MOST_TAB_STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab never came to {selector}")


def go_on(page: Page) -> None:
    """The button of the form is pressed by the keyboard."""
    tab_to(page, "main form.talk button")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")


def choose(page: Page, selector: str) -> None:
    """It is chosen by the keyboard."""
    tab_to(page, selector)
    page.keyboard.press("Space")


def what_is_kept() -> list[dict[str, object]]:
    """The answers of every talk in the database."""
    db.session.rollback()
    found = [talk.said["answers"] for talk in db.session.scalars(sa.select(Talk))]
    db.session.rollback()
    return found


@pytest.mark.parametrize("mode", ["ordinary", "no script"])
def test_by_keyboard_alone_to_what_may_help_and_onto_the_plan(opened: Open, mode: str) -> None:
    page = opened("/self-help/small", MODES[mode])
    choose(page, "input[name=whom][value=me]")
    tab_to(page, "main form.narrow-form button")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Leave this page now")).to_be_visible()
    choose(page, "[name=q-danger]")
    go_on(page)
    choose(page, "[name=q-stairs]")
    page.keyboard.press("ArrowDown")
    choose(page, "[name=q-enjoy][value=garden]")
    go_on(page)
    go_on(page)
    tab_to(page, "[name=q-postcode]")
    page.keyboard.type("m33 7zf")
    go_on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what you said")
    tab_to(page, "main form[action$='/finish'] button")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("About the stairs, you said: “The stairs are hard”.")
    tab_to(page, "main form[action$='/plan'] button >> text=Add all of this")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Rails and Steps")
    expect(page.locator("main")).to_contain_text("Spade Club")
    assert what_is_kept() == [
        {"danger": "safe", "stairs": "hard", "enjoy": ["garden"], "postcode": "M33 7ZF"}
    ]


def begin(page: Page) -> None:
    """To the first page of questions."""
    page.locator("input[name=whom][value=me]").check()
    with page.expect_navigation(wait_until="load"):
        page.locator("main form.narrow-form button").click()


def test_a_page_saves_itself_and_says_so_when_it_cannot(opened: Open) -> None:
    page = opened("/self-help/small")
    begin(page)
    page.locator("[name=q-danger][value=safe]").check()
    saving = page.locator("[data-saving]")
    expect(saving).to_have_text("Saved")
    assert what_is_kept() == [{"danger": "safe"}]
    page.context.set_offline(True)
    page.locator("[name=q-danger][value=hurt]").check()
    expect(saving).to_contain_text("Not saved yet.")
    page.locator("main form.talk button").click()
    expect(saving).to_contain_text("There is no connection just now")
    expect(page.locator("[name=q-danger][value=hurt]")).to_be_checked()
    page.context.set_offline(False)
    expect(saving).to_have_text("Saved")
    assert what_is_kept() == [{"danger": "hurt"}]
    with page.expect_navigation(wait_until="load"):
        page.locator("main form.talk button").click()
    expect(page).to_have_title("Page 2 – A small conversation – Fernshire Living Well")


def test_none_of_these_takes_the_others_back_and_they_take_it_back(opened: Open) -> None:
    page = opened("/self-help/small")
    begin(page)
    with page.expect_navigation(wait_until="load"):
        page.locator("main form.talk button").click()
    garden, none = (page.locator(f"[name=q-enjoy][value={value}]") for value in ("garden", "none"))
    garden.check()
    none.check()
    expect(garden).not_to_be_checked()
    garden.check()
    expect(none).not_to_be_checked()


def test_after_leaving_back_shows_nothing_of_what_was_said(opened: Open) -> None:
    page = opened("/self-help/small")
    begin(page)
    page.locator("[name=q-danger][value=hurt]").check()
    with page.expect_navigation(wait_until="load"):
        page.locator("main form.talk button").click()
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name="Leave this page now").click()
    assert what_is_kept() == []
    page.go_back()
    page.wait_for_load_state("load")
    assert page.locator("[name=q-danger][value=hurt]:checked").count() == 0
    expect(page.locator("main")).not_to_contain_text("In danger")
