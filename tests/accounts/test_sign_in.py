"""Signing in and out: who gets in, what the browser holds, and when it is over."""

import datetime as dt

import pytest
from flask import Flask

from portal import clock
from portal.accounts import factors
from portal.accounts.models import Person
from portal.accounts.signing_in import OWN, SHARED
from portal.db import db
from tests import make
from tests.accounts import people
from tests.accounts.people import PASSWORD, Browser

MINUTE = dt.timedelta(minutes=1)


def test_mavis_signs_in_and_her_name_stands_on_every_page(each_site: Flask) -> None:
    people.user("mavis", name="Mavis Braithwaite")
    browser = Browser(each_site)
    answer = browser.sign_in("mavis@example.org", next="/plan")
    assert (answer.status_code, answer.location) == (303, "/plan")
    page = browser.get("/find").text
    assert "Mavis Braithwaite" in page
    assert "Sign out" in page
    assert "If you do nothing, you will be signed out at" in page


def test_how_the_address_is_written_does_not_matter(each_site: Flask) -> None:
    people.user("mavis")
    assert Browser(each_site).sign_in(" Mavis@Example.ORG ").status_code == 303


@pytest.mark.parametrize("email", ["mavis@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(site: Flask, email: str) -> None:
    people.user("mavis")
    browser = Browser(site)
    answer = browser.post("/sign-in", {"email": email, "password": "not the password"})
    assert answer.status_code == 422
    assert "This e-mail address and this password do not go together" in answer.text
    assert "not the password" not in answer.text
    assert f'value="{email}"' in answer.text
    assert not browser.is_signed_in()


@pytest.mark.parametrize("state", ["invited", "closed"])
def test_who_has_not_joined_or_has_left_does_not_get_in(site: Flask, state: str) -> None:
    people.user("mavis", state=state)
    assert Browser(site).sign_in("mavis@example.org").status_code == 422


def test_nothing_typed_is_told_field_by_field(site: Flask) -> None:
    answer = Browser(site).post("/sign-in", {"email": "", "password": ""})
    assert answer.status_code == 422
    assert "Type your e-mail address" in answer.text
    assert "Type your password" in answer.text
    assert "<title>Error: Sign in" in answer.text


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\nb", ""],
)
def test_after_signing_in_nobody_is_led_off_this_site(site: Flask, address: str) -> None:
    people.user("mavis")
    assert Browser(site).sign_in("mavis@example.org", next=address).location == "/account/"


def test_everything_in_the_cookie_is_new_after_signing_in_save_the_plan(each_site: Flask) -> None:
    people.user("mavis")
    service = make.service()
    make.saved(service)
    browser = Browser(each_site)
    browser.post("/plan/items", {"service": str(service.id)})
    before = browser.cookie()
    browser.sign_in("mavis@example.org")
    after = browser.cookie()
    assert after["who"]
    assert "who" not in before
    assert after.get("csrf_token") != before["csrf_token"]
    assert {key: after[key] for key in before if key != "csrf_token"} == {
        key: before[key] for key in before if key != "csrf_token"
    }


def test_every_sign_in_has_a_token_of_its_own(site: Flask) -> None:
    mavis = people.user("mavis")
    one, two = Browser(site), Browser(site)
    one.sign_in(mavis.email)
    two.sign_in(mavis.email)
    assert one.cookie()["who"] != two.cookie()["who"]
    assert len({sign_in.token for sign_in in people.sign_ins(mavis)}) == 2
    assert one.cookie()["who"] not in {sign_in.token for sign_in in people.sign_ins(mavis)}


# The second step


def test_with_an_authenticator_the_password_alone_opens_nothing(each_site: Flask) -> None:
    mavis = people.user("mavis")
    secret = people.authenticator(mavis)
    browser = Browser(each_site)
    answer = browser.post("/sign-in", {"email": mavis.email, "password": PASSWORD, "next": "/plan"})
    assert answer.location == "/sign-in/code"
    assert not browser.is_signed_in()
    assert browser.get("/sign-in/code").status_code == 200
    browser.post("/sign-in", {"email": mavis.email, "password": PASSWORD, "next": "/plan"})
    answer = browser.post("/sign-in/code", {"code": people.code(secret)})
    assert (answer.status_code, answer.location) == (303, "/plan")
    assert browser.is_signed_in()


def test_a_code_works_once(each_site: Flask) -> None:
    mavis = people.user("mavis")
    secret = people.authenticator(mavis)
    assert Browser(each_site).sign_in(mavis.email, secret).status_code == 303
    assert Browser(each_site).sign_in(mavis.email, secret).status_code == 422
    assert Browser(each_site).sign_in(mavis.email, secret, later=1).status_code == 303


def test_a_wrong_code_is_told_and_does_not_open(site: Flask) -> None:
    mavis = people.user("mavis")
    people.authenticator(mavis)
    browser = Browser(site)
    browser.sign_in(mavis.email)
    answer = browser.post("/sign-in/code", {"code": "000000"})
    assert answer.status_code == 422
    assert "That code is not right, or it has been used" in answer.text


def test_a_printed_code_works_once_however_it_is_typed(each_site: Flask) -> None:
    mavis = people.user("mavis")
    codes = factors.print_codes(mavis.id, make.NOW)
    db.session.commit()
    browser = Browser(each_site)
    browser.sign_in(mavis.email)
    typed = f" {codes[3].lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    assert browser.post("/sign-in/code", {"code": typed}).status_code == 303
    other = Browser(each_site)
    other.sign_in(mavis.email)
    assert other.post("/sign-in/code", {"code": codes[3]}).status_code == 422
    assert other.post("/sign-in/code", {"code": codes[4]}).status_code == 303


def test_the_code_of_somebody_else_does_not_open(site: Flask) -> None:
    mavis, derek = people.user("mavis"), people.user("derek")
    people.authenticator(mavis)
    of_derek = people.authenticator(derek)
    assert Browser(site).sign_in(mavis.email, of_derek).status_code == 422


def test_without_a_password_first_there_is_no_second_step(site: Flask) -> None:
    browser = Browser(site)
    assert browser.get("/sign-in/code").location == "/sign-in"
    assert browser.post("/sign-in/code", {"code": "123456"}).location == "/sign-in"


def test_ten_minutes_after_the_password_one_begins_anew(site: Flask) -> None:
    mavis = people.user("mavis")
    secret = people.authenticator(mavis)
    browser = Browser(site)
    browser.sign_in(mavis.email)
    with browser.client.session_transaction() as held:
        held["half"] = {**held["half"], "at": held["half"]["at"] - 601}
    assert browser.post("/sign-in/code", {"code": people.code(secret)}).location == "/sign-in"


@pytest.mark.parametrize("who", ["a role", "a wallet"])
def test_who_must_have_a_second_step_adds_one_before_anything_else(site: Flask, who: str) -> None:
    ed = people.user("ed", roles=("administrator",) if who == "a role" else ())
    if who == "a wallet":
        db.session.add(Person(council_id=make.council().id, user_id=ed.id, name="Ed", created_at=make.NOW))
        db.session.commit()
    browser = Browser(site)
    browser.sign_in(ed.email)
    for path in ("/account/", "/account/name", "/admin/people/"):
        assert browser.get(path).location == "/account/factors/", path
    assert "Before you go on, please add a second step" in browser.get("/account/factors/").text
    assert browser.get("/find").status_code == 200
    browser.post("/account/factors/printed")
    assert browser.get("/account/").status_code == 200


def test_a_citizen_without_a_wallet_needs_none(site: Flask) -> None:
    browser, _mavis = people.somebody(site)
    assert browser.get("/account/").status_code == 200


# How long


def test_a_sign_in_ends_after_half_an_hour_of_nothing(each_site: Flask) -> None:
    browser, mavis = people.somebody(each_site)
    browser.wait(OWN.idle - MINUTE)
    assert browser.is_signed_in()
    browser.wait(OWN.idle)
    assert browser.get("/account/").location == "/sign-in?next=/account/"
    assert "You had been away for a while" in browser.get("/sign-in?next=/account/").text
    assert [sign_in.ended_at is None for sign_in in people.sign_ins(mavis)] == [False]


def test_on_a_shared_computer_it_ends_after_ten_minutes(site: Flask) -> None:
    mavis = people.user("mavis")
    browser = Browser(site)
    browser.sign_in(mavis.email, shared="yes")
    browser.wait(SHARED.idle - MINUTE)
    assert browser.is_signed_in()
    browser.wait(SHARED.idle)
    assert not browser.is_signed_in()


@pytest.mark.parametrize(("shared", "lasts"), [("", OWN.absolute), ("yes", SHARED.absolute)])
def test_whatever_is_done_it_ends_in_the_end(site: Flask, shared: str, lasts: dt.timedelta) -> None:
    mavis = people.user("mavis")
    browser = Browser(site)
    browser.sign_in(mavis.email, shared=shared)
    (sign_in,) = people.sign_ins(mavis)
    assert sign_in.ends_at - sign_in.began_at == lasts
    sign_in.ends_at = clock.now()
    db.session.commit()
    assert not browser.is_signed_in()


def test_reading_pages_writes_nothing(each_site: Flask) -> None:
    browser, mavis = people.somebody(each_site)
    before = people.sign_ins(mavis)[0].used_at
    browser.get("/account/")
    assert people.sign_ins(mavis)[0].used_at == before
    people.sign_ins(mavis)[0].used_at = before - dt.timedelta(minutes=11)
    db.session.commit()
    browser.get("/account/")
    assert people.sign_ins(mavis)[0].used_at >= before


def test_a_cookie_of_before_the_time_ran_out_is_worth_nothing_afterwards(site: Flask) -> None:
    browser, _mavis = people.somebody(site)
    kept = browser.client.get_cookie("session")
    assert kept
    browser.wait(OWN.idle)
    browser.get("/find")
    browser.client.set_cookie("session", kept.value)
    assert not browser.is_signed_in()


# The end


def test_signing_out_ends_it_here_and_in_the_database(each_site: Flask) -> None:
    browser, mavis = people.somebody(each_site)
    kept = browser.client.get_cookie("session")
    answer = browser.open("/sign-out", method="POST")
    assert answer.status_code == 200
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "who" not in browser.cookie()
    assert people.sign_ins(mavis)[0].ended_at is not None
    assert kept
    browser.client.set_cookie("session", kept.value)
    assert not browser.is_signed_in()


def test_leaving_by_exit_ends_it_too(each_site: Flask) -> None:
    browser, mavis = people.somebody(each_site)
    assert browser.open("/exit", method="POST").status_code == 200
    assert people.sign_ins(mavis)[0].ended_at is not None
    assert not browser.is_signed_in()


@pytest.mark.parametrize("path", ["/exit", "/sign-out"])
def test_a_database_that_does_not_answer_keeps_nobody_from_leaving(site: Flask, path: str) -> None:
    browser, _mavis = people.somebody(site)
    with browser.client.session_transaction() as held:
        held["who"] = "x" * 50
    db.session.connection().exec_driver_sql("ALTER TABLE sign_in RENAME TO elsewhere")
    db.session.commit()
    answer = browser.open(path, method="POST")
    assert answer.status_code == 200
    assert "who" not in browser.cookie()


def test_a_stranger_can_sign_out_as_well(site: Flask) -> None:
    assert Browser(site).open("/sign-out", method="POST").status_code == 200


def test_who_is_signed_in_already_goes_on(site: Flask) -> None:
    browser, _mavis = people.somebody(site)
    assert browser.get("/sign-in?next=/plan").location == "/plan"


# Other computers


def test_a_sign_in_that_somebody_ends_refuses_the_next_click(each_site: Flask) -> None:
    library, mavis = people.somebody(each_site)
    home = Browser(each_site)
    home.sign_in(mavis.email)
    page = home.get("/account/computers")
    assert page.text.count('class="card"') == 2
    ended = people.sign_ins(mavis)[0].id
    assert home.post(f"/account/computers/{ended}/end").status_code == 303
    assert library.get("/account/").location == "/sign-in?next=/account/"
    assert home.is_signed_in()


def test_all_others_end_at_once(site: Flask) -> None:
    library, mavis = people.somebody(site)
    home = Browser(site)
    home.sign_in(mavis.email)
    home.post("/account/computers/end-others")
    assert (library.is_signed_in(), home.is_signed_in()) == (False, True)


def test_nobody_ends_the_sign_in_of_another(site: Flask) -> None:
    of_mavis, mavis = people.somebody(site)
    of_derek, _derek = people.somebody(site, "derek")
    theirs = people.sign_ins(mavis)[0].id
    assert of_derek.post(f"/account/computers/{theirs}/end").status_code == 404
    assert of_mavis.is_signed_in()


def test_a_closed_account_is_out_on_the_next_click(site: Flask) -> None:
    browser, mavis = people.somebody(site)
    mavis.state = "closed"
    db.session.commit()
    assert not browser.is_signed_in()
