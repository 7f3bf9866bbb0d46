"""In a real browser: two at one entry, whose words both stay, and a form in the middle of which the time runs out."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal import clock
from portal.accounts.models import User
from portal.db import db
from portal.directory import indexing, versions
from tests import browser, make
from tests.accounts import people
from tests.accounts.people import PASSWORD
from tests.browser import MODES, Open
from tests.desks import desk

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("mode", ["ordinary", "no script"])


@pytest.fixture
def base_url(site: Flask) -> Iterator[str]:
    """A site of this test's own, served."""
    with browser.serving(site) as url:
        yield url


def fill_in_door(page: Page, email: str, secret: str = "", *, later: int = 0) -> None:
    """Somebody signs in, on the page that asks for it."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    if secret:
        page.get_by_label("Code").fill(people.code(secret, later))
        page.get_by_role("button", name="Go on").click()


def editor(opened: Open, key: str, mode: str) -> Page:
    """An editor's own browser, signed in."""
    user = people.user(key, roles=("editor",))
    email, secret = user.email, people.authenticator(user)
    db.session.rollback()
    page = opened("/sign-in", MODES[mode])
    fill_in_door(page, email, secret)
    page.wait_for_url("**/account/**")
    return page


def writes(page: Page, path: str, summary: str) -> None:
    """An editor begins to change an entry, and says in one sentence what it is; it is not public yet."""
    page.goto(path)
    page.get_by_role("button", name="Change it", exact=True).click()
    page.wait_for_url("**/entries/*")
    entry = page.url
    page.goto(f"{entry}/about")
    page.get_by_label("In one sentence").fill(summary)
    page.get_by_role("button", name="Save and go on").click()
    page.goto(f"{entry}/contact")
    page.get_by_label("Telephone").fill("01632 960 001")
    page.get_by_role("button", name="Save and go on").click()
    page.goto(f"{entry}/send")


@BOTH
def test_the_second_of_two_editors_sees_the_firsts_change_and_nobodys_words_are_lost(
    opened: Open, mode: str
) -> None:
    indexing.rebuild()
    shed = make.service("Shed", summary="Wood and tea", terms=("sheds",), run_by="Shed people")
    make.saved()
    shed_id, path = shed.id, f"/editor/listings/{shed.id}"
    of_ed, of_ada = editor(opened, "ed", mode), editor(opened, "ada", mode)
    writes(of_ed, path, "Wood, tea and biscuits")
    writes(of_ada, path, "Wood, tea and music")
    of_ed.get_by_role("button", name="Publish it now").click()
    of_ed.wait_for_url(f"**{path}")
    of_ada.get_by_role("button", name="Publish it now").click()
    main = of_ada.locator("main")
    expect(main).to_contain_text("Two people changed the same thing")
    for words in ("Wood and tea", "Wood, tea and biscuits", "Wood, tea and music"):
        expect(main).to_contain_text(words)
    assert desk.again(shed_id).summary == "Wood, tea and biscuits"
    db.session.rollback()

    of_ada.get_by_role("button", name="Approve it: it is public at once").click()
    expect(of_ada.get_by_role("alert").first).to_contain_text("Choose what stays")
    of_ada.get_by_label("In other words, which I write here:").check()
    of_ada.locator("textarea[name=words-summary]").fill("Wood, tea, biscuits and music")
    of_ada.get_by_role("button", name="Approve it: it is public at once").click()
    of_ada.wait_for_url(f"**{path}")
    of_ed.goto(f"/services/{shed_id}")
    expect(of_ed.locator("main")).to_contain_text("Wood, tea, biscuits and music")
    said = [state.draft.summary for state in versions.history(shed_id, upto=9, most=9)]
    assert said == ["Wood, tea, biscuits and music", "Wood, tea and biscuits", "Wood and tea"]


def end_of_time(user: User) -> None:
    """Whatever they are signed in on has run out."""
    for one in people.sign_ins(user):
        one.ends_at = clock.now()
    db.session.commit()


LONG = (
    "Bring a mug.\n\nWe meet in the hall — “the red door” — and there is <always> cake & tea.\n" * 20
    + "Ask for Tom."
)


@BOTH
def test_a_form_in_the_middle_of_which_the_time_runs_out_gives_the_words_back_after_signing_in(
    opened: Open, mode: str
) -> None:
    tom = people.user("tom")
    email = tom.email
    db.session.rollback()
    page = opened("/sign-in?next=/provider/", MODES[mode])
    fill_in_door(page, email)
    page.get_by_role("button", name="Add an entry").click()
    page.wait_for_url("**/entries/*/**")
    about = f"{page.url.rpartition('/')[0]}/about"
    page.goto(about)
    page.get_by_label("In one sentence").fill("A hot lunch & company")
    page.get_by_label("In full (if there is more to say)").fill(LONG)
    end_of_time(people.again(email))
    page.get_by_role("button", name="Save and go on").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert desk.proposal().draft.get("summary") is None
    db.session.rollback()
    fill_in_door(page, email)
    page.wait_for_url(about)
    expect(page.locator("main")).to_contain_text("You had been away for a while, so you were signed out.")
    expect(page.get_by_label("In one sentence")).to_have_value("A hot lunch & company")
    expect(page.get_by_label("In full (if there is more to say)")).to_have_value(LONG)
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who runs it?")
    kept = desk.proposal().draft
    assert (kept["summary"], kept["description"].split("\n")[0]) == ("A hot lunch & company", "Bring a mug.")


@BOTH
def test_what_one_person_typed_is_never_given_to_the_next_at_the_same_computer(
    opened: Open, mode: str
) -> None:
    tom = people.user("tom")
    people.user("derek")
    email = tom.email
    db.session.rollback()
    page = opened("/sign-in?next=/provider/", MODES[mode])
    fill_in_door(page, email)
    page.get_by_role("button", name="Add an entry").click()
    page.wait_for_url("**/entries/*/**")
    about = f"{page.url.rpartition('/')[0]}/about"
    page.goto(about)
    page.get_by_label("In one sentence").fill("A hot lunch & company")
    end_of_time(people.again(email))
    page.get_by_role("button", name="Save and go on").click()
    fill_in_door(page, "derek@example.org")
    expect(page.get_by_role("heading", level=1)).to_have_text("We cannot find that page")
    assert "hot lunch" not in page.content()
