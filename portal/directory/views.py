"""The directory's pages: home, finding, one listing, one organisation, browsing, the shortlist."""

import uuid
from typing import Any

from flask import Blueprint, Flask, Response, abort, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, pages, registry
from portal.councils.views import current
from portal.db import keeps_nothing
from portal.directory import (
    desk_queries,
    finding,
    forms,
    listing,
    queries,
    shortlist,
    tallies,
    telling,
    where,
)
from portal.directory.models import Service
from portal.errors import Refusal
from portal.forms import plain
from portal.i18n import _
from portal.permissions import public

directory = Blueprint("directory", __name__)


@directory.app_context_processor
def _names() -> dict[str, Any]:
    return {
        "telling": telling,
        "shortlisted": frozenset(shortlist.ids(session)),
        "on_plan": shortlist.count(session),
        "today": clock.today(),
    }


@directory.get("/")
@public
def home() -> Response:
    """Search first, then the other ways in."""
    return pages.show(
        "directory/home.html",
        categories=queries.taxonomy("category"),
        place=where.remembered(current(), session),
    )


@directory.get("/find")
@public
def find() -> Response:
    """Listings that match, as a list or on a map."""
    council, asked = current(), forms.asked(request.args)
    found = finding.find(council, asked, where.locate(council, asked, session), clock.today())
    tallies.searched(council.id, asked.words, found.total, clock.today())
    return pages.show("directory/find.html", block="results", found=found, asked=asked)


@directory.get("/find/suggest")
@public
def suggest() -> Response:
    """What goes on from what was typed so far."""
    start = plain(request.args.get("q"))[:80]
    return pages.show(
        "directory/suggest.html", block="suggestions", start=start, names=finding.suggestions(start)
    )


@directory.post("/near")
@public
@keeps_nothing
def near() -> AnyResponse:
    """Remember, for this browser session only, where the visitor says they are, and search from there."""
    try:
        where.remember_here(session, request.form.get("latitude", ""), request.form.get("longitude", ""))
    except Refusal as refusal:
        return pages.show("directory/near.html", status=422, problem=refusal.words)
    return redirect(forms.asked(request.form).address(near=forms.HERE, postcode=None), 303)


@directory.get("/near")
@public
def near_page() -> Response:
    """How to search near here without giving a position."""
    return pages.show("directory/near.html", problem="")


@directory.get("/services/<uuid:service_id>")
@public
def service(service_id: uuid.UUID) -> AnyResponse:
    """One listing, with everything about it."""
    found = queries.service(current(), service_id) or _private(service_id)
    if found is None:
        return _moved(service_id)
    tallies.opened(service_id, clock.today())
    page = listing.page(current(), found, where.remembered(current(), session), clock.today())
    return pages.show("directory/service.html", page=page, service=found)


def _private(service_id: uuid.UUID) -> Service | None:
    """A private listing, for the person whom it serves and who may see their affairs."""
    me = current_user
    if not me.is_authenticated or not desk_queries.serves(service_id, me.id, clock.today()):
        return None
    found = desk_queries.whole(current().id, service_id)
    # One that is suspended stays for whoever uses it.
    return found if found is not None and found.private and found.state == "published" else None


def _moved(service_id: uuid.UUID) -> AnyResponse:
    """The address of an entry that was merged into another leads to that one."""
    kept = desk_queries.kept_instead(service_id)
    if kept is None or queries.service(current(), kept) is None:
        abort(404)
    return redirect(url_for("directory.service", service_id=kept), 301)


@directory.get("/organisations/<uuid:organisation_id>")
@public
def organisation(organisation_id: uuid.UUID) -> Response:
    """An organisation and what it offers."""
    found = queries.organisation(current(), organisation_id)
    if found is None:
        abort(404)
    return pages.show(
        "directory/organisation.html",
        organisation=found[0],
        services=found[1],
        access_names=queries.access_names(),
    )


@directory.get("/browse")
@public
def browse() -> Response:
    """Every category and need, with how many listings each has."""
    return pages.show(
        "directory/browse.html",
        counts=finding.counts(current(), clock.today()),
        categories=queries.taxonomy("category"),
        needs=queries.taxonomy("need"),
    )


@directory.get("/plan")
@public
def plan() -> Response:
    """The visitor's shortlist, to look through, print or send on."""
    ids = shortlist.ids(session)
    kept = queries.on_plan(current(), ids)
    named = shortlist.things(session)
    known = {(thing.kind, thing.key): thing for thing in registry.searchables()} if named else {}
    things = [known[name] for name in named if name in known]
    return pages.private(
        pages.show(
            "directory/plan.html",
            services=kept,
            things=things,
            gone=shortlist.count(session) - len(kept) - len(things),
            access_names=queries.access_names(),
        )
    )


@directory.post("/plan/items")
@public
@keeps_nothing
def add_to_plan() -> AnyResponse:
    """The listing, or what else was named, is on the shortlist."""
    if "thing" in request.form:
        kind, _colon, key = request.form["thing"].partition(":")
        shortlist.add_thing(session, kind, key)
        return redirect(url_for("directory.plan"), 303)
    service = _named_service()
    shortlist.add(session, service.id)
    if pages.htmx:
        return pages.private(pages.show("directory/added.html", name=telling.name(service)))
    return redirect(url_for("directory.plan"), 303)


@directory.post("/plan/items/remove")
@public
@keeps_nothing
def take_from_plan() -> AnyResponse:
    """The listing, or thing, is not on the shortlist any more."""
    if "thing" in request.form:
        shortlist.remove_thing(session, request.form["thing"])
        return redirect(url_for("directory.plan"), 303)
    try:
        shortlist.remove(session, uuid.UUID(request.form.get("service", "")))
    except ValueError:
        abort(400)
    return redirect(url_for("directory.plan"), 303)


@directory.post("/plan/clear")
@public
@keeps_nothing
def clear_plan() -> AnyResponse:
    """The shortlist is empty."""
    shortlist.clear(session)
    return redirect(url_for("directory.plan"), 303)


def _named_service() -> Service:
    """The listing that a form names, which the visitor may see. Refuses one that is not there."""
    try:
        found = queries.services(current(), [uuid.UUID(request.form.get("service", ""))])
    except ValueError:
        found = []
    if not found:
        raise Refusal(
            _("That is not listed any more, so it cannot go on your plan. Search again for others like it."),
            status=422,
        )
    return found[0]


def init_app(app: Flask) -> None:
    """The pages are there, and in the navigation."""
    app.register_blueprint(directory)
    for position, (endpoint, label) in enumerate(
        (
            ("home", lambda: _("Find help")),
            ("browse", lambda: _("Look through everything")),
            ("plan", lambda: _("My plan")),
        )
    ):
        registry.add_to_navigation(app, registry.NavItem(f"directory.{endpoint}", label, position))
    app.jinja_env.globals["navigation"] = registry.navigation
