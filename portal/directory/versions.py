"""Every state of a listing: noted when a desk changes it, compared, and brought back.

The highest number is how the listing is now. Whoever changes a listing says what they have seen (`stamp`): if it
has moved on meanwhile, they are shown what is new instead of writing over it.
"""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from portal.db import db
from portal.directory import actions, desk_queries
from portal.directory.drafts import ListingDraft, as_draft, as_json, from_json, ordered, same
from portal.directory.models import Service, ServiceVersion
from portal.errors import Refusal
from portal.i18n import _


@dataclass(frozen=True)
class State:
    """A listing as it was from a moment on."""

    number: int
    draft: ListingDraft
    how: str
    words: str
    actor: str
    at: dt.datetime


def of_service(service: Service) -> ListingDraft:
    """How a listing, read whole, is now."""
    return ordered(as_draft(service, {term_id: key for key, term_id in actions.term_ids().items()}))


def latest(service_id: uuid.UUID) -> int:
    """The number of the newest version; 0 where there is none yet."""
    newest = sa.select(sa.func.max(ServiceVersion.number)).where(ServiceVersion.service_id == service_id)
    return db.session.scalar(newest) or 0


def held(council_id: uuid.UUID, service_id: uuid.UUID) -> Service | None:
    """The council's listing, read whole; nobody else changes it until the transaction ends."""
    db.session.execute(sa.select(Service.id).where(Service.id == service_id).with_for_update())
    return desk_queries.whole(council_id, service_id)


def settled(service: Service, now: dt.datetime) -> int:
    """The number of the version that is how the listing is now.

    What an import or a command changed since the last one is noted as a version of its own first.
    """
    number, now_is = latest(service.id), of_service(service)
    if number and same(at(service.id, number).draft, now_is):
        return number
    return note(service, "found", actor="", now=now)


def note(service: Service, how: str, *, actor: str, now: dt.datetime, words: str = "") -> int:
    """The number of a new version: the listing as it is now, and why."""
    number = latest(service.id) + 1
    db.session.add(
        ServiceVersion(
            service_id=service.id,
            number=number,
            draft=as_json(of_service(service)),
            how=how,
            words=words,
            actor=actor,
            at=now,
        )
    )
    db.session.flush()
    return number


def at(service_id: uuid.UUID, number: int) -> State:
    """One version. Raises Refusal where there is none of that number."""
    found = db.session.get(ServiceVersion, (service_id, number))
    if found is None:
        raise Refusal(_("There is no such version of this entry."), status=422)
    return _state(found)


def history(service_id: uuid.UUID, *, upto: int, most: int) -> Sequence[State]:
    """Versions, the newest first, from number `upto` down; at most so many."""
    rows = db.session.scalars(
        sa.select(ServiceVersion)
        .where(ServiceVersion.service_id == service_id, ServiceVersion.number <= upto)
        .order_by(ServiceVersion.number.desc())
        .limit(most)
    )
    return [_state(row) for row in rows]


def _state(row: ServiceVersion) -> State:
    return State(row.number, from_json(ListingDraft, row.draft), row.how, row.words, row.actor, row.at)


def stamp(service: Service) -> str:
    """What a page carries, to know at a press of its button whether the listing is still as it showed it."""
    told = json.dumps([latest(service.id), as_json(of_service(service)), service.private, service.status])
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def check_seen(service: Service, seen: str, now: dt.datetime) -> None:
    """True afterwards: the listing is as the page showed it, and that is a version. Raises Refusal where it is not."""
    if stamp(service) == seen:
        settled(service, now)
    else:
        raise Refusal(
            _(
                "Somebody else changed this entry while you had it open. Nothing of yours has been done yet. Look at "
                "how it is now, and decide again."
            )
        )
