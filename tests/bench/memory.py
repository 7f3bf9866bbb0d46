"""Memory of a worker process that has served a few hundred searches on a site with very many listings."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from portal import create_app
from portal.postcodes.store import Postcodes
from tests.bench import pages
from tests.bench.measure import BrokenMeasurementError, Figure, Target
from tests.bench.run import Run

PART = "memory"
_TARGET = Target(most=200.0)
_NAMES = {
    "Rss": "resident (RSS)",
    "Pss": "its share (PSS)",
    "Private_Dirty": "its own, written (private dirty)",
    "USS": "its own (USS)",
}


def measure(run: Run) -> Iterator[Figure]:
    """A process of its own serves the searches, and tells what it holds."""
    full = run.full
    asked = pages.addresses(full, run.requests, Postcodes(run.postcodes))
    paths = [path for each in asked.values() for path in each]
    run.say("memory of a worker")
    file = run.folder / "asked.json"
    file.write_text(json.dumps(paths))
    command = [sys.executable, "-m", "tests.bench.memory", str(full.app.config["INSTANCE"]), str(file)]
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


def held() -> dict[str, float]:
    """Megabytes that this process holds, by the kernel's names. USS: what nobody else has."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    found = {line.split(":")[0]: int(line.split()[1]) * 1024 / 1e6 for line in lines}
    return {**found, "USS": found["Private_Clean"] + found["Private_Dirty"]}


def serve(instance: str, paths: Sequence[str]) -> dict[str, float]:
    """What is held after these pages were served; `before`: resident before the first of them."""
    app = create_app({"NO_LIMITS": True}, {"PORTAL_INSTANCE": instance, "PORTAL_DATABASE_URL": ""})
    before = held()["Rss"]
    client = app.test_client()
    for path in paths:
        pages.get(client, path)
    return {**held(), "before": before}


if __name__ == "__main__":
    print(json.dumps(serve(sys.argv[1], json.loads(Path(sys.argv[2]).read_text()))))
