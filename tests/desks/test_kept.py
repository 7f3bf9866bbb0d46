"""What the desks keep of people goes in time, and each can have what is theirs."""

import datetime as dt

import sqlalchemy as sa
from flask import Flask

from portal import retention
from portal.accounts.granting import By
from portal.db import db
from portal.directory import claims, desk_queries, proposing
from portal.directory.models import Claim, Proposal, ServedPerson
from tests import make
from tests.accounts import mandating, people
from tests.accounts.mandating import TODAY, terms

DAY, TWO_YEARS = dt.timedelta(days=1), dt.timedelta(days=730)


def _left(model: type[Proposal] | type[Claim]) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def _proposal(state: str) -> None:
    tom = people.again("tom@example.org")
    made = proposing.begin(make.council(), by=By(tom.id, f"user:{tom.id}", "Tom"), now=make.NOW)
    made.draft, made.note, made.state = {"name": f"Club, {state}"}, "Ring first", state
    made.sent_at = None if state == "draft" else make.NOW
    made.settled_at = make.NOW if state in ("approved", "withdrawn", "sent_back") else None
    db.session.commit()


def test_what_was_settled_or_left_lying_goes_after_two_years_and_what_waits_stays(each_site: Flask) -> None:
    people.user("tom")
    for state in ("draft", "waiting", "sent_back", "approved", "withdrawn"):
        _proposal(state)
    assert retention.delete(make.NOW + TWO_YEARS)["proposal"] == 0
    assert retention.delete(make.NOW + TWO_YEARS + DAY)["proposal"] == 4
    db.session.rollback()
    assert [one.state for one in db.session.scalars(sa.select(Proposal))] == ["waiting"]


def test_a_claim_goes_two_years_after_it_was_settled(each_site: Flask) -> None:
    tom, shed = people.user("tom"), make.service("Shed", run_by="Shed people")
    by = By(tom.id, f"user:{tom.id}", "Tom")
    made = claims.ask(make.council(), shed, "I run it", by=by, now=make.NOW)
    db.session.commit()
    retention.delete(make.NOW + 2 * TWO_YEARS)
    assert _left(Claim) == 1
    claims.refuse(db.session.merge(made), make.council(), "Ring us", by=people.NOBODY, now=make.NOW)
    db.session.commit()
    retention.delete(make.NOW + TWO_YEARS + DAY)
    assert _left(Claim) == 0


def test_what_somebody_wrote_is_in_their_copy_and_in_nobody_elses(each_site: Flask) -> None:
    tom, asha = people.user("tom"), people.user("asha")
    _proposal("waiting")
    shed = make.service("Shed", run_by="Shed people")
    claims.ask(make.council(), shed, "I run it", by=By(tom.id, f"user:{tom.id}", "Tom"), now=make.NOW)
    db.session.commit()
    told = {part.key: records for part, records in retention.own_data(tom.id)}
    assert (told["entries"][0]["Entry"], told["claims"][0]["What you wrote"]) == ("Club, waiting", "I run it")
    hers = {part.key: records for part, records in retention.own_data(asha.id)}
    assert (hers["entries"], hers["claims"]) == ([], [])


def test_who_decides_for_an_organisation_sees_the_private_listing_of_whom_it_looks_after(
    each_site: Flask,
) -> None:
    mavis, (tom, willow) = mandating.mavis(), mandating.provider()
    worker, _same = mandating.provider("wes", "worker")
    mandating.active(mavis, willow, terms("managed"))
    private = make.service("Mornings with Mavis", run_by="Others")
    private.private = True
    db.session.flush()
    db.session.add(ServedPerson(service_id=private.id, person_id=mavis.id))
    db.session.commit()
    assert desk_queries.serves(private.id, tom.id, TODAY)
    assert not desk_queries.serves(private.id, worker.id, TODAY)
