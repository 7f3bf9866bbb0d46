"""Freshness: the page behind the link in a reminder, and the editors' list of what nobody has confirmed."""

import uuid
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, forms, pages
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.directory import freshness, reminding, upkeep_permissions, voices
from portal.directory.models import ReviewLetter, ReviewLetterEntry
from portal.directory.voice_forms import ReportForm, RulesForm
from portal.directory.voices import Said
from portal.permissions import public, requires

fresh = Blueprint("fresh", __name__)
# More than this many listings are not shown on one page: the longest overdue come first.
_SHOWN = 200
_STAGES = ("late", "hidden", "due")


# The link in a reminder. Mail scanners open it, so opening it changes nothing.


@fresh.get("/still-right/<token>")
@public
def letter(token: str) -> Response:
    """What a reminder asked about, and what can be said of it."""
    found = reminding.letter(current(), token, clock.now())
    if found is None:
        return _gone()
    return pages.private(
        pages.show(
            "directory/upkeep/letter.html",
            token=token,
            entries=reminding.still_there(found),
            waits=reminding.waits,
        )
    )


@fresh.post("/still-right/<token>")
@public
def confirm(token: str) -> AnyResponse:
    """It is all still right, or one of them is."""
    found, now = reminding.letter(current(), token, clock.now()), clock.now()
    if found is None:
        return _gone()
    chosen = request.form.get("service", "")
    ids = _ids([chosen]) if chosen else []
    if chosen and not ids:
        abort(400)
    reminding.answer(found, ids[0] if ids else None, today=clock.today(), now=now)
    return redirect(url_for("fresh.letter", token=token), 303)


@fresh.get("/still-right/<token>/<uuid:service_id>/changed")
@public
def changed(token: str, service_id: uuid.UUID) -> Response:
    """The form to say what has changed, without signing in."""
    found = _entry(token, service_id)
    return _changed_page(token, found[1], ReportForm(formdata=None, now=clock.now())) if found else _gone()


def _changed_page(token: str, entry: ReviewLetterEntry, form: ReportForm, status: int = 200) -> Response:
    return pages.private(
        pages.show(
            "directory/upkeep/changed.html", status=status, form=form, token=token, service=entry.service
        )
    )


@fresh.post("/still-right/<token>/<uuid:service_id>/changed")
@public
def say_changed(token: str, service_id: uuid.UUID) -> AnyResponse:
    """The editors have heard what has changed."""
    found, form = _entry(token, service_id), ReportForm(now=clock.now())
    if found is None:
        return _gone()
    if not form.validate():
        return _changed_page(token, found[1], form, 422)
    _tell(found, form.part.data, form.words.data or "", form.name.data or "", form.email.data or "")
    return redirect(url_for("voices.thanks"), 303)


@fresh.get("/still-right/<token>/<uuid:service_id>/stopped")
@public
def ask_stopped(token: str, service_id: uuid.UUID) -> Response:
    """Are you sure?"""
    found = _entry(token, service_id)
    if found is None:
        return _gone()
    return pages.private(pages.show("directory/upkeep/stopped.html", token=token, service=found[1].service))


@fresh.post("/still-right/<token>/<uuid:service_id>/stopped")
@public
def stopped(token: str, service_id: uuid.UUID) -> AnyResponse:
    """The listing says that it is closed for now, and an editor takes it away."""
    found = _entry(token, service_id)
    if found is None:
        return _gone()
    if found[1].service.status == "active":
        freshness.close_for_now(found[1].service, actor=f"letter:{found[0].id}", now=clock.now())
        _tell(found, "stopped", "They told us by the link in a reminder that it has stopped.")
    return redirect(url_for("voices.thanks"), 303)


def _tell(
    found: tuple[ReviewLetter, ReviewLetterEntry], part: str, words: str, name: str = "", email: str = ""
) -> None:
    said = Said(
        "report",
        words,
        service=found[1].service,
        part=part,
        name=name,
        email=email or found[0].to,
        from_provider=True,
    )
    voices.tell(current(), said, None, request.remote_addr or "", clock.now())


def _entry(token: str, service_id: uuid.UUID) -> tuple[ReviewLetter, ReviewLetterEntry] | None:
    """The letter, and what it asked about, while its link works."""
    found = reminding.letter(current(), token, clock.now())
    entries = reminding.still_there(found) if found else []
    return next(((found, e) for e in entries if found and e.service_id == service_id), None)


def _gone() -> Response:
    return pages.private(pages.show("directory/upkeep/gone.html", status=410))


# The editors' list


def _ids(texts: list[str]) -> list[uuid.UUID]:
    """The ids among what a form names."""
    found = []
    for text in texts:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            continue
    return found


@fresh.get("/editor/freshness/")
@requires(upkeep_permissions.may_keep_listings_fresh)
def overview() -> Response:
    """What nobody has confirmed: late, hidden, and soon due."""
    entries = freshness.due(current().id, clock.today())
    stage = request.args.get("stage", "late")
    stage = stage if stage in _STAGES else "late"
    mine = [entry for entry in entries if entry.stage == stage]
    done = request.args.get("done", "")
    return pages.show(
        "directory/upkeep/freshness.html",
        entries=mine[:_SHOWN],
        more=len(mine[_SHOWN:]),
        counts={key: sum(e.stage == key for e in entries) for key in _STAGES},
        stage=stage,
        done=int(done) if done.isascii() and done.isdecimal() and len(done) < 6 else 0,
        to=freshness.addresses(entry.service for entry in mine[:_SHOWN]),
        settled=freshness.rules(current().id),
    )


@fresh.post("/editor/freshness/")
@requires(upkeep_permissions.may_keep_listings_fresh)
def mark_checked() -> AnyResponse:
    """Those that were ticked are checked."""
    ticked, actor = freshness.by_ids(current(), _ids(request.form.getlist("service"))), somebody().actor
    for service in ticked:
        freshness.confirm(service, actor=actor, today=clock.today(), now=clock.now())
    stage = request.form.get("stage", "late")
    stage = stage if stage in _STAGES else "late"
    return redirect(url_for("fresh.overview", stage=stage, done=len(ticked)), 303)


@fresh.get("/editor/freshness/rules")
@requires(upkeep_permissions.may_keep_listings_fresh)
def rules() -> Response:
    """How often listings are looked at, and who hears of harm."""
    settled = freshness.rules(current().id)
    as_typed = {name: str(getattr(settled, name)) for name in RulesForm.FIELDS}
    return _rules_page(RulesForm(forms.typed(), data=as_typed))


def _rules_page(form: RulesForm, status: int = 200) -> Response:
    return pages.show("directory/upkeep/rules.html", status=status, form=form)


@fresh.post("/editor/freshness/rules")
@requires(upkeep_permissions.may_keep_listings_fresh)
def settle() -> AnyResponse:
    """The council's rules are these from now on."""
    form = RulesForm()
    if not form.validate():
        return _rules_page(form, 422)
    values: dict[str, Any] = form.values()
    freshness.settle(current(), actor=somebody().actor, now=clock.now(), **values)
    return redirect(url_for("fresh.overview"), 303)
