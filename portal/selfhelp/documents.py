"""Conversations among the documents that editors own: how they are checked, when they are due, what they lead to."""

import datetime as dt
from collections.abc import Iterable, Mapping

from flask import Flask, url_for

from portal.editorial import kinds
from portal.editorial.kinds import Around, Finding, Kind, Reference, Review
from portal.i18n import _
from portal.selfhelp import lint, queries
from portal.selfhelp.conversation import Shown, Unreadable

CONVERSATION = "conversation"


def _title(body: str) -> str:
    return queries.read(body).title


def _day(words: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(words or "")
    except ValueError:
        return None


def _review(body: str) -> Review | None:
    try:
        said: Mapping[str, str] = queries.read(body).review
    except Unreadable:
        return None
    return Review(_day(said.get("last")), _day(said.get("next")))


def _led_to(shown: Shown) -> Iterable[Reference]:
    yield from (("article", key) for key in shown.articles)
    yield from (("equipment", key) for key in shown.equipment)
    yield from ((CONVERSATION, key) for key in shown.conversations)


def _refers(body: str) -> set[Reference]:
    try:
        found = queries.read(body)
    except Unreadable:
        return set()
    return {
        lead for shown in (found.otherwise, *(rule.shown for rule in found.rules)) for lead in _led_to(shown)
    }


def _check(body: str, around: Around) -> list[Finding]:
    return lint.lint(body, around)


KIND = Kind(
    name=CONVERSATION,
    label=lambda: _("Conversation"),
    folder="conversations",
    suffix=".yaml",
    title=_title,
    check=_check,
    review=_review,
    refers=_refers,
    address=lambda key: url_for("selfhelp.start", key=key),
)


def init_app(app: Flask) -> None:
    """Conversations are documents."""
    kinds.register(app, KIND)
