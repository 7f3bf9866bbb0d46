"""Officers join somebody whom the council supports to an account of their own: one asks, another agrees."""

import uuid

from flask import Response, abort, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import forms, pages
from portal.accounts import permissions, queries, supported
from portal.accounts.care_views import care
from portal.accounts.mandate_forms import JoinForm, WhyForm
from portal.accounts.mandate_views import moment, person_of
from portal.accounts.models import Joining
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.errors import Refusal
from portal.i18n import _
from portal.permissions import FRESH, requires

__all__ = ["care"]  # the desk, which has these pages now


@care.get("/<uuid:person_id>/join")
@requires(permissions.may_look_after)
def join(person_id: uuid.UUID) -> Response:
    """The form to say which account is their own."""
    return pages.show("accounts/care/join.html", form=JoinForm(forms.typed()), person=person_of(person_id))


@care.post("/<uuid:person_id>/join")
@requires(permissions.may_look_after, fresh=FRESH)
def ask_join(person_id: uuid.UUID) -> AnyResponse:
    """It waits for another officer."""
    form, at, found = JoinForm(forms.typed()), moment(), person_of(person_id)
    try:
        if form.validate():
            said = (form.email.data or "", form.evidence.data or "")
            made = supported.ask_join(found, *said, by=at.by, now=at.now)
            return redirect(url_for("care.joining", joining_id=made.id), 303)
    except Refusal as refusal:
        form.refuse(refusal)
    return pages.show("accounts/care/join.html", status=422, form=form, person=found)


@care.get("/joinings/<uuid:joining_id>")
@requires(permissions.may_settle_joining)
def joining(joining_id: uuid.UUID) -> Response:
    """Whose account it is said to be, how that was checked, and what an officer can do about it."""
    return _page(queries.joining(current().id, joining_id) or abort(404), _why(forms.typed()))


def _why(typed: object) -> WhyForm:
    return WhyForm(typed, label=_("Why?"))


def _page(found: Joining, why: WhyForm, status: int = 200) -> Response:
    return pages.show("accounts/care/joining.html", status=status, joining=found, why=why, me=somebody())


def _held(joining_id: uuid.UUID) -> Joining:
    return supported.held(current().id, joining_id) or abort(404)


def _back(found: Joining) -> AnyResponse:
    return redirect(url_for("care.person", person_id=found.person_id), 303)


@care.post("/joinings/<uuid:joining_id>/approve")
@requires(permissions.may_settle_joining, fresh=FRESH)
def approve_join(joining_id: uuid.UUID) -> AnyResponse:
    """They have a mail, and from then on see what is theirs."""
    found, at = _held(joining_id), moment()
    supported.approve_join(found, current(), by=at.by, now=at.now)
    return _back(found)


@care.post("/joinings/<uuid:joining_id>/refuse")
@requires(permissions.may_settle_joining)
def refuse_join(joining_id: uuid.UUID) -> AnyResponse:
    """Nothing comes of it."""
    found, form, at = _held(joining_id), _why(forms.typed()), moment()
    if not form.validate():
        return _page(found, form, 422)
    supported.refuse_join(found, form.why.data or "", by=at.by, now=at.now)
    return _back(found)


@care.post("/<uuid:person_id>/part")
@requires(permissions.may_look_after)
def part(person_id: uuid.UUID) -> AnyResponse:
    """The account sees nothing of them any more, from the next click on."""
    at = moment()
    supported.part(person_of(person_id), by=at.by, now=at.now)
    return redirect(url_for("care.person", person_id=person_id), 303)
