"""The provider's desk: their entries, what to do next, and what may be changed at once."""

import uuid
from typing import Any

from flask import Blueprint, Flask, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, forms, pages, registry
from portal.accounts.signing_in import somebody
from portal.councils.views import current
from portal.directory import claims, desk_queries, history, keeping, permissions, proposing, versions
from portal.directory.entry_views import by, entries
from portal.directory.models import Service
from portal.directory.steps import StringField, TextAreaField, Tick, within
from portal.errors import Refusal
from portal.forms import Form, plain
from portal.i18n import _
from portal.permissions import requires

provider = Blueprint("provider", __name__, url_prefix="/provider")
_LONGEST = 200  # letters of what is said about places free


class ClaimForm(Form):
    """Why somebody may look after an entry."""

    reason = TextAreaField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.label.text = _("What do you do there, and how can we make sure?")


class NowForm(Form):
    """What may be changed without asking."""

    vacancies = StringField()
    closed = Tick()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vacancies.label.text = _("Places free")
        self.closed.label.text = _("It is closed for now")


def page_number() -> int:
    """The page of a list that the address asks for."""
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@provider.get("/")
@requires(permissions.may_offer)
def home() -> Response:
    """Everything that they look after, how it stands, and what to do next."""
    me = somebody()
    return pages.show(
        "directory/provider/home.html",
        list=desk_queries.provider_list(current().id, me.id, list(me.organisations), page_number()),
        writes={one for one, kind in me.organisations.items() if kind in permissions.WRITERS},
        organisations=me.organisations,
        draft_of=proposing.draft_of,
    )


@provider.post("/new")
@requires(permissions.may_offer)
def begin() -> AnyResponse:
    """A new entry is begun."""
    writes = [one for one, kind in somebody().organisations.items() if kind in permissions.WRITERS]
    here = desk_queries.organisations(current().id, writes) if writes else {}
    only = uuid.UUID(next(iter(here))) if len(here) == 1 else None
    made = proposing.begin(current(), by=by(), now=clock.now(), organisation_id=only)
    return redirect(url_for("provider_entries.step", proposal_id=made.id, key="name"), 303)


def _listing(service_id: uuid.UUID) -> Service:
    found = versions.held(current().id, service_id)
    if found is None:
        abort(404)
    return found


@provider.post("/listings/<uuid:service_id>/change")
@requires(permissions.may_change_listing)
def change(service_id: uuid.UUID) -> AnyResponse:
    """A change of an entry is begun, or gone on with."""
    made = proposing.begin(current(), by=by(), now=clock.now(), service=_listing(service_id))
    return redirect(url_for("provider_entries.overview", proposal_id=made.id), 303)


@provider.get("/listings/<uuid:service_id>/now")
@requires(permissions.may_change_listing)
def at_once(service_id: uuid.UUID) -> Response:
    """Places free, and whether it is closed for now: public at once."""
    service = desk_queries.service(current().id, service_id)
    if service is None:
        abort(404)
    now_is = {"vacancies": service.vacancies, "closed": service.status == "temporarily closed"}
    return _now_page(service, NowForm(forms.typed(), data=now_is))


def _now_page(service: Service, form: NowForm, status: int = 200) -> Response:
    return pages.show("directory/provider/now.html", status=status, service=service, form=form)


@provider.post("/listings/<uuid:service_id>/now")
@requires(permissions.may_change_listing)
def set_at_once(service_id: uuid.UUID) -> AnyResponse:
    """It is public."""
    service, form = _listing(service_id), NowForm()
    words = form.vacancies.data or ""
    if not form.validate() or len(words) > _LONGEST:
        form.vacancies.errors = [_("This is too long. Say it in %(most)s letters", most=_LONGEST)]
        return _now_page(service, form, 422)
    keeping.set_vacancies(service, words, by=by(), now=clock.now())
    keeping.set_closed(service, closed=bool(form.closed.data), by=by(), now=clock.now())
    return redirect(url_for("provider.home"), 303)


# Claims


@provider.get("/claim")
@requires(permissions.may_offer)
def find() -> Response:
    """Is it listed already?"""
    words = plain(request.args.get("q"))[:80]
    found = desk_queries.claimable(current().id, words) if len(words) > 1 else []
    return pages.show(
        "directory/provider/claim.html", words=words, found=found, mine=somebody().organisations
    )


def _claimable(service_id: uuid.UUID) -> Service:
    found = desk_queries.service(current().id, service_id)
    if found is None or found.state != "published" or found.private or found.suspended_at:
        abort(404)
    return found


@provider.get("/claim/<uuid:service_id>")
@requires(permissions.may_offer)
def claim(service_id: uuid.UUID) -> Response:
    """The form to ask for an entry."""
    return pages.show(
        "directory/provider/ask.html", service=_claimable(service_id), form=ClaimForm(forms.typed())
    )


@provider.post("/claim/<uuid:service_id>")
@requires(permissions.may_offer)
def ask(service_id: uuid.UUID) -> AnyResponse:
    """The council is asked."""
    service, form = _claimable(service_id), ClaimForm()
    try:
        if not form.reason.data:
            raise Refusal(_("Say what you do there, and how we can make sure"), field="reason", status=422)
        if form.validate():
            claims.ask(current(), service, within(form.reason.data, "reason"), by=by(), now=clock.now())
            return redirect(url_for("provider.home"), 303)
    except Refusal as refusal:
        form.refuse(refusal)
    return pages.show("directory/provider/ask.html", status=422, service=service, form=form)


def _has_entries(user: Any) -> bool:
    """Who looks after entries, and who has begun one: they find it again the next day."""
    return bool(user.organisations) or (
        user.is_authenticated and desk_queries.has_begun(user.council_id, user.id)
    )


def init_app(app: Flask) -> None:
    """The desk is there, in the navigation of those who have one."""
    history.tell()
    app.register_blueprint(provider)
    app.register_blueprint(entries, url_prefix="/provider/entries", name="provider_entries")
    app.register_blueprint(entries, url_prefix="/editor/entries", name="editor_entries")
    item = registry.NavItem("provider.home", lambda: _("Your entries"), 10, may=_has_entries)
    registry.add_to_navigation(app, item)
