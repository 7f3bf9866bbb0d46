"""What each route is asked with. The parts of an address say what it is about; some forms need more than nothing.

A route with a new kind of part has no examples, and fails until it has.
"""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from tests.access import conversations
from tests.access.things import NOBODYS, Things


@dataclass(frozen=True)
class Example:
    """One thing to ask of a route. of: what it is asked about, in words; path: the parts of the address."""

    of: str = ""
    path: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)


def routes(app: Flask) -> dict[str, Rule]:
    """ "GET /find" -> its rule, for all that the app serves; HEAD and OPTIONS follow from GET."""
    return {
        f"{method} {rule.rule}": rule
        for rule in app.url_map.iter_rules()
        if not rule.build_only
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    }


# Beginning of a route's address -> those of the things that tell its answers apart, where that is not all of them.
_ENOUGH = {
    "/services/<uuid:service_id>/": ("another’s", "suspended", "private, for Mavis", "Millbrook’s alone"),
    "/editor/entries/": ("Tom’s, waiting", "an editor’s draft", "Millbrook’s, waiting"),
    "/provider/entries/": (
        "Tom’s draft",
        "Tom’s, waiting",
        "Asha’s draft",
        "an editor’s draft",
        "Millbrook’s, waiting",
    ),
    "/editor/listings/<uuid:service_id>/": ("Tom’s", "Millbrook’s"),
    "/editor/listings/": ("Tom’s", "private, for Mavis", "Millbrook’s", "nobody’s"),
    "/provider/listings/": ("Tom’s", "another’s", "Millbrook’s"),
    "/provider/claim/": ("another’s", "suspended", "private, for Mavis", "Millbrook’s", "nobody’s"),
    "/plan/items": ("Tom’s", "not shared", "suspended", "private, for Mavis"),
    "/care/people/<uuid:person_id>/": ("Mavis", "Millbrook’s"),
    "/care/people/mandates/<uuid:mandate_id>/": (
        "Derek’s for Mavis",
        "asked for",
        "granted by Sam’s colleague",
        "over",
        "Millbrook’s",
    ),
}
# Part of an address -> what stands there, by words.
_PARTS: dict[str, Callable[[Things], Mapping[str, Any]]] = {
    "service_id": lambda things: things.listings,
    "organisation_id": lambda things: things.organisations,
    "proposal_id": lambda things: things.proposals,
    "claim_id": lambda things: things.claims,
    "voice_id": lambda things: things.voices,
    "person_id": lambda things: things.persons,
    "mandate_id": lambda things: things.mandates,
    "joining_id": lambda things: things.joinings,
    "asking_id": lambda things: things.askings,
    "recovery_id": lambda things: things.recoveries,
    "role_id": lambda things: things.roles,
    "membership_id": lambda things: things.memberships,
    "sign_in_id": lambda things: things.sign_ins,
    "document_id": lambda things: things.documents,
    "kind": lambda _things: {"an authenticator": "authenticator", "nothing there is": "nothing"},
}
# An article, as the boxes of the desk hold it.
_TYPED = {"number": "1", "title": "Scarves", "text": "Wear one.", "front": "id: hats"}
# What else an address carries.
_QUERIES = {"GET /editor/listings/many": {"do": "check"}}
_FORMS = {
    "POST /plan/items/remove": {"service": str(NOBODYS["nobody’s"])},
    "POST /near": {"latitude": "53.42", "longitude": "-2.32"},
    "POST /language": {"language": "en", "next": "/find"},
    "POST /account/language": {"language": "en"},
    "POST /editor/listings/many": {"do": "check"},
    "POST /advice/<key>/useful": {"useful": "yes"},
    "POST /self-help/<key>": {"whom": "me"},
    "POST /self-help/resume": {"code": "7K3M-9QXA-2BTF"},
    "POST /editor/documents/new": {"kind": "article", "key": "scarves"},
    "POST /editor/documents/<uuid:document_id>/edit": _TYPED,
    "POST /editor/documents/<uuid:document_id>/edit/preview": _TYPED,
    "POST /editor/documents/<uuid:document_id>/merge": {"number": "1", "text": "Both"},
    "POST /editor/documents/<uuid:document_id>/words": {"number": "0", "part-phone": "Ring Fern."},
    "POST /editor/documents/<uuid:document_id>/send": {"number": "1"},
    "POST /editor/documents/<uuid:document_id>/publish": {"number": "1"},
    "POST /editor/documents/<uuid:document_id>/retire": {"number": "1"},
    "POST /editor/documents/<uuid:document_id>/schedule": {"number": "1", "on": "1/1/2099"},
    "POST /editor/documents/<uuid:document_id>/restore": {"number": "1", "old": "1"},
}


def nobodys(rule: Rule) -> dict[str, Any]:
    """What stands in an address where its parts are: nobody's id, or the first of the words that may stand there."""
    chosen = re.search(r"any\((\w+)[^)]*\):(\w+)>", rule.rule)
    return {**dict.fromkeys(rule.arguments, uuid.UUID(int=7)), **({chosen[2]: chosen[1]} if chosen else {})}


def of_route(route: str, rule: Rule, things: Things) -> list[Example]:
    """What a route is asked with."""
    if route == "POST /plan/items":
        named = _known(rule.rule, things.listings)
        return [Example(words, form={"service": str(listing)}) for words, listing in named.items()]
    form = _FORMS.get(route) or conversations.form_of(route)
    query: dict[str, Any] = dict(_QUERIES.get(route, {}))
    found = [Example(of, {**path, **query}, form) for of, path in _paths(rule, things) or [("", {})]]
    # What is nobody's is answered as what is another council's, for which every route is asked.
    return [one for one in found if one.of != "nobody’s" or route.startswith("GET ")]


def _known(address: str, things: Mapping[str, Any]) -> Mapping[str, Any]:
    """Those of the things that are enough for this address."""
    enough = next((words for start, words in _ENOUGH.items() if address.startswith(start)), tuple(things))
    return {words: things[words] for words in enough}


def _paths(rule: Rule, things: Things) -> list[tuple[str, dict[str, Any]]]:
    """(what it is about, the parts of the address), for everything that such an address may name."""
    if conversations.is_mine(rule.rule):
        return conversations.paths(rule, things)
    if rule.rule.startswith(("/equipment/", "/boards/")):
        return _not_there(rule)
    if rule.rule.startswith("/self-help/"):
        return _talks(rule)
    if rule.rule.startswith(("/advice/", "/pages/")):
        public = "about" if rule.rule.startswith("/pages/") else "keeping-warm"
        return [("what is public", {"key": public}), ("nothing there is", {"key": "nothing"})]
    parts = set(rule.arguments) - {"key"}
    more = {"key": "name"} if "key" in rule.arguments else {}
    if "token" in parts:
        return _of_links(rule, things)
    if "other_id" in parts:
        return _pairs(things)
    if not parts:
        return []
    (name,) = parts
    known = _known(rule.rule, _PARTS[name](things))
    return [(words, {name: named, **more}) for words, named in known.items()]


def _not_there(rule: Rule) -> list[tuple[str, dict[str, Any]]]:
    """No equipment and no board is public here: what is not there is nobody's to see."""
    below = {"step": "write-the-job", "template": "pa-advert"}
    parts = {name: below.get(name, "nothing") for name in rule.arguments}
    return [("nothing there is", parts)] if parts else []


def _talks(rule: Rule) -> list[tuple[str, dict[str, Any]]]:
    """A conversation that is public, and one that is not there; of ways back there are none here."""
    if "token" in rule.arguments:
        return [("nothing there is", {"token": "nothing"})]
    if "key" not in rule.arguments:
        return []
    page = {"number": 1} if "number" in rule.arguments else {}
    named = {"what is public": "small", "nothing there is": "nothing"}
    return [(words, {"key": key, **page}) for words, key in named.items()]


def _pairs(things: Things) -> list[tuple[str, dict[str, Any]]]:
    """Two listings: both the council's, or only one of them."""
    pairs = (
        ("Tom’s", "another’s"),
        ("Tom’s", "Millbrook’s"),
        ("Millbrook’s", "Tom’s"),
        ("Tom’s", "nobody’s"),
    )
    return [
        (
            f"{one} and {other}",
            {"service_id": things.listings[one], "other_id": things.listings[other]},
        )
        for one, other in pairs
    ]


def _of_links(rule: Rule, things: Things) -> list[tuple[str, dict[str, Any]]]:
    """Links by mail; one to say that a listing is right also with a listing that its letter does not name."""
    if "service_id" not in rule.arguments:
        whose = {"/links": things.links, "/preview": things.previews}
        known = next((links for start, links in whose.items() if rule.rule.startswith(start)), things.letters)
        return [(words, {"token": token}) for words, token in known.items()]
    ours, theirs, told = things.listings["another’s"], things.listings["Millbrook’s"], things.letters
    pairs = [(words, told[words], ours) for words in ("a good link", "one that is too old", "nobody’s")]
    pairs.append(("Millbrook’s", told["Millbrook’s"], theirs))
    pairs.append(("a listing it does not name", told["a good link"], things.listings["Tom’s"]))
    return [(words, {"token": token, "service_id": named}) for words, token, named in pairs]


def addresses(app: Flask, things: Things, method: str) -> dict[str, str]:
    """Rule -> an address of it that names something that is there, for each route that answers to this method."""
    adapter = app.url_map.bind("localhost")
    return {
        rule.rule: adapter.build(rule.endpoint, dict(of_route(route, rule, things)[0].path), method=method)
        for route, rule in routes(app).items()
        if route.startswith(f"{method} ")
    }
