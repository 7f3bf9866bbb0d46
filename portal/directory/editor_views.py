"""The editors' desk: what waits for the council, and settling it."""

import uuid
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, forms, pages
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.directory import (
    claims,
    desk_queries,
    differences,
    impartial,
    permissions,
    proposing,
    questions_of_trust,
    versions,
    voices,
)
from portal.directory.entry_views import by
from portal.directory.models import Claim, Proposal
from portal.directory.provider_views import page_number
from portal.directory.steps import Choice, Radio, TextAreaField, Ticks, within
from portal.errors import Refusal
from portal.forms import Form
from portal.i18n import _
from portal.permissions import requires

editor = Blueprint("editor", __name__, url_prefix="/editor")


class TermsForm(Form):
    """The categories and needs that an editor sets."""

    first = Choice()
    second = Choice()
    third = Choice()
    needs = Ticks()

    def __init__(self, formdata: Any = None, **data: Any) -> None:
        super().__init__(formdata, data=data)
        groups = questions_of_trust.term_groups("category")
        for name, words in (
            ("first", _("The category that fits best")),
            ("second", _("A second one")),
            ("third", _("A third one")),
        ):
            self[name].groups = groups
            self[name].label.text = words
        self.needs.groups = questions_of_trust.term_groups("need")
        self.needs.label.text = _("What it helps with")

    def terms(self) -> list[str]:
        """What was chosen, the best first."""
        categories = [self[name].one() for name in ("first", "second", "third")]
        return list(dict.fromkeys([*filter(None, categories), *self.needs.chosen()]))


class BackForm(Form):
    """What whoever wrote it should change."""

    words = TextAreaField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words.label.text = _("What should they change?")


class ClaimAnswerForm(Form):
    """What somebody may be, or why not."""

    kind = Radio()
    words = TextAreaField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.label.text = _("What will they be?")
        self.kind.choices = [
            ("owner", _("Owner: writes, and says who else may")),
            ("manager", _("Manager: writes")),
        ]
        self.words.label.text = _("Why not, and what can they do?")


@editor.get("/")
@requires(permissions.may_edit)
def queue() -> Response:
    """What waits, the oldest first."""
    council = current()
    return pages.show(
        "directory/editor/queue.html",
        queue=desk_queries.queue(council.id, page_number()),
        waiting=desk_queries.waiting(council.id),
        urgent=voices.urgent(council),
        claims=desk_queries.claims(council.id),
        drafts=desk_queries.own_drafts(council.id, somebody().id),
        draft_of=proposing.draft_of,
    )


@editor.get("/stand-in")
@requires(permissions.may_stand_in)
def stand_in() -> Response:
    """What waits for an administrator, since no editor may settle it."""
    council = current()
    return pages.show(
        "directory/editor/stand_in.html",
        proposals=impartial.proposals_for_administrators(council.id),
        claims=impartial.claims_for_administrators(council.id),
        draft_of=proposing.draft_of,
        is_editor=permissions.may_edit(somebody()),
    )


def _proposal(proposal_id: uuid.UUID, *, hold: bool = False) -> Proposal:
    find = desk_queries.held_proposal if hold else desk_queries.proposal
    found = find(current().id, proposal_id)
    if found is None:
        abort(404)
    return found


@editor.get("/proposals/<uuid:proposal_id>")
@requires(permissions.may_settle_proposal)
def proposal(proposal_id: uuid.UUID) -> Response:
    """What would change, field by field, and what to do about it."""
    return _proposal_page(_proposal(proposal_id), BackForm(forms.typed()))


def _proposal_page(
    found: Proposal, back: BackForm, status: int = 200, terms: TermsForm | None = None, problem: str = ""
) -> Response:
    service = desk_queries.whole(found.council_id, found.service_id) if found.service_id else None
    together = proposing.merged(found, service)
    before = versions.of_service(service) if service else proposing.base_of(found)
    own = impartial.has_part(somebody().id, found)
    suggested = found.suggested or list(together.draft.terms)
    return pages.show(
        "directory/editor/proposal.html",
        status=status,
        proposal=found,
        draft=proposing.draft_of(found),
        service=service,
        changes=differences.between(before, together.draft),
        conflicts=_conflicts(found, before, together.conflicts),
        run_by=proposing.run_by(found),
        suggested=_named(found.suggested),
        terms=terms or TermsForm(None, **questions_of_trust.term_data(suggested)),
        back=back,
        problem=problem,
        open=found.state == "waiting" or (found.by_editor and found.state == "draft"),
        own=own,
        who_else=proposing.who_else(found) if own else [],
        is_editor=permissions.may_edit(somebody()),
    )


def _named(keys: list[str]) -> list[str]:
    names = differences.names().terms
    return [names.get(key, key) for key in keys]


def _conflicts(found: Proposal, now_is: Any, fields: tuple[str, ...]) -> list[dict[str, Any]]:
    """Both people's words for each field that both changed, with what it was before."""
    if not fields:
        return []
    mine, base = proposing.draft_of(found), proposing.base_of(found)
    known, labels = differences.names(mine, base, now_is), differences.labels()
    return [
        {
            "field": field,
            "label": labels.get(field, field),
            "base": differences.lines(base, field, known),
            "theirs": differences.lines(now_is, field, known),
            "mine": differences.lines(mine, field, known),
            "both": "\n\n".join(filter(None, (getattr(now_is, field), getattr(mine, field))))
            if isinstance(getattr(mine, field), str)
            else None,
            "typed": request.form.get(f"words-{field}"),
            "choice": request.form.get(f"choice-{field}", ""),
        }
        for field in fields
    ]


@editor.post("/proposals/<uuid:proposal_id>/approve")
@requires(permissions.may_settle_proposal)
def approve(proposal_id: uuid.UUID) -> AnyResponse:
    """It is public."""
    found, form = _proposal(proposal_id, hold=True), TermsForm(request.form)
    if not form.validate() or not form.terms():
        form.first.errors = [_("Choose at least one category, so that people find it")]
        return _proposal_page(found, BackForm(None), 422, form)
    try:
        saved = proposing.approve(
            found,
            current(),
            edition=_number("edition"),
            terms=form.terms(),
            by=by(),
            now=clock.now(),
            choices=_sent("choice-"),
            words=_sent("words-"),
        )
    except Refusal as refusal:
        if refusal.field is None:
            raise
        return _proposal_page(found, BackForm(None), refusal.status, form, refusal.words)
    return redirect(_after(found, url_for(".listing", service_id=saved.id)), 303)


def _after(settled: Proposal, of_editors: str) -> str:
    """Where somebody goes on who has settled it: an administrator who stood in has no desk here."""
    if permissions.may_edit(somebody()):
        return of_editors
    return url_for(".stand_in")


def _sent(prefix: str) -> dict[str, str]:
    """What was sent about each field under names with this prefix."""
    return {name.removeprefix(prefix): text for name, text in request.form.items() if name.startswith(prefix)}


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@editor.post("/proposals/<uuid:proposal_id>/send-back")
@requires(permissions.may_settle_proposal)
def send_back(proposal_id: uuid.UUID) -> AnyResponse:
    """Whoever wrote it has it again, with words."""
    found, form = _proposal(proposal_id, hold=True), BackForm(request.form)
    try:
        if form.validate():
            words = within(form.words.data, "words")
            proposing.send_back(found, current(), words, edition=_number("edition"), by=by(), now=clock.now())
            return redirect(_after(found, url_for(".queue")), 303)
    except Refusal as refusal:
        if refusal.field is None:
            raise
        form.refuse(refusal)
    return _proposal_page(found, form, 422)


# Writing for small groups


@editor.post("/new")
@requires(permissions.may_edit)
def begin() -> AnyResponse:
    """A new entry is begun."""
    made = proposing.begin(current(), by=by(), now=clock.now(), by_editor=True)
    return redirect(url_for("editor_entries.step", proposal_id=made.id, key="name"), 303)


@editor.post("/listings/<uuid:service_id>/change")
@requires(permissions.may_edit_listing)
def change(service_id: uuid.UUID) -> AnyResponse:
    """A change of an entry is begun, or gone on with."""
    service = versions.held(current().id, service_id)
    if service is None:
        abort(404)
    made = proposing.begin(current(), by=by(), now=clock.now(), by_editor=True, service=service)
    return redirect(url_for("editor_entries.overview", proposal_id=made.id), 303)


# Claims


def _claim(claim_id: uuid.UUID) -> Claim:
    found = desk_queries.claim(current().id, claim_id)
    if found is None:
        abort(404)
    return found


@editor.get("/claims/<uuid:claim_id>")
@requires(permissions.may_settle_claim)
def claim(claim_id: uuid.UUID) -> Response:
    """Who asks for which entries, and why."""
    return _claim_page(_claim(claim_id), ClaimAnswerForm(forms.typed()))


def _claim_page(found: Claim, form: ClaimAnswerForm, status: int = 200) -> Response:
    return pages.show(
        "directory/editor/claim.html",
        status=status,
        claim=found,
        form=form,
        owners=desk_queries.owners(found.organisation_id),
        own=found.user_id == somebody().id,
        administrators=_who_alone(found),
        is_editor=permissions.may_edit(somebody()),
    )


def _who_alone(found: Claim) -> list[str]:
    """The administrators, where it is for them to say yes and whoever looks at the page is none."""
    if permissions.may_stand_in(somebody()) or not impartial.acts_for_people(found.organisation_id):
        return []
    return impartial.administrators(found.council_id)


@editor.post("/claims/<uuid:claim_id>/grant")
@requires(permissions.may_settle_claim)
def grant(claim_id: uuid.UUID) -> AnyResponse:
    """They look after the organisation's entries."""
    return _settle_claim(claim_id, granted=True)


@editor.post("/claims/<uuid:claim_id>/refuse")
@requires(permissions.may_settle_claim)
def refuse(claim_id: uuid.UUID) -> AnyResponse:
    """They do not, and are told why."""
    return _settle_claim(claim_id, granted=False)


def _settle_claim(claim_id: uuid.UUID, *, granted: bool) -> AnyResponse:
    found, form = _claim(claim_id), ClaimAnswerForm(request.form)
    try:
        if form.validate():
            if granted:
                claims.grant(found, current(), form.kind.one(), by=by(), now=clock.now())
            else:
                claims.refuse(found, current(), within(form.words.data, "words"), by=by(), now=clock.now())
            return redirect(url_for(".queue" if permissions.may_edit(somebody()) else ".stand_in"), 303)
    except Refusal as refusal:
        if refusal.field is None:
            raise
        form.refuse(refusal)
    return _claim_page(found, form, 422)
