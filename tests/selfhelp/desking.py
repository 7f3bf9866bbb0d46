"""A conversation at the editors' desk, and an editor's browser beside it."""

import datetime as dt
import uuid
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.db import db
from portal.editorial import actions, queries
from portal.editorial.models import Document, Version
from tests import make
from tests.accounts.people import Browser
from tests.desks import desk
from tests.editorial.writing import BY_ED
from tests.selfhelp.starter import text_of

# After the last review of what content/ has.
DAY = dt.date(2026, 11, 26)
TALK = """\
# Ours
id: small
version: "1.0"
title: A small conversation
audience: [me, someone-else]
review: {last: 2026-11-20, next: 2027-05-20}
minutes: 1
pages:
- id: home
  title: At home
  questions:
  - id: stairs
    type: one
    ask: How do you find the stairs?
    ask_about: How does {name} find the stairs?
    easy_read: {text: Are stairs hard?, picture: stairs}
    options:
    - {id: fine, label: Stairs are no trouble, strength: true}
    - {id: hard, label: Hard or shaky}
  - id: falls
    type: one
    show_if: {q: stairs, in: [hard]}
    ask: Have you had a fall?
    ask_about: Has {name} had a fall?
    easy_read: {text: Have you fallen?, picture: falling}
    options:
    - {id: none, label: No falls, strength: true}
    - {id: once, label: One fall or more}
- id: company
  title: Company
  questions:
  - id: lonely
    type: one
    sensitive: true
    ask: How often do you feel lonely?
    ask_about: How often does {name} feel lonely?
    easy_read: {text: Are you lonely?, picture: chair}
    options:
    - {id: never, label: Hardly ever, strength: true}
    - {id: often, label: Often}
recommend:
- id: rail
  title: A second rail on the stairs
  text: A rail on both sides makes stairs safer.
  when: {q: stairs, in: [hard]}
  show: {search: [{need: falling}]}
  because: "You said: “{stairs.label}”."
  evidence: {source: "NHS: Falls", url: "https://www.nhs.uk/conditions/falls/", checked: 2026-11-20}
- id: company
  title: People to talk to
  text: There are groups near you.
  when: {q: lonely, in: [often]}
  show: {search: [{need: lonely}]}
  because: "You said: “{lonely.label}”."
  evidence: {source: "NHS: Loneliness", url: "https://www.nhs.uk/mental-health/", checked: 2026-11-20}
otherwise: {search: [{need: lonely}]}
examples:
- name: Ann
  about: 80, shaky on the stairs
  answers: {stairs: hard, falls: none, lonely: never}
  expect: [rail]
  never: [company]
- name: Bob
  about: 70, alone
  answers: {stairs: hard, falls: once, lonely: often}
  expect: [company, rail]
- name: Cay
  about: 66, well
  answers: {stairs: fine, lonely: never}
  never: [rail, company]
"""


def begun(body: str = TALK, key: str = "small", **more: Any) -> Document:
    """A conversation's first draft in the library. Committed."""
    made = actions.begin(more.pop("of", None), "conversation", key, body, by=BY_ED, now=make.NOW, **more)
    db.session.commit()
    return made


def starter(key: str = "everyday-life") -> Document:
    """A conversation of content/ at the desk."""
    return begun(text_of(key), key)


def published(body: str = TALK, key: str = "small") -> Document:
    """A conversation of the library that people can begin. Committed."""
    made = begun(body, key)
    actions.publish(made, seen=1, by=BY_ED, now=make.NOW, today=DAY)
    db.session.commit()
    return made


def newest(document_id: uuid.UUID) -> Version:
    """What was saved last, as the database has it."""
    db.session.rollback()
    found = queries.newest(document_id)
    assert found
    return found


class AtDesk:
    """An editor's browser with one conversation open."""

    def __init__(self, app: Flask, document: Document) -> None:
        self.id = document.id
        self.at = f"/editor/conversations/{document.id}"
        self.browser: Browser = desk.editor(app)[0]

    def get(self, path: str = "") -> TestResponse:
        """One of its pages."""
        return self.browser.get(self.at + path)

    def page(self, path: str = "") -> str:
        """The words of one of its pages."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.location)
        return answer.text

    def post(self, path: str, **data: Any) -> TestResponse:
        """A form is sent, with the number of the version that is newest, where none is said."""
        number = data.pop("number", None) or newest(self.id).number
        return self.browser.post(self.at + path, {"number": str(number), **data})

    def text(self) -> str:
        """The newest text."""
        return newest(self.id).body
