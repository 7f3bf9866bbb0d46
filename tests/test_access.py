"""Who may open what: every route and method, for every kind of person, pinned in golden/access.txt.

A route that is new has no example here, and fails until it has. Where a difference is meant, write the table anew:

    UPDATE_GOLDEN=1 make test ARGS=tests/test_access.py
"""

import os
import re
import uuid
from collections.abc import Callable
from contextvars import Context
from dataclasses import dataclass, field, replace
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from portal.directory import actions
from portal.directory.models import Service
from portal.permissions import rule_of
from tests import make

GOLDEN = Path(__file__).parent / "golden" / "access.txt"
HEADING = """\
# Who gets what: the answer's status for every route, method and kind of person, on Fernshire's listings.
# `neighbour` is a visitor of Millbrook's site. Written by tests/test_access.py, which says how to renew it.
"""
# kind of person -> the host they are at. Kinds of people who sign in come with their features.
PERSONAS = {"stranger": "localhost", "neighbour": "millbrook.localhost"}


@dataclass(frozen=True)
class Example:
    """One thing to ask of a route. of: what it is asked about, in words; path: the parts of the address."""

    of: str = ""
    path: dict[str, uuid.UUID] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    token: bool = True


@dataclass(frozen=True)
class Listings:
    """Fernshire's listings, by who may see them."""

    shared: Service
    kept: Service
    draft: Service
    suspended: Service


def _listings() -> Listings:
    found = Listings(
        shared=make.service("Thursday Table", run_by="Friends of St Anne’s"),
        kept=make.service("Fernshire lunches", run_by="Fernshire’s own kitchen", shared=False),
        draft=make.service("Half written", run_by="Derek", state="draft"),
        suspended=make.service("Under inquiry", run_by="Priya"),
    )
    actions.suspend(found.suspended, actor="Ed", now=make.NOW, reason="a complaint")
    make.saved()
    return found


def _of_listings(listings: Listings) -> list[Example]:
    """A route that names a listing: one that is shared, one that is not, and such as nobody may see."""
    return [
        Example("a shared listing", {"service_id": listings.shared.id}),
        Example("a listing not shared", {"service_id": listings.kept.id}),
        Example("a draft", {"service_id": listings.draft.id}),
        Example("a suspended listing", {"service_id": listings.suspended.id}),
        Example("no listing at all", {"service_id": uuid.UUID(int=0)}),
    ]


def _of_organisations(listings: Listings) -> list[Example]:
    return [
        Example("of a shared listing", {"organisation_id": listings.shared.organisation_id}),
        Example("of a listing not shared", {"organisation_id": listings.kept.organisation_id}),
        Example("of drafts only", {"organisation_id": listings.draft.organisation_id}),
        Example("no organisation at all", {"organisation_id": uuid.UUID(int=0)}),
    ]


def _onto_plan(listings: Listings) -> list[Example]:
    """The same listings, named in a form."""
    return [Example(one.of, form={"service": str(one.path["service_id"])}) for one in _of_listings(listings)]


def _plain(_listings: Listings) -> list[Example]:
    return [Example()]


# What each route is asked with, where just asking is not enough.
EXAMPLES: dict[str, Callable[[Listings], list[Example]]] = {
    "GET /services/<uuid:service_id>": _of_listings,
    "GET /organisations/<uuid:organisation_id>": _of_organisations,
    "POST /plan/items": _onto_plan,
    "POST /plan/items/remove": lambda listings: [Example(form={"service": str(listings.shared.id)})],
    "POST /near": lambda _listings: [
        Example("in Sale", form={"latitude": "53.42", "longitude": "-2.32"}),
        Example("nowhere", form={"latitude": "", "longitude": ""}),
    ],
    "POST /language": lambda _listings: [Example(form={"language": "en", "next": "/find"})],
}
JUST_ASKED = frozenset(
    {
        *("GET /", "GET /find", "GET /find/suggest", "GET /browse", "GET /near", "GET /plan"),
        *("GET /accessibility", "GET /privacy", "GET /cookies", "GET /robots.txt", "GET /brand.css"),
        *("GET /healthz", "GET /readyz", "POST /plan/clear", "POST /exit"),
    }
)


def routes(app: Flask) -> dict[str, Rule]:
    """ "GET /find" -> its rule, for all that the app serves; HEAD and OPTIONS follow from GET."""
    return {
        f"{method} {rule.rule}": rule
        for rule in app.url_map.iter_rules()
        if not rule.build_only
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    }


def _token(client: FlaskClient, site: str) -> str:
    """The token that the forms of this visitor's pages carry."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(site).text)
    assert found
    return found[1]


def _status(app: Flask, persona: str, route: str, rule: Rule, example: Example) -> int:
    """What this asks gets for an answer, from somebody who comes anew."""
    client, method, site = app.test_client(), route.partition(" ")[0], f"http://{PERSONAS[persona]}/"
    address = app.url_map.bind(PERSONAS[persona]).build(
        rule.endpoint, example.path, method=method, force_external=True
    )
    token = {"csrf_token": _token(client, site)} if method == "POST" and example.token else {}
    return client.open(address, method=method, data={**example.form, **token}).status_code


def _apart(app: Flask, persona: str, route: str, rule: Rule, example: Example) -> int:
    """The same, outside the test's own app context: Flask keeps `g`, and a form's token in it, as long as that."""
    return Context().run(_status, app, persona, route, rule, example)


def _examples(route: str, listings: Listings) -> list[Example]:
    """What a route is asked with; a POST also without the token that its forms carry."""
    examples = EXAMPLES[route](listings) if route in EXAMPLES else [Example()]
    bare = [replace(examples[0], of="without its token", token=False)]
    return examples + (bare if route.startswith("POST ") else [])


def _table(app: Flask, listings: Listings) -> str:
    """The whole table, as it stands in the golden file."""
    lines = []
    for route, rule in sorted(routes(app).items(), key=lambda item: item[0].split()[::-1]):
        for example in _examples(route, listings):
            what = f"{route} ({example.of})" if example.of else route
            answers = [_apart(app, persona, route, rule, example) for persona in PERSONAS]
            lines.append((what, rule_of(app, rule.endpoint) or "", *map(str, answers)))
    heads = ("route", "rule", *PERSONAS)
    widths = [max(len(line[at]) for line in (heads, *lines)) for at in range(len(heads))]
    told = [
        "  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True))
        for line in (heads, *lines)
    ]
    return HEADING + "\n".join(line.rstrip() for line in told) + "\n"


def test_every_route_and_method_has_its_example(site: Flask) -> None:
    assert set(routes(site)) == JUST_ASKED | set(EXAMPLES)


def test_everybody_gets_what_the_table_says(site: Flask) -> None:
    table = _table(site, _listings())
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(table)
    assert table == GOLDEN.read_text()


def test_a_method_that_a_route_does_not_name_is_refused(site: Flask) -> None:
    client, known, listings = site.test_client(), routes(site), _listings()
    adapter = site.url_map.bind("localhost")
    for route, rule in known.items():
        address = adapter.build(
            rule.endpoint, _examples(route, listings)[0].path, method=route.partition(" ")[0]
        )
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if f"{method} {rule.rule}" not in known:
                # What would change something is asked for its token before its route is looked at.
                refused = {405} if method == "GET" else {400, 405}
                assert client.open(address, method=method).status_code in refused, (method, address)
