"""What the public is asked when it tells the council something."""

from typing import Any, ClassVar

from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal.accounts.forms import EmailField, said
from portal.directory.spam import Signs, clock_sealed
from portal.directory.voices import PARTS
from portal.forms import Form
from portal.i18n import _

_LONGEST = 5000


class _Limit:
    """No more characters than a column or a reader takes."""

    def __init__(self, most: int) -> None:
        self._most = most

    def __call__(self, form: Any, field: Any) -> None:
        """Raises ValidationError that says how much is too much."""
        if len(field.data or "") > self._most:
            raise ValidationError(_("Use %(most)s characters or fewer", most=f"{self._most:,}"))


class VoiceForm(Form):
    """Words, and, for whoever wants an answer, a name and an address.

    subject_line: people do not see it, and robots fill it in. began: when the page was made, sealed.
    """

    words = TextAreaField()
    name = StringField()
    email = EmailField()
    subject_line = StringField()
    began = HiddenField()

    def __init__(self, *args: Any, now: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name.label.text = _("Your name, if you like")
        self.email.label.text = _("Your e-mail address, if you would like an answer")
        self.words.validators = [said(_("Type what you would like to tell us")), _Limit(_LONGEST)]
        self.name.validators = [_Limit(120)]
        self.subject_line.label.text = _("Leave this empty")
        self._sent_began = self.began.data or ""
        self.began.data = self._sent_began or clock_sealed(now)

    def signs(self) -> Signs:
        """What tells a robot from a person."""
        return Signs(self.subject_line.data or "", self._sent_began)


class FeedbackForm(VoiceForm):
    """How a service was."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words.label.text = _("How was it?")


class ReportForm(VoiceForm):
    """What is wrong in a listing, and what is right."""

    part = RadioField(choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part.label.text, self.words.label.text = _("What is wrong?"), _("What is right?")
        self.part.choices = [(key, part_words(key)) for key in PARTS]
        self.part.validators = [said(_("Choose what is wrong"))]
        self.part.validate_choice = False
        self.words.validators = [said(_("Type what is right, as far as you know")), _Limit(_LONGEST)]

    def validate_part(self, field: Any) -> None:
        """It is one of those that were offered."""
        if field.data not in PARTS:
            raise ValidationError(_("Choose what is wrong"))


class SuggestForm(VoiceForm):
    """A service that is missing."""

    about = StringField()
    where = StringField()
    reach = TextAreaField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about.label.text, self.words.label.text = (
            _("What is it called?"),
            _("What does it do, and for whom?"),
        )
        self.where.label.text = _("Where is it, or which places does it go to?")
        self.reach.label.text = _("How can we reach them?")
        self.about.validators = [said(_("Type what it is called")), _Limit(200)]
        self.words.validators = [_Limit(_LONGEST)]
        self.where.validators, self.reach.validators = [_Limit(400)], [_Limit(1000)]


class NoteForm(Form):
    """What was done about it."""

    note = TextAreaField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.note.label.text = _("What was done")
        self.note.validators = [_Limit(2000)]


class RulesForm(Form):
    """What a council has settled for its listings."""

    review_months = StringField()
    remind_days = StringField()
    escalate_days = StringField()
    hide_days = StringField()
    safeguarding_email = EmailField()
    safeguarding_phone = StringField()

    # Field -> the fewest and the most, as the table has them too.
    RANGES: ClassVar[dict[str, tuple[int, int]]] = {
        "review_months": (1, 36),
        "remind_days": (1, 60),
        "escalate_days": (1, 180),
        "hide_days": (14, 365),
    }
    FIELDS: ClassVar[tuple[str, ...]] = (*RANGES, "safeguarding_email", "safeguarding_phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review_months.label.text = _("Months between two reviews")
        self.remind_days.label.text = _("Days before a review that we first ask whoever runs it")
        self.escalate_days.label.text = _("Days after a review was due that you are told")
        self.hide_days.label.text = _("Days after a review was due that it is not shown any more")
        self.safeguarding_email.label.text = _("E-mail address of your safeguarding team")
        self.safeguarding_phone.label.text = _("Telephone number of your safeguarding team")
        self.safeguarding_phone.validators = [_Limit(40)]
        for name in self.RANGES:
            self[name].validators = [self._in_range]

    def _in_range(self, _form: Any, field: Any) -> None:
        low, high = self.RANGES[field.name]
        text = str(field.data or "").strip()
        if not (text.isascii() and text.isdecimal() and len(text) < 5 and low <= int(text) <= high):
            raise ValidationError(_("Type a number from %(low)s to %(high)s", low=low, high=high))

    def validate_hide_days(self, field: Any) -> None:
        """You are told before it is hidden."""
        told, hidden = str(self.escalate_days.data or ""), str(field.data or "")
        if told.isdecimal() and hidden.isdecimal() and int(told) >= int(hidden):
            raise ValidationError(
                _("Type more days than until you are told, so that you can do something first")
            )

    def values(self) -> dict[str, int | str]:
        """What was typed, once it is valid."""
        numbers: dict[str, int | str] = {name: int(self[name].data or 0) for name in self.RANGES}
        words = {name: self[name].data or "" for name in ("safeguarding_email", "safeguarding_phone")}
        return numbers | words


def part_words(key: str) -> str:
    """A part of a listing, in words."""
    return {
        "times": _("The days or times"),
        "place": _("Where it is, or the areas it covers"),
        "contact": _("The telephone number, e-mail or website"),
        "price": _("What it costs"),
        "who": _("Who it is for"),
        "stopped": _("It has stopped"),
        "other": _("Something else"),
    }[key]


def kind_words(kind: str) -> str:
    """A kind of what people tell us."""
    return {
        "feedback": _("Feedback"),
        "report": _("A mistake"),
        "suggestion": _("Something missing"),
    }[kind]


def held_words(reason: str) -> str:
    """Why something was held back."""
    return {
        "hidden_field": _("A field was filled in that people do not see"),
        "no_clock": _("It did not come from our page"),
        "too_fast": _("It was written faster than people write"),
        "too_old": _("It came from a page that was more than a day old"),
        "links": _("It has several links"),
        "many": _("A lot came from the same place within an hour"),
        "twice": _("The same words came before"),
    }[reason]
