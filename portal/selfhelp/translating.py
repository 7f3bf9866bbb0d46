"""A conversation in another language: strings by id, each with a hash of the English that it was made from.

What is stale or missing is said in English, and marked so. A file of strings is YAML: `id: {of: hash, text: words}`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from portal.selfhelp import splicing
from portal.selfhelp.conversation import Conversation, Option, Page, Question, Rule, Unreadable
from portal.words import Words

STATES = ("translated", "stale", "missing")
# What has words in a conversation, in a question and in a recommendation.
_HEAD = ("title", "summary")
_ASKED = ("ask", "ask_about", "help", "help_about", "easy_read")
_TOLD = ("title", "text", "because")


@dataclass(frozen=True)
class String:
    """One string. state: one of STATES."""

    id: str
    english: str
    state: str
    text: str = ""


def strings(conversation: Conversation) -> dict[str, str]:
    """Every text that a visitor may read, by an id that never changes, in the order of reading."""
    found = {part: getattr(conversation, part) for part in _HEAD}
    for page in conversation.pages:
        found[f"page.{page.id}.title"] = page.title
        for question in page.questions:
            at = f"question.{question.id}"
            for part in _ASKED:
                found[f"{at}.{part}"] = getattr(question, part)
            for option in question.options:
                found[f"{at}.option.{option.id}"] = option.label
                found[f"{at}.option.{option.id}.about"] = option.label_about
    for rule in conversation.rules:
        for part in _TOLD:
            found[f"rule.{rule.id}.{part}"] = getattr(rule, part)
    return {key: text for key, text in found.items() if text}


def hash_of(english: str) -> str:
    """What tells whether the English is still what it was."""
    return hashlib.sha256(" ".join(english.split()).encode()).hexdigest()[:12]


@lru_cache(maxsize=64)
def read(text: str) -> Mapping[str, tuple[str, str]]:
    """Id -> (hash of the English, words). Raises Unreadable."""
    try:
        tree = YAML(typ="safe", pure=True).load(text) or {}
    except YAMLError:
        raise Unreadable("These strings are no YAML. Compare them with another language.") from None
    if not isinstance(tree, dict) or not all(isinstance(row, dict) for row in tree.values()):
        raise Unreadable("Each string is “id: {of: …, text: …}”.")
    return {str(key): (str(row.get("of", "")), str(row.get("text", ""))) for key, row in tree.items()}


def written(known: Mapping[str, tuple[str, str]]) -> str:
    """The strings as text, in the order given."""
    rows = (splicing.flow({"of": of, "text": words}) for of, words in known.values())
    return "".join(f"{key}: {row}\n" for key, row in zip(known, rows, strict=True))


def with_string(text: str, conversation: Conversation, key: str, words: str) -> str:
    """The strings with one translated anew from the English as it is now; without words it is missing again."""
    english = strings(conversation)
    known = dict(read(text))
    known[key] = (hash_of(english[key]), splicing.plain(words))
    return written({one: known[one] for one in english if one in known and known[one][1]})


def states(conversation: Conversation, text: str) -> list[String]:
    """How each string stands in a language."""
    return list(_states(conversation, read(text)))


def _states(conversation: Conversation, known: Mapping[str, tuple[str, str]]) -> Iterator[String]:
    for key, english in strings(conversation).items():
        of, words = known.get(key, ("", ""))
        state = "missing" if not words else "translated" if of == hash_of(english) else "stale"
        yield String(key, english, state, words)


@dataclass(frozen=True)
class _Tongue:
    """A language's strings that say what the English says now, by id."""

    language: str
    known: Mapping[str, str]

    def parts(self, thing: object, ids: Mapping[str, str]) -> dict[str, Any] | None:
        """The parts (by name -> string's id) that the thing has words in, translated; None where one is not."""
        used = {part: key for part, key in ids.items() if getattr(thing, part)}
        if not all(key in self.known for key in used.values()):
            return None
        return {part: Words(self.known[key], self.language) for part, key in used.items()}

    def page(self, page: Page) -> Page:
        """The page with its title and its questions."""
        title = self.parts(page, {"title": f"page.{page.id}.title"}) or {}
        return replace(page, questions=tuple(map(self.question, page.questions)), **title)

    def question(self, question: Question) -> Question:
        """The question with its answers, all of it or none: half in each language is no help."""
        at = f"question.{question.id}"
        words = self.parts(question, {part: f"{at}.{part}" for part in _ASKED})
        options = [self._option(option, f"{at}.option.{option.id}") for option in question.options]
        if words is None or None in options:
            return question
        return replace(question, options=tuple(option for option in options if option), **words)

    def _option(self, option: Option, at: str) -> Option | None:
        words = self.parts(option, {"label": at, "label_about": f"{at}.about"})
        return None if words is None else replace(option, **words)

    def rule(self, rule: Rule) -> Rule:
        """What may help and why, all of it or none."""
        return replace(rule, **self.parts(rule, {part: f"rule.{rule.id}.{part}" for part in _TOLD}) or {})


def translated(conversation: Conversation, text: str, language: str) -> Conversation:
    """The conversation as a visitor reads it in a language: `Words` where it is translated, English elsewhere."""
    tongue = _Tongue(
        language,
        {string.id: string.text for string in states(conversation, text) if string.state == "translated"},
    )
    head: dict[str, Any] = {
        part: words for part in _HEAD for words in (tongue.parts(conversation, {part: part}) or {}).values()
    }
    return replace(
        conversation,
        pages=tuple(map(tongue.page, conversation.pages)),
        rules=tuple(map(tongue.rule, conversation.rules)),
        **head,
    )
