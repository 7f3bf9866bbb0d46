"""CPU time of whole pages on a site with very many listings, beside a route that does next to nothing."""

import random
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from flask import Flask, render_template
from flask.testing import FlaskClient
from jinja2 import DictLoader

from portal.postcodes.near import nearest
from portal.postcodes.store import Postcodes
from tests.bench import questions
from tests.bench.corpus import MIDDLE
from tests.bench.filled import Filled
from tests.bench.measure import BrokenMeasurementError, Figure, Target, Times, milliseconds, timed
from tests.bench.run import Run

PART = "pages"
BARE = "a bare route"
_FIND = Target(most=25.0, of="p95")
_REBUILD = Target(most=30.0)
# What browsers send; the site answers with brotli.
HEADERS = {"Accept-Encoding": "gzip, deflate, br"}
# Around the middle of the ground, as a town's people live.
_SPREAD = 4_000


def measure(run: Run) -> Iterator[Figure]:
    """Home, results, map and listing; and the index made from the database."""
    full = run.full
    asked = addresses(full, run.requests, Postcodes(run.postcodes))
    run.say("pages")
    bare = bare_times(run.requests)
    for what, paths in asked.items():
        own = _times(full.app.test_client(), paths)
        yield timed(PART, what, own, BARE, bare, _FIND if what.startswith("/find") else None)
    yield Figure(PART, f"portal index rebuild, {run.listings:,}", "s CPU", full.rebuild, target=_REBUILD)


def bare_times(requests: int) -> Times:
    """What a route that does next to nothing takes."""
    return _times(_bare().test_client(), ["/"] * requests)


def postcodes_near(store: Postcodes, count: int) -> list[str]:
    """Postcodes where people of the default council live."""
    draw = random.Random(count)
    found: list[str] = []
    while len(found) < count:
        place = nearest(store, *(round(draw.gauss(middle, _SPREAD)) for middle in MIDDLE))
        if place is None:
            raise BrokenMeasurementError("no postcodes are known where the listings are")
        found.append(place.label)
    return found


def addresses(full: Filled, count: int, store: Postcodes) -> dict[str, list[str]]:
    """What is asked of each page: kind of page -> addresses."""
    codes = postcodes_near(store, min(count, 200))
    asked = [
        {"q": questions.WORDS[at % len(questions.WORDS)], "postcode": codes[at % len(codes)]}
        for at in range(count)
    ]
    step = max(1, len(full.listings) // count)
    return {
        "home": ["/"] * count,
        "/find, words and postcode": [f"/find?{urlencode(one)}" for one in asked],
        "/find, postcode only": [f"/find?{urlencode({'postcode': one['postcode']})}" for one in asked],
        "/find, narrowed": [f"/find?{urlencode({**one, 'free': '1', 'day': 'thu'})}" for one in asked],
        "/find, as a map": [f"/find?{urlencode({**one, 'view': 'map'})}" for one in asked],
        "a listing": [f"/services/{listing}" for listing in full.listings[::step][:count]],
    }


def get(client: FlaskClient, path: str) -> bytes:
    """The body of a page as it is sent. Raises where it is not what was asked for."""
    answer = client.get(path, headers=HEADERS)
    if answer.status_code != 200:
        raise BrokenMeasurementError(f"{path} was answered with {answer.status}")
    body: bytes = answer.data
    return body


def _times(client: FlaskClient, paths: list[str]) -> Times:
    def work(path: str) -> Callable[[], object]:
        return lambda: get(client, path)

    for path in paths[: len(questions.WORDS)]:
        get(client, path)
    return milliseconds([work(path) for path in paths])


def _bare() -> Flask:
    app = Flask("bare")
    app.jinja_loader = DictLoader({"hello.html": "<!doctype html><title>{{ word }}</title><p>{{ word }}</p>"})

    @app.get("/")
    def hello() -> str:
        return render_template("hello.html", word="Hello")

    return app
