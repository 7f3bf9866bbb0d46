"""The editors' desk: what was sent in is approved or sent back, and entries that are there are looked after."""

import uuid
from typing import Any

import pytest
from flask import Flask

from portal.accounts.models import Person
from portal.db import db
from portal.directory import indexing, keeping, proposing, versions
from portal.directory.models import MergedService, Organisation, Service, ServiceVersion
from tests import make
from tests.accounts import people
from tests.accounts.people import Browser
from tests.desks import desk
from tests.statements import statements

TERMS = {"first": "lunch-clubs", "needs": ["lonely"]}


def sent(app: Flask, **more: str) -> tuple[Browser, str]:
    """Tom's browser, and the editors' address of an entry that he sent in."""
    tom, _tom = people.somebody(app, "tom")
    at = desk.begun(tom)
    desk.write(tom, at, **more)
    assert tom.post(f"{at}/send").status_code == 303
    return tom, f"/editor/proposals/{at.rpartition('/')[2]}"


def shed(**more: Any) -> Service:
    """A listing that is there, and in the index."""
    service = make.service("Shed", summary="Wood and tea", terms=("sheds",), run_by="Shed people", **more)
    make.saved()
    return service


def change(browser: Browser, service_id: uuid.UUID, summary: str, side: str = "provider") -> str:
    """The address of a change of the summary, written and, by a provider, sent."""
    at = desk.path_of(browser.post(f"/{side}/listings/{service_id}/change"))
    assert desk.answer(browser, f"{at}/about", summary=summary).status_code == 303
    if side == "provider":
        assert desk.answer(browser, f"{at}/conduct", agreed="yes", name="Tom").status_code == 303
        assert desk.answer(browser, f"{at}/contact", phone="01632 960 001").status_code == 303
        assert browser.post(f"{at}/send").status_code == 303
    else:
        assert desk.answer(browser, f"{at}/contact", phone="01632 960 001").status_code == 303
    return at


def history(service_id: uuid.UUID) -> list[str]:
    """Why each version was written, the first one first."""
    db.session.rollback()
    return [
        row.how
        for row in db.session.query(ServiceVersion)
        .filter_by(service_id=service_id)
        .order_by(ServiceVersion.number)
    ]


def test_an_approved_entry_is_found_on_the_next_request_and_is_its_writers(each_site: Flask) -> None:
    indexing.rebuild()
    _tom, settle = sent(each_site)
    ed, _ed = desk.editor(each_site)
    assert "Thursday Lunch Club" in ed.get("/editor/").text
    assert "Friends of St Anne’s" in ed.get(settle).text
    none_chosen = desk.press(ed, settle, f"{settle}/approve")
    assert none_chosen.status_code == 422
    assert "at least one category" in none_chosen.text
    done = desk.press(ed, settle, f"{settle}/approve", **TERMS)
    listing = desk.path_of(done)
    assert ed.get(listing).status_code == 200
    public = desk.found(each_site, "lunch")
    assert "Thursday Lunch Club" in public
    service = desk.again(uuid.UUID(listing.rpartition("/")[2]))
    assert (service.state, service.assured_on is not None, service.review_due_on is not None) == (
        "published",
        True,
        True,
    )
    assert history(service.id) == ["approved"]
    mail = people.mails("tom@example.org")[-1]
    assert mail.subject == "Thursday Lunch Club is public now"
    tom = db.session.query(Organisation).filter_by(name="Friends of St Anne’s").one()
    assert people.again("tom@example.org").memberships[0].organisation_id == tom.id
    assert desk.press(ed, settle, f"{settle}/approve", edition="1", **TERMS).status_code == 409


def test_an_entry_is_sent_back_with_words_and_comes_again(each_site: Flask) -> None:
    tom, settle = sent(each_site)
    ed, _ed = desk.editor(each_site)
    assert desk.press(ed, settle, f"{settle}/send-back").status_code == 422
    words = "Lovely. Please say which door."
    assert desk.press(ed, settle, f"{settle}/send-back", words=words).status_code == 303
    mail = people.mails("tom@example.org")[-1]
    assert words in mail.text
    home = tom.get("/provider/").text
    assert "asks you to change something" in home
    assert words in home
    at = f"/provider/entries/{desk.proposal().id}"
    assert f"http://fernshire.localhost:5000{at}" in mail.text
    assert desk.answer(tom, f"{at}/about", summary="Lunch. By the green door.").status_code == 303
    assert tom.post(f"{at}/send").status_code == 303
    assert "By the green door" in ed.get(settle).text


def test_what_changed_while_an_editor_looked_is_not_approved(site: Flask) -> None:
    tom, settle = sent(site)
    ed, _ed = desk.editor(site)
    edition = desk.hidden(ed.get(settle).text, "edition")
    at = f"/provider/entries/{desk.proposal().id}"
    tom.post(f"{at}/take-back")
    assert ed.post(f"{settle}/approve", {"edition": edition, **TERMS}).status_code == 404, "it is Tom’s again"
    desk.answer(tom, f"{at}/about", summary="Something else")
    tom.post(f"{at}/send")
    assert ed.post(f"{settle}/approve", {"edition": edition, **TERMS}).status_code == 409
    assert db.session.query(Service).count() == 0


def test_a_change_shows_what_is_new_word_by_word_and_becomes_public(each_site: Flask) -> None:
    service = shed()
    tom, _tom = desk.provider(each_site, service.organisation_id)
    at = change(tom, service.id, "Wood, tea and company")
    ed, _ed = desk.editor(each_site)
    settle = f"/editor/proposals/{at.rpartition('/')[2]}"
    page = ed.get(settle).text
    assert "<del>" in page
    assert "[taken out: </span>" in page
    assert desk.path_of(desk.press(ed, settle, f"{settle}/approve", first="sheds")).endswith(str(service.id))
    assert "Wood, tea and company" in people.Browser(each_site).get(f"/services/{service.id}").text
    assert history(service.id) == ["found", "approved"]


def test_two_peoples_changes_of_different_things_both_stay(each_site: Flask) -> None:
    service = shed()
    tom, _tom = desk.provider(each_site, service.organisation_id)
    at = change(tom, service.id, "Wood, tea and company")
    ed, _ed = desk.editor(each_site)
    own = desk.path_of(ed.post(f"/editor/listings/{service.id}/change"))
    desk.answer(ed, f"{own}/who-for", who_for="Anybody")
    desk.answer(ed, f"{own}/contact", phone="01632 960 002", website="shed.example.org")
    assert ed.post(f"{own}/send").status_code == 303
    settle = f"/editor/proposals/{at.rpartition('/')[2]}"
    page = ed.get(settle).text
    assert "Two people changed the same thing" in page, "both changed the telephone number"
    choices = {"choice-phone": "theirs"}
    assert desk.press(ed, settle, f"{settle}/approve", first="sheds", **choices).status_code == 303
    now_is = desk.again(service.id)
    assert (now_is.summary, now_is.who_for) == ("Wood, tea and company", "Anybody")
    assert [phone.number for phone in now_is.phones] == ["01632 960 002"]
    assert now_is.website == "shed.example.org"


def test_two_editors_on_one_entry_the_second_merges_and_no_words_are_lost(each_site: Flask) -> None:
    service = shed()
    ed, _ed = desk.editor(each_site)
    ada, _ada = desk.editor(each_site, "ada")
    by_ed = change(ed, service.id, "Wood, tea and biscuits", "editor")
    by_ada = change(ada, service.id, "Wood, tea and music", "editor")
    assert desk.path_of(ed.post(f"{by_ed}/send")).endswith(str(service.id))
    merge = desk.path_of(ada.post(f"{by_ada}/send"))
    assert merge == f"/editor/proposals/{by_ada.rpartition('/')[2]}"
    page = ada.get(merge).text
    for words in ("Wood, tea and biscuits", "Wood, tea and music", "Wood and tea"):
        assert words in page
    undecided = desk.press(ada, merge, f"{merge}/approve", first="sheds")
    assert undecided.status_code == 409
    assert "Choose what stays" in undecided.text
    own = {"choice-summary": "words", "words-summary": "Wood, tea, biscuits and music"}
    assert desk.press(ada, merge, f"{merge}/approve", first="sheds", **own).status_code == 303
    assert desk.again(service.id).summary == "Wood, tea, biscuits and music"
    assert history(service.id) == ["found", "edited", "edited"]
    assert versions.at(service.id, 2).draft.summary == "Wood, tea and biscuits"


def test_an_editor_writes_for_a_small_group_in_one_go(each_site: Flask) -> None:
    indexing.rebuild()
    ed, _ed = desk.editor(each_site)
    at = desk.begun(ed, "/editor/new")
    desk.write(ed, at, "Knit and natter", run_by="Knitters of Sale")
    assert desk.answer(ed, f"{at}/category", first="arts-crafts").status_code == 303
    assert "Publish it now" in ed.get(f"{at}/send").text
    assert "Knit and natter" in ed.get("/editor/").text
    assert ed.post(f"{at}/send").status_code == 303
    assert "Knit and natter" in desk.found(each_site, "knit")
    assert people.mails() == [], "nobody is told what they did themselves"
    assert people.again("ed@example.org").memberships == []


def test_an_entry_is_archived_and_published_again(each_site: Flask) -> None:
    service = shed()
    ed, _ed = desk.editor(each_site)
    at = f"/editor/listings/{service.id}"
    assert desk.press(ed, at, f"{at}/archive").status_code == 303
    assert people.Browser(each_site).get(f"/services/{service.id}").status_code == 404
    assert desk.press(ed, at, f"{at}/publish").status_code == 303
    assert people.Browser(each_site).get(f"/services/{service.id}").status_code == 200
    assert history(service.id) == ["found", "archived", "published"]


def test_a_suspended_entry_is_hidden_at_once_everywhere_until_it_is_lifted(each_site: Flask) -> None:
    service = shed()
    ed, _ed = desk.editor(each_site)
    at = f"/editor/listings/{service.id}"
    assert desk.press(ed, at, f"{at}/suspend").status_code == 422, "somebody will ask why"
    assert desk.press(ed, at, f"{at}/suspend", reason="A complaint").status_code == 303
    public = people.Browser(each_site)
    assert public.get(f"/services/{service.id}").status_code == 404
    assert "Wood and tea" not in desk.found(each_site, "shed")
    assert "A complaint" in ed.get(f"{at}/who").text
    assert desk.press(ed, at, f"{at}/lift").status_code == 303
    assert "Wood and tea" in desk.found(each_site, "shed")
    assert history(service.id) == ["found", "suspended", "lifted"]


def test_an_older_version_comes_back_and_nothing_is_lost(each_site: Flask) -> None:
    service = shed()
    ed, _ed = desk.editor(each_site)
    at = change(ed, service.id, "Only tea", "editor")
    ed.post(f"{at}/send")
    page = f"/editor/listings/{service.id}/history"
    assert "Bring version 1 back" in ed.get(page).text
    assert desk.press(ed, page, f"/editor/listings/{service.id}/restore", number="1").status_code == 303
    assert desk.again(service.id).summary == "Wood and tea"
    assert history(service.id) == ["found", "edited", "restored"]
    missing = desk.press(ed, page, f"/editor/listings/{service.id}/restore", number="77")
    assert missing.status_code == 422


def test_what_a_page_no_longer_shows_is_not_done(each_site: Flask) -> None:
    service = shed()
    ed, _ed = desk.editor(each_site)
    at = f"/editor/listings/{service.id}"
    seen = desk.hidden(ed.get(at).text, "version")
    own = change(ed, service.id, "Only tea", "editor")
    ed.post(f"{own}/send")
    for act in ("archive", "publish", "restore", "lift", "make-public"):
        late = ed.post(f"{at}/{act}", {"version": seen, "number": "1"})
        assert late.status_code == 409, act
        assert "Somebody else changed this entry" in late.text
    assert ed.post(f"{at}/suspend", {"version": seen, "reason": "x"}).status_code == 409
    assert desk.again(service.id).summary == "Only tea"


def test_a_private_entry_is_seen_by_the_person_it_serves_alone(each_site: Flask) -> None:
    service = shed()
    mavis, mavis_user = people.somebody(each_site, "mavis")
    person = Person(
        council_id=service.council_id,
        user_id=mavis_user.id,
        name="Mavis",
        reference="F-1",
        created_at=make.NOW,
    )
    db.session.add(person)
    db.session.commit()
    ed, _ed = desk.editor(each_site)
    derek, _derek = people.somebody(each_site, "derek")
    at = f"/editor/listings/{service.id}"
    assert desk.press(ed, at, f"{at}/private", reference="F-2").status_code == 422
    assert desk.press(ed, at, f"{at}/private", reference="F-1").status_code == 303
    public = f"/services/{service.id}"
    assert people.Browser(each_site).get(public).status_code == 404
    assert derek.get(public).status_code == 404
    assert "Wood and tea" not in desk.found(each_site, "shed")
    secret = people.authenticator(people.again("mavis@example.org"))
    assert mavis.sign_in("mavis@example.org", secret).status_code == 303
    theirs = mavis.get(public)
    assert "Wood and tea" in theirs.text
    assert theirs.headers["Cache-Control"] == "no-store"
    assert desk.press(ed, at, f"{at}/make-public").status_code == 303
    assert people.Browser(each_site).get(public).status_code == 200


def test_two_entries_that_are_one_are_suggested_and_merged(each_site: Flask) -> None:
    kept = make.service("The Thursday Table", summary="Lunch")
    other = make.service("Thursday Table club", phone="01632 960 009", run_by="Another")
    far = make.service("Thursday Table", at="M20 2RN")
    make.saved()
    kept_id, other_id, far_id = kept.id, other.id, far.id
    ed, _ed = desk.editor(each_site)
    pairs = ed.get("/editor/duplicates").text
    assert "The Thursday Table and" in pairs or "and The Thursday Table" in pairs
    assert str(far_id) not in pairs
    at = f"/editor/duplicates/{kept_id}/{other_id}"
    assert desk.path_of(desk.press(ed, at, at)) == f"/editor/listings/{kept_id}"
    moved = people.Browser(each_site).get(f"/services/{other_id}")
    assert desk.path_of(moved) == f"/services/{kept_id}"
    now_is = desk.again(kept_id)
    assert (now_is.summary, [p.number for p in now_is.phones]) == ("Lunch", ["01632 960 009"])
    assert now_is.also_known_as == ["Thursday Table club"]
    assert (history(kept_id)[-1], history(other_id)[-1]) == ("merged", "merged")
    assert "nothing that is here twice" in ed.get("/editor/duplicates").text
    back = f"/editor/listings/{other_id}"
    assert desk.press(ed, back, f"{back}/publish").status_code == 303
    assert people.Browser(each_site).get(f"/services/{other_id}").status_code == 200


def test_a_chain_of_merged_entries_leads_to_the_last(site: Flask) -> None:
    first, second, third = (make.service(name) for name in ("A", "B", "C"))
    make.saved(indexed=False)
    fernshire = make.council()
    for kept, other in ((second, first), (third, second)):
        held = versions.held(fernshire.id, kept.id), versions.held(fernshire.id, other.id)
        assert held[0]
        assert held[1]
        seen = {"kept_seen": versions.stamp(held[0]), "other_seen": versions.stamp(held[1])}
        keeping.merge_into(held[0], held[1], fernshire, by=desk.BY_ED, now=make.NOW, **seen)
        db.session.commit()
    leads = {row.service_id: row.kept_id for row in db.session.query(MergedService)}
    assert leads == {first.id: third.id, second.id: third.id}


def test_two_that_only_look_alike_are_not_suggested_again(site: Flask) -> None:
    one, other = make.service("Shed"), make.service("Shed", run_by="Others")
    make.saved()
    ed, _ed = desk.editor(site)
    at = f"/editor/duplicates/{one.id}/{other.id}"
    assert ed.post(f"{at}/two").status_code == 303
    assert "nothing that is here twice" in ed.get("/editor/duplicates").text
    assert ed.get(f"/editor/duplicates/{one.id}/{one.id}").status_code == 404


def test_many_are_archived_or_checked_after_a_page_that_asks(each_site: Flask) -> None:
    ids = [str(make.service(name, run_by=name).id) for name in ("One", "Two", "Three")]
    neighbour = make.service("Theirs", of="millbrook")
    make.saved()
    ed, _ed = desk.editor(each_site)
    query = "&".join(f"entry={one}" for one in [*ids[:2], str(neighbour.id)])
    page = ed.get(f"/editor/listings/many?do=archive&{query}").text
    assert "Archive 2 entries?" in page
    assert "Theirs" not in page
    done = ed.post("/editor/listings/many", {"do": "archive", "entry": [*ids[:2], str(neighbour.id)]})
    assert "2 entries are archived" in ed.get(desk.path_of(done)).text
    assert desk.again(uuid.UUID(ids[0])).state == "archived"
    assert desk.again(neighbour.id).state == "published"
    checked = ed.post("/editor/listings/many", {"do": "check", "entry": ids[2]})
    assert "1 entry is marked as checked" in ed.get(desk.path_of(checked)).text
    assert history(uuid.UUID(ids[2])) == ["found", "checked"]
    assert ed.get("/editor/listings/many?do=explode").status_code == 404
    assert ed.post("/editor/listings/many", {"do": "archive", "entry": "nonsense"}).status_code == 400
    assert "Choose some entries first" in ed.get("/editor/listings/many?do=archive").text


def test_who_did_what_names_people(site: Flask) -> None:
    service = shed()
    ed, _ed = desk.editor(site, name="Ed Holroyd")
    at = f"/editor/listings/{service.id}"
    desk.press(ed, at, f"{at}/archive")
    page = ed.get(f"{at}/who").text
    assert "Ed Holroyd" in page
    assert "Ed Holroyd" in ed.get(f"{at}/history").text


def test_what_an_import_changed_meanwhile_is_a_version_of_its_own(each_site: Flask) -> None:
    service = shed()
    ed, _ed = desk.editor(each_site)
    at = change(ed, service.id, "Only tea", "editor")
    db.session.rollback()
    changed = desk.again(service.id)
    changed.description = "From the spreadsheet"
    db.session.commit()
    assert ed.post(f"{at}/send").status_code == 303
    now_is = desk.again(service.id)
    assert (now_is.summary, now_is.description) == ("Only tea", "From the spreadsheet")
    assert history(service.id) == ["found", "found", "edited"]


def test_the_desk_is_for_the_councils_own_editors_alone(site: Flask) -> None:
    service = shed()
    _tom, settle = sent(site)
    at = f"/editor/listings/{service.id}"
    pages = ("/editor/", settle, "/editor/listings", at, f"{at}/history", f"{at}/who", "/editor/duplicates")
    mavis, _mavis = people.somebody(site, "mavis")
    navigator, _priya = people.somebody(site, "priya", roles=("navigator",))
    olga_user = people.user("olga", roles=("editor",), of="millbrook")
    olga = Browser(site, "millbrook.localhost")
    assert olga.sign_in(olga_user.email, people.authenticator(olga_user)).status_code == 303
    for path in pages:
        assert mavis.get(path).status_code == 404, path
        assert navigator.get(path).status_code == 404, path
        assert people.Browser(site).get(path).status_code == 303, path
    for path in (settle, at, f"{at}/history", f"{at}/who"):
        assert olga.get(path).status_code == 404, path
    for act in ("archive", "publish", "suspend", "lift", "private", "make-public", "restore", "change"):
        assert olga.post(f"{at}/{act}").status_code == 404, act
        assert mavis.post(f"{at}/{act}").status_code == 404, act
    assert olga.post(f"{settle}/approve").status_code == 404
    assert "Editors’ desk" in olga.get("/").text
    assert "Editors’ desk" not in mavis.get("/").text


@pytest.mark.parametrize("path", ["/editor/", "/editor/listings", "/editor/listings?q=entry&shown=published"])
def test_lists_cost_the_same_however_long_they_are(site: Flask, path: str) -> None:
    service = make.service("Entry 0", venues=(make.venue(),))
    make.saved(indexed=False)
    _wait(service)
    ed, _ed = desk.editor(site)
    with statements() as few:
        ed.get(path)
    for number in range(1, 25):
        _wait(make.service(f"Entry {number}", run_by=f"Provider {number}"))
    with statements() as many:
        page = ed.get(path)
    assert len(many) == len(few)
    assert "Page 1 of 2" in page.text


def _wait(service: Service) -> None:
    """A change of a listing waits."""
    db.session.flush()
    held = versions.held(service.council_id, service.id)
    made = proposing.begin(make.council(), by=people.NOBODY, now=make.NOW, service=held)
    proposing.send(made, "", by=people.NOBODY, now=make.NOW)
    db.session.commit()


def test_the_queue_has_the_oldest_first(site: Flask) -> None:
    for hours, name in ((3, "Third"), (1, "First"), (2, "Second")):
        service = make.service(name, run_by=name)
        db.session.flush()
        held = versions.held(service.council_id, service.id)
        made = proposing.begin(make.council(), by=people.NOBODY, now=make.NOW, service=held)
        proposing.send(made, "", by=people.NOBODY, now=make.NOW.replace(hour=hours))
    db.session.commit()
    ed, _ed = desk.editor(site)
    page = ed.get("/editor/").text
    assert page.index("First") < page.index("Second") < page.index("Third")


def test_words_that_are_too_long_are_said_so_and_never_cut_off(site: Flask) -> None:
    tom, settle = sent(site)
    ed, _ed = desk.editor(site)
    long = "Please. " * 600
    refused = desk.press(ed, settle, f"{settle}/send-back", words=long)
    assert refused.status_code == 422
    assert "letters too long" in refused.text
    assert long.strip() in refused.text
    at = f"/provider/entries/{desk.proposal().id}"
    tom.post(f"{at}/take-back")
    assert tom.post(f"{at}/send", {"note": long}).status_code == 422
    assert desk.proposal().state == "draft"


def test_a_merged_entry_whose_change_is_approved_stands_by_itself_again(site: Flask) -> None:
    kept, other = make.service("Shed"), make.service("Shed", run_by="Others")
    make.saved()
    ed, _ed = desk.editor(site)
    pair = f"/editor/duplicates/{kept.id}/{other.id}"
    other_id = other.id
    assert desk.press(ed, pair, pair).status_code == 303
    at = change(ed, other_id, "We are another one", "editor")
    assert ed.post(f"{at}/send").status_code == 303
    assert people.Browser(site).get(f"/services/{other_id}").status_code == 200
    assert db.session.query(MergedService).count() == 0
