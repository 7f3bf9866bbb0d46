"""The index and the database in step: what changes is gone or there on the next request, in every process."""

import datetime as dt
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.db import db
from portal.directory import actions, indexing
from portal.directory.drafts import ListingDraft, OrganisationDraft
from portal.directory.models import IndexChange, Service
from portal.directory.search import index as on_disk
from tests import make
from tests.directory import pages
from tests.directory.another import Another, another
from tests.statements import before_statement

# Rounds of kill -9, in the short form.
ROUNDS = 8


@pytest.fixture
def elsewhere(each_site: Flask) -> Iterator[Another]:
    """Another process of the same site, on each database."""
    make.saved(make.service("Lunch stays"))
    with another(each_site) as process:
        yield process


@pytest.fixture
def beside(site: Flask) -> Iterator[Another]:
    """Another process of the same site, with forty listings in its index."""
    make.saved(*(make.service(f"Lunch {number}") for number in range(40)))
    with another(site) as process:
        yield process


def renamed(service: Service, name: str) -> None:
    """The listing has another name, through the action; committed."""
    draft = ListingDraft(
        service.source_id, name, venues=(make.venue(),), state=service.state, shared=service.shared
    )
    actions.save_listing(
        make.council(), service.organisation, draft, source="tests", actor="Ed", now=clock.now()
    )
    db.session.commit()


def hidden(column: str, value: object) -> Callable[[Service], None]:
    """What hides a listing by a column that no action sets yet."""

    def hide(service: Service) -> None:
        setattr(service, column, value)
        actions.mark_changed(service.id, clock.now())

    return hide


GONE: dict[str, Callable[[Service], None]] = {
    "archived": lambda s: actions.set_state(s, "archived", actor="Ed", now=clock.now()),
    "a draft": lambda s: actions.set_state(s, "draft", actor="Ed", now=clock.now()),
    "suspended": lambda s: actions.suspend(s, actor="Ed", now=clock.now(), reason="no answer"),
    "private": hidden("private", True),
    "inactive": hidden("status", "inactive"),
}


def everywhere(site: Flask, elsewhere: Another) -> set[tuple[str, ...]]:
    """What a search finds here and in the other process: one answer, when all is well."""
    here = pages.names(site.test_client(), q="lunch", sort="name")
    there = elsewhere.ask(find={"q": "lunch", "sort": "name"})
    assert there["total"] == len(there["names"])
    return {tuple(here), tuple(there["names"])}


def test_whatever_changes_is_seen_at_once_in_every_process_before_the_index_knows_and_after(
    each_site: Flask, elsewhere: Another
) -> None:
    for why, hide in GONE.items():
        service = make.service("Lunch comes", state="draft")
        db.session.commit()
        assert everywhere(each_site, elsewhere) == {("Lunch stays",)}, "a draft is nobody's business"
        actions.set_state(service, "published", actor="Ed", now=clock.now())
        db.session.commit()
        assert everywhere(each_site, elsewhere) == {("Lunch comes", "Lunch stays")}, (
            "an approved listing is there"
        )
        assert elsewhere.ask(get=f"/services/{service.id}") == 200
        assert elsewhere.ask(take_in=1) > 0
        assert everywhere(each_site, elsewhere) == {("Lunch comes", "Lunch stays")}, (
            "and stays when it is indexed"
        )
        hide(service)
        db.session.commit()
        assert everywhere(each_site, elsewhere) == {("Lunch stays",)}, why
        assert elsewhere.ask(get=f"/services/{service.id}") == 404, why
        indexing.take_in(clock.now())
        assert everywhere(each_site, elsewhere) == {("Lunch stays",)}, why
        assert indexing.waiting() == 0


def test_a_new_name_is_found_at_once_and_the_old_one_is_not(each_site: Flask, elsewhere: Another) -> None:
    service = db.session.scalars(sa.select(Service)).one()
    renamed(service, "Lunch changes")
    assert everywhere(each_site, elsewhere) == {("Lunch changes",)}
    assert elsewhere.names(q="stays", exact="1") == []
    elsewhere.ask(take_in=1)
    assert everywhere(each_site, elsewhere) == {("Lunch changes",)}
    assert pages.names(each_site.test_client(), q="stays", exact="1") == []


def test_a_listing_that_comes_back_is_there_again(site: Flask, client: FlaskClient) -> None:
    service = make.service("Lunch")
    make.saved(service)
    for state, found in (
        ("archived", []),
        ("published", ["Lunch"]),
        ("archived", []),
        ("published", ["Lunch"]),
    ):
        actions.set_state(service, state, actor="Ed", now=clock.now())
        db.session.commit()
        assert pages.names(client, q="lunch") == found
        indexing.take_in(clock.now())
        assert pages.names(client, q="lunch") == found


def test_a_change_that_was_undone_is_nowhere(site: Flask, client: FlaskClient) -> None:
    make.saved(make.service("Lunch"))
    make.service("Never")
    db.session.rollback()
    assert pages.names(client) == ["Lunch"]
    assert indexing.waiting() == 0


def test_a_listing_that_was_deleted_is_gone(site: Flask, client: FlaskClient) -> None:
    service = make.service("Lunch")
    make.saved(service)
    key = service.id
    db.session.delete(service)
    db.session.commit()
    assert pages.names(client) == []
    actions.mark_changed(key, clock.now())
    db.session.commit()
    assert pages.find(client).total == 0
    assert indexing.take_in(clock.now()) == 1
    assert pages.find(client).total == 0


def test_many_changes_of_one_listing_are_one(site: Flask, client: FlaskClient) -> None:
    service = make.service("Lunch 0")
    make.saved(service)
    for number in range(1, 8):
        renamed(service, f"Lunch {number}")
    assert pages.names(client) == ["Lunch 7"]
    indexing.take_in(clock.now())
    assert pages.names(client) == ["Lunch 7"]


def test_more_changes_than_one_look_can_hold_are_all_taken_in(site: Flask, client: FlaskClient) -> None:
    fernshire = make.council()
    organisation = actions.save_organisation(fernshire, OrganisationDraft("x", "Friends"), source="tests")
    make.saved(make.service("Lunch"))
    service = db.session.scalars(sa.select(Service)).one()
    for _number in range(2_300):
        actions.mark_changed(service.id, clock.now())
    service.name, service.organisation = "Supper", organisation
    db.session.commit()
    assert pages.names(client) == ["Supper"]
    indexing.take_in(clock.now())
    assert indexing.waiting() == 0
    assert pages.names(client, q="supper") == ["Supper"]


# One writer at a time


def test_while_somebody_else_writes_changes_wait_and_are_seen_all_the_same(
    site: Flask, client: FlaskClient
) -> None:
    make.saved(make.service("Lunch"))
    generation = on_disk.current(site.config["INSTANCE"] / "index")
    assert generation
    index = on_disk.open_index(generation)
    assert index
    writer = index.writer()
    try:
        make.saved(make.service("Lunch too"), indexed=False)
        assert indexing.take_in(clock.now()) == 0
        assert indexing.waiting() == 1
        assert set(pages.names(client, q="lunch")) == {"Lunch", "Lunch too"}
    finally:
        writer.cancel()
    assert indexing.take_in(clock.now()) == 1
    assert indexing.waiting() == 0
    assert set(pages.names(client, q="lunch")) == {"Lunch", "Lunch too"}


def test_an_index_that_was_removed_is_made_anew(site: Flask, client: FlaskClient) -> None:
    make.saved(make.service("Lunch"))
    shutil.rmtree(site.config["INSTANCE"] / "index")
    assert pages.find(client, q="lunch").status == 200
    assert "there is no search index" in client.get("/readyz").text
    indexing.rebuild()
    assert pages.names(client, q="lunch") == ["Lunch"]
    assert client.get("/readyz").status_code == 200


def test_a_rebuild_while_changes_come_and_are_taken_in_loses_none(
    site: Flask, client: FlaskClient, beside: Another
) -> None:
    services = db.session.scalars(sa.select(Service)).all()
    child = beside.ask(fork="rebuild")
    try:
        for number, service in enumerate(services):
            renamed(service, f"Supper {number}")
            indexing.take_in(clock.now())
    finally:
        os.kill(child, signal.SIGKILL)
        beside.ask(bury=1)
    indexing.take_in(clock.now())
    assert indexing.waiting() == 0
    assert pages.find(client, q="lunch", exact="1").total == 0
    assert pages.find(client, q="supper", exact="1").total == len(services)


@pytest.mark.parametrize("work", [indexing.take_in, indexing.rebuild], ids=["taking in", "rebuilding"])
def test_a_change_that_comes_at_any_moment_of_the_work_is_not_lost(
    each_site: Flask, work: Callable[[dt.datetime], int]
) -> None:
    make.saved(make.service("Lunch"))
    service = db.session.scalars(sa.select(Service)).one()
    listing, client, moment = service.id, each_site.test_client(), 0
    others = sa.create_engine(each_site.config["SQLALCHEMY_DATABASE_URI"], poolclass=sa.NullPool)

    def change() -> None:
        with others.begin() as connection:
            connection.execute(sa.update(Service).where(Service.id == listing).values(name=f"Supper{moment}"))
            connection.execute(sa.insert(IndexChange).values(service_id=listing, at=clock.now()))

    while True:
        actions.mark_changed(listing, clock.now())
        db.session.commit()
        with before_statement(moment, change) as happened:
            work(clock.now())
        if not happened:
            break
        indexing.take_in(clock.now())
        assert indexing.waiting() == 0
        assert pages.names(client, q=f"supper{moment}", exact="1") == [f"Supper{moment}"], happened
        moment += 1
    assert moment > 10


@pytest.mark.postgres
@pytest.mark.parametrize("each_site", ["postgresql"], indirect=True)
@pytest.mark.parametrize("late", [dt.timedelta(0), dt.timedelta(hours=2)], ids=["at once", "in two hours"])
def test_a_change_with_a_lower_number_that_is_committed_later_is_taken_in_too(
    each_site: Flask, late: dt.timedelta
) -> None:
    make.saved(make.service("Lunch"), make.service("Breakfast"))
    lunch, breakfast = db.session.scalars(sa.select(Service).order_by(Service.name.desc())).all()
    others = sa.create_engine(each_site.config["SQLALCHEMY_DATABASE_URI"], poolclass=sa.NullPool)
    with others.connect() as slow:
        slow.execute(sa.update(Service).where(Service.id == breakfast.id).values(name="Brunch"))
        slow.execute(sa.insert(IndexChange).values(service_id=breakfast.id, at=clock.now()))
        lunch.name = "Supper"
        actions.mark_changed(lunch.id, clock.now())
        db.session.commit()
        assert indexing.take_in(clock.now() + late) == 1
        slow.commit()
    client = each_site.test_client()
    assert pages.names(client, q="brunch", exact="1") == ["Brunch"]
    assert indexing.take_in(clock.now() + late) == 1
    assert pages.names(client, q="brunch", exact="1") == ["Brunch"]


def test_an_index_of_very_many_small_changes_is_made_anew(site: Flask, client: FlaskClient) -> None:
    make.saved(make.service("Lunch"), make.service("Supper"))
    indexing.rebuild()
    service = db.session.scalars(sa.select(Service).where(Service.name == "Lunch")).one()
    generations, most = [], 0
    for number in range(55):
        renamed(service, f"Lunch {number}")
        indexing.take_in(clock.now())
        generation = on_disk.current(Path(site.config["INSTANCE"]) / "index")
        assert generation
        generations.append(generation)
        most = max(most, on_disk.segments(generation))
    assert 40 < most <= 50
    assert len(set(generations)) == 2
    assert indexing.waiting() == 0
    assert pages.names(client, q="lunch", exact="1") == ["Lunch 54"]
    assert pages.names(client, q="supper", exact="1") == ["Supper"]


# Kill -9


@pytest.mark.parametrize("what", ["change and take in", "rebuild"])
def test_an_indexer_that_is_killed_leaves_an_index_that_opens_and_ends_right(
    site: Flask, client: FlaskClient, beside: Another, what: str
) -> None:
    services = db.session.scalars(sa.select(Service).order_by(Service.id)).all()
    for number in range(ROUNDS):
        child = beside.ask(fork=what)
        renamed(services[number], f"Lunch killed {number}")
        time.sleep(0.02 + number * 0.013)  # each round ends in another part of its work
        os.kill(child, signal.SIGKILL)
        assert beside.ask(bury=1) == signal.SIGKILL
        assert pages.find(client, q="lunch").total == len(services)
        assert pages.find(client, q="killed", exact="1").total == number + 1
        assert beside.ask(find={"q": "killed", "exact": "1"})["total"] == number + 1
    indexing.take_in(clock.now())
    assert indexing.waiting() == 0
    assert pages.find(client, q="killed", exact="1").total == ROUNDS
    assert sorted(pages.names(client, q="killed", exact="1")) == sorted(
        f"Lunch killed {n}" for n in range(ROUNDS)
    )
    indexing.rebuild()
    indexing.rebuild()
    left = [path.name for path in Path(site.config["INSTANCE"] / "index").glob("g-*")]
    assert len(left) <= 2, "what the dead left is cleared away"
    assert pages.find(client, q="lunch").total == len(services)
