"""Which mails somebody gets, and how: at once, in one mail a day, or not at all; and what nobody can switch off."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2 import ChoiceLoader, DictLoader

from portal import clock, jobs, letters, notify
from portal.accounts import choices
from portal.accounts.models import DigestItem, MessageChoice, User
from portal.councils.models import Council
from portal.db import db
from portal.notify import Message
from tests import make
from tests.accounts import people
from tests.make import NOW

GOLDEN = Path(__file__).parents[1] / "golden" / "mail" / "accounts_digest.txt"
HOUR = dt.timedelta(hours=1)
VISITS = notify.declare("tests.visits", lambda: "Visits that were written down", usual="digest")
OFFERS = notify.declare("tests.offers", lambda: "Offers from services")
MONEY = notify.declare("tests.money", lambda: "Money that goes out", needed=True)
LETTER = """{{ what }} at {{ council.site_name }}

{% if not in_digest %}Hello,{% endif %}


{{ what }} happened.
It took an hour.

> See it: {{ at('directory.home') }}

{% include 'accounts/mail/foot.txt' %}
"""


@pytest.fixture(autouse=True)
def letter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A template of a letter such as features have."""
    for name in {"site", "each_site"} & set(request.fixturenames):
        app: Flask = request.getfixturevalue(name)
        loader = ChoiceLoader([DictLoader({"tests/visit.txt": LETTER}), app.jinja_env.loader])  # type: ignore[list-item]  # it has one
        monkeypatch.setattr(app.jinja_env, "loader", loader)


def told(
    kind: notify.Kind, to: str = "mavis@example.org", what: str = "A visit", later: dt.timedelta = HOUR * 0
) -> None:
    """A feature tells somebody something; committed."""
    letters.tell(kind, to, "tests/visit.txt", council=make.council(), now=NOW + later, what=what)
    db.session.commit()


def chosen(user: User, **how: str) -> None:
    """How somebody gets messages from now on: chosen(mavis, visits="now")."""
    choices.choose(user.id, {f"tests.{kind}": said for kind, said in how.items()})
    db.session.commit()


def waiting() -> list[str]:
    """The subjects of what waits for a daily mail."""
    return list(db.session.scalars(sa.select(DigestItem.subject).order_by(DigestItem.created_at)))


# How it goes


def test_a_message_goes_at_once_with_the_way_to_choose(each_site: Flask) -> None:
    people.user("mavis")
    told(OFFERS)
    [mail] = people.mails("mavis@example.org")
    council = make.council()
    assert mail.subject == f"A visit at {council.site_name}"
    assert f"Choose which mails you get:\n{council.base_url}/account/messages" in mail.text
    assert waiting() == []


def test_a_message_that_somebody_wants_once_a_day_waits(each_site: Flask) -> None:
    chosen(people.user("mavis"), offers="digest")
    told(OFFERS)
    assert people.mails() == []
    assert len(waiting()) == 1


def test_a_message_that_somebody_does_not_want_goes_nowhere(each_site: Flask) -> None:
    chosen(people.user("mavis"), offers="off")
    told(OFFERS)
    assert people.mails() == []
    assert waiting() == []


def test_a_kind_comes_its_usual_way_until_somebody_chooses(each_site: Flask) -> None:
    mavis = people.user("mavis")
    told(VISITS)
    assert len(waiting()) == 1
    chosen(mavis, visits="now")
    told(VISITS)
    assert len(people.mails()) == 1


def test_what_is_about_money_or_security_is_always_sent_at_once(each_site: Flask) -> None:
    mavis = people.user("mavis")
    chosen(mavis, money="off")
    db.session.add(
        MessageChoice(user_id=mavis.id, kind=MONEY.key, how="off")
    )  # as if an older site had let her
    db.session.commit()
    told(MONEY)
    [mail] = people.mails()
    assert "Choose which mails" not in mail.text
    assert choices.of(mavis.id)[MONEY.key] == "now"


def test_who_has_no_account_gets_all_at_once(each_site: Flask) -> None:
    told(VISITS, "stranger@example.org")
    assert len(people.mails("stranger@example.org")) == 1


def test_what_somebody_switches_off_does_not_come_in_the_daily_mail_either(each_site: Flask) -> None:
    mavis = people.user("mavis")
    told(VISITS)
    chosen(mavis, visits="off")
    assert waiting() == []


# The daily mail


def test_the_daily_mail_comes_once_at_the_councils_hour(each_site: Flask) -> None:
    """It is half past nine; the hour is eight."""
    people.user("mavis")
    told(VISITS, what="A visit")
    told(VISITS, what="Another visit", later=HOUR)
    assert choices.send_digests(NOW + 2 * HOUR) == 0  # today's hour was before
    next_day = dt.datetime(2026, 11, 24, 8, 0, tzinfo=clock.UK)
    assert choices.send_digests(next_day - dt.timedelta(seconds=1)) == 0
    assert choices.send_digests(next_day) == 1
    told(VISITS, what="A third visit", later=dt.timedelta(days=1))
    assert choices.send_digests(next_day + 5 * HOUR) == 0
    [mail] = people.mails()
    assert mail.subject.startswith("2 messages from")
    assert choices.send_digests(next_day + dt.timedelta(days=1)) == 1
    assert waiting() == []


def test_the_hour_is_the_councils_own_and_that_of_a_clock_on_a_wall(each_site: Flask) -> None:
    council = make.council()
    council.digest_hour = 17
    summer, winter = dt.datetime(2027, 7, 1, 12, tzinfo=dt.UTC), dt.datetime(2026, 12, 1, 12, tzinfo=dt.UTC)
    assert choices.newest_hour(council, summer) == dt.datetime(2027, 6, 30, 16, tzinfo=dt.UTC)
    assert choices.newest_hour(council, winter) == dt.datetime(2026, 11, 30, 17, tzinfo=dt.UTC)
    council.digest_hour = 1  # on 28 March 2027 there is no such hour
    assert choices.newest_hour(council, dt.datetime(2027, 3, 28, 6, tzinfo=dt.UTC)).date() == dt.date(
        2027, 3, 28
    )


@pytest.mark.parametrize("hour", [-1, 24])
def test_an_hour_that_no_clock_has_is_refused(each_site: Flask, hour: int) -> None:
    make.council().digest_hour = hour
    with pytest.raises(sa.exc.IntegrityError):
        db.session.commit()


def test_each_person_and_council_has_a_mail_of_its_own(each_site: Flask) -> None:
    people.user("mavis")
    people.user("derek")
    told(VISITS)
    told(VISITS, "derek@example.org")
    letters.tell(
        VISITS, "derek@example.org", "tests/visit.txt", council=make.council("millbrook"), now=NOW, what="x"
    )
    db.session.commit()
    assert choices.send_digests(NOW + dt.timedelta(days=1)) == 3
    assert sorted(mail.to[:5] for mail in people.mails()) == ["derek", "derek", "mavis"]


def test_who_has_closed_their_account_gets_none(each_site: Flask) -> None:
    mavis = people.user("mavis")
    told(VISITS)
    mavis = people.again(mavis.email)
    mavis.state, mavis.closed_at = "closed", NOW
    db.session.commit()
    assert choices.send_digests(NOW + dt.timedelta(days=1)) == 0
    assert people.mails() == []
    assert waiting() == []


def test_the_daily_mail_goes_to_the_address_they_have_by_then(each_site: Flask) -> None:
    mavis = people.user("mavis")
    told(VISITS)
    people.again(mavis.email).email = "new@example.org"
    db.session.commit()
    choices.send_digests(NOW + dt.timedelta(days=1))
    assert [mail.to for mail in people.mails()] == ["new@example.org"]


def test_the_daily_mail_reads_as_it_should(site: Flask) -> None:
    """To renew: delete the file, run once (it fails and writes), and read what was written."""
    people.user("mavis")
    for number, what in enumerate(("A visit", "An offer from <Willow & Wren>")):
        told(VISITS, what=what, later=number * HOUR)
    choices.send_digests(NOW + dt.timedelta(days=1))
    [mail] = people.mails()
    text = f"Subject: {mail.subject}\n\n{mail.text}\n--- HTML ---\n{mail.html}"
    if not GOLDEN.exists():
        GOLDEN.write_text(text)
        pytest.fail(f"{GOLDEN.name} was not there and is written now: read it")
    assert text == GOLDEN.read_text()


def test_it_is_a_job_and_is_posted_like_any_mail(site: Flask) -> None:
    people.user("mavis")
    told(VISITS)
    assert "digest" in jobs.run_due(NOW + dt.timedelta(days=1))
    [mail] = people.mails()
    mail_id = mail.id
    db.session.rollback()
    notify.deliver(NOW + dt.timedelta(days=1), lambda _mail: None, "help@example.org")
    db.session.rollback()
    assert db.session.get_one(Message, mail_id).sent_at


# The page


def test_the_page_shows_every_kind_and_keeps_what_is_chosen(site: Flask) -> None:
    browser, mavis = people.somebody(site, "mavis")
    page = browser.get("/account/messages").text
    assert "Visits that were written down" in page
    assert "Money that goes out" in page
    assert 'name="tests.money"' not in page
    answer = browser.post(
        "/account/messages", {"tests.visits": "off", "tests.offers": "digest", "tests.money": "off"}
    )
    assert answer.status_code == 303
    assert "We have kept what you chose" in browser.get(answer.location).text
    found = choices.of(mavis.id)
    assert (found["tests.visits"], found["tests.offers"], found["tests.money"]) == ("off", "digest", "now")


def test_what_nobody_offered_changes_nothing(site: Flask) -> None:
    browser, mavis = people.somebody(site, "mavis")
    before = choices.of(mavis.id)
    answer = browser.post(
        "/account/messages", {"tests.visits": "never", "tests.nothing": "off", "x" * 90: "off"}
    )
    assert answer.status_code == 303
    assert choices.of(mavis.id) == before
    assert db.session.scalars(sa.select(MessageChoice)).all() == []


def test_one_persons_choice_is_theirs_alone(each_site: Flask) -> None:
    chosen(people.user("mavis"), offers="off")
    assert choices.of(people.user("derek").id)["tests.offers"] == "now"


def test_the_account_leads_there(site: Flask) -> None:
    browser, _mavis = people.somebody(site, "mavis")
    assert 'href="/account/messages"' in browser.get("/account/").text


# Declaring


def test_a_key_belongs_to_one_kind() -> None:
    with pytest.raises(ValueError, match="two kinds"):
        notify.declare("tests.visits", lambda: "Others")


@pytest.mark.parametrize(("needed", "usual"), [(True, "digest"), (False, "weekly")])
def test_a_kind_that_cannot_be_is_refused(needed: bool, usual: str) -> None:
    with pytest.raises(ValueError, match="cannot come"):
        notify.declare("tests.wrong", lambda: "Wrong", needed=needed, usual=usual)


def test_the_usual_hour_is_eight(site: Flask) -> None:
    assert {council.digest_hour for council in db.session.scalars(sa.select(Council))} == {8}
