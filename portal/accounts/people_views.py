"""Administrators: who works on the council's site, and who has lost every way to show who they are."""

import uuid

from flask import Blueprint, Response, abort, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, forms, pages
from portal.accounts import granting, permissions, recovering, telling
from portal.accounts.forms import InviteForm, RecoveryForm
from portal.accounts.granting import By
from portal.accounts.models import Recovery, Role
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.errors import Refusal
from portal.permissions import FRESH, requires

people = Blueprint("people", __name__, url_prefix="/admin/people")


def _by() -> By:
    return By(somebody().id, somebody().actor, somebody().name)


@people.get("/")
@requires(permissions.may_manage_people)
def overview() -> Response:
    """Everybody who works for the council, and what they do."""
    return pages.show(
        "accounts/people/overview.html",
        roles=granting.people(current().id),
        recoveries=recovering.in_hand(current().id),
        me=somebody(),
    )


@people.get("/invite")
@requires(permissions.may_manage_people)
def invite() -> Response:
    """The form to invite somebody, or to give somebody one more thing to do."""
    return _invite_page(InviteForm(forms.typed()))


def _invite_page(form: InviteForm, status: int = 200) -> Response:
    form.part.choices = telling.roles()
    return pages.show("accounts/people/invite.html", status=status, form=form)


@people.post("/invite")
@requires(permissions.may_manage_people, fresh=FRESH)
def send_invitation() -> AnyResponse:
    """They have the role, and a mail that tells them."""
    form, now = InviteForm(), clock.now()
    form.part.choices = telling.roles()
    if not form.validate():
        return _invite_page(form, 422)
    try:
        user = granting.found_or_new(form.email.data or "", form.name.data or "", now)
        granting.grant_role(user, current(), form.part.data, by=_by(), now=now)
    except Refusal as refusal:
        form.refuse(refusal)
        return _invite_page(form, 422)
    granting.invite(user, current(), telling.role(form.part.data), by=_by(), now=now)
    return redirect(url_for("people.overview"), 303)


@people.get("/roles/<uuid:role_id>/end")
@requires(permissions.may_manage_people)
def ask_end(role_id: uuid.UUID) -> Response:
    """Are you sure?"""
    return pages.show("accounts/people/end.html", role=_role(role_id))


@people.post("/roles/<uuid:role_id>/end")
@requires(permissions.may_manage_people, fresh=FRESH)
def end(role_id: uuid.UUID) -> AnyResponse:
    """They do it no more, and are signed out at once."""
    granting.end_role(_role(role_id), current(), by=_by(), now=clock.now())
    return redirect(url_for("people.overview"), 303)


def _role(role_id: uuid.UUID) -> Role:
    found = granting.role(current().id, role_id)
    if found is None:
        abort(404)
    return found


@people.get("/recover")
@requires(permissions.may_manage_people)
def recover() -> Response:
    """The form for somebody who has lost every second step."""
    return pages.show("accounts/people/recover.html", form=RecoveryForm(forms.typed()))


@people.post("/recover")
@requires(permissions.may_manage_people, fresh=FRESH)
def ask_recovery() -> AnyResponse:
    """It waits for another officer to agree."""
    form = RecoveryForm()
    try:
        if form.validate():
            person = recovering.person(form.email.data or "")
            recovering.ask(person, current(), form.how_checked.data or "", by=_by(), now=clock.now())
    except Refusal as refusal:
        form.refuse(refusal)
    if form.is_refused:
        return pages.show("accounts/people/recover.html", status=422, form=form)
    return redirect(url_for("people.overview"), 303)


@people.post("/recoveries/<uuid:recovery_id>/approve")
@requires(permissions.may_manage_people, fresh=FRESH)
def approve(recovery_id: uuid.UUID) -> AnyResponse:
    """A second officer has agreed."""
    recovering.approve(_recovery(recovery_id), current(), by=_by(), now=clock.now())
    return redirect(url_for("people.overview"), 303)


@people.post("/recoveries/<uuid:recovery_id>/stop")
@requires(permissions.may_manage_people)
def stop(recovery_id: uuid.UUID) -> AnyResponse:
    """Nothing comes of it."""
    recovering.stop(_recovery(recovery_id), current(), by=_by(), now=clock.now())
    return redirect(url_for("people.overview"), 303)


def _recovery(recovery_id: uuid.UUID) -> Recovery:
    found = recovering.recovery(current().id, recovery_id)
    if found is None:
        abort(404)
    return found
