"""A council's own words over parts of a shared document, and its own copy of one."""

import uuid

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, pages
from portal.councils.views import current
from portal.editorial import actions, comparing, desk, kinds, parts, permissions, queries
from portal.editorial.models import Document, Version
from portal.editorial.opening import by, opened, sent_number
from portal.errors import Refusal
from portal.forms import plain
from portal.i18n import _
from portal.permissions import requires

document_words = Blueprint("document_words", __name__, url_prefix="/editor/documents")


def _own(shared: Document) -> tuple[Document | None, Version | None]:
    own = queries.of_key(shared.kind, shared.key, current().id, shared.language)
    return own, queries.newest(own.id) if own else None


@document_words.get("/<uuid:document_id>/words")
@requires(permissions.may_lay_words_over)
def words(document_id: uuid.UUID) -> AnyResponse:
    """Each part of the shared document, with the council's own words."""
    shared, _newest = opened(document_id)
    own, newest = _own(shared)
    if own and newest and newest.over_number is None:
        return redirect(url_for("documents.document", document_id=own.id), 303)
    said = parts.read_own(newest.body) if newest else {}
    return _words_page(shared, own, newest, said)


def _words_page(
    shared: Document,
    own: Document | None,
    newest: Version | None,
    said: dict[str, str],
    status: int = 200,
    problem: str = "",
) -> Response:
    public = queries.public(shared.id)
    beneath = desk.beneath(own, newest) if own and newest else None
    return pages.show(
        "documents/words.html",
        status=status,
        shared=shared,
        own=own,
        number=newest.number if newest else 0,
        public=public,
        parts=parts.of(public.body, kinds.of(shared.kind).suffix) if public else [],
        said=said,
        beneath=comparing.lines(beneath[0].body, beneath[1].body) if beneath else [],
        problem=problem,
    )


@document_words.post("/<uuid:document_id>/words")
@requires(permissions.may_lay_words_over)
def save(document_id: uuid.UUID) -> AnyResponse:
    """The council's words are a draft."""
    shared, _newest = opened(document_id, hold=True)
    said = {
        name.removeprefix("part-"): plain(text)
        for name, text in request.form.items()
        if name.startswith("part-")
    }
    try:
        saved = actions.overlay(current(), shared, said, seen=sent_number(), by=by(), now=clock.now())
    except actions.Moved as moved:
        own, newest = _own(shared)
        problem = _("A colleague saved other words meanwhile. Theirs stand below yours: make one of both.")
        return _words_page(shared, own, newest, _both(said, moved.newest), 409, problem)
    except Refusal as refusal:
        own, newest = _own(shared)
        return _words_page(shared, own, newest, said, refusal.status, refusal.words)
    return redirect(url_for("documents.document", document_id=saved.document_id), 303)


def _both(mine: dict[str, str], newest: Version) -> dict[str, str]:
    """Both people's words for each part, where they differ."""
    theirs = parts.read_own(newest.body)
    return {
        key: "\n\n".join(dict.fromkeys(filter(None, (mine.get(key, ""), theirs.get(key, "")))))
        for key in mine.keys() | theirs.keys()
    }


@document_words.post("/<uuid:document_id>/copy")
@requires(permissions.may_lay_words_over)
def copy(document_id: uuid.UUID) -> AnyResponse:
    """The council's own document, which says at first what the shared one says."""
    shared, newest = opened(document_id, hold=True)
    own, own_newest = _own(shared)
    suffix, base = kinds.of(shared.kind).suffix, queries.public(shared.id) or newest
    note = _("A copy of the shared one, version %(number)s", number=base.number)
    if own is None:
        body = parts.laid_over(base.body, suffix, {})
        own = actions.begin(current(), shared.kind, shared.key, body, by=by(), now=clock.now(), note=note)
    elif own_newest is not None and own_newest.over_number is not None:
        body = parts.laid_over(base.body, suffix, parts.read_own(own_newest.body))
        actions.save(own, body, seen=own_newest.number, by=by(), now=clock.now(), note=note)
    return redirect(url_for("documents.document", document_id=own.id), 303)
