"""Links out of the site: asked after at night, with patience, before editors are told that one is broken."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask, current_app

from portal import clock, jobs, letters
from portal.councils.models import Council
from portal.db import db
from portal.editorial import asking, kinds, mailing
from portal.editorial.models import Document, Version, WebLink

# Nights running on which a page was not there before anybody is told: most are back the next day.
PATIENCE = 3
_EVERY = dt.timedelta(hours=1)
_NIGHT = range(1, 5)  # hours, on a clock on a wall in the UK
_LASTS = dt.timedelta(minutes=40)  # for one run; what is left is asked in the next
_NAMED = 30

Ask = Callable[[str], str]


@dataclass(frozen=True)
class Place:
    """Where an address stands: a public document, and whose it is."""

    document_id: uuid.UUID
    title: str
    council_id: uuid.UUID | None


def places() -> dict[str, list[Place]]:
    """Address -> the public documents that lead there."""
    asked = (
        sa.select(Document, Version)
        .join(Version, Version.document_id == Document.id)
        .where(Version.state == "published", Version.over_number.is_(None))
        .order_by(Version.title)
    )
    found: dict[str, list[Place]] = {}
    for document, version in db.session.execute(asked):
        kind = kinds.find(document.kind)
        for address in sorted(set(kind.web(version.body))) if kind else ():
            if len(address) <= 500:
                found.setdefault(address, []).append(Place(document.id, version.title, document.council_id))
    return found


def run(now: dt.datetime) -> None:
    """The job: at night, every address that was not asked after today."""
    if clock.uk_time(now).hour in _NIGHT:
        check(now, ask)


def ask(address: str) -> str:
    """What is wrong with an address; "" where nothing is."""
    return asking.problem(address, current_app.config["FETCH_ALLOW"])


def check(now: dt.datetime, ask: Ask) -> None:
    """Every address has been asked after, as far as the time goes, and editors know of those that are broken."""
    today = clock.uk_time(now).date()
    where = {address: found for address, found in places().items() if _may_ask(address)}
    _note(where, today)
    db.session.commit()
    until = clock.now() + _LASTS
    waiting = sa.select(WebLink.address).where(
        WebLink.address.in_(where), sa.or_(WebLink.checked_on.is_(None), WebLink.checked_on < today)
    )
    for address in db.session.scalars(waiting.order_by(WebLink.address)).all():
        db.session.commit()  # nothing is held open while another machine takes its time
        _settle(address, ask(address), today)
        db.session.commit()
        if clock.now() > until:
            break
    _tell(where, now)
    db.session.commit()


def _may_ask(address: str) -> bool:
    """A demonstration, and a developer's machine, ask nobody but those that they were told of."""
    return (
        bool(current_app.config["PRODUCTION"]) or asking.host_of(address) in current_app.config["FETCH_ALLOW"]
    )


def _note(where: dict[str, list[Place]], today: dt.date) -> None:
    known = {link.address: link for link in db.session.scalars(sa.select(WebLink))}
    for address in where:
        if address in known:
            known[address].seen_on = today
        else:
            db.session.add(WebLink(address=address, seen_on=today))


def _settle(address: str, problem: str, today: dt.date) -> None:
    link = db.session.get_one(WebLink, address)
    link.checked_on, link.problem = today, problem
    link.failures = link.failures + 1 if problem else 0
    if not problem:
        link.told_at = None  # should it break again, that is news


def broken() -> list[WebLink]:
    """Addresses that were not there on several nights running."""
    asked = sa.select(WebLink).where(WebLink.failures >= PATIENCE).order_by(WebLink.address)
    return list(db.session.scalars(asked))


@dataclass(frozen=True)
class Line:
    """A broken link as a mail names it."""

    address: str
    problem: str
    titles: str


def _tell(where: dict[str, list[Place]], now: dt.datetime) -> None:
    """The editors of each council that has such a link hear of it, once."""
    news: dict[uuid.UUID, tuple[Council, list[Line]]] = {}
    for link in broken():
        if link.told_at is not None or link.address not in where:
            continue
        link.told_at = now
        for council in _keepers(where[link.address]):
            titles = ", ".join(p.title for p in where[link.address] if p.council_id in (None, council.id))
            news.setdefault(council.id, (council, []))[1].append(Line(link.address, link.problem, titles))
    for council, lines in news.values():
        for to in mailing.editors(council):
            letters.tell(
                mailing.LINKS,
                to,
                "documents/mail/links.txt",
                council=council,
                now=now,
                lines=lines[:_NAMED],
                more=len(lines[_NAMED:]),
            )


def _keepers(found: list[Place]) -> list[Council]:
    councils = (mailing.keeper(council_id) for council_id in dict.fromkeys(p.council_id for p in found))
    return list({council.id: council for council in councils if council is not None}.values())


def init_app(app: Flask) -> None:
    """Links are asked after from now on."""
    jobs.register(app, jobs.Job("web links", _EVERY, run, lease=_LASTS + dt.timedelta(minutes=20)))
