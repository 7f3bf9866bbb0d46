"""What is one's own: what was done and by whom, a copy of all that is known, and the way to close the account."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import audit, clock, notify, retention
from portal.accounts import actions, closing, factors, granting, history, retaining
from portal.accounts.models import (
    Authenticator,
    Joining,
    Link,
    Mandate,
    MessageChoice,
    Passkey,
    Person,
    PrintedCode,
    Recovery,
    Role,
    SignIn,
    User,
)
from portal.audit import AuditDetail, AuditEvent
from portal.db import db
from portal.directory import claims, proposing
from portal.errors import Refusal
from portal.notify import Message
from tests import make
from tests.accounts import people
from tests.accounts.people import Browser
from tests.html_valid import validate
from tests.make import NOW

DAY = dt.timedelta(days=1)
READ = audit.declare("tests.record_read")
WROTE = audit.declare("tests.note_written", personal=("note",))
audit.say("tests.note_written", lambda facts: f"A note was written: {facts.get('note', '(erased)')}")


def supported(of: User) -> Person:
    """Somebody whom Fernshire supports, with an account. Committed."""
    person = Person(council_id=make.council().id, user_id=of.id, name="Mavis Marsh", created_at=NOW)
    db.session.add(person)
    db.session.commit()
    return person


def mandate(of: Person, by: User, state: str = "active") -> Mandate:
    """Somebody acts for somebody. Committed."""
    one, other = people.user("one-officer"), people.user("another-officer")
    made = Mandate(
        council_id=of.council_id,
        person_id=of.id,
        representative_id=by.id,
        basis="nominated",
        scope="approve",
        payment_limit_pence=12500,
        starts_on=NOW.date(),
        state=state,
        asked_by_id=by.id,
        asked_at=NOW,
        granted_by_id=one.id,
        granted_at=NOW,
        approved_by_id=other.id,
        approved_at=NOW,
        ended_at=NOW if state == "ended" else None,
    )
    db.session.add(made)
    db.session.commit()
    return made


# What was done


def test_somebody_sees_what_was_done_and_by_whom(site: Flask) -> None:
    browser, mavis = people.somebody(site, "mavis")
    ada = people.user("ada", name="Ada Marsh")
    granting.grant_role(mavis, make.council(), "editor", by=granting.By(ada.id, f"user:{ada.id}"), now=NOW)
    db.session.commit()
    actions.tell_of_change(people.again(mavis.email), "password", make.council(), now=NOW + DAY)
    db.session.commit()
    role = db.session.scalars(sa.select(Role)).one()
    granting.end_role(role, make.council(), by=people.NOBODY, now=NOW + 2 * DAY)
    db.session.commit()
    secret = people.authenticator(mavis)
    browser.sign_in(mavis.email, secret)
    page = browser.get("/account/history")
    assert page.headers["Cache-Control"] == "no-store"
    said = [page.text.index(w) for w in ("was ended: Editor", "password was changed", "was given: Editor")]
    assert said == sorted(said)  # the newest first
    assert "By Ada Marsh" in page.text
    assert "By you" in page.text
    assert "By the site" in page.text


def test_who_looked_at_what_a_council_keeps_of_somebody_is_told_to_them(each_site: Flask) -> None:
    mavis, priya = people.user("mavis"), people.user("priya", name="Priya Shah")
    person = supported(mavis)
    subject, actor = f"person:{person.id}", f"user:{priya.id}"
    db.session.rollback()
    audit.read(READ, subject, actor=actor, now=NOW)
    db.session.commit()
    audit.record(WROTE, subject, actor=actor, now=NOW + DAY, personal={"note": "likes tea"})
    db.session.commit()
    told, more = history.of(mavis.id)
    assert [(one.words, one.by) for one in told] == [
        ("A note was written: likes tea", "Priya Shah"),
        ("Tests record read", "Priya Shah"),
    ]
    assert not more
    assert history.of(priya.id) == ([], False)  # it is about Mavis, not about her


def test_a_personal_fact_that_is_erased_leaves_the_rest_to_be_told(each_site: Flask) -> None:
    mavis = people.user("mavis")
    audit.record(WROTE, f"user:{mavis.id}", actor="site", now=NOW, personal={"note": "likes tea"})
    db.session.commit()
    db.session.execute(sa.delete(AuditDetail))
    db.session.commit()
    [one], _more = history.of(mavis.id)
    assert one.words == "A note was written: (erased)"


def test_a_long_history_has_pages(site: Flask) -> None:
    browser, mavis = people.somebody(site, "mavis")
    for number in range(history.PAGE + 1):
        audit.record(READ, f"user:{mavis.id}", actor="site", now=NOW + number * DAY)
    db.session.commit()
    first = browser.get("/account/history").text
    assert first.count("Tests record read") == history.PAGE
    assert "page=2" in first
    second = browser.get("/account/history?page=2").text
    assert second.count("Tests record read") == 1
    for odd in ("0", "-3", "x", "99999999999999999999"):
        assert browser.get(f"/account/history?page={odd}").status_code == 200


def test_everything_that_the_accounts_note_has_words(site: Flask) -> None:
    ours = ("account.", "role.", "membership.", "recovery.", "person.", "mandate.", "circle.")
    facts: dict[str, Any] = {
        "role": "editor",
        "membership": "owner",
        "what": "email",
        "organisation": str(uuid.uuid4()),
    }
    for action in audit.declared():
        if action.name.startswith(ours):
            assert action.name in audit._words, action.name
        if action.name.startswith(ours[:4]):
            event = AuditEvent(action=action.name, facts={fact: facts.get(fact, 1) for fact in action.facts})
            assert audit.told(event, {})


# A copy of one's own data


def filled() -> User:
    """Mavis, of whom something of every kind is known. Committed."""
    mavis = people.user("mavis", name="Mavis <Marsh>")
    council = make.council()
    granting.grant_role(mavis, council, "editor", by=people.NOBODY, now=NOW)
    granting.take_in(mavis, people.organisation(), "owner", by=people.NOBODY, now=NOW)
    mandate(supported(mavis), people.user("derek"))
    officer = people.user("ada")
    asked = {"how_checked": "She came in with her passport.", "asked_by_id": officer.id, "asked_at": NOW}
    db.session.add_all(
        [
            Joining(
                person_id=db.session.scalars(sa.select(Person.id)).one(),
                council_id=council.id,
                email=mavis.email,
                evidence="Seen with her bus pass.",
                state="approved",
                asked_by_id=officer.id,
                asked_at=NOW,
                settled_by_id=mavis.id,
                settled_at=NOW,
            ),
            Recovery(user_id=mavis.id, council_id=council.id, stopped_at=NOW, **asked),
            Link(kind="reset", token="f" * 64, user_id=mavis.id, made_at=NOW, ends_at=NOW),
            Passkey(user_id=mavis.id, credential=b"SECRET", public_key=b"SECRET", name="phone", added_at=NOW),
            PrintedCode(user_id=mavis.id, number=1, code="SECRET", made_at=NOW),
            MessageChoice(user_id=mavis.id, kind="account.security", how="now"),
        ]
    )
    by = granting.By(mavis.id, f"user:{mavis.id}", mavis.name)
    proposing.begin(council, by=by, now=NOW)
    claims.ask(council, make.service("Shed", run_by="Shed people"), "I run it", by=by, now=NOW)
    notify.send(mavis.email, "Your plan", "It is ready.", now=NOW)
    audit.record(WROTE, f"user:{mavis.id}", actor="site", now=NOW, personal={"note": "likes tea"})
    db.session.commit()
    return mavis


def test_the_copy_holds_all_that_is_known_and_no_secret(each_site: Flask) -> None:
    mavis = filled()
    secret = people.authenticator(mavis)
    parts = {part.key: records for part, records in retention.own_data(mavis.id)}
    empty = {key for key, records in parts.items() if not records}
    assert empty == {"sign-ins", "asked"} - ({"asked"} if parts["asked"] else set())
    told = json.dumps(parts, ensure_ascii=False)
    for words in (
        "mavis@example.org",
        "Editor",
        "Willow & Wren",
        "Derek",
        "£125",
        "passport",
        "bus pass",
        "phone",
        "Your plan",
        "likes tea",
    ):
        assert words in told, words
    for hidden in ("SECRET", secret, "argon2", "f" * 64):
        assert hidden not in told


def test_the_copy_is_about_nobody_else(each_site: Flask) -> None:
    filled()
    tom = people.user("tom")
    told = json.dumps([records for _part, records in retention.own_data(tom.id)])
    assert "tom@example.org" in told
    for other in ("mavis", "Mavis", "passport", "tea", "Derek"):
        assert other not in told


def test_the_copy_is_a_file_that_nothing_keeps(site: Flask) -> None:
    mavis = filled()
    browser = Browser(site)
    browser.sign_in(mavis.email, people.authenticator(mavis))
    for kind, mimetype in (("json", "application/json"), ("html", "text/html")):
        answer = browser.get(f"/account/data/file.{kind}")
        assert (answer.status_code, answer.mimetype) == (200, mimetype)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="my-data.{kind}"'
        assert answer.headers["Cache-Control"] == "no-store"
    told: dict[str, Any] = json.loads(browser.get("/account/data/file.json").text)
    assert told["parts"][0]["records"][0]["Name"] == "Mavis <Marsh>"
    assert {"format", "made_at", "parts"} == told.keys()
    page = browser.get("/account/data/file.html").text
    assert "Mavis &lt;Marsh&gt;" in page
    assert "<script" not in page
    assert "/static/" not in page  # it fetches nothing


@pytest.mark.parametrize("path", ["/account/data/file.json", "/account/data/file.html", "/account/close"])
def test_whoever_has_not_shown_a_factor_lately_shows_one_first(site: Flask, path: str) -> None:
    browser, mavis = people.somebody(site, "mavis")
    db.session.execute(
        sa.update(SignIn).where(SignIn.user_id == mavis.id).values(proved_at=clock.now() - DAY)
    )
    db.session.commit()
    answer = browser.get(path)
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/account/prove")


def test_the_account_leads_to_all_of_it(site: Flask) -> None:
    browser, _mavis = people.somebody(site, "mavis")
    page = browser.get("/account/").text
    assert 'href="/account/history"' in page
    assert 'href="/account/data"' in page
    data = browser.get("/account/data").text
    for path in ("/account/data/file.html", "/account/data/file.json", "/account/close"):
        assert f'href="{path}"' in data


# Closing


def close(user: User, now: dt.datetime = NOW) -> None:
    """The account is closed; committed."""
    closing.close(people.again(user.email), make.council(), now)
    db.session.commit()


def test_an_account_is_closed_at_once_and_everywhere(site: Flask) -> None:
    browser, mavis = people.somebody(site, "mavis")
    elsewhere = Browser(site)
    elsewhere.sign_in(mavis.email)
    assert browser.get("/account/close").status_code == 200
    answer = browser.post("/account/close", {"sure": "yes"})
    assert (answer.status_code, answer.location) == (303, "/account/closed")
    assert "Your account is closed" in browser.get("/account/closed").text
    assert not browser.is_signed_in()
    assert not elsewhere.is_signed_in()
    again = Browser(site)
    assert again.sign_in(mavis.email).status_code != 303
    found = people.again(mavis.email)
    assert (found.state, found.password) == ("closed", None)
    assert found.closed_at
    assert any(mail.subject.startswith("Your account at") for mail in people.mails(mavis.email))
    event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "account.closed")).one()
    assert event.actor == event.subject == f"user:{mavis.id}"


def test_nothing_is_closed_without_meaning_it(site: Flask) -> None:
    browser, mavis = people.somebody(site, "mavis")
    answer = browser.post("/account/close")
    assert answer.status_code == 422
    assert "Tick the box" in answer.text
    assert "<title>Error:" in answer.text
    assert browser.get("/account/close").status_code == 200
    assert people.again(mavis.email).state == "active"


def test_parts_that_somebody_played_end_with_the_account(each_site: Flask) -> None:
    mavis = people.user("mavis", roles=("editor",))
    granting.take_in(mavis, people.organisation(), "worker", by=people.NOBODY, now=NOW)
    db.session.commit()
    close(mavis)
    found = people.again(mavis.email)
    assert [role.ended_at for role in found.roles] == [NOW]
    assert [one.ended_at for one in found.memberships] == [NOW]


def test_a_councils_only_administrator_is_refused_in_words(site: Flask) -> None:
    browser, ada = people.somebody(site, "ada", roles=("administrator",))
    words = "You are a council’s only administrator"
    assert words in browser.get("/account/close").text
    answer = browser.post("/account/close", {"sure": "yes"})
    assert answer.status_code == 409
    assert words in answer.text
    assert browser.is_signed_in()
    people.user("ed", roles=("administrator",))
    assert words not in browser.get("/account/close").text
    close(ada)


def test_an_administrator_who_is_gone_is_no_other_administrator(each_site: Flask) -> None:
    ada = people.user("ada", roles=("administrator",))
    people.user("ed", roles=("administrator",), state="closed")
    with pytest.raises(Refusal, match="only administrator"):
        close(ada)


def test_a_providers_only_owner_is_refused_in_words(each_site: Flask) -> None:
    tom, organisation = people.user("tom"), people.organisation()
    granting.take_in(tom, organisation, "owner", by=people.NOBODY, now=NOW)
    db.session.commit()
    with pytest.raises(Refusal, match="only owner"):
        close(tom)
    db.session.rollback()
    granting.take_in(people.user("ed"), organisation, "owner", by=people.NOBODY, now=NOW)
    db.session.commit()
    close(tom)


@pytest.mark.parametrize(("state", "refused"), [("active", True), ("ended", False)])
def test_who_acts_for_somebody_is_refused_in_words(each_site: Flask, state: str, *, refused: bool) -> None:
    mavis, derek = people.user("mavis"), people.user("derek")
    mandate(supported(mavis), derek, state)
    against = retention.objections(derek.id)
    assert [words.startswith("You act for somebody") for words in against] == [True] * refused
    assert retention.objections(mavis.id) == []


def test_another_feature_may_object(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    mavis = people.user("mavis")
    asked = [*site.extensions["portal.objections"], lambda user_id: ["There is money in your wallet."]]
    monkeypatch.setitem(site.extensions, "portal.objections", asked)
    with pytest.raises(Refusal, match="money in your wallet"):
        close(mavis)


# Erasing


def erased(now: dt.datetime) -> int:
    """How many accounts the deletion job emptied or took away."""
    db.session.rollback()
    return retention.delete(now)["user_account"]


def everything(user_id: uuid.UUID) -> str:
    """All rows of all tables, as text."""
    rows = [db.session.execute(sa.select(table)).all() for table in db.metadata.sorted_tables]
    db.session.rollback()
    return str(rows)


def test_after_30_days_nothing_personal_is_left(each_site: Flask) -> None:
    mavis = people.user("mavis", name="Mavis Marsh")
    tom = people.user("tom", name="Tom Baker")
    factors.add_authenticator(mavis.id, factors.new_secret(), now=NOW)
    notify.send(mavis.email, "Your plan", "It is ready.", now=NOW)
    for user in (mavis, tom):
        audit.record(
            WROTE, f"user:{user.id}", actor="site", now=NOW, personal={"note": f"a note on {user.name}"}
        )
    db.session.commit()
    mavis_id = mavis.id
    close(mavis)
    assert erased(NOW + retaining.CLOSED_KEPT) == 0
    assert "Mavis Marsh" in everything(mavis_id)
    assert erased(NOW + retaining.CLOSED_KEPT + dt.timedelta(seconds=1)) == 1
    left = everything(mavis_id)
    for personal in ("Mavis", "mavis@"):
        assert personal not in left
    assert "a note on Tom Baker" in left
    assert erased(NOW + 60 * DAY) == 0
    assert audit.check(db.session()).problems == []
    for model in (Authenticator, SignIn, Message, Link):
        assert db.session.scalars(sa.select(model)).all() == []


def test_the_address_is_free_for_a_new_account_afterwards(each_site: Flask) -> None:
    mavis = people.user("mavis")
    close(mavis)
    erased(NOW + 31 * DAY)
    actions.register("mavis@example.org", "Mavis", make.council(), provider=False, now=NOW + 32 * DAY)
    db.session.commit()
    assert people.again("mavis@example.org").state == "invited"


def test_what_a_council_keeps_of_somebody_stays_the_councils(each_site: Flask) -> None:
    mavis = people.user("mavis")
    person_id = supported(mavis).id
    close(mavis)
    erased(NOW + 31 * DAY)
    person = db.session.get_one(Person, person_id)
    assert (person.name, person.user_id) == ("Mavis Marsh", None)


def test_an_account_in_use_is_never_touched(each_site: Flask) -> None:
    people.user("mavis")
    assert erased(NOW + 4000 * DAY) == 0
    assert people.again("mavis@example.org").name == "Mavis"


def test_an_invitation_that_nobody_took_up_goes_after_90_days(each_site: Flask) -> None:
    people.user("ed", roles=("editor",), state="invited")
    assert erased(NOW + retaining.INVITED_KEPT) == 0
    assert erased(NOW + retaining.INVITED_KEPT + DAY) == 1
    assert db.session.scalars(sa.select(User)).all() == []
    assert audit.check(db.session()).problems == []


def test_an_invitation_that_something_names_stays(each_site: Flask) -> None:
    derek = people.user("derek", state="invited")
    mandate(supported(people.user("mavis")), derek)
    assert erased(NOW + 200 * DAY) == 0
    assert people.again("derek@example.org").state == "invited"


# The pages


def test_the_pages_are_valid(site: Flask) -> None:
    mavis = filled()
    browser = Browser(site)
    browser.sign_in(mavis.email, people.authenticator(mavis))
    for path in ("messages", "history", "data", "close", "closed", "data/file.html"):
        answer = browser.get(f"/account/{path}")
        assert answer.status_code == 200, path
        assert validate(answer.text) == [], path
    assert validate(browser.post("/account/close").text) == []
