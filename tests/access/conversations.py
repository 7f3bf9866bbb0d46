"""What the routes of conversations' desk and of the paper form are asked with."""

from collections.abc import Mapping
from typing import Any

from werkzeug.routing import Rule

from tests.access.things import Things

DESK = "/editor/conversations/"
ON_PAPER = ("/self-help/<key>/paper", "/self-help/<key>/script")
# What a form of the desk may be sent with, whichever it is: each takes what it knows.
TYPED: Mapping[str, str] = {
    "number": "1",
    "title": "Company",
    "me": "yes",
    "ask": "How are things?",
    "ask_about": "How are things with {name}?",
    "label": "Very well",
    "kind": "text",
    "name": "Dee",
    "text": "id: small\n",
    "row-0": "stairs",
    "row-0-option": "hard",
    "look": "stairs",
    "option": "hard",
    "key": "title",
}
FORMS: Mapping[str, Mapping[str, str]] = {
    f"POST {DESK}<uuid:document_id>/arrange": {"number": "1", "do": "down|page||home"}
}
# Part of an address -> what stands there in every conversation here.
_PARTS: Mapping[str, Any] = {
    "kind": "question",
    "number": 1,
    "option": "hard",
    "page": "home",
    "language": "cy",
}
_KEYS = {"questions": "stairs", "option": "stairs", "question": "lonely", "recommendations": "rail"}


def is_mine(address: str) -> bool:
    """Whether a route is one of these."""
    return address.startswith(DESK) or address in ON_PAPER


def form_of(route: str) -> Mapping[str, str]:
    """What a form is sent with."""
    method, _blank, address = route.partition(" ")
    if method != "POST" or not address.startswith(DESK):
        return {}
    return FORMS.get(route, TYPED)


def paths(rule: Rule, things: Things) -> list[tuple[str, dict[str, Any]]]:
    """(what it is about, the parts of the address)."""
    if rule.rule in ON_PAPER:
        return [("what is public", {"key": "small"}), ("nothing there is", {"key": "nothing"})]
    more = {name: _PARTS[name] for name in rule.arguments - {"document_id", "key"}}
    if "key" in rule.arguments:
        more["key"] = next((key for part, key in _KEYS.items() if f"/{part}" in rule.rule), "home")
        more["key"] = "lonely" if "kind" in rule.arguments else more["key"]
    if "document_id" not in rule.arguments:
        return []
    return [(words, {"document_id": one, **more}) for words, one in things.conversations.items()]
