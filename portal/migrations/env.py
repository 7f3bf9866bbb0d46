"""Runs migrations: on the embedded database, or on PostgreSQL as the role that owns the tables."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.runtime.migration import MigrationContext
from flask import current_app

from portal.db import Moment, db, settle_engine


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Our own column type is written as the plain one it stands on, so that old migrations need none of our code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def _let_tables_be_made_anew(connection: Any, _record: Any) -> None:
    """SQLite changes a column by making its table anew; dropping the old one must not take along what hangs on it."""
    connection.execute("PRAGMA foreign_keys=OFF")  # it has no effect once a transaction has begun


def _check_keys(*, ctx: MigrationContext, **_more: Any) -> None:
    """After each migration, and before its commit, every row names what is there."""
    if ctx.connection and ctx.dialect.name == "sqlite":
        lost = {row[0] for row in ctx.connection.exec_driver_sql("PRAGMA foreign_key_check")}
        if lost:
            raise RuntimeError(
                f"these tables have rows that name what is not there: {', '.join(sorted(lost))}"
            )


def run() -> None:
    """The tables are as the migrations say; one that fails leaves nothing of itself."""
    engine = settle_engine(
        sa.create_engine(current_app.config["MIGRATE_DATABASE_URI"], poolclass=sa.NullPool)
    )
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _let_tables_be_made_anew)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=_render,
            on_version_apply=_check_keys,  # type: ignore[arg-type]  # Alembic gives all of it by name
        )
        with context.begin_transaction():
            context.run_migrations()


run()
