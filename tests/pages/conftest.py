"""One reader for all tests of pages: the demonstration with the hard listings, served, and a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import instances, pseudo
from tests.conftest import once
from tests.pages.reader import Reader, Sites


@pytest.fixture(scope="session")
def hard_instance(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's folder with the hard listings in it."""

    def fill(folder: Path) -> None:
        shutil.copytree(demonstration, folder, dirs_exist_ok=True)
        instances.add_hard_listings(folder)

    filled = once(tmp_path_factory, "hard", fill)
    folder = tmp_path_factory.mktemp("pages") / "instance"
    shutil.copytree(filled, folder)
    return folder


@pytest.fixture(scope="session")
def sites(hard_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sites]:
    """Every site that states are read on."""
    sites = Sites(hard_instance, pseudo.write(tmp_path_factory.mktemp("translations")))
    yield sites
    sites.close()


@pytest.fixture(scope="session")
def reader(browser: Browser, sites: Sites, hard_instance: Path) -> Reader:
    """Who opens states of pages."""
    return Reader(browser, sites, instances.made(hard_instance))
