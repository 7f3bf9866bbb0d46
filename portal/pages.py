"""How answers leave: a whole page or the one block of it that htmx asked for, error pages, headers, assets."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import jinja2_fragments.flask
from flask import Flask, Response, make_response, redirect, render_template, request, session, url_for
from flask_htmx import HTMX
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as AnyResponse

from portal import forms
from portal.errors import Refusal
from portal.i18n import _

htmx = HTMX()
_Answer = TypeVar("_Answer", bound=AnyResponse)
STATIC = Path(__file__).parent / "static"
# Nothing but our own files; nothing inline; nobody frames us. Source: W3C Content Security Policy Level 3.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# What a visitor's session may hold without saying anything about them.
_NOT_PERSONAL = frozenset({"csrf_token", "language"})
# Two years, as the HSTS preload rules ask.
_HSTS = "max-age=63072000; includeSubDomains"


def show(template: str, *, block: str | None = None, status: int = 200, **context: Any) -> Response:
    """The whole page; or, where htmx asked and a block is named, only that block of the same template."""
    fragment = block is not None and bool(htmx) and not htmx.history_restore_request
    render = jinja2_fragments.flask.render_block if fragment else render_template
    names = (template, block) if fragment else (template,)
    response = make_response(render(*names, **context), status)
    response.vary.add("HX-Request")
    return response


def private(response: _Answer) -> _Answer:
    """The answer, never kept by a browser or a proxy: it is about one person."""
    response.headers["Cache-Control"] = "no-store"
    return response


def local(address: str, otherwise: str = "/") -> str:
    """The address where it is one of this site's own paths, else the other one."""
    plain = address.startswith("/") and not address.startswith("//") and address.isprintable()
    return address if plain and "\\" not in address else otherwise


@cache
def _manifest(stamp: int) -> dict[str, str]:
    names: dict[str, str] = json.loads((STATIC / "vendor" / "manifest.json").read_text())
    return names


@cache
def _hash(name: str, stamp: int) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a static file; it changes whenever the file does, so that browsers may keep it for a year."""
    manifest = STATIC / "vendor" / "manifest.json"
    vendored = _manifest(manifest.stat().st_mtime_ns).get(name) if manifest.exists() else None
    if vendored:
        return url_for("static", filename=f"vendor/{vendored}")
    return url_for("static", filename=name, v=_hash(name, (STATIC / name).stat().st_mtime_ns))


def add_static_headers(headers: Any, _path: str, _address: str) -> None:
    """Static files, which are sent before Flask is asked, are taken for nothing but what they are either."""
    for name in ("X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy"):
        headers[name] = _HEADERS[name]


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", _HSTS)
    if response.mimetype == "text/html":
        personal = bool(session.keys() - _NOT_PERSONAL)
        response.headers.setdefault("Cache-Control", "no-store" if personal else "private, no-cache")
    return response


def _error_words(code: int) -> tuple[str, list[str]]:
    """What happened, and what to do next, for an error of this number."""
    if code in (404, 405):
        return _("We cannot find that page"), [
            _("If you typed the address, check that it is right."),
            _(
                "If you followed a link, the page may have moved, or what it was about may no longer be listed."
            ),
        ]
    if code == 413:
        return _("That is too much to send at once"), [
            _("Go back and send something shorter. Nothing has been changed.")
        ]
    if code == 429:
        return _("Please wait a moment"), [
            _("There have been a lot of requests from where you are. Wait a minute, then try again."),
            _("Nothing has been lost."),
        ]
    if code < 500:
        return _("We could not use what was sent"), [
            _("This can happen when a page has been open for a long time."),
            _("Go back, reload the page and try again. Nothing has been changed."),
        ]
    if code == 503:
        return _("We will be back soon"), [
            _("The site is being looked after. Please try again in a few minutes.")
        ]
    return _("Sorry, something went wrong"), [
        _("This is our mistake, not yours. Nothing has been changed."),
        _("Try again in a few minutes. If it happens again, please ring us."),
    ]


def _told(status: int, title: str, words: list[str]) -> Response:
    """The error page. Where htmx asked for a block, its main part, which takes the place of the page's own."""
    response = show("errors/error.html", block="main", status=status, title=title, words=words)
    if htmx:
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#main", "innerHTML show:window:top"
    return response


def _error_page(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return make_response(error.get_response())
    title, words = _error_words(code)
    response = _told(code, title, words)
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())  # RFC 9110, 15.5.6: it must say which ones it takes
    return response


def _csrf_page(_error: CSRFError) -> Any:
    """What a known person typed stands in the form again, with a new token; else what went wrong, in words."""
    page = forms.page_to_return_to()
    if forms.keep_words(page):
        return redirect(page, 303)
    return _told(400, *_error_words(400))


def _refusal_page(refusal: Refusal) -> Response:
    return _told(refusal.status, _("We could not do that"), [refusal.words])


def init_app(app: Flask) -> None:
    """Headers on every answer, kind error pages, and the names that templates use."""
    htmx.init_app(app)
    app.after_request(_add_headers)
    app.register_error_handler(HTTPException, _error_page)
    app.register_error_handler(CSRFError, _csrf_page)
    app.register_error_handler(Refusal, _refusal_page)
    app.jinja_env.globals.update(asset=asset, words_were_kept=forms.words_were_kept)
