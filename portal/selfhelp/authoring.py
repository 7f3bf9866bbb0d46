"""Changing a conversation without knowing YAML: one change at a time, and not a letter of the rest.

Every function takes the text and gives the new one. Ids are made from words when something is added, and never change
afterwards, since answers, counts and translations hang on them. A change that would leave something pointing at
nothing is refused, and says what points there.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from yaml import MappingNode, SequenceNode

from portal.errors import Refusal
from portal.i18n import _
from portal.selfhelp import conditions, splicing
from portal.selfhelp.conditions import Simple
from portal.selfhelp.conversation import CHOSEN, FIRST, Conversation, Unreadable
from portal.selfhelp.reading import read as read_anew

_QUESTION: tuple[str, ...] = (
    "id", "type", "show_if", "ask", "ask_about", "help", "help_about", "easy_read", "sensitive", "least", "most",
)  # fmt: skip
_OPTION = ("id", "label", "label_about", "strength", "exclusive")
_RULE: tuple[str, ...] = ("id", "priority", "title", "text", "when", "show", "because", "evidence")
_EXAMPLE = ("name", "about", "answers", "expect", "never")
_TOP = (
    "id", "version", "title", "summary", "audience", "review", "minutes", "pages", "recommend", "otherwise", "examples",
)  # fmt: skip
_PAGE = ("id", "title", "questions")
_LONGEST_ID = 40


@dataclass(frozen=True)
class Looker:
    """Something that looks at a question or an option. kind: "question", "rule" or "example"."""

    kind: str
    id: str
    words: str


class Refused(Refusal):
    """A change that cannot be; lookers: what stands in its way."""

    def __init__(self, words: str, lookers: Sequence[Looker] = (), field: str | None = None) -> None:
        super().__init__(words, field=field, status=422)
        self.lookers = tuple(lookers)


@lru_cache(maxsize=64)
def read(text: str) -> Conversation:
    """The conversation that the text says; read once for each text. Raises Unreadable."""
    return read_anew(text)


def made_id(words: str, taken: Collection[str]) -> str:
    """An id from words, such as "getting-up", that is not taken."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    name = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))
    if len(name) > _LONGEST_ID:
        short = name[:_LONGEST_ID]
        name = short.rpartition("-")[0] or short
    name = name or "part"
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(one for one in numbered if one not in taken)


# Finding


@dataclass(frozen=True)
class Found:
    """A row, the list it stands in, its place there, and what holds the list."""

    row: MappingNode
    items: SequenceNode
    place: int
    holder: MappingNode


def in_list(holder: MappingNode, key: str, name: str, by: str = "id") -> Found | None:
    """The row of this id (or other name) in a list; None where there is none."""
    items = splicing.value(holder, key)
    for place, row in enumerate(splicing.rows(items)):
        if isinstance(row, MappingNode) and splicing.text_of(row, by) == name:
            assert isinstance(items, SequenceNode)
            return Found(row, items, place, holder)
    return None


def in_whole(text: str, key: str, name: str, by: str = "id") -> Found:
    """A page, a recommendation or an example. Raises Refused where it is gone."""
    found = in_list(splicing.root(text), key, name, by)
    if found is None:
        raise Refused(_("It is not there any more. Somebody may have taken it out."))
    return found


def a_question(text: str, name: str) -> Found:
    """A question, on whichever page. Raises Refused where it is gone."""
    for page in splicing.rows(splicing.value(splicing.root(text), "pages")):
        found = in_list(page, "questions", name) if isinstance(page, MappingNode) else None
        if found:
            return found
    raise Refused(_("This question is not there any more. Somebody may have taken it out."))


def an_option(text: str, question: str, name: str) -> Found:
    """An option of a question. Raises Refused where it is gone."""
    found = in_list(a_question(text, question).row, "options", name)
    if found is None:
        raise Refused(_("This option is not there any more. Somebody may have taken it out."))
    return found


def checked(text: str) -> str:
    """The text, where it can still be read."""
    try:
        read(text)
    except Unreadable as error:
        raise Refused(_("This cannot be changed here: %(why)s Change it as text.", why=error.words)) from None
    return text


# Words


def _set(text: str, find: Any, order: Sequence[str], values: Mapping[str, Any]) -> str:
    """The row that `find` finds, with these values, each that says something else than now."""
    for key, new in values.items():
        row = find(text).row
        if new is False or (not isinstance(new, int) and not new):
            new = None  # what is empty is not written
        text = splicing.with_value(text, row, key, new, order) if _differs(row, key, new) else text
    return checked(text)


def _differs(row: MappingNode, key: str, new: Any) -> bool:
    now = splicing.value(row, key)
    if now is None or new is None or isinstance(new, list | tuple | Mapping):
        return not (now is None and new is None)
    return bool(" ".join(splicing.text_of(row, key).split()) != splicing.plain(new))


def change_question(text: str, question: str, /, **values: Any) -> str:
    """Other words for a question: ask, ask_about, help, help_about, sensitive, least, most, easy_read (its text)."""
    if "easy_read" in values:
        text = _easy_read(text, question, values.pop("easy_read"))
    return _set(text, lambda now: a_question(now, question), _QUESTION, values)


def _easy_read(text: str, question: str, words: str) -> str:
    row = a_question(text, question).row
    easy = splicing.value(row, "easy_read")
    if isinstance(easy, MappingNode):
        if splicing.text_of(easy, "text") != splicing.plain(words):
            text = splicing.with_value(text, easy, "text", words, ("text", "picture"))
    elif words:
        text = splicing.with_value(text, row, "easy_read", {"text": words}, _QUESTION)
    return text


def change_option(text: str, question: str, option: str, /, **values: Any) -> str:
    """Other words for an option: label, label_about, strength, exclusive."""
    return _set(text, lambda now: an_option(now, question, option), _OPTION, values)


def change_page(text: str, page: str, /, **values: Any) -> str:
    """Another title for a page."""
    return _set(text, lambda now: in_whole(now, "pages", page), _PAGE, values)


def change_rule(text: str, rule: str, /, **values: Any) -> str:
    """Other words for a recommendation: title, text, because, urgent, show, evidence."""
    if "urgent" in values:
        values["priority"] = FIRST if values.pop("urgent") else None
    now = read(text)
    known = next((one for one in now.rules if one.id == rule), None)
    if known and "show" in values and values["show"] == shown_as_yaml(known.shown):
        values.pop("show")
    e = known.evidence if known else None
    if e and values.get("evidence") == _without_nothing(source=e.source, url=e.url, checked=e.checked):
        values.pop("evidence")
    return _set(text, lambda at: in_whole(at, "recommend", rule), _RULE, values)


def change_example(text: str, name: str, /, **values: Any) -> str:
    """Other words, answers and expectations for an example; its name is what it is known by."""
    known = next((one for one in read(text).examples if one.name == name), None)
    called = splicing.plain(values.pop("name", name))
    if called != name and any(one.name == called for one in read(text).examples):
        raise Refused(_("There is somebody of this name already. Choose another name."), field="name")
    values["name"] = called  # last: it is found by the old one until then
    for key in ("answers", "expect", "never"):
        if known and key in values and values[key] == _plain(getattr(known, key)):
            values.pop(key)
    return _set(text, lambda now: in_whole(now, "examples", name, "name"), _EXAMPLE, values)


def change_whole(text: str, /, *, review: Mapping[str, dt.date] | None = None, **values: Any) -> str:
    """Another title, summary, number of minutes, audience or otherwise; days of the review (last, next)."""
    if values.keys() - {"title", "summary", "minutes", "audience", "otherwise"}:
        raise ValueError("only the words of the whole are changed here")
    known = read(text)
    if values.get("audience") == list(known.audience):
        values.pop("audience")
    if values.get("otherwise") == shown_as_yaml(known.otherwise):
        values.pop("otherwise")
    nowhere = SequenceNode("", [])

    def whole(now: str) -> Found:
        root = splicing.root(now)
        return Found(root, nowhere, 0, root)

    for name, day in (review or {}).items():
        text = _review_day(text, name, day)
    return _set(text, whole, _TOP, values)


def _review_day(text: str, name: str, day: dt.date) -> str:
    root = splicing.root(text)
    days = splicing.value(root, "review")
    if not isinstance(days, MappingNode):
        return splicing.with_value(text, root, "review", {name: day}, _TOP)
    if splicing.text_of(days, name) == day.isoformat():
        return text
    return splicing.with_value(text, days, name, day, ("last", "next"))


def _plain(thing: Any) -> Any:
    if isinstance(thing, Mapping):
        return {key: list(said) if isinstance(said, tuple) else said for key, said in thing.items()}
    return list(thing)


def _without_nothing(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def shown_as_yaml(shown: Any) -> dict[str, Any]:
    """Where a recommendation leads, as it is written."""
    return _without_nothing(
        equipment=list(shown.equipment),
        article=list(shown.articles),
        conversation=list(shown.conversations),
        search=[dict(search) for search in shown.searches],
    )


# When something is shown


def set_condition(text: str, kind: str, name: str, form: Simple) -> str:
    """Show a question, or make a recommendation (kind "rule"), only when the form says so."""
    conversation = read(text)
    _check_rows(conversation, form)
    if kind == "question":
        _check_earlier(conversation, name, {row.question for row in form.rows})
        at, key, order = a_question(text, name), "show_if", _QUESTION
        now = conversation.questions[name].show_if
    else:
        at, key, order = in_whole(text, "recommend", name), "when", _RULE
        now = next(rule.when for rule in conversation.rules if rule.id == name)
        if not form.rows:
            raise Refused(_("Say when this is recommended: choose a question and its options."), field="when")
    if conditions.simple(now) is None:
        raise Refused(_("This is nested deeper than the form can show. Change it as text."), field="when")
    if conditions.simple(now) == form:
        return text
    return checked(
        splicing.with_value(text, at.row, key, conditions.as_yaml(form) if form.rows else None, order)
    )


def _check_rows(conversation: Conversation, form: Simple) -> None:
    for row in form.rows:
        question = conversation.questions.get(row.question)
        if question is None or not set(row.options) <= question.option_ids:
            raise Refused(_("Choose a question and options that are there."), field="when")
        if not row.options:
            words = _("Choose at least one option of “%(question)s”.", question=question.ask)
            raise Refused(words, field="when")


def _check_earlier(conversation: Conversation, name: str, looks_at: Collection[str]) -> None:
    """A condition looks at earlier questions only."""
    order = list(conversation.questions)
    if name not in order:
        raise Refused(_("This question is not there any more. Somebody may have taken it out."))
    late = [key for key in order[order.index(name) :] if key in looks_at]
    if late:
        asked = conversation.questions[late[0]].ask
        raise Refused(
            _(
                "“%(question)s” comes later, so nobody has answered it yet. Choose an earlier one.",
                question=asked,
            ),
            field="when",
        )


# Adding


def add_question(text: str, page: str, ask: str, kind: str, options: Sequence[str] = ()) -> tuple[str, str]:
    """(the text with a new question at the end of a page, its id)."""
    row = question_row(read(text), ask, kind, options)
    at = in_whole(text, "pages", page)
    return checked(splicing.with_row(text, at.row, "questions", row)), row["id"]


def question_row(conversation: Conversation, ask: str, kind: str, options: Sequence[str]) -> dict[str, Any]:
    """A new question as it is written."""
    if kind in CHOSEN and len(options) < 2:
        raise Refused(_("Write at least two options, each on a line of its own."), field="options")
    row: dict[str, Any] = {"id": made_id(ask, conversation.questions.keys()), "type": kind, "ask": ask}
    if kind in CHOSEN:
        made: list[dict[str, Any]] = []
        for label in options:
            made.append({"id": made_id(label, [one["id"] for one in made]), "label": label})
        row["options"] = made
    return row


def add_option(text: str, question: str, label: str) -> tuple[str, str]:
    """(the text with one more option at the end, its id)."""
    known = read(text).questions.get(question)
    if known is None or known.type not in CHOSEN:
        raise Refused(_("This question has no options to choose from."))
    name = made_id(label, known.option_ids)
    row = {"id": name, "label": label}
    return checked(splicing.with_row(text, a_question(text, question).row, "options", row)), name


def add_page(text: str, title: str, ask: str, kind: str, options: Sequence[str] = ()) -> tuple[str, str]:
    """(the text with a new page at the end, its id). A page has a question from the beginning."""
    conversation = read(text)
    name = made_id(title, conversation.page_by_id.keys())
    row = {"id": name, "title": title, "questions": [question_row(conversation, ask, kind, options)]}
    return checked(splicing.with_row(text, splicing.root(text), "pages", row)), name


def add_rule(text: str, title: str, form: Simple, because: str = "") -> tuple[str, str]:
    """(the text with a new recommendation at the end, its id)."""
    conversation = read(text)
    _check_rows(conversation, form)
    if not form.rows:
        raise Refused(_("Say when this is recommended: choose a question and its options."), field="when")
    name = made_id(title, [rule.id for rule in conversation.rules])
    row = _without_nothing(id=name, title=title, when=conditions.as_yaml(form), because=because)
    return checked(splicing.with_row(text, splicing.root(text), "recommend", row)), name


def add_example(text: str, name: str, about: str = "") -> str:
    """The text with one more example, who has said nothing yet."""
    if any(example.name == name for example in read(text).examples):
        raise Refused(_("There is somebody of this name already. Choose another name."), field="name")
    row = {**_without_nothing(name=name, about=about), "answers": {}, "expect": [], "never": []}
    return checked(splicing.with_row(text, splicing.root(text), "examples", row))
