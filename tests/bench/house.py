"""CPU time of the equipment house's pages and of a board's, on the site with very many listings, and their weight."""

import gzip
from collections.abc import Callable, Iterator

from flask.testing import FlaskClient

from portal import clock
from portal.councils import queries as councils
from portal.db import db
from portal.editorial import loading
from portal.postcodes.store import Postcodes
from portal.selfhelp import boards, equipment
from tests.bench.measure import BrokenMeasurementError, Figure, Target, milliseconds, timed
from tests.bench.pages import BARE, bare_times, get, postcodes_near
from tests.bench.run import Run

PART = "house"
_CPU = Target(most=20.0, of="p95")
_KILO = 1_000
# HTML with its pictures, compressed.
_HOUSE, _ROOM, _PAGE = Target(most=60.0), Target(most=150.0), Target(most=30.0)


def measure(run: Run) -> Iterator[Figure]:
    """Every page of the starter house in turn, tasks near somebody, and every page of a board."""
    paths = _paths(run)
    run.say("the equipment house")
    client, bare = run.full.app.test_client(), bare_times(run.requests)
    for what, these in paths.items():
        asked = (these * (1 + run.requests // len(these)))[: max(run.requests, len(these))]
        weights = [len(gzip.compress(get(client, path))) / _KILO for path in these]
        works = milliseconds([_work(client, path) for path in asked])
        yield timed(PART, what, works, BARE, bare, _CPU)
        target = {"the house": _HOUSE, "a room": _ROOM}.get(what, _PAGE)
        yield Figure(
            PART, f"{what}, HTML and pictures at the heaviest, gzip", "kB", max(weights), target=target
        )


def _work(client: FlaskClient, path: str) -> Callable[[], object]:
    return lambda: client.get(path).data


def _paths(run: Run) -> dict[str, list[str]]:
    """Kind of page -> its addresses, with the starter content published."""
    app = run.full.app
    codes = postcodes_near(Postcodes(run.postcodes), 40)
    with app.app_context():
        loading.load(app.config["CONTENT"], clock.now())
        db.session.commit()
        council = next(iter(councils.every()), None)
        if council is None:
            raise BrokenMeasurementError("there is no council")
        house = equipment.kit(council).house
        steps = [f"/boards/{one.id}/{step.id}" for one in boards.every(council) for step in one.steps]
        db.session.remove()
    tasks = [f"/equipment/{task.room}/{task.id}" for task in house.tasks.values()]
    return {
        "the house": ["/equipment"],
        "a room": [f"/equipment/{room}" for room in house.rooms],
        "a task": tasks,
        "a task near somebody": [f"{path}?postcode={codes[at % 40]}" for at, path in enumerate(tasks)],
        "a board": sorted({path.rpartition("/")[0] for path in steps}),
        "a step of a board": steps,
    }
