"""In a real browser: passkeys, what Back shows, the warning before time runs out, and every page as people read it."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal import clock
from portal.accounts import factors, granting
from portal.accounts.models import User
from portal.db import db
from tests import browser, make
from tests.accounts import people
from tests.accounts.people import PASSWORD
from tests.browser import MODES, Mode, Open
from tests.html_valid import validate

pytestmark = pytest.mark.browser


@pytest.fixture
def base_url(site: Flask) -> Iterator[str]:
    """A site of this test's own, served."""
    with browser.serving(site) as url:
        yield url


def sign_in(page: Page, user: User, secret: str = "") -> None:
    """They sign in by hand."""
    email = user.email
    db.session.rollback()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    if secret:
        page.get_by_label("Code").fill(people.code(secret))
        page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/account/**")


def test_a_passkey_is_made_signs_in_and_proves(opened: Open) -> None:
    mavis = people.user("mavis")
    page = opened("/")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    kind = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = {**kind, "isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, mavis)
    page.goto("/account/factors/passkey")
    page.get_by_label("What will you call it?").fill("my laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="my laptop")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/sign-in?next=/account/factors/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="my laptop")).to_be_visible()
    assert [s.how for s in people.sign_ins(mavis)] == ["password", "passkey"]
    people.sign_ins(mavis)[1].proved_at = make.NOW
    db.session.commit()
    page.goto("/account/email")
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", name="Change your e-mail address")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("mavis@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use my passkey").click()  # as the second step
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def _sign_out(page: Page, _user: User) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()


def _exit(page: Page, _user: User) -> None:
    page.get_by_role("button", name="Finish and clear").click()
    expect(page.get_by_role("heading", name="All clear")).to_be_visible()


def _run_out(page: Page, user: User) -> None:
    for one in people.sign_ins(user):
        one.ends_at = clock.now()
    db.session.commit()
    page.get_by_role("link", name="Look through everything").click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()


def _ended_elsewhere(page: Page, user: User) -> None:
    for one in people.sign_ins(user):
        one.ended_at = clock.now()
    db.session.commit()
    page.get_by_role("link", name="Look through everything").click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()


@pytest.mark.parametrize("mode", ["ordinary", "no script"])
@pytest.mark.parametrize("leave", [_sign_out, _exit, _run_out, _ended_elsewhere])
def test_back_shows_nothing_private(opened: Open, leave: Callable[[Page, User], None], mode: str) -> None:
    mavis = people.user("mavis", name="Mavis Braithwaite")
    page = opened("/", MODES[mode])
    sign_in(page, mavis)
    seen = ["/account/", "/account/computers", "/account/name", "/browse"]
    for path in seen:
        page.goto(path)
        expect(page.get_by_role("link", name="Mavis Braithwaite")).to_be_visible()
    leave(page, mavis)
    for _ in seen:
        page.go_back(wait_until="load")
        expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
        assert "Mavis" not in page.content(), page.url
        assert "mavis@example.org" not in page.content(), page.url


def test_a_warning_comes_before_time_runs_out_and_one_press_puts_it_off(opened: Open) -> None:
    mavis = people.user("mavis")
    page = opened("/")
    page.clock.install()
    sign_in(page, mavis)
    warning = page.get_by_role("alert")
    page.clock.run_for("27:00")
    expect(warning).to_be_hidden()
    page.clock.run_for("01:30")
    expect(warning).to_contain_text("You will be signed out in less than two minutes.")
    assert browser.axe(page) == []
    page.get_by_role("button", name="Stay signed in").click()
    expect(warning).to_be_hidden()
    page.clock.run_for("05:00")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    page.clock.run_for("26:00")
    page.wait_for_url(re.compile(r"/account/|/sign-in"))


def test_a_password_can_be_shown_and_pasted(opened: Open) -> None:
    page = opened("/sign-in")
    box = page.get_by_label("Password", exact=True)
    assert box.get_attribute("autocomplete") == "current-password"
    box.fill("sixteen lunch")
    page.get_by_role("button", name="Show password").click()
    assert box.get_attribute("type") == "text"


def test_sign_in_goes_by_keyboard_alone(opened: Open) -> None:
    people.user("mavis")
    db.session.rollback()
    page = opened("/sign-in")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type("mavis@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/")


VISITORS = (
    "/sign-in",
    "/register",
    "/register/provider",
    "/forgotten",
    "/this-computer",
    "/look-in-your-mail",
    "/links/gone",
)
OWN = (
    "/account/", "/account/name", "/account/email", "/account/email/sent", "/account/password", "/account/computers",
    "/account/stay", "/account/prove", "/account/factors/", "/account/factors/authenticator",
    "/account/factors/printed", "/account/factors/passkey", "/admin/people/", "/admin/people/invite",
    "/admin/people/recover", "/provider/people/", "/provider/people/invite",
)  # fmt: skip
LOOKED_AT = [MODES[name] for name in ("ordinary", "320 px", "right to left")]


def looked_at(page: Page) -> list[str]:
    """What is wrong with the page that is open."""
    return browser.axe(page) + browser.heading_problems(page) + browser.repeated_names(page)


def laid_out(page: Page, path: str, mode: Mode) -> list[str]:
    """What is wrong with how a page is laid out in a mode."""
    page.set_viewport_size(mode.settings.get("viewport", {"width": 1280, "height": 900}))
    browser.show(page, path, mode)
    return browser.layout_problems(page)


def test_the_pages_for_visitors_can_be_read_by_everybody(opened: Open) -> None:
    page = opened("/")
    problems = {}
    for path in VISITORS:
        browser.show(page, path)
        found = looked_at(page)
        for mode in LOOKED_AT:
            found += [f"{mode.name}: {line}" for line in laid_out(page, path, mode)]
        problems[path] = found
    assert [f"{path}: {line}" for path, found in problems.items() for line in found] == []


def test_a_persons_own_pages_can_be_read_by_everybody(opened: Open) -> None:
    ada = people.user("ada", roles=("administrator",), name="Ada Featherstonehaugh-Cholmondeley")
    people.user("ed", roles=("editor", "navigator"), state="invited")
    owned = people.organisation()
    granting.take_in(ada, owned, "owner", by=people.NOBODY, now=make.NOW)
    factors.print_codes(ada.id, make.NOW)
    secret = people.authenticator(ada)
    page = opened("/")
    sign_in(page, ada, secret)
    problems = {}
    for path in OWN:
        browser.show(page, path)
        found = looked_at(page)
        for mode in LOOKED_AT:
            found += [f"{mode.name}: {line}" for line in laid_out(page, path, mode)]
        problems[path] = found
    assert [f"{path}: {line}" for path, found in problems.items() for line in found] == []


def test_their_html_is_valid(site: Flask) -> None:
    ada, _ada = people.somebody(site, "ada", roles=("administrator",))
    stranger = people.Browser(site)
    pages = [(stranger, path) for path in VISITORS] + [(ada, path) for path in OWN if "provider" not in path]
    found = {path: validate(reader.get(path).text) for reader, path in pages}
    assert [f"{path}: {line}" for path, lines in found.items() for line in lines] == []


def test_forms_that_are_refused_can_be_read_by_everybody(opened: Open) -> None:
    page = opened("/register")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error: ")
    assert looked_at(page) == []
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill("mavis@example.org")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    assert looked_at(page) == []


def test_the_sheet_of_codes_prints_and_can_be_read(opened: Open) -> None:
    page = opened("/")
    sign_in(page, people.user("mavis"))
    page.goto("/account/factors/printed")
    page.get_by_role("button", name="Make a new sheet").click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert looked_at(page) == []
    page.emulate_media(media="print")
    expect(page.locator(".codes")).to_be_visible()
    expect(page.get_by_role("button", name="I have the codes")).to_be_hidden()
