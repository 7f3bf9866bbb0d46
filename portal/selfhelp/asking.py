"""What somebody sent from a page of a conversation: their answers, and what is odd about them.

Skipping is always allowed, so nothing is ever missing; only what cannot be read is asked about again, in words.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from portal import geo
from portal.forms import plain
from portal.i18n import _
from portal.selfhelp.conversation import Answer, Question
from portal.selfhelp.questions import MOST_TYPED, fitting

# In a form each question has a name of its own, so that none is taken for something else that forms carry.
PREFIX = "q-"
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)


@dataclass(frozen=True)
class Sent:
    """given: what counts as an answer; typed: all that was sent, to show it again; problems: by question."""

    given: Mapping[str, Answer] = field(default_factory=dict)
    typed: Mapping[str, Answer] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def read(asked: Iterable[Question], form: MultiDict[str, str]) -> Sent:
    """What the form says to these questions."""
    given: dict[str, Answer] = {}
    typed: dict[str, Answer] = {}
    problems: dict[str, str] = {}
    for question in asked:
        values = tuple(map(plain, form.getlist(PREFIX + question.id)))
        said: Answer = values if question.type == "many" else (values[0] if values else "")
        if not said or question.type == "info":
            continue
        typed[question.id] = said
        problem = _problem(question, said)
        answer = fitting(question, said)
        if problem:
            problems[question.id] = problem
        elif answer:
            given[question.id] = _tidy(question, answer)
    return Sent(given, typed, problems)


def _problem(question: Question, said: Answer) -> str:
    """What is odd about something typed, and what to do; "" where all is well."""
    if question.type == "text" and len(said) > MOST_TYPED:
        return _("That is more than fits here. Shorten it to %(most)s letters or fewer.", most=MOST_TYPED)
    if question.type == "postcode" and isinstance(said, str) and geo.parse(said) is None:
        return _("Type a postcode such as M33 7ZF, or leave this empty.")
    if question.type == "number" and isinstance(said, str):
        return _number_problem(question, said)
    return ""


def _number_problem(question: Question, said: str) -> str:
    if not _NUMBER.fullmatch(said):
        return _("Type a whole number in figures, such as 2, or leave this empty.")
    least, most = question.least or 0, question.most if question.most is not None else 999_999
    if not least <= int(said) <= most:
        return _("Type a number from %(least)s to %(most)s, or leave this empty.", least=least, most=most)
    return ""


def _tidy(question: Question, answer: Answer) -> Answer:
    """The answer as it is kept: a postcode in capitals with its blank, a number without noughts before it."""
    if question.type == "postcode" and isinstance(answer, str):
        return str(geo.parse(answer) or answer)
    return str(int(answer)) if question.type == "number" and isinstance(answer, str) else answer
