"""What editors type to add a part to a conversation."""

from typing import Any

from wtforms import SelectField, StringField, TextAreaField

from portal.i18n import _
from portal.selfhelp.desk_forms import PartForm, lines


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


class NewRuleForm(PartForm):
    """A new recommendation."""

    title = StringField()

    def asked(self) -> dict[str, str]:
        """The label."""
        return {"title": _("Title")}

    def needed(self) -> dict[str, str]:
        """A title."""
        return {"title": _("Write a title")}
