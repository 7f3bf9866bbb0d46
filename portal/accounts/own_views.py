"""What is one's own: how messages come, what was done and by whom, a copy of all that is known, and closing it all."""

import datetime as dt

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField

from portal import clock, forms, notify, pages, retention
from portal.accounts import choices, closing, permissions, queries, signing_in
from portal.accounts import history as told
from portal.accounts import own_data as copies
from portal.accounts.models import User
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.db import keeps_nothing, short_transaction
from portal.errors import Refusal
from portal.i18n import _
from portal.permissions import FRESH, public, requires

own = Blueprint("own", __name__, url_prefix="/account")


def _me() -> User:
    user = queries.user(somebody().id)
    assert user is not None
    return user


@own.get("/messages")
@requires(permissions.signed_in)
def messages() -> Response:
    """Every kind of message, and how it comes."""
    kept = forms.typed() or MultiDict()
    chosen = {**choices.of(somebody().id), **{key: how for key, how in kept.items() if how in notify.HOWS}}
    hows = [(how, choices.words(how)) for how in notify.HOWS]
    return pages.show(
        "accounts/own/messages.html",
        kinds=notify.kinds(),
        chosen=chosen,
        hows=hows,
        hour=dt.time(current().digest_hour),
        saved=request.args.get("kept") == "yes",
    )


@own.post("/messages")
@requires(permissions.signed_in)
def choose() -> AnyResponse:
    """They come like this from now on."""
    choices.choose(somebody().id, request.form)
    return redirect(url_for("own.messages", kept="yes"), 303)


@own.get("/history")
@requires(permissions.signed_in)
def history() -> Response:
    """What was done on the account and on what is kept of the person, the newest first."""
    page = min(max(request.args.get("page", 1, type=int), 1), 10_000)
    events, more = told.of(somebody().id, page)
    return pages.show("accounts/own/history.html", events=events, page=page, more=more)


@own.get("/data")
@requires(permissions.signed_in)
def data() -> Response:
    """What can be had, and what closing the account does."""
    return pages.show("accounts/own/data.html")


@own.get("/data/file.json")
@requires(permissions.signed_in, fresh=FRESH)
def data_json() -> Response:
    """All of it, for a program."""
    answer = Response(copies.as_json(somebody().id, clock.now()), mimetype="application/json")
    return _file(answer, "my-data.json")


@own.get("/data/file.html")
@requires(permissions.signed_in, fresh=FRESH)
def data_html() -> Response:
    """All of it, to be read, saved and printed."""
    parts = retention.own_data(somebody().id)
    return _file(pages.show("accounts/own/file.html", parts=parts, now=clock.now()), "my-data.html")


def _file(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return pages.private(answer)


class CloseForm(forms.Form):
    """That somebody means it."""

    sure = BooleanField(false_values=(False, "false", "", "no"))

    def __init__(self) -> None:
        super().__init__()
        self.sure.label.text = _("Yes, close my account")


@own.get("/close")
@requires(permissions.signed_in, fresh=FRESH)
def ask_close() -> Response:
    """What happens, and what stands against it."""
    against = retention.objections(somebody().id)
    return pages.show("accounts/own/close.html", form=CloseForm(), against=against)


@own.post("/close")
@requires(permissions.signed_in, fresh=FRESH)
@keeps_nothing
def close() -> AnyResponse:
    """The account is closed, and nobody is signed in here any more."""
    form = CloseForm()
    if not form.validate() or not form.sure.data:
        form.refuse(Refusal(_("Tick the box if you would like to close your account"), field="sure"))
        return pages.show("accounts/own/close.html", status=422, form=form, against=[])
    try:
        with short_transaction():
            closing.close(_me(), current(), clock.now())
    except Refusal:
        against = retention.objections(somebody().id)
        return pages.show("accounts/own/close.html", status=409, form=form, against=against)
    signing_in.end_here()
    return redirect(url_for("own.closed"), 303)


@own.get("/closed")
@public
def closed() -> Response:
    """It is done. Whoever comes by here learns nothing about anybody."""
    return pages.private(pages.show("accounts/own/closed.html"))
