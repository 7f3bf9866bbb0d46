"""What tests stand on: real databases, real postcodes, the three made-up councils, and a clock that stands still.

`site` is an app with councils and taxonomy and no listings, empty anew for every test; `each_site` is the same on
SQLite and on PostgreSQL in turn. `app` is the whole demonstration, shared by tests that only read it.

Tests may run in several processes at once (pytest -n 2). What takes seconds to make is made by the first that needs
it, in a folder that all of them see; each works on a copy, and has a PostgreSQL database of its own.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal import seed
from portal.councils.models import Council
from portal.db import db
from portal.directory import content
from tests import instances, machine

pytest_plugins = ["tests.browser"]

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
TODAY = instances.TODAY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of open data. Where it is not there, the test is left out; in CI it fails."""
    if not SHARED.is_dir():
        machine.left_out("open data: there is no folder ../shared/data beside the project")
    return SHARED


def once(factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], object]) -> Path:
    """The folder of that name, filled once for all the processes of a run. Only to be read."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / f"once-{name}"
    with (shared / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            half = shared / f"once-{name}.half"
            shutil.rmtree(half, ignore_errors=True)  # from a process that could not fill it
            half.mkdir()
            fill(half)
            half.rename(folder)
    return folder


@pytest.fixture(scope="session")
def local_postcodes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the postcodes of the three councils."""
    return once(tmp_path_factory, "postcodes", instances.load_postcodes)


def _start(app: Flask) -> None:
    """Councils and taxonomy are there, and nothing else."""
    content.load(app.config["CONTENT"])
    seed.load_councils(app.config["CONTENT"] / "demo")
    db.session.commit()
    db.session.remove()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, local_postcodes: Path) -> Path:
    """The instance folder of the whole demonstration, as `make run` fills it. To be copied, not opened."""

    def fill(folder: Path) -> None:
        instances.fill_demonstration(folder, local_postcodes)

    return once(tmp_path_factory, "demonstration", fill)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Flask:
    """The whole demonstration, as `make run` makes it, on a day that is always the same. Only to be read."""
    folder = tmp_path_factory.mktemp("demonstration")
    shutil.copytree(demonstration, folder, dirs_exist_ok=True)
    return instances.app(folder)


@pytest.fixture
def demo(app: Flask) -> Iterator[Flask]:
    """The demonstration, with its context open."""
    with app.app_context():
        yield app
        db.session.remove()


class _Backend:
    """An app on one database, and the way to empty it between tests."""

    def __init__(self, folder: Path, database: str) -> None:
        self.app = instances.app(folder, database)
        self.folder = folder
        self._saved: dict[str, list[dict[str, Any]]] = {}
        with self.app.app_context():
            if database:
                db.session.execute(sa.text("DROP SCHEMA public CASCADE"))
                db.session.execute(sa.text("CREATE SCHEMA public"))
                db.session.commit()
            db.session.remove()
        instances.migrate(self.app)
        with self.app.app_context():
            _start(self.app)
            self._save()

    def _save(self) -> None:
        if db.engine.dialect.name == "sqlite":
            db.session.remove()
            db.engine.dispose()
            with sa.create_engine(f"sqlite:///{self.folder / 'portal.db'}").connect() as connection:
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
            shutil.copy(self.folder / "portal.db", self.folder / "start.db")
        else:
            for table in db.metadata.sorted_tables:
                rows = db.session.execute(sa.select(table)).mappings().all()
                self._saved[table.name] = [dict(row) for row in rows]
            db.session.remove()

    def empty(self) -> None:
        """Councils and taxonomy are there, and nothing else; there is no index."""
        for name in ("index", "tallies", "mail"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        if db.engine.dialect.name == "sqlite":
            db.engine.dispose()
            for part in ("-wal", "-shm"):
                (self.folder / f"portal.db{part}").unlink(missing_ok=True)
            # A new file, not new content: a connection left open anywhere would go on in the old one's locks.
            shutil.copy(self.folder / "start.db", self.folder / "portal.new")
            (self.folder / "portal.new").replace(self.folder / "portal.db")
            return
        names = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
        db.session.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        for table in db.metadata.sorted_tables:
            if self._saved[table.name]:
                db.session.execute(sa.insert(table), self._saved[table.name])
        db.session.commit()
        db.session.remove()


@pytest.fixture(scope="session")
def _backends(tmp_path_factory: pytest.TempPathFactory, local_postcodes: Path) -> dict[str, Any]:
    return {"made": {}, "folder": tmp_path_factory.mktemp("sites"), "postcodes": local_postcodes}


def _opened(backends: dict[str, Any], name: str) -> Iterator[Flask]:
    database = machine.database_url() if name == "postgresql" else ""
    if name not in backends["made"]:
        folder = backends["folder"] / name
        folder.mkdir()
        where = instances.with_postcodes(folder, backends["postcodes"])
        backends["made"][name] = _Backend(where, database)
    backend: _Backend = backends["made"][name]
    with backend.app.app_context():
        backend.empty()
        yield backend.app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def site(_backends: dict[str, Any]) -> Iterator[Flask]:
    """An app on SQLite with councils and taxonomy, and no listings; its context is open."""
    yield from _opened(_backends, "sqlite")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def each_site(request: pytest.FixtureRequest, _backends: dict[str, Any]) -> Iterator[Flask]:
    """The same on SQLite and on PostgreSQL in turn."""
    yield from _opened(_backends, request.param)


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    """A visitor without a browser, on Fernshire's site."""
    return site.test_client()


@pytest.fixture
def fernshire(site: Flask) -> Council:
    """The default council of the made-up region."""
    return db.session.scalars(sa.select(Council).where(Council.key == "fernshire")).one()
