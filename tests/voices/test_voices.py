"""What the public tells the council: it reaches the right people and nobody else, and nothing is lost."""

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import clock, retention, sealing
from portal.db import db
from portal.directory import freshness, voices
from portal.directory.models import Service, Voice
from portal.directory.spam import MOST_AN_HOUR, clock_sealed
from tests import make
from tests.accounts import people
from tests.accounts.people import Browser


def began(ago: dt.timedelta = dt.timedelta(minutes=1)) -> str:
    """What the hidden clock of a form holds that was opened some time ago."""
    return clock_sealed(clock.now() - ago)


def say(browser: Browser, path: str, words: str = "The soup was cold", **more: str) -> Any:
    """The answer to words that a person took a minute to write."""
    return browser.post(path, {"words": words, "began": began(), **more})


def listed(**more: Any) -> Service:
    """A listing that everybody sees."""
    made = make.service("Thursday Table", **more)
    make.saved(indexed=False)
    return made


def heard() -> list[Voice]:
    """All that was told, the oldest first."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(Voice).order_by(Voice.at)))


def test_feedback_is_thanked_for_and_reaches_commissioners_and_editors_alone(each_site: Flask) -> None:
    table = listed()
    mavis = Browser(each_site)
    page = mavis.get(f"/services/{table.id}").text
    assert f"/services/{table.id}/feedback" in page
    assert mavis.get(f"/services/{table.id}/feedback").status_code == 200
    answer = say(mavis, f"/services/{table.id}/feedback", name="Mavis", email="mavis@example.org")
    assert answer.headers["Location"] == "/thank-you"
    thanks = mavis.get("/thank-you").text
    assert "Thank you for telling us" in thanks
    assert "Is somebody being harmed?" not in thanks
    (mail,) = people.mails()
    assert mail.to == "mavis@example.org"
    assert "soup" not in mail.text
    assert "Thursday Table" not in mail.text
    for key, role in (("ed", "editor"), ("bea", "broker")):
        browser, _ = people.somebody(each_site, key, roles=(role,))
        assert "The soup was cold" in browser.get("/editor/voices/").text
        assert "mavis@example.org" in browser.get(f"/editor/voices/{heard()[0].id}").text
    assert "soup was cold" not in Browser(each_site).get(f"/services/{table.id}").text


def test_who_may_hear_what(site: Flask) -> None:
    table = listed()
    mavis = Browser(site)
    say(mavis, f"/services/{table.id}/feedback")
    say(mavis, f"/services/{table.id}/report", "It is on Tuesdays", part="times")
    feedback, report = heard()
    bea, _ = people.somebody(site, "bea", roles=("broker",))
    assert bea.get(f"/editor/voices/{feedback.id}").status_code == 200
    assert bea.get(f"/editor/voices/{report.id}").status_code == 404
    assert bea.post(f"/editor/voices/{report.id}/done", {"note": "x"}).status_code == 404
    assert "Tuesdays" not in bea.get("/editor/voices/").text
    olga, _ = people.somebody(site, "olga", roles=("editor", "broker"), of="millbrook")
    priya, _ = people.somebody(site, "priya", roles=("navigator",))
    for browser in (olga, priya):
        for path in ("/editor/voices/", f"/editor/voices/{feedback.id}"):
            assert browser.get(path).status_code == 404
    assert Browser(site).get("/editor/voices/").headers["Location"].startswith("/sign-in")
    assert "What people tell us" in bea.get("/").text
    assert "What people tell us" not in priya.get("/").text


def test_a_listing_on_a_neighbours_site_is_told_of_to_the_council_that_keeps_it(site: Flask) -> None:
    table = listed(of="millbrook")
    say(Browser(site), f"/services/{table.id}/feedback")
    assert heard()[0].council_id == make.council("millbrook").id


def test_a_mistake_says_what_is_wrong_and_what_is_right(each_site: Flask) -> None:
    table = listed()
    mavis, path = Browser(each_site), f"/services/{table.id}/report"
    empty = mavis.post(path, {"began": began(), "email": "nobody"})
    assert empty.status_code == 422
    for words in (
        "Choose what is wrong",
        "Type what is right",
        "with an @ in it",
        'value="nobody"',
        "Error:",
    ):
        assert words in empty.text
    assert mavis.post(path, {"part": "colour", "words": "x", "began": began()}).status_code == 422
    assert say(mavis, path, "01632 960 555 now", part="contact").status_code == 303
    (voice,) = heard()
    assert (voice.kind, voice.part, voice.about, voice.service_id) == (
        "report", "contact", "Thursday Table", table.id,
    )  # fmt: skip


def test_something_missing_can_be_named_from_every_page_and_where_nothing_was_found(each_site: Flask) -> None:
    listed()
    mavis = Browser(each_site)
    assert 'href="/suggest"' in mavis.get("/").text
    assert mavis.get("/find?q=falconry").text.count('href="/suggest"') == 2
    assert say(mavis, "/suggest", "", about="").status_code == 422
    more = {"about": "Stretford Falconers", "where": "Longford Park", "reach": "0161 496 0000"}
    assert say(mavis, "/suggest", "Falcons", **more).status_code == 303
    ed, _ = people.somebody(each_site, "ed", roles=("editor",))
    page = ed.get(f"/editor/voices/{heard()[0].id}").text
    for words in more.values():
        assert words in page


@pytest.mark.parametrize("make_hidden", ["draft", "suspended", "hidden", "private", "not shared"])
def test_what_cannot_be_seen_cannot_be_spoken_of(site: Flask, make_hidden: str) -> None:
    table = listed(of="millbrook" if make_hidden == "not shared" else "fernshire")
    changes: dict[str, dict[str, Any]] = {
        "draft": {"state": "draft"},
        "suspended": {"suspended_at": make.NOW},
        "hidden": {"hidden_on": make.NOW.date()},
        "private": {"private": True},
        "not shared": {"shared": False},
    }
    for name, value in changes[make_hidden].items():
        setattr(table, name, value)
    db.session.commit()
    for what in ("feedback", "report"):
        assert Browser(site).get(f"/services/{table.id}/{what}").status_code == 404
        assert say(Browser(site), f"/services/{table.id}/{what}", part="times").status_code == 404
    assert heard() == []


def clear_away_after(time: dt.timedelta) -> None:
    """The job has run, with nothing else open."""
    db.session.rollback()
    retention.delete(make.NOW + time)


# Harm


def test_words_of_harm_reach_a_person_at_once_and_the_page_says_whom_to_ring(each_site: Flask) -> None:
    table = listed()
    council = make.council()
    settled = {"safeguarding_email": "safe@example.org", "safeguarding_phone": "01632 960 999"}
    freshness.settle(council, actor="ed", now=make.NOW, **settled)
    db.session.commit()
    mavis = Browser(each_site)
    say(mavis, f"/services/{table.id}/feedback", "The tea is nice")
    answer = say(
        mavis, f"/services/{table.id}/feedback", "One of them shouts at Jean and hit her", name="Mavis"
    )
    page = mavis.get(answer.headers["Location"]).text
    for words in ("Is somebody being harmed?", "ring 999", "01632 960 999"):
        assert words in page
    (mail,) = people.mails("safe@example.org")
    for words in ("Thursday Table", "One of them shouts at Jean and hit her", "Mavis", "“hit”"):
        assert words in mail.text
    ed, _ = people.somebody(each_site, "ed", roles=("editor",))
    page = ed.get("/editor/voices/").text
    assert page.index("shouts at Jean") < page.index("The tea is nice")
    assert "Read now: may mean harm" in page


def test_where_nothing_was_settled_the_councils_own_address_hears_it(site: Flask) -> None:
    say(Browser(site), "/suggest", "He hit me", about="Help")
    assert [mail.to for mail in people.mails()] == ["livingwell@fernshire.example.org"]


def test_harm_said_on_a_neighbours_site_is_heard_by_both_councils(site: Flask) -> None:
    table = listed(of="millbrook")
    say(Browser(site), f"/services/{table.id}/feedback", "She is locked in")
    assert {mail.to for mail in people.mails()} == {
        "care@millbrook.example.org", "livingwell@fernshire.example.org",
    }  # fmt: skip


def test_harm_is_raised_even_where_it_looks_like_a_robots(each_site: Flask) -> None:
    listed()
    for _ in range(2):
        Browser(each_site).post("/suggest", {"about": "Help", "words": "he hit me", "subject_line": "x"})
    assert [(v.state, v.urgent, bool(v.held)) for v in heard()] == [("open", True, True)] * 2
    assert len(people.mails()) == 2


def test_a_flood_of_such_words_fills_the_list_and_not_the_mail_box(site: Flask) -> None:
    browser = Browser(site)
    for number in range(30):
        browser.post("/suggest", {"about": f"a{number}", "words": f"hit {number}", "subject_line": "x"})
    assert len(heard()) == 30
    assert all(v.urgent and v.state == "open" for v in heard())
    assert len(people.mails()) == 10


# Robots


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        ({"subject_line": "Buy now"}, "hidden_field"),
        ({"began": ""}, "no_clock"),
        ({"began": "made up"}, "no_clock"),
        ({"began": "fast"}, "too_fast"),
        ({"began": "old"}, "too_old"),
        ({"words": "Look https://a.example and https://b.example"}, "links"),
        ({"words": "[url=x]y[/url] pills.top"}, "links"),
    ],
)
def test_what_looks_like_a_robots_is_held_and_never_lost(
    site: Flask, form: dict[str, str], reason: str
) -> None:
    made = {"fast": began(dt.timedelta(seconds=1)), "old": began(dt.timedelta(days=2))}
    form = {**form, "began": made.get(form["began"], form["began"])} if "began" in form else form
    browser = Browser(site)
    whole = {"about": "A club", "words": "Nice", "began": began(), "email": "bot@example.org", **form}
    answer = browser.post("/suggest", whole)
    assert answer.headers["Location"] == "/thank-you"  # a robot learns nothing
    (voice,) = heard()
    assert (voice.state, voice.held) == ("held", [reason])
    assert people.mails() == []
    ed, _ = people.somebody(site, "ed", roles=("editor",))
    assert "A club" not in ed.get("/editor/voices/").text
    assert "A club" in ed.get("/editor/voices/?state=held").text
    assert ed.get(f"/editor/voices/{voice.id}").status_code == 200


def test_one_link_is_what_people_write(site: Flask) -> None:
    say(Browser(site), "/suggest", "See https://club.example.org", about="A club")
    assert heard()[0].state == "open"


def test_a_lot_from_one_address_is_held_and_other_addresses_are_not(site: Flask) -> None:
    library, home = Browser(site), Browser(site, address="198.51.100.4")
    for number in range(MOST_AN_HOUR + 1):
        say(library, "/suggest", f"Club number {number}", about=f"Club {number}")
    say(home, "/suggest", "Quite another", about="From home")
    assert [v.state for v in heard()] == ["open"] * MOST_AN_HOUR + ["held", "open"]


def test_the_same_words_again_are_held(site: Flask) -> None:
    for address in ("203.0.113.7", "198.51.100.4"):
        say(Browser(site, address=address), "/suggest", "Cheap stairlifts", about="Lifts")
    assert [v.held for v in heard()] == [[], ["twice"]]


def test_no_address_is_kept_and_nobody_can_be_followed_from_day_to_day(site: Flask) -> None:
    said = voices.Said("suggestion", "A club", about="Club")
    for now in (make.NOW, make.NOW + dt.timedelta(days=1)):
        voices.tell(make.council(), said, None, "203.0.113.7", now)
    db.session.commit()
    first, second = heard()
    assert first.came_from != second.came_from
    assert "203.0.113.7" not in first.came_from + second.came_from
    assert len(first.came_from) == len(sealing.keyed("", ""))


def test_people_do_not_see_the_field_that_robots_fill_in(site: Flask) -> None:
    page = Browser(site).get("/suggest").text
    assert '<div hidden><label for="subject_line">' in page


def test_an_address_is_thanked_once_a_day_so_that_nobody_can_be_pestered(site: Flask) -> None:
    for number in range(4):
        say(Browser(site), "/suggest", f"Club {number}", about="x", email="mavis@example.org")
    assert len(people.mails("mavis@example.org")) == 1


# The desk


def test_it_is_done_with_a_note_and_can_be_opened_again(each_site: Flask) -> None:
    say(Browser(each_site), "/suggest", "Falcons", about="Falconers")
    ed, _ = people.somebody(each_site, "ed", roles=("editor",), name="Ed Farrow")
    path = f"/editor/voices/{heard()[0].id}"
    assert "Say what was done" in ed.post(f"{path}/done", {"note": " "}).text
    assert heard()[0].state == "open"
    assert ed.post(f"{path}/done", {"note": "Rang them; they are in."}).status_code == 303
    assert "There is nothing here" in ed.get("/editor/voices/").text
    page = ed.get(path).text
    assert "Ed Farrow" in page
    assert "Rang them; they are in." in page
    assert "Falconers" in ed.get("/editor/voices/?state=done").text
    ed.post(f"{path}/open")
    assert heard()[0].state == "open"


def test_what_was_held_is_put_with_the_others_and_thanked_for_or_thrown_away(each_site: Flask) -> None:
    for name in ("person", "robot"):
        form = {"about": name, "words": f"I am a {name}", "subject_line": "x", "email": f"{name}@example.org"}
        Browser(each_site).post("/suggest", form)
    ed, _ = people.somebody(each_site, "ed", roles=("editor",))
    person, robot = heard()
    ed.post(f"/editor/voices/{person.id}/open")
    ed.post(f"/editor/voices/{robot.id}/spam")
    assert [v.state for v in heard()] == ["open", "spam"]
    assert [mail.to for mail in people.mails()] == ["person@example.org"]


def test_an_odd_address_of_the_list_is_read_kindly(site: Flask) -> None:
    ed, _ = people.somebody(site, "ed", roles=("editor",))
    for query in ("state=none", "kind=none", "page=0", "page=-1", "page=99999999999", "page=x", "page=²"):
        assert ed.get(f"/editor/voices/?{query}").status_code == 200


def test_a_long_list_has_pages(site: Flask) -> None:
    for number in range(voices.SHOWN + 1):
        said = voices.Said("suggestion", f"Words {number}", about=f"Club {number}.")
        voices.tell(make.council(), said, None, "", make.NOW + dt.timedelta(minutes=number))
    db.session.commit()
    ed, _ = people.somebody(site, "ed", roles=("editor",))
    first, second = (ed.get(f"/editor/voices/?page={page}").text for page in (1, 2))
    assert "Club 0." in first
    assert f"Club {voices.SHOWN}." not in first
    assert f"Club {voices.SHOWN}." in second


def test_names_go_after_half_a_year_and_all_of_it_after_two_and_what_waits_stays(each_site: Flask) -> None:
    said = voices.Said("feedback", "Cold soup", about="x", name="Mavis", email="mavis@example.org")
    waits, done, robots = (voices.tell(make.council(), said, None, "", make.NOW) for _ in range(3))
    voices.settle(done, "done", "Rang", by="Ed", actor="ed", now=make.NOW)
    voices.settle(robots, "spam", "", by="Ed", actor="ed", now=make.NOW)
    db.session.commit()
    waits_id, done_id = waits.id, done.id
    clear_away_after(dt.timedelta(days=29))
    assert {v.id for v in heard()} == {waits_id, done_id}
    clear_away_after(dt.timedelta(days=184))
    assert {v.id: v.name for v in heard()} == {waits_id: "Mavis", done_id: ""}
    clear_away_after(dt.timedelta(days=800))
    assert [v.id for v in heard()] == [waits_id]


def test_a_service_that_is_gone_takes_nothing_that_was_said_with_it(each_site: Flask) -> None:
    table = listed()
    say(Browser(each_site), f"/services/{table.id}/feedback")
    db.session.rollback()
    db.session.execute(sa.delete(Service).where(Service.id == table.id))
    db.session.commit()
    ed, _ = people.somebody(each_site, "ed", roles=("editor",))
    assert "Thursday Table" in ed.get(f"/editor/voices/{heard()[0].id}").text
