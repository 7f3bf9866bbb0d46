"""What is due, and doing it: once, however many machines look at the same time.

A feature registers its jobs when the app is made. Each run has a lease in the database; a machine that dies in the
middle leaves a lease that runs out, and another takes the job up. So a job must bear being started again.
"""

import datetime as dt
import logging
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal import registry
from portal.db import Model, changed, db, own_reading, own_transaction

log = logging.getLogger(__name__)


class JobState(Model):
    """When a job is next due, and who is at it."""

    __tablename__ = "job"
    name: Mapped[str] = mapped_column(sa.String(60), primary_key=True)
    due_at: Mapped[dt.datetime]
    leased_until: Mapped[dt.datetime | None]
    last_done_at: Mapped[dt.datetime | None]
    problem: Mapped[str | None] = mapped_column(sa.String(300))


@dataclass(frozen=True)
class Job:
    """A thing to do every so often. run takes the time it counts as now, and manages its own transactions.

    everywhere: every machine does it for itself, since it is about files in its own instance folder.
    """

    name: str
    every: dt.timedelta
    run: Callable[[dt.datetime], object]
    lease: dt.timedelta = dt.timedelta(minutes=15)
    everywhere: bool = False

    @property
    def row(self) -> str:
        """The name of its row: one for all machines, or one for each."""
        return f"{self.name} @ {_machine()}" if self.everywhere else self.name


def _machine() -> str:
    """This machine, by a name that it gave itself: its instance folder is what makes it one."""
    path = Path(current_app.config["INSTANCE"]) / "machine"
    if not path.exists():
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(secrets.token_hex(4))
        with suppress(FileExistsError):
            path.hardlink_to(part)
        part.unlink()
    return path.read_text().strip()


def register(app: Flask, job: Job) -> None:
    """The job is done from now on by `portal jobs run`."""
    jobs = app.extensions.setdefault("portal.jobs", {})
    if job.name in jobs:
        raise ValueError(f"two jobs are called {job.name}")
    jobs[job.name] = job


def registered(app: Flask) -> list[Job]:
    """Every job of the app, in the order they were registered."""
    return list(app.extensions.get("portal.jobs", {}).values())


def _make_rows(jobs: list[Job], now: dt.datetime) -> None:
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    with own_transaction() as session:
        for job in jobs:
            session.execute(insert(JobState).values(name=job.row, due_at=now).on_conflict_do_nothing())


def _claim(job: Job, now: dt.datetime) -> bool:
    """True when the job is due and this process alone has it."""
    free = sa.or_(JobState.leased_until.is_(None), JobState.leased_until <= now)
    with own_transaction() as session:
        taken = changed(
            session,
            sa.update(JobState)
            .where(JobState.name == job.row, JobState.due_at <= now, free)
            .values(leased_until=now + job.lease),
        )
        return bool(taken)


def _release(job: Job, now: dt.datetime, leased_until: dt.datetime, problem: str | None) -> None:
    """The job is free until its next time; unless the lease ran out, and the job is another's by now."""
    done = {} if problem else {"last_done_at": now}
    with own_transaction() as session:
        session.execute(
            sa.update(JobState)
            .where(JobState.name == job.row, JobState.leased_until == leased_until)
            .values(leased_until=None, due_at=now + job.every, problem=problem, **done)
        )


def run_due(now: dt.datetime) -> list[str]:
    """The names of the jobs that were due and done now. One that fails is noted and tried again at its next time."""
    app = registry.the_app()
    jobs = registered(app)
    _make_rows(jobs, now)
    return [job.name for job in jobs if _claim(job, now) and _run(job, now)]


def problems() -> dict[str, str]:
    """What went wrong with this machine's jobs the last time they ran: name -> what, for those that failed."""
    app = registry.the_app()
    rows = {job.row: job.name for job in registered(app)}
    with own_reading() as session:
        found = session.execute(
            sa.select(JobState.name, JobState.problem).where(
                JobState.name.in_(rows), JobState.problem.is_not(None)
            )
        ).all()
    return {rows[name]: str(problem) for name, problem in found}


def _run(job: Job, now: dt.datetime) -> bool:
    problem = None
    try:
        job.run(now)
    except Exception as error:
        log.exception("job %s failed", job.name)
        problem = f"{type(error).__name__}: {error}"[:300]
    finally:
        db.session.remove()
    _release(job, now, now + job.lease, problem)
    return problem is None
