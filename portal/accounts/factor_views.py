"""A second way to show who you are: adding one, and taking one away."""

import json
import uuid

from flask import Blueprint, Response, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, forms, pages, sealing
from portal.accounts import actions, factors, passkeys, permissions, queries
from portal.accounts.forms import CodeForm, PasskeyForm
from portal.accounts.models import User
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.errors import Refusal
from portal.i18n import _
from portal.permissions import FRESH, requires

second = Blueprint("factors", __name__, url_prefix="/account/factors")
_PURPOSE = "in the session"


@second.get("/")
@requires(permissions.signed_in)
def overview() -> Response:
    """The second factors that somebody has, and what else there is."""
    return pages.show("accounts/factors/overview.html", has=factors.of(somebody().id), me=somebody())


@second.get("/authenticator")
@requires(permissions.signed_in, fresh=FRESH)
def authenticator() -> Response:
    """A secret for an app, as a picture and in words, and the form that shows it has arrived."""
    return _authenticator_page(CodeForm())


def _authenticator_page(form: CodeForm, status: int = 200) -> Response:
    secret = factors.secret_in_words(_secret())
    return pages.show("accounts/factors/authenticator.html", status=status, form=form, secret=secret)


def _secret() -> str:
    """The secret on its way to somebody's app: in their own browser, sealed, until they have shown that it works."""
    if "secret" not in session:
        session["secret"] = sealing.seal(factors.new_secret(), _PURPOSE)
    try:
        return sealing.unseal(session["secret"], _PURPOSE)
    except sealing.Unreadable:
        session.pop("secret")
        return _secret()


@second.get("/authenticator.svg")
@requires(permissions.signed_in, fresh=FRESH)
def picture() -> Response:
    """The secret as a QR code."""
    drawn = factors.picture(_secret(), somebody().email, current().site_name)
    return Response(drawn, mimetype="image/svg+xml")


@second.post("/authenticator")
@requires(permissions.signed_in, fresh=FRESH)
def add_authenticator() -> AnyResponse:
    """The app is one of their factors, since its code was right."""
    form, now = CodeForm(), clock.now()
    secret = _secret()
    step = factors.step_of(secret, factors.normal(form.code.data or ""), now)
    if not form.validate() or step is None:
        form.code.errors = form.code.errors or [
            _("That code is not right. Type the six figures that the app shows now")
        ]
        return _authenticator_page(form, status=422)
    factors.add_authenticator(somebody().id, secret, now=now, last_step=step)
    actions.tell_of_change(_me(), "factor_added", current(), now=now)
    session.pop("secret")
    return redirect(url_for("factors.overview"), 303)


@second.get("/printed")
@requires(permissions.signed_in, fresh=FRESH)
def printed() -> Response:
    """The sheet of codes, while it has just been made; else how many are left and the way to a new sheet."""
    return pages.show(
        "accounts/factors/printed.html",
        codes=_codes(),
        left=factors.of(somebody().id).codes_left,
        made_on=clock.today(),
    )


def _codes() -> list[str]:
    try:
        codes: list[str] = json.loads(sealing.unseal(session.get("codes", ""), _PURPOSE))
    except sealing.Unreadable:
        return []
    return codes


@second.post("/printed")
@requires(permissions.signed_in, fresh=FRESH)
def print_codes() -> AnyResponse:
    """There is a new sheet; an older one is worth nothing any more."""
    now = clock.now()
    codes = factors.print_codes(somebody().id, now)
    actions.tell_of_change(_me(), "factor_added", current(), now=now)
    session["codes"] = sealing.seal(json.dumps(codes), _PURPOSE)
    return redirect(url_for("factors.printed"), 303)


@second.post("/printed/kept")
@requires(permissions.signed_in)
def codes_kept() -> AnyResponse:
    """They have the sheet; it is not shown again."""
    session.pop("codes", None)
    return redirect(url_for("factors.overview"), 303)


@second.get("/passkey")
@requires(permissions.signed_in, fresh=FRESH)
def passkey() -> Response:
    """The form that asks the browser for a new passkey."""
    return _passkey_page(PasskeyForm(formdata=None))


def _passkey_page(form: PasskeyForm, status: int = 200) -> Response:
    options = passkeys.options_to_add(
        _me(), factors.of(somebody().id).passkeys, current().site_name, clock.now()
    )
    return pages.show("accounts/factors/passkey.html", status=status, form=form, options=options)


@second.post("/passkey")
@requires(permissions.signed_in, fresh=FRESH)
def add_passkey() -> AnyResponse:
    """The passkey is one of their factors."""
    form, now = PasskeyForm(), clock.now()
    name = forms.plain(form.name.data)[:60] or _("Passkey")
    if passkeys.add(somebody().id, form.credential.data or "", name, now) is None:
        form.form_errors.append(_("The passkey could not be added. Try again, or choose another way."))
        return _passkey_page(form, status=422)
    actions.tell_of_change(_me(), "factor_added", current(), now=now)
    return redirect(url_for("factors.overview"), 303)


@second.post("/remove/<kind>")
@requires(permissions.signed_in, fresh=FRESH)
def remove(kind: str) -> AnyResponse:
    """One of their factors is gone; not the last one of somebody who must have one."""
    if kind not in ("authenticator", "passkey", "codes"):
        abort(404)
    if somebody().needs_factor and factors.of(somebody().id).count == 1:
        raise Refusal(
            _("This is your only second step, and you need one. Add another before you take this one away.")
        )
    if not factors.remove(somebody().id, kind, _named(request.form.get("factor", ""))):
        abort(404)
    actions.tell_of_change(_me(), "factor_removed", current(), now=clock.now())
    return redirect(url_for("factors.overview"), 303)


def _named(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _me() -> User:
    user = queries.user(somebody().id)
    assert user is not None
    return user
