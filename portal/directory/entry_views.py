"""Writing an entry, one question at a time: the same pages for providers and for editors who write for small groups.

What is answered is kept at once. What somebody else changed meanwhile is never written over unseen.
"""

import uuid
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, forms, pages
from portal.accounts.granting import By
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.directory import (
    desk_queries,
    differences,
    guided,
    impartial,
    permissions,
    previewing,
    proposing,
    questions_of_trust,
    versions,
)
from portal.directory.models import Proposal
from portal.directory.steps import Several, Step, TextAreaField, Writing, within
from portal.errors import Refusal
from portal.forms import Form
from portal.i18n import _
from portal.permissions import requires

entries = Blueprint("entries", __name__)


class SendForm(Form):
    """What the council should know, before it is sent."""

    note = TextAreaField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.note.label.text = _("Is there anything that the council should know? (if you like)")


def by() -> By:
    """Who is at the desk."""
    return By(somebody().id, somebody().actor, somebody().name)


def desk_home(proposal: Proposal) -> str:
    """The address of the desk that a proposal is written at."""
    return url_for("editor.queue" if proposal.by_editor else "provider.home")


def _writing(proposal_id: uuid.UUID, *, hold: bool = False) -> Writing:
    find = desk_queries.held_proposal if hold else desk_queries.proposal
    proposal = find(current().id, proposal_id)
    if proposal is None or not _is_at_its_desk(proposal):
        abort(404)
    acts_for = [one for one, kind in somebody().organisations.items() if kind in permissions.WRITERS]
    mine = desk_queries.organisations(current().id, acts_for) if acts_for else {}
    return Writing(proposal, current(), mine, clock.today())


def _is_at_its_desk(proposal: Proposal) -> bool:
    """The editors' addresses open what editors write or settle, the providers' what providers write."""
    if request.blueprint == "editor_entries":
        return permissions.may_settle_proposal(somebody(), proposal.id)
    return not proposal.by_editor


@entries.get("/<uuid:proposal_id>")
@requires(permissions.may_see_entry)
def overview(proposal_id: uuid.UUID) -> Response:
    """How far the entry is, what it says, and what can be done now."""
    writing = _writing(proposal_id)
    proposal = writing.proposal
    return pages.show(
        "directory/provider/entry.html",
        writing=writing,
        proposal=proposal,
        changes=differences.between(proposing.base_of(proposal), writing.draft),
        at_once=_is_public_at_once(proposal),
        questions=_questions(writing),
        missing=guided.missing(writing),
        may_write=permissions.may_write_entry(somebody(), proposal_id),
        home=desk_home(proposal),
    )


def _questions(writing: Writing) -> list[tuple[str, str, bool]]:
    """(key, question, whether it is answered) of all that is asked."""
    answered = guided.answered(writing)
    return [(key, guided.STEPS[key].title(), key in answered) for key in guided.order(writing)]


def _step(writing: Writing, key: str) -> type[Step]:
    if key not in guided.STEPS or key not in guided.order(writing):
        abort(404)
    return guided.STEPS[key]


@entries.get("/<uuid:proposal_id>/<key>")
@requires(permissions.may_write_entry)
def step(proposal_id: uuid.UUID, key: str) -> AnyResponse:
    """One question, with what has been answered so far."""
    writing = _writing(proposal_id)
    kind = _step(writing, key)
    if writing.proposal.state not in ("draft", "sent_back"):
        return redirect(url_for(".overview", proposal_id=proposal_id), 303)
    form = kind(writing, forms.typed(), **_chosen(writing, kind))
    if not form.was.data:
        form.was.data = kind.digest(writing)
    return _step_page(writing, form)


def _chosen(writing: Writing, kind: type[Step]) -> dict[str, Any]:
    """The one of several that the address asks to change, as the form has it."""
    text = request.args.get("at", "")
    if not issubclass(kind, Several) or not (text.isascii() and text.isdigit() and len(text) < 4):
        return {}
    items = kind.items(writing)
    if int(text) >= len(items):
        return {}
    return {**kind.of_item(items[int(text)], writing), "at": text}


def _step_page(
    writing: Writing, form: Step, status: int = 200, theirs: tuple[tuple[str, str], ...] = ()
) -> Response:
    keys = guided.order(writing)
    return pages.show(
        "directory/provider/step.html",
        status=status,
        writing=writing,
        proposal=writing.proposal,
        form=form,
        lines=_lines(writing, form),
        number=keys.index(form.key) + 1,
        count=len(keys),
        before=guided.before(writing, form.key),
        after=guided.after(writing, form.key),
        theirs=theirs,
        told=session.pop("told", "") if status == 200 and request.method == "GET" else "",
        home=desk_home(writing.proposal),
        promises=questions_of_trust.Conduct.promises() if form.key == "conduct" else (),
    )


def _lines(writing: Writing, form: Step) -> list[str]:
    """What is there of several, a line each."""
    if not isinstance(form, Several):
        return []
    known = differences.names(writing.draft)
    tell: dict[str, Any] = {
        "venues": differences.venue,
        "times": lambda item, known: differences.time(item[1], known),
        "cost": differences.cost,
        "marks": differences.mark,
    }
    return [tell[form.key](item, known) for item in form.items(writing)]


@entries.post("/<uuid:proposal_id>/<key>")
@requires(permissions.may_write_entry)
def answer(proposal_id: uuid.UUID, key: str) -> AnyResponse:
    """The answer is kept, and the next question comes."""
    writing = _writing(proposal_id, hold=True)
    kind, then = _step(writing, key), request.form.get("then", "on")
    form = kind(writing, forms.typed())
    if form.was.data != kind.digest(writing):
        return _somebody_else(writing, form)
    try:
        if isinstance(form, Several) and then.startswith("take-"):
            return _take_away(writing, form, then.removeprefix("take-"))
        if form.check():
            kept = form.answer(writing)
            _keep(writing, kept)
            return redirect(_next(writing, key, then), 303)
    except Refusal as refusal:
        form.refuse(refusal)
    return _step_page(writing, form, 422)


def _keep(writing: Writing, kept: dict[str, Any]) -> None:
    told, signed = kept.pop("tell", ""), kept.pop("sign", "")
    if signed:
        proposing.sign(writing.proposal, signed, clock.now())
    else:
        proposing.save(writing.proposal, now=clock.now(), **kept)
    if told:
        session["told"] = told


def _next(writing: Writing, key: str, then: str) -> str:
    """Where somebody goes on: with the same question, with the next, or another day."""
    if then == "later":
        return desk_home(writing.proposal)
    where = key if then == "more" else guided.after(writing, key)
    if where == "preview":
        return url_for(".preview", proposal_id=writing.proposal.id)
    return url_for(".step", proposal_id=writing.proposal.id, key=where)


def _take_away(writing: Writing, form: Several, number: str) -> AnyResponse:
    """One of several is gone; what was being typed of another stays."""
    if number.isascii() and number.isdigit() and len(number) < 4:
        _keep(writing, form.without(writing, int(number)))
    if form.is_blank():
        return redirect(_next(writing, form.key, "more"), 303)
    form.at.data = ""
    form.was.data = form.digest(writing)
    form.prepare(writing)
    return _step_page(writing, form)


def _somebody_else(writing: Writing, form: Step) -> Response:
    """Somebody changed the same thing meanwhile: both are on the page, and who sends it again decides."""
    known = differences.names(writing.draft)
    labels = differences.labels()
    theirs = tuple(
        (labels.get(name, name), "; ".join(differences.lines(writing.draft, name, known)))
        for name in form.fields_of
    )
    form.was.data = form.digest(writing)
    return _step_page(writing, form, 409, theirs)


@entries.get("/<uuid:proposal_id>/preview")
@requires(permissions.may_see_entry)
def preview(proposal_id: uuid.UUID) -> Response:
    """The entry as the public would see it."""
    writing = _writing(proposal_id)
    proposal = writing.proposal
    draft = replace(writing.draft, name=writing.draft.name or _("An entry without a name"))
    service = previewing.service_of(draft, proposal.organisation or proposing.run_by(proposal))
    return pages.show(
        "directory/provider/preview.html",
        page=previewing.page(current(), service, clock.today()),
        service=service,
        is_preview=True,
        proposal=proposal,
        before=guided.before(writing, "preview"),
        may_write=permissions.may_write_entry(somebody(), proposal_id),
    )


@entries.get("/<uuid:proposal_id>/send")
@requires(permissions.may_write_entry)
def ready(proposal_id: uuid.UUID) -> AnyResponse:
    """What is still missing; else the button that sends it."""
    writing = _writing(proposal_id)
    if writing.proposal.state not in ("draft", "sent_back"):
        return redirect(url_for(".overview", proposal_id=proposal_id), 303)
    return _send_page(writing, SendForm(forms.typed(), data={"note": writing.proposal.note}))


def _send_page(writing: Writing, form: SendForm, status: int = 200) -> Response:
    missing = guided.missing(writing)
    at_once = _is_public_at_once(writing.proposal)
    titles = {key: kind.title() for key, kind in guided.STEPS.items()}
    return pages.show(
        "directory/provider/send.html",
        status=status,
        writing=writing,
        proposal=writing.proposal,
        form=form,
        missing=missing,
        titles=titles,
        nothing=_nothing_changes(writing.proposal),
        home=desk_home(writing.proposal),
        at_once=at_once,
        who_else=[] if at_once else proposing.who_else(writing.proposal),
    )


def _is_public_at_once(proposal: Proposal) -> bool:
    """What an editor writes does not wait, unless they have a part in it themselves."""
    return proposal.by_editor and not impartial.has_part(somebody().id, proposal)


def _nothing_changes(proposal: Proposal) -> bool:
    if proposal.service_id is None or proposal.suggested:
        return False
    return not differences.between(proposing.base_of(proposal), proposing.draft_of(proposal))


@entries.post("/<uuid:proposal_id>/send")
@requires(permissions.may_write_entry)
def send(proposal_id: uuid.UUID) -> AnyResponse:
    """It waits for an editor; what an editor wrote of others is public at once."""
    writing, form = _writing(proposal_id, hold=True), SendForm()
    proposal = writing.proposal
    try:
        if form.validate() and not guided.missing(writing):
            if _is_public_at_once(proposal):
                return _publish(proposal)
            proposing.send(proposal, within(form.note.data, "note"), by=by(), now=clock.now())
            return redirect(url_for(".overview", proposal_id=proposal_id), 303)
    except Refusal as refusal:
        form.refuse(refusal)
    return _send_page(writing, form, 422)


def _publish(proposal: Proposal) -> AnyResponse:
    """An editor's own words are public at once, unless somebody else's are in the way."""
    service = versions.held(proposal.council_id, proposal.service_id) if proposal.service_id else None
    if proposing.merged(proposal, service).conflicts:
        return redirect(url_for("editor.proposal", proposal_id=proposal.id), 303)
    saved = proposing.approve(
        proposal,
        current(),
        edition=proposal.edition,
        terms=proposal.suggested or None,
        by=by(),
        now=clock.now(),
    )
    return redirect(url_for("editor.listing", service_id=saved.id), 303)


@entries.post("/<uuid:proposal_id>/take-back")
@requires(permissions.may_write_entry)
def take_back(proposal_id: uuid.UUID) -> AnyResponse:
    """It does not wait for the council any more, and can be changed."""
    proposing.take_back(_writing(proposal_id, hold=True).proposal, clock.now())
    return redirect(url_for(".overview", proposal_id=proposal_id), 303)


@entries.get("/<uuid:proposal_id>/withdraw")
@requires(permissions.may_write_entry)
def ask_withdraw(proposal_id: uuid.UUID) -> Response:
    """Are you sure?"""
    proposal = _writing(proposal_id).proposal
    return pages.show(
        "directory/provider/withdraw.html", proposal=proposal, draft=proposing.draft_of(proposal)
    )


@entries.post("/<uuid:proposal_id>/withdraw")
@requires(permissions.may_write_entry)
def withdraw(proposal_id: uuid.UUID) -> AnyResponse:
    """Nothing comes of it."""
    proposal = _writing(proposal_id, hold=True).proposal
    proposing.withdraw(proposal, clock.now())
    return redirect(desk_home(proposal), 303)
