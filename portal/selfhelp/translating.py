"""A conversation in another language: strings by id, each with a hash of the English that it was made from.

What is stale or missing is said in English, and marked so. A file of strings is YAML: `id: {of: hash, text: words}`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from portal.selfhelp import splicing
from portal.selfhelp.conversation import Conversation, Unreadable

STATES = ("translated", "stale", "missing")


@dataclass(frozen=True)
class Said:
    """Words in a language, and in which they really are."""

    text: str
    language: str


@dataclass(frozen=True)
class String:
    """One string. state: one of STATES."""

    id: str
    english: str
    state: str
    text: str = ""


def strings(conversation: Conversation) -> dict[str, str]:
    """Every text that a visitor may read, by an id that never changes, in the order of reading."""
    found = {"title": conversation.title, "summary": conversation.summary}
    for page in conversation.pages:
        found[f"page.{page.id}.title"] = page.title
        for question in page.questions:
            at = f"question.{question.id}"
            for part in ("ask", "ask_about", "help", "help_about", "easy_read"):
                found[f"{at}.{part}"] = getattr(question, part)
            for option in question.options:
                found[f"{at}.option.{option.id}"] = option.label
                found[f"{at}.option.{option.id}.about"] = option.label_about
    for rule in conversation.rules:
        for part in ("title", "text", "because"):
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


def said(conversation: Conversation, text: str, language: str) -> dict[str, Said]:
    """What a visitor reads: the language's words where they say what the English says now, else the English."""
    return {
        string.id: Said(string.text, language) if string.state == "translated" else Said(string.english, "en")
        for string in states(conversation, text)
    }
