"""What happens to documents by themselves: what is due becomes public, and editors hear what must be read again."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask

from portal import clock, jobs, letters, notify
from portal.accounts.granting import By
from portal.councils.models import Council
from portal.db import db
from portal.editorial import actions, kinds, mailing
from portal.editorial.models import Document, ReviewTold, Version

# How long before its day editors hear of a review.
AHEAD = dt.timedelta(days=14)
_EVERY = dt.timedelta(hours=1)
_BY_CLOCK = By(None, "schedule")
_NAMED = 20  # how many a mail names; the list has them all


@dataclass(frozen=True)
class Line:
    """A document as a mail names it."""

    id: uuid.UUID
    title: str
    on: dt.date | None = None
    why: str = ""


def run(now: dt.datetime) -> None:
    """The job. Commits as it goes: one that cannot be published holds up no other."""
    today = clock.uk_time(now).date()
    publish_what_is_due(today, now)
    remind(today, now)


def publish_what_is_due(today: dt.date, now: dt.datetime) -> None:
    """What was set for today or earlier is public; what its checks hold back is told to editors, and waits for them."""
    asked = sa.select(Version.document_id, Version.number).where(Version.publish_on <= today)
    for document_id, number in db.session.execute(asked.order_by(Version.publish_on)).all():
        document = db.session.get_one(Document, document_id)
        try:
            actions.publish(document, seen=number, by=_BY_CLOCK, now=now, today=today)
        except actions.Held as held:
            errors = [str(one) for one in held.findings if one.level == "error"]
            _hold_back(document, number, errors[0] if errors else "", now)
        db.session.commit()


def _hold_back(document: Document, number: int, why: str, now: dt.datetime) -> None:
    version = db.session.get_one(Version, (document.id, number))
    version.publish_on = None
    _tell(document.council_id, [Line(document.id, version.title, why=why)], "held.txt", mailing.SCHEDULE, now)


def remind(today: dt.date, now: dt.datetime) -> None:
    """Editors are told, once for each day of review, of what must be read again within a fortnight."""
    due: dict[uuid.UUID | None, list[Line]] = {}
    for kind in kinds.every():
        for document, version in _public(kind.name):
            review = kind.review(version.body)
            if review is not None and review.next is not None and review.next <= today + AHEAD:
                due.setdefault(document.council_id, []).append(Line(document.id, version.title, review.next))
    for council_id, lines in due.items():
        _remind(council_id, lines, today, now)


def _public(kind: str) -> list[tuple[Document, Version]]:
    """Every public document of a kind with its words. A council's words over a shared one are reviewed with that."""
    asked = (
        sa.select(Document, Version)
        .join(Version, Version.document_id == Document.id)
        .where(Document.kind == kind, Version.state == "published", Version.over_number.is_(None))
        .order_by(Version.title)
    )
    return [(document, version) for document, version in db.session.execute(asked)]


def _remind(council_id: uuid.UUID | None, lines: list[Line], today: dt.date, now: dt.datetime) -> None:
    asked = sa.select(ReviewTold.document_id, ReviewTold.due_on)
    told = {(document_id, on) for document_id, on in db.session.execute(asked)}
    news = [line for line in lines if (line.id, line.on) not in told]
    if not news:
        return
    db.session.add_all(ReviewTold(document_id=line.id, due_on=line.on, told_on=today) for line in news)
    _tell(council_id, sorted(news, key=lambda line: line.on or today), "reviews.txt", mailing.REVIEWS, now)
    db.session.commit()


def _tell(
    council_id: uuid.UUID | None,
    lines: list[Line],
    template: str,
    kind: notify.Kind,
    now: dt.datetime,
) -> None:
    council: Council | None = mailing.keeper(council_id)
    for to in mailing.editors(council) if council else ():
        letters.tell(
            kind,
            to,
            f"documents/mail/{template}",
            council=council,  # type: ignore[arg-type]  # there is one where there is anybody to tell
            now=now,
            lines=lines[:_NAMED],
            more=len(lines[_NAMED:]),
        )


def init_app(app: Flask) -> None:
    """Documents are looked after from now on."""
    jobs.register(app, jobs.Job("documents", _EVERY, run))
