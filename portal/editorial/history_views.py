"""Every version of a document, bringing one back, and links at which drafts can be read."""

import uuid
from itertools import pairwise

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, letters, pages
from portal.councils.views import current
from portal.editorial import actions, comparing, desk, kinds, permissions, previewing, queries
from portal.editorial.opening import by, may_change, opened, sent_number
from portal.permissions import public, requires

document_history = Blueprint("document_history", __name__)
_SHOWN = 20


@document_history.get("/editor/documents/<uuid:document_id>/history")
@requires(permissions.may_read_document)
def history(document_id: uuid.UUID) -> Response:
    """Every version with what it changed, the newest first."""
    found, newest = opened(document_id)
    every = queries.versions(document_id)
    bodies = {one.number: one.body for one in every}
    upto = _number("from") or newest.number
    shown = [one for one in every if one.number <= upto][:_SHOWN]
    before = {one.number: older.body for one, older in pairwise(every)}
    return pages.show(
        "documents/history.html",
        document=found,
        newest=newest,
        steps=[(one, comparing.lines(before.get(one.number, ""), bodies[one.number])) for one in shown],
        older=next((one.number for one in every if shown and one.number < shown[-1].number), 0),
        first=every[-1].number,
        who=desk.names_of(one.author_id for one in shown),
        may_change=may_change(found),
    )


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


@document_history.post("/editor/documents/<uuid:document_id>/restore")
@requires(permissions.may_change_document)
def restore(document_id: uuid.UUID) -> AnyResponse:
    """An older version is the newest draft."""
    found, _newest = opened(document_id, hold=True)
    actions.restore(found, sent_number("old"), seen=sent_number(), by=by(), now=clock.now())
    return redirect(url_for("documents.document", document_id=found.id), 303)


# Links for people without an account


@document_history.post("/editor/documents/share")
@requires(permissions.may_write)
def share() -> Response:
    """The link, shown once."""
    ids = []
    for text in request.form.getlist("document")[:100]:
        try:
            ids.append(uuid.UUID(text))
        except ValueError:
            abort(400)
    council, now = current(), clock.now()
    token = previewing.share(council, ids, by=by(), now=now)
    address = letters.address(council, "document_history.preview", token=token)
    ends_on = clock.uk_time(now + previewing.LASTS).date()
    return pages.show("documents/shared.html", address=address, ends_on=ends_on)


@document_history.get("/preview/<token>")
@public
def preview(token: str) -> Response:
    """What is being written, for whoever has the link."""
    council = current()
    found = previewing.opened(council, token, clock.now())
    if found is None:
        return _unseen(pages.show("documents/gone.html", status=410))
    shown = []
    for document, newest in found:
        kind = kinds.of(document.kind)
        body = previewing.body_of(document, newest)
        html = kind.preview(body, council) if kind.preview else ""
        shown.append((document, newest, kind, html))
    return _unseen(pages.show("documents/preview.html", shown=shown))


def _unseen(response: Response) -> Response:
    """Kept by nobody, and listed by no search engine."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return pages.private(response)
