"""What this machine lacks: its tests are skipped with the reason, and in CI they fail instead."""

import os
from functools import cache
from typing import NoReturn

import pytest
import sqlalchemy as sa


def left_out(reason: str) -> NoReturn:
    """Skip the test, or fail it when CI=true: there, nothing may be left out."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must have it. {reason}", pytrace=False)
    pytest.skip(reason)


def chromium() -> str:
    """The Chromium that tools/run_tests.py found."""
    found = os.environ.get("TEST_CHROMIUM")
    return found or left_out(os.environ.get("TEST_NO_CHROMIUM", "Chromium: run the tests by make test"))


def database_url() -> str:
    """The PostgreSQL database for this process's tests; its content is nobody's, and may be dropped."""
    found = os.environ.get("TEST_DATABASE_URL")
    if not found:
        left_out(os.environ.get("TEST_NO_POSTGRES", "PostgreSQL: run the tests by make test"))
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    return _beside(found, worker) if worker else found


@cache
def _beside(url: str, name: str) -> str:
    """A database of that name beside the one of the address, made when it is not there."""
    address = sa.make_url(url)
    own = address.set(database=f"{address.database}_{name}")
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        known = connection.scalars(sa.text("SELECT datname FROM pg_database")).all()
        if own.database not in known:
            connection.execute(sa.text(f'CREATE DATABASE "{own.database}"'))
    return own.render_as_string(hide_password=False)
