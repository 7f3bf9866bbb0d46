"""Nothing that somebody typed is lost when their time runs out: it waits for them, and for nobody else."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, jobs
from portal.accounts.models import KeptWords
from portal.accounts.signing_in import OWN
from portal.db import db
from portal.forms import MOST_KEPT
from tests.accounts import people
from tests.accounts.people import Browser

NOTICE = "What you typed is here: check it and send it again."


def kept() -> list[KeptWords]:
    """What is kept now."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(KeptWords)))


def test_a_long_form_whose_time_ran_out_is_filled_again_after_signing_in(each_site: Flask) -> None:
    browser, mavis = people.somebody(each_site)
    token = browser.token()
    browser.wait(OWN.idle)
    answer = browser.post("/account/name", {"name": "Mavis <Braithwaite> & co"}, token=token)
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/account/name")
    assert people.again(mavis.email).name == "Mavis"
    assert browser.sign_in(mavis.email, next="/account/name").location == "/account/name"
    page = browser.get("/account/name").text
    assert 'value="Mavis &lt;Braithwaite&gt; &amp; co"' in page
    assert NOTICE in page
    assert browser.post("/account/name", {"name": "Mavis B"}).status_code == 303
    assert people.again(mavis.email).name == "Mavis B"


def test_it_is_given_back_once(site: Flask) -> None:
    browser, mavis = people.somebody(site)
    token = browser.token()
    browser.wait(OWN.idle)
    browser.post("/account/name", {"name": "Mavis B"}, token=token)
    browser.sign_in(mavis.email)
    assert NOTICE in browser.get("/account/name").text
    assert NOTICE not in browser.get("/account/name").text
    assert kept() == []


def test_it_is_kept_when_the_sign_in_was_ended_elsewhere(site: Flask) -> None:
    browser, mavis = people.somebody(site)
    token = browser.token()
    people.sign_ins(mavis)[0].ended_at = clock.now()
    db.session.commit()
    browser.post("/account/name", {"name": "Mavis B"}, token=token)
    assert len(kept()) == 1


def test_nobody_else_gets_it(site: Flask) -> None:
    browser, _mavis = people.somebody(site)
    token = browser.token()
    browser.wait(OWN.idle)
    browser.post("/account/name", {"name": "Mavis B"}, token=token)
    people.user("derek")
    browser.sign_in("derek@example.org")
    assert "Mavis B" not in browser.get("/account/name").text
    assert len(kept()) == 1


def test_it_cannot_be_read_in_the_database(site: Flask) -> None:
    browser, _mavis = people.somebody(site)
    token = browser.token()
    browser.wait(OWN.idle)
    browser.post("/account/name", {"name": "Mavis Braithwaite"}, token=token)
    assert "Braithwaite" not in kept()[0].words


def test_secrets_are_never_kept(site: Flask) -> None:
    browser, mavis = people.somebody(site)
    token = browser.token()
    browser.wait(OWN.idle)
    browser.post("/account/password", {"password": "new one", "current_password": "old one"}, token=token)
    assert kept() == []
    assert browser.sign_in(mavis.email).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_what_another_site_sends_is_not_kept(site: Flask, headers: dict[str, str]) -> None:
    browser, _mavis = people.somebody(site)
    token = browser.token()
    browser.wait(OWN.idle)
    browser.post("/account/name", {"name": "planted"}, token=token, headers=headers)
    assert kept() == []


def test_more_than_anybody_types_is_not_kept(site: Flask) -> None:
    browser, _mavis = people.somebody(site)
    token = browser.token()
    browser.wait(OWN.idle)
    browser.post("/account/name", {"name": "x" * (MOST_KEPT + 1)}, token=token)
    assert kept() == []


def test_what_a_visitor_sends_is_not_kept(site: Flask) -> None:
    browser = Browser(site)
    answer = browser.post("/account/name", {"name": "Mavis B"})
    assert answer.location == "/sign-in?next=/account/name"
    assert kept() == []


def test_a_page_whose_token_is_of_before_the_sign_in_is_shown_again_with_the_words(each_site: Flask) -> None:
    browser, _mavis = people.somebody(each_site)
    answer = browser.post("/account/name", {"name": "Mavis B"}, token="of another time")
    assert (answer.status_code, answer.location) == (303, "/account/name")
    assert 'value="Mavis B"' in browser.get("/account/name").text


def test_a_form_of_another_site_without_its_token_changes_and_keeps_nothing(site: Flask) -> None:
    browser, mavis = people.somebody(site)
    answer = browser.post(
        "/account/name", {"name": "planted"}, token="x", headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 400
    assert kept() == []
    assert people.again(mavis.email).name == "Mavis"


def test_after_an_hour_it_is_gone(site: Flask) -> None:
    browser, mavis = people.somebody(site)
    token = browser.token()
    browser.wait(OWN.idle)
    browser.post("/account/name", {"name": "Mavis B"}, token=token)
    (words,) = kept()
    words.kept_at = clock.now() - dt.timedelta(minutes=61)
    db.session.commit()
    browser.sign_in(mavis.email)
    assert NOTICE not in browser.get("/account/name").text
    assert kept() == []


def test_the_job_deletes_what_nobody_came_back_for(site: Flask) -> None:
    browser, _mavis = people.somebody(site)
    token = browser.token()
    browser.wait(OWN.idle)
    browser.post("/account/name", {"name": "Mavis B"}, token=token)
    db.session.rollback()
    jobs.run_due(clock.now() + dt.timedelta(minutes=61))
    assert kept() == []


def test_a_form_that_is_open_to_all_does_not_make_anybody_sign_in(site: Flask) -> None:
    browser, _mavis = people.somebody(site)
    token = browser.token()
    browser.wait(OWN.idle)
    assert browser.post("/plan/clear", token=token).location == "/plan"


def test_a_part_of_a_page_leads_the_whole_page_to_the_door(site: Flask) -> None:
    here = {"HX-Request": "true", "HX-Current-URL": "http://localhost/account/computers"}
    answer = Browser(site).get("/account/", headers=here)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/sign-in?next=/account/computers")
