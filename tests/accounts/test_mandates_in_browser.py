"""In a real browser: what ends in one ends in the other with the next click, and every page as people read it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.accounts import supported
from portal.accounts.models import Asking, User
from portal.db import db
from tests import browser, make
from tests.accounts import mandating, people
from tests.accounts.mandating import account, terms
from tests.accounts.people import PASSWORD
from tests.browser import MODES, Open

pytestmark = pytest.mark.browser
LOOKED_AT = [MODES[name] for name in ("ordinary", "320 px", "right to left")]


@pytest.fixture
def base_url(site: Flask) -> Iterator[str]:
    """A site of this test's own, served."""
    with browser.serving(site) as url:
        yield url


def sign_in(page: Page, user: User) -> None:
    """They sign in by hand, with a second factor that they have from now on."""
    email, secret = user.email, people.authenticator(user)
    db.session.rollback()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code").fill(people.code(secret))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/account/**")


@pytest.mark.parametrize("mode", ["ordinary", "no script"])
def test_ended_in_one_browser_refuses_the_next_click_in_another(opened: Open, mode: str) -> None:
    mandating.active(mandating.mavis(), account("derek"))
    of_derek, of_mavis = opened("/", MODES[mode]), opened("/", MODES[mode])
    sign_in(of_derek, account("derek"))
    sign_in(of_mavis, account("mavis"))
    of_derek.goto("/account/people/")
    of_derek.get_by_role("link", name="Act for Mavis").click()
    expect(of_derek.get_by_role("heading", name="What Mavis has here")).to_be_visible()
    expect(of_derek.locator("[data-acting]")).to_contain_text("Acting for Mavis")
    address = of_derek.url
    of_derek.goto("/account/people/")
    of_mavis.goto("/account/people/")
    of_mavis.get_by_role("link", name="End this for Derek").click()
    of_mavis.get_by_role("button", name="End it now").click()
    expect(of_mavis.locator("main")).to_contain_text("Ended what Derek may do, at once.")
    of_derek.get_by_role("link", name="Act for Mavis").click()  # the page before him is an old one
    expect(of_derek.get_by_role("heading", name="We cannot find that page")).to_be_visible()
    assert "mavis@example.org" not in of_derek.content()
    of_derek.goto(address)
    expect(of_derek.get_by_role("heading", name="We cannot find that page")).to_be_visible()


def _looked_at(page: Page, paths: list[str]) -> list[str]:
    """What is wrong with any of these pages, in any of the ways of reading."""
    found = []
    for path in paths:
        browser.show(page, path)
        lines = browser.axe(page) + browser.heading_problems(page) + browser.repeated_names(page)
        for mode in LOOKED_AT:
            page.set_viewport_size(mode.settings.get("viewport", {"width": 1280, "height": 900}))
            browser.show(page, path, mode)
            lines += [f"{mode.name}: {line}" for line in browser.layout_problems(page)]
        found += [f"{path}: {line}" for line in lines]
    return found


def test_the_pages_can_be_read_by_everybody(opened: Open) -> None:
    mavis, derek = mandating.mavis(), account("derek", name="Derek Featherstonehaugh-Cholmondeley")
    limits = terms(payment_limit_pence=25_000, month_limit_pence=100_000)
    held, asked = mandating.active(mavis, derek, limits), mandating.asked(mavis, account("asha"))
    granted = mandating.granted(mandating.person("Harold"), derek)
    wanted = Asking(
        council_id=make.council().id, asked_by=derek, asked_at=make.NOW, person_name="Mavis",
        about="My mother", basis="lpa", scope="view",
    )  # fmt: skip
    db.session.add(wanted)
    db.session.commit()
    person, mandates = (
        f"/care/people/{mavis.id}",
        [f"/care/people/mandates/{one.id}" for one in (held, asked, granted)],
    )
    of_officer = [
        "/care/people/",
        "/care/people/add",
        person,
        f"{person}/correct",
        f"{person}/join",
        f"{person}/ask",
    ]
    by = mandating.by(mandating.officer())
    joining = supported.ask_join(mandating.person("Priya"), "p@example.org", "Seen", by=by, now=make.NOW)
    db.session.commit()
    of_officer += [*mandates, f"{mandates[0]}/change", f"/care/people/askings/{wanted.id}"]
    of_officer += [f"/care/people/joinings/{joining.id}"]
    end, hers = f"/account/people/mandates/{held.id}/end", f"/account/people/{mavis.id}"
    own = ["/account/people/", "/account/people/ask", "/account/people/ask-to-act", hers, end]
    found = []
    for user, paths in (
        (account("ada", roles=("administrator",)), of_officer),
        (account("mavis"), own),
        (derek, ["/account/people/", hers, end]),
    ):
        page = opened("/")
        sign_in(page, user)
        found += _looked_at(page, paths)
    assert found == []


def test_a_form_that_is_refused_leads_to_what_is_wrong(opened: Open) -> None:
    mandating.mavis()
    page = opened("/")
    sign_in(page, account("mavis"))
    page.goto("/account/people/ask")
    page.get_by_role("button", name="Ask the council").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error: ")
    assert browser.axe(page) == []
