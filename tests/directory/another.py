"""Another process of a site, on the same instance folder and database: `python -m tests.directory.another FOLDER URL`.

It answers a line of JSON with a line of JSON:
{"find": {…}}    what /find says: names and total
{"get": "/…"}    the status of a page
{"take_in": 1}   changes taken into the index
{"fork": "…"}    the id of a child that does one thing again and again until it is killed: "take in", "rebuild", or
                 "change and take in", where every listing changes first
{"bury": 1}      the signal that the last child died of
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import sqlalchemy as sa
from flask import Flask

from portal import clock, create_app
from portal.db import db, own_transaction
from portal.directory import indexing
from portal.directory.models import IndexChange, Service
from tests.directory import pages

ROOT = Path(__file__).parent.parent.parent


class Another:
    """The other process, to be asked things."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, **command: Any) -> Any:
        """The answer to a command."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def names(self, **asked: str) -> list[str]:
        """The names of what is found there."""
        found: list[str] = self.ask(find=asked)["names"]
        return found


@contextmanager
def another(app: Flask) -> Iterator[Another]:
    """Another process of the app; it has ended when the block has, before anybody empties the database."""
    url = sa.make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    command = [sys.executable, "-m", "tests.directory.another", str(app.config["INSTANCE"])]
    process = subprocess.Popen(
        [*command, url.render_as_string(hide_password=False)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        yield Another(process)
        assert process.stdin
        process.stdin.close()


def _mark_everything() -> None:
    with own_transaction() as session:
        ids = session.scalars(sa.select(Service.id)).all()
        session.add_all(IndexChange(service_id=listing, at=clock.now()) for listing in ids)


def _for_ever(what: str) -> NoReturn:
    while True:
        if what == "rebuild":
            indexing.rebuild()
            continue
        if what == "change and take in":
            _mark_everything()
        indexing.take_in(clock.now())


def _child(what: str) -> int:
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        _for_ever(what)
    return child


def _answer(app: Flask, command: dict[str, Any]) -> object:
    if "find" in command:
        found = pages.find(app.test_client(), **command["find"])
        return {"names": found.names, "total": found.total}
    if "get" in command:
        return app.test_client().get(command["get"]).status_code
    if "fork" in command:
        return _child(command["fork"])
    if "bury" in command:
        return os.wait()[1]
    return indexing.take_in(clock.now())


def main() -> None:
    folder, database = sys.argv[1:]
    environ = {"PORTAL_INSTANCE": folder, "PORTAL_DATABASE_URL": database}
    app = create_app({"TESTING": True, "NO_LIMITS": True}, environ)
    with app.app_context():
        for line in sys.stdin:
            print(json.dumps(_answer(app, json.loads(line))), flush=True)
            db.session.remove()


if __name__ == "__main__":
    main()
