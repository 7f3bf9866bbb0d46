"""The accounts' tests have sites on which people can sign in."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests import instances
from tests.conftest import once


@pytest.fixture(scope="session")
def _backends(tmp_path_factory: pytest.TempPathFactory, local_postcodes: Path) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("sites-with-accounts")
    return {"made": {}, "folder": folder, "postcodes": local_postcodes, "settings": {"ACCOUNTS": True}}


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory, local_postcodes: Path) -> Flask:
    """The whole demonstration with its people, as `make run` makes it with PORTAL_ACCOUNTS=on. Only to be read."""

    def fill(folder: Path) -> None:
        instances.fill_demonstration(folder, local_postcodes, ACCOUNTS=True)

    folder = tmp_path_factory.mktemp("demonstration")
    shutil.copytree(once(tmp_path_factory, "demonstration-with-people", fill), folder, dirs_exist_ok=True)
    return instances.app(folder, ACCOUNTS=True)
