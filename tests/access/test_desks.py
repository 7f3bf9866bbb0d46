"""What a desk shows to whom, where a status alone does not tell."""

from flask import Flask

from portal.db import db
from portal.directory import proposing
from portal.directory.models import Service
from tests import make
from tests.accounts import mandating, people
from tests.accounts.mandating import by
from tests.desks import desk


def _listing() -> Service:
    made = make.service("Home visits", run_by="Willow & Wren")
    make.saved()
    return made


def test_what_was_never_sent_is_shown_to_no_editor_not_even_once_it_is_withdrawn(site: Flask) -> None:
    willow = _listing().organisation_id
    tom, user = desk.provider(site, willow)
    found = proposing.begin(make.council(), by=by(user), now=make.NOW, organisation_id=willow)
    proposing.withdraw(found, make.NOW)
    db.session.commit()
    theirs, proposal_id = f"/provider/entries/{found.id}", found.id
    ed, _ed = desk.editor(site)
    assert tom.get(theirs).status_code == 200
    for path in (theirs, f"{theirs}/preview", f"/editor/proposals/{proposal_id}"):
        assert ed.get(path).status_code == 404, path


def test_what_was_sent_and_withdrawn_is_still_there_for_the_editor_who_saw_it(site: Flask) -> None:
    listing = _listing()
    _tom, user = desk.provider(site, listing.organisation_id)
    whole = desk.again(listing.id)
    found = proposing.begin(make.council(), by=by(user), now=make.NOW, service=whole)
    proposing.send(found, "", by=by(user), now=make.NOW)
    proposing.withdraw(found, make.NOW)
    db.session.commit()
    path = f"/editor/proposals/{found.id}"
    ed, _ed = desk.editor(site)
    assert ed.get(path).status_code == 200


def test_each_desk_has_its_own_addresses_for_an_entry(site: Flask) -> None:
    willow = _listing().organisation_id
    tom, user = desk.provider(site, willow)
    ed, editor = desk.editor(site)
    now, council = make.NOW, make.council()
    toms = proposing.begin(council, by=by(user), now=now, organisation_id=willow).id
    eds = proposing.begin(council, by=by(editor), now=now, by_editor=True).id
    db.session.commit()
    for page in ("", "/name", "/preview", "/send", "/withdraw"):
        assert tom.get(f"/provider/entries/{toms}{page}").status_code == 200, page
        assert tom.get(f"/editor/entries/{toms}{page}").status_code == 404, page
        assert ed.get(f"/editor/entries/{eds}{page}").status_code == 200, page
        assert ed.get(f"/provider/entries/{eds}{page}").status_code == 404, page
    for act in ("name", "send", "take-back", "withdraw"):
        assert tom.post(f"/editor/entries/{toms}/{act}").status_code == 404, act
        assert ed.post(f"/provider/entries/{eds}/{act}").status_code == 404, act


def test_an_editor_who_tries_case_numbers_learns_nobodys_name(site: Flask) -> None:
    at = f"/editor/listings/{_listing().id}"
    mandating.person("Mavis Okafor", reference="F-1041", user=people.user("mavis"))
    ed, _ed = desk.editor(site)
    assert desk.press(ed, at, f"{at}/private", reference="F-1041").status_code == 303
    for path in (at, f"{at}/history", f"{at}/who"):
        assert "Mavis" not in ed.get(path).text, path
    assert "F-1041" in ed.get(at).text
