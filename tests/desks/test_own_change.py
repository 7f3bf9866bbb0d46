"""Nobody approves their own change: an editor who has a part in what is proposed leaves it to a colleague."""

import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts import granting
from portal.db import db
from portal.directory import desk_queries
from portal.directory.models import Claim, Service
from tests import make
from tests.accounts import mandating, people
from tests.accounts.people import Browser
from tests.desks import desk

TERMS = {"first": "sheds"}


def shed() -> Service:
    """A listing that is there."""
    service = make.service("Shed", summary="Wood and tea", terms=("sheds",), run_by="Shed people")
    make.saved(indexed=False)
    return service


def part_of(app: Flask, organisation_id: uuid.UUID, kind: str = "owner") -> Browser:
    """An editor who has a part in an organisation, signed in."""
    made = people.user("ed", roles=("editor",), name="Ed Holroyd")
    granting.take_in(made, organisation_id, kind, by=people.NOBODY, now=make.NOW)
    db.session.commit()
    browser = Browser(app)
    assert browser.sign_in(made.email, people.authenticator(made)).status_code == 303
    return browser


def changed(browser: Browser, service_id: uuid.UUID, side: str = "provider") -> str:
    """The address of a change that was sent, or by an editor at their own desk: written and sent."""
    at = desk.path_of(browser.post(f"/{side}/listings/{service_id}/change"))
    assert desk.answer(browser, f"{at}/about", summary="Wood, tea and cake").status_code == 303
    assert desk.answer(browser, f"{at}/contact", phone="01632 960 001").status_code == 303
    if side == "provider":
        assert desk.answer(browser, f"{at}/conduct", agreed="yes", name="Ed").status_code == 303
    assert browser.post(f"{at}/send").status_code == 303
    return f"/editor/proposals/{at.rpartition('/')[2]}"


def test_an_editor_does_not_approve_the_change_of_their_own_organisation(each_site: Flask) -> None:
    service = shed()
    ed = part_of(each_site, service.organisation_id)
    settle = changed(ed, service.id)
    edition = desk.proposal().edition
    page = ed.get(settle)
    assert page.status_code == 200
    assert "Approve it" not in page.text
    assert "somebody else has to look at it" in page.text
    refused = ed.post(f"{settle}/approve", {"edition": str(edition), **TERMS})
    assert refused.status_code == 409
    assert "somebody else has to look at it" in refused.text
    assert desk.again(service.id).summary == "Wood and tea"
    ada, _ada = desk.editor(each_site, "ada", name="Ada Marsh")
    assert "Ada Marsh" in ed.get(settle).text, "who can do it instead"
    assert desk.press(ada, settle, f"{settle}/approve", **TERMS).status_code == 303
    assert desk.again(service.id).summary == "Wood, tea and cake"


def test_an_editor_does_not_approve_the_new_entry_that_they_sent_in_themselves(site: Flask) -> None:
    ed, _ed = desk.editor(site)
    at = desk.begun(ed)
    desk.write(ed, at)
    assert ed.post(f"{at}/send").status_code == 303
    settle = f"/editor/proposals/{at.rpartition('/')[2]}"
    assert "Approve it" not in ed.get(settle).text
    edition = str(desk.proposal().edition)
    assert ed.post(f"{settle}/approve", {"edition": edition, "first": "lunch-clubs"}).status_code == 409
    assert desk.proposal().state == "waiting"


@pytest.mark.parametrize("kind", ["owner", "manager", "worker"])
def test_what_an_editor_writes_of_their_own_organisation_waits_for_a_colleague(
    site: Flask, kind: str
) -> None:
    service = shed()
    ed = part_of(site, service.organisation_id, kind)
    at = desk.path_of(ed.post(f"/editor/listings/{service.id}/change"))
    assert desk.answer(ed, f"{at}/about", summary="Wood, tea and cake").status_code == 303
    assert desk.answer(ed, f"{at}/contact", phone="01632 960 001").status_code == 303
    page = ed.get(f"{at}/send").text
    assert "somebody else has to look at it" in page
    assert "Publish it now" not in page
    assert ed.post(f"{at}/send").status_code == 303
    assert desk.again(service.id).summary == "Wood and tea"
    assert desk.proposal().state == "waiting"
    settle = f"/editor/proposals/{at.rpartition('/')[2]}"
    ada, _ada = desk.editor(site, "ada")
    assert desk.press(ada, settle, f"{settle}/approve", **TERMS).status_code == 303
    assert desk.again(service.id).summary == "Wood, tea and cake"


def test_where_there_is_no_other_editor_an_administrator_approves(each_site: Flask) -> None:
    service = shed()
    ed = part_of(each_site, service.organisation_id)
    settle = changed(ed, service.id)
    ada, _ada = people.somebody(each_site, "ada", roles=("administrator",), name="Ada Marsh")
    assert "Ada Marsh" in ed.get(settle).text
    page = ada.get(settle)
    assert page.status_code == 200
    assert ada.get(f"/editor/entries/{settle.rpartition('/')[2]}/preview").status_code == 200
    done = desk.press(ada, settle, f"{settle}/approve", **TERMS)
    assert ada.get(desk.path_of(done)).status_code == 200
    assert desk.again(service.id).summary == "Wood, tea and cake"


def test_where_there_is_another_editor_it_is_no_matter_of_administrators(site: Flask) -> None:
    service = shed()
    ed = part_of(site, service.organisation_id)
    settle = changed(ed, service.id)
    desk.editor(site, "priya")
    ada, _ada = people.somebody(site, "ada", roles=("administrator",))
    assert ada.get(settle).status_code == 404
    assert ada.post(f"{settle}/approve").status_code == 404


def test_an_administrator_of_another_council_or_with_a_part_in_it_does_not_stand_in(site: Flask) -> None:
    service = shed()
    ed = part_of(site, service.organisation_id)
    settle = changed(ed, service.id)
    edition = str(desk.proposal().edition)
    olga_user = people.user("olga", roles=("administrator",), of="millbrook")
    olga = Browser(site, "millbrook.localhost")
    assert olga.sign_in(olga_user.email, people.authenticator(olga_user)).status_code == 303
    assert olga.get(settle).status_code == 404
    ada_user = people.user("ada", roles=("administrator",))
    granting.take_in(ada_user, service.organisation_id, "worker", by=people.NOBODY, now=make.NOW)
    db.session.commit()
    ada = Browser(site)
    assert ada.sign_in(ada_user.email, people.authenticator(ada_user)).status_code == 303
    assert ada.post(f"{settle}/approve", {"edition": edition, **TERMS}).status_code == 409
    assert "Nobody else at the council can do that now" in ed.get(settle).text


def test_nobody_grants_their_own_claim(site: Flask) -> None:
    service = shed()
    ed, _ed = desk.editor(site)
    assert ed.post(f"/provider/claim/{service.id}", {"reason": "I chair it"}).status_code == 303
    claim = db.session.query(Claim).one()
    page = f"/editor/claims/{claim.id}"
    assert "Say yes" not in ed.get(page).text
    assert ed.post(f"{page}/grant", {"kind": "owner"}).status_code == 409
    assert desk_queries.owners(service.organisation_id) == 0
    ada, _ada = desk.editor(site, "ada")
    assert ada.post(f"{page}/grant", {"kind": "owner"}).status_code == 303
    assert desk_queries.owners(service.organisation_id) == 1


@pytest.mark.parametrize("act", ["publish", "restore", "make-public", "lift"])
def test_an_editor_makes_nothing_of_their_own_organisation_public_by_another_way(
    each_site: Flask, act: str
) -> None:
    service = shed()
    ed = part_of(each_site, service.organisation_id)
    ada, _ada = desk.editor(each_site, "ada")
    page = f"/editor/listings/{service.id}"
    undone = {"publish": "archive", "lift": "suspend"}.get(act)
    if undone:
        assert desk.press(ada, page, f"{page}/{undone}", reason="A complaint").status_code == 303
    sent = {"number": "1"} if act == "restore" else {}
    seen = f"{page}/history" if act == "restore" else page
    refused = desk.press(ed, seen, f"{page}/{act}", **sent)
    assert refused.status_code == 409
    assert "another editor has to do it" in refused.text
    if act in ("publish", "lift"):
        assert desk.press(ada, page, f"{page}/{act}").status_code == 303


# Organisations that act for people


def claimed(app: Flask) -> str:
    """The address of a claim to an organisation that manages Mavis's account."""
    service = shed()
    mandating.active(mandating.mavis(), service.organisation_id, mandating.terms("managed"))
    derek, _derek = people.somebody(app, "derek", name="Derek Braithwaite")
    reason = {"reason": "I run it on Mondays, ring the shed"}
    assert derek.post(f"/provider/claim/{service.id}", reason).status_code == 303
    return f"/editor/claims/{db.session.scalars(sa.select(Claim.id)).one()}"


def test_who_joins_an_organisation_that_acts_for_people_is_for_an_administrator_to_say(
    each_site: Flask,
) -> None:
    claim = claimed(each_site)
    ed, _ed = desk.editor(each_site)
    ada, _ada = people.somebody(each_site, "ada", roles=("administrator",), name="Ada Marsh")
    page = ed.get(claim).text
    assert "an administrator decides who joins it: Ada Marsh" in page
    assert "Say yes" not in page
    refused = ed.post(f"{claim}/grant", {"kind": "owner"})
    assert refused.status_code == 409
    assert "an administrator decides who joins it" in refused.text
    assert "Derek Braithwaite, for Shed people" in ada.get("/editor/stand-in").text
    assert "Say yes" in ada.get(claim).text
    done = ada.post(f"{claim}/grant", {"kind": "owner"})
    assert desk.path_of(done) == "/editor/stand-in"
    assert "Nothing waits for you" in ada.get("/editor/stand-in").text


def test_other_claims_are_no_matter_of_administrators(site: Flask) -> None:
    service = shed()
    derek, _derek = people.somebody(site, "derek")
    assert derek.post(f"/provider/claim/{service.id}", {"reason": "I run it"}).status_code == 303
    claim = f"/editor/claims/{db.session.scalars(sa.select(Claim.id)).one()}"
    ada, _ada = people.somebody(site, "ada", roles=("administrator",))
    assert ada.get(claim).status_code == 404
    assert "Nothing waits for you" in ada.get("/editor/stand-in").text
    ed, _ed = desk.editor(site)
    assert ed.get("/editor/stand-in").status_code == 404


def test_an_administrator_finds_what_no_editor_may_settle(site: Flask) -> None:
    service = shed()
    ed = part_of(site, service.organisation_id)
    settle = changed(ed, service.id)
    ada, _ada = people.somebody(site, "ada", roles=("administrator",))
    assert "Standing in" in ada.get("/").text
    assert f'href="{settle}"' in ada.get("/editor/stand-in").text
    desk.editor(site, "priya")
    assert f'href="{settle}"' not in ada.get("/editor/stand-in").text
