"""The database: one request is one transaction, on SQLite and PostgreSQL alike.

Invariants: a request that only reads takes no write lock and cannot write (the database itself refuses); a request
that writes commits once, after its view, and only when its answer is a success; a commit that fails becomes a 500,
never a false success.
"""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Flask, Response, current_app, has_request_context, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event, orm
from sqlalchemy.engine import Connection, Engine

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
# False while a request that may only read is being answered.
_may_write: ContextVar[bool] = ContextVar("may_write", default=True)
MIGRATIONS = Path(__file__).parent / "migrations"
_REVISION = re.compile(r"^(revision|down_revision) = ['\"](\w+)['\"]", re.M)
View = Callable[..., Any]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Moment(sa.types.TypeDecorator[dt.datetime]):
    """A moment in UTC. Refuses one without its time zone, and gives it back in UTC on every database and server."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        """The moment as it is stored."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:
        """The moment as it was, in UTC: SQLite keeps no time zone, and PostgreSQL tells its own server's."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(orm.DeclarativeBase):
    """What every table has in common: names of constraints, and types for annotations."""

    # Given whole, since Flask-SQLAlchemy copies the class and SQLAlchemy then refuses two half ways.
    registry = orm.registry(
        metadata=sa.MetaData(naming_convention=_NAMES),
        type_annotation_map={
            dt.datetime: Moment,
            dict[str, Any]: sa.JSON,
            list[str]: sa.JSON,
            uuid.UUID: sa.Uuid,
        },
    )
    metadata = registry.metadata


# What was asked with is about people: it is in no error message, and so in no log.
db = SQLAlchemy(model_class=Base, engine_options={"pool_pre_ping": True, "hide_parameters": True})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def new_id() -> uuid.UUID:
    """A new random identifier: it says nothing about what it names, nor about how many there are."""
    return uuid.uuid4()


@contextmanager
def reading_only() -> Iterator[None]:
    """Within it, a transaction that begins can only read."""
    token = _may_write.set(False)
    try:
        yield
    finally:
        _may_write.reset(token)


@contextmanager
def own_transaction() -> Iterator[orm.Session]:
    """A short transaction of its own, committed at the end, whatever becomes of the request around it."""
    token = _may_write.set(True)
    try:
        with orm.Session(db.engine) as session, session.begin():
            yield session
    finally:
        _may_write.reset(token)


def changed(session: orm.Session | orm.scoped_session[Any], statement: sa.Update | sa.Delete) -> int:
    """How many rows the statement changed or took away, now that it is carried out."""
    result = session.execute(statement)
    assert isinstance(result, sa.CursorResult)  # as of every statement that gives no rows back
    return int(result.rowcount)


@contextmanager
def own_reading() -> Iterator[orm.Session]:
    """A look at the database beside the request or job around it, which cannot write."""
    with reading_only(), orm.Session(db.engine) as session:
        yield session


@cache
def newest_migration() -> str:
    """The migration that the code needs. Read from the files' own lines: a probe need not load what runs them."""
    named: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for path in (MIGRATIONS / "versions").glob("*.py"):
        for which, name in _REVISION.findall(path.read_text()):
            named[which].add(name)
    (newest,) = named["revision"] - named["down_revision"]
    return newest


def migrated_to() -> str | None:
    """The migration that the tables are at; None where there are no tables."""
    with db.engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def _settle_sqlite(connection: Any, _record: Any) -> None:
    """Settings that SQLite keeps per connection.

    WAL lets readers go on while one writes; FULL keeps a commit through a power cut, as money needs; recursive
    triggers also guard a row that INSERT OR REPLACE would put another in the place of.
    """
    connection.isolation_level = None  # we say BEGIN ourselves, below
    for line in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "busy_timeout=15000",
    ):
        connection.execute(f"PRAGMA {line}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once where writing is allowed; else refuse every write."""
    may_write = _may_write.get()
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if may_write else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if may_write else "BEGIN")


def _begin_postgres(connection: Connection) -> None:
    """Refuse every write where only reading is allowed."""
    if not _may_write.get():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def settle_engine(engine: Engine) -> Engine:
    """The engine, with this project's rules for connections and transactions."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _settle_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgres)
    return engine


def keeps_nothing(view: View) -> View:
    """The view, marked: its POST changes the visitor's own browser and not the database, so it waits for no lock."""
    view.keeps_nothing = True  # type: ignore[attr-defined]  # a mark on the function, read by _writes
    return view


@contextmanager
def short_transaction() -> Iterator[None]:
    """In a view that `keeps_nothing`: within it db.session may write, and what it wrote is committed at the end.

    For views that must leave a trace even when they refuse (a wrong password is counted), or that think for long
    between reading and writing (a slow hash) and must hold no lock meanwhile.
    """
    if _may_write.get() and has_request_context() and _writes():
        raise RuntimeError("the request is one transaction already: mark its view with @keeps_nothing")
    db.session.rollback()
    token = _may_write.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _may_write.reset(token)


@contextmanager
def somehow() -> Iterator[orm.Session]:
    """The request's own transaction where it may write, else a short one of its own: for what goes with any request."""
    if _may_write.get():
        yield db.session  # type: ignore[misc]  # the session of this request, behind Flask-SQLAlchemy's proxy
    else:
        with own_transaction() as session:
            yield session


def _writes() -> bool:
    """Whether the request that is being answered may change the database."""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method not in _SAFE and not getattr(view, "keeps_nothing", False)


def _open_request() -> None:
    _may_write.set(_writes())


def _close_request(response: Response) -> Response:
    """Commit what a successful writing request did; undo everything else."""
    if _may_write.get() and response.status_code < 400:
        db.session.commit()
    else:
        db.session.rollback()
    return response


def _leave_request(_error: BaseException | None) -> None:
    _may_write.set(True)


def init_app(app: Flask) -> None:
    """Bind the database to the app, and each request to one transaction."""
    db.init_app(app)
    with app.app_context():
        settle_engine(db.engine)
    app.before_request(_open_request)
    app.after_request(_close_request)
    app.teardown_request(_leave_request)
