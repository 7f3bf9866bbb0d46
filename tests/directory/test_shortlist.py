"""A visitor's shortlist without an account: kept in the visitor's own session, and nowhere else."""

import uuid
import warnings

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from portal.db import db
from portal.directory import actions, shortlist
from portal.directory.models import Service
from portal.errors import Refusal
from tests import make
from tests.directory import pages

# What every browser keeps of one cookie. Source: RFC 6265, 6.1.
COOKIE = 4_096


def token(client: FlaskClient) -> dict[str, str]:
    """The sign against forgery that every form carries."""
    return {"csrf_token": client.get("/near").text.split('name="csrf_token" value="')[1].split('"')[0]}


def add(client: FlaskClient, service: Service | str, **headers: str) -> int:
    """The status of adding a listing."""
    listing = service if isinstance(service, str) else str(service.id)
    data = {"service": listing, **token(client)}
    return client.post("/plan/items", data=data, headers=headers).status_code


def plan(client: FlaskClient) -> list[str]:
    """The names on the plan, in their order."""
    return pages.Found(client.get("/plan").text, 200).names


def test_listings_are_added_once_in_their_order_and_taken_off(client: FlaskClient) -> None:
    one, two, three = (make.service(name) for name in ("One", "Two", "Three"))
    make.saved(one, two, three)
    assert plan(client) == []
    assert [add(client, service) for service in (two, one, three, two)] == [303, 303, 303, 303]
    assert plan(client) == ["One", "Three", "Two"], "added again, it is the last"
    answer = client.post("/plan/items/remove", data={"service": str(three.id), **token(client)})
    assert (answer.status_code, plan(client)) == (303, ["One", "Two"])
    assert client.post("/plan/clear", data=token(client)).status_code == 303
    assert plan(client) == []


def test_with_script_the_answer_is_the_line_that_takes_the_forms_place(client: FlaskClient) -> None:
    service = make.service("Shed")
    make.saved(service)
    data = {"service": str(service.id), **token(client)}
    answer = client.post("/plan/items", data=data, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Shed" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "On your plan" in client.get("/find?q=shed").text


def test_the_plan_is_never_kept_by_a_browser_or_proxy(client: FlaskClient) -> None:
    assert client.get("/plan").headers["Cache-Control"] == "no-store"


def test_two_visitors_have_two_plans(client: FlaskClient) -> None:
    service = make.service("Shed")
    make.saved(service)
    add(client, service)
    assert plan(client.application.test_client()) == []


def test_what_is_not_listed_any_more_is_counted_and_not_shown(client: FlaskClient) -> None:
    stays, goes = make.service("Stays"), make.service("Goes")
    make.saved(stays, goes)
    add(client, stays)
    add(client, goes)
    actions.set_state(goes, "archived", actor="Ed", now=make.NOW)
    db.session.commit()
    page = client.get("/plan").text
    assert pages.Found(page, 200).names == ["Stays"]
    assert "1 thing you had here is not listed any more." in page
    assert "Goes" not in page


@pytest.mark.parametrize(
    "listing", ["", "nonsense", "00000000-0000-4000-8000-000000000000", "../../etc/passwd", "\x00"]
)
def test_what_is_not_listed_cannot_be_added(client: FlaskClient, listing: str) -> None:
    assert add(client, listing) == 422
    assert plan(client) == []


def test_what_may_not_be_seen_cannot_be_added(client: FlaskClient) -> None:
    hidden, theirs = (
        make.service("Refuge", state="draft"),
        make.service("Theirs", of="millbrook", shared=False),
    )
    make.saved(hidden, theirs)
    assert [add(client, hidden), add(client, theirs)] == [422, 422]


def test_taking_off_nonsense_is_a_mistake_and_what_is_not_there_is_none(client: FlaskClient) -> None:
    for listing, status in (("nonsense", 400), (str(uuid.uuid4()), 303)):
        answer = client.post("/plan/items/remove", data={"service": listing, **token(client)})
        assert answer.status_code == status


def test_a_full_plan_says_so_and_its_cookie_fits_every_browser(client: FlaskClient) -> None:
    services = [make.service(f"Lunch {number}") for number in range(shortlist.MOST + 1)]
    make.saved(*services)
    pages.find(client, postcode="M33 7ZF" + " " * 40 + "x" * 60, q="x" * 300)
    pages.find(client, postcode="Cheetham Hill")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Werkzeug warns of a cookie that browsers would drop
        assert {add(client, service) for service in services[:-1]} == {303}
    cookie = client.get_cookie("session")
    assert cookie
    assert len(f"session={cookie.value}") < COOKIE - 200, "room for its attributes and for what is to come"
    data = {"service": str(services[-1].id), **token(client)}
    refused = client.post("/plan/items", data=data)
    assert refused.status_code == 409
    assert "Your plan has 60 things on it" in refused.text
    assert add(client, services[0]) == 303, "what is there already finds its place"
    assert len(plan(client)) == shortlist.MOST


def test_leaving_clears_it(client: FlaskClient) -> None:
    service = make.service("Shed")
    make.saved(service)
    add(client, service)
    client.post("/exit")
    assert plan(client) == []
    assert db.session.scalar(sa.select(sa.func.count(Service.id))) == 1


@given(st.lists(st.tuples(st.sampled_from("+-"), st.integers(0, 8)), max_size=40))
def test_it_is_a_list_without_repeats_in_the_order_of_adding(steps: list[tuple[str, int]]) -> None:
    keys = [uuid.UUID(int=number + 1) for number in range(9)]
    session: dict[str, object] = {}
    expected: list[uuid.UUID] = []
    for step, number in steps:
        expected = [key for key in expected if key != keys[number]]
        if step == "+":
            shortlist.add(session, keys[number])
            expected.append(keys[number])
        else:
            shortlist.remove(session, keys[number])
        assert shortlist.ids(session) == expected


def test_past_the_most_it_refuses(client: FlaskClient) -> None:
    session: dict[str, object] = {}
    with client.application.test_request_context():
        for number in range(shortlist.MOST):
            shortlist.add(session, uuid.UUID(int=number))
        with pytest.raises(Refusal, match="no room for more"):
            shortlist.add(session, uuid.UUID(int=99))
    assert len(shortlist.ids(session)) == shortlist.MOST
