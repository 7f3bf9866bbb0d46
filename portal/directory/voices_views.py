"""What the public tells the council: how a service was, what is wrong in a listing, what is missing."""

import uuid
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, pages
from portal.councils.views import current
from portal.directory import freshness, queries, voices
from portal.directory.models import Service, Voice
from portal.directory.voice_forms import FeedbackForm, ReportForm, SuggestForm, VoiceForm
from portal.directory.voices import Said
from portal.forms import typed
from portal.permissions import public

heard = Blueprint("voices", __name__)


def tell(form: VoiceForm, said: Said, *, signs: bool = True) -> Voice:
    """What a form says is told."""
    return voices.tell(
        current(), said, form.signs() if signs else None, request.remote_addr or "", clock.now()
    )


def told(voice: Voice) -> AnyResponse:
    """The page that says thank you, and, where somebody may be in danger, whom to ring now."""
    return redirect(url_for("voices.thanks", ring="now" if voice.urgent else None), 303)


def who(form: VoiceForm) -> dict[str, Any]:
    """What every form asks: the words, and who says them."""
    return {"words": form.words.data or "", "name": form.name.data or "", "email": form.email.data or ""}


def _service(service_id: uuid.UUID) -> Service:
    found = queries.service(current(), service_id)
    if found is None:
        abort(404)
    return found


def _page(template: str, form: VoiceForm, status: int = 200, **facts: Any) -> Response:
    return pages.show(f"directory/voices/{template}.html", status=status, form=form, **facts)


def _formdata() -> Any:
    return typed() if current_user.is_authenticated or request.method == "POST" else None


@heard.get("/services/<uuid:service_id>/feedback")
@public
def feedback(service_id: uuid.UUID) -> Response:
    """The form to say how a service was."""
    form = FeedbackForm(_formdata(), now=clock.now())
    return _page("feedback", form, service=_service(service_id))


@heard.post("/services/<uuid:service_id>/feedback")
@public
def give_feedback(service_id: uuid.UUID) -> AnyResponse:
    """The council has heard how it was."""
    service, form = _service(service_id), FeedbackForm(now=clock.now())
    if not form.validate():
        return _page("feedback", form, 422, service=service)
    return told(tell(form, Said("feedback", service=service, **who(form))))


@heard.get("/services/<uuid:service_id>/report")
@public
def report(service_id: uuid.UUID) -> Response:
    """The form to say what is wrong in a listing."""
    form = ReportForm(_formdata(), now=clock.now())
    return _page("report", form, service=_service(service_id), back="")


@heard.post("/services/<uuid:service_id>/report")
@public
def give_report(service_id: uuid.UUID) -> AnyResponse:
    """The council has heard what is wrong."""
    service, form = _service(service_id), ReportForm(now=clock.now())
    if not form.validate():
        return _page("report", form, 422, service=service, back="")
    return told(tell(form, Said("report", service=service, part=form.part.data, **who(form))))


@heard.get("/suggest")
@public
def suggest() -> Response:
    """The form to name a service that is missing."""
    return _page("suggest", SuggestForm(_formdata(), now=clock.now()))


@heard.post("/suggest")
@public
def give_suggestion() -> AnyResponse:
    """The council has heard what is missing."""
    form = SuggestForm(now=clock.now())
    if not form.validate():
        return _page("suggest", form, 422)
    about, where, reach = (form[name].data or "" for name in ("about", "where", "reach"))
    return told(tell(form, Said("suggestion", about=about, where=where, reach=reach, **who(form))))


@heard.get("/thank-you")
@public
def thanks() -> Response:
    """Thank you; and whom to ring now."""
    phone = freshness.rules(current().id).safeguarding_phone or current().phone
    return pages.show("directory/voices/thanks.html", now=request.args.get("ring") == "now", phone=phone)
