"""Who may open which page. Every route says so itself; one that does not stops the site at start-up.

@blueprint.get("/find")
@public
def find(): ...

@blueprint.get("/wallets/<uuid:wallet_id>/")
@requires(may_see_wallet)
def wallet(wallet_id): ...
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, abort
from flask_login import LoginManager, current_user

from portal.errors import Misconfigured

View = Callable[..., Any]

# A predicate over the person who asks and what the address names: (user, **view_args) -> bool. True when this person
# may; its name is the permission's name.
Rule = Callable[..., bool]


def public(view: View) -> View:
    """The view, open to everybody."""
    view.rule = "public"  # type: ignore[attr-defined]  # a mark on the function, read by check_routes
    return view


def requires(rule: Rule) -> Callable[[View], View]:
    """A view that answers 404 to anybody whom the rule refuses: strangers learn nothing, not even that it is there."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(**view_args: Any) -> Any:
            if not rule(current_user, **view_args):
                abort(404)
            return view(**view_args)

        guarded.rule = rule.__name__  # type: ignore[attr-defined]  # as above
        return guarded

    return decorate


def rule_of(app: Flask, endpoint: str) -> str | None:
    """The name of the rule that guards an endpoint, or None when it has none."""
    return getattr(app.view_functions[endpoint], "rule", None)


def check_routes(app: Flask) -> None:
    """True afterwards: every route has its rule. Raises Misconfigured naming those that have not."""
    served = [rule for rule in app.url_map.iter_rules() if not rule.build_only]
    bare = sorted({rule.rule for rule in served if rule_of(app, rule.endpoint) is None})
    if bare:
        raise Misconfigured("These routes say neither @public nor @requires(rule): " + ", ".join(bare))


def init_app(app: Flask) -> None:
    """Everybody is a visitor until the accounts feature says who is signed in."""
    manager = LoginManager(app)
    manager.request_loader(lambda request: None)
