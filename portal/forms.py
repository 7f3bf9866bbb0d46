"""The base of all forms, and fields that several of them need.

A form keeps what was typed when it refuses it. Its errors are plain sentences that say what to do.
"""

import datetime as dt
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Form as PlainForm
from wtforms import StringField
from wtforms.validators import ValidationError

from portal import money
from portal.errors import Refusal
from portal.i18n import _

# Characters that nobody types: they hide in what is pasted, and break what prints them.
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 8203, 8288, 65279))


def plain(text: str | None) -> str:
    """What was typed, without invisible characters and outer blanks."""
    return (text or "").translate(_CONTROLS).strip()


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form that changes something: it carries a token against forgery."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """Text fields come without invisible characters."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """The field, with `plain` among its filters."""
            if issubclass(unbound_field.field_class, StringField):
                options["filters"] = (plain, *options.get("filters", ()))
            return unbound_field.bind(form=form, **options)


class SearchForm(PlainForm):
    """A form that only asks: it is sent by GET, and its address can be kept and shared."""


class MoneyField(StringField):
    """An amount of money; `pence` holds it once the form is valid."""

    pence: int | None = None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Turn what was typed into pence, or say what is odd about it."""
        if validation_stopped or not self.data:
            return
        try:
            self.pence = money.pence(
                self.data,
                too_odd=_("Type an amount in pounds, such as 12.50"),
                too_much=_("That is more than we can take. Type a smaller amount"),
            )
        except Refusal as refusal:
            raise ValidationError(refusal.words) from None


class DateField(StringField):
    """A date typed in one box, such as 27/3/2026 or 27 March 2026; `day` holds it once the form is valid."""

    day: dt.date | None = None
    _SHAPES = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d")

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Turn what was typed into a date, or say how to type one."""
        if validation_stopped or not self.data:
            return
        for shape in self._SHAPES:
            try:
                self.day = dt.datetime.strptime(self.data, shape).date()  # noqa: DTZ007 - only the date is used
            except ValueError:
                continue
            return
        raise ValidationError(_("Type a date with a day, a month and a year, such as 27/3/2026"))
