"""A process that serves pages and says what memory it holds: `python -m tests.bench.worker INSTANCE ADDRESSES.json`.

It imports what a worker imports, and nothing of the benchmarks.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from portal import create_app


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
        answer = client.get(path, headers={"Accept-Encoding": "gzip, deflate, br"})
        if answer.status_code != 200:
            raise RuntimeError(f"{path} was answered with {answer.status}")
    return {**held(), "before": before}


if __name__ == "__main__":
    print(json.dumps(serve(sys.argv[1], json.loads(Path(sys.argv[2]).read_text()))))
