"""Whether the file has the shape of a conversation: conversation.schema.json, and its complaints in kind words."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from portal.selfhelp.lint.finding import PARTS, Finding, Spot, below

SCHEMA = Path(__file__).with_name("conversation.schema.json")
_ROWS = {
    "pages": "page",
    "questions": "question",
    "options": "answer",
    "recommend": "recommendation",
    "examples": "example",
}


@cache
def _validator() -> Any:
    # Loaded for who edits: what serves pages needs none of it.
    import jsonschema

    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def plain(node: Any) -> Any:
    """The tree as JSON has it: dates are text."""
    if isinstance(node, Mapping):
        return {key: plain(child) for key, child in node.items()}
    if isinstance(node, list):
        return [plain(child) for child in node]
    return node.isoformat() if isinstance(node, dt.date) else node


def shape(tree: Any) -> Iterator[Finding]:
    """Everything that is of another shape, in the order of the file."""
    found = list(_validator().iter_errors(plain(tree)))
    in_order = sorted(found, key=lambda error: [str(step).zfill(4) for step in error.absolute_path])
    # Each missing part is a complaint of its own, and all of them are said at once.
    yield from dict.fromkeys(_said(_deepest(error), tree) for error in in_order)


def _deepest(error: Any) -> Any:
    """Of the ways in which something could have been right, the complaint of the one that was meant."""
    while error.context:
        of_kind = [other for other in error.context if other.validator != "type" or other.relative_path]
        error = min(of_kind or error.context, key=lambda other: -len(other.absolute_path))
    return error


def _said(error: Any, tree: Any) -> Finding:
    name, words, todo = _WORDS.get(error.validator, _other)(error)
    spot = _spot(tree, list(error.absolute_path))
    return spot.error(name, words, todo)


def _spot(tree: Any, path: list[str | int]) -> Spot:
    """Where a path leads, in words: rows by the id that they carry."""
    node, line, words = tree, 1 if tree else None, []
    before: str | int = ""
    for step in path:
        node, line = below(node, step, line)
        if isinstance(step, str):
            words += [] if step in _ROWS else [PARTS.get(step, step)]
        elif before in _ROWS:
            words.append(f"{_ROWS[str(before)]} {_name(node, step)}")
        before = step
    where = " › ".join(words)
    return Spot((where[:1].upper() + where[1:]) or "The conversation", node, line)


def _name(node: Any, step: int) -> str:
    named = node.get("id") or node.get("name") if isinstance(node, Mapping) else None
    return str(named or step + 1)


_Words = tuple[str, str, str]


def _missing(error: Any) -> _Words:
    missing = ", ".join(f"“{name}”" for name in error.validator_value if name not in error.instance)
    return "missing-part", f"{missing} is missing.", "Add it."


def _no_question(_error: Any) -> _Words:
    return (
        "missing-part",
        "A condition names a question (q) and its answers (in).",
        "Add the one that is missing.",
    )


def _unknown(error: Any) -> _Words:
    known = error.schema.get("properties", {})
    odd = ", ".join(f"“{name}”" for name in error.instance if name not in known)
    return "unknown-part", f"{odd} is no part that we know here.", f"Known parts are {', '.join(known)}."


def _pattern(error: Any) -> _Words:
    if error.validator_value == r"\S":
        return "empty-words", "Nothing is written here.", "Write some words, or take the line out."
    if "d{4}" in error.validator_value:
        return "bad-date", f"“{error.instance}” is no date.", "Write it as 2026-11-25."
    if "http" in error.validator_value:
        return "bad-address", f"“{error.instance}” is no web address.", "Begin it with https://."
    return (
        "bad-id",
        f"“{error.instance}” cannot be an id.",
        "Use small letters, figures and single dashes, and begin with a letter.",
    )


def _too_long(error: Any) -> _Words:
    return (
        "bad-id",
        f"“{error.instance}” is too long for an id.",
        f"Use at most {error.validator_value} letters.",
    )


_TYPES = {
    "string": "words",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "parts, such as “id: ”",
}


def _type(error: Any) -> _Words:
    wanted = error.validator_value
    wanted = [wanted] if isinstance(wanted, str) else wanted
    words = " or ".join(_TYPES[name] for name in wanted)
    todo = (
        "Put it into quotes." if wanted == ["string"] and not isinstance(error.instance, list | dict) else ""
    )
    return "wrong-shape", f"Here must be {words}.", todo or "Compare it with another conversation."


def _choice(error: Any) -> _Words:
    choices = error.validator_value if error.validator == "enum" else [error.validator_value]
    return "not-a-choice", f"“{error.instance}” is nothing we know here.", f"Use one of {', '.join(choices)}."


def _few(error: Any) -> _Words:
    return "too-few", "There must be at least one.", "Add one, or take the line out."


def _twice(error: Any) -> _Words:
    return "twice", "The same stands here twice.", "Take one out."


def _mixed(error: Any) -> _Words:
    return (
        "mixed-condition",
        "A condition is one thing: {q: question, in: [answer]}, or all, any or not.",
        "Put the parts into a list under all or any.",
    )


def _range(error: Any) -> _Words:
    return "out-of-range", f"{error.instance} cannot be right here.", "Write a number from 1 to 120."


def _other(error: Any) -> _Words:
    return (
        "wrong-shape",
        "This has not the shape that is expected here.",
        "Compare it with another conversation.",
    )


_WORDS: dict[str, Callable[[Any], _Words]] = {
    "required": _missing,
    "dependentRequired": _no_question,
    "additionalProperties": _unknown,
    "pattern": _pattern,
    "maxLength": _too_long,
    "type": _type,
    "enum": _choice,
    "const": _choice,
    "minItems": _few,
    "uniqueItems": _twice,
    "minProperties": _mixed,
    "maxProperties": _mixed,
    "minimum": _range,
    "maximum": _range,
}
