"""A conversation's other languages at the desk: what is translated, what is stale, and translating it."""

import uuid
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, pages
from portal.councils.models import Council
from portal.councils.views import current
from portal.directory.provider_views import page_number
from portal.editorial import actions, opening, permissions, queries
from portal.editorial.models import Document
from portal.i18n import ENGLISH, _
from portal.permissions import requires
from portal.selfhelp import translating
from portal.selfhelp.conversation import Unreadable
from portal.selfhelp.desk_opening import Desk, opened

words = Blueprint(
    "conversation_words", __name__, url_prefix="/editor/conversations/<uuid:document_id>/languages"
)
# Strings that stand on a page: each with a box to write in.
_A_PAGE = 40
# Languages that a conversation may be written in; product.md names them.
LANGUAGES = {"cy": "Cymraeg", "pl": "Polski", "ur": "اردو"}


@words.get("/")
@requires(permissions.may_read_document)
def overview(document_id: uuid.UUID) -> Response:
    """How far each language is."""
    at = opened(document_id)
    rows = [(code, name, _counted(at, code)) for code, name in LANGUAGES.items()]
    return pages.show("selfhelp/desk/languages.html", at=at, rows=rows, states=translating.STATES)


def _counted(at: Desk, language: str) -> dict[str, int]:
    strings = translating.states(at.conversation, _text(_document(at, language)))
    return {state: sum(string.state == state for string in strings) for state in translating.STATES}


def _document(at: Desk, language: str) -> Document | None:
    if language not in LANGUAGES or language == ENGLISH:
        abort(404)
    return queries.of_key(at.document.kind, at.document.key, at.document.council_id, language)


def _text(document: Document | None) -> str:
    """The newest strings; none where there are none, or they cannot be read."""
    newest = queries.newest(document.id) if document else None
    try:
        translating.read(newest.body if newest else "")
    except Unreadable:
        return ""
    return newest.body if newest else ""


@words.get("/<language>")
@requires(permissions.may_read_document)
def language(document_id: uuid.UUID, language: str) -> Response:
    """Every string with its English: what is missing or stale first."""
    at = opened(document_id)
    document = _document(at, language)
    every = translating.states(at.conversation, _text(document))
    newest = queries.newest(document.id) if document else None
    only = request.args.get("only", "")
    shown = [string for string in every if only not in translating.STATES or string.state == only]
    last = max(1, -(-len(shown) // _A_PAGE))
    number = max(1, min(page_number(), last))
    return pages.show(
        "selfhelp/desk/language.html",
        at=at,
        code=language,
        name=LANGUAGES[language],
        strings=shown[(number - 1) * _A_PAGE : number * _A_PAGE],
        only=only,
        place={"number": number, "last": last},
        counts=_counted(at, language),
        document=document,
        number=newest.number if newest else 0,
        is_public=newest is not None and newest.state == "published",
    )


@words.post("/<language>")
@requires(permissions.may_change_document)
def translate(document_id: uuid.UUID, language: str) -> AnyResponse:
    """One string is translated from the English as it is now."""
    at = opened(document_id)
    document, key = _document(at, language), request.form.get("key", "")
    if key not in translating.strings(at.conversation):
        abort(404)
    text = translating.with_string(_text(document), at.conversation, key, request.form.get("text", ""))
    by, now = opening.by(), clock.now()
    if document is None:
        actions.begin(
            _council(at), at.document.kind, at.document.key, text, by=by, now=now, language=language
        )
    else:
        seen = queries.newest(document.id)
        assert seen is not None
        # A string is a change of its own: what others translated meanwhile stays as it is.
        actions.save(document, text, seen=seen.number, by=by, now=now, note=_("String %(key)s", key=key))
    back: dict[str, Any] = {"only": request.args.get("only"), "page": page_number()}
    return redirect(url_for(".language", document_id=at.id, language=language, _anchor=key, **back), 303)


def _council(at: Desk) -> Council | None:
    return current() if at.document.council_id else None


@words.post("/<language>/publish")
@requires(permissions.may_change_document)
def publish(document_id: uuid.UUID, language: str) -> AnyResponse:
    """The strings are public."""
    at = opened(document_id)
    document = _document(at, language) or abort(404)
    actions.publish(
        document, seen=opening.sent_number(), by=opening.by(), now=clock.now(), today=clock.today()
    )
    return redirect(url_for(".language", document_id=at.id, language=language), 303)
