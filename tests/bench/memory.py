"""Memory of a worker process that has served a few hundred searches on a site with very many listings."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from portal.postcodes.store import Postcodes
from tests.bench import pages
from tests.bench.measure import BrokenMeasurementError, Figure, Target
from tests.bench.run import Run

PART = "memory"
_TARGET = Target(most=200.0)
_NAMES = {"Rss": "resident (RSS)", "Pss": "its share (PSS)", "USS": "its own (USS)"}


def measure(run: Run) -> Iterator[Figure]:
    """A process of its own serves the searches, and tells what it holds."""
    full = run.full
    asked = pages.addresses(full, run.requests, Postcodes(run.postcodes))
    paths = [path for each in asked.values() for path in each]
    run.say("memory of a worker")
    file = run.folder / "asked.json"
    file.write_text(json.dumps(paths))
    command = [sys.executable, "-m", "tests.bench.worker", str(full.app.config["INSTANCE"]), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    if done.returncode:
        raise BrokenMeasurementError(done.stderr)
    held = json.loads(done.stdout)
    for name, what in _NAMES.items():
        yield Figure(
            PART,
            f"worker, {run.listings:,} listings: {what}",
            "MB",
            held[name],
            target=_TARGET if name == "Rss" else None,
        )
    yield Figure(PART, "the same before its first request (RSS)", "MB", held["before"])
