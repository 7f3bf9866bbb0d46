"""What editors type about a part of a conversation."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from portal.forms import DateField, Form
from portal.i18n import _
from portal.selfhelp.conditions import JOINS, Row, Simple
from portal.selfhelp.conversation import Conversation, Option, Question, Rule

_LONGEST = 600
# Kind of a recommendation's target -> the field that names it.
LEADS = ("articles", "equipment", "conversations")


def kinds_of_question() -> list[tuple[str, str]]:
    """What a question can be, in words."""
    return [
        ("one", _("One answer of several")),
        ("many", _("Any number of answers")),
        ("scale-item", _("A place on a scale")),
        ("text", _("A few words")),
        ("number", _("A number")),
        ("postcode", _("A postcode")),
        ("info", _("Nothing: words to read")),
    ]


class PartForm(Form):
    """A part of a conversation. number: the version that it was written on."""

    number = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in self.asked().items():
            self[name].label.text = words
            self[name].validators = [
                *self[name].validators,
                Length(max=_LONGEST, message=_("Use 600 letters or fewer")),
            ]
        for name, words in self.needed().items():
            self[name].validators = [DataRequired(words), *self[name].validators]

    def asked(self) -> dict[str, str]:
        """The labels."""
        return {}

    def needed(self) -> dict[str, str]:
        """What to say where a field is empty that must not be."""
        return {}

    def words(self) -> dict[str, Any]:
        """What was typed, by the names that authoring has for it."""
        return {name: self[name].data or "" for name in self.asked()}


class WholeForm(PartForm):
    """The conversation as a whole."""

    title = StringField()
    summary = TextAreaField()
    minutes = StringField()
    next = DateField()
    read_today = BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read_today.label.text = _("I have read all of it today, and it is right")

    def asked(self) -> dict[str, str]:
        """The labels."""
        return {
            "title": _("Title"),
            "summary": _("What it is about, in one sentence"),
            "minutes": _("How many minutes it takes"),
            "next": _("When must somebody read it again? For example 27/3/2027"),
        }

    def needed(self) -> dict[str, str]:
        """A title."""
        return {"title": _("Write a title")}

    def validate_minutes(self, field: Any) -> None:
        """A whole number that can be."""
        if not re.fullmatch(r"[1-9][0-9]?|1[01][0-9]|120", field.data or ""):
            raise ValidationError(_("Type a number of minutes, such as 10"))

    def changes(self, today: dt.date) -> dict[str, Any]:
        """As authoring takes it."""
        days = {"last": today} if self.read_today.data else {}
        days |= {"next": self.next.day} if self.next.day else {}
        plain = {
            "title": self.title.data,
            "summary": self.summary.data,
            "minutes": int(self.minutes.data or 10),
        }
        return {**plain, "review": days}

    @classmethod
    def of(cls, conversation: Conversation) -> dict[str, Any]:
        """What it says now."""
        names = ("title", "summary")
        review = conversation.review.get("next", "")
        return {name: getattr(conversation, name) for name in names} | {
            "minutes": str(conversation.minutes),
            "next": review,
        }


class PageForm(PartForm):
    """A page's title."""

    title = StringField()

    def asked(self) -> dict[str, str]:
        """The label."""
        return {"title": _("Title of the page")}

    def needed(self) -> dict[str, str]:
        """A title."""
        return {"title": _("Write a title")}


class QuestionForm(PartForm):
    """The words of a question."""

    ask = TextAreaField()
    ask_about = TextAreaField()
    help = TextAreaField()
    help_about = TextAreaField()
    easy_read = TextAreaField()
    sensitive = BooleanField()

    def asked(self) -> dict[str, str]:
        """The labels."""
        return {
            "ask": _("What is asked"),
            "ask_about": _("The same about somebody else"),
            "help": _("Help: words below the question"),
            "help_about": _("The help about somebody else, where it differs"),
            "easy_read": _("The same in easy words"),
        }

    def needed(self) -> dict[str, str]:
        """The question."""
        return {"ask": _("Write what is asked")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sensitive.label.text = _("This is sensitive")

    def words(self) -> dict[str, Any]:
        """With whether it is sensitive."""
        return {**super().words(), "sensitive": bool(self.sensitive.data)}

    @classmethod
    def of(cls, question: Question) -> dict[str, Any]:
        """What it says now."""
        return {
            name: getattr(question, name)
            for name in ("ask", "ask_about", "help", "help_about", "easy_read", "sensitive")
        }


class OptionForm(PartForm):
    """The words of an option."""

    label = StringField()
    label_about = StringField()
    strength = BooleanField()
    exclusive = BooleanField()

    def asked(self) -> dict[str, str]:
        """The labels."""
        return {"label": _("The answer"), "label_about": _("The same about somebody else, where it differs")}

    def needed(self) -> dict[str, str]:
        """The answer."""
        return {"label": _("Write the answer")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.strength.label.text = _("This is something that goes well: say it back")
        self.exclusive.label.text = _("Choosing this takes the other answers back, as “None of these” does")

    def words(self) -> dict[str, Any]:
        """With its marks."""
        return {
            **super().words(),
            "strength": bool(self.strength.data),
            "exclusive": bool(self.exclusive.data),
        }

    @classmethod
    def of(cls, option: Option) -> dict[str, Any]:
        """What it says now."""
        return {name: getattr(option, name) for name in ("label", "label_about", "strength", "exclusive")}


class NewOptionForm(PartForm):
    """One more answer."""

    label = StringField()

    def asked(self) -> dict[str, str]:
        """The label."""
        return {"label": _("One more answer")}

    def needed(self) -> dict[str, str]:
        """The answer."""
        return {"label": _("Write the answer")}


class NewQuestionForm(PartForm):
    """A new question."""

    ask = TextAreaField()
    kind = SelectField(validate_choice=False)
    options = TextAreaField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.label.text = _("What can be answered?")
        self.kind.choices = kinds_of_question()

    def asked(self) -> dict[str, str]:
        """The labels."""
        return {"ask": _("What is asked"), "options": _("The answers, each on a line of its own")}

    def needed(self) -> dict[str, str]:
        """The question."""
        return {"ask": _("Write what is asked")}

    def type(self) -> str:
        """What was chosen, or the first."""
        known = [value for value, _words in kinds_of_question()]
        return self.kind.data if self.kind.data in known else known[0]

    def labels(self) -> list[str]:
        """The answers."""
        return lines(self.options.data)


class NewPageForm(NewQuestionForm):
    """A new page with its first question."""

    title = StringField()

    def asked(self) -> dict[str, str]:
        """The labels."""
        return {"title": _("Title of the page"), **super().asked()}

    def needed(self) -> dict[str, str]:
        """Both."""
        return {"title": _("Write a title"), **super().needed()}


class RuleForm(PartForm):
    """A recommendation."""

    title = StringField()
    text = TextAreaField()
    because = TextAreaField()
    urgent = BooleanField()
    articles = TextAreaField()
    equipment = TextAreaField()
    conversations = TextAreaField()
    searches = TextAreaField()
    source = StringField()
    url = StringField()
    checked = StringField()

    def asked(self) -> dict[str, str]:
        """The labels."""
        return {
            "title": _("Title"),
            "text": _("What to do, in two or three sentences"),
            "because": _("Why: what they said"),
            "articles": _("Articles"),
            "equipment": _("Equipment"),
            "conversations": _("Other conversations"),
            "searches": _("Searches near the person"),
            "source": _("What it rests on"),
            "url": _("Its address on the web"),
            "checked": _("When somebody last looked it up"),
        }

    def needed(self) -> dict[str, str]:
        """A title."""
        return {"title": _("Write a title")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.urgent.label.text = _("This is urgent: it always comes first")

    def words(self) -> dict[str, Any]:
        """As authoring takes it."""
        said = super().words()
        leads = {
            "equipment": lines(said["equipment"]),
            "article": lines(said["articles"]),
            "conversation": lines(said["conversations"]),
            "search": [_search(line) for line in lines(said["searches"])],
        }
        evidence = {name: said[name] for name in ("source", "url", "checked") if said[name]}
        plain = {name: said[name] for name in ("title", "text", "because")}
        show = {name: keys for name, keys in leads.items() if keys}
        return {**plain, "urgent": bool(self.urgent.data), "show": show, "evidence": evidence}

    @classmethod
    def of(cls, rule: Rule) -> dict[str, Any]:
        """What it says now."""
        shown = {name: "\n".join(getattr(rule.shown, name)) for name in LEADS}
        searches = "\n".join(
            ", ".join(f"{kind}: {key}" for kind, key in search.items()) for search in rule.shown.searches
        )
        evidence = {name: getattr(rule.evidence, name) for name in ("source", "url", "checked")}
        plain = {name: getattr(rule, name) for name in ("title", "text", "because")}
        return {**plain, **shown, **evidence, "searches": searches, "urgent": rule.is_urgent}


def _search(line: str) -> dict[str, str]:
    """A line such as "category: lunch-clubs, need: lonely"."""
    pairs = (part.partition(":") for part in line.split(","))
    return {kind.strip() or "need": (key or kind).strip() for kind, colon, key in pairs}


class NewRuleForm(PartForm):
    """A new recommendation."""

    title = StringField()

    def asked(self) -> dict[str, str]:
        """The label."""
        return {"title": _("Title")}

    def needed(self) -> dict[str, str]:
        """A title."""
        return {"title": _("Write a title")}


class ExampleForm(PartForm):
    """Somebody made up."""

    name = StringField()
    about = StringField()

    def asked(self) -> dict[str, str]:
        """The labels."""
        return {"name": _("Name"), "about": _("Who they are, in a few words")}

    def needed(self) -> dict[str, str]:
        """A name."""
        return {"name": _("Write a name")}


def lines(text: str | None) -> list[str]:
    """What stands on each line, without empty ones."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


# Conditions, whose rows a page has as many of as there are


def condition_sent(conversation: Conversation) -> Simple:
    """The condition as it was ticked. A row without any tick is taken away."""
    rows = []
    for at in range(len(request.form)):
        question = request.form.get(f"row-{at}")
        options = tuple(sorted(request.form.getlist(f"row-{at}-option")))
        if question is None:
            break
        if options:
            rows.append(Row(question, options, request.form.get(f"row-{at}-how") == "none"))
    join = request.form.get("join", "all")
    return Simple(tuple(rows), join if join in JOINS and len(rows) > 1 else "all")


def answers_sent(conversation: Conversation) -> Mapping[str, Any]:
    """What an example says, question by question; what was left empty is skipped."""
    said: dict[str, Any] = {}
    for key, question in conversation.questions.items():
        given = [text.strip() for text in request.form.getlist(f"said-{key}") if text.strip()]
        if given and question.type != "info":
            said[key] = given if question.type == "many" else given[0]
    return said
