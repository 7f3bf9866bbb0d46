"""What is about one person is kept by nobody: no browser, no proxy, no log, no other council."""

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import db
from portal.permissions import is_guarded, rule_of
from tests.access import examples
from tests.accounts import people
from tests.accounts.people import Browser

# The way in for newcomers who would like to offer something: their own list, and the search for an entry to look after.
DOORS = {"/provider/", "/provider/claim"}


def pages(app: Flask, *, guarded: bool) -> list[str]:
    """The address of every page that is, or is not, for everybody."""
    adapter = app.url_map.bind("localhost")
    return sorted(
        adapter.build(rule.endpoint, examples.nobodys(rule), method="GET")
        for rule in app.url_map.iter_rules()
        if not rule.build_only and "GET" in (rule.methods or ()) and is_guarded(rule.endpoint) is guarded
    )


def test_a_guarded_page_leads_a_stranger_to_the_door_and_is_not_kept(site: Flask) -> None:
    stranger = Browser(site)
    for path in pages(site, guarded=True):
        answer = stranger.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (303, "no-store"), path
        assert answer.location.startswith("/sign-in?next=/"), path


def test_nothing_that_somebody_is_shown_is_kept(site: Flask) -> None:
    browser, _ada = people.somebody(site, "ada", roles=("administrator",))
    everybodys = {"/brand.css", "/healthz", "/readyz", "/robots.txt"}
    for path in {*pages(site, guarded=True), *pages(site, guarded=False)} - everybodys:
        if not path.startswith("/sign-in/council"):
            assert browser.get(path).headers["Cache-Control"] == "no-store", path
    assert "public" in browser.get("/brand.css").headers["Cache-Control"]
    assert "Set-Cookie" not in browser.get("/brand.css").headers


def test_what_a_visitor_is_shown_may_be_kept_by_their_browser(site: Flask) -> None:
    assert Browser(site).get("/browse").headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("host", ["fernshire.localhost", "millbrook.localhost"])
def test_somebody_without_a_part_finds_no_desk(site: Flask, host: str) -> None:
    mavis = people.user("mavis")
    browser = Browser(site, host=host)
    browser.sign_in(mavis.email)
    with site.app_context():
        desks = {path for path in pages(site, guarded=True) if not path.startswith("/account")}
    assert desks > DOORS
    for path in desks - DOORS:
        assert browser.get(path).status_code == 404, path


def test_whoever_is_signed_in_may_begin_to_offer_something(site: Flask) -> None:
    browser, _asha = people.somebody(site, "asha")
    for path in DOORS:
        assert browser.get(path).status_code == 200, path
    begun = browser.post("/provider/new")
    assert begun.status_code == 303
    assert browser.get(begun.location).status_code == 200


def test_what_is_ones_own_is_for_whoever_is_signed_in(site: Flask) -> None:
    own = {
        rule_of(site, name) for name in site.view_functions if name.split(".")[0] in ("account", "factors")
    }
    assert own == {"signed_in"}


def test_who_asks_is_known_after_two_questions_to_the_database_and_whether_they_began_an_entry_after_one_more(
    site: Flask,
) -> None:
    browser, _ed = people.somebody(site, "ed", roles=("editor",))
    asked: list[str] = []
    engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    Browser(site).get("/cookies")
    of_a_visitor = len(asked)
    asked.clear()
    browser.get("/cookies")
    sa.event.remove(engine, "before_cursor_execute", note)
    assert len(asked) - of_a_visitor == 2 + 1


def test_secrets_stand_in_no_address_that_a_form_leads_to(site: Flask) -> None:
    answer = Browser(site).get("/sign-in?email=mavis@example.org&password=hush&next=/plan")
    assert "hush" not in answer.text
