"""What people are asked about themselves."""

import re
from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from portal.forms import Form
from portal.i18n import _

# What a mail server takes, near enough: something, an @, and a domain with a dot. Source: RFC 5321 4.5.3.1.
_EMAIL = re.compile(r"[^@\s,;:<>()\"\\]{1,64}@[^@\s,;:<>()\"\\]+\.[^@\s.,;:<>()\"\\]{2,}")
_LONGEST_EMAIL = 254


def said(message: str) -> InputRequired:
    """The field must be filled in; `message` asks for it. Made when the form is, in the language of the page."""
    return InputRequired(message)


class EmailField(StringField):
    """An e-mail address, in small letters."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """The address without blanks, in small letters; what is none stays as it was typed, to be put right."""
        super().process_formdata(valuelist)
        typed = (self.data or "").strip()
        plain = "".join(typed.split()).lower()
        self.data = plain if _EMAIL.fullmatch(plain) else typed

    def pre_validate(self, form: Any) -> None:
        """It looks like one."""
        if self.data and (len(self.data) > _LONGEST_EMAIL or not _EMAIL.fullmatch(self.data)):
            raise ValidationError(_("Type an e-mail address with an @ in it, such as name@example.org"))


class SignInForm(Form):
    """E-mail and password, and whose computer it is."""

    email = EmailField()
    password = PasswordField()
    shared = BooleanField(false_values=(False, "false", "", "no"))
    next = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email.label.text, self.password.label.text = _("E-mail address"), _("Password")
        self.shared.label.text = _("Other people use this computer too")
        self.email.validators = [said(_("Type your e-mail address"))]
        self.password.validators = [said(_("Type your password"))]


class CodeForm(Form):
    """A second factor, typed."""

    code = StringField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code.label.text = _("Code")
        self.code.validators = [said(_("Type the code")), Length(max=40)]


class PasskeyForm(Form):
    """What the browser answered about a passkey, filled in by a script."""

    credential = HiddenField()
    name = StringField()
    shared = HiddenField()
    next = HiddenField()


class ProveForm(Form):
    """A factor shown again: a code where somebody has a second factor, else the password."""

    code = StringField()
    password = PasswordField()
    next = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code.label.text, self.password.label.text = _("Code"), _("Password")


class _Labelled(Form):
    """A form whose labels and demands are made in the language of the page."""

    def name_fields(self) -> None:
        """Every field has its label, and says what it needs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name_fields()


class NameForm(_Labelled):
    """What somebody is called."""

    name = StringField()

    def name_fields(self) -> None:
        """Any name at all, as long as there is one."""
        self.name.label.text = _("Your name")
        self.name.validators = [said(_("Type your name")), Length(max=120)]


class EmailForm(_Labelled):
    """An e-mail address."""

    email = EmailField()

    def name_fields(self) -> None:
        """It is needed."""
        self.email.label.text = _("E-mail address")
        self.email.validators = [said(_("Type your e-mail address"))]


class RegisterForm(_Labelled):
    """Somebody who would like an account."""

    name = StringField()
    email = EmailField()

    def name_fields(self) -> None:
        """Both are needed."""
        self.name.label.text, self.email.label.text = _("Your name"), _("E-mail address")
        self.name.validators = [said(_("Type your name")), Length(max=120)]
        self.email.validators = [said(_("Type your e-mail address"))]


class ChangePasswordForm(_Labelled):
    """The password somebody has, if they have one, and the one they would like."""

    current_password = PasswordField()
    password = PasswordField()

    def name_fields(self) -> None:
        """The new one is needed; whether the old one is, the view knows."""
        self.current_password.label.text = _("Your password now")
        self.password.label.text = _("New password")
        self.password.validators = [said(_("Type a new password"))]


class NewPasswordForm(_Labelled):
    """A first or a new password, for whoever holds a mailed link."""

    name = StringField()
    password = PasswordField()
    shared = BooleanField(false_values=(False, "false", "", "no"))

    def name_fields(self) -> None:
        """The password is needed; the name only of who joins."""
        self.name.label.text, self.password.label.text = _("Your name"), _("Choose a password")
        self.shared.label.text = _("Other people use this computer too")
        self.password.validators = [said(_("Type a password"))]


class InviteForm(_Labelled):
    """Somebody to invite, and what they will do. choices: (value, words) of what that may be."""

    name = StringField()
    email = EmailField()
    part = RadioField()
    organisation = StringField()  # only where somebody owns several

    def name_fields(self) -> None:
        """All are needed."""
        self.name.label.text, self.email.label.text = _("Their name"), _("Their e-mail address")
        self.part.label.text = _("What will they do?")
        self.name.validators = [said(_("Type their name")), Length(max=120)]
        self.email.validators = [said(_("Type their e-mail address"))]
        self.part.validators = [said(_("Choose what they will do"))]


class RecoveryForm(_Labelled):
    """How an officer made sure who somebody is."""

    email = EmailField()
    how_checked = StringField()

    def name_fields(self) -> None:
        """Both are needed."""
        self.email.label.text = _("Their e-mail address")
        self.how_checked.label.text = _("How did you make sure who they are?")
        self.email.validators = [said(_("Type their e-mail address"))]
        self.how_checked.validators = [said(_("Say how you made sure who they are")), Length(max=400)]
