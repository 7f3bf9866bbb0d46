"""Who may act for whom: asked for, granted by one officer, approved by another, ended at once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import audit, jobs
from portal.accounts import acting, asking, granting, mandate_telling, mandates, supported
from portal.accounts.mandates import Matter, Who
from portal.accounts.models import BASES, Agreement, Asking, Joining, Mandate, Person, User
from portal.audit import AuditEvent
from portal.db import db
from portal.errors import Refusal
from tests import make
from tests.accounts import mandating, people
from tests.accounts.mandating import EVIDENCE, TODAY, account, at, officer, terms, visiting

DAY = dt.timedelta(days=1)


def may(user: User, person: Person, scope: str = "approve", today: dt.date = TODAY, **more: Any) -> bool:
    """Whether somebody may act for a person, as the database has it now."""
    return acting.may_act(visiting(user), person, scope, today, **more) is not None


def events(person: Person) -> list[AuditEvent]:
    """What was noted about a person, in order."""
    asked = sa.select(AuditEvent).where(AuditEvent.subject == f"person:{person.id}")
    return list(db.session.scalars(asked.order_by(AuditEvent.number)))


# The ordinary way


def test_two_officers_let_derek_act_for_mavis(each_site: Flask) -> None:
    mavis, derek, sam, ada = mandating.mavis(), account("derek"), officer("sam"), officer("ada")
    made = mandates.ask(mavis, Who(derek), terms("lpa"), at(account("mavis")))
    assert (made.state, may(derek, mavis)) == ("asked", False)
    mandates.grant(made, EVIDENCE, at(sam))
    assert (made.state, may(derek, mavis)) == ("granted", False)
    mandates.approve(made, at(ada))
    db.session.commit()
    assert (made.state, may(derek, mavis)) == ("active", True)
    assert (made.granted_by, made.approved_by, made.evidence) == (sam, ada, EVIDENCE)
    told = [(one.action, one.actor) for one in events(mavis)[1:]]
    assert told == [
        ("mandate.asked", f"user:{mavis.user_id}"),
        ("mandate.granted", f"user:{sam.id}"),
        ("mandate.approved", f"user:{ada.id}"),
    ]


@pytest.mark.parametrize("basis", [basis for basis in BASES if basis != "managed"])
def test_whatever_the_grounds_it_holds_once_approved(each_site: Flask, basis: str) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    mandating.active(mavis, derek, terms(basis, needed=1 if basis == "trust_circle" else None))
    assert may(derek, mavis)
    assert not may(account("olga"), mavis)


@pytest.mark.parametrize(
    ("held", "allowed"),
    [("view", {"view"}), ("request", {"view", "request"}), ("approve", {"view", "request", "approve"})],
)
def test_a_scope_holds_those_before_it_and_no_other(each_site: Flask, held: str, allowed: set[str]) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    mandating.active(mavis, derek, terms(scope=held))
    assert {scope for scope in ("view", "request", "approve") if may(derek, mavis, scope)} == allowed


def test_limits_are_for_one_payment_and_for_a_month(each_site: Flask) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    mandating.active(mavis, derek, terms(payment_limit_pence=25_000, month_limit_pence=100_000))
    assert may(derek, mavis, pence=25_000)
    assert not may(derek, mavis, pence=25_001)
    assert may(derek, mavis, pence=25_000, month_pence=75_000)
    assert not may(derek, mavis, pence=25_000, month_pence=75_001)
    with pytest.raises(ValueError, match="less than nothing"):
        may(derek, mavis, pence=-1)


def test_the_first_and_the_last_day_are_in_it(each_site: Flask) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    first, last = TODAY + 2 * DAY, TODAY + 4 * DAY
    made = mandating.active(mavis, derek, terms(starts_on=first, ends_on=last))
    allowed = [TODAY + day * DAY for day in range(7) if may(derek, mavis, today=TODAY + day * DAY)]
    assert allowed == [first, first + DAY, last]
    states = [mandate_telling.state(made, day) for day in (TODAY, first, last + DAY)]
    assert states == ["Begins later", "In force", "Run out"]


def test_who_acts_for_one_acts_for_no_other(each_site: Flask) -> None:
    mavis, asha, derek = mandating.mavis(), mandating.person("Asha"), account("derek")
    mandating.active(mavis, derek)
    assert not may(derek, asha)
    assert not may(account("mavis"), asha)


def test_a_mandate_is_nothing_on_another_councils_site(site: Flask) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    mandating.active(mavis, derek)
    there = visiting(derek, "millbrook")
    assert acting.may_act(there, mavis, "view", TODAY) is None
    assert acting.for_person(there, mavis.id, "view", TODAY) is None


def test_a_person_acts_for_themselves_without_a_mandate(site: Flask) -> None:
    mavis = mandating.mavis()
    found = acting.for_person(visiting(account("mavis")), mavis.id, "approve", TODAY)
    assert found
    assert (found.mandate, found.on_behalf_of) == (None, None)


def test_what_a_representative_does_is_on_behalf_of_the_person(site: Flask) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    mandating.active(mavis, derek)
    found = acting.for_person(visiting(derek), mavis.id, "view", TODAY)
    assert found
    assert found.on_behalf_of == f"person:{mavis.id}"


# Two officers


def test_who_granted_does_not_approve(each_site: Flask) -> None:
    made = mandating.granted(mandating.mavis(), account("derek"))
    with pytest.raises(Refusal, match="Another officer has to approve"):
        mandates.approve(made, at(officer("sam-fernshire")))


@pytest.mark.parametrize("key", ["derek", "mavis"])
def test_nobody_decides_about_what_they_are_part_of(each_site: Flask, key: str) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    made = mandating.asked(mavis, derek)
    part = account(key)
    granting.grant_role(part, make.council(), "care_manager", by=people.NOBODY, now=make.NOW)
    acts: list[Callable[[], None]] = [
        lambda: mandates.grant(made, EVIDENCE, at(part)),
        lambda: mandates.refuse(made, "No.", at(part)),
    ]
    for act in acts:
        with pytest.raises(Refusal, match="Nobody decides about what they are part of"):
            act()
    mandates.grant(made, EVIDENCE, at(officer()))
    with pytest.raises(Refusal, match="Nobody decides about what they are part of"):
        mandates.approve(made, at(part))
    assert made.state == "granted"


def test_who_works_for_the_organisation_does_not_decide_about_it(each_site: Flask) -> None:
    mavis, (_tom, organisation) = mandating.mavis(), mandating.provider()
    made = mandating.asked(mavis, organisation, terms("managed"))
    wes = officer("wes")
    granting.take_in(wes, organisation, "worker", by=people.NOBODY, now=make.NOW)
    with pytest.raises(Refusal, match="Nobody decides about what they are part of"):
        mandates.grant(made, EVIDENCE, at(wes))


def test_whoever_the_code_forgets_the_database_itself_wants_two(each_site: Flask) -> None:
    made = mandating.granted(mandating.mavis(), account("derek"))
    made.state, made.approved_by_id = "active", made.granted_by_id
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_the_papers_must_be_somewhere(site: Flask) -> None:
    made = mandating.asked(mandating.mavis(), account("derek"))
    with pytest.raises(Refusal, match="Say where the papers are"):
        mandates.grant(made, "  ", at(officer()))


def test_what_is_settled_is_not_settled_again(each_site: Flask) -> None:
    mavis, derek, sam, ada = mandating.mavis(), account("derek"), officer("sam"), officer("ada")
    made = mandating.asked(mavis, derek)
    with pytest.raises(Refusal, match="settled already"):
        mandates.approve(made, at(ada))
    mandates.refuse(made, "The papers are not signed.", at(sam))
    assert (made.state, made.end_reason, may(derek, mavis)) == (
        "refused",
        "The papers are not signed.",
        False,
    )
    acts: list[Callable[[], None]] = [
        lambda: mandates.grant(made, EVIDENCE, at(sam)),
        lambda: mandates.refuse(made, "Again", at(sam)),
        lambda: mandates.end(made, "", at(sam), side="person"),
    ]
    for act in acts:
        with pytest.raises(Refusal, match="settled already"):
            act()


def test_what_is_over_before_it_is_approved_is_not_approved(site: Flask) -> None:
    made = mandating.granted(mandating.mavis(), account("derek"), terms(ends_on=TODAY))
    with pytest.raises(Refusal, match="last day is over"):
        mandates.approve(made, at(officer("ada"), today=TODAY + DAY))


# Asking


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"basis": "friend"}, "basis"),
        ({"scope": "everything"}, "scope"),
        ({"basis": "managed"}, "basis"),
        ({"ends_on": TODAY - DAY, "starts_on": TODAY - 2 * DAY}, "ends_on"),
        ({"ends_on": TODAY + DAY, "starts_on": TODAY + 2 * DAY}, "ends_on"),
        ({"payment_limit_pence": -1}, "payment_limit"),
        ({"month_limit_pence": -1}, "month_limit"),
        ({"payment_limit_pence": 200, "month_limit_pence": 100}, "month_limit"),
        ({"basis": "trust_circle"}, "needed"),
        ({"basis": "trust_circle", "needed": 0}, "needed"),
        ({"basis": "trust_circle", "needed": 13}, "needed"),
    ],
)
def test_terms_that_do_not_hold_are_refused_beside_their_field(
    site: Flask, wanted: dict[str, Any], field: str
) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    with pytest.raises(Refusal) as refused:
        mandates.ask(mavis, Who(derek), terms(**wanted), at(officer()))
    assert (refused.value.field, refused.value.status) == (field, 422)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Mandate.id))) == 0


def test_nobody_acts_for_themselves_nor_twice_for_another(each_site: Flask) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    with pytest.raises(Refusal, match="Nobody needs leave to act for themselves"):
        mandates.ask(mavis, Who(account("mavis")), terms(), at(officer()))
    mandating.active(mavis, derek)
    with pytest.raises(Refusal, match="They may act already"):
        mandates.ask(mavis, Who(derek), terms("lpa"), at(officer()))


def test_after_the_end_it_can_be_asked_for_anew(each_site: Flask) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    first = mandating.active(mavis, derek)
    mandates.end(first, "", at(account("mavis")), side="person")
    mandating.active(mavis, derek)
    assert may(derek, mavis)


# The end


@pytest.mark.parametrize(
    ("key", "side", "why"),
    [("mavis", "person", ""), ("derek", "representative", ""), ("ada", "officer", "The court has ruled.")],
)
def test_either_side_and_an_officer_end_it_at_once(each_site: Flask, key: str, side: str, why: str) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    officer("ada")
    made = mandating.active(mavis, derek)
    mandates.end(made, why, at(account(key)), side=side)
    db.session.commit()
    assert (made.state, made.ended_by, made.end_reason) == ("ended", account(key), why)
    assert not may(derek, mavis, "view")
    last = events(mavis)[-1]
    assert (last.action, last.facts["side"]) == ("mandate.ended", side)
    assert last.on_behalf_of == (f"person:{mavis.id}" if side == "representative" else None)


def test_an_officer_says_why(site: Flask) -> None:
    made = mandating.active(mandating.mavis(), account("derek"))
    with pytest.raises(Refusal, match="Say why it ends"):
        mandates.end(made, " ", at(officer()), side="officer")


def test_what_was_only_asked_for_can_be_taken_back(site: Flask) -> None:
    mavis = mandating.mavis()
    made = mandating.asked(mavis, account("derek"))
    mandates.end(made, "", at(account("derek")), side="representative")
    db.session.commit()
    assert made.state == "ended"
    mails = [mail.text for mail in people.mails("mavis@example.org")]
    assert any("has been taken back, and nothing comes of it" in text for text in mails)


def test_the_last_day_ends_it_and_the_job_writes_it_down(each_site: Flask) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    made = mandating.active(mavis, derek, terms(ends_on=TODAY))
    staying = mandating.active(mandating.person("Asha"), derek, terms(ends_on=TODAY + DAY))
    late = make.NOW + DAY
    assert mandates.end_past(make.NOW, TODAY) == 0
    assert not may(derek, mavis, today=TODAY + DAY)  # with or without the job
    over, stays, whose = made.id, staying.id, mavis.id
    db.session.commit()  # the job has transactions of its own
    jobs.run_due(late)
    db.session.remove()
    ended = db.session.get_one(Mandate, over)
    assert (ended.state, ended.ended_by_id) == ("ended", None)
    assert db.session.get_one(Mandate, stays).state == "active"
    assert events(db.session.get_one(Person, whose))[-1].facts["side"] == "date"
    assert "You no longer act for Mavis" in {mail.subject for mail in people.mails("derek@example.org")}
    assert mandates.end_past(late, TODAY + DAY) == 0


# Changes


def test_other_limits_take_the_place_of_the_old_in_one_step(each_site: Flask) -> None:
    mavis, derek, sam, ada = mandating.mavis(), account("derek"), officer("sam"), officer("ada")
    old = mandating.active(mavis, derek, terms(payment_limit_pence=25_000))
    new = mandates.change(old, terms(payment_limit_pence=50_000), "Letter of 1 November", at(sam))
    db.session.commit()
    assert (old.state, new.state) == ("active", "granted")
    assert not may(derek, mavis, pence=50_000)
    assert may(derek, mavis, pence=25_000)  # the old one holds until then
    with pytest.raises(Refusal, match="Another officer has to approve"):
        mandates.approve(new, at(sam))
    mandates.approve(new, at(ada))
    db.session.commit()
    assert (old.state, new.state, new.replaces_id) == ("ended", "active", old.id)
    assert may(derek, mavis, pence=50_000)
    assert [one.action for one in events(mavis)][-3:] == [
        "mandate.change_granted",
        "mandate.ended",
        "mandate.approved",
    ]


def test_a_change_keeps_who_it_is_for_and_on_what_grounds(site: Flask) -> None:
    old = mandating.active(mandating.mavis(), account("derek"), terms("lpa"))
    new = mandates.change(old, terms("deputy", "view"), EVIDENCE, at(officer()))
    assert (new.basis, new.scope, new.person, new.representative) == (
        "lpa",
        "view",
        old.person,
        old.representative,
    )


def test_a_change_leaves_no_gap(site: Flask) -> None:
    old = mandating.active(mandating.mavis(), account("derek"))
    with pytest.raises(Refusal, match="not later than today"):
        mandates.change(old, terms(starts_on=TODAY + DAY), EVIDENCE, at(officer()))
    later = mandating.active(mandating.person("Asha"), account("derek"), terms(starts_on=TODAY + DAY))
    assert mandates.change(later, terms(starts_on=TODAY + DAY), EVIDENCE, at(officer())).state == "granted"


def test_an_end_takes_along_the_change_that_waits(each_site: Flask) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    old = mandating.active(mavis, derek)
    new = mandates.change(old, terms(scope="view"), EVIDENCE, at(officer("sam")))
    mandates.end(old, "", at(account("mavis")), side="person")
    db.session.commit()
    assert (old.state, new.state) == ("ended", "ended")
    with pytest.raises(Refusal, match="settled already"):
        mandates.approve(new, at(officer("ada")))
    assert not may(derek, mavis, "view")


def test_one_change_waits_at_a_time_and_only_of_what_holds(site: Flask) -> None:
    derek, sam = account("derek"), officer("sam")
    waiting = mandating.asked(mandating.person("Asha"), derek)
    with pytest.raises(Refusal, match="settled already"):
        mandates.change(waiting, terms(), EVIDENCE, at(sam))
    old = mandating.active(mandating.mavis(), derek)
    mandates.change(old, terms(scope="view"), EVIDENCE, at(sam))
    with pytest.raises(Refusal, match="Another change of it waits already"):
        mandates.change(old, terms(scope="request"), EVIDENCE, at(sam))


# Organisations


@pytest.mark.parametrize(("part", "acts"), [("owner", True), ("manager", True), ("worker", False)])
def test_who_decides_for_the_organisation_acts_and_a_worker_does_not(
    each_site: Flask, part: str, acts: bool
) -> None:
    mavis, (tom, organisation) = mandating.mavis(), mandating.provider()
    mandating.active(mavis, organisation, terms("managed"))
    wes = account("wes")
    granting.take_in(wes, organisation, part, by=people.NOBODY, now=make.NOW)
    db.session.commit()
    assert may(tom, mavis)
    assert may(wes, mavis) is acts


def test_who_leaves_the_organisation_acts_no_more(each_site: Flask) -> None:
    mavis, (_tom, organisation) = mandating.mavis(), mandating.provider()
    mandating.active(mavis, organisation, terms("managed"))
    wes = account("wes")
    part = granting.take_in(wes, organisation, "manager", by=people.NOBODY, now=make.NOW)
    assert may(wes, mavis)
    granting.end_membership(part, by=people.NOBODY, now=make.NOW)
    db.session.commit()
    assert not may(wes, mavis)


def test_an_organisation_is_named_by_who_runs_it(site: Flask) -> None:
    _tom, first = mandating.provider()
    assert mandates.organisation_run_by("tom@example.org", "whatever") == first
    _tom, second = mandating.provider(name="Dunham Gate Care")
    assert mandates.organisation_run_by("tom@example.org", "dunham gate care") == second
    with pytest.raises(Refusal, match="They run several"):
        mandates.organisation_run_by("tom@example.org", "Some other")
    with pytest.raises(Refusal, match="Nobody with that address"):
        mandates.organisation_run_by("mavis@example.org", "")


# Trust circles


def _circle(needed: int = 2) -> tuple[Person, list[User], list[Mandate]]:
    mavis, members = mandating.mavis(), [account(key) for key in ("derek", "asha", "priya")]
    joint = terms("trust_circle", needed=needed, payment_limit_pence=25_000)
    return mavis, members, [mandating.active(mavis, member, joint) for member in members]


def _agree(user: User, person: Person, **more: Any) -> bool:
    return mandates.agree(visiting(user), person, Matter("invoice:1", **more), at(user))


def test_two_of_three_must_agree(each_site: Flask) -> None:
    mavis, (derek, asha, priya), made = _circle()
    assert {one.circle_id for one in made} == {made[0].circle_id}
    assert _agree(derek, mavis) is False
    assert _agree(derek, mavis) is False  # twice is once
    assert _agree(asha, mavis) is True
    assert _agree(priya, mavis) is True
    db.session.commit()
    circle = made[0].circle
    assert circle
    assert set(acting.who_agreed(circle, "invoice:1", TODAY)) == {derek, asha, priya}
    assert not acting.agreed(circle, "invoice:2", TODAY)
    assert db.session.scalar(sa.select(sa.func.count(Agreement.id))) == 3
    agreed = [one for one in events(mavis) if one.action == "circle.agreed"]
    assert {one.on_behalf_of for one in agreed} == {f"person:{mavis.id}"}


def test_whose_mandate_has_ended_counts_no_more(each_site: Flask) -> None:
    mavis, (derek, asha, _priya), made = _circle()
    circle = made[0].circle
    assert circle
    _agree(derek, mavis)
    assert _agree(asha, mavis)
    mandates.end(made[0], "", at(account("mavis")), side="person")
    assert not acting.agreed(circle, "invoice:1", TODAY)
    with pytest.raises(Refusal, match="You may not decide"):
        _agree(derek, mavis)


def test_an_agreement_is_within_ones_own_scope_and_limits(each_site: Flask) -> None:
    mavis, (derek, _asha, _priya), made = _circle(needed=1)
    circle = made[0].circle
    assert circle
    with pytest.raises(Refusal, match="You may not decide"):
        _agree(derek, mavis, pence=25_001)
    assert _agree(derek, mavis, pence=25_000)
    assert not acting.agreed(circle, "invoice:1", TODAY, pence=25_001)
    looker = mandating.active(mavis, account("ed"), terms("trust_circle", "view")).representative
    assert looker
    with pytest.raises(Refusal, match="You may not decide"):
        _agree(looker, mavis)
    with pytest.raises(Refusal, match="You may not decide"):
        _agree(account("tom"), mavis)


def test_a_circle_keeps_its_number_while_anybody_is_in_it(each_site: Flask) -> None:
    mavis, _members, made = _circle()
    with pytest.raises(Refusal, match="in which 2 must agree"):
        mandates.ask(mavis, Who(account("ed")), terms("trust_circle", needed=1), at(officer()))
    for one in made:
        mandates.end(one, "", at(account("mavis")), side="person")
    anew = mandates.ask(mavis, Who(account("ed")), terms("trust_circle", needed=1), at(officer()))
    assert anew.circle_id != made[0].circle_id


# People without an account


def asks_to_join(person: Person, email: str, key: str = "sam") -> Joining:
    """An account that waits for a second officer to agree that it is this person's own. Committed."""
    made = supported.ask_join(
        person, email, "Seen with her passport", by=mandating.by(officer(key)), now=make.NOW
    )
    db.session.commit()
    return made


def agrees(joining: Joining, key: str = "carla") -> None:
    """Another officer agrees. Committed."""
    supported.approve_join(joining, make.council(), by=mandating.by(officer(key)), now=make.NOW)
    db.session.commit()


def told_of(person: Person) -> list[tuple[str, str]]:
    """(action, actor's name) of what was noted about a person's account, in order."""
    names = {f"user:{user.id}": user.name for user in db.session.scalars(sa.select(User))}
    events = db.session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.subject == f"person:{person.id}", AuditEvent.action.like("person.join%"))
        .order_by(AuditEvent.number)
    )
    return [(event.action, names[event.actor]) for event in events]


def test_a_person_without_an_account_is_joined_to_one_later_by_two_officers(each_site: Flask) -> None:
    asha, derek = mandating.person("Asha", reference="F-7"), account("derek")
    mandating.active(asha, derek)
    assert may(derek, asha)
    joining = asks_to_join(asha, "Asha@example.org")
    assert people.mails("asha@example.org") == []
    assert db.session.get_one(Person, asha.id).user_id is None
    agrees(joining)
    (mail,) = people.mails("asha@example.org")
    assert "see what is kept about you here" in mail.text
    browser = people.Browser(each_site)
    browser.post(people.link_in(mail), {"name": "Asha", "password": "seven kettles whistle"})
    joined = people.again("asha@example.org")
    found = acting.for_person(visiting(joined), asha.id, "approve", TODAY)
    assert found
    assert found.mandate is None
    assert told_of(asha) == [("person.join_asked", "Sam"), ("person.joined", "Carla")]


def test_one_officer_alone_joins_nobody(each_site: Flask) -> None:
    asha = mandating.person("Asha")
    joining = asks_to_join(asha, "asha@example.org")
    with pytest.raises(Refusal, match="not the one who asked"):
        agrees(joining, "sam")
    with pytest.raises(Refusal, match="Another officer has to agree"):
        asks_to_join(asha, "other@example.org")
    assert (joining.state, asha.user_id) == ("asked", None)
    assert people.mails() == []


def test_the_database_itself_wants_two_officers(each_site: Flask) -> None:
    joining = asks_to_join(mandating.person("Asha"), "asha@example.org")
    joining.state, joining.settled_by_id, joining.settled_at = "approved", joining.asked_by_id, make.NOW
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_an_account_that_is_refused_opens_nothing_and_may_be_asked_for_anew(each_site: Flask) -> None:
    asha = mandating.person("Asha")
    joining = asks_to_join(asha, "wrong@example.org")
    supported.refuse_join(joining, "It is her neighbour’s", by=mandating.by(officer("carla")), now=make.NOW)
    db.session.commit()
    with pytest.raises(Refusal, match="settled already"):
        agrees(joining, "carla")
    agrees(asks_to_join(asha, "asha@example.org"))
    assert [mail.to for mail in people.mails()] == ["asha@example.org"]
    told = [one.words for one in mandate_telling.history(asha.id)]
    assert any("“It is her neighbour’s”" in words for words in told)
    assert any("Seen with her passport" in words for words in told)


def test_nobody_joins_themselves_nor_becomes_whom_they_act_for(each_site: Flask) -> None:
    asha, derek = mandating.person("Asha"), account("derek")
    mandating.asked(asha, derek)
    account("closed", state="closed")
    mandating.mavis()
    for email, words in (
        ("sam@example.org", "Nobody does this for themselves"),
        ("derek@example.org", "somebody who acts"),
        ("mavis@example.org", "another person’s"),
        ("closed@example.org", "has been closed"),
    ):
        with pytest.raises(Refusal, match=words):
            asks_to_join(asha, email)


def test_what_has_changed_since_it_was_asked_for_is_looked_at_again_before_it_opens(each_site: Flask) -> None:
    asha, harold = mandating.person("Asha"), mandating.person("Harold")
    officer("carla")
    own, acts, taken = (
        asks_to_join(asha, "carla@example.org"),
        asks_to_join(harold, "derek@example.org"),
        asks_to_join(mandating.person("Priya"), "mavis@example.org"),
    )
    mandating.asked(harold, account("derek"))
    mandating.mavis()
    for joining, words in ((own, "for themselves"), (acts, "somebody who acts"), (taken, "another person’s")):
        with pytest.raises(Refusal, match=words):
            agrees(joining)
    assert people.mails("mavis@example.org") == []


def test_an_account_that_was_the_wrong_one_is_taken_away(each_site: Flask) -> None:
    mavis, sam = mandating.mavis(), officer()
    supported.part(mavis, by=mandating.by(sam), now=make.NOW)
    db.session.commit()
    assert acting.for_person(visiting(account("mavis")), mavis.id, "view", TODAY) is None
    with pytest.raises(Refusal, match="no account"):
        supported.part(mavis, by=mandating.by(sam), now=make.NOW)


def test_a_reference_is_one_persons_in_a_council(each_site: Flask) -> None:
    mandating.person("Asha", reference="F-7")
    with pytest.raises(Refusal, match="Somebody else has that reference"):
        mandating.person("Priya", reference="F-7")
    db.session.rollback()
    mandating.person("Priya", reference="F-7", of="millbrook")
    mandating.person("Ed")
    mandating.person("Tom")


@pytest.mark.parametrize(
    ("words", "found"),
    [("mav", ["Mavis"]), ("F-1", ["Mavis"]), ("f-10", ["Mavis"]), ("-10", []), ("Élodie", ["Élodie"]), ("%", []),
     ("", ["Mavis", "Élodie"]), ("mavis F-10", ["Mavis"])],
)  # fmt: skip
def test_people_are_found_by_name_and_reference(each_site: Flask, words: str, found: list[str]) -> None:
    mandating.person("Mavis", reference="F-10")
    mandating.person("Élodie")
    mandating.person("Mavis of Millbrook", of="millbrook")
    names = [one.name for one in acting.people(make.council().id, words)[0]]
    assert sorted(names) == sorted(found)


# Somebody who would like to act


def _wants(user: User, name: str = "Mavis") -> Asking:
    made = Asking(
        person_name=name, about="My mother. I have a power of attorney.", basis="lpa", scope="approve"
    )
    asking.ask(visiting(user), make.council(), made, make.NOW)
    db.session.commit()
    return made


def test_an_officer_finds_out_whom_they_mean(each_site: Flask) -> None:
    mavis, derek, sam = mandating.mavis(), account("derek"), officer("sam")
    wanted = _wants(derek)
    made = asking.take(wanted, mavis, terms("lpa"), at(sam))
    db.session.commit()
    assert (made.state, made.asked_by, made.representative) == ("asked", derek, derek)
    assert (wanted.mandate_id, wanted.settled_by_id) == (made.id, sam.id)
    assert acting.askings(make.council().id) == []
    assert events(mavis)[-1].actor == f"user:{derek.id}"


def test_an_asking_is_refused_with_words_and_not_by_who_asked(each_site: Flask) -> None:
    derek, sam = account("derek"), officer("sam")
    wanted, own = _wants(derek), _wants(sam)
    with pytest.raises(Refusal, match="Say why not"):
        asking.refuse(wanted, " ", at(sam))
    with pytest.raises(Refusal, match="Nobody decides about what they are part of"):
        asking.refuse(own, "No.", at(sam))
    with pytest.raises(Refusal, match="Nobody decides about what they are part of"):
        asking.take(own, mandating.mavis(), terms(), at(sam))
    asking.refuse(wanted, "Please send us the papers.", at(sam))
    db.session.commit()
    assert "Please send us the papers." in people.mails("derek@example.org")[0].text


def test_a_desk_is_not_filled_by_one_who_asks(site: Flask) -> None:
    derek = account("derek")
    for _ in range(asking.MOST_WAITING):
        _wants(derek)
    with pytest.raises(Refusal, match="has not answered yet"):
        _wants(derek)


# The audit


def test_all_of_it_hangs_together_in_the_audit_and_reads_as_words(each_site: Flask) -> None:
    mavis, derek = mandating.mavis(), account("derek")
    made = mandating.active(
        mavis, derek, terms(payment_limit_pence=25_000, month_limit_pence=100_000, ends_on=TODAY + DAY)
    )
    mandates.end(made, "We fell out.", at(account("mavis")), side="person")
    db.session.commit()
    told = [one.words for one in reversed(mandate_telling.history(mavis.id, {made.id}))]
    assert told == [
        "Asked that Derek may act: The person chose them, See, ask and say yes, up to £250.00 a payment and £1,000.00 "
        "a month, from 23 November 2026, to 24 November 2026.",
        "Granted it to Derek, as the first officer.",
        "Approved it for Derek, as the second officer.",
        "Ended what Derek may do, at once. “We fell out.”",
    ]
    assert mandate_telling.history(mavis.id)[0].by == "Mavis"
    assert audit.check(db.session()).problems == []
