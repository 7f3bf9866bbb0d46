"""What a visitor is asked around a conversation: for whom it is, a code, an address for a mail."""

from typing import Any

from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import Length, ValidationError

from portal.accounts.forms import EmailField, said
from portal.forms import Form
from portal.i18n import _
from portal.selfhelp.actions import MOST_NAME, tidy_code
from portal.selfhelp.conversation import Conversation


class BeginForm(Form):
    """For whom the conversation is, and what to call them."""

    whom = RadioField()
    name = StringField()
    shared = BooleanField()

    def __init__(self, *args: Any, conversation: Conversation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "me": _("Me"),
            "someone-else": _("Somebody else"),
            "with-navigator": _("Somebody I am visiting for my work"),
        }
        self.whom.label.text = _("Who is it about?")
        self.whom.choices = [(key, words[key]) for key in conversation.audience if key in words]
        self.whom.validators = [said(_("Choose who it is about"))]
        self.name.label.text = _("If it is about somebody else, what do you call them?")
        self.name.validators = [
            Length(max=MOST_NAME, message=_("Use %(most)s letters or fewer", most=MOST_NAME))
        ]
        self.shared.label.text = _("Other people use this computer, too")

    @property
    def called(self) -> str:
        """What the person is called: a first name, or words that stand for one."""
        if self.whom.data == "me":
            return ""
        return self.name.data or _("this person")


class CodeForm(Form):
    """A paper code."""

    code = StringField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.code.label.text = _("Your code")
        self.code.validators = [said(_("Type the code that you wrote down"))]

    def validate_code(self, field: Any) -> None:
        """It has the shape of one."""
        if not tidy_code(field.data or ""):
            raise ValidationError(
                _("A code has 12 letters and figures, such as 7K3M-9QXA-2BTF. Check what you wrote down")
            )


class MailForm(Form):
    """Where the way back is mailed to."""

    email = EmailField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email.label.text = _("Your e-mail address")
        self.email.validators = [said(_("Type the e-mail address"))]
