"""What the tables must say whatever else changes, and that a refusal tells nothing of what it keeps back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from portal.permissions import is_guarded
from tests.access import examples
from tests.access.asking import Scene
from tests.access.cast import CAST
from tests.access.examples import of_route, routes
from tests.access.test_table import GOLDEN
from tests.access.things import NOBODYS

# Somebody in danger must never see an error there.
OPEN = {"/exit", "/sign-out"}
# What is for whoever has an account, whatever their part.
EVERYBODYS = {"public", "signed_in", "may_offer"}


@dataclass(frozen=True)
class Row:
    """A row of a table: the answer that each of the cast has."""

    route: str
    rule: str
    fresh: bool
    of: str
    answers: dict[str, str]


def rows() -> Iterator[Row]:
    """Every row of every table."""
    for file in sorted(GOLDEN.glob("*.txt")):
        route, rule, fresh = "", "", False
        for line in file.read_text().splitlines():
            cells = re.split(r"\s{2,}", line.strip())
            if line.startswith(("GET ", "POST ")):
                route, (rule, *within) = cells[0], cells[len(CAST) + 1 :]
                fresh = bool(within)
            elif line.startswith("    "):
                yield Row(route, rule, fresh, cells[0], dict(zip(CAST, cells[1:], strict=True)))


def guarded() -> list[Row]:
    """Rows of what is not for everybody."""
    return [row for row in rows() if row.rule != "public"]


def test_a_visitor_is_led_to_the_door_whatever_an_address_names() -> None:
    seen = [(row.route, row.of, row.answers[name]) for row in guarded() for name in ("stranger", "neighbour")]
    assert len(seen) > 500
    assert [one for one in seen if one[2] != "door"] == []


def test_what_asks_for_a_fresh_factor_asks_everybody_whom_it_would_let_in() -> None:
    asking = [row for row in guarded() if row.fresh]
    assert {row.answers["lou"] for row in asking} == {"prove", "."}
    assert {row.route for row in asking} == {row.route for row in asking if row.answers["lou"] == "prove"}
    assert [row for row in rows() if not row.fresh and "prove" in row.answers.values()] == []


def test_nobody_of_fernshires_is_let_in_to_what_is_millbrooks() -> None:
    theirs = [row for row in guarded() if row.of.startswith("Millbrook’s")]
    assert len(theirs) > 50
    let_in = {name for row in theirs for name, answer in row.answers.items() if answer not in (".", "door")}
    assert let_in == {"olga", "lou"}  # Lou is asked to prove before anybody looks what it is
    assert {row.answers["lou"] for row in theirs} == {".", "prove"}


def test_who_plays_every_part_at_millbrook_is_let_in_to_nothing_of_fernshires() -> None:
    named = [row for row in guarded() if row.of != "(no more to say)" and "Millbrook’s" not in row.of]
    # The list of their own factors names nothing of a council's.
    named = [row for row in named if not row.route.startswith("POST /account/factors/")]
    # The library is no council's: hers reads it, and words parts of it, as Fernshire's does.
    named = [row for row in named if row.of != "the library’s"]
    # What is public of it is asked from the same script in every council.
    named = [row for row in named if row.rule != "may_read_script"]
    for row in named:
        assert row.answers["olga"] == ".", row


def test_the_library_is_read_by_every_councils_editors_and_changed_by_one_councils() -> None:
    library = [row for row in guarded() if row.of == "the library’s"]
    by_rule = {name: {row.rule for row in library if row.answers[name] != "."} for name in ("ed", "olga")}
    assert by_rule["olga"] == {"may_read_document", "may_lay_words_over"}
    assert by_rule["ed"] == {"may_read_document", "may_lay_words_over", "may_change_document"}


def test_the_script_of_a_conversation_is_read_by_whoever_asks_it_and_by_editors() -> None:
    (public,) = [r for r in guarded() if r.rule == "may_read_script" and r.of == "what is public"]
    (nothing,) = [r for r in guarded() if r.rule == "may_read_script" and r.of == "nothing there is"]
    assert {name for name, told in public.answers.items() if told == "200"} == {"priya", "ed", "lou", "olga"}
    assert set(nothing.answers.values()) == {".", "door"}


def test_on_fernshires_site_olga_is_somebody_without_a_part() -> None:
    for row in guarded():
        if row.of != "Asha’s draft":
            assert row.answers["visiting"] == row.answers["asha"], row


@pytest.mark.parametrize("name", ["priya", "fay"])
def test_a_role_that_has_no_desk_yet_lets_nobody_in_further(name: str) -> None:
    for row in guarded():
        # A role needs a second factor, so its holder cannot take away the last one, as Asha can. Navigators read out
        # conversations.
        apart = row.rule == "may_read_script" or row.route.startswith("POST /account/factors/")
        if row.of != "Asha’s draft" and not apart:
            assert row.answers[name] == row.answers["asha"], row


def test_somebody_without_a_part_is_let_in_to_what_is_everybodys_and_their_own_alone() -> None:
    let_in = {row.of for row in guarded() if row.rule not in EVERYBODYS and row.answers["asha"] != "."}
    assert let_in == {"Asha’s draft"}


def test_a_worker_reads_and_neither_writes_nor_decides() -> None:
    let_in = {row.route for row in guarded() if row.rule not in EVERYBODYS and row.answers["will"] != "."}
    assert let_in == {
        "GET /provider/entries/<uuid:proposal_id>",
        "GET /provider/entries/<uuid:proposal_id>/preview",
    }


def test_only_an_owner_says_who_works_there() -> None:
    staff = [row for row in guarded() if row.rule == "may_manage_staff"]
    assert {name for row in staff for name, told in row.answers.items() if told not in (".", "door")} == {
        "tom",
        "lou",
    }


def test_who_acts_for_whom_is_settled_by_officers_and_ended_by_those_it_is_about() -> None:
    mandates = [row for row in guarded() if "/mandates/" in row.route and "Millbrook’s" not in row.of]
    by_desk = {
        desk: {
            name
            for row in mandates
            if desk in row.route
            for name, answer in row.answers.items()
            if answer not in (".", "door")
        }
        for desk in ("/care/", "/account/")
    }
    assert by_desk == {"/care/": {"sam", "ada", "lou"}, "/account/": {"mavis", "derek", "tom", "meg", "lou"}}


# Asked of the site itself


def _named(scene: Scene) -> Iterator[tuple[str, str, str]]:
    """(rule, address of what is there, address of what is nobody's) of each guarded page that names something."""
    adapter = scene.app.url_map.bind("localhost")
    for route, rule in routes(scene.app).items():
        found = of_route(route, rule, scene.things)
        nobodys = [one for one in found if set(one.path.values()) & set(NOBODYS.values())]
        if route.startswith("GET ") and is_guarded(rule.endpoint) and nobodys:
            there, nothing = (adapter.build(rule.endpoint, dict(x.path)) for x in (found[0], nobodys[0]))
            yield rule.rule, there, nothing


def _without(text: str, address: str) -> str:
    """A page without what differs between two requests: its own address, and its forms' token."""
    plain = text.replace(quote(address, safe="/"), "").replace(quote(address, safe=""), "")
    return re.sub(r'name="csrf_token" value="[^"]+"', "", plain)


@pytest.mark.parametrize("name", ["stranger", "asha"])
def test_a_refusal_is_the_same_for_what_is_there_and_what_never_was(scene: Scene, name: str) -> None:
    seen = 0
    for rule, there, nothing in _named(scene):
        is_offer = rule.startswith("/provider/claim")  # a listing that everybody sees
        if name == "stranger" or not is_offer:
            answers = [scene.ask(name, "GET", address, {}) for address in (there, nothing)]
            pages = [_without(a.text, path) for a, path in zip(answers, (there, nothing), strict=True)]
            assert pages[0] == pages[1], rule
            assert answers[0].status_code == answers[1].status_code == (303 if name == "stranger" else 404)
            seen += 1
    assert seen > 8


def test_no_form_is_taken_without_its_token_from_somebody_who_may_send_it(scene: Scene) -> None:
    for rule, address in examples.addresses(scene.app, scene.things, "POST").items():
        answer = scene.ask("lou", "POST", address, {}, token=False)
        assert answer.status_code == (200 if rule in OPEN else 400), rule


def test_a_method_that_a_route_does_not_name_is_refused(scene: Scene) -> None:
    adapter = scene.app.url_map.bind("localhost")
    for address in sorted(
        address
        for method in ("GET", "POST")
        for address in examples.addresses(scene.app, scene.things, method).values()
    ):
        path = address.partition("?")[0]
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if not adapter.test(path, method):
                # What would change something is asked for its token before its route is looked at.
                refused = {405} if method == "GET" else {400, 405}
                answer = scene.ask("stranger", method, address, {}, token=False)
                assert answer.status_code in refused, (method, address)
