"""Second steps: an app, a printed sheet; added, used, and taken away. And what may be a password."""

import datetime as dt
import re

import pyotp
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.accounts import factors, passwords
from portal.db import db
from portal.errors import Refusal
from tests import make
from tests.accounts import people
from tests.accounts.people import PASSWORD, Browser

ABOUT = ("mavis@example.org", "Mavis Braithwaite", "Fernshire", "Fernshire Living Well")


def test_an_app_is_added_once_it_shows_the_right_code(each_site: Flask) -> None:
    browser, mavis = people.somebody(each_site)
    page = browser.get("/account/factors/authenticator").text
    found = re.search(r'<code class="secret" translate="no">([A-Z2-7 ]+)</code>', page)
    assert found
    secret = found[1].replace(" ", "")
    picture = browser.get("/account/factors/authenticator.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert browser.post("/account/factors/authenticator", {"code": "12"}).status_code == 422
    answer = browser.post("/account/factors/authenticator", {"code": people.code(secret)})
    assert answer.location == "/account/factors/"
    assert "An app that makes codes" in browser.get("/account/factors/").text
    assert factors.of(mavis.id).count == 1
    assert people.mails(mavis.email)[-1].subject == "You have a new second step at Fernshire Living Well"
    assert Browser(each_site).sign_in(mavis.email, secret).status_code == 422  # that code has been used
    assert Browser(each_site).sign_in(mavis.email, secret, later=1).status_code == 303


def test_the_secret_on_its_way_cannot_be_read_from_the_cookie(site: Flask) -> None:
    browser, _mavis = people.somebody(site)
    page = browser.get("/account/factors/authenticator").text
    found = re.search(r'<code class="secret" translate="no">([A-Z2-7 ]+)</code>', page)
    assert found
    assert found[1].replace(" ", "") not in str(browser.cookie())


def test_a_sheet_is_shown_until_it_is_kept_and_then_never_again(each_site: Flask) -> None:
    browser, mavis = people.somebody(each_site)
    assert browser.post("/account/factors/printed").location == "/account/factors/printed"
    page = browser.get("/account/factors/printed").text
    codes = re.findall(r'<code translate="no">([0-9A-Z]{4}-[0-9A-Z]{4})</code>', page)
    assert len(set(codes)) == factors.CODES_ON_A_SHEET
    browser.post("/account/factors/printed/kept")
    assert codes[0] not in browser.get("/account/factors/printed").text
    other = Browser(each_site)
    other.sign_in(mavis.email)
    assert other.post("/sign-in/code", {"code": codes[0]}).status_code == 303
    assert "Your sheet has 9 codes left" in other.get("/account/factors/printed").text


def test_a_new_sheet_makes_the_old_one_worthless(each_site: Flask) -> None:
    mavis = people.user("mavis")
    old = factors.print_codes(mavis.id, make.NOW)
    new = factors.print_codes(mavis.id, make.NOW)
    assert not factors.use(mavis.id, old[0], make.NOW)
    assert factors.use(mavis.id, new[0], make.NOW)


def test_printed_codes_are_not_kept_as_they_are(site: Flask) -> None:
    mavis = people.user("mavis")
    codes = factors.print_codes(mavis.id, make.NOW)
    db.session.commit()
    kept = str(db.session.execute(db.metadata.tables["printed_code"].select()).all())
    assert not any(code.replace("-", "") in kept for code in codes)


@pytest.mark.parametrize(
    ("seconds", "right"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)]
)
def test_a_clock_may_be_half_a_minute_off(site: Flask, seconds: int, right: bool) -> None:
    mavis, now = people.user("mavis"), make.NOW
    secret = people.authenticator(mavis)
    assert factors.use(mavis.id, pyotp.TOTP(secret).at(now + dt.timedelta(seconds=seconds)), now) is right


def test_an_older_code_does_not_work_after_a_newer_one(site: Flask) -> None:
    mavis, now = people.user("mavis"), make.NOW
    secret = people.authenticator(mavis)
    newer, older = (pyotp.TOTP(secret).at(now + dt.timedelta(seconds=s)) for s in (30, 0))
    assert factors.use(mavis.id, newer, now)
    assert not factors.use(mavis.id, older, now)


@given(st.text(max_size=60))
def test_no_text_at_all_upsets_what_reads_codes(text: str) -> None:
    assert " " not in factors.normal(text)


def test_who_must_have_a_second_step_keeps_the_last(site: Flask) -> None:
    browser, ed = people.somebody(site, "ed", roles=("editor",))
    (app,) = factors.of(ed.id).authenticators
    gone = {"factor": str(app.id)}
    db.session.rollback()
    answer = browser.post("/account/factors/remove/authenticator", gone)
    assert answer.status_code == 409
    assert "This is your only second step" in answer.text
    browser.post("/account/factors/printed")
    assert browser.post("/account/factors/remove/authenticator", gone).status_code == 303
    assert people.mails(ed.email)[-1].subject == "A second step has been taken away at Fernshire Living Well"


@pytest.mark.parametrize("kind", ["authenticator", "passkey", "codes", "king"])
def test_what_is_not_there_cannot_be_taken_away(site: Flask, kind: str) -> None:
    browser, _mavis = people.somebody(site)
    assert browser.post(f"/account/factors/remove/{kind}", {"factor": "x"}).status_code == 404


def test_nobody_takes_anothers_away(site: Flask) -> None:
    derek = people.user("derek")
    people.authenticator(derek)
    theirs = str(factors.of(derek.id).authenticators[0].id)
    browser, _mavis = people.somebody(site)
    assert browser.post("/account/factors/remove/authenticator", {"factor": theirs}).status_code == 404


def test_adding_one_asks_for_the_password_again_after_ten_minutes(site: Flask) -> None:
    browser, mavis = people.somebody(site)
    people.sign_ins(mavis)[0].proved_at = clock.now() - dt.timedelta(minutes=11)
    db.session.commit()
    where = "/account/prove?next=/account/factors/authenticator"
    assert browser.get("/account/factors/authenticator").location == where
    assert browser.get(where).status_code == 200
    assert browser.post("/account/prove", {"password": "wrong"}).status_code == 422
    answer = browser.post("/account/prove", {"password": PASSWORD, "next": "/account/factors/authenticator"})
    assert answer.location == "/account/factors/authenticator"
    assert browser.get("/account/factors/authenticator").status_code == 200


def test_with_a_second_step_the_password_does_not_prove_anything(site: Flask) -> None:
    browser, ed = people.somebody(site, "ed", roles=("editor",))
    people.sign_ins(ed)[0].proved_at = clock.now() - dt.timedelta(minutes=11)
    db.session.commit()
    assert browser.post("/account/prove", {"password": PASSWORD}).status_code == 422


@pytest.mark.parametrize("path", ["/sign-in/passkey", "/account/prove/passkey", "/account/factors/passkey"])
@pytest.mark.parametrize(
    "credential", ["", "x", "{}", '{"id": 7}', '{"id": "AAAA"}', "[" * 3000, "x" * 30_000]
)
def test_what_no_browser_answers_is_no_passkey(site: Flask, path: str, credential: str) -> None:
    browser, _mavis = people.somebody(site)
    assert browser.post(path, {"credential": credential}).status_code == 422


# Passwords


@pytest.mark.parametrize(
    "password",
    ["", "short", "password12", "qwertyuiop", "1234567890", "fernshire2026", "Braithwaite1",
     "mavis@example.org", "livingwell1", "aaaaaaaaaaaaaaa", "x" * 201],
)  # fmt: skip
def test_what_is_guessed_first_is_refused(site: Flask, password: str) -> None:
    with pytest.raises(Refusal) as refused:
        passwords.check(password, ABOUT)
    assert (refused.value.field, refused.value.status) == ("password", 422)


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "kettle Thursday heron",
        "ceffyl gwyn mynydd uchel",
        "چائے کی کیتلی بول رہی ہے",
        "x7#Kq!9vLm2$",
    ],
)
def test_long_or_odd_ones_are_welcome(site: Flask, password: str) -> None:
    passwords.check(password, ABOUT)


def test_a_hash_holds_neither_the_password_nor_twice_the_same(site: Flask) -> None:
    one, two = passwords.hashed(PASSWORD), passwords.hashed(PASSWORD)
    assert one.startswith("$argon2id$")
    assert one != two
    assert PASSWORD not in one
    assert passwords.belong(one, PASSWORD)
    assert not passwords.belong(one, PASSWORD + " ")
    assert not passwords.belong(None, PASSWORD)
    assert not passwords.belong("not a hash", PASSWORD)
