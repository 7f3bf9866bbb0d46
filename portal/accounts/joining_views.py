"""The ways in: asking for an account, and everything that begins with a link in a mail."""

from flask import Blueprint, Response, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, pages
from portal.accounts import actions, devices, links, passwords, queries
from portal.accounts.forms import EmailForm, NewPasswordForm, RegisterForm
from portal.accounts.models import Link
from portal.accounts.sign_in_views import enter
from portal.councils.views import current
from portal.db import keeps_nothing, short_transaction
from portal.errors import Refusal
from portal.i18n import _
from portal.permissions import public

joining = Blueprint("joining", __name__)


@joining.get("/register")
@public
def register() -> Response:
    """The form for somebody who looks for help."""
    return _register_page(RegisterForm(formdata=None), provider=False)


@joining.get("/register/provider")
@public
def register_provider() -> Response:
    """The form for somebody who offers help."""
    return _register_page(RegisterForm(formdata=None), provider=True)


def _register_page(form: RegisterForm, *, provider: bool, status: int = 200) -> Response:
    return pages.show("accounts/register.html", status=status, form=form, provider=provider)


@joining.post("/register")
@public
def ask_to_register() -> AnyResponse:
    """A mail is on its way, whoever asked."""
    return _asked_to_register(provider=False)


@joining.post("/register/provider")
@public
def ask_to_register_provider() -> AnyResponse:
    """The same for a provider."""
    return _asked_to_register(provider=True)


def _asked_to_register(*, provider: bool) -> AnyResponse:
    form = RegisterForm()
    if not form.validate():
        return _register_page(form, provider=provider, status=422)
    actions.register(
        form.email.data or "", form.name.data or "", current(), provider=provider, now=clock.now()
    )
    return redirect(url_for("joining.look_in_your_mail"), 303)


@joining.get("/look-in-your-mail")
@public
def look_in_your_mail() -> Response:
    """The same page whatever was asked for and by whom."""
    return pages.show("accounts/look_in_your_mail.html")


@joining.get("/forgotten")
@public
def forgotten() -> Response:
    """The form for a mailed link to a new password."""
    return pages.show("accounts/forgotten.html", form=EmailForm(formdata=request.args))


@joining.post("/forgotten")
@public
def ask_reset() -> AnyResponse:
    """A mail is on its way."""
    form = EmailForm()
    if not form.validate():
        return pages.show("accounts/forgotten.html", status=422, form=form)
    actions.ask_reset(form.email.data or "", current(), clock.now())
    return redirect(url_for("joining.look_in_your_mail"), 303)


@joining.get("/this-computer")
@public
def this_computer() -> Response:
    """The form for a mailed link that lets this computer try, whoever else is guessing."""
    return pages.show("accounts/this_computer.html", form=EmailForm(formdata=request.args))


@joining.post("/this-computer")
@public
def ask_this_computer() -> AnyResponse:
    """A mail is on its way."""
    form = EmailForm()
    if not form.validate():
        return pages.show("accounts/this_computer.html", status=422, form=form)
    actions.ask_this_computer(form.email.data or "", current(), clock.now())
    return redirect(url_for("joining.look_in_your_mail"), 303)


# Links in mails


@joining.get("/links/<token>")
@public
def link(token: str) -> Response:
    """What a link is for, and the button that uses it. Opening it changes nothing: mail scanners do."""
    found = links.find(token, clock.now())
    if found is None:
        return pages.private(pages.show("accounts/links/gone.html", status=410))
    name = found.user.name or str(found.facts.get("name", ""))
    return _link_page(found, NewPasswordForm(formdata=None, name=name))


def _link_page(found: Link, form: NewPasswordForm, status: int = 200) -> Response:
    kind = "new_address" if "email" in found.facts else found.kind
    template = {"invitation": "join", "confirm": "join"}.get(kind, kind)
    return pages.private(
        pages.show(
            f"accounts/links/{template}.html",
            status=status,
            form=form,
            link=found,
            openid=queries.openid_service(current().id) if kind == "invitation" else None,
        )
    )


@joining.post("/links/<token>")
@public
@keeps_nothing
def use_link(token: str) -> AnyResponse:
    """What the link is for is done, once."""
    found = links.find(token, clock.now())
    if found is None:
        return pages.private(pages.show("accounts/links/gone.html", status=410))
    if "email" in found.facts:
        return _change_email(found)
    if found.kind == "this_computer":
        return _open_gate(found)
    return _set_password(found)


def _set_password(found: Link) -> AnyResponse:
    form, joins, now = NewPasswordForm(), found.kind != "reset", clock.now()
    name, password = form.name.data or "", form.password.data or ""
    try:
        if form.validate() and joins and not name:
            raise Refusal(_("Type your name"), field="name", status=422)
        if not form.is_refused:
            actions.check_password(found.user, password, current(), name)
    except Refusal as refusal:
        form.refuse(refusal)
    if form.is_refused:
        return _link_page(found, form, status=422)
    kept, provider = passwords.hashed(password), bool(found.facts.get("provider"))
    with short_transaction():
        again = links.find(request.view_args["token"] if request.view_args else "", now)
        if again is None:
            raise Refusal(_("This link has been used, or it is too old. Ask for a new one."))
        user = (
            actions.join(again, kept, name, current(), now)
            if joins
            else actions.reset(again, kept, current(), now)
        )
        user_id = user.id
    if not joins:
        return pages.private(pages.show("accounts/links/reset_done.html"))
    return enter(user_id, how="password", shared=bool(form.shared.data), next=_first_page(provider=provider))


def _first_page(*, provider: bool) -> str:
    """Where somebody begins: a provider at their own desk."""
    there = "provider.home" in current_app.view_functions
    return url_for("provider.home") if provider and there else url_for("account.overview")


def _change_email(found: Link) -> AnyResponse:
    with short_transaction():
        actions.change_email(found, current(), clock.now())
    return pages.private(pages.show("accounts/links/new_address_done.html"))


def _open_gate(found: Link) -> AnyResponse:
    """This browser is known as one of theirs: its tries are counted by themselves."""
    email = found.user.email
    with short_transaction():
        actions.use(found.id, clock.now())
    answer = redirect(url_for("accounts.sign_in", email=email), 303)
    devices.remember(answer, email)
    return answer
