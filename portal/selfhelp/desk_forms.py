"""What editors type about a part of a conversation."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from flask import request
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from portal.forms import DateField, Form
from portal.i18n import _
from portal.selfhelp.conditions import JOINS, Row, Simple
from portal.selfhelp.conversation import Conversation, Option, Question, Rule, Shown

_LONGEST = 600
# The fields that say where something leads: each a short name on every line, and searches in words of their own.
LEADS = ("articles", "equipment", "conversations")
# The fields that say for whom a conversation is -> how its file has it.
_AUDIENCES = {"me": "me", "someone_else": "someone-else", "with_navigator": "with-navigator"}


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


class LeadingForm(PartForm):
    """Something that leads on: to articles, equipment, other conversations, and searches near the person."""

    articles = TextAreaField()
    equipment = TextAreaField()
    conversations = TextAreaField()
    searches = TextAreaField()

    def leads(self) -> dict[str, str]:
        """The labels of what it leads to."""
        return {
            "articles": _("Articles"),
            "equipment": _("Equipment"),
            "conversations": _("Other conversations"),
            "searches": _("Searches near the person"),
        }

    def shown(self) -> dict[str, Any]:
        """Where it leads, as it is written."""
        found: dict[str, Any] = {
            "equipment": lines(self.equipment.data),
            "article": lines(self.articles.data),
            "conversation": lines(self.conversations.data),
            "search": [_search(line) for line in lines(self.searches.data)],
        }
        return {name: keys for name, keys in found.items() if keys}

    @staticmethod
    def leading(shown: Shown) -> dict[str, str]:
        """Where it leads now, as it is typed."""
        searches = (", ".join(f"{kind}: {key}" for kind, key in search.items()) for search in shown.searches)
        return {name: "\n".join(getattr(shown, name)) for name in LEADS} | {"searches": "\n".join(searches)}


class WholeForm(LeadingForm):
    """The conversation as a whole, and where it leads somebody for whom nothing stands out."""

    title = StringField()
    summary = TextAreaField()
    minutes = StringField()
    me = BooleanField()
    someone_else = BooleanField()
    with_navigator = BooleanField()
    next = DateField()
    read_today = BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.me.label.text = _("Somebody about themselves")
        self.someone_else.label.text = _("Somebody about somebody else")
        self.with_navigator.label.text = _("Somebody with a care navigator beside them")
        self.read_today.label.text = _("I have read all of it today, and it is right")

    def asked(self) -> dict[str, str]:
        """The labels."""
        return {
            "title": _("Title"),
            "summary": _("What it is about, in one sentence"),
            "minutes": _("How many minutes it takes"),
            "next": _("When must somebody read it again? For example 27/3/2027"),
            **self.leads(),
        }

    def needed(self) -> dict[str, str]:
        """A title."""
        return {"title": _("Write a title")}

    def validate_minutes(self, field: Any) -> None:
        """A whole number that can be."""
        if not re.fullmatch(r"[1-9][0-9]?|1[01][0-9]|120", field.data or ""):
            raise ValidationError(_("Type a number of minutes, such as 10"))

    def validate_me(self, _field: Any) -> None:
        """Somebody must be able to have it."""
        if not self.audience():
            raise ValidationError(_("Choose who can have this conversation"))

    def audience(self) -> list[str]:
        """Who can have it, as it is written."""
        return [key for name, key in _AUDIENCES.items() if self[name].data]

    def changes(self, today: dt.date) -> dict[str, Any]:
        """As authoring takes it."""
        days = {"last": today} if self.read_today.data else {}
        days |= {"next": self.next.day} if self.next.day else {}
        plain = {
            "title": self.title.data,
            "summary": self.summary.data,
            "minutes": int(self.minutes.data or 10),
            "audience": self.audience(),
            "otherwise": self.shown(),
        }
        return {**plain, "review": days}

    @classmethod
    def of(cls, conversation: Conversation) -> dict[str, Any]:
        """What it says now."""
        return {
            "title": conversation.title,
            "summary": conversation.summary,
            "minutes": str(conversation.minutes),
            "next": conversation.review.get("next", ""),
            **{name: key in conversation.audience for name, key in _AUDIENCES.items()},
            **cls.leading(conversation.otherwise),
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


class NumberForm(QuestionForm):
    """A question to which a number is the answer."""

    least = StringField()
    most = StringField()

    def asked(self) -> dict[str, str]:
        """The labels."""
        return {
            **super().asked(),
            "least": _("The least that can be, if there is one"),
            "most": _("The most that can be, if there is one"),
        }

    def validate_least(self, field: Any) -> None:
        """A whole number, or nothing."""
        if field.data and not re.fullmatch(r"[0-9]{1,6}", field.data):
            raise ValidationError(_("Type a whole number in figures, or leave this empty"))

    def validate_most(self, field: Any) -> None:
        """A whole number, or nothing; not less than the least."""
        self.validate_least(field)
        least = self.least.data or ""
        if field.data and re.fullmatch(r"[0-9]{1,6}", least) and int(least) > int(field.data):
            raise ValidationError(_("Type a number that is not smaller than the least"))

    def words(self) -> dict[str, Any]:
        """With its limits."""
        limits = {name: int(self[name].data) if self[name].data else None for name in ("least", "most")}
        return {**super().words(), **limits}

    @classmethod
    def of(cls, question: Question) -> dict[str, Any]:
        """What it says now."""
        limits = {"least": question.least, "most": question.most}
        return super().of(question) | {
            name: "" if limit is None else str(limit) for name, limit in limits.items()
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


class RuleForm(LeadingForm):
    """A recommendation."""

    title = StringField()
    text = TextAreaField()
    because = TextAreaField()
    urgent = BooleanField()
    source = StringField()
    url = StringField()
    checked = StringField()

    def asked(self) -> dict[str, str]:
        """The labels."""
        return {
            "title": _("Title"),
            "text": _("What to do, in two or three sentences"),
            "because": _("Why: what they said"),
            **self.leads(),
            "source": _("The name of the source"),
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
        evidence = {name: said[name] for name in ("source", "url", "checked") if said[name]}
        plain = {name: said[name] for name in ("title", "text", "because")}
        return {**plain, "urgent": bool(self.urgent.data), "show": self.shown(), "evidence": evidence}

    @classmethod
    def of(cls, rule: Rule) -> dict[str, Any]:
        """What it says now."""
        evidence = {name: getattr(rule.evidence, name) for name in ("source", "url", "checked")}
        plain = {name: getattr(rule, name) for name in ("title", "text", "because")}
        return {**plain, **cls.leading(rule.shown), **evidence, "urgent": rule.is_urgent}


def _search(line: str) -> dict[str, str]:
    """A line such as "category: lunch-clubs, need: lonely"."""
    pairs = (part.partition(":") for part in line.split(","))
    return {kind.strip() or "need": (key or kind).strip() for kind, colon, key in pairs}


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
