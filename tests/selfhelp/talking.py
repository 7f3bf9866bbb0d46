"""A small conversation, and somebody who goes through it in a browser without script."""

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.granting import By
from portal.db import db
from portal.editorial import actions as documents
from tests import make

SMALL = """\
id: small
version: "1.0"
title: A small conversation
audience: [me, someone-else]
review: {last: 2026-11-01, next: 2027-05-01}
minutes: 3
pages:
- id: now
  title: Now
  questions:
  - id: danger
    type: one
    ask: Are you safe just now?
    ask_about: Is {name} safe just now?
    sensitive: true
    options: [{id: safe, label: Safe}, {id: hurt, label: In danger}]
- id: home
  title: At home
  questions:
  - id: stairs
    type: one
    ask: How do you find the stairs?
    ask_about: How does {name} find the stairs?
    options:
    - {id: fine, label: The stairs are fine, strength: true}
    - {id: hard, label: The stairs are hard}
  - id: enjoy
    type: many
    ask: What do you enjoy?
    ask_about: What does {name} enjoy?
    options:
    - {id: garden, label: The garden, strength: true}
    - {id: music, label: Music, strength: true}
    - {id: none, label: None of these, exclusive: true}
- id: falls
  title: Falls
  questions:
  - id: falls
    type: one
    show_if: {q: stairs, in: [hard]}
    ask: Have you fallen?
    ask_about: Has {name} fallen?
    options: [{id: never, label: No falls}, {id: often, label: Fell more than once}]
- id: words
  title: In your words
  questions:
  - id: matters
    type: text
    ask: What matters to you?
    ask_about: What matters to {name}?
    sensitive: true
  - id: stairs-count
    type: number
    ask: How many steps are there?
    ask_about: How many steps does {name} have?
    least: 0
    most: 60
  - id: postcode
    type: postcode
    ask: What is your postcode?
    ask_about: What is {name}'s postcode?
recommend:
- id: danger-now
  priority: always-first
  title: Ring 999 now
  text: Ask for the police.
  when: {q: danger, in: [hurt]}
  show: {search: [{category: domestic-abuse}]}
  because: "You said: “{danger.label}”."
  evidence: {source: "Care Act 2014", checked: 2026-11-01}
- id: stairs-help
  title: Safer stairs
  text: A rail on both sides helps.
  when: {q: stairs, in: [hard]}
  show: {search: [{category: adaptations}]}
  because: "About the stairs, you said: “{stairs.label}”."
  evidence: {source: "NHS: falls", checked: 2026-11-01}
- id: falls-help
  title: Fewer falls
  text: Legs that are stronger fall less.
  when: {q: falls, in: [often]}
  show: {search: [{category: falls}]}
  because: "About falls, you said: “{falls.label}”."
  evidence: {source: "NHS: falls", checked: 2026-11-01}
- id: garden-again
  title: Back in the garden
  text: Others like the garden, too.
  when: {q: enjoy, in: [garden]}
  show: {search: [{category: gardening-clubs}]}
  because: "You enjoy: “{enjoy.label}”."
  evidence: {source: "NHS: keeping active", checked: 2026-11-01}
otherwise: {search: [{category: community-hubs}]}
examples:
- name: Mavis
  answers: {danger: safe, stairs: hard, enjoy: [garden], falls: often}
  expect: [stairs-help, falls-help, garden-again]
  never: [danger-now]
- name: Ines
  answers: {danger: hurt}
  expect: [danger-now]
  never: []
"""
ED = By(None, "Ed")


def publish(body: str = SMALL, key: str = "small") -> None:
    """The conversation is public in every council, in this version."""
    from portal.editorial import queries

    document = queries.of_key("conversation", key, None)
    if document is None:
        document = documents.begin(None, "conversation", key, body, by=ED, now=make.NOW)
    newest = queries.newest(document.id)
    assert newest
    newest = documents.save(document, body, seen=newest.number, by=ED, now=make.NOW)
    documents.make_public(document, newest, make.NOW)
    db.session.commit()


class Visitor:
    """Somebody at a browser without script. `page` is what they have before them."""

    def __init__(self, client: FlaskClient, key: str = "small") -> None:
        self.client, self.key, self.page = client, key, ""
        self.at = ""

    def open(self, path: str) -> "Visitor":
        """They open a page."""
        return self._shown(self._fetched("GET", path))

    def send(self, path: str, **data: Any) -> "Visitor":
        """They send a form of the page that they have before them."""
        return self._shown(self.post(path, **data), path)

    def post(self, path: str, **data: Any) -> TestResponse:
        """The answer to a form that they send."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.page)
        token = {"csrf_token": found[1]} if found else {}
        return self._fetched("POST", path, data={**token, **data})

    def _fetched(self, method: str, path: str, **more: Any) -> TestResponse:
        """The answer, in a context of its own: two visitors share nothing, and the test sees what was committed."""
        db.session.rollback()
        with self.client.application.app_context():
            return self.client.open(path, method=method, follow_redirects=True, **more)

    def leave(self) -> None:
        """They press "Finish and clear"."""
        self._fetched("POST", "/exit")

    def _shown(self, answer: TestResponse, path: str = "") -> "Visitor":
        self.status, self.page, self.at = answer.status_code, html.unescape(answer.text), answer.request.path
        self.headers = answer.headers
        return self

    def begin(self, whom: str = "me", **more: str) -> "Visitor":
        """They begin the conversation."""
        return self.open(f"/self-help/{self.key}").send(f"/self-help/{self.key}", whom=whom, **more)

    def say(self, **answers: Any) -> "Visitor":
        """They answer what stands on the page, and go on."""
        return self.send(self.at, **self.sent(**answers))

    def sent(self, **answers: Any) -> dict[str, Any]:
        """What the page's form sends with these answers."""
        page = re.search(r'name="page" value="([^"]+)"', self.page)
        change = {"change": "1"} if 'name="change"' in self.page else {}
        assert page, f"there is no page of questions at {self.at}"
        return {
            "page": page[1],
            **change,
            **{f"q-{key.replace('_', '-')}": said for key, said in answers.items()},
        }

    @property
    def title(self) -> str:
        """The heading of the page."""
        found = re.search(r"<h1[^>]*>(.*?)</h1>", self.page, re.S)
        return re.sub(r"<[^>]+>", "", found[1]).strip() if found else ""

    @property
    def links(self) -> list[str]:
        """Where the page leads, forms included."""
        return re.findall(r'(?:href|action)="([^"]+)"', self.page)

    @property
    def topics(self) -> list[str]:
        """What the results page suggests, in its order."""
        return re.findall(r'id="topic-([a-z-]+)"', self.page)

    def has(self, words: str) -> bool:
        """Whether the page says so."""
        return words in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", self.page))
