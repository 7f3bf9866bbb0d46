"""Another machine, for test_jobs: waits for the word, then does the one job that it knows.

worker.py FOLDER short|endless MOMENT. Each time the job is done, a line is added to FOLDER/done.
"""

import datetime as dt
import os
import sys
import time
from pathlib import Path

from portal import create_app, jobs


def main(folder: Path, what: str, now: dt.datetime) -> None:
    """What is due is done, once the file `go` is there."""

    def work(_now: dt.datetime) -> None:
        with (folder / "done").open("a") as file:
            file.write(f"{os.getpid()}\n")
        while what == "endless":
            time.sleep(1)

    app = create_app()
    app.extensions["portal.jobs"] = {}
    jobs.register(app, jobs.Job("probe", dt.timedelta(hours=1), work))
    (folder / f"{os.getpid()}.ready").touch()
    while not (folder / "go").exists():
        time.sleep(0.01)
    with app.app_context():
        jobs.run_due(now)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main(Path(sys.argv[1]), sys.argv[2], dt.datetime.fromisoformat(sys.argv[3]))
