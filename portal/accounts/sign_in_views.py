"""Signing in and out, and showing once more that it is you."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, pages, registry
from portal.accounts import devices, factors, gate, passkeys, permissions, queries, signing_in
from portal.accounts.forms import CodeForm, PasskeyForm, ProveForm, SignInForm
from portal.accounts.queries import openid_service
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.db import keeps_nothing, short_transaction
from portal.i18n import _
from portal.permissions import public, requires

accounts = Blueprint("accounts", __name__)
# How long somebody may take between their password and their code.
_HALF_WAY = dt.timedelta(minutes=10)
# What a browser should forget when somebody signs out, whose own computer it may be. Source: W3C Clear Site Data.
_CLEAR = '"cache", "storage"'


def _next(address: str | None) -> str:
    """Where to go once signed in: where somebody wanted to go, on this site only."""
    return pages.local(address or "", url_for("account.overview"))


@accounts.get("/sign-in")
@public
def sign_in() -> AnyResponse:
    """The form to sign in with; who is signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(_next(request.args.get("next")), 303)
    session.pop("half", None)
    return _sign_in_page(SignInForm(formdata=request.args), away=bool(session.pop("away", False)))


def _sign_in_page(form: SignInForm, *, status: int = 200, **more: Any) -> Response:
    return pages.private(
        pages.show(
            "accounts/sign_in.html",
            status=status,
            form=form,
            openid=openid_service(current().id),
            passkey=passkeys.options_to_sign_in(clock.now()),
            **more,
        )
    )


@accounts.post("/sign-in")
@public
@keeps_nothing
def try_password() -> AnyResponse:
    """Whoever it is is signed in, or asked for their second factor; else they may try again."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form, status=422)
    email, now = form.email.data or "", clock.now()
    tried = gate.try_password(email, form.password.data or "", gate.caller(email), now)
    if tried.user_id is None:
        form.email.errors = [_("This e-mail address and this password do not go together")]
        return _sign_in_page(form, status=422, wait=_wait(tried.again_at, now), wrong=True)
    has, _needs = queries.second_factor(tried.user_id)
    if has:
        half = {"user": str(tried.user_id), "at": int(now.timestamp()), "shared": bool(form.shared.data)}
        session["half"] = {**half, "next": form.next.data or ""}
        return redirect(url_for("accounts.code"), 303)
    return enter(tried.user_id, how="password", shared=bool(form.shared.data), next=form.next.data)


def _wait(again_at: dt.datetime | None, now: dt.datetime) -> str:
    """How long to wait, in words; "" when there is no need to."""
    if again_at is None:
        return ""
    seconds = max((again_at - now).total_seconds(), 1)
    if seconds <= 60:
        return _("%(number)s seconds", number=round(seconds))
    return _("%(number)s minutes", number=-int(-seconds // 60))


def enter(user_id: uuid.UUID, *, how: str, shared: bool, next: str | None) -> AnyResponse:
    """They are signed in in this browser, which is known from now on if nobody else uses it; they go on."""
    with short_transaction():
        user = queries.user(user_id)
        assert user is not None
        email = user.email
        signing_in.begin(user, how=how, shared=shared, now=clock.now())
    answer = redirect(_next(next), 303)
    if not shared:
        devices.remember(answer, email)
    return pages.private(answer)


def _half() -> Mapping[str, Any] | None:
    """Who has given the right password a moment ago and not yet their code."""
    half = session.get("half")
    if not isinstance(half, dict) or clock.now().timestamp() - half["at"] > _HALF_WAY.total_seconds():
        session.pop("half", None)
        return None
    return half


@accounts.get("/sign-in/code")
@public
def code() -> AnyResponse:
    """The form for the second factor."""
    half = _half()
    return _code_page(CodeForm(), half) if half else redirect(url_for("accounts.sign_in"), 303)


def _code_page(form: CodeForm, half: Mapping[str, Any], *, status: int = 200, wait: str = "") -> Response:
    has = factors.of(uuid.UUID(half["user"]))
    passkey = passkeys.options_for(has.passkeys, clock.now()) if has.passkeys else ""
    return pages.private(
        pages.show("accounts/code.html", status=status, form=form, has=has, passkey=passkey, wait=wait)
    )


@accounts.post("/sign-in/code")
@public
@keeps_nothing
def try_code() -> AnyResponse:
    """Whoever it is is signed in, where the code is right."""
    half, form, now = _half(), CodeForm(), clock.now()
    if half is None:
        return redirect(url_for("accounts.sign_in"), 303)
    if not form.validate():
        return _code_page(form, half, status=422)
    user = queries.user(uuid.UUID(half["user"]))
    tried = (
        gate.try_code(user.id, form.code.data or "", gate.caller(user.email), now) if user else gate.Tried()
    )
    if tried.user_id is None:
        form.code.errors = [_("That code is not right, or it has been used")]
        return _code_page(form, half, status=422, wait=_wait(tried.again_at, now))
    return enter(tried.user_id, how="code", shared=half["shared"], next=half["next"])


@accounts.post("/sign-in/passkey")
@public
@keeps_nothing
def try_passkey() -> AnyResponse:
    """Whoever the passkey belongs to is signed in: it is both factors at once where it has checked its holder."""
    form, half = PasskeyForm(), _half()
    with short_transaction():
        user_id = passkeys.use(
            form.credential.data or "", clock.now(), of=uuid.UUID(half["user"]) if half else None
        )
    if user_id is None:
        again = SignInForm(formdata=None)
        again.form_errors.append(_("That passkey did not work here. Try again, or sign in another way."))
        return _sign_in_page(again, status=422)
    shared, goes_on = (half["shared"], half["next"]) if half else (form.shared.data == "yes", form.next.data)
    return enter(user_id, how="passkey", shared=bool(shared), next=goes_on)


@accounts.post("/sign-out")
@public
@keeps_nothing
def sign_out() -> Response:
    """Nobody is signed in in this browser any more. Needs no token and never fails."""
    registry.take_leave()
    response = pages.private(pages.show("accounts/signed_out.html"))
    response.headers["Clear-Site-Data"] = _CLEAR
    return response


@accounts.get("/account/prove")
@requires(permissions.signed_in)
def prove() -> Response:
    """The form with which somebody shows once more that it is them, before something that matters."""
    return _prove_page(ProveForm(formdata=request.args))


def _prove_page(form: ProveForm, *, status: int = 200, wait: str = "") -> Response:
    has = factors.of(somebody().id)
    return pages.show(
        "accounts/prove.html",
        status=status,
        form=form,
        has=has,
        passkey=passkeys.options_for(has.passkeys, clock.now()) if has.passkeys else "",
        by_council=openid_service(current().id) is not None and somebody().how == "openid",
        wait=wait,
    )


@accounts.post("/account/prove")
@requires(permissions.signed_in)
@keeps_nothing
def try_to_prove() -> AnyResponse:
    """They have shown it again, and go on with what they were about to do."""
    form, me, now = ProveForm(), somebody(), clock.now()
    caller, has = gate.caller(me.email), bool(factors.of(me.id))
    typed = (form.code if has else form.password).data or ""
    tried = (
        gate.try_code(me.id, typed, caller, now) if has else gate.try_password(me.email, typed, caller, now)
    )
    if tried.user_id is None:
        field = form.code if has else form.password
        field.errors = [_("That is not right. Try again")]
        return _prove_page(form, status=422, wait=_wait(tried.again_at, now))
    return _proved(form.next.data)


@accounts.post("/account/prove/passkey")
@requires(permissions.signed_in)
@keeps_nothing
def prove_by_passkey() -> AnyResponse:
    """The same by a passkey."""
    form = PasskeyForm()
    with short_transaction():
        user_id = passkeys.use(form.credential.data or "", clock.now(), of=somebody().id)
    if user_id is None:
        again = ProveForm(formdata=None, next=form.next.data)
        again.form_errors.append(_("That passkey did not work here. Try again, or use a code."))
        return _prove_page(again, status=422)
    return _proved(form.next.data)


def _proved(next: str | None) -> AnyResponse:
    with short_transaction():
        signing_in.prove_again(somebody().sign_in_id, clock.now())
    return redirect(_next(next), 303)


def exempt(csrf: CSRFProtect) -> None:
    """Signing out needs no token: someone in danger must never see an error there."""
    csrf.exempt(sign_out)
