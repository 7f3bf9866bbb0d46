"""What is asked about people whom the council supports and about who may act for them."""

import datetime as dt
from typing import Any

from wtforms import RadioField, SearchField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from portal.accounts import mandate_telling
from portal.accounts.forms import EmailField
from portal.accounts.mandates import MOST_NEEDED, Terms
from portal.accounts.models import Mandate
from portal.forms import DateField, Form, MoneyField, SearchForm
from portal.i18n import _


class NeededField(StringField):
    """How many must agree; `number` holds it once the form is valid."""

    number: int | None = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Turn what was typed into a number of people, or say how to type one."""
        if validation_stopped or not self.data:
            return
        number = int(self.data) if self.data.isascii() and self.data.isdigit() and len(self.data) < 4 else 0
        if not 1 <= number <= MOST_NEEDED:
            words = _("Type how many must agree: a number from 1 to %(most)s", most=MOST_NEEDED)
            raise ValidationError(words)
        self.number = number


class FindForm(SearchForm):
    """Whom to look for, by GET."""

    q = SearchField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.q.label.text = _("Name or reference")


class PersonForm(Form):
    """Somebody whom the council supports."""

    name = StringField()
    reference = StringField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name.label.text, self.reference.label.text = (
            _("Their name"),
            _("Reference (you may leave this out)"),
        )
        self.name.validators = [DataRequired(_("Type their name")), Length(max=120)]
        self.reference.validators = [Length(max=40)]


class TermsForm(Form):
    """What somebody may do for a person, up to how much, and when."""

    scope = RadioField()
    payment_limit = MoneyField()
    month_limit = MoneyField()
    starts_on = DateField()
    ends_on = DateField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope.label.text = _("What may they do?")
        self.scope.choices = mandate_telling.scopes()
        self.scope.validators = [DataRequired(_("Choose what they may do"))]
        self.payment_limit.label.text = _("Most for one payment (you may leave this out)")
        self.month_limit.label.text = _("Most for a month (you may leave this out)")
        self.starts_on.label.text = _("First day (if you leave this out: today)")
        self.ends_on.label.text = _("Last day (you may leave this out)")

    def terms(self, today: dt.date, basis: str = "") -> Terms:
        """What was typed, once it is valid."""
        return Terms(
            basis=basis,
            scope=self.scope.data or "",
            starts_on=self.starts_on.day or today,
            ends_on=self.ends_on.day,
            payment_limit_pence=self.payment_limit.pence,
            month_limit_pence=self.month_limit.pence,
        )


class AskForm(TermsForm):
    """Who is to act for a person, and on what grounds. organisations: (id, name), where one is to be chosen."""

    name = StringField()
    email = EmailField()
    basis = RadioField()
    needed = NeededField()

    def __init__(self, *args: Any, for_: str = "officer", named: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name.label.text, self.email.label.text = _("Name of who is to act"), _("Their e-mail address")
        self.basis.label.text = _("On what grounds?")
        self.basis.choices = mandate_telling.bases(for_=for_)
        self.basis.validators = [DataRequired(_("Choose on what grounds they act"))]
        self.needed.label.text = _("For a trust circle: how many must agree?")
        if named:
            self.name.validators = [DataRequired(_("Type the name of who is to act")), Length(max=120)]
            self.email.validators = [DataRequired(_("Type their e-mail address"))]

    def terms(self, today: dt.date, basis: str = "") -> Terms:
        """What was typed, with the grounds and how many must agree."""
        plain = super().terms(today, basis or self.basis.data or "")
        joint = plain.basis == "trust_circle"
        return Terms(**{**vars(plain), "needed": self.needed.number if joint else None})


class TakeForm(AskForm):
    """Whom somebody means who would like to act for a person, and what they may do."""

    person = RadioField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person.label.text = _("Whom do they mean?")
        self.person.validators = [DataRequired(_("Choose whom they mean"))]


class AskingForm(Form):
    """Somebody who would like to act for a person, and how the council can know whom they mean."""

    person_name = StringField()
    about = StringField()
    basis = RadioField()
    scope = RadioField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person_name.label.text = _("For whom would you like to act?")
        self.about.label.text = _("How can we know whom you mean, and why should you act for them?")
        self.basis.label.text, self.scope.label.text = _("On what grounds?"), _("What would you like to do?")
        self.basis.choices = mandate_telling.bases(for_="representative")
        self.scope.choices = mandate_telling.scopes()
        self.person_name.validators = [DataRequired(_("Type their name")), Length(max=120)]
        self.about.validators = [DataRequired(_("Tell us how to know them, and why")), Length(max=1000)]
        self.basis.validators = [DataRequired(_("Choose on what grounds you would act"))]
        self.scope.validators = [DataRequired(_("Choose what you would like to do"))]


class EvidenceForm(Form):
    """Where the papers are that show it."""

    evidence = StringField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.evidence.label.text = _("Where are the papers that show it?")
        self.evidence.validators = [DataRequired(_("Say where the papers are that show it")), Length(max=200)]


class JoinForm(EvidenceForm):
    """The address of somebody's own account, and how an officer made sure that it is theirs."""

    email = EmailField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email.label.text = _("Their e-mail address")
        self.email.validators = [DataRequired(_("Type their e-mail address"))]
        self.evidence.label.text = _("How did you make sure that it is their own?")
        self.evidence.validators = [DataRequired(_("Say how you made sure")), Length(max=200)]


class ChangeForm(TermsForm, EvidenceForm):
    """Other limits, days or scope, and the papers that show it."""

    @classmethod
    def of(cls, mandate: Mandate, typed: Any) -> "ChangeForm":
        """The form as the mandate stands now, or as it was typed."""
        return cls(
            typed,
            scope=mandate.scope,
            payment_limit=_pounds(mandate.payment_limit_pence),
            month_limit=_pounds(mandate.month_limit_pence),
            starts_on=_day(mandate.starts_on),
            ends_on=_day(mandate.ends_on),
        )


def _pounds(pence: int | None) -> str:
    return "" if pence is None else f"{pence // 100}.{pence % 100:02d}"


def _day(day: dt.date | None) -> str:
    return "" if day is None else f"{day.day}/{day.month}/{day.year}"


class WhyForm(Form):
    """The reason why something ends or is refused; the action says whether there must be one."""

    why = StringField()

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.why.label.text = label
        self.why.validators = [Length(max=400)]
