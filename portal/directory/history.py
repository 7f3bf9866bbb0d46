"""What was done to entries, in words, for whoever reads their history."""

from collections.abc import Callable, Mapping
from typing import Any

from portal import audit
from portal.i18n import _


def tell() -> None:
    """Every event of an entry has its words. They are made on the page, in its language."""
    for name, words in _WORDS.items():
        audit.say(name, words)


def _settled(facts: Mapping[str, Any]) -> str:
    if facts.get("state") == "approved":
        return _("What was sent in was approved.")
    return _("What was sent in was sent back.")


def _suspended(facts: Mapping[str, Any]) -> str:
    return _("It was suspended.") if facts.get("suspended", True) else _("It was no longer suspended.")


def _private(facts: Mapping[str, Any]) -> str:
    return _("It was made private.") if facts.get("private") else _("It was made public.")


def _state(facts: Mapping[str, Any]) -> str:
    if facts.get("becomes") == "archived":
        return _("It was archived.")
    return _("It was published.") if facts.get("becomes") == "published" else _("It was taken out.")


def _at_once(facts: Mapping[str, Any]) -> str:
    if facts.get("what") == "vacancies":
        return _("Places free were changed.")
    return _("It was opened or closed for now.")


def _claimed(facts: Mapping[str, Any]) -> str:
    if facts.get("state") == "granted":
        return _("Somebody may look after it from then on.")
    return _("Somebody asked to look after it, and was told no.")


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "listing.saved": lambda _facts: _("Its words were saved."),
    "listing.state": _state,
    "listing.suspended": _suspended,
    "listing.lifted": lambda _facts: _("It was no longer suspended."),
    "listing.restored": lambda facts: _(
        "Version %(number)s was brought back.", number=facts.get("version", "")
    ),
    "listing.private": _private,
    "listing.merged": lambda _facts: _("It was merged with another entry."),
    "listing.at_once": _at_once,
    "listing.hidden": lambda _facts: _("It was hidden, since nobody had said that it was still right."),
    "listing.confirmed": lambda _facts: _("Somebody said that it is still right."),
    "listing.closed_for_now": lambda _facts: _("Whoever runs it said that it has stopped."),
    "claim.asked": lambda _facts: _("Somebody asked to look after it."),
    "claim.settled": _claimed,
    "proposal.sent": lambda _facts: _("A change was sent in."),
    "proposal.settled": _settled,
    "directory.rules": lambda _facts: _("How often entries are checked was changed."),
    "voice.settled": lambda _facts: _("Something that was said was settled."),
}
