"""A provider's owners: who may write its entries and who works for it."""

import uuid
from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, forms, pages
from portal.accounts import granting, permissions, telling
from portal.accounts.forms import InviteForm
from portal.accounts.granting import By
from portal.accounts.models import Membership
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.errors import Refusal
from portal.permissions import FRESH, requires

staff = Blueprint("staff", __name__, url_prefix="/provider/people")


def _by() -> By:
    return By(somebody().id, somebody().actor, somebody().name)


def _owned() -> Sequence[uuid.UUID]:
    """The organisations that they own, always in the same order."""
    return sorted(one for one, kind in somebody().organisations.items() if kind == "owner")


def _organisation(named: str) -> uuid.UUID:
    """The organisation that is meant: the only one, or the one that is named."""
    owned = _owned()
    meant = next((one for one in owned if str(one) == named), owned[0] if not named else None)
    if meant is None:
        abort(404)
    return meant


@staff.get("/")
@requires(permissions.may_manage_staff)
def overview() -> Response:
    """Everybody with a part in what they own."""
    return pages.show(
        "accounts/staff/overview.html",
        staff=granting.staff(_owned()),
        names=telling.organisations(_owned()),
        me=somebody(),
    )


@staff.get("/invite")
@requires(permissions.may_manage_staff)
def invite() -> Response:
    """The form to invite a manager or a worker."""
    return _invite_page(_form())


def _form() -> InviteForm:
    form = InviteForm(forms.typed())
    form.part.choices = telling.memberships()
    return form


def _invite_page(form: InviteForm, status: int = 200) -> Response:
    names = telling.organisations(_owned())
    return pages.show("accounts/staff/invite.html", status=status, form=form, names=names)


@staff.post("/invite")
@requires(permissions.may_manage_staff, fresh=FRESH)
def send_invitation() -> AnyResponse:
    """They have the part, and a mail that tells them."""
    form, now = _form(), clock.now()
    if not form.validate():
        return _invite_page(form, 422)
    try:
        user = granting.found_or_new(form.email.data or "", form.name.data or "", now)
        granting.take_in(user, _organisation(form.organisation.data or ""), form.part.data, by=_by(), now=now)
    except Refusal as refusal:
        form.refuse(refusal)
        return _invite_page(form, 422)
    granting.invite(user, current(), telling.membership(form.part.data), by=_by(), now=now)
    return redirect(url_for("staff.overview"), 303)


@staff.get("/<uuid:membership_id>/end")
@requires(permissions.may_manage_staff)
def ask_end(membership_id: uuid.UUID) -> Response:
    """Are you sure?"""
    return pages.show("accounts/staff/end.html", membership=_membership(membership_id))


@staff.post("/<uuid:membership_id>/end")
@requires(permissions.may_manage_staff, fresh=FRESH)
def end(membership_id: uuid.UUID) -> AnyResponse:
    """They have no part in it any more, and are signed out at once."""
    granting.end_membership(_membership(membership_id), by=_by(), now=clock.now())
    return redirect(url_for("staff.overview"), 303)


def _membership(membership_id: uuid.UUID) -> Membership:
    found = granting.membership(_owned(), membership_id)
    if found is None:
        abort(404)
    return found
