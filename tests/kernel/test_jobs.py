"""What the site does by itself: once when it is due, however many machines look, and again when one fails or dies."""

import datetime as dt
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from portal import jobs
from portal.db import db, own_reading
from portal.jobs import Job, JobState
from tests.kernel.conftest import Probe
from tests.make import NOW

HOUR = dt.timedelta(hours=1)
WORKER = Path(__file__).with_name("worker.py")


@contextmanager
def only(app: Flask, *registered: Job) -> Iterator[None]:
    """These are the app's jobs for a while."""
    before = app.extensions["portal.jobs"]
    app.extensions["portal.jobs"] = {}
    for job in registered:
        jobs.register(app, job)
    try:
        yield
    finally:
        app.extensions["portal.jobs"] = before


def state(name: str) -> JobState:
    """What the database knows of a job at this moment."""
    with own_reading() as session:
        return session.get_one(JobState, name)


def test_a_job_is_done_when_it_is_due_and_not_before(each_site: Flask) -> None:
    done: list[dt.datetime] = []
    with only(each_site, Job("water the plants", HOUR, done.append)):
        assert jobs.run_due(NOW) == ["water the plants"]
        assert jobs.run_due(NOW + HOUR - dt.timedelta(seconds=1)) == []
        assert jobs.run_due(NOW + HOUR) == ["water the plants"]
    assert done == [NOW, NOW + HOUR]
    assert (state("water the plants").due_at, state("water the plants").leased_until) == (
        NOW + 2 * HOUR,
        None,
    )


def test_jobs_are_done_in_the_order_they_were_registered(each_site: Flask) -> None:
    with only(each_site, *(Job(name, HOUR, lambda now: None) for name in ("b", "a", "c"))):
        assert jobs.run_due(NOW) == ["b", "a", "c"]


def test_a_site_that_slept_does_each_job_once_and_not_for_every_time_it_missed(each_site: Flask) -> None:
    done: list[dt.datetime] = []
    with only(each_site, Job("water the plants", HOUR, done.append)):
        jobs.run_due(NOW)
        jobs.run_due(NOW + 100 * HOUR)
        jobs.run_due(NOW + 100 * HOUR)
    assert done == [NOW, NOW + 100 * HOUR]


def test_a_job_that_fails_is_noted_and_done_again_at_its_next_time_and_holds_up_no_other(
    each_site: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    rain = [True]

    def water(now: dt.datetime) -> None:
        db.session.execute(sa.text("UPDATE council SET phone = '999'"))
        if rain:
            raise RuntimeError("it rains")
        db.session.commit()

    with only(each_site, Job("water", HOUR, water), Job("sweep", HOUR, lambda now: None)):
        with caplog.at_level(logging.CRITICAL, logger="portal.jobs"):
            assert jobs.run_due(NOW) == ["sweep"]
        failed = state("water")
        assert (failed.problem, failed.last_done_at) == ("RuntimeError: it rains", None)
        assert (failed.due_at, failed.leased_until) == (NOW + HOUR, None)
        assert db.session.scalar(sa.text("SELECT count(*) FROM council WHERE phone = '999'")) == 0
        db.session.remove()
        rain.clear()
        assert jobs.run_due(NOW + HOUR) == ["water", "sweep"]
    assert (state("water").problem, state("water").last_done_at) == (None, NOW + HOUR)


def test_a_failure_is_told_in_the_log_with_where_it_happened(
    site: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(now: dt.datetime) -> None:
        raise RuntimeError("the can is empty")

    with only(site, Job("water", HOUR, breaks)):
        jobs.run_due(NOW)
    assert "job water failed" in caplog.text
    assert "in breaks" in caplog.text


def test_two_jobs_cannot_have_one_name(site: Flask) -> None:
    with only(site, Job("water", HOUR, lambda now: None)), pytest.raises(ValueError, match="two jobs"):
        jobs.register(site, Job("water", HOUR, lambda now: None))


def test_who_holds_a_job_keeps_it_until_the_lease_runs_out(each_site: Flask) -> None:
    found: list[str] = []
    job = Job("water", HOUR, lambda now: found.extend(jobs.run_due(now)), lease=2 * HOUR)
    with only(each_site, job):
        assert jobs.run_due(NOW) == ["water"]  # and while it was at it, nobody else got it
    assert found == []


def test_who_comes_back_late_takes_nothing_from_who_took_over(each_site: Flask) -> None:
    second_has_it, first_is_home = threading.Event(), threading.Event()

    def second() -> None:
        with each_site.app_context():
            jobs.run_due(NOW + 2 * HOUR)

    thread = threading.Thread(target=second)

    def water(now: dt.datetime) -> None:
        """The first is so slow that its lease runs out and the second begins; the first ends before the second."""
        if now == NOW:
            thread.start()
            assert second_has_it.wait(30)
        else:
            second_has_it.set()
            assert first_is_home.wait(30)

    with only(each_site, Job("water", HOUR, water, lease=HOUR)):
        jobs.run_due(NOW)
        assert state("water").leased_until == NOW + 3 * HOUR  # the second still has it
        first_is_home.set()
        thread.join()
    assert (state("water").leased_until, state("water").due_at) == (None, NOW + 3 * HOUR)


def test_a_job_about_a_machines_own_files_is_done_on_every_machine(
    each_site: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    tidy = Job("tidy", HOUR, lambda now: done.append(str(current_app.config["INSTANCE"])), everywhere=True)
    count = Job("count", HOUR, lambda now: done.append("count"))
    with only(each_site, tidy, count):
        assert jobs.run_due(NOW) == ["tidy", "count"]
        assert jobs.run_due(NOW) == []
        monkeypatch.setitem(each_site.config, "INSTANCE", tmp_path)  # another machine, on the same database
        assert jobs.run_due(NOW) == ["tidy"]
        assert jobs.run_due(NOW) == []
    assert len(set(done)) == len(done) == 3


def test_what_went_wrong_can_be_asked_until_it_goes_well_again(each_site: Flask) -> None:
    wrong = ["it rains"]

    def water(now: dt.datetime) -> None:
        if wrong:
            raise RuntimeError(wrong[0])

    with only(each_site, Job("water", HOUR, water, everywhere=True), Job("sweep", HOUR, lambda now: None)):
        jobs.run_due(NOW)
        assert jobs.problems() == {"water": "RuntimeError: it rains"}
        wrong.clear()
        jobs.run_due(NOW + HOUR)
        assert jobs.problems() == {}


# Across processes


def started(app: Flask, folder: Path, what: str) -> "subprocess.Popen[bytes]":
    """Another process, on the same database, that waits for the file `go` and then does what is due."""
    environ = {
        **os.environ,
        "PORTAL_INSTANCE": str(app.config["INSTANCE"]),
        "PORTAL_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
    }
    command = [sys.executable, str(WORKER), str(folder), what, NOW.isoformat()]
    return subprocess.Popen(command, env=environ, cwd=Path(__file__).parents[2])


def wait_for(holds: Callable[[], bool]) -> None:
    """It holds; a machine of two busy cores may need its time."""
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until, "it never came to be"
        time.sleep(0.02)


def test_a_job_is_done_once_however_many_processes_look_at_the_same_moment(
    each_site: Flask, tmp_path: Path
) -> None:
    db.session.remove()
    people = [started(each_site, tmp_path, "short") for _person in range(2)]
    wait_for(lambda: len(list(tmp_path.glob("*.ready"))) == 2)
    (tmp_path / "go").touch()
    assert [person.wait(60) for person in people] == [0, 0]
    assert len((tmp_path / "done").read_text().splitlines()) == 1
    assert state("probe").last_done_at == NOW


def test_a_machine_that_dies_at_a_job_leaves_it_to_another_when_the_lease_runs_out(
    each_site: Flask, tmp_path: Path
) -> None:
    db.session.remove()
    (tmp_path / "go").touch()
    dies = started(each_site, tmp_path, "endless")
    wait_for((tmp_path / "done").exists)
    os.kill(dies.pid, signal.SIGKILL)
    dies.wait()
    done: list[dt.datetime] = []
    with only(each_site, Job("probe", HOUR, done.append)):
        assert jobs.run_due(NOW + 14 * dt.timedelta(minutes=1)) == []
        assert jobs.run_due(NOW + 15 * dt.timedelta(minutes=1)) == ["probe"]
    assert len(done) == 1


# The command


def test_the_command_says_what_it_did(site: Flask) -> None:
    db.session.remove()
    answer = site.test_cli_runner().invoke(args=["jobs", "run"])
    assert answer.exit_code == 0
    assert "done: mail" in answer.output.splitlines()


def test_a_job_may_use_the_database_as_a_request_does(probe: Probe) -> None:
    def water(now: dt.datetime) -> None:
        db.session.execute(sa.text("UPDATE council SET phone = '999'"))
        db.session.commit()

    with probe.app.app_context(), only(probe.app, Job("water", HOUR, water)):
        assert jobs.run_due(NOW) == ["water"]
        assert db.session.scalar(sa.text("SELECT count(*) FROM council WHERE phone = '999'")) == 3
        db.session.remove()
