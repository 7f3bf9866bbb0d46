"""An app with one route more, which does whatever the test says, on each database in turn."""

import re
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from portal import create_app
from portal.db import db, keeps_nothing
from portal.permissions import public

METHODS = ["GET", "POST"]


@dataclass
class Probe:
    """A real app on a real database, whose page /probe is the test's own view."""

    app: Flask
    view: Callable[[], Any] = field(default=lambda: "nothing")

    def answer(self, view: Callable[[], Any], method: str = "POST", path: str = "/probe") -> TestResponse:
        """What a visitor gets from the view; every request stands alone, as on a server."""
        self.view = view
        return self.app.test_client().open(path, method=method)

    @property
    def engine(self) -> Engine:
        """The app's own engine."""
        with self.app.app_context():
            return db.engine

    def count(self, model: Any, *where: Any) -> int:
        """How many rows there are, seen from outside."""
        with self.engine.connect() as connection:
            rows = sa.select(sa.func.count()).select_from(model.__table__).where(*where)
            return connection.scalar(rows) or 0


def _answer() -> Any:
    return current_app.extensions["probe"].view()


def beside(site: Flask, settings: dict[str, Any] | None = None, **environ: str) -> Flask:
    """Another app on the site's database and in its folder. Its engine must be disposed of before the site goes."""
    database = {"TESTING": True, "SQLALCHEMY_DATABASE_URI": site.config["SQLALCHEMY_DATABASE_URI"]}
    folder = {"PORTAL_INSTANCE": str(site.config["INSTANCE"])}
    return create_app({**database, **(settings or {})}, {**folder, **environ})


@pytest.fixture
def another(site: Flask) -> Iterator[Callable[..., Flask]]:
    """Makes another app beside the site, for a while: another({"FLASK": "settings"}, PORTAL_SETTING="…")."""
    made: list[Flask] = []

    def make(settings: dict[str, Any] | None = None, **environ: str) -> Flask:
        made.append(beside(site, settings, **environ))
        return made[-1]

    db.session.remove()
    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


def _made(site: Flask) -> Probe:
    settings = {"NO_LIMITS": True, "PROPAGATE_EXCEPTIONS": False, "WTF_CSRF_ENABLED": False}
    probe = Probe(beside(site, settings))
    app = probe.app
    app.extensions["probe"] = probe
    app.add_url_rule("/probe", "probe", public(_answer), methods=METHODS)
    app.add_url_rule("/quick", "quick", public(keeps_nothing(lambda: _answer())), methods=["POST"])
    return probe


@pytest.fixture(scope="session")
def _probes() -> dict[str, Probe]:
    return {}


@pytest.fixture
def probe(each_site: Flask, _probes: dict[str, Probe]) -> Iterator[Probe]:
    """An app with a view of the test's own, on SQLite and on PostgreSQL in turn."""
    db.session.remove()
    name = each_site.config["SQLALCHEMY_DATABASE_URI"]
    found = _probes.setdefault(name, _probes.get(name) or _made(each_site))
    yield found
    found.engine.dispose()


class Visitor:
    """Somebody with a browser of their own at a site. Each request stands alone, outside the test's own context."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()

    def ask(self, method: str, path: str, **more: Any) -> TestResponse:
        """The answer."""
        return Context().run(lambda: self._client.open(path, method=method, buffered=True, **more))

    def get(self, path: str, **more: Any) -> TestResponse:
        """The answer to a GET."""
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: Any) -> TestResponse:
        """The answer to a POST, as it is sent: without a token that it does not carry itself."""
        return self.ask("POST", path, **more)

    def send(self, path: str, **form: str) -> TestResponse:
        """The answer to a form that one of the site's pages holds, with its token."""
        return self.post(path, data={**form, "csrf_token": self.token()})

    def token(self) -> str:
        """The token that the forms of this visitor's pages carry."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/").text)
        assert found, "the home page has no form"
        return found[1]


@pytest.fixture
def visitor(site: Flask) -> Visitor:
    """A visitor of Fernshire's site."""
    return Visitor(site)


@pytest.fixture
def broken(site: Flask, _probes: dict[str, Probe]) -> Iterator[Probe]:
    """The probe on SQLite alone, for what has nothing to do with the database."""
    db.session.remove()
    name = site.config["SQLALCHEMY_DATABASE_URI"]
    found = _probes.setdefault(name, _probes.get(name) or _made(site))
    yield found
    found.engine.dispose()
