"""Walking all chains: is every event there, as it was written, and no other?"""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from portal.audit import chain
from portal.audit.models import AuditDetail, AuditEvent, AuditHead


@dataclass(frozen=True)
class Problem:
    """Something that is not as it was written. what: changed, missing or forged."""

    subject: str
    number: int
    what: str
    words: str

    def __str__(self) -> str:
        return f"{self.what}: {self.subject}, event {self.number}: {self.words}"


@dataclass
class Report:
    """What was walked over, and what was found."""

    subjects: int = 0
    events: int = 0
    erased: int = 0
    problems: list[Problem] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.events:,} events on {self.subjects:,} subjects; the personal facts of {self.erased:,} are erased; "
            f"{len(self.problems):,} problems."
        )


class _Walk:
    """Along one subject's chain. previous is None where the row before is not there to be asked."""

    def __init__(self, subject: str, report: Report) -> None:
        self.subject, self._report = subject, report
        self.number, self.previous = 0, chain.FIRST
        self._lost = False

    def problem(self, number: int, what: str, words: str) -> None:
        self._report.problems.append(Problem(self.subject, number, what, words))

    def step(self, row: Any) -> None:
        """The next row of the subject, by number."""
        self._report.events += 1
        if row.number <= self.number:
            self.problem(row.number, "forged", "there are two of this number, or it is below 1")
            return
        for number in range(self.number + 1, min(row.number, self.number + 1001)):
            self.problem(number, "missing", "there is no such row")
        after_a_gap = row.number > self.number + 1
        if not after_a_gap and row.hash != self._hash(row):
            self.problem(row.number, "changed", "the row, or the one before it, is not as it was written")
        self._look_at_facts(row)
        self.number, self.previous = row.number, row.hash

    def _hash(self, row: Any) -> str:
        try:
            return chain.hash_of(self.previous, row)
        except (TypeError, ValueError):
            return "not to be had"

    def _look_at_facts(self, row: Any) -> None:
        if row.salt is None:
            self._report.erased += row.personal is not None
        elif row.personal is None:
            self.problem(row.number, "forged", "it was written without personal facts")
        elif chain.personal_hash(row.salt, row.told) != row.personal:
            self.problem(row.number, "changed", "its personal facts are not as they were written")

    def end(self, head: tuple[int, str] | None) -> None:
        """No more rows. head: what the subject's newest event was."""
        if head is None:
            self.problem(self.number, "forged", "nothing says that the subject has events")
            return
        number, newest = head
        if number > self.number:
            for lost in range(self.number + 1, min(number, self.number + 1000) + 1):
                self.problem(lost, "missing", "there is no such row")
        elif number < self.number:
            for more in range(number + 1, self.number + 1):
                self.problem(more, "forged", "it came after the newest event that was written")
        elif newest != self.previous:
            self.problem(number, "changed", "it is not the newest event that was written")


def _rows(session: orm.Session) -> Iterator[Any]:
    """Every event with its personal facts, by subject and number."""
    columns = list(AuditEvent.__table__.columns)
    asked = (
        sa.select(*columns, AuditDetail.salt, AuditDetail.facts.label("told"))
        .select_from(AuditEvent)
        .outerjoin(AuditDetail, AuditDetail.event_id == AuditEvent.id)
        .order_by(AuditEvent.subject, AuditEvent.number, AuditEvent.id)
        .execution_options(yield_per=1000)
    )
    yield from session.execute(asked)


def check(session: orm.Session) -> Report:
    """What is wrong with the audit, chain by chain."""
    report = Report()
    heads = {head.subject: (head.number, head.hash) for head in session.scalars(sa.select(AuditHead))}
    walk: _Walk | None = None
    for row in _rows(session):
        if walk is None or walk.subject != row.subject:
            if walk:
                walk.end(heads.pop(walk.subject, None))
            walk = _Walk(row.subject, report)
            report.subjects += 1
        walk.step(row)
    if walk:
        walk.end(heads.pop(walk.subject, None))
    for subject, head in heads.items():
        _Walk(subject, report).end(head)
    report.problems += _hanging(session)
    return report


def _hanging(session: orm.Session) -> list[Problem]:
    """Personal facts of events that are not there."""
    there = sa.exists().where(AuditEvent.id == AuditDetail.event_id)
    lost: list[uuid.UUID] = list(session.scalars(sa.select(AuditDetail.event_id).where(~there)))
    words: Callable[[uuid.UUID], str] = "there are personal facts of event {}, and no such event".format
    return [Problem("?", 0, "missing", words(event_id)) for event_id in lost]
