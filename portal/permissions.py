"""Who may open which page. Every route says so itself; one that does not stops the site at start-up.

@blueprint.get("/find")
@public
def find(): ...

@blueprint.get("/wallets/<uuid:wallet_id>/")
@requires(may_see_wallet)
def wallet(wallet_id): ...

@blueprint.post("/wallets/<uuid:wallet_id>/payees")
@requires(may_add_payee, fresh=FRESH)
def add_payee(wallet_id): ...

Somebody who is not signed in is led to the door (sign-in) and comes back afterwards; somebody signed in whom the rule
refuses gets 404, so that strangers learn nothing, not even that it is there. What was being typed is kept for them.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Protocol

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask_login import LoginManager, current_user

from portal import clock, forms
from portal.errors import Misconfigured

View = Callable[..., Any]
# How long ago a factor may have been shown for acts that matter: a new payee, bank details, a representative.
FRESH = dt.timedelta(minutes=10)


class Someone(Protocol):
    """Whoever asks: a Visitor, or somebody who is signed in (accounts.signing_in.SignedIn)."""

    @property
    def is_authenticated(self) -> bool:
        """Whether we know who it is."""

    @property
    def id(self) -> uuid.UUID | None:
        """The account; None for a visitor."""

    @property
    def name(self) -> str:
        """What they are called."""

    @property
    def email(self) -> str:
        """Where mail reaches them."""

    @property
    def council_id(self) -> uuid.UUID | None:
        """The council whose site is being looked at."""

    @property
    def roles(self) -> frozenset[str]:
        """What they do for that council: editor, navigator, care_manager, finance, broker, administrator."""

    @property
    def organisations(self) -> Mapping[uuid.UUID, str]:
        """The providers' organisations they act for: owner, manager or worker."""

    @property
    def proved_at(self) -> dt.datetime | None:
        """When they last showed a factor."""

    @property
    def actor(self) -> str:
        """What stands in the audit for them: "user:<id>", or "visitor"."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who is not signed in."""

    is_authenticated: bool = False
    is_active: bool = False
    is_anonymous: bool = True
    id: uuid.UUID | None = None
    name: str = ""
    email: str = ""
    council_id: uuid.UUID | None = None
    roles: frozenset[str] = frozenset()
    organisations: Mapping[uuid.UUID, str] = field(default_factory=dict)
    proved_at: dt.datetime | None = None
    actor: str = "visitor"

    def get_id(self) -> None:
        """Nobody."""
        return


# A predicate over the person who asks and what the address names: (user, **view_args) -> bool. True when this person
# may; its name is the permission's name.
Rule = Callable[..., bool]


@dataclass(frozen=True)
class Doors:
    """The endpoints that lead somebody in: to sign in, and to show once more that it is them. Both take `next`."""

    sign_in: str
    prove: str


def public(view: View) -> View:
    """The view, open to everybody."""
    view.rule = "public"  # type: ignore[attr-defined]  # a mark on the function, read by check_routes
    return view


def requires(rule: Rule, fresh: dt.timedelta | None = None) -> Callable[[View], View]:
    """A view for whom the rule allows it, and who, where `fresh` is said, showed a factor no longer ago than that."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**view_args: Any) -> Any:
            doors: Doors | None = current_app.extensions.get("portal.doors")
            if doors and not current_user.is_authenticated:
                return _to(doors.sign_in)
            if not rule(current_user, **view_args):
                abort(404)
            if doors and fresh is not None and not shown_within(current_user, fresh, clock.now()):
                return _to(doors.prove)
            return view(**view_args)

        guarded.rule = rule.__name__  # type: ignore[attr-defined]  # as above
        guarded.fresh = fresh  # type: ignore[attr-defined]  # as above
        return guarded

    return decorate


def shown_within(user: Someone, fresh: dt.timedelta, now: dt.datetime) -> bool:
    """Whether they showed a factor no longer ago than `fresh`."""
    return user.proved_at is not None and now - user.proved_at <= fresh


def _to(endpoint: str) -> Any:
    """The door, which leads back to the page that was asked for; what was typed waits there."""
    back = forms.page_to_return_to()
    forms.keep_words(back)
    door = url_for(endpoint, next=back)
    if (
        "HX-Request" in request.headers
    ):  # a redirect would be followed unseen, and its page put into a corner of this
        return Response(headers={"HX-Redirect": door})
    return redirect(door, 303)


def set_doors(app: Flask, *, sign_in: str, prove: str) -> None:
    """From now on, who is not signed in is led to one endpoint, and who must show a factor again to the other."""
    app.extensions["portal.doors"] = Doors(sign_in, prove)


def rule_of(app: Flask, endpoint: str) -> str | None:
    """The name of the rule that guards an endpoint, or None when it has none."""
    return getattr(app.view_functions[endpoint], "rule", None)


def check_routes(app: Flask) -> None:
    """True afterwards: every route has its rule. Raises Misconfigured naming those that have not."""
    served = [rule for rule in app.url_map.iter_rules() if not rule.build_only]
    bare = sorted({rule.rule for rule in served if rule_of(app, rule.endpoint) is None})
    if bare:
        raise Misconfigured("These routes say neither @public nor @requires(rule): " + ", ".join(bare))


def is_guarded(endpoint: str | None) -> bool:
    """Whether a page is not for everybody. A page that is not there is for nobody."""
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, "rule", "public") != "public"


def _keep_private(response: Response) -> Response:
    """Nothing that is about one person is kept by a browser or a proxy; what says it is for everybody may be."""
    if is_guarded(request.endpoint) or (current_user.is_authenticated and not response.cache_control.public):
        response.headers["Cache-Control"] = "no-store"
    return response


def init_app(app: Flask) -> None:
    """Everybody is a visitor until the accounts feature says who is signed in."""
    manager = LoginManager(app)
    manager.anonymous_user = Visitor
    manager.request_loader(lambda request: None)
    app.after_request(_keep_private)
