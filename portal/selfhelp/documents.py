"""Conversations as a kind of document: what their checks say, when they are read again, and what they lead to."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

from flask import url_for

from portal.editorial.kinds import Around, Finding, Kind, Reference, Review
from portal.i18n import ENGLISH, _
from portal.selfhelp import lint, translating
from portal.selfhelp.authoring import read
from portal.selfhelp.conversation import Unreadable

KIND = "conversation"
STARTER = """\
id: {key}
version: "1.0"
title: A new conversation
audience: [me]
review: {{last: {today}, next: {then}}}
minutes: 5
pages:
- id: first
  title: First
  questions:
  - id: how-are-you
    type: one
    ask: How are things?
    options:
    - {{id: well, label: Well}}
    - {{id: hard, label: Hard}}
recommend:
- id: talk-to-us
  title: Talk to us
  when: {{q: how-are-you, in: [hard]}}
  show: {{search: [{{need: lonely}}]}}
  because: "You said: “{{how-are-you.label}}”."
otherwise: {{search: [{{need: lonely}}]}}
examples:
- name: Ann
  answers: {{how-are-you: hard}}
  expect: [talk-to-us]
"""


def title(body: str) -> str:
    """What it is called; in another language, where that is translated. Raises Unreadable."""
    if is_strings(body):
        return translating.read(body).get("title", ("", ""))[1]
    return read(body).title


def is_strings(body: str) -> bool:
    """Whether the body is a list of strings of another language, and no conversation itself."""
    try:
        translating.read(body)
    except Unreadable:
        return False
    return True


def check(body: str, around: Around) -> list[Finding]:
    """Every finding of the linter."""
    if around.language != ENGLISH:
        return _check_strings(body)
    known = tuple(sorted(around.keys.items()))
    return list(_linted(body, around.key, around.today, known))


@lru_cache(maxsize=32)
def _linted(
    body: str, key: str, today: dt.date, keys: tuple[tuple[str, frozenset[str]], ...]
) -> tuple[Finding, ...]:
    """The linter walks every way there is, which takes a second or two: once for each text."""
    found = lint.lint(body, Around(key, today, dict(keys)))
    return tuple(Finding(one.level, one.where, one.words, one.todo, one.line) for one in found)


def _check_strings(body: str) -> list[Finding]:
    try:
        translating.read(body)
    except Unreadable as error:
        return [Finding("error", _("The strings"), error.words, "", error.line)]
    return []


def review(body: str) -> Review | None:
    """When it was read, and when it must be again."""
    try:
        said = read(body).review
    except Unreadable:
        return None
    return Review(_day(said.get("last", "")), _day(said.get("next", "")), said.get("owner", ""))


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def refers(body: str) -> Iterable[Reference]:
    """The articles, equipment and conversations that it leads to."""
    try:
        conversation = read(body)
    except Unreadable:
        return frozenset()
    return frozenset(
        reference
        for shown in (*(rule.shown for rule in conversation.rules), conversation.otherwise)
        for kind, keys in (
            ("article", shown.articles),
            ("equipment", shown.equipment),
            (KIND, shown.conversations),
        )
        for reference in ((kind, key) for key in keys)
    )


CONVERSATION = Kind(
    name=KIND,
    label=lambda: _("Conversations"),
    folder="conversations",
    suffix=".yaml",
    title=title,
    check=check,
    review=review,
    refers=refers,
    edit="conversations.conversation",
    address=lambda key: url_for("selfhelp.start", key=key),
    starter=STARTER,
)
