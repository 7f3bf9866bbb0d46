"""Care managers and administrators: whom the council supports, who may act for them, and who says so."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, forms, pages
from portal.accounts import (
    acting,
    asking,
    granting,
    mandate_telling,
    mandates,
    permissions,
    queries,
    supported,
)
from portal.accounts.mandate_forms import (
    AskForm,
    ChangeForm,
    EvidenceForm,
    FindForm,
    PersonForm,
    TakeForm,
    WhyForm,
)
from portal.accounts.mandate_views import moment, person_of
from portal.accounts.mandates import Who
from portal.accounts.models import Asking, Mandate
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.errors import Refusal
from portal.i18n import _
from portal.permissions import FRESH, requires

care = Blueprint("care", __name__, url_prefix="/care/people")
_LAST_PAGE = 10_000  # half a million people


@care.get("/")
@requires(permissions.may_look_after_people)
def overview() -> Response:
    """Whom the council supports, and what waits for an officer."""
    find, page = FindForm(request.args), request.args.get("page", 1, type=int)
    words, page = forms.plain(find.q.data)[:120], min(max(page, 1), _LAST_PAGE)
    found, more = acting.people(current().id, words, page)
    waiting = acting.waiting(current().id)
    return pages.show(
        "accounts/care/overview.html",
        people=found,
        more=more,
        page=page,
        words=words,
        find=find,
        waiting=waiting,
        names=mandate_telling.names(waiting),
        askings=acting.askings(current().id),
        joinings=queries.joinings(current().id),
        today=clock.today(),
    )


@care.get("/add")
@requires(permissions.may_look_after_people)
def add() -> Response:
    """The form for somebody whom the council supports."""
    return pages.show("accounts/care/add.html", form=PersonForm(forms.typed()))


@care.post("/add")
@requires(permissions.may_look_after_people)
def save() -> AnyResponse:
    """They are written down."""
    form, at = PersonForm(forms.typed()), moment()
    try:
        if form.validate():
            made = supported.add(
                current(), form.name.data or "", form.reference.data or "", by=at.by, now=at.now
            )
            return redirect(url_for("care.person", person_id=made.id), 303)
    except Refusal as refusal:
        form.refuse(refusal)
    return pages.show("accounts/care/add.html", status=422, form=form)


@care.get("/<uuid:person_id>")
@requires(permissions.may_look_after)
def person(person_id: uuid.UUID) -> Response:
    """One of them: who may act for them and how that stands, who has looked, and the history. The look is noted."""
    supported.look(person_of(person_id), somebody(), clock.now())
    found = acting.mandates_of(person_id)
    return pages.show(
        "accounts/care/person.html",
        person=person_of(person_id),
        joining=queries.joining_of(person_id),
        mandates=found,
        names=mandate_telling.names(found),
        told=mandate_telling.history(person_id),
        lookers=mandate_telling.lookers(person_id),
        today=clock.today(),
    )


@care.get("/<uuid:person_id>/correct")
@requires(permissions.may_look_after)
def correct(person_id: uuid.UUID) -> Response:
    """The form to put a name or a reference right."""
    found = person_of(person_id)
    return pages.show("accounts/care/correct.html", form=PersonForm(forms.typed(), obj=found), person=found)


@care.post("/<uuid:person_id>/correct")
@requires(permissions.may_look_after)
def save_correction(person_id: uuid.UUID) -> AnyResponse:
    """It is right."""
    form, at, found = PersonForm(forms.typed()), moment(), person_of(person_id)
    try:
        if form.validate():
            new = (form.name.data or "", form.reference.data or "")
            supported.correct(found, current(), *new, by=at.by, now=at.now)
            return redirect(url_for("care.person", person_id=person_id), 303)
    except Refusal as refusal:
        form.refuse(refusal)
    return pages.show("accounts/care/correct.html", status=422, form=form, person=found)


# Asking


@care.get("/<uuid:person_id>/ask")
@requires(permissions.may_look_after)
def ask(person_id: uuid.UUID) -> Response:
    """The form to ask that somebody may act for a person."""
    return _ask_page(person_id, AskForm(forms.typed()))


def _ask_page(person_id: uuid.UUID, form: AskForm, status: int = 200) -> Response:
    circle = acting.circle_of(person_id)
    found = person_of(person_id)
    return pages.show("accounts/care/ask.html", status=status, form=form, person=found, circle=circle)


@care.post("/<uuid:person_id>/ask")
@requires(permissions.may_look_after, fresh=FRESH)
def send_ask(person_id: uuid.UUID) -> AnyResponse:
    """It waits to be granted."""
    form, at, found = AskForm(forms.typed()), moment(), person_of(person_id)
    try:
        if form.validate():
            terms = form.terms(at.today)
            made = mandates.ask(found, _who(form, terms.basis), terms, at)
            return redirect(url_for("care.mandate", mandate_id=made.id), 303)
    except Refusal as refusal:
        form.refuse(refusal)
    return _ask_page(person_id, form, 422)


def _who(form: AskForm, basis: str) -> Who:
    """Whoever has this address; for a managed account, the organisation that they own or manage."""
    email, now = form.email.data or "", clock.now()
    if basis != "managed":
        return Who(granting.found_or_new(email, form.name.data or "", now))
    return Who(organisation_id=mandates.organisation_run_by(email, form.name.data or ""))


# One mandate


@care.get("/mandates/<uuid:mandate_id>")
@requires(permissions.may_decide_mandate)
def mandate(mandate_id: uuid.UUID) -> Response:
    """What it is for, how it stands, and what an officer can do about it."""
    found, typed = _mandate(mandate_id), forms.typed()
    return _mandate_page(found, evidence=EvidenceForm(typed), why=_why(typed))


def _why(typed: Any) -> WhyForm:
    return WhyForm(typed, label=_("Why?"))


def _mandate_page(
    found: Mandate, *, evidence: EvidenceForm | None = None, why: WhyForm | None = None, status: int = 200
) -> Response:
    return pages.show(
        "accounts/care/mandate.html",
        status=status,
        mandate=found,
        acts=mandate_telling.who(found),
        told=mandate_telling.history(found.person_id, {found.id}),
        evidence=evidence or EvidenceForm(None),
        why=why or _why(None),
        me=somebody(),
        today=clock.today(),
    )


def _mandate(mandate_id: uuid.UUID, *, hold: bool = False) -> Mandate:
    return (acting.held if hold else acting.mandate)(current().id, mandate_id) or abort(404)


def _back(found: Mandate) -> AnyResponse:
    return redirect(url_for("care.mandate", mandate_id=found.id), 303)


@care.post("/mandates/<uuid:mandate_id>/grant")
@requires(permissions.may_decide_mandate, fresh=FRESH)
def grant(mandate_id: uuid.UUID) -> AnyResponse:
    """The first officer has seen the papers."""
    found, form = _mandate(mandate_id, hold=True), EvidenceForm(forms.typed())
    if not form.validate():
        return _mandate_page(found, evidence=form, status=422)
    mandates.grant(found, form.evidence.data or "", moment())
    return _back(found)


@care.post("/mandates/<uuid:mandate_id>/approve")
@requires(permissions.may_decide_mandate, fresh=FRESH)
def approve(mandate_id: uuid.UUID) -> AnyResponse:
    """The second officer agrees."""
    found = _mandate(mandate_id, hold=True)
    mandates.approve(found, moment())
    return _back(found)


@care.post("/mandates/<uuid:mandate_id>/refuse")
@requires(permissions.may_decide_mandate)
def refuse(mandate_id: uuid.UUID) -> AnyResponse:
    """Nothing comes of it."""
    return _with_why(mandate_id, lambda found, why: mandates.refuse(found, why, moment()))


@care.post("/mandates/<uuid:mandate_id>/end")
@requires(permissions.may_decide_mandate)
def end(mandate_id: uuid.UUID) -> AnyResponse:
    """It is over, at once."""
    return _with_why(mandate_id, lambda found, why: mandates.end(found, why, moment(), side="officer"))


def _with_why(mandate_id: uuid.UUID, act: Callable[[Mandate, str], None]) -> AnyResponse:
    found, form = _mandate(mandate_id, hold=True), _why(forms.typed())
    try:
        if form.validate():
            act(found, form.why.data or "")
            return _back(found)
    except Refusal as refusal:
        if refusal.field is None:
            raise
        form.refuse(refusal)
    return _mandate_page(found, why=form, status=422)


@care.get("/mandates/<uuid:mandate_id>/change")
@requires(permissions.may_decide_mandate)
def change(mandate_id: uuid.UUID) -> Response:
    """The form for other limits, days or scope."""
    found = _mandate(mandate_id)
    return _change_page(found, ChangeForm.of(found, forms.typed()))


def _change_page(found: Mandate, form: ChangeForm, status: int = 200) -> Response:
    acts = mandate_telling.who(found)
    return pages.show("accounts/care/change.html", status=status, mandate=found, form=form, acts=acts)


@care.post("/mandates/<uuid:mandate_id>/change")
@requires(permissions.may_decide_mandate, fresh=FRESH)
def save_change(mandate_id: uuid.UUID) -> AnyResponse:
    """It waits for a second officer, and the old one holds until then."""
    found, form, at = _mandate(mandate_id, hold=True), ChangeForm(forms.typed()), moment()
    try:
        if form.validate():
            return _back(mandates.change(found, form.terms(at.today), form.evidence.data or "", at))
    except Refusal as refusal:
        form.refuse(refusal)
    return _change_page(found, form, 422)


# Somebody who would like to act


@care.get("/askings/<uuid:asking_id>")
@requires(permissions.may_settle_asking)
def asked(asking_id: uuid.UUID) -> Response:
    """What they wrote, and the people whom they may mean."""
    found, typed = _asking(asking_id), forms.typed()
    return _asked_page(found, _take_form(found, typed), _why(typed))


def _take_form(found: Asking, typed: Any) -> TakeForm:
    """The form, with the people to choose from whose name or reference was looked for."""
    form = TakeForm(typed, for_="representative", named=False, scope=found.scope, basis=found.basis)
    meant, _more = acting.people(current().id, _sought(found))
    form.person.choices = [(str(one.id), ", ".join(filter(None, (one.name, one.reference)))) for one in meant]
    return form


def _sought(found: Asking) -> str:
    return forms.plain(request.args.get("q", found.person_name))[:120]


def _asked_page(found: Asking, form: TakeForm, why: WhyForm, status: int = 200) -> Response:
    sought = _sought(found)
    return pages.show(
        "accounts/care/asked.html",
        status=status,
        asking=found,
        sought=sought,
        find=FindForm(q=sought),
        form=form,
        why=why,
    )


def _asking(asking_id: uuid.UUID, *, hold: bool = False) -> Asking:
    return acting.asking(current().id, asking_id, hold=hold) or abort(404)


@care.post("/askings/<uuid:asking_id>/take")
@requires(permissions.may_settle_asking, fresh=FRESH)
def take(asking_id: uuid.UUID) -> AnyResponse:
    """The officer knows who is meant: it is a mandate that waits to be granted."""
    found, at = _asking(asking_id, hold=True), moment()
    form = _take_form(found, forms.typed())
    try:
        if form.validate():
            made = asking.take(found, person_of(uuid.UUID(form.person.data)), form.terms(at.today), at)
            return redirect(url_for("care.mandate", mandate_id=made.id), 303)
    except Refusal as refusal:
        if refusal.field == "email":  # there is no such box here: it is about the two of them
            refusal.field = "person"
        form.refuse(refusal)
    return _asked_page(found, form, _why(None), 422)


@care.post("/askings/<uuid:asking_id>/refuse")
@requires(permissions.may_settle_asking)
def refuse_asking(asking_id: uuid.UUID) -> AnyResponse:
    """Nothing comes of it, and they are told why."""
    found, form = _asking(asking_id, hold=True), _why(forms.typed())
    try:
        if form.validate():
            asking.refuse(found, form.why.data or "", moment())
            return redirect(url_for("care.overview"), 303)
    except Refusal as refusal:
        form.refuse(refusal)
    return _asked_page(found, _take_form(found, None), form, 422)
