"""The pages of freshness and of what the public tells, as a browser shows them: axe, layout, valid HTML."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.db import db
from portal.directory import reminding, voices
from portal.directory.models import SearchTally
from tests import browser as b
from tests import html_valid, make
from tests.accounts import people

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Site:
    """A page on a site where there is something on every desk, signed in as Ed."""

    page: Page
    address: str
    letter: str
    service: str
    voice: str


@pytest.fixture
def desk(site: Flask, page: Page) -> Iterator[Site]:
    """Everything is there."""
    with b.serving(site) as address:
        table = make.service("Thursday Table", email="table@example.org", review_due_on=make.NOW.date())
        make.service("Memory café", email="table@example.org", review_due_on=make.NOW.date())
        make.saved()
        reminding.look_after(make.council(), make.NOW.date(), make.NOW)
        said = voices.Said("feedback", "He shouts at her. " * 20, service=table, name="Mavis")
        voice = voices.tell(make.council(), said, None, "", make.NOW)
        db.session.add(
            SearchTally(
                council_id=make.council().id,
                on=make.NOW.date(),
                words="falconry",
                searched=9,
                found_nothing=9,
            )
        )
        ed = people.user("ed", roles=("editor",))
        secret = people.authenticator(ed)
        token = people.mails("table@example.org")[0].text.split("/still-right/")[1].split()[0]
        facts = (address, f"/still-right/{token}", str(table.id), str(voice.id))
        db.session.rollback()
        page.goto(f"{address}/sign-in")
        page.get_by_label("E-mail address").fill("ed@example.org")
        page.get_by_label("Password", exact=True).fill(people.PASSWORD)
        page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
        page.locator("#code").fill(people.code(secret))
        page.locator("main").get_by_role("button").first.click()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        yield Site(page, *facts)


def test_every_page_is_for_everybody(desk: Site) -> None:
    page, service, letter = desk.page, desk.service, desk.letter
    problems: dict[str, list[str]] = {}
    for path in (
        f"/services/{service}/feedback",
        f"/services/{service}/report",
        f"/services/{service}",
        "/suggest",
        "/thank-you?ring=now",
        "/thank-you",
        letter,
        f"{letter}/{service}/changed",
        f"{letter}/{service}/stopped",
        "/still-right/nothing",
        "/editor/freshness/?stage=due",
        "/editor/freshness/rules",
        "/editor/voices/",
        f"/editor/voices/{desk.voice}",
        "/editor/figures/",
    ):
        page.goto(desk.address + path)
        b.settle(page)
        found = b.axe(page) + b.layout_problems(page) + html_valid.validate(page.request.get(page.url).text())
        page.set_viewport_size({"width": 320, "height": 800})
        found += b.sideways_scroll(page)
        page.set_viewport_size({"width": 1280, "height": 800})
        if found:
            problems[path.replace(letter, "/still-right/…")] = found
    assert problems == {}


def test_a_mistake_in_a_form_is_told_where_it_is(desk: Site) -> None:
    page = desk.page
    page.goto(f"{desk.address}/services/{desk.service}/report")
    page.get_by_role("button", name="Send it to the council").click()
    expect(page).to_have_title("Error: Something is wrong here: Thursday Table – Fernshire Living Well")
    assert b.axe(page) == []
    page.get_by_role("link", name="Type what is right, as far as you know").click()
    expect(page.locator("#words")).to_be_focused()
