"""A person and whoever acts for them: who may do what, asking for it, the whole history, and the end at once."""

import uuid
from typing import Any

from flask import Blueprint, Response, abort, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, forms, pages
from portal.accounts import acting, asking, granting, mandate_telling, mandates, permissions, supported
from portal.accounts.granting import By
from portal.accounts.mandate_forms import AskForm, AskingForm, WhyForm
from portal.accounts.mandates import Moment, Who
from portal.accounts.models import Asking, Mandate, Person
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.errors import Refusal
from portal.i18n import _
from portal.permissions import FRESH, requires

# The blueprint's name is "mandates"; its pages are about people.
desk = Blueprint("mandates", __name__, url_prefix="/account/people")


def moment() -> Moment:
    """Here, now, and by whoever is signed in."""
    by = By(somebody().id, somebody().actor, somebody().name)
    return Moment(current(), by, clock.now(), clock.today())


@desk.get("/")
@requires(permissions.signed_in)
def overview() -> Response:
    """For whom they act, and who acts for them."""
    me, for_me = acting.own(somebody()), list[Mandate]()
    if me:
        for_me = list(acting.mandates_of(me.id))
    mine = list(acting.mandates_by(somebody()))
    return pages.show(
        "accounts/mandates/overview.html",
        me=me,
        for_me=for_me,
        mine=mine,
        names=mandate_telling.names([*for_me, *mine]),
        askings=acting.askings_by(somebody()),
        told=mandate_telling.history(me.id) if me else [],
        lookers=mandate_telling.lookers(me.id) if me else [],
        today=clock.today(),
    )


# A person names who is to act


@desk.get("/ask")
@requires(permissions.may_name_representative)
def ask() -> Response:
    """The form to name somebody who is to act for them."""
    return _ask_page(AskForm(forms.typed(), for_="person"))


def _ask_page(form: AskForm, status: int = 200) -> Response:
    return pages.show("accounts/mandates/ask.html", status=status, form=form)


@desk.post("/ask")
@requires(permissions.may_name_representative, fresh=FRESH)
def send_ask() -> AnyResponse:
    """It waits for two officers to agree."""
    form, at, me = AskForm(forms.typed(), for_="person"), moment(), acting.own(somebody())
    assert me is not None
    if not form.validate():
        return _ask_page(form, 422)
    try:
        named = granting.found_or_new(form.email.data or "", form.name.data or "", at.now)
        mandates.ask(me, Who(named), form.terms(at.today), at)
    except Refusal as refusal:
        form.refuse(refusal)
        return _ask_page(form, 422)
    return redirect(url_for("mandates.overview"), 303)


# Somebody would like to act for a person


@desk.get("/ask-to-act")
@requires(permissions.signed_in)
def ask_to_act() -> Response:
    """The form for whoever would like to act for somebody."""
    return pages.show("accounts/mandates/ask_to_act.html", form=AskingForm(forms.typed()))


@desk.post("/ask-to-act")
@requires(permissions.signed_in)
def send_ask_to_act() -> AnyResponse:
    """It waits for an officer to find out who is meant."""
    form = AskingForm(forms.typed())
    try:
        if form.validate():
            asking.ask(somebody(), current(), _asking(form), clock.now())
    except Refusal as refusal:
        form.refuse(refusal)
    if form.is_refused:
        return pages.show("accounts/mandates/ask_to_act.html", status=422, form=form)
    return redirect(url_for("mandates.overview"), 303)


def _asking(form: AskingForm) -> Asking:
    said = {name: getattr(form, name).data or "" for name in ("person_name", "about", "basis", "scope")}
    return Asking(**said)


# Acting for somebody


def acting_page(template: str, person_id: uuid.UUID, scope: str = "view", **context: Any) -> Response:
    """A page about a person for themselves or for who acts for them. Its template extends accounts/for.html.

    That somebody else looks is in the person's history before they see anything.
    """
    found = acting.for_person(somebody(), person_id, scope, clock.today())
    if found is None:
        abort(404)  # it has ended between the rule and here
    if found.mandate:
        supported.look(found.person, somebody(), clock.now(), found.on_behalf_of)
    return pages.show(template, acting=found, person=found.person, today=clock.today(), **context)


@desk.get("/<uuid:person_id>")
@requires(permissions.may_act_for("view"))
def person(person_id: uuid.UUID) -> Response:
    """What a person has here, for them and for whoever may see it."""
    mine = [one for one in acting.mandates_by(somebody()) if one.person_id == person_id]
    return acting_page(
        "accounts/mandates/person.html",
        person_id,
        mandates=mine,
        names=mandate_telling.names(mine),
        told=mandate_telling.history(person_id, {one.id for one in mine}),
    )


# The end


@desk.get("/mandates/<uuid:mandate_id>/end")
@requires(permissions.may_end_mandate)
def ask_end(mandate_id: uuid.UUID) -> Response:
    """Are you sure?"""
    return _end_page(_mandate(mandate_id), _why(forms.typed()))


def _why(typed: Any) -> WhyForm:
    return WhyForm(typed, label=_("Why? (you need not say)"))


def _end_page(mandate: Mandate, form: WhyForm, status: int = 200) -> Response:
    return pages.show(
        "accounts/mandates/end.html",
        status=status,
        mandate=mandate,
        form=form,
        acts=mandate_telling.who(mandate),
        side=mandates.side_of(mandate, somebody().id),
    )


@desk.post("/mandates/<uuid:mandate_id>/end")
@requires(permissions.may_end_mandate)
def end(mandate_id: uuid.UUID) -> AnyResponse:
    """It is over. Less power needs no proof: somebody in trouble must not look for their codes first."""
    mandate, form = _mandate(mandate_id, hold=True), _why(forms.typed())
    if not form.validate():
        return _end_page(mandate, form, 422)
    mandates.end(mandate, form.why.data or "", moment(), side=mandates.side_of(mandate, somebody().id))
    return redirect(url_for("mandates.overview"), 303)


def _mandate(mandate_id: uuid.UUID, *, hold: bool = False) -> Mandate:
    found = (acting.held if hold else acting.mandate)(current().id, mandate_id)
    if found is None:
        abort(404)
    return found


def person_of(person_id: uuid.UUID) -> Person:
    """Somebody whom this council supports; 404 for anybody else."""
    return acting.person(current().id, person_id) or abort(404)
