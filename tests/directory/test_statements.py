"""How many SQL statements a page sends: a number of its own, however many listings it shows."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal.db import db
from portal.directory.drafts import CostDraft, RatingDraft, TranslationDraft
from portal.directory.models import Organisation, Service
from tests import make
from tests.statements import statements

MANY = 24


def rich(number: int) -> Service:
    """A listing with several of everything."""
    return make.service(
        f"Lunch {number}",
        terms=("lunch-clubs", "lonely", "eating"),
        venues=(
            make.venue(
                name=f"Hall {number}", access=("step-free", "hearing-loop"), times=(make.opening("mon"),)
            ),
            make.venue("M33 2DA", name=f"Church {number}", access=("lift",)),
        ),
        areas=(*make.only_for("E08000009", "E08000003"), *make.comes_within(3, "M33 7ZF")),
        times=(make.opening("tue wed"), make.opening("sat")),
        costs=(CostDraft("£4 including tea", 400), CostDraft("Free for carers")),
        languages=("ur", "pl"),
        ratings=(RatingDraft("overall", "Good"), RatingDraft("safe", "Good")),
        translations=(TranslationDraft("cy", "Cinio", "Cinio da"),),
        phone="0161 496 0101",
        contact="Mavis",
    )


def sent_for(client: FlaskClient, address: str) -> list[str]:
    """The statements of a page that was looked at before, when caches are warm."""
    assert client.get(address).status_code == 200
    with statements() as sent:
        assert client.get(address).status_code == 200
    return sent


def an_organisation() -> str:
    """The page of the organisation that runs everything."""
    return f"/organisations/{db.session.scalars(sa.select(Organisation.id)).first()}"


def a_listing() -> str:
    """The page of some listing."""
    return f"/services/{db.session.scalars(sa.select(Service.id)).first()}"


def with_everything_on_the_plan(client: FlaskClient) -> str:
    """The plan, with every listing on it."""
    ids = db.session.scalars(sa.select(Service.id)).all()
    with client.session_transaction() as session:
        session["shortlist"] = [listing.hex for listing in ids]
    return "/plan"


# Page -> its address, and the most statements that it may send.
PAGES: dict[str, tuple[str | Callable[[], str], int]] = {
    "home": ("/", 4),
    "browse": ("/browse", 6),
    "find": ("/find?q=lunch", 20),
    "find near": ("/find?q=lunch&postcode=M33+7ZF&free=&day=tue", 22),
    "find near a town": ("/find?q=lunch&postcode=Sale", 23),
    "find on a map": ("/find?q=lunch&view=map", 22),
    "find nothing": ("/find?q=xyzzy", 10),
    "suggest": ("/find/suggest?q=lun", 5),
    "organisation": (an_organisation, 15),
    "listing": (a_listing, 25),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_sends_as_many_statements_for_one_listing_as_for_many(
    site: Flask, client: FlaskClient, name: str
) -> None:
    address, most = PAGES[name]
    make.saved(rich(0))
    few = sent_for(client, address if isinstance(address, str) else address())
    make.saved(*(rich(number) for number in range(1, MANY)))
    many = sent_for(client, address if isinstance(address, str) else address())
    assert len(many) == len(few)
    assert len(many) <= most


def test_the_plan_sends_as_many_statements_for_one_listing_as_for_many(
    site: Flask, client: FlaskClient
) -> None:
    make.saved(rich(0))
    few = sent_for(client, with_everything_on_the_plan(client))
    make.saved(*(rich(number) for number in range(1, MANY)))
    many = sent_for(client, with_everything_on_the_plan(client))
    assert len(many) == len(few) <= 15


def test_changes_that_are_not_indexed_yet_cost_a_page_no_more_the_second_time(
    site: Flask, client: FlaskClient
) -> None:
    make.saved(rich(0))
    before = len(sent_for(client, "/find?q=lunch"))
    make.saved(*(rich(number) for number in range(1, MANY)), indexed=False)
    assert len(sent_for(client, "/find?q=lunch")) == before


def test_a_page_that_only_reads_sends_nothing_that_writes(site: Flask, client: FlaskClient) -> None:
    make.saved(rich(0))
    for address in ("/", "/browse", "/find?q=lunch&postcode=Sale", a_listing(), an_organisation(), "/plan"):
        assert {statement.split()[0] for statement in sent_for(client, address)} <= {"SELECT"}, address
