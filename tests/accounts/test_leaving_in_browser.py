"""In a Chromium that keeps whole pages for Back, as people's do: nothing private comes back after leaving."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, Page, expect

from portal import clock
from portal.accounts.models import User
from portal.db import db
from tests import browser, machine
from tests.accounts import mandating, people
from tests.accounts.mandating import account
from tests.accounts.people import PASSWORD
from tests.browser import FLAGS

pytestmark = pytest.mark.browser
# Words that are about Derek and the person for whom he acts, and stand on no page for everybody.
PRIVATE = ("Derek", "derek@example.org", "Mavis", "Acting for")


@pytest.fixture
def base_url(site: Flask) -> Iterator[str]:
    """A site of this test's own, served."""
    with browser.serving(site) as url:
        yield url


@pytest.fixture(scope="module")
def remembering(browser: Browser) -> Iterator[Browser]:
    """A Chromium with its memory for whole pages; Playwright's own is without."""
    chromium = browser.browser_type.launch(
        executable_path=machine.chromium(),
        args=FLAGS,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield chromium
    chromium.close()


@pytest.fixture
def page(remembering: Browser, base_url: str) -> Iterator[Page]:
    """A page of that browser, which says on the console when it was shown from memory."""
    context = remembering.new_context(base_url=base_url)
    context.add_init_script(
        "addEventListener('pageshow', e => { if (e.persisted) console.log('persisted'); });"
    )
    yield context.new_page()
    browser.put_down(context)


def sign_in(page: Page, user: User, **more: bool) -> None:
    """They sign in by hand. shared: on a computer that others use, too."""
    email, secret = user.email, people.authenticator(user)
    db.session.rollback()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    if more.get("shared"):
        page.get_by_label("Other people use this computer too").check()
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code").fill(people.code(secret))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/account/**")


def _signs_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()


def _clears(page: Page) -> None:
    page.get_by_role("button", name="Finish and clear").click()
    expect(page.get_by_role("heading", name="All clear")).to_be_visible()


def _runs_out(page: Page) -> None:
    for one in people.sign_ins(people.again("derek@example.org")):
        one.ends_at = clock.now()
    db.session.commit()
    page.get_by_role("link", name="Look through everything").click()
    expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("leave", [_signs_out, _clears, _runs_out])
def test_neither_back_nor_forward_shows_whom_derek_acts_for(
    page: Page, leave: Callable[[Page], None], shared: bool
) -> None:
    mavis = mandating.mavis()
    mandating.active(mavis, account("derek"))
    seen = ["/account/", "/account/people/", f"/account/people/{mavis.id}", "/account/history", "/browse"]
    sign_in(page, account("derek"), shared=shared)
    for path in seen:
        page.goto(path, wait_until="load")
        assert any(words in page.content() for words in PRIVATE), path
    leave(page)
    for step in (page.go_back, page.go_forward):
        for _ in range(len(seen) + 1):
            if _shows_a_page(step):
                expect(page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
            told = _content(page)
            assert [words for words in PRIVATE if words in told] == [], page.url


def _content(page: Page) -> str:
    """What the page holds once it stands still: one that came from memory asks anew at once."""
    for _ in range(40):
        try:
            page.wait_for_load_state("load")
            return page.content()
        except Error as error:
            if "navigating" not in error.message:
                raise
            page.wait_for_timeout(50)
    pytest.fail(f"{page.url} never stood still")


def _shows_a_page(step: Callable[..., object]) -> bool:
    """Whether Back or Forward shows a page. The answer to a form is not kept: the browser says so instead."""
    try:
        step(wait_until="load")
    except Error as error:
        if "ERR_CACHE_MISS" not in error.message:
            raise
        return False
    return True


def test_the_next_person_at_the_computer_finds_nothing_by_back(page: Page) -> None:
    mavis = mandating.mavis()
    mandating.active(mavis, account("derek"))
    seen = ["/account/people/", f"/account/people/{mavis.id}"]
    sign_in(page, account("derek"))
    for path in seen:
        page.goto(path, wait_until="load")
    _signs_out(page)
    sign_in(page, people.user("priya"))
    for _ in range(8):
        _shows_a_page(page.go_back)
        told = _content(page)
        assert "Mavis" not in told, page.url
        assert "derek@example.org" not in told, page.url


def test_this_browser_really_keeps_pages(page: Page) -> None:
    """Else the tests above would prove nothing: a visitor's page is shown from memory."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto("/privacy", wait_until="load")
    page.goto("/cookies", wait_until="load")
    page.go_back(wait_until="commit")
    page.wait_for_function("() => document.readyState === 'complete'")
    for _ in range(20):
        if said:
            break
        page.wait_for_timeout(50)
    assert said == ["persisted"]
