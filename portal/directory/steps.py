"""The questions of an entry, one at a time: what is asked, and what becomes of the answer.

Each step is a form. `filled` gives it what is known already; `answer` gives what to keep. A step of several things
(places, times, prices) shows those that are there, and asks for one more.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields import TextAreaField

from portal.councils.models import Council
from portal.directory import drafts, proposing
from portal.directory.drafts import ListingDraft
from portal.directory.models import Proposal
from portal.errors import Refusal
from portal.forms import Form
from portal.i18n import _


@dataclass(frozen=True)
class Writing:
    """What a step is asked about. mine: organisations that its writer may write for, by name."""

    proposal: Proposal
    council: Council
    mine: Mapping[str, str]
    today: dt.date

    @property
    def draft(self) -> ListingDraft:
        """The entry as it is now."""
        return proposing.draft_of(self.proposal)


@dataclass(frozen=True)
class Group:
    """Choices that stand together under a heading. english: their words are the taxonomy's, in every language."""

    heading: str
    choices: tuple[tuple[str, str], ...]
    english: bool = False


class Ticks(SelectMultipleField):
    """Any number of choices, in groups. What is not among them is dropped."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate_choice=False, **kwargs)
        self.groups: tuple[Group, ...] = ()

    def chosen(self) -> list[str]:
        """What was ticked, in the order of the page."""
        ticked = set(self.data or ())
        return [value for group in self.groups for value, _label in group.choices if value in ticked]


class Choice(SelectField):
    """One of a list, in groups, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate_choice=False, choices=[], **kwargs)
        self.groups: tuple[Group, ...] = ()

    def one(self) -> str:
        """What was chosen; "" for nothing, or for what is not there."""
        known = {value for group in self.groups for value, _label in group.choices}
        return self.data if self.data in known else ""


class Radio(RadioField):
    """One of a few."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate_choice=False, choices=[], **kwargs)

    def one(self) -> str:
        """What was chosen; "" for nothing, or for what is not there."""
        known = {choice[0] for choice in self.choices or ()}
        return self.data if self.data in known else ""


class Tick(BooleanField):
    """Yes, or not said."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(false_values=(False, "false", "", "no"), **kwargs)


class Step(Form):
    """One question. key: as it stands in the address. fields_of: the fields of the draft that it is about."""

    key: ClassVar[str] = ""
    fields_of: ClassVar[tuple[str, ...]] = ()
    columns_of: ClassVar[tuple[str, ...]] = ()
    was = HiddenField()  # what the page showed: a digest of what the step is about
    longest: ClassVar[Mapping[str, int]] = {}
    required: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, writing: Writing, formdata: Any = None, **data: Any) -> None:
        super().__init__(formdata, data=data or self.filled(writing))
        self.writing = writing
        self.prepare(writing)
        for name, words in self.asked().items():
            self[name].label.text = words

    @classmethod
    def filled(cls, writing: Writing) -> dict[str, Any]:
        """What is known already, by the names of the form's fields."""
        return {}

    @classmethod
    def title(cls) -> str:
        """The question."""
        return ""

    def lead(self) -> str:
        """What to know before answering; "" where that is clear."""
        return ""

    def asked(self) -> dict[str, str]:
        """The label of every field, in the order of the page."""
        return {}

    def hints(self) -> dict[str, str]:
        """What helps with a field."""
        return {}

    def rarely(self) -> tuple[str, tuple[str, ...]]:
        """(words, fields): what few people need stands folded away under these words."""
        return "", ()

    def prepare(self, writing: Writing) -> None:
        """Choices are filled in."""

    def is_asked(self, name: str) -> bool:
        """Whether a field stands on the page."""
        return name in self.asked()

    def check(self) -> bool:
        """True when everything that was typed can be used; else each field says what to do."""
        good = bool(self.validate())
        for name in self.asked():
            field, text = self[name], self[name].data
            most = self.longest.get(name, 0)
            if name in self.required and not text:
                field.errors = [*field.errors, self.demands().get(name, _("Fill this in"))]
                good = False
            if most and isinstance(text, str) and len(text) > most:
                more = len(text) - most
                field.errors = [
                    *field.errors,
                    _("This is %(more)s letters too long. Make it shorter", more=more),
                ]
                good = False
        return good

    def demands(self) -> dict[str, str]:
        """What to say where a field that is needed is empty."""
        return {}

    def answer(self, writing: Writing) -> dict[str, Any]:
        """What to keep: `draft`, or columns of the proposal. Raises Refusal for what cannot be."""
        return {}

    @classmethod
    def digest(cls, writing: Writing) -> str:
        """What stands behind the step now: when it differs from what the page showed, somebody else was there."""
        told = [drafts.plain(getattr(writing.draft, name)) for name in cls.fields_of]
        told += [getattr(writing.proposal, name) for name in cls.columns_of]
        return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:16]

    def change(self, writing: Writing, **values: Any) -> dict[str, Any]:
        """What to keep where only fields of the draft change."""
        return {"draft": replace(writing.draft, **values)}


class Several(Step):
    """A question with any number of answers: those that are there, and one more or one to change."""

    at = HiddenField()  # which one is changed; "" for one more
    thing: ClassVar[str] = ""

    @classmethod
    def items(cls, writing: Writing) -> tuple[Any, ...]:
        """What is there."""
        return tuple(getattr(writing.draft, cls.thing))

    @classmethod
    def of_item(cls, item: Any, writing: Writing) -> dict[str, Any]:
        """One of them, by the names of the form's fields."""
        return {}

    def make(self, writing: Writing, old: Any) -> Any:
        """What was typed, as one of them. old: what it was, where it is changed. Raises Refusal."""
        return old

    def whole(self, writing: Writing) -> dict[str, Any]:
        """Fields of the draft that are asked beside the several."""
        return {}

    def own_fields(self) -> tuple[str, ...]:
        """The fields that are about one of them."""
        return tuple(self.asked())

    def is_blank(self) -> bool:
        """Whether nothing was typed about one more."""
        return not any(self[name].data for name in self.own_fields())

    def check(self) -> bool:
        """A form without one more is good as it is."""
        return bool(self.validate()) if self.is_blank() else super().check()

    def place(self, writing: Writing) -> int | None:
        """Which one is changed; None for one more."""
        text = self.at.data or ""
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1
        return number if 0 <= number < len(self.items(writing)) else None

    def answer(self, writing: Writing) -> dict[str, Any]:
        """Those that are there, with the one that was typed."""
        items, at = list(self.items(writing)), self.place(writing)
        if not self.is_blank():
            made = self.make(writing, items[at] if at is not None else None)
            if at is None:
                items.append(made)
            else:
                items[at] = made
        return self.kept(writing, items)

    def kept(self, writing: Writing, items: list[Any]) -> dict[str, Any]:
        """What to keep once these are the several."""
        values: dict[str, Any] = {self.thing: tuple(items), **self.whole(writing)}
        return self.change(writing, **values)

    def without(self, writing: Writing, number: int) -> dict[str, Any]:
        """What to keep once one of them is taken away."""
        items = list(self.items(writing))
        if 0 <= number < len(items):
            del items[number]
        return self.kept(writing, items)


MOST_WORDS = 4000  # letters of what people write to each other


def within(text: str | None, field: str) -> str:
    """What somebody wrote to somebody else. Raises Refusal where it is too long: nothing is cut off unseen."""
    words = text or ""
    if len(words) > MOST_WORDS:
        more = len(words) - MOST_WORDS
        raise refused(field, _("This is %(more)s letters too long. Make it shorter", more=more))
    return words


def refused(field: str, words: str) -> Refusal:
    """What was typed cannot be used."""
    return Refusal(words, field=field, status=422)


__all__ = [
    "Choice",
    "Group",
    "HiddenField",
    "Radio",
    "Several",
    "Step",
    "StringField",
    "TextAreaField",
    "Tick",
    "Ticks",
    "Writing",
    "refused",
    "within",
]
