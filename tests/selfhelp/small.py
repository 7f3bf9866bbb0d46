"""A small conversation without a fault, and what lies around it."""

import datetime as dt

from portal.selfhelp.conversation import Conversation
from portal.selfhelp.lint import Around, Finding, lint
from portal.selfhelp.reading import read

TODAY = dt.date(2026, 11, 26)
AROUND = Around(
    "tea-time",
    TODAY,
    {
        "article": frozenset({"living-well", "urgent-help", "eating-well"}),
        "equipment": frozenset({"kettle-tipper", "jar-opener"}),
        "conversation": frozenset({"tea-time", "low-or-lonely"}),
        "category": frozenset({"lunch-clubs"}),
        "need": frozenset({"company"}),
    },
)
SMALL = """\
id: tea-time
version: "1.0"
title: A conversation about tea
summary: What would make tea time easier.
audience: [me, someone-else, with-navigator]
review: {last: 2026-11-01, next: 2027-05-01}
minutes: 3
pages:
- id: start
  title: To begin with
  questions:
  - id: hello
    type: info
    ask: This is about tea. You can skip any question.
    ask_about: This is about the tea that {name} drinks. You can skip any question.
    easy_read: {text: We talk about tea., picture: tea}
  - id: now
    type: many
    ask: Is any of this happening to you now?
    ask_about: Is any of this happening to {name} now?
    easy_read: {text: Do you need help now?, picture: phone}
    sensitive: true
    options:
    - {id: burnt, label: A bad burn}
    - {id: choking, label: Choking}
    - {id: none, label: None of these, exclusive: true}
- id: tea
  title: Making tea
  questions:
  - id: drinks
    type: one
    ask: Do you like tea?
    ask_about: Does {name} like tea?
    easy_read: {text: Do you like tea?, picture: tea}
    options:
    - {id: loves, label: Loves a cup of tea, strength: true}
    - {id: coffee, label: Coffee for choice}
  - id: kettle
    type: one
    show_if: {q: drinks, in: [loves]}
    ask: How do you find the kettle?
    ask_about: How does {name} find the kettle?
    easy_read: {text: Is the kettle heavy?, picture: kettle}
    options:
    - {id: fine, label: No trouble, strength: true}
    - {id: heavy, label: Heavy to lift}
    - {id: lid, label: The lid is stiff}
  - id: company
    type: many
    ask: Who drinks it with you?
    ask_about: Who drinks it with {name}?
    easy_read: {text: Who comes to tea?, picture: friends}
    options:
    - {id: friends, label: Friends, strength: true}
    - {id: family, label: Family, strength: true}
    - {id: nobody, label: Nobody, exclusive: true}
  - id: postcode
    type: postcode
    ask: What is your postcode?
    ask_about: What is the postcode of {name}?
    easy_read: {text: Where do you live?, picture: map}
recommend:
- id: burn-now
  priority: always-first
  title: Cool it, then ring 111
  text: Hold the burn under cool water for 20 minutes. Ring 999 if it is large.
  when: {q: now, in: [burnt]}
  show: {article: urgent-help}
  because: "You said that this is happening now: “{now.label}”."
  evidence: {source: "NHS: Burns and scalds", url: "https://www.nhs.uk/burns", checked: 2026-11-01}
- id: kettle-help
  title: A kettle that pours by itself
  text: A stand tips the kettle for you.
  when: {q: kettle, in: [heavy]}
  show: {equipment: kettle-tipper, article: [eating-well]}
  because: "About the kettle, you said: “{kettle.label}”."
  evidence: {source: "NHS: Household gadgets", checked: 2026-11-01}
- id: lid-help
  title: Lids that open
  text: A grip helps with lids and jars.
  when:
    all: [{q: kettle, in: [lid]}, {not: {q: now, in: [burnt]}}]
  show: {equipment: [jar-opener], search: [{need: company}]}
  because: "About the kettle, you said: “{kettle.label}”."
  evidence: {source: "NHS: Household gadgets", checked: 2026-11-01}
- id: tea-together
  title: Tea with others
  text: A lunch club has a pot on.
  when:
    any: [{q: company, in: [nobody]}, {q: drinks, in: [coffee]}]
  show: {search: {category: lunch-clubs}, conversation: low-or-lonely}
  because: "Who comes to tea: “{company.label}”. About tea, you said: “{drinks.label}”."
  evidence: {source: "NHS: Loneliness", checked: 2026-11-01}
otherwise: {article: living-well}
examples:
- name: Mavis
  about: 82, finds the kettle heavy and drinks alone
  answers: {now: [none], drinks: loves, kettle: heavy, company: [nobody], postcode: M33 7ZF}
  expect: [kettle-help, tea-together]
  never: [burn-now, lid-help]
- name: Derek
  about: 60, has a stiff lid
  answers: {drinks: loves, kettle: lid}
  expect: [lid-help]
  never: [tea-together]
- name: Asha
  about: 45, has burnt her hand
  answers: {now: [burnt]}
  expect: [burn-now]
"""


def small() -> Conversation:
    """The small conversation."""
    return read(SMALL)


def changed(old: str, new: str, text: str = SMALL) -> str:
    """The text with one thing changed. It must stand there once."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def found_in(text: str, before: str = "") -> list[Finding]:
    """What the linter says of it."""
    return lint(text, AROUND, before)
