"""In a real browser: from a stranger to a public entry, by keyboard alone and without script; and every page read."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from portal.db import db
from portal.directory import guided, indexing
from tests import browser, make
from tests.accounts import people
from tests.accounts.people import PASSWORD
from tests.browser import MODES, Open
from tests.desks import desk
from tests.html_valid import validate

pytestmark = pytest.mark.browser


@pytest.fixture
def base_url(site: Flask) -> Iterator[str]:
    """A site of this test's own, served."""
    with browser.serving(site) as url:
        yield url


def tab_to(page: Page, target: Locator) -> None:
    """The keyboard goes on from where it is, until the target has the focus."""
    for _ in range(browser.MOST_TAB_STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    pytest.fail(f"Tab never came to {target}")


def type_in(page: Page, label: str, words: str) -> None:
    tab_to(page, page.locator("main").get_by_label(label, exact=True))
    page.keyboard.type(words)


def press(page: Page, name: str, role: str = "button") -> None:
    tab_to(page, page.locator("main").get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]  # a role's name
    page.keyboard.press("Enter")


def asked(page: Page, question: str) -> None:
    """The page asks this."""
    expect(page.get_by_role("heading", level=1)).to_have_text(question)


@pytest.mark.parametrize("mode", ["ordinary", "no script"])
def test_a_stranger_gets_an_entry_to_the_public_by_keyboard_alone_with_script_and_without(
    site: Flask, opened: Open, mode: str
) -> None:
    indexing.rebuild()
    ed_user = people.user("ed", roles=("editor",))
    secret = people.authenticator(ed_user)
    db.session.rollback()
    page = opened("/register/provider", MODES[mode])
    _joins(page)
    _writes(page)
    expect(page.locator("main")).to_contain_text("Waiting for the council")
    nobody = opened("/find?q=lunch+club&postcode=M33+7ZF", MODES[mode])
    assert "Thursday Lunch Club" not in nobody.content()

    _approves(opened("/sign-in", MODES[mode]), secret)
    public = opened("/find?q=lunch+club&postcode=M33+7ZF", MODES[mode])
    tab_to(public, public.get_by_role("link", name="Thursday Lunch Club", exact=True))
    public.keyboard.press("Enter")
    asked(public, "Thursday Lunch Club")
    for words in ("1 Church Road", "Tuesdays and Thursdays, 11am to 2pm", "£4.50 a session", "01632 960 001"):
        expect(public.locator("main")).to_contain_text(words)
    _sets_up_a_second_step(page)


def _sets_up_a_second_step(page: Page) -> None:
    """Tom owns what he brought in: before anything else he is asked for a second step, and makes a sheet of codes."""
    page.goto("/provider/")
    page.wait_for_url("**/account/factors/**")
    press(page, "A printed sheet of codes", "link")
    press(page, "Make a new sheet")
    expect(page.locator(".codes li")).to_have_count(10)
    with page.expect_navigation():
        press(page, "I have the codes")
    page.goto("/provider/")
    expect(page.locator("main")).to_contain_text("Thursday Lunch Club")


def _joins(page: Page) -> None:
    """Tom asks for an account, opens the mail, and chooses a password."""
    type_in(page, "Your name", "Tom Ashworth")
    type_in(page, "E-mail address", "tom@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/look-in-your-mail")
    link = people.link_in(people.mails("tom@example.org")[0])
    db.session.rollback()  # else this test would hold the lock that the server waits for
    page.goto(link)
    type_in(page, "Choose a password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/provider/")


def _approves(work: Page, secret: str) -> None:
    """Ed signs in, finds what Tom sent in, sets its category, and approves it."""
    type_in(work, "E-mail address", "ed@example.org")
    type_in(work, "Password", PASSWORD)
    work.keyboard.press("Enter")
    type_in(work, "Code", people.code(secret))
    work.keyboard.press("Enter")
    work.wait_for_url("**/account/**")
    work.goto("/editor/")
    tab_to(work, work.get_by_role("link", name=re.compile("^Thursday Lunch Club")))
    work.keyboard.press("Enter")
    asked(work, "Thursday Lunch Club")
    tab_to(work, work.get_by_label("The category that fits best"))
    work.keyboard.type("Lunch clubs")
    press(work, "Approve it: it is public at once")
    work.wait_for_url("**/editor/listings/*")


def _writes(page: Page) -> None:
    """Tom answers every question, makes one mistake, skips what does not matter, looks at it, and sends it."""
    press(page, "Add an entry")
    asked(page, "What is it called?")
    type_in(page, "Name", "Thursday Lunch Club")
    page.keyboard.press("Enter")  # he has not said what it is
    expect(page.locator(".govuk-error-summary")).to_contain_text("Choose what it is")
    tab_to(page, page.get_by_label("A service", exact=True))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("A group or club")).to_be_checked()
    press(page, "Save and go on")
    _says_what_and_where(page)
    _says_when_and_how_much(page)
    _says_the_rest(page)


def _says_what_and_where(page: Page) -> None:
    asked(page, "What do you do?")
    type_in(page, "In one sentence", "A hot lunch and good company every Tuesday and Thursday.")
    press(page, "Save and go on")
    asked(page, "Who runs it?")
    type_in(page, "Its name", "Friends of St Anne’s")
    page.keyboard.press("Enter")
    asked(page, "Where do people come to you?")
    type_in(page, "Number and street", "1 Church Road")
    type_in(page, "Town or village", "Sale")
    type_in(page, "Postcode", "m33 7zf")
    page.keyboard.press("Enter")
    asked(page, "Where do you go to people?")
    press(page, "Skip this for now", "link")
    asked(page, "Is it only for people who live somewhere?")
    press(page, "Skip this for now", "link")


def _says_when_and_how_much(page: Page) -> None:
    asked(page, "When is it open, or when does it happen?")
    for day in ("Tuesday", "Thursday"):
        tab_to(page, page.get_by_label(day))
        page.keyboard.press("Space")
    type_in(page, "From", "11am")
    type_in(page, "Until", "2pm")
    page.keyboard.press("Enter")
    asked(page, "What does it cost?")
    type_in(page, "Price in pounds", "4.50")
    tab_to(page, page.get_by_label("For what?"))
    page.keyboard.type("a session")
    press(page, "Save and go on")


def _says_the_rest(page: Page) -> None:
    asked(page, "Who is it for, and how do they start?")
    press(page, "Skip this for now", "link")
    asked(page, "Getting in, and being understood")
    tab_to(page, page.get_by_label("Step-free"))
    page.keyboard.press("Space")
    press(page, "Save and go on")
    asked(page, "How do people reach you?")
    type_in(page, "Telephone", "01632 960 001")
    page.keyboard.press("Enter")
    asked(page, "What can you show?")
    press(page, "Skip this for now", "link")
    asked(page, "Where should people find it?")
    tab_to(page, page.get_by_label("Which of these fits best?"))
    page.keyboard.type("Lunch clubs")
    press(page, "Save and go on")
    asked(page, "Our code of conduct")
    tab_to(page, page.get_by_label("We promise this"))
    page.keyboard.press("Space")
    type_in(page, "Your name", "Tom Ashworth")
    page.keyboard.press("Enter")
    asked(page, "Thursday Lunch Club")
    expect(page.locator("main")).to_contain_text("This is how people will see it")
    press(page, "Go on", "link")
    asked(page, "Send it to the council")
    press(page, "Send it now")
    page.wait_for_url("**/provider/entries/*")


LOOKED_AT = [MODES[name] for name in ("320 px", "right to left")]


def _sign_in(page: Page, email: str, secret: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_label("Code").fill(people.code(secret))
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url("**/account/**")


def _problems(page: Page, path: str) -> list[str]:
    """What is wrong with a page for anybody, in three ways of reading it."""
    browser.show(page, path)
    found = browser.axe(page) + browser.heading_problems(page) + browser.repeated_names(page)
    for mode in LOOKED_AT:
        page.set_viewport_size(mode.settings.get("viewport", {"width": 1280, "height": 900}))
        browser.show(page, path, mode)
        found += [f"{mode.name}: {line}" for line in browser.layout_problems(page)]
    return [f"{path}: {line}" for line in found]


def _read(page: Page, reader: people.Browser, paths: list[str]) -> list[str]:
    """What is wrong with these pages, as people read them and as HTML."""
    found = [line for path in paths for line in _problems(page, path)]
    return found + [f"{path}: {line}" for path in paths for line in validate(reader.get(path).text)]


def test_every_page_of_the_providers_desk_can_be_read_by_everybody(site: Flask, opened: Open) -> None:
    service, twin = make.service("Shed", summary="Wood and tea"), make.service("Shed", run_by="Others")
    make.saved()
    service_id, twin_id = service.id, twin.id
    tom, _tom = desk.provider(site, service.organisation_id)
    at = desk.begun(tom)
    desk.write(tom, at)
    for words in ("One pound", "Two pounds"):
        desk.answer(tom, f"{at}/cost", then="more", words=words)
    paths = [f"{at}/{key}" for key in guided.STEPS]
    paths += ["/provider/", at, f"{at}/cost?at=1", f"{at}/preview", f"{at}/send", f"{at}/withdraw"]
    paths += ["/provider/claim?q=shed", f"/provider/claim/{twin_id}", f"/provider/listings/{service_id}/now"]
    page = opened("/")
    _sign_in(page, "tom@example.org", people.authenticator(people.again("tom@example.org")))
    assert _read(page, tom, paths) == []


def test_every_page_of_the_editors_desk_can_be_read_by_everybody(site: Flask, opened: Open) -> None:
    service, twin = make.service("Shed", summary="Wood and tea"), make.service("Shed", run_by="Others")
    make.saved()
    service_id, twin_id = service.id, twin.id
    tom, _tom = people.somebody(site, "tom")
    at = desk.begun(tom)
    desk.write(tom, at)
    tom.post(f"{at}/send")
    ed, _ed = desk.editor(site)
    listing = f"/editor/listings/{service_id}"
    desk.press(ed, listing, f"{listing}/archive")
    desk.press(ed, listing, f"{listing}/publish")
    paths = ["/editor/", f"/editor/proposals/{at.rpartition('/')[2]}", "/editor/listings", listing]
    paths += [f"{listing}/history", f"{listing}/who", "/editor/duplicates"]
    paths += [
        f"/editor/duplicates/{service_id}/{twin_id}",
        f"/editor/listings/many?do=archive&entry={service_id}",
    ]
    paths += ["/editor/listings/many/done?do=check&count=3"]
    page = opened("/")
    _sign_in(page, "ed@example.org", people.authenticator(people.again("ed@example.org")))
    assert _read(page, ed, paths) == []
