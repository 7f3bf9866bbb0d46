"""What editors type: an article in boxes, and what they say when they save, publish or begin."""

import datetime as dt
import json
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from portal.accounts.forms import said
from portal.editorial import kinds, parts, reading
from portal.forms import DateField, Form
from portal.i18n import _


class NewForm(Form):
    """A new document."""

    kind = RadioField()
    key = StringField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.label.text = _("What is it?")
        self.kind.choices = [(kind.name, kind.label()) for kind in kinds.every() if kind.starter]
        self.key.label.text = _("Short name for its address")
        self.key.validators = [said(_("Type a short name"))]


def _ended(text: str | None) -> str:
    """The text with one line break at its end, as files have it."""
    return f"{(text or '').rstrip()}\n"


class TextForm(Form):
    """Any document as plain text. number: the version that it was written on."""

    number = HiddenField()
    text = TextAreaField()
    note = StringField(validators=[Length(max=400)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text.label.text = _("Text")
        self.note.label.text = _("What have you changed, and why? (for your colleagues)")

    def seen(self) -> int:
        """The number of the version that it was written on."""
        text = self.number.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1

    def body(self) -> str:
        """What is to be kept."""
        return _ended(self.text.data)


class ArticleForm(TextForm):
    """An article in boxes. The front matter's other lines wait in `front`, as they are."""

    title = StringField()
    summary = TextAreaField()
    short = TextAreaField()
    next_review = DateField()
    read_again = BooleanField()
    front = TextAreaField()

    def __init__(self, formdata: Any, body: str | None, *, today: dt.date) -> None:
        super().__init__(formdata, data=_boxes(body) if body is not None else None)
        self.today = today
        for name, words in (
            ("title", _("Title")),
            ("summary", _("What it is about, in one sentence")),
            ("short", _("The short version, for the booklet")),
            ("next_review", _("When must somebody read it again?")),
            ("read_again", _("I have read all of it today, and looked at its sources")),
            ("front", _("Sources, theme, and what it leads to")),
        ):
            self[name].label.text = words
        self.title.validators = [said(_("Write a title")), Length(max=200)]

    def body(self) -> str:
        """The whole article; of what is not in a box, not a letter is changed. Raises Unreadable."""
        front = f"{(self.front.data or '').strip()}\n"
        values: dict[tuple[str, ...], str] = {
            (name,): parts.as_yaml(" ".join((self[name].data or "").split()))
            for name in ("title", "summary", "short")
        }
        if self.next_review.day:
            values["review", "next"] = self.next_review.day.isoformat()
        if self.read_again.data:
            values["review", "last"] = self.today.isoformat()
        text = f"\n{(self.text.data or '').strip()}\n"
        body = reading.joined(front, text)
        reading.article(body)
        return reading.joined(parts.with_values(front, _changed(body, values)), text)


def _changed(body: str, values: dict[tuple[str, ...], str]) -> dict[tuple[str, ...], str]:
    """Only what says something else than before: how a writer quoted the rest stays."""
    now = reading.article(body)
    as_now: dict[tuple[str, ...], object] = {
        ("title",): now.title,
        ("summary",): now.summary,
        ("short",): now.short,
        ("review", "next"): str(now.next_review),
        ("review", "last"): str(now.last_checked),
    }
    plain = {path: value if path[0] == "review" else json.loads(value) for path, value in values.items()}
    return {path: value for path, value in values.items() if plain[path] != as_now[path]}


def _typed(day: dt.date | None) -> str:
    """A date as people type it."""
    return f"{day.day}/{day.month}/{day.year}" if day else ""


def _boxes(body: str) -> dict[str, str]:
    """An article as the boxes show it. One that cannot be read stands whole in the text."""
    try:
        front, text = reading.split(body)
        article = reading.article(body)
    except reading.Unreadable:
        return {"text": body, "title": "", "summary": "", "short": "", "next_review": "", "front": ""}
    return {
        "title": article.title,
        "summary": article.summary,
        "short": article.short,
        "next_review": _typed(article.next_review),
        "front": front,
        "text": text.strip("\n"),
    }


class DayForm(Form):
    """The day on which it becomes public."""

    on = DateField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on.label.text = _("On which day?")
        self.on.validators = [said(_("Type a date with a day, a month and a year, such as 27/3/2026"))]


class UsefulForm(Form):
    """Whether an article was useful."""

    useful = RadioField()
    words = TextAreaField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.useful.label.text = _("Was this useful?")
        self.useful.choices = [("yes", _("Yes")), ("no", _("No"))]
        self.useful.validators = [said(_("Choose yes or no"))]
        self.useful.validate_choice = False
        self.words.validators = [Length(max=500, message=_("Use 500 characters or fewer"))]
        self.words.label.text = _("What could be better? You do not have to say")

    def validate_useful(self, field: Any) -> None:
        """It is one of those that were offered."""
        if field.data not in ("yes", "no"):
            raise ValidationError(_("Choose yes or no"))
