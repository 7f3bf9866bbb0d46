"""What editors do with entries that are there: archive, publish, suspend, restore, keep private, merge, check.

Each says which version it has seen, writes the next one, and is audited.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import sqlalchemy as sa

from portal import audit, clock
from portal.accounts.granting import By
from portal.accounts.models import Person
from portal.councils.models import Council
from portal.db import db
from portal.directory import actions, desk_queries, freshness, impartial, merging, versions
from portal.directory.models import (
    Address,
    MergedService,
    NotTheSame,
    Phone,
    ServedPerson,
    Service,
    ServiceAtLocation,
)
from portal.errors import Refusal
from portal.i18n import _

_LIFTED = audit.declare("listing.lifted")
_RESTORED = audit.declare("listing.restored", "version")
_PRIVATE = audit.declare("listing.private", "private", "person")
_MERGED = audit.declare("listing.merged", "kept", "merged")
_AT_ONCE = audit.declare("listing.at_once", "what", "was", "becomes")


def _note(service: Service, how: str, by: By, now: dt.datetime, words: str = "") -> None:
    versions.note(service, how, actor=by.actor, now=now, words=words)


def archive(service: Service, *, seen: str, by: By, now: dt.datetime) -> None:
    """The entry is not public any more. Nothing of it is lost."""
    versions.check_seen(service, seen, now)
    _set_state(service, "archived", by, now)


def _set_state(service: Service, state: str, by: By, now: dt.datetime) -> None:
    if service.state == state:
        return
    actions.set_state(service, state, actor=by.actor, now=now)
    _note(service, state, by, now)


def publish(service: Service, *, seen: str, by: By, now: dt.datetime) -> None:
    """The entry is public again. One that had been merged stands by itself from now on."""
    impartial.check_listing(service, by)
    versions.check_seen(service, seen, now)
    actions.check_draft(versions.of_service(service))
    db.session.execute(sa.delete(MergedService).where(MergedService.service_id == service.id))
    _set_state(service, "published", by, now)


def suspend(service: Service, reason: str, *, seen: str, by: By, now: dt.datetime) -> None:
    """Nobody new finds it, at once and everywhere. Those who use it keep what they have."""
    versions.check_seen(service, seen, now)
    if not reason.strip():
        raise Refusal(_("Write why, for your colleagues"), field="reason", status=422)
    if service.suspended_at is None:
        actions.suspend(service, actor=by.actor, now=now, reason=reason)
        _note(service, "suspended", by, now, reason)


def lift(service: Service, *, seen: str, by: By, now: dt.datetime) -> None:
    """People find it again."""
    impartial.check_listing(service, by)
    versions.check_seen(service, seen, now)
    if service.suspended_at is None:
        return
    service.suspended_at, service.updated_at = None, now
    actions.mark_changed(service.id, now)
    audit.record(_LIFTED, f"service:{service.id}", actor=by.actor, now=now, council_id=service.council_id)
    _note(service, "lifted", by, now)


def restore(service: Service, number: int, council: Council, *, seen: str, by: By, now: dt.datetime) -> None:
    """The entry says again what it said in that version. Whether it is public stays as it is."""
    impartial.check_listing(service, by)
    versions.check_seen(service, seen, now)
    old = versions.at(service.id, number).draft
    today = clock.uk_time(now).date()
    draft = replace(
        old,
        source_id=service.source_id,
        state=service.state,
        assured_on=today,
        review_due_on=freshness.next_review(council.id, today),
    )
    saved = actions.save_listing(
        council, service.organisation, draft, source=service.source, actor=by.actor, now=now
    )
    db.session.flush()
    audit.record(
        _RESTORED, f"service:{service.id}", actor=by.actor, now=now, council_id=council.id, version=number
    )
    _note(saved, "restored", by, now, str(number))


def keep_private(service: Service, person: Person, *, seen: str, by: By, now: dt.datetime) -> None:
    """Only the person whom it serves sees it from now on, and who may see that person's affairs."""
    versions.check_seen(service, seen, now)
    if person.council_id != service.council_id:
        raise Refusal(_("We know nobody with that case number."), field="reference", status=422)
    db.session.merge(ServedPerson(service_id=service.id, person_id=person.id))
    _set_private(service, by, now, person_id=person.id)


def make_public(service: Service, *, seen: str, by: By, now: dt.datetime) -> None:
    """It is for everybody again."""
    impartial.check_listing(service, by)
    versions.check_seen(service, seen, now)
    db.session.execute(sa.delete(ServedPerson).where(ServedPerson.service_id == service.id))
    _set_private(service, by, now, person_id=None)


def _set_private(service: Service, by: By, now: dt.datetime, *, person_id: uuid.UUID | None) -> None:
    service.private, service.updated_at = person_id is not None, now
    actions.mark_changed(service.id, now)
    audit.record(
        _PRIVATE,
        f"service:{service.id}",
        actor=by.actor,
        now=now,
        council_id=service.council_id,
        private=service.private,
        person=str(person_id or ""),
    )
    _note(service, "made_private" if service.private else "made_public", by, now)


# What whoever runs it may change at once


def set_vacancies(service: Service, words: str, *, by: By, now: dt.datetime) -> None:
    """How many places are free is public at once."""
    versions.settled(service, now)
    _at_once(service, "vacancies", service.vacancies, words, by, now)
    if service.vacancies != words:
        service.vacancies = words
        _note(service, "vacancies", by, now)


def set_closed(service: Service, *, closed: bool, by: By, now: dt.datetime) -> None:
    """That it is closed for a while, or open again, is public at once."""
    versions.settled(service, now)
    becomes = "temporarily closed" if closed else "active"
    if service.status not in ("active", "temporarily closed"):
        raise Refusal(_("This entry has ended. Ask the council."))
    _at_once(service, "status", service.status, becomes, by, now)
    if service.status != becomes:
        service.status = becomes
        _note(service, "closed" if closed else "opened", by, now)


def _at_once(service: Service, what: str, was: str, becomes: str, by: By, now: dt.datetime) -> None:
    if was == becomes:
        return
    service.updated_at = now
    actions.mark_changed(service.id, now)
    audit.record(
        _AT_ONCE,
        f"service:{service.id}",
        actor=by.actor,
        now=now,
        council_id=service.council_id,
        what=what,
        was=was,
        becomes=becomes,
    )


# Many at once


def archive_all(council_id: uuid.UUID, ids: Sequence[uuid.UUID], *, by: By, now: dt.datetime) -> int:
    """How many of these entries were archived now."""
    return sum(_one_of_many(council_id, one, "archive", by, now) for one in ids)


def check_all(council_id: uuid.UUID, ids: Sequence[uuid.UUID], *, by: By, now: dt.datetime) -> int:
    """How many of these entries are marked as checked today."""
    return sum(_one_of_many(council_id, one, "check", by, now) for one in ids)


def _one_of_many(council_id: uuid.UUID, service_id: uuid.UUID, what: str, by: By, now: dt.datetime) -> bool:
    service = versions.held(council_id, service_id)
    if service is None or service.state == "archived":
        return False
    versions.settled(service, now)
    if what == "archive":
        _set_state(service, "archived", by, now)
    else:
        freshness.confirm(service, actor=by.actor, today=clock.uk_time(now).date(), now=now)
        _note(service, "checked", by, now)
    return True


# The same thing twice


@dataclass(frozen=True)
class Alike:
    """Two entries that may be the same, and why: "name" or "phone"."""

    one: Service
    other: Service
    why: str


def alike(council_id: uuid.UUID, service_id: uuid.UUID | None = None, most: int = 50) -> list[Alike]:
    """Published entries of the council that share a postcode, and a name that is like the other's or a telephone.

    service_id: only pairs with this one. Those of which an editor has said that they are two are left out.
    """
    said = {tuple(row) for row in db.session.execute(sa.select(NotTheSame.first_id, NotTheSame.second_id))}
    found: dict[tuple[uuid.UUID, uuid.UUID], str] = {}
    facts = _facts(council_id)
    for group in _by_postcode(facts).values():
        for one, other in combinations(group, 2):
            pair = (min(one, other), max(one, other))
            if pair in said or pair in found or service_id not in (None, one, other):
                continue
            why = _why(facts[one], facts[other])
            if why:
                found[pair] = why
    return _named(council_id, dict(list(found.items())[:most]))


@dataclass(frozen=True)
class _Facts:
    words: frozenset[str]
    phones: frozenset[str]
    postcodes: frozenset[str]


def _facts(council_id: uuid.UUID) -> dict[uuid.UUID, _Facts]:
    """What entries are compared by, for all that are published, in the order of their ids."""
    mine = (Service.council_id == council_id, Service.state == "published")
    names = db.session.execute(sa.select(Service.id, Service.name).where(*mine).order_by(Service.id)).all()
    phones, postcodes = _gathered(_phones(), mine), _gathered(_postcodes(), mine)
    return {
        row.id: _Facts(
            frozenset(desk_queries.folded(row.name).split()) - _LIGHT,
            frozenset("".join(filter(str.isdigit, number)) for number in phones.get(row.id, ())) - {""},
            frozenset(postcodes.get(row.id, ())) - {""},
        )
        for row in names
    }


# Words that say nothing of which one it is.
_LIGHT = frozenset(
    {"the", "and", "of", "at", "in", "for", "a", "group", "club", "service", "services", "ltd"}
)


def _phones() -> sa.Select[uuid.UUID, str]:
    return sa.select(Phone.service_id, Phone.number).join(Service, Service.id == Phone.service_id)


def _postcodes() -> sa.Select[uuid.UUID, str]:
    return (
        sa.select(ServiceAtLocation.service_id, Address.postcode)
        .join(Address, Address.location_id == ServiceAtLocation.location_id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
    )


def _gathered(
    asked: sa.Select[uuid.UUID, str], mine: tuple[sa.ColumnElement[bool], ...]
) -> dict[uuid.UUID, list[str]]:
    several: dict[uuid.UUID, list[str]] = {}
    for service_id, text in db.session.execute(asked.where(*mine)):
        several.setdefault(service_id, []).append(text)
    return several


def _by_postcode(facts: dict[uuid.UUID, _Facts]) -> dict[str, list[uuid.UUID]]:
    groups: dict[str, list[uuid.UUID]] = {}
    for service_id, fact in facts.items():
        for postcode in sorted(fact.postcodes):
            groups.setdefault(postcode.replace(" ", "").upper(), []).append(service_id)
    return groups


def _why(one: _Facts, other: _Facts) -> str:
    if one.words and other.words:
        common = len(one.words & other.words)
        if common / min(len(one.words), len(other.words)) >= 0.75:
            return "name"
    return "phone" if one.phones & other.phones else ""


def _named(council_id: uuid.UUID, pairs: dict[tuple[uuid.UUID, uuid.UUID], str]) -> list[Alike]:
    ids = {one for pair in pairs for one in pair}
    known = {service.id: service for service in desk_queries.by_ids(council_id, ids)}
    return [Alike(known[one], known[other], why) for (one, other), why in pairs.items()]


def not_the_same(one: uuid.UUID, other: uuid.UUID) -> None:
    """These two are not suggested again."""
    db.session.merge(NotTheSame(first_id=min(one, other), second_id=max(one, other)))


def merge_into(
    kept: Service,
    other: Service,
    council: Council,
    *,
    kept_seen: str,
    other_seen: str,
    by: By,
    now: dt.datetime,
) -> None:
    """One entry stays, with what only the other said; the other's address, and all that led to it, leads to it."""
    if kept.id == other.id:
        raise Refusal(_("That is one entry, not two."))
    versions.check_seen(kept, kept_seen, now)
    versions.check_seen(other, other_seen, now)
    for one in (kept, other):
        impartial.check_listing(one, by)
    draft = merging.filled(versions.of_service(kept), versions.of_service(other))
    saved = actions.save_listing(
        council, kept.organisation, draft, source=kept.source, actor=by.actor, now=now
    )
    db.session.flush()
    _note(saved, "merged", by, now, other.name)
    if other.state != "archived":
        actions.set_state(other, "archived", actor=by.actor, now=now)
    _note(other, "merged", by, now, kept.name)
    db.session.execute(sa.delete(MergedService).where(MergedService.service_id == kept.id))
    db.session.execute(
        sa.update(MergedService).where(MergedService.kept_id == other.id).values(kept_id=kept.id)
    )
    db.session.merge(MergedService(service_id=other.id, kept_id=kept.id))
    for one in (kept, other):
        audit.record(
            _MERGED,
            f"service:{one.id}",
            actor=by.actor,
            now=now,
            council_id=council.id,
            kept=str(kept.id),
            merged=str(other.id),
        )
