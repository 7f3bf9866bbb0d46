"""The editors' desk for documents, as editors use it without script."""

import re
import uuid
from html import unescape

import pytest
from flask import Flask

from portal import clock
from portal.db import db
from portal.editorial import queries
from portal.editorial.models import Document
from tests import make
from tests.accounts import people
from tests.accounts.people import Browser
from tests.desks import desk
from tests.desks.desk import path_of
from tests.editorial import writing
from tests.editorial.writing import article

PARTED = (
    "Ring us.\n\n```part phone\nRing the library.\n```\n\n```part hours must-edit\nSay your hours.\n```\n"
)


def typed(browser: Browser, path: str) -> dict[str, str]:
    """What a form shows in its boxes."""
    page = browser.get(path).text
    inputs = [one for one in re.findall(r"<input[^>]*>", page) if 'type="checkbox"' not in one]
    boxes = dict(re.findall(r' name="([\w-]+)"[^>\n]* value="([^"]*)"', "\n".join(inputs)))
    boxes |= dict(re.findall(r'<textarea[^>]* name="([\w-]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL))
    return {name: unescape(words) for name, words in boxes.items() if name != "csrf_token"}


def olga(site: Flask) -> Browser:
    """An editor of Millbrook, at Millbrook's site."""
    made = people.user("olga", roles=("editor",), of="millbrook")
    browser = Browser(site, "millbrook.localhost")
    assert browser.sign_in(made.email, people.authenticator(made)).status_code == 303
    return browser


def at(document: Document, page: str = "") -> str:
    """The address of a document's page at the desk."""
    return f"/editor/documents/{document.id}{page}"


def read(key: str = "keeping-warm", council: str = "fernshire") -> str:
    """What a council's visitors read."""
    db.session.rollback()
    found = queries.published(make.council(council), "article", key)
    return found.body if found else ""


def test_an_article_is_begun_written_previewed_and_published(site: Flask) -> None:
    ed, user = desk.editor(site)
    edit = path_of(ed.post("/editor/documents/new", {"kind": "article", "key": "hats", "library": "yes"}))
    boxes = typed(ed, edit) | {
        "title": "Hats – for “all”", "summary": "Why hats help.", "short": "Wear one.",
        "text": "Wear a hat.", "next_review": "", "note": "First try",
    }  # fmt: skip
    shown = ed.post(f"{edit}/preview", boxes)
    assert "<p>Wear a hat.</p>" in shown.text
    assert "Hats – for “all”" in shown.text
    page = path_of(ed.post(edit, boxes))
    assert "First try" in ed.get(page).text
    assert ed.post(f"{page}/publish", {"number": "2"}).status_code == 422, (
        "nobody has said when it is read again"
    )
    boxes = typed(ed, edit) | {"next_review": "1/6/2027"}
    page = path_of(ed.post(edit, boxes))
    done = ed.post(f"{page}/publish", {"number": "3"})
    assert done.status_code == 303, done.text
    assert "Wear a hat." in read("hats")
    assert writing.again(uuid.UUID(page.rpartition("/")[2])).author_id == user.id


def test_saving_changes_not_a_letter_beside_what_was_written(site: Flask) -> None:
    body = article().replace("id: keeping-warm", "id: keeping-warm   # never changes")
    document = writing.published(body)
    ed, _user = desk.editor(site)
    assert ed.post(at(document, "/edit"), typed(ed, at(document, "/edit"))).status_code == 303
    assert writing.again(document.id).number == 1, "nothing was changed"
    boxes = typed(ed, at(document, "/edit")) | {"title": "Warm all winter", "next_review": "1/4/2027"}
    ed.post(at(document, "/edit"), boxes)
    changed = body.replace('"Keeping warm"', '"Warm all winter"').replace("2027-05-01", "2027-04-01")
    assert writing.again(document.id).body == changed


def test_what_cannot_be_read_is_not_saved_and_stays_in_the_boxes(site: Flask) -> None:
    document = writing.published()
    ed, _user = desk.editor(site)
    boxes = typed(ed, at(document, "/edit"))
    broken = boxes | {"front": boxes["front"] + "\nx: [1, 2", "text": "My long work"}
    refused = ed.post(at(document, "/edit"), broken)
    assert refused.status_code == 422
    assert "This cannot be read" in refused.text
    assert "My long work" in refused.text
    untitled = ed.post(at(document, "/edit"), boxes | {"title": "", "text": "My long work"})
    assert (untitled.status_code, "Write a title" in untitled.text) == (422, True)
    assert writing.again(document.id).number == 1


def test_two_editors_at_one_article_get_a_page_with_both_and_nothing_is_lost(site: Flask) -> None:
    document = writing.published(article(text="One.\n\nTwo.\n\nThree.\n"))
    ed, _user = desk.editor(site)
    nell, _other = desk.editor(site, "nell")
    mine = typed(ed, at(document, "/edit")) | {"text": "One.\n\nTwo.\n\nThree, says Ed."}
    theirs = typed(nell, at(document, "/edit")) | {"text": "One, says Nell.\n\nTwo.\n\nThree."}
    assert nell.post(at(document, "/edit"), theirs).status_code == 303
    clash = ed.post(at(document, "/edit"), mine)
    assert clash.status_code == 409
    assert "Nell saved this" in clash.text
    both = unescape(re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", clash.text, re.DOTALL)[0])
    assert "One, says Nell.\n\nTwo.\n\nThree, says Ed." in both
    number = desk.hidden(clash.text, "number")
    assert ed.post(at(document, "/merge"), {"text": both, "number": number}).status_code == 303
    assert writing.again(document.id).body == article(text="One, says Nell.\n\nTwo.\n\nThree, says Ed.\n")
    late = ed.post(at(document, "/merge"), {"text": "Too late", "number": number})
    assert (late.status_code, "Too late" in late.text) == (409, True)


def test_the_checks_and_plain_words_stand_beside_the_preview(site: Flask) -> None:
    document = writing.published()
    ed, _user = desk.editor(site)
    long = "You can " + "really " * 24 + "do it. Purchase a hat."
    boxes = typed(ed, at(document, "/edit")) | {"text": f"{long} [here](article:none)"}
    page = ed.post(at(document, "/edit/preview"), boxes).text
    for words in ("there is no article none", "This sentence has 28 words.", "“purchase”", "LIX "):
        assert words in page, words
    block = ed.post(at(document, "/edit/preview"), boxes, headers={"HX-Request": "true"}).text
    assert block.strip().startswith("<section")
    assert writing.again(document.id).number == 1, "nothing is saved"


def test_errors_hold_up_publishing_and_are_shown(site: Flask) -> None:
    document = writing.begun(article(theme="nowhere"))
    db.session.commit()
    ed, _user = desk.editor(site)
    refused = ed.post(at(document, "/publish"), {"number": "1"})
    assert refused.status_code == 422
    assert "This cannot be published yet" in refused.text
    assert "it is not one that we have" in refused.text
    assert read() == ""


def test_a_day_can_be_set_and_an_odd_one_is_refused(site: Flask) -> None:
    document = writing.begun()
    db.session.commit()
    ed, _user = desk.editor(site)
    for day, words in (("yesterday", "Type a date"), ("1/1/2020", "Choose a day after today")):
        refused = ed.post(at(document, "/schedule"), {"number": "1", "on": day})
        assert (refused.status_code, words in refused.text) == (422, True)
    assert ed.post(at(document, "/schedule"), {"number": "1", "on": "1/1/2099"}).status_code == 303
    assert "1 January 2099" in ed.get(at(document)).text
    assert "becomes public on 1 January 2099" in ed.get("/editor/documents/").text


def test_before_something_is_taken_away_the_page_says_where_it_is_used(site: Flask) -> None:
    document = writing.published()
    writing.published(article("hats", title="About hats", text="[Warm](article:keeping-warm)\n"), "hats")
    ed, _user = desk.editor(site)
    page = ed.get(at(document, "/retire")).text
    assert "One thing that is public leads here:" in page
    assert "About hats" in page
    assert ed.post(at(document, "/retire"), {"number": "1"}).status_code == 303
    assert read() == ""
    assert "Not public any more" in ed.get(at(document)).text


def test_history_shows_what_each_version_changed_and_brings_one_back(site: Flask) -> None:
    document = writing.published()
    writing.change(document, article(text="Wear two hats.\n"))
    db.session.commit()
    ed, _user = desk.editor(site)
    page = ed.get(at(document, "/history")).text
    assert "<del>Wear a hat indoors.</del>" in page
    assert "<ins>Wear two hats.</ins>" in page
    assert ed.post(at(document, "/restore"), {"number": "2", "old": "1"}).status_code == 303
    assert writing.again(document.id).body == article()
    assert "Version 1 again" in ed.get(at(document, "/history")).text


def test_the_list_tells_state_review_and_who(site: Flask) -> None:
    ed, _user = desk.editor(site, name="Ed Wood")
    writing.published(article(next="2026-11-22"))
    edit = path_of(ed.post("/editor/documents/new", {"kind": "article", "key": "hats"}))
    assert edit.endswith("/edit")
    page = ed.get("/editor/documents/").text
    rows = {
        row.partition("</th>")[0].rpartition("<th")[2]: row
        for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)[1:]
    }
    warm = next(row for words, row in rows.items() if "Keeping warm" in words)
    hats = next(row for words, row in rows.items() if "hats" in words)
    assert "Public" in warm
    assert "22 November 2026" in warm
    assert ("Draft" in hats, "Ed Wood" in hats, "your council’s own" in hats) == (True, True, True)


# Other councils


def test_who_does_not_keep_the_library_cannot_change_it(site: Flask) -> None:
    document = writing.published()
    browser = olga(site)
    page = browser.get(at(document)).text
    assert "The library is kept by one council for all" in page
    assert "Write on it" not in page
    for method, path in (("GET", "/edit"), ("POST", "/edit"), ("POST", "/publish"), ("POST", "/retire")):
        asked = browser.get if method == "GET" else browser.post
        assert asked(at(document, path)).status_code == 404, path
    made = path_of(
        browser.post("/editor/documents/new", {"kind": "article", "key": "hats", "library": "yes"})
    )
    assert "millbrook" in made or made
    hats = queries.of_key("article", "hats", make.council("millbrook").id)
    assert hats, "it is her council's own"


def test_another_councils_document_is_not_there(site: Flask) -> None:
    document = writing.published(of=make.council("fernshire"))
    browser = olga(site)
    for path in ("", "/edit", "/history", "/retire", "/words"):
        assert browser.get(at(document, path)).status_code == 404, path


def test_a_council_words_its_parts_and_is_told_what_changes_beneath(site: Flask) -> None:
    shared = writing.published(article(text=PARTED))
    browser = olga(site)
    words = at(shared, "/words")
    page = browser.get(words).text
    assert "Ring the library." in page
    assert "yours to write" in page
    saved = browser.post(words, {"number": "0", "part-phone": "Ring the mill.", "part-hours": ""})
    own = saved.location.removeprefix("http://millbrook.localhost")
    assert "has not" in browser.get(own).text, "a part that it must write"
    assert browser.post(f"{own}/publish", {"number": "1"}).status_code == 303
    assert "Ring the mill." in read(council="millbrook")
    writing.change(shared, article(text=PARTED.replace("Ring us.", "Do ring us.")))
    writing.publish(shared)
    assert "the shared one has changed" in browser.get("/editor/documents/").text
    assert "<ins>Do ring us.</ins>" in browser.get(words).text
    again = browser.post(words, {"number": "1", "part-phone": "Ring the mill.", "part-hours": "Nine."})
    assert again.status_code == 303
    assert "the shared one has changed" not in browser.get("/editor/documents/").text


def test_two_editors_at_the_same_words_lose_nothing(site: Flask) -> None:
    shared = writing.published(article(text=PARTED))
    browser = olga(site)
    assert browser.post(at(shared, "/words"), {"number": "0", "part-phone": "First."}).status_code == 303
    clash = browser.post(at(shared, "/words"), {"number": "0", "part-phone": "Second."})
    assert clash.status_code == 409
    assert "Second.\n\nFirst." in clash.text
    odd = browser.post(at(shared, "/words"), {"number": "1", "part-other": "x"})
    assert (odd.status_code, "has no part other" in odd.text) == (422, True)


def test_a_copy_is_the_councils_own_and_keeps_its_words(site: Flask) -> None:
    shared = writing.published(article(text=PARTED))
    writing.words_over(make.council("millbrook"), shared, phone="Ring the mill.")
    browser = olga(site)
    done = browser.post(at(shared, "/copy"))
    assert done.status_code == 303
    own = queries.of_key("article", "keeping-warm", make.council("millbrook").id)
    assert own
    copy = writing.again(own.id)
    assert copy.over_number is None
    assert "Ring the mill." in copy.body
    assert browser.post(at(shared, "/copy")).status_code == 303, "a second press changes nothing"
    assert writing.again(own.id).number == copy.number


# Links for people without an account


def share(browser: Browser, *documents: Document) -> str:
    """The path of a new link."""
    page = browser.post("/editor/documents/share", {"document": [str(one.id) for one in documents]}).text
    found = re.search(r'href="http://[^/]+(/preview/[\w-]+)"', page)
    assert found, page
    return found[1]


def test_a_link_shows_a_set_of_drafts_to_whoever_has_it(site: Flask) -> None:
    warm, hats = writing.begun(), writing.begun(article("hats", title="Hats"), "hats")
    db.session.commit()
    ed, _user = desk.editor(site)
    path = share(ed, warm, hats)
    answer = Browser(site).get(path)
    assert answer.status_code == 200
    assert "Wear a hat indoors." in answer.text
    assert "Hats" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert Browser(site, "millbrook.localhost").get(path).status_code == 410
    assert Browser(site).get("/preview/guessed").status_code == 410


def test_a_link_ends_and_its_token_stands_nowhere(site: Flask) -> None:
    from portal.editorial.models import PreviewLink

    warm = writing.begun()
    db.session.commit()
    ed, _user = desk.editor(site)
    path = share(ed, warm)
    link = db.session.query(PreviewLink).one()
    assert link.token not in path
    link.ends_at = make.NOW
    db.session.commit()
    assert Browser(site).get(path).status_code == 410


@pytest.mark.parametrize("ids", [[], ["00000000-0000-0000-0000-000000000000"]])
def test_a_link_to_nothing_is_refused(site: Flask, ids: list[str]) -> None:
    ed, _user = desk.editor(site)
    assert ed.post("/editor/documents/share", {"document": ids}).status_code == 422
    assert ed.post("/editor/documents/share", {"document": ["odd"]}).status_code == 400


def test_who_has_read_all_of_it_again_says_so_with_a_tick(site: Flask) -> None:
    document = writing.published()
    ed, _user = desk.editor(site)
    boxes = typed(ed, at(document, "/edit"))
    assert boxes["next_review"] == "1/5/2027"
    ed.post(at(document, "/edit"), boxes | {"read_again": "yes", "next_review": "1/6/2027"})
    changed = article(next="2027-06-01").replace("last: 2026-11-20", f"last: {clock.today().isoformat()}")
    assert writing.again(document.id).body == changed
