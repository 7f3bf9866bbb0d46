"""The provider's desk: one question at a time, and nothing is public before the council says so."""

import re
import uuid
from typing import Any

import pytest
from flask import Flask

from portal.db import db
from portal.directory import indexing, proposing
from portal.directory.drafts import CostDraft, TimeDraft
from portal.directory.models import Claim, Proposal
from tests import make
from tests.accounts import people
from tests.desks import desk
from tests.statements import statements


def test_a_newcomer_writes_an_entry_and_sends_it(each_site: Flask) -> None:
    indexing.rebuild()
    tom, _tom = people.somebody(each_site, "tom")
    assert "about fifteen minutes" in tom.get("/provider/").text
    at = desk.begun(tom)
    desk.write(tom, at)
    assert "Thursday Lunch Club" in tom.get(f"{at}/preview").text
    sent = tom.post(f"{at}/send", {"note": "New this autumn."})
    assert desk.path_of(sent) == at
    waits = desk.proposal()
    assert (waits.state, waits.note, waits.signed_by) == ("waiting", "New this autumn.", "Tom Ashworth")
    assert proposing.draft_of(waits).venues[0].postcode == "M33 7ZF"
    assert "Waiting for the council" in tom.get("/provider/").text
    assert "Thursday Lunch Club" not in desk.found(each_site, "lunch")


def test_every_question_can_be_answered(site: Flask) -> None:
    tom, _tom = people.somebody(site, "tom")
    at = desk.begun(tom)
    desk.write(tom, at)
    time: dict[str, Any] = {"days": ["tue", "thu"], "opens": "10am", "closes": "2.30pm"}
    assert desk.answer(tom, f"{at}/times", then="more", **time).status_code == 303
    assert desk.answer(tom, f"{at}/times", on="24/12/2026", by_appointment="yes").status_code == 303
    assert desk.answer(tom, f"{at}/cost", amount="4.50", unit="a session").status_code == 303
    assert desk.answer(tom, f"{at}/areas", codes=["X05000102"]).status_code == 303
    assert desk.answer(tom, f"{at}/catchment", codes=["E08000009"]).status_code == 303
    assert desk.answer(tom, f"{at}/who-for", who_for="Anybody", youngest="18").status_code == 303
    getting_in: dict[str, Any] = {"features": ["0:step-free", "0:lift", "7:lift"], "languages": ["ur", "xx"]}
    assert desk.answer(tom, f"{at}/getting-in", **getting_in).status_code == 303
    mark = {"kind": "insured", "reference": "AB 12", "expires": "31/3/2099"}
    assert desk.answer(tom, f"{at}/marks", **mark).status_code == 303
    assert desk.answer(tom, f"{at}/category", first="lunch-clubs", needs=["lonely"]).status_code == 303
    draft = proposing.draft_of(desk.proposal())
    assert draft.times[0] == make.opening("tue thu", "10:00", "14:30")
    assert draft.times[1].on
    assert draft.by_appointment
    assert draft.costs == (CostDraft("£4.50 a session", 450, "a session"),)
    assert [(area.kind, area.code) for area in draft.areas] == [
        ("comes_to_you", "X05000102"),
        ("residents_of", "E08000009"),
    ]
    assert draft.venues[0].access == ("step-free", "lift")
    assert draft.languages == ("ur",)
    assert {mark.kind: mark.reference for mark in draft.marks}["insured"] == "AB 12"
    assert desk.proposal().suggested == ["lunch-clubs", "lonely"]
    assert tom.get(f"{at}/preview").status_code == 200
    assert tom.get(at).status_code == 200


REFUSED = [
    ("name", {"name": "", "kind": "group"}, "Type its name", ""),
    ("name", {"name": "Shed", "kind": "palace"}, "Choose what it is", "Shed"),
    ("name", {"name": "x" * 201, "kind": "group"}, "1 letters too long", "x" * 201),
    ("about", {"summary": " ", "description": "All about us"}, "Say in one sentence", "All about us"),
    ("organisation", {"name": ""}, "Type the name of the organisation", ""),
    ("venues", {"address": "1 Church Road", "postcode": "M33 0XX"}, "cannot find this postcode", "M33 0XX"),
    ("venues", {"address": "1 Church Road", "postcode": "M33"}, "whole postcode", "1 Church Road"),
    ("venues", {"postcode": "M33 7ZF"}, "number and the street", "M33 7ZF"),
    ("areas", {"miles": "far", "postcode": "M33 7ZF"}, "how many miles", "far"),
    ("areas", {"miles": "3", "postcode": "Sale"}, "cannot find this postcode", "Sale"),
    ("areas", {"everywhere": "yes"}, "anywhere in the country", ""),
    ("areas", {"miles": "40", "postcode": "M33 7ZF"}, "as far as 40 miles", "40"),
    ("times", {"opens": "9", "closes": "5"}, "Tick the days", "9"),
    ("times", {"days": "mon", "opens": "ten-ish", "closes": "noonish"}, "cannot read these times", "ten-ish"),
    ("times", {"days": "mon", "opens": "10am"}, "until when", "10am"),
    ("times", {"days": "mon", "on": "24/12/2026"}, "not both", "24/12/2026"),
    ("cost", {"amount": "a fiver"}, "amount in pounds", "a fiver"),
    ("cost", {"amount": "5", "is_free": "yes"}, "ticked that it is free", "5"),
    ("who-for", {"youngest": "70", "oldest": "18"}, "other way round", "70"),
    ("who-for", {"youngest": "grown-up"}, "age in years", "grown-up"),
    ("contact", {"phone": "ask at the bar"}, "telephone number", "ask at the bar"),
    ("contact", {"website": "our site"}, "web address", "our site"),
    ("contact", {"email": "tom at example"}, "e-mail address with an @", "tom at example"),
    ("marks", {"reference": "AB 12"}, "Choose what it is", "AB 12"),
    ("marks", {"kind": "insured", "reference": "AB", "expires": "1/1/2020"}, "This ended on", "1/1/2020"),
    ("conduct", {"name": "Tom"}, "Tick the box", "Tom"),
    ("conduct", {"agreed": "yes"}, "Type your name", ""),
]


@pytest.mark.parametrize(("key", "typed", "words", "kept"), REFUSED)
def test_what_cannot_be_used_is_said_kindly_and_stays(
    site: Flask, key: str, typed: dict[str, str], words: str, kept: str
) -> None:
    tom, _tom = people.somebody(site, "tom")
    at = desk.begun(tom)
    before = desk.proposal().edition
    refused = desk.answer(tom, f"{at}/{key}", **typed)
    assert refused.status_code == 422
    assert words in refused.text
    assert "<title>Error: " in refused.text
    assert kept in refused.text
    assert desk.proposal().edition == before


def test_an_over_wide_claim_stands_once_somebody_says_how(site: Flask) -> None:
    tom, _tom = people.somebody(site, "tom")
    at = desk.begun(tom)
    wide = {"everywhere": "yes", "far": "We are a helpline."}
    assert desk.answer(tom, f"{at}/areas", **wide).status_code == 303
    assert desk.proposal().far == "We are a helpline."
    assert desk.answer(tom, f"{at}/areas", codes=["E08000009"], far="We are a helpline.").status_code == 303
    assert desk.proposal().far == "", "it is not far any more"


def test_a_council_ticked_with_parts_of_it_is_left_out_and_they_are_told(site: Flask) -> None:
    tom, _tom = people.somebody(site, "tom")
    at = desk.begun(tom)
    went = desk.answer(tom, f"{at}/areas", codes=["E08000009", "X05000101", "X05000102"])
    assert [area.code for area in proposing.draft_of(desk.proposal()).areas] == ["X05000101", "X05000102"]
    told = tom.get(desk.path_of(went)).text
    assert "You ticked Fernshire and also parts of it" in told
    assert "You ticked" not in tom.get(desk.path_of(went)).text, "once"


def test_several_things_are_added_changed_and_taken_away(site: Flask) -> None:
    tom, _tom = people.somebody(site, "tom")
    at = desk.begun(tom)
    for words in ("A pound", "Two pounds", "Three pounds"):
        desk.answer(tom, f"{at}/cost", then="more", words=words)
    page = tom.get(f"{at}/cost?at=1").text
    assert 'value="Two pounds"' in page
    changed = {"was": desk.hidden(page, "was"), "at": "1", "words": "Two pounds fifty", "then": "more"}
    assert tom.post(f"{at}/cost", changed).status_code == 303
    page = tom.get(f"{at}/cost").text
    taken = {"was": desk.hidden(page, "was"), "then": "take-0", "words": "half typed"}
    left = tom.post(f"{at}/cost", taken)
    assert left.status_code == 200
    assert 'value="half typed"' in left.text
    assert [c.words for c in proposing.draft_of(desk.proposal()).costs] == [
        "Two pounds fifty",
        "Three pounds",
    ]


def test_a_price_cannot_be_added_behind_somebodys_back(site: Flask) -> None:
    """Two people of one organisation on the same question: the second sees the first's words, and loses none."""
    organisation = people.organisation()
    tom, _tom = desk.provider(site, organisation, "tom")
    asha, _asha = desk.provider(site, organisation, "asha", "manager")
    at = desk.begun(tom)
    page = asha.get(f"{at}/about").text
    desk.answer(tom, f"{at}/about", summary="Tom’s words")
    second = asha.post(f"{at}/about", {"was": desk.hidden(page, "was"), "summary": "Asha’s words"})
    assert second.status_code == 409
    assert "Tom’s words" in second.text
    assert "Asha’s words" in second.text
    assert proposing.draft_of(desk.proposal()).summary == "Tom’s words"
    merged = {"was": desk.hidden(second.text, "was"), "summary": "Tom’s and Asha’s words"}
    assert asha.post(f"{at}/about", merged).status_code == 303
    assert proposing.draft_of(desk.proposal()).summary == "Tom’s and Asha’s words"


def test_an_entry_that_is_not_ready_says_what_is_missing(site: Flask) -> None:
    tom, _tom = people.somebody(site, "tom")
    at = desk.begun(tom)
    page = tom.get(f"{at}/send").text
    for words in (
        "Say what it is called",
        "Say who runs it",
        "nobody could find it",
        "Sign our code of conduct",
    ):
        assert words in page
    assert tom.post(f"{at}/send").status_code == 422
    assert desk.proposal().state == "draft"


def test_what_was_sent_can_be_taken_back_and_given_up(site: Flask) -> None:
    tom, _tom = people.somebody(site, "tom")
    at = desk.begun(tom)
    desk.write(tom, at)
    tom.post(f"{at}/send")
    assert tom.get(f"{at}/name").status_code == 303, "it is out of their hands"
    page = {"was": "", "name": "Behind the council’s back", "kind": "group"}
    assert tom.post(f"{at}/name", page).status_code == 409
    assert desk.path_of(tom.post(f"{at}/take-back")) == at
    assert desk.answer(tom, f"{at}/name", name="Friday Lunch Club", kind="group").status_code == 303
    assert tom.get(f"{at}/withdraw").status_code == 200
    assert desk.path_of(tom.post(f"{at}/withdraw")) == "/provider/"
    assert desk.proposal().state == "withdrawn"
    assert "Friday Lunch Club" not in tom.get("/provider/").text


def test_a_change_begins_from_the_listing_and_changes_nothing_public(each_site: Flask) -> None:
    service = make.service("Shed", summary="Wood and tea", terms=("sheds",))
    make.saved()
    tom, _tom = desk.provider(each_site, service.organisation_id)
    at = desk.path_of(tom.post(f"/provider/listings/{service.id}/change"))
    assert "You have changed nothing" not in tom.get(at).text
    desk.answer(tom, f"{at}/about", summary="Wood, tea and company")
    overview = tom.get(at).text
    assert "<ins>" in overview
    assert "[put in: </span>" in overview
    assert desk.again(service.id).summary == "Wood and tea"
    assert desk.path_of(tom.post(f"/provider/listings/{service.id}/change")) == at, "the same one goes on"


def test_places_free_and_closing_for_now_are_public_at_once(each_site: Flask) -> None:
    service = make.service("Shed")
    make.saved()
    tom, _tom = desk.provider(each_site, service.organisation_id)
    now = f"/provider/listings/{service.id}/now"
    assert tom.get(now).status_code == 200
    assert tom.post(now, {"vacancies": "3 places on Tuesdays", "closed": "yes"}).status_code == 303
    public = people.Browser(each_site).get(f"/services/{service.id}").text
    assert "3 places on Tuesdays" in public
    assert "closed for now" in public
    assert tom.post(now, {"vacancies": ""}).status_code == 303
    assert desk.again(service.id).status == "active"
    assert tom.post(now, {"vacancies": "x" * 201}).status_code == 422


def test_a_worker_sees_and_does_not_write(site: Flask) -> None:
    service = make.service("Shed")
    make.saved()
    tom, _tom = desk.provider(site, service.organisation_id)
    at = desk.path_of(tom.post(f"/provider/listings/{service.id}/change"))
    will, _will = desk.provider(site, service.organisation_id, "will", "worker")
    assert "Shed" in will.get("/provider/").text
    assert will.get(at).status_code == 200
    assert will.get(f"{at}/name").status_code == 404
    for path in (f"{at}/name", f"{at}/send", f"{at}/withdraw", f"/provider/listings/{service.id}/change"):
        assert will.post(path).status_code == 404, path
    assert will.post(f"/provider/listings/{service.id}/now", {"vacancies": "x"}).status_code == 404


def test_strangers_and_other_councils_find_nothing(site: Flask) -> None:
    service = make.service("Shed")
    make.saved()
    tom, tom_user = desk.provider(site, service.organisation_id)
    at = desk.path_of(tom.post(f"/provider/listings/{service.id}/change"))
    mavis, _mavis = people.somebody(site, "mavis")
    for path in (at, f"{at}/name", f"{at}/preview", f"{at}/send", f"/provider/listings/{service.id}/now"):
        assert mavis.get(path).status_code == 404, path
        assert people.Browser(site).get(path).status_code == 303, "the door"
    neighbour = people.Browser(site, "millbrook.localhost")
    assert neighbour.sign_in(tom_user.email, "").status_code == 303
    assert "Shed" not in neighbour.get("/provider/").text
    assert people.Browser(site).get(f"/provider/entries/{uuid.uuid4()}").status_code == 303
    assert mavis.get("/provider/").status_code == 200, "anybody may offer something"


def test_somebody_elses_organisation_cannot_be_chosen(site: Flask) -> None:
    theirs = people.organisation("Priya’s")
    own = people.organisation("Tom’s")
    tom, _tom = desk.provider(site, own)
    at = desk.begun(tom)
    assert desk.proposal().organisation_id == own
    assert desk.answer(tom, f"{at}/organisation", which=str(theirs)).status_code == 422
    assert desk.proposal().organisation_id == own


def test_an_entry_is_claimed(each_site: Flask) -> None:
    service = make.service("Shed", run_by="Friends of the Shed")
    make.saved()
    tom, tom_user = people.somebody(each_site, "tom")
    assert "This is ours" in tom.get("/provider/claim?q=shed").text
    assert "nothing like that" in tom.get("/provider/claim?q=nowhere").text
    ask = f"/provider/claim/{service.id}"
    assert "Say what you do there" in tom.post(ask).text
    assert tom.post(ask, {"reason": "I run it."}).status_code == 303
    again = tom.post(ask, {"reason": "I run it."})
    assert again.status_code == 422
    assert "asked for this already" in again.text
    assert "Friends of the Shed" in tom.get("/provider/").text
    db.session.rollback()
    claim = db.session.query(Claim).one()
    ed, _ed = desk.editor(each_site)
    assert "for Friends of the Shed" in ed.get("/editor/").text
    assert ed.get(f"/editor/claims/{claim.id}").status_code == 200
    assert ed.post(f"/editor/claims/{claim.id}/grant").status_code == 422
    assert ed.post(f"/editor/claims/{claim.id}/grant", {"kind": "owner"}).status_code == 303
    assert "You look after Friends of the Shed now" in people.mails(tom_user.email)[0].subject
    assert tom.get("/provider/").status_code == 303, "a second step first"
    assert ed.post(f"/editor/claims/{claim.id}/grant", {"kind": "owner"}).status_code == 409


def test_a_claim_is_refused_with_words(site: Flask) -> None:
    service = make.service("Shed")
    make.saved()
    tom, tom_user = people.somebody(site, "tom")
    tom.post(f"/provider/claim/{service.id}", {"reason": "Honest."})
    db.session.rollback()
    claim_id = db.session.query(Claim).one().id
    ed, _ed = desk.editor(site)
    assert ed.post(f"/editor/claims/{claim_id}/refuse").status_code == 422
    assert ed.post(f"/editor/claims/{claim_id}/refuse", {"words": "Ring us, please."}).status_code == 303
    assert "Ring us, please." in people.mails(tom_user.email)[0].text


def test_a_provider_with_many_entries_costs_no_more_statements(site: Flask) -> None:
    service = make.service("Entry 0")
    make.saved(indexed=False)
    tom, _tom = desk.provider(site, service.organisation_id)
    with statements() as few:
        tom.get("/provider/")
    for number in range(1, 30):
        make.service(f"Entry {number}")
    make.saved(indexed=False)
    with statements() as many:
        page = tom.get("/provider/").text
    assert len(many) == len(few)
    assert "Page 1 of 2" in page
    assert "Page 2 of 2" in tom.get("/provider/?page=2").text
    assert re.findall(r"Page \d of 2", tom.get("/provider/?page=99").text) == ["Page 2 of 2"]


def test_words_typed_while_the_sign_in_ran_out_come_back(site: Flask) -> None:
    tom, tom_user = people.somebody(site, "tom")
    at = desk.begun(tom)
    page, token = tom.get(f"{at}/about").text, tom.token()
    for one in people.sign_ins(tom_user):
        one.ended_at = make.NOW
    db.session.commit()
    typed = {"was": desk.hidden(page, "was"), "summary": "An hour’s work"}
    door = desk.path_of(tom.post(f"{at}/about", typed, token=token))
    assert door.startswith("/sign-in?next=")
    tom.sign_in("tom@example.org", next=f"{at}/about")
    back = tom.get(f"{at}/about").text
    assert "An hour’s work" in back
    assert "You had been away" in back
    kept = {"was": desk.hidden(back, "was"), "summary": "An hour’s work"}
    assert tom.post(f"{at}/about", kept).status_code == 303


def test_times_without_days_are_never_kept(site: Flask) -> None:
    tom, _tom = people.somebody(site, "tom")
    at = desk.begun(tom)
    assert desk.answer(tom, f"{at}/times", by_appointment="yes").status_code == 303
    draft = proposing.draft_of(desk.proposal())
    assert (draft.times, draft.by_appointment) == ((), True)
    assert TimeDraft() not in draft.times


def test_unknown_questions_are_not_there(site: Flask) -> None:
    tom, _tom = people.somebody(site, "tom")
    at = desk.begun(tom)
    assert tom.get(f"{at}/secrets").status_code == 404
    assert tom.get(f"{at}/catchment").status_code == 404, "without a venue there is nothing to come to"
    assert db.session.query(Proposal).count() == 1


def test_who_has_begun_an_entry_finds_the_way_back_to_it_from_every_page(site: Flask) -> None:
    mavis, _mavis = people.somebody(site, "mavis")
    assert "Your entries" not in mavis.get("/").text
    desk.begun(mavis)
    assert 'href="/provider/"' in mavis.get("/").text
    assert "Your entries" not in people.somebody(site, "derek")[0].get("/").text


def test_a_preview_has_nothing_on_it_that_leads_nowhere(site: Flask) -> None:
    tom, _tom = people.somebody(site, "tom")
    at = desk.begun(tom)
    desk.write(tom, at)
    page = tom.get(f"{at}/preview").text
    assert "Thursday Lunch Club" in page
    for words in ("On your plan", "to my plan", "Tell the council", "/organisations/"):
        assert words not in page
