"""The scene: everybody, and everything that they ask about. As it was made for every test, and made anew in time."""

import datetime as dt
from collections.abc import Iterator

import pytest
from flask import Flask

from portal import clock
from tests.access import asking
from tests.access.asking import Scene

# Everybody has shown a factor when the scene is made, which pages that matter believe for ten minutes.
_LASTS = dt.timedelta(minutes=4)


@pytest.fixture(scope="session")
def _scenes() -> dict[str, Scene]:
    return {}


@pytest.fixture
def scene(
    site: Flask, _scenes: dict[str, Scene], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """Fernshire's site and Millbrook's, with everything on them, and everybody signed in."""
    found = _scenes.get("made")
    if found is None or clock.now() - found.made_at > _LASTS:
        found = _scenes["made"] = asking.made(site, tmp_path_factory.mktemp("scene"))
    found.open()
    yield found
    found.end()
