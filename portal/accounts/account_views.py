"""Somebody's own account: who they are, where mail reaches them, their password, and where they are signed in."""

import uuid

from flask import Blueprint, Response, abort, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, forms, i18n, pages
from portal.accounts import actions, factors, gate, passwords, permissions, queries
from portal.accounts.forms import ChangePasswordForm, EmailForm, NameForm
from portal.accounts.models import User
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.db import keeps_nothing, short_transaction
from portal.errors import Refusal
from portal.i18n import _
from portal.permissions import FRESH, requires

account = Blueprint("account", __name__, url_prefix="/account")


def _me() -> User:
    user = queries.user(somebody().id)
    assert user is not None
    return user


@account.get("/")
@requires(permissions.signed_in)
def overview() -> Response:
    """Everything about the account, each with the way to change it."""
    me = _me()
    return pages.show("accounts/overview.html", me=me, has=factors.of(me.id), computers=_computers())


def _computers() -> int:
    return len(queries.computers(somebody().id, clock.now()))


@account.get("/stay")
@requires(permissions.signed_in)
def stay() -> Response:
    """They are signed in for a while longer, since they have just asked for a page. The script asks for JSON."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(out_in=somebody().seconds_left(clock.now()))
    return pages.show("accounts/stay.html")


@account.get("/name")
@requires(permissions.signed_in)
def name() -> Response:
    """The form for a name."""
    return pages.show("accounts/name.html", form=NameForm(forms.typed(), obj=_me()))


@account.post("/name")
@requires(permissions.signed_in)
def rename() -> AnyResponse:
    """They are called this from now on."""
    form = NameForm()
    if not form.validate():
        return pages.show("accounts/name.html", status=422, form=form)
    actions.rename(_me(), form.name.data or "")
    return redirect(url_for("account.overview"), 303)


@account.get("/email")
@requires(permissions.signed_in, fresh=FRESH)
def email() -> Response:
    """The form for another e-mail address."""
    return pages.show("accounts/email.html", form=EmailForm(forms.typed()))


@account.post("/email")
@requires(permissions.signed_in, fresh=FRESH)
def ask_email_change() -> AnyResponse:
    """The new address has a mail with a link; the account keeps the old one until the link is used."""
    form = EmailForm()
    if not form.validate():
        return pages.show("accounts/email.html", status=422, form=form)
    try:
        actions.ask_email_change(_me(), form.email.data or "", current(), clock.now())
    except Refusal as refusal:
        form.refuse(refusal)
        return pages.show("accounts/email.html", status=422, form=form)
    return redirect(url_for("account.email_asked"), 303)


@account.get("/email/sent")
@requires(permissions.signed_in)
def email_asked() -> Response:
    """What happens next."""
    return pages.show("accounts/email_asked.html")


@account.get("/password")
@requires(permissions.signed_in, fresh=FRESH)
def password() -> Response:
    """The form for a new password."""
    return pages.show(
        "accounts/password.html", form=ChangePasswordForm(formdata=None), has=bool(_me().password)
    )


@account.post("/password")
@requires(permissions.signed_in, fresh=FRESH)
@keeps_nothing
def change_password() -> AnyResponse:
    """There is a new password, and other browsers are signed out."""
    form, me, now = ChangePasswordForm(), _me(), clock.now()
    has, new = bool(me.password), form.password.data or ""
    try:
        if form.validate():
            actions.check_password(me, new, current())
            if has:
                _check_current(form.current_password.data or "")
    except Refusal as refusal:
        form.refuse(refusal)
    if form.is_refused:
        return pages.show("accounts/password.html", status=422, form=form, has=has)
    kept = passwords.hashed(new)
    with short_transaction():
        actions.change_password(_me(), kept, current(), now, but=somebody().sign_in_id)
    return redirect(url_for("account.overview"), 303)


def _check_current(typed: str) -> None:
    """It is the password they have. Counted like any other try."""
    tried = gate.try_password(somebody().email, typed, gate.caller(somebody().email), clock.now())
    if tried.user_id != somebody().id:
        raise Refusal(
            _("That is not your password now. If you have tried several times, wait a little"),
            field="current_password",
            status=422,
        )


@account.get("/computers")
@requires(permissions.signed_in)
def computers() -> Response:
    """Every browser in which they are signed in."""
    found = queries.computers(somebody().id, clock.now())
    return pages.show("accounts/computers.html", computers=found, here=somebody().sign_in_id)


@account.post("/computers/<uuid:sign_in_id>/end")
@requires(permissions.signed_in)
def end_computer(sign_in_id: uuid.UUID) -> AnyResponse:
    """One of them is signed out."""
    if not actions.end_sign_in(somebody().id, sign_in_id, clock.now()):
        abort(404)
    return redirect(url_for("account.computers"), 303)


@account.post("/computers/end-others")
@requires(permissions.signed_in)
def end_others() -> AnyResponse:
    """All but this one are signed out."""
    actions.end_sign_ins(somebody().id, clock.now(), but=somebody().sign_in_id)
    return redirect(url_for("account.computers"), 303)


@account.post("/language")
@requires(permissions.signed_in)
def language() -> AnyResponse:
    """Their pages and mails are in this language."""
    code = request.form.get("language", "")
    if i18n.choose(code):
        actions.set_language(_me(), code)
    return redirect(url_for("account.overview"), 303)
