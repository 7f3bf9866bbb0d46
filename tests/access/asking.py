"""Asking: everybody, for everything, each as if nothing had been asked before."""

import datetime as dt
import shutil
import sqlite3
from collections.abc import Mapping
from contextvars import Context
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal import clock
from portal.db import db
from tests.access import cast, things
from tests.access.cast import Asker
from tests.access.things import Things


@dataclass
class Scene:
    """The site with all the things and everybody at it; what somebody changes by asking is put back."""

    app: Flask
    askers: dict[str, Asker]
    things: Things
    made_at: dt.datetime
    _folder: Path
    _saved: Path
    _clients: dict[str, Any] = field(default_factory=dict)
    _watch: sqlite3.Connection | None = None
    _version: int = 0

    def ask(
        self, name: str, method: str, address: str, form: Mapping[str, str], *, token: bool = True
    ) -> TestResponse:
        """What one of the cast gets for an answer."""
        asker = self.askers[name]
        client = self._clients.setdefault(name, self.app.test_client())
        client.set_cookie("session", asker.cookie, domain=asker.host)
        sent = {**form, "csrf_token": asker.token} if token and method == "POST" else form
        more: dict[str, Any] = {"method": method, "base_url": f"http://{asker.host}"}
        if method == "POST":
            more["data"] = sent
        answer: TestResponse = Context().run(lambda: client.open(address, **more))
        self._put_back()
        return answer

    def _put_back(self) -> None:
        """The database is as it was, if anybody has written in it."""
        if self._watch is None or self._seen() != self._version:
            self.begin()

    def _seen(self) -> int:
        """A number that changes with everything that others write."""
        assert self._watch
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])

    def open(self) -> None:
        """Everything is as it was made, and can be searched."""
        shutil.copytree(self._saved / "index", self._folder / "index", dirs_exist_ok=True)
        self.begin()

    def begin(self) -> None:
        """The database is as it was made."""
        self.end()
        db.engine.dispose()
        file, new = self._folder / "portal.db", self._folder / "portal.new"
        for part in ("-wal", "-shm"):
            file.with_name(file.name + part).unlink(missing_ok=True)
        shutil.copy(self._saved / "portal.db", new)
        new.replace(file)
        self._watch = sqlite3.connect(file)
        self._version = self._seen()

    def end(self) -> None:
        """The database is not looked at any more."""
        if self._watch:
            self._watch.close()
        self._watch = None


def made(app: Flask, saved: Path) -> Scene:
    """The scene, on a site on SQLite that holds nothing yet. What there is then is kept in the folder `saved`."""
    found, now = things.made(app), clock.now()
    askers = cast.askers(app)
    folder = Path(str(app.config["INSTANCE"]))
    db.session.remove()
    db.engine.dispose()  # the last one out writes the log into the file
    shutil.copy(folder / "portal.db", saved)
    shutil.copytree(folder / "index", saved / "index")
    return Scene(app, askers, found, now, folder, saved)
