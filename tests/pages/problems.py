"""How a test of pages tells what it found: a line for each problem, and nothing else to read past."""

from collections.abc import Mapping, Sequence

import pytest


def assert_nothing(found: Mapping[str, Sequence[str]]) -> None:
    """Fails, naming each check with what it found, when there is anything."""
    lines = [f"{check}: {problem}" for check, problems in found.items() for problem in problems]
    if lines:
        pytest.fail("\n".join(lines), pytrace=False)
