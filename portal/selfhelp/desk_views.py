"""The editors' desk for conversations: the list, one conversation, its map, trying it out, its figures, publishing."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, forms, pages, registry
from portal.councils.views import current
from portal.editorial import actions, desk, kinds, opening, permissions, queries
from portal.editorial.forms import TextForm
from portal.i18n import _
from portal.permissions import requires
from portal.selfhelp import conditions, drawing, figures, paper, trying
from portal.selfhelp.authoring import Looker
from portal.selfhelp.conversation import Question
from portal.selfhelp.desk_adding_forms import kinds_of_question
from portal.selfhelp.desk_opening import Desk, kept, opened
from portal.selfhelp.documents import KIND
from portal.selfhelp.questions import in_words

conversations = Blueprint("conversations", __name__, url_prefix="/editor/conversations")
_YEAR = dt.timedelta(days=365)


@conversations.app_context_processor
def _names() -> dict[str, Any]:
    return {"condition_words": conditions.in_words, "kind_words": _kind_words, "said_words": in_words}


def _kind_words(question: Question) -> str:
    return dict(kinds_of_question()).get(question.type, question.type)


@conversations.get("/")
@requires(permissions.may_write)
def overview() -> Response:
    """All conversations of the council and the library."""
    rows = [row for row in desk.rows(current(), KIND) if row.language == "en"]
    return pages.show("selfhelp/desk/list.html", rows=rows, today=clock.today())


@conversations.get("/<uuid:document_id>")
@requires(permissions.may_read_document)
def conversation(document_id: uuid.UUID) -> Response:
    """Its pages and questions, what the checks say, and what can be done with it."""
    return conversation_page(opened(document_id))


def conversation_page(
    at: Desk, status: int = 200, problem: str = "", lookers: Sequence[Looker] = ()
) -> Response:
    """One conversation. problem: what could not be done; lookers: what stands in its way."""
    return pages.show(
        "selfhelp/desk/conversation.html",
        status=status,
        at=at,
        conversation=at.conversation,
        kind=kinds.of(at.document.kind),
        public=queries.public(at.id),
        review=kinds.of(at.document.kind).review(at.text),
        who=desk.names_of([at.newest.author_id]),
        trials=[trying.tried(at.conversation, example) for example in at.conversation.examples],
        today=clock.today(),
        problem=problem,
        lookers=lookers,
    )


@conversations.post("/<uuid:document_id>/publish")
@requires(permissions.may_change_document)
def publish(document_id: uuid.UUID) -> AnyResponse:
    """It is public, where the checks let it."""
    at = opened(document_id, hold=True)
    try:
        actions.publish(
            at.document, seen=opening.sent_number(), by=opening.by(), now=clock.now(), today=clock.today()
        )
    except actions.Held as held:
        return conversation_page(at, held.status, held.words)
    return redirect(url_for(".conversation", document_id=at.id), 303)


@conversations.get("/<uuid:document_id>/map")
@requires(permissions.may_read_document)
def routes(document_id: uuid.UUID) -> Response:
    """Its routes as a drawing, with the same as a list."""
    at = opened(document_id)
    return pages.show(
        "selfhelp/desk/map.html",
        at=at,
        sheet=drawing.drawn(at.conversation),
        routes=drawing.routes(at.conversation),
        line=drawing.LINE,
    )


@conversations.get("/<uuid:document_id>/examples/<int:number>")
@requires(permissions.may_read_document)
def try_as(document_id: uuid.UUID, number: int) -> Response:
    """An example's way, step by step, and what comes of it beside what was expected."""
    at = opened(document_id)
    every = at.conversation.examples
    if not 0 < number <= len(every):
        abort(404)
    names = {rule.id: rule.title or rule.id for rule in at.conversation.rules}
    trial = trying.tried(at.conversation, every[number - 1])
    return pages.show("selfhelp/desk/try.html", at=at, trial=trial, names=names, number=number)


@conversations.get("/<uuid:document_id>/coverage")
@requires(permissions.may_read_document)
def coverage(document_id: uuid.UUID) -> Response:
    """What the examples reach, and what none of them does."""
    at = opened(document_id)
    return pages.show("selfhelp/desk/coverage.html", at=at, coverage=trying.coverage(at.conversation))


@conversations.get("/<uuid:document_id>/figures")
@requires(permissions.may_read_document)
def drop_out(document_id: uuid.UUID) -> Response:
    """Where people skip or leave."""
    at = opened(document_id)
    since = clock.today() - _YEAR
    return pages.show(
        "selfhelp/desk/figures.html",
        at=at,
        figures=figures.figures(current().id, at.conversation, since=since),
        since=since,
        fewest=figures.FEWEST,
    )


@conversations.get("/<uuid:document_id>/script")
@requires(permissions.may_read_document)
def script(document_id: uuid.UUID) -> Response:
    """The newest version as a navigator asks it, on paper."""
    at = opened(document_id)
    sheet = paper.paper(at.conversation, name=_("(name)"))
    return pages.show(
        "selfhelp/script.html", paper=sheet, is_draft=True, back=url_for(".conversation", document_id=at.id)
    )


@conversations.get("/<uuid:document_id>/preview/<key>")
@requires(permissions.may_read_document)
def preview(document_id: uuid.UUID, key: str) -> Response:
    """A page as a visitor meets it, with every question that may stand on it."""
    at = opened(document_id)
    page = at.conversation.page_by_id.get(key) or abort(404)
    name = _("Sam") if request.args.get("about") == "someone" else ""
    return pages.show("selfhelp/desk/preview.html", at=at, page=page, name=name)


@conversations.route("/<uuid:document_id>/text", methods=["GET", "POST"])
@requires(permissions.may_change_document)
def as_text(document_id: uuid.UUID) -> AnyResponse:
    """The whole file, for what the forms cannot say."""
    at = opened(document_id, hold=request.method == "POST")
    form = TextForm(request.form if request.method == "POST" else forms.typed(), data={"text": at.text})
    if request.method == "POST" and form.validate():
        return kept(
            at, lambda _old: form.body(), form.note.data or "", url_for(".conversation", document_id=at.id)
        )
    number = form.number.data or at.newest.number
    return pages.show("selfhelp/desk/text.html", at=at, form=form, number=number)


def init_app(app: Flask) -> None:
    """The desk is there, in the navigation of editors."""
    from portal.selfhelp import desk_adding_views, desk_changing_views, desk_words_views, paper_views

    for blueprint in (
        conversations,
        desk_changing_views.changing,
        desk_adding_views.adding,
        desk_words_views.words,
        paper_views.on_paper,
    ):
        app.register_blueprint(blueprint)
    registry.add_to_navigation(
        app,
        registry.NavItem(
            "conversations.overview", lambda: _("Conversations"), 45, may=permissions.may_write, of="editor"
        ),
    )
