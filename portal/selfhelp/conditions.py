"""Conditions as a form shows them, and in words: "Show this only if [question] is one of [options]"."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.i18n import _
from portal.selfhelp.conversation import Condition, Conversation
from portal.selfhelp.questions import in_words as said_in_words

JOINS = ("all", "any")


@dataclass(frozen=True)
class Row:
    """One line of the form. negative: none of the options was said, or the question was not answered."""

    question: str
    options: tuple[str, ...]
    negative: bool = False


@dataclass(frozen=True)
class Simple:
    """A condition that the form can show. join: whether "all" of the rows must hold, or "any" of them."""

    rows: tuple[Row, ...]
    join: str = "all"


def simple(condition: Condition | None) -> Simple | None:
    """The condition as the form shows it; None where it is nested deeper than the form can show."""
    if condition is None:
        return Simple(())
    if condition.kind in JOINS:
        found = [_row(part) for part in condition.of]
        return Simple(tuple(row for row in found if row), condition.kind) if all(found) else None
    row = _row(condition)
    return Simple((row,)) if row else None


def _row(condition: Condition) -> Row | None:
    if condition.kind == "in":
        return Row(condition.question, tuple(sorted(condition.values)))
    if condition.kind == "not" and len(condition.of) == 1 and condition.of[0].kind == "in":
        inner = condition.of[0]
        return Row(inner.question, tuple(sorted(inner.values)), negative=True)
    return None


def as_yaml(form: Simple) -> Mapping[str, Any]:
    """The condition as it is written. There is at least one row."""
    rows = [_written(row) for row in form.rows]
    return rows[0] if len(rows) == 1 else {form.join: rows}


def _written(row: Row) -> Mapping[str, Any]:
    plain = {"q": row.question, "in": list(row.options)}
    return {"not": plain} if row.negative else plain


def in_words(condition: Condition, conversation: Conversation) -> str:
    """What must have been said, in the words of the questions and options."""
    if condition.kind == "in":
        question = conversation.questions.get(condition.question)
        asked = question.ask if question else condition.question
        return _("“%(question)s” is %(options)s", question=asked, options=_options(condition, conversation))
    if condition.kind == "not":
        return _("it is not so that %(what)s", what=in_words(condition.of[0], conversation))
    between = _("; and ") if condition.kind == "all" else _("; or ")
    parts = [in_words(part, conversation) for part in condition.of]
    return between.join(
        f"({words})" if part.kind in JOINS else words for part, words in zip(condition.of, parts, strict=True)
    )


def _options(condition: Condition, conversation: Conversation) -> str:
    question = conversation.questions.get(condition.question)
    known = [option.id for option in question.options] if question else []
    ordered = [key for key in known if key in condition.values]
    ordered += sorted(condition.values - set(known))
    return _(" or ").join(f"“{label(conversation, condition.question, key)}”" for key in ordered)


def label(conversation: Conversation, question: str, option: str) -> str:
    """An option in its own words, or its id where there is no such option."""
    asked = conversation.questions.get(question)
    found = asked.option(option) if asked else None
    return said_in_words(asked, found.id) if asked and found else option
