"""What people told the council, for its editors, and feedback for its brokers."""

import uuid

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, pages
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.directory import upkeep_permissions, voice_forms, voices
from portal.directory.models import VOICE_STATES, Voice
from portal.directory.voice_forms import NoteForm
from portal.errors import Refusal
from portal.forms import typed
from portal.permissions import requires

voices_desk = Blueprint("voices_desk", __name__, url_prefix="/editor/voices")


@voices_desk.get("/")
@requires(upkeep_permissions.may_hear_voices)
def overview() -> Response:
    """What people told us: open, held, done."""
    state, page = request.args.get("state", "open"), request.args.get("page", "1")
    kinds, kind = voices.heard_by(somebody().roles), request.args.get("kind", "")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 5 and int(page) > 0 else 1
    state = state if state in VOICE_STATES else "open"
    return pages.show(
        "directory/voices/overview.html",
        desk=voices.desk(current(), [kind] if kind in kinds else kinds, state, number),
        state=state,
        kind=kind if kind in kinds else "",
        kinds=kinds,
        page=number,
        shown=voices.SHOWN,
        say=voice_forms,
    )


@voices_desk.get("/<uuid:voice_id>")
@requires(upkeep_permissions.may_hear_voices)
def voice(voice_id: uuid.UUID) -> Response:
    """One of them, and what can be done with it."""
    return _page(_voice(voice_id), NoteForm(typed()))


def _page(found: Voice, form: NoteForm, status: int = 200) -> Response:
    return pages.show("directory/voices/voice.html", status=status, voice=found, form=form, say=voice_forms)


@voices_desk.post("/<uuid:voice_id>/done")
@requires(upkeep_permissions.may_hear_voices)
def done(voice_id: uuid.UUID) -> AnyResponse:
    """It is done, with a note."""
    found, form = _voice(voice_id), NoteForm()
    try:
        if form.validate():
            note, by = form.note.data or "", somebody()
            voices.settle(found, "done", note, by=by.name or by.email, actor=by.actor, now=clock.now())
    except Refusal as refusal:
        form.refuse(refusal)
    return _page(found, form, 422) if form.is_refused else _back()


@voices_desk.post("/<uuid:voice_id>/spam")
@requires(upkeep_permissions.may_hear_voices)
def throw_away(voice_id: uuid.UUID) -> AnyResponse:
    """A person has looked at it: it is a robot's."""
    by = somebody()
    voices.settle(_voice(voice_id), "spam", "", by=by.name or by.email, actor=by.actor, now=clock.now())
    return _back()


@voices_desk.post("/<uuid:voice_id>/open")
@requires(upkeep_permissions.may_hear_voices)
def take_up(voice_id: uuid.UUID) -> AnyResponse:
    """A person has looked at it: there is something to do."""
    found = _voice(voice_id)
    voices.take_up(found, current(), actor=somebody().actor, now=clock.now())
    return redirect(url_for("voices_desk.voice", voice_id=found.id), 303)


def _back() -> AnyResponse:
    return redirect(url_for("voices_desk.overview"), 303)


def _voice(voice_id: uuid.UUID) -> Voice:
    found = voices.one(current(), voices.heard_by(somebody().roles), voice_id)
    if found is None:
        abort(404)
    return found
