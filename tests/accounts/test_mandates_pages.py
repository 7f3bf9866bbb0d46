"""The desks of mandates: officers', a person's own, and a representative's; and what strangers find there: nothing."""

import datetime as dt
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock
from portal.accounts import acting, mandates, permissions, supported
from portal.accounts.models import Asking, Joining, Mandate, Person, User
from portal.audit import AuditEvent
from portal.db import db
from tests import make
from tests.accounts import mandating, people
from tests.accounts.mandating import account, at, terms
from tests.accounts.people import Browser
from tests.html_valid import validate
from tests.statements import statements

DEREK = {"name": "Derek", "email": "derek@example.org", "basis": "nominated", "scope": "approve"}


def at_desk(app: Flask, user: User, host: str = "localhost") -> Browser:
    """Somebody's browser, signed in with a second factor."""
    browser, email = Browser(app, host=host), user.email
    secret = people.authenticator(user)
    assert browser.sign_in(email, secret).status_code == 303
    return browser


def sam(app: Flask) -> Browser:
    """A care manager's browser."""
    return people.somebody(app, "sam", roles=("care_manager",))[0]


def ada(app: Flask) -> Browser:
    """An administrator's browser."""
    return people.somebody(app, "ada", roles=("administrator",))[0]


def only(model: type[Mandate] | type[Person] | type[Asking]) -> uuid.UUID:
    """The id of the only row there is."""
    db.session.rollback()
    return db.session.scalars(sa.select(model.id)).one()


def state() -> str:
    """How the only mandate stands in the database."""
    db.session.rollback()
    return db.session.scalars(sa.select(Mandate.state)).one()


# Officers


def test_two_officers_do_all_of_it_from_their_desks(each_site: Flask) -> None:
    of_sam, of_ada = sam(each_site), ada(each_site)
    added = of_sam.post("/care/people/add", {"name": "Mavis Braithwaite", "reference": "F-1041"})
    mavis = only(Person)
    assert added.location == f"/care/people/{mavis}"
    wanted = {**DEREK, "payment_limit": "250", "month_limit": "£1,000", "ends_on": "27/3/2037"}
    answer = of_sam.post(f"/care/people/{mavis}/ask", wanted)
    made = only(Mandate)
    page = f"/care/people/mandates/{made}"
    assert answer.location == page
    assert "I have seen the papers: grant it" in of_sam.get(page).text
    assert of_sam.post(f"{page}/grant", {"evidence": "File F-1041"}).location == page
    assert "Another officer has to approve it." in of_sam.get(page).text
    assert of_sam.post(f"{page}/approve").status_code == 409
    assert state() == "granted"
    assert "Derek for Mavis Braithwaite" in of_ada.get("/care/people/").text
    assert "I agree: approve it" in of_ada.get(page).text
    assert of_ada.post(f"{page}/approve").location == page
    assert state() == "active"
    shown = of_ada.get(f"/care/people/{mavis}").text
    for words in ("In force", "up to £250.00 a payment and £1,000.00 a month", "to 27 March 2037"):
        assert words in shown
    assert of_ada.post(f"{page}/end", {"why": ""}).status_code == 422
    assert of_ada.post(f"{page}/end", {"why": "The court has ruled."}).location == page
    assert state() == "ended"
    assert "“The court has ruled.”" in of_sam.get(f"/care/people/{mavis}").text


def test_an_officer_refuses_with_words(each_site: Flask) -> None:
    made = mandating.asked(mandating.mavis(), account("derek")).id
    browser, page = sam(each_site), f"/care/people/mandates/{made}"
    refused = browser.post(f"{page}/refuse", {"why": " "})
    assert refused.status_code == 422
    assert "Error: Derek for Mavis" in refused.text
    assert browser.post(f"{page}/refuse", {"why": "Not signed"}).location == page
    assert "“Not signed”" in browser.get(page).text


def test_a_change_is_one_officers_grant_and_anothers_approval(each_site: Flask) -> None:
    old = mandating.active(mandating.mavis(), account("derek"), terms(payment_limit_pence=25_000)).id
    of_sam, of_ada = sam(each_site), ada(each_site)
    form = of_sam.get(f"/care/people/mandates/{old}/change").text
    assert 'value="250.00"' in form
    assert 'value="23/11/2026"' in form
    changed = {"scope": "approve", "payment_limit": "500", "starts_on": "23/11/2026", "evidence": "Letter"}
    assert of_sam.post(f"/care/people/mandates/{old}/change", {**changed, "evidence": ""}).status_code == 422
    new = of_sam.post(f"/care/people/mandates/{old}/change", changed).location
    assert of_ada.post(f"{new}/approve").status_code == 303
    db.session.rollback()
    stand = {one.payment_limit_pence: one.state for one in db.session.scalars(sa.select(Mandate))}
    assert stand == {25_000: "ended", 50_000: "active"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"email": "derek"}, "Type an e-mail address"),
        ({"name": " "}, "Type the name of who is to act"),
        ({"basis": ""}, "Choose on what grounds they act"),
        ({"scope": ""}, "Choose what they may do"),
        ({"payment_limit": "lots"}, "Type an amount in pounds"),
        ({"payment_limit": "-5"}, "Type an amount of nothing or more"),
        ({"payment_limit": "50", "month_limit": "20"}, "at least the one for a payment"),
        ({"ends_on": "yesterday"}, "Type a date with a day"),
        ({"ends_on": "1/1/2020"}, "Type a last day that is still to come"),
        ({"basis": "trust_circle"}, "Type how many must agree"),
        ({"basis": "trust_circle", "needed": "two"}, "Type how many must agree"),
        ({"basis": "managed"}, "Nobody with that address runs an organisation here"),
        ({"email": "mavis@example.org"}, "Nobody needs leave to act for themselves"),
        ({"email": "closed@example.org"}, "That account has been closed"),
    ],
)
def test_what_does_not_hold_is_told_beside_its_field_and_nothing_typed_is_lost(
    site: Flask, changed: dict[str, str], words: str
) -> None:
    people.user("closed", state="closed")
    mavis = mandating.mavis().id
    answer = sam(site).post(f"/care/people/{mavis}/ask", {**DEREK, "month_limit": "1000", **changed})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'class="govuk-error-summary"' in answer.text
    if changed.get("name") is None:
        assert 'value="Derek"' in answer.text
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Mandate.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(User.id)).where(User.name == "Derek")) == 0


def test_a_managed_account_is_for_the_organisation_of_who_has_that_address(site: Flask) -> None:
    mavis, (tom, organisation) = mandating.mavis().id, mandating.provider()
    wanted = {**DEREK, "basis": "managed", "name": "Willow", "email": tom.email}
    assert sam(site).post(f"/care/people/{mavis}/ask", wanted).status_code == 303
    db.session.rollback()
    made = db.session.scalars(sa.select(Mandate)).one()
    assert (made.organisation_id, made.representative_id) == (organisation, None)
    assert "Willow &amp; Wren Homecare" in ada(site).get(f"/care/people/{made.person_id}").text


def test_a_circle_of_several_is_asked_for_with_its_number_once(site: Flask) -> None:
    mavis, browser = mandating.mavis().id, sam(site)
    joint = {**DEREK, "basis": "trust_circle", "needed": "2"}
    assert browser.post(f"/care/people/{mavis}/ask", joint).status_code == 303
    form = browser.get(f"/care/people/{mavis}/ask").text
    assert "There is a trust circle already, in which 2 must agree." in form
    assert 'name="needed"' not in form
    asha = {**joint, "name": "Asha", "email": "asha@example.org", "needed": ""}
    assert browser.post(f"/care/people/{mavis}/ask", asha).status_code == 303
    assert browser.get(f"/care/people/{mavis}").text.count("2 of the circle must agree") == 2


def test_two_officers_join_somebody_to_an_account_and_take_it_away_again(each_site: Flask) -> None:
    harold, of_sam, of_ada = mandating.person("Harold", reference="F-7").id, sam(each_site), ada(each_site)
    page, said = (
        f"/care/people/{harold}",
        {"email": "harold@example.org", "evidence": "Seen at home, file F-7"},
    )
    assert "Give them an account of their own" in of_sam.get(page).text
    assert of_sam.post(f"{page}/join", {**said, "email": "x"}).status_code == 422
    assert of_sam.post(f"{page}/join", {**said, "evidence": " "}).status_code == 422
    assert of_sam.post(f"{page}/join", {**said, "email": "sam@example.org"}).status_code == 422
    joining = of_sam.post(f"{page}/join", said).location
    assert "Another officer has to agree." in of_sam.get(joining).text
    assert of_sam.post(f"{joining}/approve").status_code == 409
    assert people.mails("harold@example.org") == []
    assert f'href="{joining}"' in of_ada.get("/care/people/").text
    assert f'href="{joining}"' in of_ada.get(page).text
    assert "Seen at home, file F-7" in of_ada.get(joining).text
    assert of_ada.post(f"{joining}/approve").location == page
    assert "invited" in of_ada.get(page).text
    assert people.link_in(people.mails("harold@example.org")[0])
    assert of_ada.get(joining).status_code == 404  # it is settled
    assert of_ada.post(f"{page}/part").status_code == 303
    assert "Give them an account of their own" in of_ada.get(page).text


def test_an_officer_says_no_to_an_account_with_words(each_site: Flask) -> None:
    harold, of_sam, of_ada = mandating.person("Harold").id, sam(each_site), ada(each_site)
    page = f"/care/people/{harold}"
    said = {"email": "next.door@example.org", "evidence": "He rang"}
    joining = of_sam.post(f"{page}/join", said).location
    assert of_ada.post(f"{joining}/refuse", {"why": "x" * 401}).status_code == 422
    assert of_ada.post(f"{joining}/refuse", {"why": "Anybody can ring"}).location == page
    assert "“Anybody can ring”" in of_ada.get(page).text
    assert people.mails("next.door@example.org") == []


def test_a_name_is_put_right_and_a_reference_stays_one_persons(each_site: Flask) -> None:
    mandating.person("Priya", reference="F-8")
    harold, browser = mandating.person("Harrold", reference="F-7").id, sam(each_site)
    path = f"/care/people/{harold}/correct"
    assert 'value="Harrold"' in browser.get(path).text
    assert browser.post(path, {"name": "Harold", "reference": "F-8"}).status_code == 422
    assert browser.post(path, {"name": "Harold", "reference": "F-7"}).status_code == 303
    assert "<h1>Harold</h1>" in browser.get(f"/care/people/{harold}").text


def test_people_are_found_and_stand_on_pages(site: Flask) -> None:
    for number in range(acting.PAGE + 1):
        db.session.add(
            Person(
                council_id=make.council().id,
                name=f"Person {number:03}",
                created_at=make.NOW,
                reference=f"R-{number}",
            )
        )
    db.session.commit()
    browser = sam(site)
    first = browser.get("/care/people/").text
    assert "Person 049" in first
    assert "Person 050" not in first
    assert "Person 050" in browser.get("/care/people/?page=2").text
    assert "Nobody yet" in browser.get(f"/care/people/?page={10**30}").text
    found = browser.get("/care/people/?q=R-50").text
    assert "Person 050" in found
    assert "Person 005" not in found
    for odd in ("Zebedee", "%25", "%5C", "Person%00x"):
        assert "Nobody of that name or reference" in browser.get(f"/care/people/?q={odd}").text, odd


# Who may not


@pytest.mark.parametrize("role", ["editor", "navigator", "finance", "broker"])
def test_other_roles_do_not_see_the_desk(site: Flask, role: str) -> None:
    made = mandating.asked(mandating.mavis(), account("derek"))
    person_id, mandate_id = made.person_id, made.id
    browser, _ed = people.somebody(site, "ed", roles=(role,))
    for path in ("", "add", f"{person_id}", f"{person_id}/ask", f"mandates/{mandate_id}"):
        assert browser.get(f"/care/people/{path}").status_code == 404
    assert browser.post(f"/care/people/mandates/{mandate_id}/grant", {"evidence": "x"}).status_code == 404


def _joining(person: Person) -> Joining:
    by = mandating.by(mandating.officer("wren"))
    made = supported.ask_join(person, "own@example.org", "Seen at home", by=by, now=make.NOW)
    db.session.commit()
    return made


def _addresses(made: Mandate, asking: Asking, joining: Joining) -> list[tuple[str, str]]:
    person, mandate, wanted = made.person_id, f"mandates/{made.id}", f"askings/{asking.id}"
    joined = f"joinings/{joining.id}"
    gets = [
        f"{person}",
        f"{person}/correct",
        f"{person}/join",
        f"{person}/ask",
        mandate,
        f"{mandate}/change",
        wanted,
        joined,
    ]
    posts = [f"{person}/{what}" for what in ("correct", "join", "part", "ask")]
    posts += [f"{mandate}/{what}" for what in ("grant", "approve", "refuse", "end", "change")]
    posts += [f"{wanted}/{what}" for what in ("take", "refuse")]
    posts += [f"{joined}/{what}" for what in ("approve", "refuse")]
    return [("GET", path) for path in gets] + [("POST", path) for path in posts]


def _asking(user: User) -> Asking:
    made = Asking(
        person_name="Mavis", about="My mother", basis="lpa", scope="view", council_id=make.council().id
    )
    made.asked_by, made.asked_at = user, make.NOW
    db.session.add(made)
    db.session.commit()
    return made


def test_another_councils_officers_find_nothing_of_ours(each_site: Flask) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    made, wanted = mandating.granted(mavis, derek), _asking(derek)
    joining = _joining(mandating.person("Harold"))
    addresses, person_id = _addresses(made, wanted, joining), mavis.id
    olga = people.user("olga", roles=("care_manager", "administrator"), of="millbrook")
    at_home = at_desk(each_site, olga, "millbrook.localhost")
    assert at_home.get("/care/people/").status_code == 200
    assert "Mavis" not in at_home.get("/care/people/").text
    for method, path in addresses:
        form = {
            "csrf_token": at_home.token(),
            "name": "x",
            "email": "x@example.org",
            "why": "x",
            "evidence": "x",
        }
        answer = at_home.open(f"/care/people/{path}", method=method, data=form if method == "POST" else None)
        assert answer.status_code == 404, (method, path)
    assert at_home.get(f"/account/people/{person_id}").status_code == 404
    assert state() == "granted"


def test_a_person_and_a_representative_see_their_own_and_no_others(site: Flask) -> None:
    mavis, harold, derek = mandating.mavis(), mandating.person("Harold"), account("derek")
    mandating.active(mavis, derek)
    of_others = mandating.active(harold, account("asha"))
    harolds, others = harold.id, of_others.id
    browser = at_desk(site, derek)
    assert browser.get(f"/account/people/{harolds}").status_code == 404
    assert browser.get(f"/account/people/mandates/{others}/end").status_code == 404
    assert browser.post(f"/account/people/mandates/{others}/end").status_code == 404
    assert browser.get("/account/people/ask").status_code == 404  # the council does not support him
    assert "Harold" not in browser.get("/account/people/").text


@pytest.mark.parametrize("path", ["grant", "approve", "change"])
def test_what_adds_power_asks_for_a_factor_that_was_shown_lately(site: Flask, path: str) -> None:
    made = mandating.granted(mandating.mavis(), account("derek")).id
    browser, ada = people.somebody(site, "ada", roles=("administrator",))
    for one in people.sign_ins(ada):
        one.proved_at = clock.now() - dt.timedelta(minutes=11)
    db.session.commit()
    answer = browser.post(f"/care/people/mandates/{made}/{path}", {"evidence": "x"})
    assert (answer.location or "").startswith("/account/prove?next=")
    assert state() == "granted"
    assert browser.post(f"/care/people/mandates/{made}/refuse", {"why": "No."}).status_code == 303


# A person's own pages


def test_mavis_asks_and_ends_it_at_once_without_a_reason(each_site: Flask) -> None:
    mandating.mavis()
    browser = at_desk(each_site, account("mavis"))
    assert "Nobody. You decide by yourself." in browser.get("/account/people/").text
    assert browser.get("/account/people/ask").status_code == 200
    assert browser.post("/account/people/ask", {**DEREK, "basis": "deputy"}).status_code == 422
    assert browser.post("/account/people/ask", DEREK).location == "/account/people/"
    made = only(Mandate)
    assert people.again("derek@example.org").state == "invited"
    assert people.mails("derek@example.org") == []  # nobody fills a stranger's letter box by asking
    assert "Asked for" in browser.get("/account/people/").text
    page = f"/account/people/mandates/{made}/end"
    assert "End what Derek may do for you?" in browser.get(page).text
    assert browser.post(page, {"why": "x" * 401}).status_code == 422
    assert browser.post(page, {"why": ""}).location == "/account/people/"
    assert state() == "ended"
    assert "Ended what Derek may do, at once." in browser.get("/account/people/").text
    assert browser.post(page, {"why": ""}).status_code == 409


def test_her_own_page_has_no_banner_and_notes_no_look(site: Flask) -> None:
    mavis = mandating.mavis().id
    browser = at_desk(site, account("mavis"))
    page = browser.get(f"/account/people/{mavis}").text
    assert "What is kept about you" in page
    assert "data-acting" not in page
    assert _looks() == []


def _looks() -> list[tuple[str, str | None]]:
    db.session.rollback()
    asked = sa.select(AuditEvent.actor, AuditEvent.on_behalf_of).where(
        AuditEvent.action == "person.looked_at"
    )
    return [(row.actor, row.on_behalf_of) for row in db.session.execute(asked)]


def test_the_person_sees_who_has_looked(site: Flask) -> None:
    mavis = mandating.mavis().id
    people.user("sam", name="Sam Osei", roles=("care_manager",))
    at_desk(site, account("sam")).get(f"/care/people/{mavis}")
    page = at_desk(site, account("mavis")).get("/account/people/").text
    assert "Who has looked at what is kept about you" in page
    assert "<b>Sam Osei</b>. Looked at the page." in page


# A representative's pages


def test_derek_acts_for_mavis_and_the_page_says_so(each_site: Flask) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    mandating.active(mavis, derek, terms(payment_limit_pence=25_000))
    mandating.asked(mavis, account("asha"))
    person_id, derek_id = mavis.id, derek.id
    browser = at_desk(each_site, derek)
    assert "Act for Mavis" in browser.get("/account/people/").text
    page = browser.get(f"/account/people/{person_id}").text
    for words in ("Acting for Mavis", "What Mavis has here", "mavis@example.org", "up to £250.00 a payment"):
        assert words in page
    assert "Asha" not in page  # what is between Mavis and others is not his
    assert _looks() == [(f"user:{derek_id}", f"person:{person_id}")]


@pytest.mark.parametrize("how", ["person", "officer", "date"])
def test_once_it_has_ended_the_next_click_finds_nothing(each_site: Flask, how: str) -> None:
    mavis, derek, officer = mandating.mavis(), account("derek"), mandating.officer("ada")
    made = mandating.active(mavis, derek)
    person_id = mavis.id
    browser = at_desk(each_site, derek)
    assert browser.get(f"/account/people/{person_id}").status_code == 200
    db.session.rollback()
    if how == "date":
        made.starts_on = made.ends_on = clock.today() - dt.timedelta(days=1)
    else:
        by = account("mavis") if how == "person" else officer
        mandates.end(made, "Enough.", at(by), side=how)
    db.session.commit()
    assert browser.get(f"/account/people/{person_id}").status_code == 404
    assert "data-acting" not in browser.get("/account/people/").text


def test_a_representative_stops_by_himself_and_the_audit_says_for_whom(site: Flask) -> None:
    made = mandating.active(mandating.mavis(), account("derek")).id
    browser = at_desk(site, account("derek"))
    assert "Stop acting for Mavis?" in browser.get(f"/account/people/mandates/{made}/end").text
    assert browser.post(f"/account/people/mandates/{made}/end", {"why": "I move away."}).status_code == 303
    assert state() == "ended"
    assert any("The reason: I move away." in mail.text for mail in people.mails("mavis@example.org"))
    ended = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "mandate.ended")).one()
    assert ended.on_behalf_of == ended.subject


def test_who_would_like_to_act_learns_nothing_and_an_officer_finds_whom_they_mean(each_site: Flask) -> None:
    mavis = mandating.person("Mavis Braithwaite", reference="F-1041").id
    mandating.person("Mavis Other")
    derek = account("derek")
    browser = at_desk(each_site, derek)
    wanted = {"person_name": "Mavis Braithwaite", "about": "My mother", "basis": "lpa", "scope": "approve"}
    assert browser.get("/account/people/ask-to-act").status_code == 200
    assert browser.post("/account/people/ask-to-act", {**wanted, "about": ""}).status_code == 422
    for name in ("Mavis Braithwaite", "Nobody Whatever"):
        answer = browser.post("/account/people/ask-to-act", {**wanted, "person_name": name})
        assert answer.location == "/account/people/"
    page = browser.get("/account/people/").text
    assert page.count("The council finds out whom you mean") == 2
    of_sam = sam(each_site)
    assert "Derek would like to act for Mavis Braithwaite" in of_sam.get("/care/people/").text
    db.session.rollback()
    ids = {one.person_name: one.id for one in db.session.scalars(sa.select(Asking))}
    first, second = (f"/care/people/askings/{ids[name]}" for name in ("Mavis Braithwaite", "Nobody Whatever"))
    form = of_sam.get(first).text
    assert "Mavis Braithwaite, F-1041" in form
    assert "Mavis Other" not in form
    assert "Mavis Other" in of_sam.get(f"{first}?q=Mavis").text
    assert "Nobody of that name or reference" in of_sam.get(second).text
    assert of_sam.post(f"{first}/take", {"basis": "lpa", "scope": "view"}).status_code == 422
    taken = of_sam.post(f"{first}/take", {"person": str(mavis), "basis": "lpa", "scope": "view"})
    assert taken.location == f"/care/people/mandates/{only(Mandate)}"
    assert of_sam.post(f"{second}/refuse", {"why": ""}).status_code == 422
    assert of_sam.post(f"{second}/refuse", {"why": "We cannot tell whom you mean."}).status_code == 303
    assert of_sam.get(first).status_code == 404
    assert "We cannot tell whom you mean." in browser.get("/account/people/").text


def test_who_acts_already_is_told_beside_whom_they_mean(site: Flask) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    mandating.active(mavis, derek)
    person_id, wanted, browser = mavis.id, _asking(derek).id, sam(site)
    form = {"person": str(person_id), "basis": "lpa", "scope": "view"}
    answer = browser.post(f"/care/people/askings/{wanted}/take", form)
    assert answer.status_code == 422
    assert 'href="#person"' in answer.text
    assert "They may act already" in answer.text


def test_a_person_of_another_council_cannot_be_taken(site: Flask) -> None:
    there = mandating.person("Mavis", of="millbrook").id
    wanted, browser = _asking(account("derek")).id, sam(site)
    answer = browser.post(
        f"/care/people/askings/{wanted}/take", {"person": str(there), "basis": "lpa", "scope": "view"}
    )
    assert answer.status_code == 422


# Counts and shape


def _count(reader: Browser, path: str) -> int:
    """How many questions a page asks of the database."""
    with statements() as sent:
        reader.get(path)
    return len([one for one in sent if one.lstrip().startswith("SELECT")])


def test_lists_ask_the_database_the_same_number_of_times_however_long_they_are(site: Flask) -> None:
    mavis, derek, browser = mandating.mavis(), account("derek"), sam(site)
    mandating.active(mavis, derek)
    mandating.asked(mavis, account("asha"))
    mandating.active(mavis, mandating.provider()[1], terms("managed"))
    mandating.asked(mavis, mandating.provider("asha", name="Dunham Gate Care")[1], terms("managed"))
    _joining(mandating.person("Priya"))
    _asking(derek)
    person_id = mavis.id
    own, his = at_desk(site, account("mavis")), at_desk(site, derek)
    pages = [
        (browser, "/care/people/"),
        (browser, f"/care/people/{person_id}"),
        (own, "/account/people/"),
        (his, "/account/people/"),
        (his, f"/account/people/{person_id}"),
    ]
    for reader, path in pages:
        reader.get(path)
    before = [_count(*page) for page in pages]
    db.session.rollback()
    for key in "abcdef":
        mandating.active(mavis, account(f"more-{key}"))
        mandating.asked(
            mavis, mandating.provider(f"owner-{key}", name=f"Provider {key}")[1], terms("managed")
        )
        mandating.active(mandating.person(f"Person {key}"), derek)
        _joining(mandating.person(f"Neighbour {key}"))
        _asking(derek)
    after = [_count(*page) for page in pages]
    assert after == before


def test_the_html_is_valid(site: Flask) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    asked, active = mandating.asked(mavis, account("asha")), mandating.active(mavis, derek)
    granted = mandating.granted(mandating.person("Harold"), derek)
    wanted, joining = _asking(derek), _joining(mandating.person("Priya")).id
    ids = [one.id for one in (asked, granted, active)]
    person_id, wanted_id, held = mavis.id, wanted.id, active.id
    officer = [
        *("", "add", f"{person_id}", f"{person_id}/correct", f"{person_id}/join", f"{person_id}/ask"),
        *(f"mandates/{one}" for one in ids),
        *(f"mandates/{held}/change", f"askings/{wanted_id}", f"joinings/{joining}"),
    ]
    own = ["", "ask", "ask-to-act", f"{person_id}", f"mandates/{held}/end"]
    of_sam, of_mavis, of_derek = sam(site), at_desk(site, account("mavis")), at_desk(site, derek)
    read = [(of_sam, f"/care/people/{path}") for path in officer]
    read += [(of_mavis, f"/account/people/{path}") for path in own]
    read += [(of_derek, f"/account/people/{path}") for path in ("", f"{person_id}")]
    answers = {path: reader.get(path) for reader, path in read}
    assert {path: one.status_code for path, one in answers.items() if one.status_code != 200} == {}
    assert [f"{path}: {line}" for path, one in answers.items() for line in validate(one.text)] == []


def test_the_rules_names_say_what_they_allow() -> None:
    rules = [permissions.may_act_for(scope) for scope in ("view", "request", "approve")]
    assert [rule.__name__ for rule in rules] == ["may_view_for", "may_request_for", "may_approve_for"]
    assert all(rule.__doc__ for rule in rules)


def test_the_desks_are_reached_by_links(site: Flask) -> None:
    browser = sam(site)
    page = browser.get("/account/").text
    assert 'href="/account/people/"' in page
    assert 'href="/care/people/"' in page
