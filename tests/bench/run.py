"""One run of the benchmarks: how much of everything, and what several parts share."""

import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from flask import Flask

from portal import postcodes
from tests.bench import filled, site, tantivy_engine
from tests.bench.measure import seconds

Say = Callable[[str], None]


@dataclass
class Run:
    """What is measured, in a folder of its own. The defaults are the whole of it; tests take far less."""

    folder: Path
    say: Say = print
    sizes: tuple[int, ...] = (4_000, 25_000, 250_000)
    # CPU seconds after which an engine is asked no further questions (each has been asked all words once by then).
    patience: float = 20.0
    questions: int = 310
    listings: int = 25_000
    requests: int = 60
    lookups: int = 2_000
    conversation: int = 100  # questions of the longest conversation
    # A folder of postcodes to begin with, and where more are read from: None for the whole UK.
    known_postcodes: Path | None = None
    postcode_file: Path | None = None
    with_tantivy: bool = tantivy_engine.is_installed()
    queries: Path | None = None  # the folder of labelled queries; None: tests/relevance

    @cached_property
    def _learnt(self) -> tuple[Path, float]:
        self.say("learning postcodes")
        folder = self.folder / "postcodes"
        if self.known_postcodes:
            shutil.copytree(self.known_postcodes, folder)
        return folder, seconds(lambda: postcodes.load(folder, self.postcode_file))

    @property
    def postcode_build(self) -> float:
        """CPU seconds of learning the postcodes, which happens once."""
        return self._learnt[1]

    @property
    def postcodes(self) -> Path:
        """The folder of postcodes that all sites share."""
        return self._learnt[0]

    @cached_property
    def demonstration(self) -> Flask:
        """The demonstration's site."""
        self.say("the demonstration")
        return site.demonstration(self.folder / "demonstration", self.postcodes)

    @cached_property
    def full(self) -> filled.Filled:
        """A site with very many listings."""
        self.say(f"a site with {self.listings:,} listings")
        return filled.fill(site.councils_only(self.folder / "full", self.postcodes), self.listings)


def machine() -> dict[str, Any]:
    """What the figures were measured on, as far as it matters."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "numpy": np.__version__,
        "system": sys.platform,
    }
