"""`portal serve` for real: its own processes, real HTTP, and nothing left running when it is told to stop.

What a test client cannot show: what the workers inherit from the process that forked them (a lock left open there
stops every write), that each of them sees at once what another process changed, and that a signal ends them all.
"""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from portal import create_app
from portal.db import db
from portal.directory import actions, indexing
from portal.directory.models import Service
from tests import make

# Reached only when something is wrong: what a busy machine of two cores may need, and many times over.
_STARTS_WITHIN, _ANSWERS_WITHIN = 60.0, 30.0
_MOST_REQUESTS = 300
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    """What came back. cookie: the session cookie that came with it, as it is sent again."""

    status: int
    text: str
    cookie: str


@dataclass(frozen=True)
class Served:
    """The site as its own processes serve it, each request over a connection of its own."""

    process: "subprocess.Popen[bytes]"
    port: int
    instance: Path

    def ask(self, path: str) -> Answer:
        """The answer to a GET."""
        return self._send("GET", path, "", {})

    def send(self, path: str, form: dict[str, str], cookie: str = "") -> Answer:
        """The answer to a POST."""
        return self._send("POST", path, urlencode(form), {**_FORM, "Cookie": cookie})

    def _send(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_ANSWERS_WITHIN)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
            return Answer(answer.status, answer.read().decode(), cookie)
        finally:
            connection.close()

    def from_each_worker(self, path: str) -> list[Answer]:
        """Answers of a search, until both workers have given some. A worker counts in a file of its own name."""
        answers: list[Answer] = []
        seen: set[str] = set()
        for file in self._tallies():
            file.unlink(missing_ok=True)
        while len(seen) < 2:
            assert len(answers) < _MOST_REQUESTS, f"only {len(seen)} of two workers ever answered"
            answers.append(self.ask(path))
            seen |= {file.name.partition(".")[0] for file in self._tallies()}
        return answers

    def _tallies(self) -> list[Path]:
        return list((self.instance / "tallies").glob("*"))


def running(session: int) -> list[str]:
    """The command lines of what runs in a session of processes."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _parent, _group, its_session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            command = (folder / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue  # it ended while we looked
        if state != "Z" and int(its_session) == session:
            found.append(command)
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _start(instance: Path, port: int, log: Path) -> "subprocess.Popen[bytes]":
    """`portal serve` in a session of its own, by which all that it starts can be told."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    with log.open("wb") as file:
        return subprocess.Popen(
            [str(Path(sys.executable).with_name("portal")), "serve", "--demo", "--port", str(port)],
            env={**environment, "PORTAL_INSTANCE": str(instance)},
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait(served: Served, log: Path) -> None:
    """The site answers that it is ready."""
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until and served.process.poll() is None:
        try:
            if served.ask("/readyz").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"portal serve did not get ready:\n{log.read_text()}", pytrace=False)


@pytest.fixture(scope="module")
def served(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration, served by `portal serve`."""
    folder = tmp_path_factory.mktemp("served")
    instance, log = folder / "instance", folder / "log"
    shutil.copytree(demonstration, instance)
    port = _free_port()
    served = Served(_start(instance, port, log), port, instance)
    try:
        _wait(served, log)
        yield served
    finally:
        if running(served.process.pid):
            os.killpg(served.process.pid, signal.SIGKILL)
        served.process.wait(_ANSWERS_WITHIN)


@pytest.fixture(scope="module")
def editor(served: Served) -> Flask:
    """Another process at the same database: this one."""
    return create_app({"TESTING": True}, {"PORTAL_INSTANCE": str(served.instance)})


def test_pages_and_health_are_served(served: Served) -> None:
    assert served.ask("/").status == 200
    assert "lunch club" in served.ask("/find?q=lunch+club&postcode=M33+7ZF").text
    assert served.ask("/healthz").text == "ok\n"
    assert served.ask("/readyz").text == "ready\n"


def _put_on_plan(served: Served, _turn: int) -> Answer:
    """What a visitor gets who opens the results, puts the first on the plan, and looks at the plan."""
    page = served.ask("/find?q=lunch+club&postcode=M33+7ZF")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    listing = re.search(r'name="service" value="([^"]+)"', page.text)
    assert token
    assert listing
    return served.send("/plan/items", {"csrf_token": token[1], "service": listing[1]}, page.cookie)


def test_several_visitors_put_things_on_their_plans_at_once(served: Served) -> None:
    with ThreadPoolExecutor(4) as visitors:
        answers = list(visitors.map(lambda turn: _put_on_plan(served, turn), range(8)))
    assert [answer.status for answer in answers] == [303] * 8
    assert all(answer.cookie.startswith("session=") for answer in answers)


def test_what_another_process_changes_is_there_on_the_next_request_from_every_worker(
    served: Served, editor: Flask
) -> None:
    words, name = "/find?q=wednesday+wool", "Wednesday Wool"
    assert all(name not in answer.text for answer in served.from_each_worker(words))
    with editor.app_context():
        listing = make.service(name)
        db.session.commit()
        address, listing_id = f"/services/{listing.id}", listing.id
    assert all(name in answer.text for answer in served.from_each_worker(words))
    assert served.ask(address).status == 200
    with editor.app_context():
        wool = db.session.get_one(Service, listing_id)
        actions.set_state(wool, "archived", actor="Ed", now=make.NOW)
        db.session.commit()
    assert all(name not in answer.text for answer in served.from_each_worker(words))
    assert served.ask(address).status == 404


def test_the_jobs_beside_the_server_get_at_the_database(served: Served, editor: Flask) -> None:
    with editor.app_context():
        make.service("Friday Felt")
        db.session.commit()
        until = time.monotonic() + _STARTS_WITHIN
        while indexing.waiting() and time.monotonic() < until:
            time.sleep(0.1)
        assert indexing.waiting() == 0


def test_a_signal_stops_the_server_with_everything_it_started(served: Served) -> None:
    """Last in this file: afterwards there is no server."""
    commands = running(served.process.pid)
    assert any("jobs run --loop" in command for command in commands)
    assert len(commands) >= 4  # the parent, two workers, the jobs
    served.process.send_signal(signal.SIGTERM)
    served.process.wait(_ANSWERS_WITHIN)
    assert running(served.process.pid) == []
    with pytest.raises(ConnectionError):
        served.ask("/healthz")
