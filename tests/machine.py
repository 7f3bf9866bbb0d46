"""What this machine lacks: its tests are skipped with the reason, and in CI they fail instead."""

import os
from typing import NoReturn

import pytest


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
    """The PostgreSQL database for tests; its content is nobody's, and may be dropped."""
    found = os.environ.get("TEST_DATABASE_URL")
    return found or left_out(os.environ.get("TEST_NO_POSTGRES", "PostgreSQL: run the tests by make test"))
