"""Pages that belong to no feature: health, languages, leaving a shared computer, and what the law asks for."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, redirect, request, session
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from portal import i18n, pages, registry
from portal.db import keeps_nothing, migrated_to, newest_migration
from portal.permissions import public


@dataclass(frozen=True)
class KnownProblem:
    """Something that does not work for everybody yet, since when."""

    words: str
    since: dt.date


site = Blueprint("site", __name__)
# The accessibility statement is made from these. A test fails when it is older than twelve months.
LOOKED_AT = dt.date(2026, 11, 23)
KNOWN_PROBLEMS: tuple[KnownProblem, ...] = ()
# What a browser should forget. Source: W3C Clear Site Data.
_CLEAR = '"cache", "cookies", "storage"'


@site.get("/healthz")
@public
def healthz() -> Response:
    """Alive: the process answers."""
    return Response("ok\n", mimetype="text/plain")


@site.get("/readyz")
@public
def readyz() -> Response:
    """Able to serve: the database answers, it is migrated, and there is an index."""
    found = [*_database_problems(), *registry.problems()]
    return Response("\n".join(found or ["ready"]) + "\n", status=503 if found else 200, mimetype="text/plain")


def _database_problems() -> list[str]:
    try:
        at = migrated_to()
    except sa.exc.SQLAlchemyError:
        return ["the database does not answer"]
    needed = newest_migration()
    return (
        []
        if at == needed
        else [f"the database is at migration {at}, and {needed} is needed: portal db upgrade"]
    )


@site.post("/language")
@public
@keeps_nothing
def language() -> AnyResponse:
    """The visitor's pages are in another language from now on."""
    i18n.choose(request.form.get("language", ""))
    return redirect(pages.local(request.form.get("next", "")), 303)


@site.post("/exit")
@public
@keeps_nothing
def leave() -> Response:
    """Everything this site kept in the browser is cleared; the page that says so names no subject."""
    registry.take_leave()
    session.clear()
    response = pages.private(pages.show("site/left.html"))
    response.headers["Clear-Site-Data"] = _CLEAR
    return response


@site.get("/accessibility")
@public
def accessibility() -> Response:
    """What works for whom, what does not yet, and whom to tell."""
    return pages.show("site/accessibility.html", problems=KNOWN_PROBLEMS, looked_at=LOOKED_AT)


@site.get("/privacy")
@public
def privacy() -> Response:
    """What is kept, why, and for how long."""
    return pages.show("site/privacy.html")


@site.get("/cookies")
@public
def cookies() -> Response:
    """The one cookie, and what it is for."""
    return pages.show("site/cookies.html")


@site.get("/robots.txt")
@public
def robots() -> Response:
    """What search engines may read."""
    lines = ["User-agent: *", "Disallow: /plan", "Disallow: /find?", "Disallow: /static/"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def init_app(app: Flask) -> None:
    """The pages are there."""
    app.register_blueprint(site)


def exempt(csrf: CSRFProtect) -> None:
    """Leaving needs no token: someone in danger must never see an error there."""
    csrf.exempt(leave)
