"""Whose site this is: found from the host name before every page, and its colours as a stylesheet."""

import hashlib
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, abort, g, request, url_for

from portal.councils import branding, queries
from portal.councils.models import Council
from portal.db import db
from portal.permissions import public

councils = Blueprint("councils", __name__)
# Pages that stand without a council, and must answer when the database does not.
_WITHOUT = frozenset({"site.healthz", "site.readyz"})
# Someone in danger must never see an error there: it goes without the council's name sooner than not at all.
_LEAVING = frozenset({"site.leave", "accounts.sign_out"})


def current() -> Council:
    """The council whose site is being looked at. 503 before any has been added."""
    council: Council | None = g.get("council")
    if council is None:
        abort(503)
    return council


def _find() -> None:
    if request.endpoint in _WITHOUT:
        return
    try:
        g.council = queries.for_host(request.host)
    except sa.exc.SQLAlchemyError:
        if request.endpoint not in _LEAVING:
            raise
        db.session.rollback()
    if g.get("council"):
        # Kept apart from the transaction: an error page needs it after everything was undone.
        db.session.expunge(g.council)


def brand_address(council: Council) -> str:
    """The address of the council's colours; it changes when they do."""
    css = branding.stylesheet(council.brand)
    return url_for("councils.brand", v=hashlib.sha256(css.encode()).hexdigest()[:10])


@councils.get("/brand.css")
@public
def brand() -> Response:
    """The council's colours."""
    response = Response(branding.stylesheet(current().brand), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _names() -> dict[str, Any]:
    council = g.get("council")
    return {"council": council, "brand_css": brand_address(council) if council else ""}


def init_app(app: Flask) -> None:
    """Every page knows its council."""
    app.before_request(_find)
    app.context_processor(_names)
    app.register_blueprint(councils)
