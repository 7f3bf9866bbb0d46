"""Keeping listings right, over a year that takes seconds: who is asked, who is told, what is hidden and comes back."""

import datetime as dt
import itertools
from collections import defaultdict
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal import clock, sealing
from portal.accounts import choices
from portal.accounts.models import Membership, User
from portal.audit import AuditEvent
from portal.db import db
from portal.directory import drafts, freshness, indexing, reminding
from portal.directory.models import ReviewLetter, Service
from portal.notify import Message
from tests import make
from tests.accounts import people

TODAY = make.NOW.date()
MONTHS_6 = dt.date(2027, 5, 23)


def day(number: int) -> dt.date:
    """So many days after the beginning."""
    return TODAY + dt.timedelta(days=number)


def at(when: dt.date) -> dt.datetime:
    """The morning of a day."""
    return dt.datetime.combine(when, dt.time(9), dt.UTC)


def look(when: dt.date) -> None:
    """The job has run on that day, for Fernshire."""
    reminding.look_after(make.council(), when, at(when))


def live(first: dt.date, last: dt.date, every: int = 1) -> None:
    """The job has run on every day from first to last."""
    for number in range(0, (last - first).days + 1, every):
        look(first + dt.timedelta(days=number))


def lunch(name: str = "Thursday Table", due: dt.date = TODAY, **more: Any) -> Service:
    """A listing with an address, whose review is due on a day. Committed."""
    facts = {"email": "table@example.org", "assured_on": due - dt.timedelta(days=180), **more}
    made = make.service(name, review_due_on=due, **facts)
    db.session.commit()
    return made


def again(service: Service) -> Service:
    """The listing as the database has it now."""
    db.session.rollback()
    return db.session.get_one(Service, service.id)


def sent(to: str = "table@example.org") -> list[dt.date]:
    """The days on which a reminder went to an address."""
    return [mail.created_at.date() for mail in people.mails(to)]


def link(mail: Message) -> str:
    """The path of the link that a reminder carries."""
    return mail.text.split("/still-right/")[1].split()[0]


def test_a_year_in_which_nobody_answers(each_site: Flask) -> None:
    table, due = lunch(due=day(40)), day(40)
    live(TODAY, day(365))
    found = again(table)
    days = sent()
    assert days[0] == due - dt.timedelta(days=14)  # asked
    assert days[1] == due + dt.timedelta(days=14)  # asked again, when the editors are told
    assert days[2] == due + dt.timedelta(days=91)  # told that it is hidden
    assert len(days) == 3
    assert found.hidden_on == due + dt.timedelta(days=91)
    # Its address is the council's, as it has no editors.
    assert sent("livingwell@fernshire.example.org") == [days[1], days[2]]


def test_it_is_in_searches_until_it_is_hidden_and_again_when_confirmed(each_site: Flask) -> None:
    table = lunch()
    make.saved()
    client = each_site.test_client()
    live(TODAY, day(90))
    page = client.get(f"/services/{table.id}")
    assert page.status_code == 200
    assert "Last checked" in page.text
    assert str(table.id) in client.get("/find?q=thursday+table").text
    look(day(91))
    assert client.get(f"/services/{table.id}").status_code == 404
    assert str(table.id) not in client.get("/find?q=thursday+table").text
    indexing.take_in(at(day(91)))
    assert str(table.id) not in client.get("/find?q=thursday+table").text
    freshness.confirm(again(table), actor="tests", today=day(92), now=at(day(92)))
    db.session.commit()
    assert client.get(f"/services/{table.id}").status_code == 200
    assert str(table.id) in client.get("/find?q=thursday+table").text


def test_the_organisations_members_are_asked_rather_than_an_address_on_a_page(each_site: Flask) -> None:
    table = lunch()
    tom, ann = people.user("tom"), people.user("ann")
    for who, kind in ((tom, "owner"), (ann, "worker")):
        db.session.add(
            Membership(user_id=who.id, organisation_id=table.organisation_id, kind=kind, granted_at=make.NOW)
        )
    db.session.commit()
    look(TODAY)
    assert [mail.to for mail in people.mails()] == ["tom@example.org"]


def owner(table: Service, key: str = "tom", **how: str) -> User:
    """Somebody who looks after a listing, and gets mails as they say: owner(table, reminders="off"). Committed."""
    made = people.user(key)
    db.session.add(
        Membership(user_id=made.id, organisation_id=table.organisation_id, kind="owner", granted_at=make.NOW)
    )
    choices.choose(made.id, {f"directory.{kind}": said for kind, said in how.items()})
    db.session.commit()
    return made


def test_a_reminder_says_where_to_choose_which_mails_one_gets_to_whoever_has_an_account(site: Flask) -> None:
    lunch("Memory café", run_by="Café people", email="cafe@example.org")
    owner(lunch())
    look(TODAY)
    assert "Choose which mails you get" in people.mails("tom@example.org")[0].text
    assert "Choose which mails you get" not in people.mails("cafe@example.org")[0].text


def test_a_reminder_comes_in_the_daily_mail_of_whoever_wants_one(each_site: Flask) -> None:
    owner(lunch(), reminders="digest")
    look(TODAY)
    assert people.mails() == []
    choices.send_digests(at(day(1)))
    (mail,) = people.mails("tom@example.org")
    assert "Is what we say about you still right?" in mail.text
    assert mail.text.count("Hello") == 1
    assert each_site.test_client().get(f"/still-right/{link(mail)}").status_code == 200


def test_whoever_wants_no_reminders_has_none_and_the_editors_are_told_without_waiting_for_them(
    each_site: Flask,
) -> None:
    table = lunch()
    owner(table, reminders="off")
    live(TODAY, day(14))
    assert people.mails("tom@example.org") == []
    assert sent("livingwell@fernshire.example.org") == [day(14)]
    live(day(15), day(91))
    assert again(table).hidden_on == day(91)


def test_a_reminder_is_in_the_language_of_whoever_reads_it(site: Flask) -> None:
    tom = owner(lunch())
    tom.language = "cy"
    db.session.commit()
    look(TODAY)
    (mail,) = people.mails("tom@example.org")
    assert '<html lang="cy">' in (mail.html or "")


def test_one_mail_names_all_that_is_due_of_an_organisation(each_site: Flask) -> None:
    lunch("Thursday Table"), lunch("Memory café", day(10)), lunch("Far off", day(100))
    look(TODAY)
    (mail,) = people.mails()
    assert "Thursday Table" in mail.text
    assert "Memory café" in mail.text
    assert "Far off" not in mail.text


def test_no_address_has_more_than_one_mail_a_fortnight_whatever_falls_due(each_site: Flask) -> None:
    for number in range(12):
        lunch(f"Club {number}", day(number * 3), run_by=f"Club {number}")
    people.user("ed", roles=("editor",))
    live(TODAY, day(200), every=2)
    by_address: dict[str, list[dt.date]] = defaultdict(list)
    for mail in people.mails():
        by_address[mail.to].append(mail.created_at.date())
    assert {"table@example.org", "ed@example.org"} <= set(by_address)
    for days in by_address.values():
        gaps = [(later - sooner).days for sooner, later in itertools.pairwise(days)]
        assert min(gaps, default=14) >= 14
    assert all(s.hidden_on for s in db.session.scalars(sa.select(Service)))


def test_nothing_is_hidden_before_somebody_was_asked_and_the_editors_were_told(each_site: Flask) -> None:
    """The site was away for a year, or the listing came from elsewhere long ago: everybody has their time first."""
    table = lunch(due=day(-400))
    look(TODAY)
    assert again(table).hidden_on is None
    live(day(1), day(27))
    assert again(table).hidden_on is None
    live(day(28), day(29))
    assert again(table).hidden_on == day(28)
    assert sent()[0] == TODAY


def test_one_that_nobody_can_be_asked_about_goes_to_the_editors_at_once(each_site: Flask) -> None:
    people.user("ed", roles=("editor",))
    lunch(email="")
    live(TODAY, day(14))
    (mail,) = people.mails()
    assert (mail.to, mail.created_at.date()) == ("ed@example.org", day(14))


def test_a_listing_without_a_day_gets_one_and_time(each_site: Flask) -> None:
    new = make.service("New here", assured_on=None, review_due_on=None)
    old = make.service("From a list", assured_on=dt.date(2019, 1, 1), review_due_on=None)
    db.session.commit()
    look(TODAY)
    assert again(new).review_due_on == MONTHS_6
    assert again(old).review_due_on == day(14)


@pytest.mark.parametrize(
    "more",
    [{"state": "archived"}, {"state": "draft"}, {"status": "defunct"}],
    ids=["archived", "draft", "gone"],
)
def test_what_the_public_does_not_see_is_left_alone(site: Flask, more: dict[str, Any]) -> None:
    table = lunch()
    for name, value in more.items():
        setattr(table, name, value)
    db.session.commit()
    live(TODAY, day(120), every=7)
    assert people.mails() == []
    assert again(table).hidden_on is None


def test_an_event_that_is_over_needs_no_review(site: Flask) -> None:
    over = drafts.TimeDraft(on=day(-3), opens=dt.time(10), closes=dt.time(12))
    to_come = drafts.TimeDraft(on=day(30), opens=dt.time(10), closes=dt.time(12))
    lunch("Fair that was", kind="event", times=(over,), email="was@example.org", run_by="A")
    lunch("Fair to come", kind="event", times=(to_come,), email="comes@example.org", run_by="B")
    look(TODAY)
    assert [mail.to for mail in people.mails()] == ["comes@example.org"]


def test_another_councils_listings_are_their_own_business(site: Flask) -> None:
    lunch(of="millbrook")
    look(TODAY)
    assert people.mails() == []
    reminding.run(at(TODAY))
    assert len(people.mails()) == 1


def test_the_job_run_ten_times_a_day_says_everything_once(site: Flask) -> None:
    lunch()
    for _ in range(10):
        look(TODAY)
    assert len(sent()) == 1


def test_a_council_settles_its_own_times(site: Flask) -> None:
    settle = {"review_months": 12, "remind_days": 30, "escalate_days": 7, "hide_days": 40}
    freshness.settle(make.council(), actor="ed", now=make.NOW, **settle)
    table = lunch(due=day(30))
    live(TODAY, day(80))
    assert sent()[0] == TODAY
    assert again(table).hidden_on == day(70)
    freshness.confirm(again(table), actor="ed", today=day(80), now=at(day(80)))
    assert table.review_due_on == freshness.months_later(day(80), 12)


def test_editors_hear_when_there_is_something_new_and_only_then(site: Flask) -> None:
    people.user("ed", roles=("editor",))
    lunch()
    live(TODAY, day(60))
    assert sent("ed@example.org") == [day(14)]
    live(day(61), day(200))
    assert sent("ed@example.org") == [day(14), day(91)]  # the second: it is hidden now


# The link


def asked(site: Flask, *names: str) -> str:
    """The path of the page behind the link of the reminder that was sent today."""
    for name in names or ("Thursday Table",):
        lunch(name, summary="Soup and company")
    reminding.look_after(make.council(), TODAY, make.NOW)
    return "/still-right/" + link(people.mails()[-1])


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The clock on the wall shows the tests' own day, and can be set."""
    shown = {"now": make.NOW}
    monkeypatch.setattr(clock, "now", lambda: shown["now"])
    return lambda moment: shown.update(now=moment)


def listing(name: str = "Thursday Table") -> Service:
    """The listing of this name, as the database has it now."""
    db.session.rollback()
    return db.session.scalars(sa.select(Service).where(Service.name == name)).one()


def test_a_mail_scanner_that_opens_the_link_confirms_nothing(each_site: Flask, now: Any) -> None:
    path = asked(each_site)
    browser = people.Browser(each_site)
    page = browser.get(path)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    for part in (
        "Thursday Table",
        "Soup and company",
        "It is all still right",
        "Something has changed",
        "We have stopped",
    ):
        assert part in page.text
    for more in ("/changed", "/stopped"):
        assert browser.get(f"{path}/{listing().id}{more}").status_code == 200
    assert listing().review_due_on == TODAY
    assert browser.post(path, token="forged").status_code == 400
    assert listing().review_due_on == TODAY


def test_one_press_without_signing_in_says_that_all_is_still_right(each_site: Flask, now: Any) -> None:
    path = asked(each_site, "Thursday Table", "Memory café")
    browser = people.Browser(each_site)
    assert browser.post(path).headers["Location"] == path
    for name in ("Thursday Table", "Memory café"):
        assert listing(name).assured_on == TODAY
        assert listing(name).review_due_on == MONTHS_6
    assert "all is checked" in browser.get(path).text
    trail = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "listing.confirmed")).all()
    assert len(trail) == 2
    assert all(event.actor.startswith("letter:") for event in trail)


def test_one_of_two_can_be_right_by_itself(each_site: Flask, now: Any) -> None:
    path = asked(each_site, "Thursday Table", "Memory café")
    people.Browser(each_site).post(path, {"service": str(listing().id)})
    assert listing().review_due_on == MONTHS_6
    assert listing("Memory café").review_due_on == TODAY


def test_pressing_again_weeks_later_makes_nothing_fresher(site: Flask, now: Any) -> None:
    path = asked(site)
    browser = people.Browser(site)
    browser.post(path)
    now(make.NOW + dt.timedelta(days=50))
    assert browser.post(path).status_code == 303
    assert listing().assured_on == TODAY


def test_the_link_works_for_sixty_days(site: Flask, now: Any) -> None:
    path = asked(site)
    browser = people.Browser(site)
    now(make.NOW + dt.timedelta(days=59, hours=23))
    assert browser.get(path).status_code == 200
    now(make.NOW + dt.timedelta(days=60))
    assert browser.get(path).status_code == 410
    assert browser.post(path).status_code == 410
    assert listing().review_due_on == TODAY


def test_a_link_of_nobodys_and_one_of_another_council_open_nothing(site: Flask, now: Any) -> None:
    path = asked(site)
    browser = people.Browser(site)
    assert browser.get("/still-right/" + sealing.token()).status_code == 410
    assert people.Browser(site, host="millbrook.localhost").get(path).status_code == 410


def test_the_link_is_for_the_listings_of_its_letter_alone(site: Flask, now: Any) -> None:
    path = asked(site)
    other = lunch("Somebody else’s", run_by="Derek", email="derek@example.org")
    browser = people.Browser(site)
    assert browser.post(path, {"service": str(other.id)}).status_code == 303
    assert browser.post(f"{path}/{other.id}/stopped").status_code == 410
    assert browser.post(path, {"service": "all"}).status_code == 400
    assert listing("Somebody else’s").review_due_on == TODAY
    assert listing().review_due_on == TODAY


def test_only_a_hash_of_the_link_is_kept(site: Flask, now: Any) -> None:
    token = asked(site).rpartition("/")[2]
    db.session.rollback()
    assert db.session.scalars(sa.select(ReviewLetter.token)).all() == [sealing.hashed(token)]


def test_we_have_stopped_closes_it_for_now_and_asks_an_editor(each_site: Flask, now: Any) -> None:
    path = asked(each_site)
    browser, found = people.Browser(each_site), listing()
    answer = browser.post(f"{path}/{found.id}/stopped")
    assert answer.headers["Location"] == "/thank-you"
    assert listing().status == "temporarily closed"
    assert "This is closed for now" in browser.get(f"/services/{found.id}").text
    ed, _ = people.somebody(each_site, "ed", roles=("editor",))
    page = ed.get("/editor/voices/").text
    assert "from whoever runs it" in page
    assert "It has stopped" in page
    browser.post(f"{path}/{found.id}/stopped")
    assert ed.get("/editor/voices/").text.count("It has stopped") == 1


def test_something_has_changed_is_told_without_signing_in_even_when_it_is_hidden(
    each_site: Flask, now: Any
) -> None:
    path = asked(each_site)
    listing().hidden_on = TODAY
    db.session.commit()
    browser, found = people.Browser(each_site), listing()
    nothing = browser.post(f"{path}/{found.id}/changed", {"part": "times"})
    assert nothing.status_code == 422
    assert "Type what is right" in nothing.text
    told = browser.post(f"{path}/{found.id}/changed", {"part": "times", "words": "Tuesdays now"})
    assert told.status_code == 303
    ed, _ = people.somebody(each_site, "ed", roles=("editor",))
    assert "Tuesdays now" in ed.get("/editor/voices/").text
    assert listing().hidden_on == TODAY  # nothing public changes before an editor has looked
    browser.post(path)
    assert listing().hidden_on is None


# The editors' page


def test_editors_see_what_is_late_and_mark_several_as_checked(each_site: Flask, now: Any) -> None:
    first, second = lunch("Thursday Table"), lunch("Memory café")
    live(TODAY, day(14))
    now(at(day(14)))
    ed, _ = people.somebody(each_site, "ed", roles=("editor",))
    page = ed.get("/editor/freshness/")
    assert "Thursday Table" in page.text
    assert "Memory café" in page.text
    done = ed.post("/editor/freshness/", {"service": [str(first.id), "odd", str(second.id)]})
    assert done.headers["Location"] == "/editor/freshness/?stage=late&done=2"
    assert "2 entries are marked as checked" in ed.get(done.headers["Location"]).text
    assert again(first).assured_on == day(14)
    assert "There is nothing here" in ed.get("/editor/freshness/").text


def test_editors_bring_back_what_was_hidden(site: Flask, now: Any) -> None:
    table = lunch()
    live(TODAY, day(91))
    now(at(day(92)))
    ed, _ = people.somebody(site, "ed", roles=("editor",))
    assert "Thursday Table" in ed.get("/editor/freshness/?stage=hidden").text
    ed.post("/editor/freshness/", {"service": [str(table.id)], "stage": "hidden"})
    assert ed.get(f"/services/{table.id}").status_code == 200


def test_the_page_is_for_the_councils_editors(site: Flask, now: Any) -> None:
    table = lunch(due=day(-30))
    olga, _ = people.somebody(site, "olga", roles=("editor",), of="millbrook")
    bea, _ = people.somebody(site, "bea", roles=("broker",))
    for browser in (olga, bea):
        assert browser.get("/editor/freshness/").status_code == 404
        assert browser.post("/editor/freshness/", {"service": [str(table.id)]}).status_code == 404
    assert people.Browser(site).get("/editor/freshness/").status_code == 303
    over_there, _ = people.somebody(site, "olaf", roles=("editor",), of="fernshire")
    elsewhere = lunch("Over there", of="millbrook", due=day(-30), run_by="Them")
    over_there.post("/editor/freshness/", {"service": [str(elsewhere.id)]})
    assert again(elsewhere).review_due_on == day(-30)


def test_rules_are_settled_on_a_page_and_odd_ones_refused(site: Flask, now: Any) -> None:
    ed, _ = people.somebody(site, "ed", roles=("editor",))
    path = "/editor/freshness/rules"
    assert 'value="91"' in ed.get(path).text
    right = {"review_months": "12", "remind_days": "21", "escalate_days": "10", "hide_days": "60"}
    odd = {"review_months": "0", "remind_days": "soon", "escalate_days": "70", "safeguarding_email": "nobody"}
    refused = ed.post(path, {**right, **odd})
    assert refused.status_code == 422
    for words in (
        "from 1 to 36",
        "from 1 to 60",
        "more days than until you are told",
        "with an @ in it",
        'value="soon"',
    ):
        assert words in refused.text
    assert ed.post(path, {**right, "safeguarding_email": "safe@example.org"}).status_code == 303
    db.session.rollback()
    settled = freshness.rules(make.council().id)
    assert (settled.review_months, settled.hide_days, settled.safeguarding_email) == (
        12,
        60,
        "safe@example.org",
    )


# Sums


@given(st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)), st.integers(-40, 40))
def test_months_later_is_the_same_day_or_the_months_last(start: dt.date, months: int) -> None:
    later = freshness.months_later(start, months)
    assert (later.year * 12 + later.month) - (start.year * 12 + start.month) == months
    assert later.day == start.day or (later.day < start.day and (later + dt.timedelta(days=1)).day == 1)


def test_an_approved_change_brings_a_hidden_listing_back(site: Flask) -> None:
    """Whatever gives its review a new day shows it again; an import that changes no day does not."""
    table = lunch()
    table.hidden_on = TODAY
    table.review_due_on = TODAY
    assert table.hidden_on == TODAY
    table.review_due_on = MONTHS_6
    assert table.hidden_on is None
