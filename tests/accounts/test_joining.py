"""Ways in that begin with a mail: joining, invitations, new passwords. Each link works once, and by its button only."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock
from portal.accounts import actions, granting, links
from portal.accounts.models import Link, User
from portal.db import db
from tests import make
from tests.accounts import people
from tests.accounts.people import PASSWORD, Browser

NEW = "seven kettles whistle"
ASKED = {"name": "Mavis Braithwaite", "email": "mavis@example.org"}


def test_mavis_makes_an_account(each_site: Flask) -> None:
    browser = Browser(each_site)
    assert browser.post("/register", ASKED).location == "/look-in-your-mail"
    (mail,) = people.mails("mavis@example.org")
    assert mail.subject == "Make your account at Fernshire Living Well"
    path = people.link_in(mail)
    page = browser.get(path)
    assert "Mavis Braithwaite" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    answer = browser.post(path, {"name": "Mavis Braithwaite", "password": NEW})
    assert (answer.status_code, answer.location) == (303, "/account/")
    assert browser.is_signed_in()
    assert people.again("mavis@example.org").email_confirmed_at is not None


@pytest.mark.parametrize("path", ["/register", "/register/provider", "/forgotten", "/this-computer"])
def test_the_answer_is_the_same_whether_the_address_is_known(site: Flask, path: str) -> None:
    people.user("mavis")
    browser = Browser(site)
    known, unknown = (
        browser.post(path, {**ASKED, "email": f"{key}@example.org"}) for key in ("mavis", "nobody")
    )
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert len(people.mails("mavis@example.org")) == len(people.mails("nobody@example.org")) == 1


def test_who_has_an_account_is_told_so_by_mail_alone(site: Flask) -> None:
    people.user("mavis")
    Browser(site).post("/register", {**ASKED, "name": "Somebody Else"})
    (mail,) = people.mails("mavis@example.org")
    assert "You have one already" in mail.text
    assert people.again("mavis@example.org").name == "Mavis"


def test_what_a_stranger_typed_as_a_name_is_in_no_mail(site: Flask) -> None:
    Browser(site).post("/register", {**ASKED, "name": "Win a prize at evil.example"})
    (mail,) = people.mails()
    assert "evil.example" not in f"{mail.subject}{mail.text}{mail.html}"


def test_nobody_fills_anothers_letter_box(site: Flask) -> None:
    browser = Browser(site)
    answers = {browser.post("/forgotten", {"email": "mavis@example.org"}).location for _ in range(8)}
    assert answers == {"/look-in-your-mail"}
    assert len(people.mails("mavis@example.org")) == 5


@pytest.mark.parametrize(
    "email", ["", "mavis", "mavis@", "@example.org", "a b@c d.org,x@y.org", "x" * 300 + "@example.org"]
)
def test_an_address_that_is_none_is_told(site: Flask, email: str) -> None:
    answer = Browser(site).post("/register", {**ASKED, "email": email})
    assert answer.status_code == 422
    assert people.mails() == []


# Links


def reset_link(site: Flask) -> tuple[Browser, str]:
    """A browser, and the path of a link to set a new password for Mavis."""
    people.user("mavis")
    browser = Browser(site)
    browser.post("/forgotten", {"email": "mavis@example.org"})
    return browser, people.link_in(people.mails("mavis@example.org")[-1])


def test_a_mail_scanner_that_opens_the_link_changes_nothing(each_site: Flask) -> None:
    browser, path = reset_link(each_site)
    before = people.again("mavis@example.org").password
    for method in ("GET", "HEAD", "GET"):
        Browser(each_site).open(path, method=method)
    assert people.again("mavis@example.org").password == before
    assert browser.post(path, {"password": NEW}).status_code == 200
    assert people.again("mavis@example.org").password != before


def test_a_link_works_once(each_site: Flask) -> None:
    browser, path = reset_link(each_site)
    assert "You have a new password" in browser.post(path, {"password": NEW}).text
    assert browser.get(path).status_code == 410
    assert browser.post(path, {"password": "another seven kettles"}).status_code == 410


def test_a_refused_password_does_not_use_the_link_up(site: Flask) -> None:
    browser, path = reset_link(site)
    answer = browser.post(path, {"password": "mavis@example.org"})
    assert answer.status_code == 422
    assert "too easy to guess" in answer.text
    assert browser.post(path, {"password": NEW}).status_code == 200


def test_a_link_is_short_lived(each_site: Flask) -> None:
    browser, path = reset_link(each_site)
    link = db.session.scalars(sa.select(Link)).one()
    assert link.ends_at - link.made_at == dt.timedelta(minutes=30)
    link.ends_at = clock.now()
    db.session.commit()
    assert browser.get(path).status_code == 410
    assert browser.post(path, {"password": NEW}).status_code == 410


def test_a_newer_link_makes_the_older_worthless(site: Flask) -> None:
    browser, old = reset_link(site)
    browser.post("/forgotten", {"email": "mavis@example.org"})
    new = people.link_in(people.mails("mavis@example.org")[-1])
    assert (browser.get(old).status_code, browser.get(new).status_code) == (410, 200)


def test_of_two_who_press_the_button_at_once_one_is_first(each_site: Flask) -> None:
    _browser, path = reset_link(each_site)
    found = links.find(path.rpartition("/")[2], clock.now())
    assert found
    assert [links.use(found.id, clock.now()) for _ in range(2)] == [True, False]


def test_only_a_hash_of_a_link_is_kept(site: Flask) -> None:
    _browser, path = reset_link(site)
    kept = db.session.scalars(sa.select(Link)).one()
    assert kept.token not in path
    assert path.rpartition("/")[2] not in str(kept.facts)


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "%00", "..%2f", "é"])
def test_a_link_that_nobody_made_is_gone(site: Flask, token: str) -> None:
    assert Browser(site).get(f"/links/{token}").status_code in (404, 410)


def test_links_in_mails_lead_to_the_councils_own_address_whatever_the_request_said(site: Flask) -> None:
    people.user("mavis")
    browser = Browser(site)
    browser.open(
        "/forgotten", method="POST", data={"email": "mavis@example.org", "csrf_token": browser.token()},
        headers={"X-Forwarded-Host": "evil.example"},
    )  # fmt: skip
    assert "http://fernshire.localhost:5000/links/" in people.mails()[-1].text


# New passwords


def test_a_new_password_signs_everybody_out_and_leaves_the_second_step(each_site: Flask) -> None:
    mavis = people.user("mavis")
    secret = people.authenticator(mavis)
    thief = Browser(each_site)
    thief.sign_in(mavis.email, secret, later=-1)
    browser = Browser(each_site)
    browser.post("/forgotten", {"email": mavis.email})
    browser.post(people.link_in(people.mails(mavis.email)[-1]), {"password": NEW})
    assert not thief.is_signed_in()
    assert not browser.is_signed_in()
    answer = browser.post("/sign-in", {"email": mavis.email, "password": NEW})
    assert answer.location == "/sign-in/code"
    assert browser.sign_in(mavis.email).status_code == 422  # the old password
    assert people.mails(mavis.email)[-1].subject == "Your password at Fernshire Living Well has changed"


def test_who_changes_it_themselves_stays_signed_in_here_alone(each_site: Flask) -> None:
    browser, mavis = people.somebody(each_site)
    other = Browser(each_site)
    other.sign_in(mavis.email)
    answer = browser.post("/account/password", {"current_password": PASSWORD, "password": NEW})
    assert answer.status_code == 303
    assert (browser.is_signed_in(), other.is_signed_in()) == (True, False)


def test_without_the_password_of_now_it_does_not_change(site: Flask) -> None:
    browser, mavis = people.somebody(site)
    before = people.again(mavis.email).password
    answer = browser.post("/account/password", {"current_password": "a guess", "password": NEW})
    assert answer.status_code == 422
    assert "That is not your password now" in answer.text
    assert people.again(mavis.email).password == before


def test_setting_one_asks_for_a_factor_that_was_shown_lately(site: Flask) -> None:
    browser, mavis = people.somebody(site)
    people.sign_ins(mavis)[0].proved_at = clock.now() - dt.timedelta(minutes=11)
    db.session.commit()
    answer = browser.post("/account/password", {"current_password": PASSWORD, "password": NEW})
    assert answer.location == "/account/prove?next=/account/password"


# Another address


def test_another_address_counts_once_its_own_link_is_pressed(each_site: Flask) -> None:
    browser, mavis = people.somebody(each_site)
    assert browser.post("/account/email", {"email": "mavis.b@example.org"}).location == "/account/email/sent"
    assert people.again("mavis@example.org").id == mavis.id
    assert (
        people.mails("mavis@example.org")[-1].subject
        == "Your e-mail address at Fernshire Living Well may change"
    )
    path = people.link_in(people.mails("mavis.b@example.org")[-1])
    browser.get(path)
    assert people.again("mavis@example.org").id == mavis.id
    assert browser.post(path).status_code == 200
    assert people.again("mavis.b@example.org").id == mavis.id
    assert (
        people.mails("mavis@example.org")[-1].subject
        == "Your e-mail address at Fernshire Living Well has changed"
    )


def test_the_address_of_another_account_is_not_told_apart(site: Flask) -> None:
    people.user("derek")
    browser, mavis = people.somebody(site)
    assert browser.post("/account/email", {"email": "derek@example.org"}).location == "/account/email/sent"
    assert "links/" not in people.mails("derek@example.org")[-1].text
    assert people.again("mavis@example.org").id == mavis.id


def test_a_new_password_stops_a_change_of_address(site: Flask) -> None:
    browser, mavis = people.somebody(site)
    browser.post("/account/email", {"email": "thief@example.org"})
    path = people.link_in(people.mails("thief@example.org")[-1])
    browser.post("/account/password", {"current_password": PASSWORD, "password": NEW})
    assert browser.post(path).status_code == 410
    assert people.again(mavis.email).id == mavis.id


# Invitations


def test_an_invitation_opens_an_account_with_its_role(each_site: Flask) -> None:
    ed = granting.found_or_new("ed@example.org", "Ed", make.NOW)
    granting.grant_role(ed, make.council(), "editor", by=people.NOBODY, now=make.NOW)
    granting.invite(ed, make.council(), "Editor", by=granting.By(None, "tests", "Ada"), now=clock.now())
    db.session.commit()
    (mail,) = people.mails("ed@example.org")
    assert "Ada has invited you. What you will do: Editor." in mail.text
    browser = Browser(each_site)
    answer = browser.post(people.link_in(mail), {"name": "Ed Holroyd", "password": NEW})
    assert answer.status_code == 303
    assert browser.get("/account/").location == "/account/factors/"


def test_joining_needs_a_name(site: Flask) -> None:
    browser = Browser(site)
    browser.post("/register", ASKED)
    answer = browser.post(people.link_in(people.mails()[-1]), {"name": " ", "password": NEW})
    assert answer.status_code == 422
    assert "Type your name" in answer.text


def test_registering_twice_makes_one_account(each_site: Flask) -> None:
    browser = Browser(each_site)
    for _ in range(2):
        browser.post("/register", ASKED)
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1


def test_what_has_no_words_cannot_be_told(site: Flask) -> None:
    with pytest.raises(ValueError, match="no words"):
        actions.tell_of_change(people.user("mavis"), "shoe size", make.council(), now=make.NOW)
