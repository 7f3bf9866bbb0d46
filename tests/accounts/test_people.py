"""Who may do what: administrators for a council, owners for a provider, and two officers for who lost every step."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, jobs
from portal.accounts import factors, granting, recovering
from portal.accounts.granting import By
from portal.accounts.models import Membership, Person, Recovery, Role
from portal.audit import AuditEvent
from portal.db import db
from portal.errors import Refusal
from tests import make
from tests.accounts import people
from tests.accounts.people import Browser

ED = {"name": "Ed Holroyd", "email": "ed@example.org", "part": "editor"}


def ada(app: Flask) -> Browser:
    """An administrator's browser."""
    return people.somebody(app, "ada", roles=("administrator",))[0]


def role_of(email: str) -> Role:
    """The only part they play."""
    db.session.rollback()
    user = people.again(email)
    return db.session.scalars(sa.select(Role).where(Role.user_id == user.id, Role.ended_at.is_(None))).one()


def events() -> list[str]:
    """The names of what was noted, in order."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.at)))


def test_an_administrator_invites_an_editor(each_site: Flask) -> None:
    browser = ada(each_site)
    assert browser.get("/admin/people/invite").status_code == 200
    assert browser.post("/admin/people/invite", ED).location == "/admin/people/"
    page = browser.get("/admin/people/").text
    assert "Ed Holroyd" in page
    assert "invited" in page
    assert role_of("ed@example.org").kind == "editor"
    assert "Ada has invited you" in people.mails("ed@example.org")[0].text
    assert "role.granted" in events()


def test_who_has_an_account_gets_the_role_and_a_mail_without_a_link(site: Flask) -> None:
    people.user("ed")
    ada(site).post("/admin/people/invite", ED)
    (mail,) = people.mails("ed@example.org")
    assert "links/" not in mail.text
    assert role_of("ed@example.org").kind == "editor"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"email": "x"}, "Type an e-mail address"),
        ({"part": "king"}, "Not a valid choice"),
        ({"part": ""}, "Choose what they will do"),
        ({"name": ""}, "Type their name"),
        ({"email": "ada@example.org"}, "Nobody changes what they may do themselves"),
    ],
)
def test_an_invitation_that_does_not_hold_is_told(site: Flask, changed: dict[str, str], words: str) -> None:
    answer = ada(site).post("/admin/people/invite", {**ED, **changed})
    assert answer.status_code == 422
    assert words in answer.text
    assert people.mails() == []


def test_an_end_signs_them_out_at_once(each_site: Flask) -> None:
    browser = ada(each_site)
    of_ed, ed = people.somebody(each_site, "ed", roles=("editor",))
    assert (
        "They are signed out at once" in browser.get(f"/admin/people/roles/{role_of(ed.email).id}/end").text
    )
    assert browser.post(f"/admin/people/roles/{role_of(ed.email).id}/end").status_code == 303
    assert of_ed.get("/account/").location == "/sign-in?next=/account/"
    assert "role.ended" in events()


def test_nobody_ends_their_own_role_and_the_last_administrator_stays(site: Flask) -> None:
    browser = ada(site)
    own = role_of("ada@example.org")
    answer = browser.post(f"/admin/people/roles/{own.id}/end")
    assert answer.status_code == 409
    assert "Nobody changes what they may do themselves" in answer.text
    with pytest.raises(Refusal, match="only administrator"):
        granting.end_role(role_of("ada@example.org"), make.council(), by=people.NOBODY, now=make.NOW)


def test_an_administrator_who_has_not_joined_yet_does_not_count(site: Flask) -> None:
    ada(site)
    people.user("ben", roles=("administrator",), state="invited")
    with pytest.raises(Refusal, match="only administrator"):
        granting.end_role(role_of("ada@example.org"), make.council(), by=people.NOBODY, now=make.NOW)


def test_one_of_two_administrators_may_go(each_site: Flask) -> None:
    browser = ada(each_site)
    people.user("ben", roles=("administrator",))
    assert browser.post(f"/admin/people/roles/{role_of('ben@example.org').id}/end").status_code == 303


def test_a_role_is_for_one_council(site: Flask) -> None:
    _browser, user = people.somebody(site, "ada", roles=("administrator",))
    olga = people.user("olga", roles=("editor",), of="millbrook")
    theirs = role_of(olga.email).id
    secret = people.authenticator(user)
    there = Browser(site, host="millbrook.localhost")
    there.sign_in("ada@example.org", secret)
    assert there.get("/account/").status_code == 200
    assert there.get("/admin/people/").status_code == 404
    assert _browser.post(f"/admin/people/roles/{theirs}/end").status_code == 404


@pytest.mark.parametrize("role", ["editor", "navigator", "care_manager", "finance", "broker"])
def test_other_roles_do_not_see_the_desk(site: Flask, role: str) -> None:
    browser, _ed = people.somebody(site, "ed", roles=(role,))
    assert browser.get("/admin/people/").status_code == 404
    assert browser.post("/admin/people/invite", ED).status_code == 404


def test_inviting_asks_for_a_factor_that_was_shown_lately(site: Flask) -> None:
    ben = people.user("ben", roles=("administrator",))
    secret = people.authenticator(ben)
    browser = Browser(site)
    browser.sign_in(ben.email, secret)
    sign_in = people.sign_ins(ben)[0]
    sign_in.proved_at = clock.now() - dt.timedelta(minutes=11)
    db.session.commit()
    before = browser.cookie()["who"]
    answer = browser.post("/admin/people/invite", ED)
    assert answer.location == "/account/prove?next=/admin/people/invite"
    assert browser.post("/account/prove", {"code": "000000"}).status_code == 422
    answer = browser.post("/account/prove", {"code": people.code(secret, 1), "next": "/admin/people/invite"})
    assert answer.location == "/admin/people/invite"
    assert browser.cookie()["who"] != before
    assert 'value="ed@example.org"' in browser.get("/admin/people/invite").text  # nothing typed is lost
    assert browser.post("/admin/people/invite", ED).location == "/admin/people/"


# Providers


def tom(app: Flask) -> tuple[Browser, Membership]:
    """An owner's browser, and his part."""
    owner = people.user("tom")
    membership = granting.take_in(owner, people.organisation(), "owner", by=people.NOBODY, now=make.NOW)
    db.session.commit()
    browser = Browser(app)
    browser.sign_in(owner.email, people.authenticator(owner))
    db.session.rollback()
    return browser, membership


def test_an_owner_invites_a_worker_and_ends_it(each_site: Flask) -> None:
    browser, _membership = tom(each_site)
    answer = browser.post(
        "/provider/people/invite", {"name": "Wes", "email": "wes@example.org", "part": "worker"}
    )
    assert answer.location == "/provider/people/"
    page = browser.get("/provider/people/").text
    assert "Wes" in page
    assert "Willow &amp; Wren Homecare" in page
    wes = people.again("wes@example.org")
    part = db.session.scalars(sa.select(Membership).where(Membership.user_id == wes.id)).one().id
    assert browser.get(f"/provider/people/{part}/end").status_code == 200
    assert browser.post(f"/provider/people/{part}/end").status_code == 303
    assert "Wes" not in browser.get("/provider/people/").text
    assert {"membership.granted", "membership.ended"} <= set(events())


def test_the_only_owner_stays(site: Flask) -> None:
    _browser, membership = tom(site)
    with pytest.raises(Refusal, match="only owner"):
        granting.end_membership(membership, by=people.NOBODY, now=make.NOW)


@pytest.mark.parametrize("part", ["manager", "worker"])
def test_who_does_not_own_it_sees_no_desk(site: Flask, part: str) -> None:
    _browser, membership = tom(site)
    wes = people.user("wes")
    granting.take_in(wes, membership.organisation_id, part, by=people.NOBODY, now=make.NOW)
    db.session.commit()
    browser = Browser(site)
    browser.sign_in(wes.email, people.authenticator(wes))
    assert browser.get("/provider/people/").status_code == 404


def test_the_people_of_another_organisation_are_not_there(site: Flask) -> None:
    browser, _membership = tom(site)
    other = people.organisation("Dunham Gate Care")
    asha = people.user("asha")
    theirs = granting.take_in(asha, other, "owner", by=people.NOBODY, now=make.NOW).id
    db.session.commit()
    assert "Asha" not in browser.get("/provider/people/").text
    assert browser.get(f"/provider/people/{theirs}/end").status_code == 404
    answer = browser.post(
        "/provider/people/invite",
        {"name": "Wes", "email": "wes@example.org", "part": "owner", "organisation": str(other)},
    )
    assert answer.status_code == 404


def test_another_part_takes_the_place_of_the_first(each_site: Flask) -> None:
    _browser, membership = tom(each_site)
    wes = people.user("wes")
    for part in ("worker", "manager"):
        granting.take_in(wes, membership.organisation_id, part, by=people.NOBODY, now=make.NOW)
        db.session.commit()
    assert [m.kind for m in granting.staff([membership.organisation_id]) if m.user_id == wes.id] == [
        "manager"
    ]


# Lost second steps


def lost(*, wallet: bool) -> tuple[By, By, Recovery]:
    """Two officers, and Mavis, who has lost her authenticator; the first has asked."""
    mavis, first, second = people.user("mavis"), people.user("ada"), people.user("ben")
    people.authenticator(mavis)
    if wallet:
        db.session.add(
            Person(council_id=make.council().id, user_id=mavis.id, name="Mavis", created_at=make.NOW)
        )
    one, two = By(first.id, f"user:{first.id}"), By(second.id, f"user:{second.id}")
    made = recovering.ask(mavis, make.council(), "Met her at home with her passport.", by=one, now=make.NOW)
    db.session.commit()
    return one, two, made


def test_two_officers_let_somebody_begin_again(each_site: Flask) -> None:
    _one, two, made = lost(wallet=False)
    assert factors.of(made.user_id).count == 1
    recovering.approve(made, make.council(), by=two, now=make.NOW)
    db.session.commit()
    assert factors.of(made.user_id).count == 0
    assert [mail.subject for mail in people.mails("mavis@example.org")] == [
        "Your second step at Fernshire Living Well",
        "You can begin again at Fernshire Living Well",
    ]
    assert {"recovery.asked", "recovery.approved", "recovery.done"} <= set(events())


def test_near_money_a_day_passes_first(each_site: Flask) -> None:
    _one, two, made = lost(wallet=True)
    recovering.approve(made, make.council(), by=two, now=make.NOW)
    db.session.commit()
    user_id = made.user_id
    assert recovering.finish_due(make.NOW + dt.timedelta(hours=23)) == 0
    assert factors.of(user_id).count == 1
    db.session.rollback()
    jobs.run_due(make.NOW + dt.timedelta(hours=24))
    db.session.rollback()
    assert factors.of(user_id).count == 0


def test_it_takes_two_and_neither_is_the_person(each_site: Flask) -> None:
    one, two, made = lost(wallet=False)
    mavis = By(made.user_id, f"user:{made.user_id}")
    for by in (one, mavis, people.NOBODY):
        with pytest.raises(Refusal, match="Another officer has to agree"):
            recovering.approve(made, make.council(), by=by, now=make.NOW)
    with pytest.raises(Refusal, match="seeing to that already"):
        recovering.ask(made.user, make.council(), "Again", by=two, now=make.NOW)


def test_whoever_the_code_forgets_the_database_itself_wants_two(each_site: Flask) -> None:
    one, _two, made = lost(wallet=False)
    made.approved_by_id = one.id
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_it_can_be_stopped_until_it_is_done(each_site: Flask) -> None:
    one, two, made = lost(wallet=True)
    recovering.approve(made, make.council(), by=two, now=make.NOW)
    recovering.stop(made, make.council(), by=one, now=make.NOW)
    db.session.commit()
    assert recovering.finish_due(make.NOW + dt.timedelta(hours=25)) == 0
    with pytest.raises(Refusal, match="settled already"):
        recovering.stop(made, make.council(), by=one, now=make.NOW)


def test_officers_do_it_from_their_desk(site: Flask) -> None:
    mavis = people.user("mavis")
    people.authenticator(mavis)
    of_ada = ada(site)
    of_ben, _ben = people.somebody(site, "ben", roles=("administrator",))
    asked = {"email": "mavis@example.org", "how_checked": "Rang her back on the number we had."}
    assert of_ada.get("/admin/people/recover").status_code == 200
    assert of_ada.post("/admin/people/recover", {**asked, "email": "nobody@example.org"}).status_code == 422
    assert of_ada.post("/admin/people/recover", asked).location == "/admin/people/"
    db.session.rollback()
    made = db.session.scalars(sa.select(Recovery)).one().id
    assert "It waits for another officer to agree." in of_ada.get("/admin/people/").text
    assert of_ada.post(f"/admin/people/recoveries/{made}/approve").status_code == 409
    assert "I agree: let Mavis begin again" in of_ben.get("/admin/people/").text
    assert of_ben.post(f"/admin/people/recoveries/{made}/approve").location == "/admin/people/"
    assert of_ben.post(f"/admin/people/recoveries/{made}/stop").status_code == 404
