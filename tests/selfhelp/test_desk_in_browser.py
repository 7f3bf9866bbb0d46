"""In a real browser, with script and without: an editor who knows no YAML changes a question until it is public."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.db import db
from portal.editorial import queries
from tests import browser
from tests.accounts import people
from tests.accounts.people import PASSWORD
from tests.browser import MODES, Open
from tests.selfhelp.desking import published

pytestmark = pytest.mark.browser


@pytest.fixture
def base_url(site: Flask) -> Iterator[str]:
    """A site of this test's own, served."""
    with browser.serving(site) as url:
        yield url


@pytest.mark.parametrize("mode", ["ordinary", "no script"])
def test_an_editor_changes_a_question_and_a_visitor_in_the_middle_is_asked_only_that_again(
    site: Flask, opened: Open, mode: str
) -> None:
    document_id = published().id
    secret = people.authenticator(people.user("ed", roles=("editor",)))
    db.session.rollback()
    visitor = opened("/self-help/small", MODES[mode])
    _begins(visitor)

    ed = opened("/sign-in", MODES[mode])
    _signs_in(ed, secret)
    _finds_the_question(ed)
    _empties_the_words_about_somebody_else(ed)
    _cannot_publish(ed)
    _mends_and_publishes(ed)

    visitor.goto("/self-help/small/on")
    main = visitor.locator("main")
    expect(main).to_contain_text("We only ask you 1 question again")
    expect(main).to_contain_text("Are the stairs hard for you?")
    visitor.get_by_label("Hard or shaky").check()
    visitor.get_by_role("button", name="Continue").click()
    expect(main).not_to_contain_text("We only ask you")
    public = queries.public(document_id)
    assert public
    assert "ask: Are the stairs hard for you?" in public.body


def _begins(page: Page) -> None:
    """Somebody begins, answers the first question, and is at the next."""
    page.get_by_label("Me", exact=True).or_(page.get_by_label("Myself")).first.check()
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Stairs are no trouble").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main")).to_contain_text("How often do you feel lonely?")


def _signs_in(page: Page, secret: str) -> None:
    page.get_by_label("E-mail address").fill("ed@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_label("Code").fill(people.code(secret))
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/**")


def _finds_the_question(page: Page) -> None:
    page.goto("/editor/")
    page.locator("main").get_by_role("link", name="Conversations", exact=True).click()
    page.locator("main").get_by_role("link", name="A small conversation").click()
    page.get_by_role("link", name="How do you find the stairs?", exact=True).click()
    expect(page.locator("main")).to_contain_text("All is well.")


def _empties_the_words_about_somebody_else(page: Page) -> None:
    page.get_by_label("What is asked", exact=True).fill("Are the stairs hard for you?")
    page.get_by_label("The same about somebody else").fill("")
    page.locator("main").get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Are the stairs hard for you?")
    expect(page.locator(".panel.warn .found")).to_contain_text("Must be mended")


def _cannot_publish(page: Page) -> None:
    page.get_by_role("link", name="Back to the whole conversation").click()
    expect(page.locator("#question-stairs .found")).to_contain_text("Must be mended")
    page.get_by_role("button", name="Publish it now").click()
    expect(page.get_by_role("alert")).to_contain_text("This cannot be published yet")


def _mends_and_publishes(page: Page) -> None:
    page.get_by_role("link", name="Are the stairs hard for you?", exact=True).click()
    page.get_by_label("The same about somebody else").fill("Are the stairs hard for {name}?")
    page.locator("main").get_by_role("button", name="Save the draft").click()
    expect(page.locator("main")).to_contain_text("All is well.")
    page.get_by_role("link", name="See the page about somebody else").click()
    expect(page.locator(".previewed")).to_contain_text("Are the stairs hard for Sam?")
    page.get_by_role("link", name="Back to the whole conversation").click()
    page.get_by_role("button", name="Publish it now").click()
    expect(page.locator("main")).not_to_contain_text("Publish it now")
