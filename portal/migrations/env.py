"""Runs migrations: on the embedded database, or on PostgreSQL as the role that owns the tables."""

from typing import Literal

import sqlalchemy as sa
from alembic import context
from flask import current_app

from portal.db import Moment, db, settle_engine


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Our own column type is written as the plain one it stands on, so that old migrations need none of our code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def run() -> None:
    """The tables are as the migrations say."""
    engine = settle_engine(sa.create_engine(current_app.config["MIGRATE_DATABASE_URI"]))
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            compare_type=True,
            render_item=_render,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
