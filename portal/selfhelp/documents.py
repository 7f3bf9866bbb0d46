"""Conversations, equipment and boards among editors' documents: how they are checked, when due, what they lead to."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, g, url_for

from portal.editorial import kinds
from portal.editorial.kinds import Around, Finding, Kind, Reference, Review
from portal.i18n import ENGLISH, _
from portal.selfhelp import board, board_checks, boards, equipment, house, lint, queries, translating
from portal.selfhelp.conversation import Shown, Unreadable

CONVERSATION, CHOOSING = "conversation", "choosing"
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


def _title(body: str) -> str:
    if is_strings(body):
        return translating.read(body).get("title", ("", ""))[1]
    return queries.read(body).title


def is_strings(body: str) -> bool:
    """Whether the body is a list of strings of another language, and no conversation itself."""
    try:
        translating.read(body)
    except Unreadable:
        return False
    return True


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
    if around.language != ENGLISH:
        return _check_strings(body)
    return list(_linted(body, around.key, around.today, tuple(sorted(around.keys.items()))))


@lru_cache(maxsize=32)
def _linted(
    body: str, key: str, today: dt.date, keys: tuple[tuple[str, frozenset[str]], ...]
) -> tuple[Finding, ...]:
    """The linter walks every way there is, which takes a second or two: once for each text."""
    found = lint.lint(body, Around(key, today, dict(keys)))
    return tuple(Finding(one.level, one.where, one.words, one.todo, one.line) for one in found)


def _place(body: str) -> str:
    """The folder of a conversation: those to choose equipment by have one of their own."""
    try:
        return CHOOSING if queries.read(body).choosing else KIND.folder
    except Unreadable:
        return KIND.folder


def _check_strings(body: str) -> list[Finding]:
    try:
        translating.read(body)
    except Unreadable as error:
        return [Finding("error", _("The strings"), error.words, "", error.line)]
    return []


KIND = Kind(
    name=CONVERSATION,
    label=lambda: _("Conversation"),
    folder="conversations",
    suffix=".yaml",
    title=_title,
    check=_check,
    review=_review,
    refers=_refers,
    edit="conversations.conversation",
    starter=STARTER,
    address=lambda key: url_for("selfhelp.start", key=key),
    more_folders=(CHOOSING,),
    place=_place,
)


def _house_title(body: str) -> str:
    found = re.search(r"^title: *(.+)$", body, re.M)
    return found[1].strip("\"' ") if found else ""


def _house_check(body: str, around: Around) -> list[Finding]:
    folder = around.folder or Path(current_app.config["CONTENT"])
    check = {equipment.HOUSE: lint.lint_house, equipment.ITEMS: lint.lint_items}.get(around.key)
    found = check(body, around, lint.pictures_in(folder)) if check else []
    return [Finding(one.level, one.where, one.words, one.todo, one.line) for one in found]


def _house_review(body: str) -> Review | None:
    """When it says that it was looked at, in whatever state the rest is."""
    said = dict(re.findall(r"\b(last|next): *([0-9-]+)", (re.search(r"^review:.*$", body, re.M) or [""])[0]))
    return Review(_day(said.get("last")), _day(said.get("next"))) if said else None


def _house_refers(body: str) -> set[Reference]:
    """The articles and the equipment that the house's tasks lead to."""
    try:
        tasks = house.read(body).tasks.values()
    except Unreadable:
        return set()
    articles = {("article", key) for task in tasks for key in task.articles}
    return articles | {("equipment", key) for task in tasks for key in task.items}


HOUSE = Kind(
    name=equipment.KIND,
    label=lambda: _("Equipment and the house"),
    folder="equipment",
    suffix=".yaml",
    title=_house_title,
    check=_house_check,
    review=_house_review,
    refers=_house_refers,
    address=lambda _key: url_for("equipment.index"),
)


def _board_title(body: str) -> str:
    return board.read(body).title


def _board_check(body: str, around: Around) -> list[Finding]:
    found = board_checks.lint(body, around)
    return [Finding(one.level, one.where, one.words, one.todo, one.line) for one in found]


def _board_review(body: str) -> Review | None:
    try:
        said = board.read(body).review
    except Unreadable:
        return None
    return Review(_day(said.get("last")), _day(said.get("next")))


def _board_refers(body: str) -> set[Reference]:
    try:
        steps = board.read(body).steps
    except Unreadable:
        return set()
    papers = {(boards.TEMPLATE, key) for step in steps for key in step.templates}
    return papers | {("article", step.article) for step in steps}


BOARD = Kind(
    name=boards.BOARD,
    label=lambda: _("Board of steps"),
    folder="boards",
    suffix=".yaml",
    title=_board_title,
    check=_board_check,
    review=_board_review,
    refers=_board_refers,
    address=lambda key: url_for("boards.board", key=key),
)


def _template_check(body: str, _around: Around) -> list[Finding]:
    try:
        boards.title_of(body)
    except ValueError as error:
        return [Finding("error", _("The template"), str(error), line=1)]
    if "___" not in body:
        return [Finding("warning", _("The template"), _("Nothing in it is left to fill in."))]
    return []


TEMPLATE = Kind(
    name=boards.TEMPLATE,
    label=lambda: _("Document to fill in"),
    folder="boards/templates",
    suffix=".md",
    title=boards.title_of,
    check=_template_check,
)


def _equipment() -> dict[str, str]:
    return equipment.names(g.get("council"))


def _rooms() -> dict[str, str]:
    return equipment.room_names(g.get("council"))


def _tasks() -> dict[str, str]:
    return equipment.task_names(g.get("council"))


def init_app(app: Flask) -> None:
    """Conversations, equipment and boards are documents; others may refer to equipment, a room or a task."""
    kinds.register(app, KIND)
    kinds.register(app, HOUSE)
    kinds.register(app, BOARD)
    kinds.register(app, TEMPLATE)
    kinds.add_names(app, "equipment", _equipment, equipment.ids_in)
    kinds.add_names(app, "room", _rooms, equipment.rooms_in)
    kinds.add_names(app, "task", _tasks, equipment.tasks_in)
