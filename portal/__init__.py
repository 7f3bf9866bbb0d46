"""The wellbeing portal: find help near you, talk it through, take away a plan, pay for care from a wallet.

`create_app` is where the kernel and the features are put together; nothing else knows them all.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask
from flask_compress import Compress
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemBytecodeCache, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from portal import (
    accounts,
    cli,
    config,
    councils,
    db,
    directory,
    editorial,
    i18n,
    limits,
    notify,
    pages,
    permissions,
    retention,
    selfhelp,
    site,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = Path(__file__).parent.parent
_A_YEAR = 31_536_000


def create_app(settings: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None) -> Flask:
    """The site, ready to serve. settings: laid over what the environment says (tests do this).

    Raises Misconfigured when a setting is unsafe or a route does not say who may use it.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(config.from_environment(os.environ if environ is None else environ, ROOT))
    app.config.update(settings or {})
    app.url_map.strict_slashes = False  # /advice and /advice/ are one page: people type either
    app.config["INSTANCE"].mkdir(parents=True, exist_ok=True)
    _templates(app)
    _static(app)
    # Councils before limits: the page that says "wait a moment" is the council's own, too.
    for part in (db, i18n, pages, permissions, councils, limits, retention, notify, site):
        part.init_app(app)
    # Before forms are checked: what somebody typed is kept for them even where the check says no.
    accounts.init_app(app)
    editorial.init_app(app)
    directory.init_app(app)
    selfhelp.init_app(app)
    csrf = CSRFProtect(app)
    site.exempt(csrf)
    accounts.exempt(csrf)
    Compress(app)
    cli.init_app(app)
    permissions.check_routes(app)
    return app


def _templates(app: Flask) -> None:
    """Our templates, and the GOV.UK macros under their own names; compiled once, kept on disk."""
    cache = app.config["INSTANCE"] / "templates"
    cache.mkdir(exist_ok=True)
    app.jinja_options = {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": ["jinja2.ext.do"],
        "bytecode_cache": FileSystemBytecodeCache(str(cache)),
    }
    app.jinja_loader = ChoiceLoader(
        [
            PackageLoader("portal"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )


def _static(app: Flask) -> None:
    """Static files, with names or addresses that change when they do, so that browsers keep them for a year."""
    app.add_url_rule("/static/<path:filename>", "static", build_only=True)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's documented way to add middleware
        app.wsgi_app,
        root=str(pages.STATIC),
        prefix="static/",
        max_age=_A_YEAR,
        autorefresh=bool(app.testing),
        add_headers_function=pages.add_static_headers,
    )
    app.wsgi_app = _in_ascii(app.wsgi_app)  # type: ignore[assignment, method-assign]  # as above
    hops = app.config["TRUSTED_PROXIES"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # as above


def _in_ascii(wsgi_app: "WSGIApplication") -> "WSGIApplication":
    """The same app, whose addresses are in ASCII, as RFC 3986 has them: what was sent raw is percent-encoded.

    Old browsers and robots send letters as they are, in any encoding, and Werkzeug takes all but UTF-8 for a mistake.
    """
    printable = "".join(map(chr, range(33, 127)))

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        query = environ.get("QUERY_STRING", "")
        environ["QUERY_STRING"] = quote(query.encode("latin-1"), safe=printable)
        return wsgi_app(environ, start_response)

    return answer
