"""The editors' desk for documents: the list, one document, writing it, and making it public."""

import uuid
from typing import Any

from flask import Blueprint, Flask, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, forms, pages, registry
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.db import keeps_nothing
from portal.editorial import (
    actions,
    article_checks,
    comparing,
    desk,
    history_views,
    kinds,
    linking,
    parts,
    permissions,
    plain_words,
    previewing,
    queries,
    reading,
    rendering,
    usefulness,
    words_views,
)
from portal.editorial.forms import ArticleForm, DayForm, NewForm, TextForm
from portal.editorial.models import Document, Version
from portal.editorial.opening import by, may_change, opened, sent_number, state_words
from portal.errors import Refusal
from portal.forms import plain
from portal.i18n import _
from portal.permissions import requires

documents = Blueprint("documents", __name__, url_prefix="/editor/documents")


@documents.app_context_processor
def _names() -> dict[str, Any]:
    return {"state_words": state_words}


@documents.get("/")
@requires(permissions.may_write)
def overview() -> Response:
    """All documents of a kind."""
    known = kinds.every()
    kind = kinds.find(request.args.get("kind", "")) or known[0]
    return pages.show(
        "documents/list.html",
        kinds=known,
        kind=kind,
        rows=desk.rows(current(), kind),
        today=clock.today(),
        can_begin=bool(kind.starter),
    )


@documents.get("/links")
@requires(permissions.may_write)
def links() -> Response:
    """Links out of the site that do not work, with where they stand."""
    council, where = current(), linking.places()
    mine = {a: [p for p in found if p.council_id in (None, council.id)] for a, found in where.items()}
    rows = [(link, mine[link.address]) for link in linking.broken() if mine.get(link.address)]
    return pages.show("documents/links.html", rows=rows)


@documents.get("/new")
@requires(permissions.may_write)
def ask_new() -> Response:
    """What is it, and what is it called?"""
    return _new_page(NewForm(forms.typed(), data={"kind": request.args.get("kind", "article")}))


def _new_page(form: NewForm, status: int = 200) -> Response:
    shared = permissions.may_keep_library(somebody())
    return pages.show("documents/new.html", status=status, form=form, may_share=shared)


@documents.post("/new")
@requires(permissions.may_write)
def begin() -> AnyResponse:
    """It is begun, and can be written."""
    form = NewForm()
    in_library = request.form.get("library") == "yes" and permissions.may_keep_library(somebody())
    if not form.validate():
        return _new_page(form, 422)
    today, key = clock.today(), form.key.data or ""
    body = kinds.of(form.kind.data).starter.format(key=key, today=today, then=today.replace(day=1))
    try:
        made = actions.begin(
            None if in_library else current(), form.kind.data, key, body, by=by(), now=clock.now()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _new_page(form, 422)
    return redirect(url_for(".edit", document_id=made.id), 303)


# One document


@documents.get("/<uuid:document_id>")
@requires(permissions.may_read_document)
def document(document_id: uuid.UUID) -> Response:
    """Where it stands, what the checks say, and what can be done with it."""
    return _document_page(*opened(document_id), DayForm(formdata=None))


def _document_page(
    found: Document, newest: Version, day: DayForm, status: int = 200, problem: str = ""
) -> Response:
    kind, council = kinds.of(found.kind), current()
    own = (
        queries.of_key(found.kind, found.key, council.id, found.language)
        if found.council_id is None
        else None
    )
    return pages.show(
        "documents/document.html",
        status=status,
        document=found,
        kind=kind,
        newest=newest,
        public=queries.public(found.id),
        findings=actions.findings(found, newest, clock.today()),
        may_change=may_change(found),
        own=own,
        shared=queries.shared_of(found) if found.council_id else None,
        parts=parts.of(newest.body, kind.suffix) if found.council_id is None else [],
        beneath=desk.beneath(found, newest),
        uses=desk.used_in(found.council_id, found.kind, found.key),
        told=usefulness.told(council.id, found.id),
        who=desk.names_of([newest.author_id]),
        review=kind.review(previewing.body_of(found, newest)),
        edit_at=_edit_address(found, newest),
        day=day,
        problem=problem,
        today=clock.today(),
    )


def _edit_address(found: Document, newest: Version) -> str:
    """Where it is written: at its kind's own desk, at this one, or beside the shared document."""
    if newest.over_number is not None:
        shared = queries.shared_of(found)
        return url_for("document_words.words", document_id=shared.id) if shared else ""
    return url_for(kinds.of(found.kind).edit or ".edit", document_id=found.id)


# Writing


def _form(found: Document, formdata: Any, body: str | None, number: int) -> TextForm:
    if found.kind in ("article", "page"):
        form: TextForm = ArticleForm(formdata, body, today=clock.today())
    else:
        form = TextForm(formdata, data={"text": body or ""})
    if formdata is None:
        form.number.data = str(number)
    return form


@documents.get("/<uuid:document_id>/edit")
@requires(permissions.may_change_document)
def edit(document_id: uuid.UUID) -> AnyResponse:
    """The newest version, to be written on."""
    found, newest = opened(document_id)
    own_desk = kinds.of(found.kind).edit
    if own_desk or newest.over_number is not None:
        return redirect(_edit_address(found, newest), 303)
    typed = forms.typed()
    return _edit_page(found, _form(found, typed, newest.body if typed is None else None, newest.number))


def _edit_page(
    found: Document, form: TextForm, status: int = 200, body: str | None = None, *, shown: bool = False
) -> Response:
    kind = kinds.of(found.kind)
    return pages.show(
        "documents/edit.html",
        block="preview",
        status=status,
        document=found,
        kind=kind,
        form=form,
        boxes=isinstance(form, ArticleForm),
        shown=shown,
        preview=preview_of(found, body) if shown and body is not None else "",
        findings=kind.check(body, queries.around(found, clock.today())) if shown and body is not None else [],
        advice=article_checks.advice(body) if shown and body is not None else [],
        measure=_measure(body) if shown and body is not None else None,
    )


def preview_of(found: Document, body: str) -> Any:
    """How it will look, where its kind can say so."""
    kind = kinds.of(found.kind)
    return kind.preview(parts.laid_over(body, kind.suffix, {}), current()) if kind.preview else ""


def _measure(body: str) -> plain_words.Measure | None:
    try:
        return plain_words.measure(rendering.words(reading.article(body).text))
    except reading.Unreadable:
        return None


@documents.post("/<uuid:document_id>/edit")
@requires(permissions.may_change_document)
def save(document_id: uuid.UUID) -> AnyResponse:
    """It is saved as a draft."""
    found, newest = opened(document_id, hold=True)
    form = _form(found, request.form, None, newest.number)
    body, status = _body(form)
    if body is not None and plain(body) == plain(newest.body):
        body = newest.body  # line ends of a file are no change
    if body is None:
        return _edit_page(found, form, status)
    try:
        actions.save(found, body, seen=form.seen(), by=by(), now=clock.now(), note=form.note.data or "")
    except actions.Moved as moved:
        return _merge_page(found, form, body, moved.newest)
    return redirect(url_for(".document", document_id=found.id), 303)


@documents.post("/<uuid:document_id>/edit/preview")
@requires(permissions.may_change_document)
@keeps_nothing
def preview(document_id: uuid.UUID) -> Response:
    """What was typed as it would look, with what the checks say. Nothing is saved."""
    found, newest = opened(document_id)
    form = _form(found, request.form, None, newest.number)
    body, status = _body(form)
    return _edit_page(found, form, status, body, shown=True)


def _body(form: TextForm) -> tuple[str | None, int]:
    """(what was typed as one body, 200); nothing where it cannot be put together, with words beside the box."""
    valid = form.validate()
    try:
        body = form.body()
    except reading.Unreadable as error:
        words = _("This cannot be read: %(why)s. Line %(line)s.", why=str(error), line=(error.line or 2) - 1)
        form.refuse(Refusal(words, field="front"))
        return None, 422
    return (body, 200) if valid else (None, 422)


def _merge_page(found: Document, form: TextForm, mine: str, newest: Version) -> Response:
    """Both people's words, brought together as far as lines allow. What is sent from here is written on the newest."""
    seen = queries.version(found.id, form.seen())
    base = seen.body if seen else newest.body
    together = comparing.merged(base, newest.body, mine)
    return pages.show(
        "documents/merge.html",
        status=409,
        document=found,
        newest=newest,
        who=desk.names_of([newest.author_id]).get(newest.author_id) if newest.author_id else "",
        theirs=comparing.lines(base, newest.body),
        mine=comparing.lines(base, mine),
        together=together,
        note=form.note.data or "",
    )


@documents.post("/<uuid:document_id>/merge")
@requires(permissions.may_change_document)
def merge(document_id: uuid.UUID) -> AnyResponse:
    """Both together are the newest draft."""
    found, _newest = opened(document_id, hold=True)
    form = TextForm(request.form)
    body = form.body()
    try:
        actions.save(found, body, seen=form.seen(), by=by(), now=clock.now(), note=form.note.data or "")
    except actions.Moved as moved:
        return _merge_page(found, form, body, moved.newest)
    return redirect(url_for(".document", document_id=found.id), 303)


# Making it public


@documents.post("/<uuid:document_id>/send")
@requires(permissions.may_change_document)
def send(document_id: uuid.UUID) -> AnyResponse:
    """A colleague should look at it."""
    found, _newest = opened(document_id, hold=True)
    actions.send_for_review(found, seen=sent_number(), by=by(), now=clock.now())
    return redirect(url_for(".document", document_id=found.id), 303)


@documents.post("/<uuid:document_id>/publish")
@requires(permissions.may_change_document)
def publish(document_id: uuid.UUID) -> AnyResponse:
    """It is public, where the checks let it."""
    found, newest = opened(document_id, hold=True)
    try:
        actions.publish(found, seen=sent_number(), by=by(), now=clock.now(), today=clock.today())
    except actions.Held as held:
        return _document_page(found, newest, DayForm(formdata=None), held.status, held.words)
    return redirect(url_for(".document", document_id=found.id), 303)


@documents.post("/<uuid:document_id>/schedule")
@requires(permissions.may_change_document)
def schedule(document_id: uuid.UUID) -> AnyResponse:
    """It becomes public on a day to come."""
    found, newest = opened(document_id, hold=True)
    form, today = DayForm(), clock.today()
    if not form.validate() or form.on.day is None:
        return _document_page(found, newest, form, 422)
    try:
        actions.schedule(found, form.on.day, seen=sent_number(), by=by(), now=clock.now(), today=today)
    except actions.Held as held:
        return _document_page(found, newest, form, held.status, held.words)
    except actions.Moved:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _document_page(found, newest, form, refusal.status)
    return redirect(url_for(".document", document_id=found.id), 303)


@documents.get("/<uuid:document_id>/retire")
@requires(permissions.may_change_document)
def ask_retire(document_id: uuid.UUID) -> Response:
    """Where it is used, and are you sure?"""
    found, newest = opened(document_id)
    uses = desk.used_in(found.council_id, found.kind, found.key)
    return pages.show("documents/retire.html", document=found, newest=newest, uses=uses)


@documents.post("/<uuid:document_id>/retire")
@requires(permissions.may_change_document)
def retire(document_id: uuid.UUID) -> AnyResponse:
    """Nobody reads it any more."""
    found, _newest = opened(document_id, hold=True)
    actions.retire(found, seen=sent_number(), by=by(), now=clock.now())
    return redirect(url_for(".document", document_id=found.id), 303)


def init_app(app: Flask) -> None:
    """The desk is there, in the navigation of editors."""
    for desk_of in (documents, words_views.document_words, history_views.document_history):
        app.register_blueprint(desk_of)
    registry.add_to_navigation(
        app,
        registry.NavItem(
            "documents.overview", lambda: _("Articles and more"), 40, may=permissions.may_write, of="editor"
        ),
    )
