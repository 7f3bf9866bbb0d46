"""The editors' desk for entries that are there: looking after one, many at once, and the same thing twice."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import audit, clock, pages, registry
from portal.councils.views import current
from portal.directory import desk_queries, differences, keeping, merging, permissions, versions
from portal.directory.drafts import ListingDraft
from portal.directory.editor_views import editor
from portal.directory.entry_views import by
from portal.directory.models import Service
from portal.directory.provider_views import page_number
from portal.directory.steps import StringField, TextAreaField, within
from portal.errors import Refusal
from portal.forms import Form, plain
from portal.i18n import _
from portal.permissions import requires

_VERSIONS = 20


class SuspendForm(Form):
    """Why nobody new should find it."""

    reason = TextAreaField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.label.text = _("Why? Your colleagues read this; the public does not.")


class PrivateForm(Form):
    """Whom it serves."""

    reference = StringField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reference.label.text = _("Case number of the person whom it serves")


def how_words(how: str) -> str:
    """Why a version was written, in words."""
    return {
        "found": _("As it was found, or brought in by an import"),
        "approved": _("Approved"),
        "edited": _("Written by an editor"),
        "restored": _("Brought back from an older version"),
        "archived": _("Archived"),
        "published": _("Published again"),
        "suspended": _("Suspended"),
        "lifted": _("No longer suspended"),
        "made_private": _("Made private"),
        "made_public": _("Made public"),
        "merged": _("Merged with another entry"),
        "checked": _("Marked as checked"),
        "vacancies": _("Places free changed"),
        "closed": _("Closed for now"),
        "opened": _("Open again"),
    }.get(how, how)


def _whole(service_id: uuid.UUID, *, hold: bool = False) -> Service:
    found = (versions.held if hold else desk_queries.whole)(current().id, service_id)
    if found is None:
        abort(404)
    return found


def _seen(name: str = "version") -> str:
    return request.form.get(name, "")


@editor.get("/listings")
@requires(permissions.may_edit)
def listings() -> Response:
    """The council's entries, by name."""
    words, shown = plain(request.args.get("q"))[:80], request.args.get("shown", "")
    return pages.show(
        "directory/editor/listings.html",
        list=desk_queries.entries(current().id, words, shown, page_number()),
        words=words,
        shown=shown if shown in desk_queries.SHOWN else "",
        shows=_shows(),
        states=differences.states(),
    )


def _shows() -> list[tuple[str, str]]:
    return [
        ("", _("All")),
        ("published", _("Published")),
        ("archived", _("Archived")),
        ("draft", _("Not published yet")),
        ("suspended", _("Suspended")),
        ("private", _("Private")),
        ("hidden", _("Hidden, since nobody confirmed them")),
    ]


@editor.get("/listings/<uuid:service_id>")
@requires(permissions.may_edit_listing)
def listing(service_id: uuid.UUID) -> Response:
    """One entry: how it stands, and what can be done with it."""
    return _listing_page(_whole(service_id))


def _listing_page(
    service: Service,
    status: int = 200,
    suspending: SuspendForm | None = None,
    private: PrivateForm | None = None,
) -> Response:
    draft = versions.of_service(service)
    known = differences.names(draft)
    served = desk_queries.served(service.id)
    return pages.show(
        "directory/editor/listing.html",
        status=status,
        service=service,
        version=versions.stamp(service),
        lines=[
            (label, differences.lines(draft, name, known)) for name, label in differences.labels().items()
        ],
        suspending=suspending or SuspendForm(None),
        private=private or PrivateForm(None, data={"reference": served.reference if served else ""}),
        served=served,
        alike=keeping.alike(current().id, service.id),
        kept_instead=desk_queries.kept_instead(service.id),
        states=differences.states(),
    )


def _done(service_id: uuid.UUID) -> AnyResponse:
    return redirect(url_for(".listing", service_id=service_id), 303)


def _do(service_id: uuid.UUID, act: Callable[..., None]) -> AnyResponse:
    """Something is done with an entry that nobody else changed meanwhile."""
    act(_whole(service_id, hold=True), seen=_seen(), by=by(), now=clock.now())
    return _done(service_id)


@editor.post("/listings/<uuid:service_id>/archive")
@requires(permissions.may_edit_listing)
def archive(service_id: uuid.UUID) -> AnyResponse:
    """It is not public any more."""
    return _do(service_id, keeping.archive)


@editor.post("/listings/<uuid:service_id>/publish")
@requires(permissions.may_edit_listing)
def publish(service_id: uuid.UUID) -> AnyResponse:
    """It is public again."""
    return _do(service_id, keeping.publish)


@editor.post("/listings/<uuid:service_id>/lift")
@requires(permissions.may_edit_listing)
def lift(service_id: uuid.UUID) -> AnyResponse:
    """New people find it again."""
    return _do(service_id, keeping.lift)


@editor.post("/listings/<uuid:service_id>/make-public")
@requires(permissions.may_edit_listing)
def make_public(service_id: uuid.UUID) -> AnyResponse:
    """It is for everybody."""
    return _do(service_id, keeping.make_public)


@editor.post("/listings/<uuid:service_id>/suspend")
@requires(permissions.may_edit_listing)
def suspend(service_id: uuid.UUID) -> AnyResponse:
    """Nobody new finds it."""
    service, form = _whole(service_id, hold=True), SuspendForm()
    try:
        if form.validate():
            reason = within(form.reason.data, "reason")
            keeping.suspend(service, reason, seen=_seen(), by=by(), now=clock.now())
            return _done(service_id)
    except Refusal as refusal:
        if refusal.field is None:
            raise
        form.refuse(refusal)
    return _listing_page(service, 422, suspending=form)


@editor.post("/listings/<uuid:service_id>/private")
@requires(permissions.may_edit_listing)
def make_private(service_id: uuid.UUID) -> AnyResponse:
    """Only the person whom it serves sees it."""
    service, form = _whole(service_id, hold=True), PrivateForm()
    reference = form.reference.data or ""
    person = desk_queries.person(current().id, reference) if reference else None
    if not form.validate() or person is None:
        form.reference.errors = [_("We know nobody with that case number. Check it")]
        return _listing_page(service, 422, private=form)
    keeping.keep_private(service, person, seen=_seen(), by=by(), now=clock.now())
    return _done(service_id)


# History


@editor.get("/listings/<uuid:service_id>/history")
@requires(permissions.may_edit_listing)
def history(service_id: uuid.UUID) -> Response:
    """Every version with what it changed, the newest first."""
    service = _whole(service_id)
    top = versions.latest(service_id)
    text = request.args.get("from", "")
    upto = min(int(text), top) if text.isascii() and text.isdigit() and len(text) < 10 else top
    found = versions.history(service_id, upto=upto, most=_VERSIONS + 1)
    return pages.show(
        "directory/editor/history.html",
        service=service,
        version=versions.stamp(service),
        steps=_steps(found),
        older=found[_VERSIONS].number if len(found) > _VERSIONS else 0,
        top=top,
        names=desk_queries.actor_names([state.actor for state in found]),
        how_words=how_words,
    )


def _steps(found: Any) -> list[tuple[versions.State, list[differences.Change]]]:
    """Each version with what it changed in the one before."""
    nothing = ListingDraft("", "")
    before = {state.number: state.draft for state in found}
    return [
        (state, differences.between(before.get(state.number - 1, nothing), state.draft))
        for state in found[:_VERSIONS]
    ]


@editor.post("/listings/<uuid:service_id>/restore")
@requires(permissions.may_edit_listing)
def restore(service_id: uuid.UUID) -> AnyResponse:
    """The entry says again what it said."""
    text = request.form.get("number", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    service = _whole(service_id, hold=True)
    keeping.restore(service, number, current(), seen=_seen(), by=by(), now=clock.now())
    return _done(service_id)


@editor.get("/listings/<uuid:service_id>/who")
@requires(permissions.may_edit_listing)
def who(service_id: uuid.UUID) -> Response:
    """Who did what with it."""
    events = desk_queries.events(service_id, page_number())
    return pages.show(
        "directory/editor/who.html",
        service=_whole(service_id),
        events=events,
        names=desk_queries.actor_names([event.actor for event in events.rows]),
        told=lambda event: audit.told(event, {}),
    )


# Many at once

_BULK = ("archive", "check")


def _ticked(values: list[str]) -> list[uuid.UUID]:
    found = []
    for text in dict.fromkeys(values[:500]):
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            abort(400)
    return found


@editor.get("/listings/many")
@requires(permissions.may_edit)
def ask_many() -> Response:
    """Are you sure? With the names of all that were ticked."""
    do = request.args.get("do", "")
    if do not in _BULK:
        abort(404)
    found = desk_queries.by_ids(current().id, _ticked(request.args.getlist("entry")))
    return pages.show("directory/editor/many.html", do=do, services=found)


@editor.post("/listings/many")
@requires(permissions.may_edit)
def do_many() -> AnyResponse:
    """It is done with all of them."""
    do, ids = request.form.get("do", ""), _ticked(request.form.getlist("entry"))
    if do not in _BULK:
        abort(404)
    act = keeping.archive_all if do == "archive" else keeping.check_all
    count = act(current().id, ids, by=by(), now=clock.now())
    return redirect(url_for(".many_done", do=do, count=count), 303)


@editor.get("/listings/many/done")
@requires(permissions.may_edit)
def many_done() -> Response:
    """With how many it was done."""
    text, do = request.args.get("count", "0"), request.args.get("do", "")
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    return pages.show("directory/editor/many_done.html", do=do, count=count)


# The same thing twice


@editor.get("/duplicates")
@requires(permissions.may_edit)
def duplicates() -> Response:
    """Entries that look alike."""
    return pages.show("directory/editor/duplicates.html", pairs=keeping.alike(current().id))


def _pair(first: uuid.UUID, second: uuid.UUID, *, hold: bool = False) -> tuple[Service, Service]:
    if first == second:
        abort(404)
    lower, higher = sorted(
        (first, second)
    )  # always in the same order, so that two editors do not wait in a ring
    found = {one: _whole(one, hold=hold) for one in (lower, higher)}
    return found[first], found[second]


@editor.get("/duplicates/<uuid:service_id>/<uuid:other_id>")
@requires(permissions.may_edit_listing)
def compare(service_id: uuid.UUID, other_id: uuid.UUID) -> Response:
    """Two entries side by side, and which of them stays."""
    kept, other = _pair(service_id, other_id)
    one, two = versions.of_service(kept), versions.of_service(other)
    known = differences.names(one, two)
    return pages.show(
        "directory/editor/compare.html",
        kept=kept,
        other=other,
        kept_version=versions.stamp(kept),
        other_version=versions.stamp(other),
        rows=[
            (label, differences.lines(one, name, known), differences.lines(two, name, known))
            for name, label in differences.labels().items()
        ],
        gains=differences.between(one, merging.filled(one, two)),
    )


@editor.post("/duplicates/<uuid:service_id>/<uuid:other_id>")
@requires(permissions.may_edit_listing)
def merge(service_id: uuid.UUID, other_id: uuid.UUID) -> AnyResponse:
    """The first stays; what led to the second leads to it."""
    kept, other = _pair(service_id, other_id, hold=True)
    keeping.merge_into(
        kept,
        other,
        current(),
        kept_seen=_seen(),
        other_seen=_seen("other_version"),
        by=by(),
        now=clock.now(),
    )
    return _done(service_id)


@editor.post("/duplicates/<uuid:service_id>/<uuid:other_id>/two")
@requires(permissions.may_edit_listing)
def two_things(service_id: uuid.UUID, other_id: uuid.UUID) -> AnyResponse:
    """They are two: nobody is asked again."""
    kept, other = _pair(service_id, other_id)
    keeping.not_the_same(kept.id, other.id)
    return redirect(url_for(".duplicates"), 303)


def init_app(app: Flask) -> None:
    """The desk is there, in the navigation of editors."""
    app.register_blueprint(editor)
    registry.add_to_navigation(
        app, registry.NavItem("editor.queue", lambda: _("Editors’ desk"), 11, may=permissions.may_edit)
    )
    registry.add_to_navigation(
        app, registry.NavItem("editor.stand_in", lambda: _("Standing in"), 12, may=permissions.may_stand_in)
    )
    for at, (endpoint, label) in enumerate(
        (
            ("queue", lambda: _("What waits")),
            ("listings", lambda: _("All entries")),
            ("duplicates", lambda: _("The same thing twice?")),
        )
    ):
        registry.add_to_navigation(
            app, registry.NavItem(f"editor.{endpoint}", label, at, may=permissions.may_edit, of="editor")
        )
