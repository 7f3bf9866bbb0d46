"""CPU time of a conversation's pages, on the site with very many listings: an answer with the page that follows it."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from portal import clock
from portal.db import db
from portal.editorial import loading
from portal.editorial import queries as documents
from portal.selfhelp import queries
from portal.selfhelp.asking import PREFIX
from portal.selfhelp.conversation import Answer
from tests.bench.measure import BrokenMeasurementError, Figure, Target, milliseconds, timed
from tests.bench.pages import BARE, HEADERS, bare_times, get
from tests.bench.run import Run

PART = "talking"
# The longest of the starter conversations, of some forty questions.
_KEY = "everyday-life"
_NEXT = Target(most=15.0, of="p95")
_FEWEST, _MOST_PAGES = 10, 60
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_PAGE = re.compile(r'name="page" value="([^"]+)"')


def measure(run: Run) -> Iterator[Figure]:
    """Every page of somebody's way, with the page that comes next; and what may help them."""
    app = run.full.app
    said = _said(app)
    run.say("a conversation")
    client = app.test_client()
    forms = _walked(client, said)
    if len(forms) < _FEWEST:
        raise BrokenMeasurementError(f"the way has only {len(forms)} pages")
    bare = bare_times(run.requests)
    yield timed(PART, "an answer and the next page", milliseconds(_works(client, forms)), BARE, bare, _NEXT)
    helping = milliseconds([lambda: get(client, f"/self-help/{_KEY}/results")] * len(forms))
    yield timed(PART, "what may help", helping, BARE, bare, None)


def _said(app: Flask) -> Mapping[str, Answer]:
    """The answers of the conversation's first example, with the starter content published."""
    with app.app_context():
        loading.load(app.config["CONTENT"], clock.now())
        db.session.commit()
        found = documents.published(None, queries.KIND, _KEY)
        if found is None:
            raise BrokenMeasurementError(f"there is no conversation {_KEY}")
        said = queries.read(found.body).examples[0].answers
        db.session.remove()
    return said


def _walked(client: FlaskClient, said: Mapping[str, Answer]) -> list[tuple[str, dict[str, Any]]]:
    """Every page on the way, as its address and what is sent there."""
    answer = client.get(f"/self-help/{_KEY}")
    token = _TOKEN.findall(answer.text)[0]
    answer = client.post(
        f"/self-help/{_KEY}", data={"csrf_token": token, "whom": "me"}, follow_redirects=True
    )
    forms: list[tuple[str, dict[str, Any]]] = []
    while "/page/" in answer.request.path and len(forms) < _MOST_PAGES:
        form: dict[str, Any] = {"csrf_token": token, "page": _PAGE.findall(answer.text)[0]}
        for key, value in said.items():
            if f'name="{PREFIX}{key}"' in answer.text:
                form[PREFIX + key] = list(value) if isinstance(value, tuple) else value
        forms.append((answer.request.path, form))
        answer = client.post(answer.request.path, data=form, follow_redirects=True)
    return forms


def _works(client: FlaskClient, forms: list[tuple[str, dict[str, Any]]]) -> list[Callable[[], object]]:
    """The same said again: it is kept again, and the next page made again."""

    def work(path: str, form: dict[str, Any]) -> Callable[[], object]:
        return lambda: _sent(client, path, form)

    return [work(path, form) for path, form in forms]


def _sent(client: FlaskClient, path: str, form: dict[str, Any]) -> None:
    answer = client.post(path, data=form, headers=HEADERS, follow_redirects=True)
    if answer.status_code != 200 or answer.request.path == path:
        raise BrokenMeasurementError(f"{path} was answered with {answer.status}")
