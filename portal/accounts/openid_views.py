"""The way to a council's own sign-in, and back.

A link and not a form leads there: the site's policy (form-action 'self') holds a form's redirects to this site.
"""

from flask import Blueprint, abort, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, pages
from portal.accounts import openid, queries, signing_in
from portal.accounts.openid import Service
from portal.accounts.sign_in_views import enter
from portal.councils.views import current
from portal.db import db, short_transaction
from portal.permissions import public

council_door = Blueprint("openid", __name__, url_prefix="/sign-in/council")


def _service() -> Service:
    """The council's service. 404 where it has none."""
    found = queries.openid_service(current().id)
    if found is None:
        abort(404)
    service = openid.opened(found, request.url_root.rstrip("/") + url_for("openid.back"))
    db.session.rollback()  # nothing is held while another machine is asked
    return service


@council_door.get("/")
@public
def start() -> AnyResponse:
    """On to the council's own sign-in."""
    again = bool(request.args.get("again")) and current_user.is_authenticated
    address, kept = openid.begin(_service(), clock.now(), again=again)
    session["openid"] = {**kept, "next": request.args.get("next", "")}
    return pages.private(redirect(address, 303))


@council_door.get("/back")
@public
def back() -> AnyResponse:
    """Back from there: signed in, or shown once more that it is them."""
    kept, now = session.pop("openid", None), clock.now()
    if not isinstance(kept, dict):
        return redirect(url_for("accounts.sign_in"), 303)
    service = _service()
    told = openid.finish(service, kept, request.args.get("state", ""), request.args.get("code", ""), now)
    with short_transaction():
        user_id = openid.let_in(current(), service, told, now).id
    if kept["again"] and current_user.is_authenticated and current_user.id == user_id:
        with short_transaction():
            signing_in.prove_again(current_user.sign_in_id, now)
        return redirect(pages.local(kept["next"], url_for("account.overview")), 303)
    return enter(user_id, how="openid", shared=False, next=kept["next"])
