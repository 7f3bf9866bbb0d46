"""The base of all forms, and fields that several of them need.

A form keeps what was typed when it refuses it. Its errors are plain sentences that say what to do. What was typed
while somebody's sign-in ran out is kept too, and stands in the form again once they are back (`typed`).
"""

import datetime as dt
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Form as PlainForm
from wtforms import StringField
from wtforms.validators import ValidationError

from portal import money
from portal.errors import Refusal
from portal.i18n import _

# What is kept of a form whose writer has to sign in first, in characters; and what never is.
MOST_KEPT = 200_000
NEVER_KEPT = frozenset({"password", "new_password", "current_password", "code", "csrf_token"})
# Characters that nobody types: they hide in what is pasted, and break what prints them.
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 8203, 8288, 65279))


def plain(text: str | None) -> str:
    """What was typed, without invisible characters and outer blanks. A line ends with \\n, whatever a browser sends."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return lines.translate(_CONTROLS).strip()


class Keeper(Protocol):
    """Who keeps words for people whose sign-in ran out (accounts.words_kept)."""

    def keep(self, path: str, words: MultiDict[str, str]) -> bool:
        """True when the words wait for the person who typed them. False when nobody knows who that is."""

    def give_back(self, path: str) -> MultiDict[str, str] | None:
        """What was kept for the person who asks and this page: once, and then it is gone."""


def set_keeper(app: Flask, keeper: Keeper) -> None:
    """Words are kept from now on."""
    app.extensions["portal.keeper"] = keeper


def typed() -> MultiDict[str, str] | None:
    """What a form is filled from: what was sent now, or what was kept of an earlier try; else None.

    Give it to a form as its data: `ListingForm(formdata=forms.typed(), obj=listing)`.
    """
    if request.method == "POST":
        return request.form
    keeper: Keeper | None = current_app.extensions.get("portal.keeper")
    words = keeper.give_back(_here()) if keeper else None
    g.words_were_kept = words is not None
    return words


def words_were_kept() -> bool:
    """Whether this page shows again what was typed before somebody had to sign in."""
    return bool(g.get("words_were_kept"))


def keep_words(path: str) -> bool:
    """True when what was sent waits for its writer at this path. Only what our own pages sent is kept."""
    keeper: Keeper | None = current_app.extensions.get("portal.keeper")
    if keeper is None or request.method != "POST" or not _sent_by_us():
        return False
    words = MultiDict((name, text) for name, text in request.form.items(multi=True) if name not in NEVER_KEPT)
    if not words or sum(len(name) + len(text) for name, text in words.items(multi=True)) > MOST_KEPT:
        return False
    return keeper.keep(path, words)


def page_to_return_to() -> str:
    """The path, on this site, of the page that the person has before them: a form's own page after a POST."""
    if request.method == "GET" and "HX-Request" not in request.headers:
        return _here()
    if request.method == "POST" and _answers_get():
        return _here()
    sent_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    parts = urlsplit(sent_from)
    if parts.netloc != request.host or not parts.path.startswith("/") or parts.path.startswith("//"):
        return "/"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _answers_get() -> bool:
    """Whether the address of this request is a page of its own, too."""
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(method="GET")


def _here() -> str:
    return request.full_path if request.query_string else request.path


def _sent_by_us() -> bool:
    """Whether a page of this very site sent it. Source: W3C Fetch Metadata; RFC 6454 for older browsers."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(origin).netloc == request.host


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form that changes something: it carries a token against forgery."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # as above
        """Text fields come without invisible characters."""

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            """The field, with `plain` among its filters."""
            if issubclass(unbound_field.field_class, StringField):
                options["filters"] = (plain, *options.get("filters", ()))
            return unbound_field.bind(form=form, **options)

    def refuse(self, refusal: Refusal) -> None:
        """A rule's words stand beside the field they are about, or above the form."""
        field = self._fields.get(refusal.field or "")
        if field is None:
            self.form_errors.append(refusal.words)
        else:
            field.errors = [*field.errors, refusal.words]

    @property
    def is_refused(self) -> bool:
        """Whether anything has been said against it."""
        return bool(self.form_errors) or any(field.errors for field in self)


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
