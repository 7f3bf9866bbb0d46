"""Asking whether listings are still right: the job, its letters, and what becomes of a listing that nobody confirms.

Whoever runs a listing is asked first; then the council's editors are told; at last it is hidden. There is a fortnight
between one and the next at least, and nobody's listing is hidden without a warning, as long as there is anybody to
warn. No address has more than one of these mails a fortnight.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import orm
from sqlalchemy.orm import joinedload, selectinload

from portal import audit, clock, jobs, letters, notify, retention, sealing
from portal.accounts.models import Role, User
from portal.councils import queries as councils
from portal.councils.models import Council
from portal.db import changed, db
from portal.directory import actions, freshness, mailing
from portal.directory.freshness import FORTNIGHT, Due
from portal.directory.models import DirectoryRules, ReviewLetter, ReviewLetterEntry, Service

LINK_LASTS = dt.timedelta(days=60)
_EVERY = dt.timedelta(hours=6)
# Longer than the longest way from the first letter to hiding: letters are how we know what was said to whom.
_LETTERS_KEPT = dt.timedelta(days=500)
# How many listings an editors' mail names; the page has them all.
_NAMED = 20
_HIDDEN = audit.declare("listing.hidden", "due_on")


def look_after(council: Council, today: dt.date, now: dt.datetime) -> None:
    """Every listing of the council has taken the step that is due today, and letters wait. Commits as it goes."""
    _give_days(council.id, today)
    entries = freshness.due(council.id, today)
    to = _reached(freshness.addresses(entry.service for entry in entries))
    settled = freshness.rules(council.id)
    for entry in entries:
        _step(entry, reachable=bool(to[entry.service.id]), settled=settled, today=today, now=now)
    db.session.commit()
    entries = freshness.due(council.id, today)
    _tell_editors(council, [entry for entry in entries if entry.stage != "due"], today, now)
    db.session.commit()
    _write_letters(council, entries, to, today, now)


def _reached(to: Mapping[uuid.UUID, list[str]]) -> dict[uuid.UUID, list[str]]:
    """Those who would read a reminder: whoever has said that they want none is nobody to wait for."""
    chooser = notify.chooser()
    asked = {address for addresses in to.values() for address in addresses}
    off = {one for one in asked if chooser and chooser.how(one, mailing.REMINDERS) == "off"}
    return {listing: [one for one in addresses if one not in off] for listing, addresses in to.items()}


def _give_days(council_id: uuid.UUID, today: dt.date) -> None:
    """Listings that were published without a day for their review have one, and time to be asked first."""
    settled = freshness.rules(council_id)
    soonest = today + dt.timedelta(days=settled.remind_days)
    for service in db.session.scalars(
        sa.select(Service).where(*freshness.in_use(council_id), Service.review_due_on.is_(None))
    ):
        since = service.assured_on or clock.uk_time(service.created_at).date()
        service.review_due_on = max(freshness.months_later(since, settled.review_months), soonest)
    db.session.flush()


def _step(entry: Due, *, reachable: bool, settled: DirectoryRules, today: dt.date, now: dt.datetime) -> None:
    """The listing is late, or hidden, where that is due. Asking first is the letters' part."""
    late_on = entry.due_on + dt.timedelta(days=settled.escalate_days)
    if reachable:
        late_on = max(late_on, entry.reminded_on + FORTNIGHT) if entry.reminded_on else dt.date.max
    if entry.stage == "due" and late_on <= today:
        freshness.note(entry, escalated_on=today)
    elif entry.stage == "late" and entry.hides_on <= today:
        _hide(entry, today, now)


def _hide(entry: Due, today: dt.date, now: dt.datetime) -> None:
    """The listing is in no search and on no page from now on."""
    service = entry.service
    service.hidden_on = today
    actions.mark_changed(service.id, now)
    audit.record(
        _HIDDEN,
        f"service:{service.id}",
        actor="freshness",
        now=now,
        council_id=service.council_id,
        due_on=entry.due_on.isoformat(),
    )


def _lately(today: dt.date) -> set[str]:
    """The addresses that had a letter less than a fortnight ago, from any council."""
    return set(db.session.scalars(sa.select(ReviewLetter.to).where(ReviewLetter.sent_on > today - FORTNIGHT)))


def _said(service_ids: Iterable[uuid.UUID]) -> set[tuple[str, uuid.UUID, dt.date, str]]:
    """(to whom, listing, review, stage) of everything that letters have told so far."""
    entry = ReviewLetterEntry
    rows = db.session.execute(
        sa.select(ReviewLetter.to, entry.service_id, entry.due_on, entry.stage)
        .join(ReviewLetter)
        .where(entry.service_id.in_(list(service_ids)))
    )
    return {(to, service_id, due_on, stage) for to, service_id, due_on, stage in rows}


def _write_letters(
    council: Council,
    entries: Sequence[Due],
    to: Mapping[uuid.UUID, list[str]],
    today: dt.date,
    now: dt.datetime,
) -> None:
    """Whoever has something new to hear, and had no letter this fortnight, has one, with all that is due of theirs."""
    theirs: dict[str, list[Due]] = {}
    for entry in entries:
        for address in to[entry.service.id]:
            theirs.setdefault(address, []).append(entry)
    lately, said = _lately(today), _said(entry.service.id for entry in entries)
    for address, their_entries in theirs.items():
        news = [e for e in their_entries if (address, e.service.id, e.due_on, e.stage) not in said]
        if news and address not in lately:
            _write(council, address, their_entries, today, now)
            db.session.commit()  # a crash in the middle writes to nobody twice


@dataclass(frozen=True)
class Line:
    """A listing as a letter names it."""

    name: str
    stage: str
    due_on: dt.date
    hides_on: dt.date


def _lines(entries: Iterable[Due]) -> list[Line]:
    return [
        Line(" ".join(e.service.name.split()), e.stage, e.due_on, e.hides_on)  # one line, whatever it holds
        for e in entries
    ]


def _write(council: Council, to: str, entries: Sequence[Due], today: dt.date, now: dt.datetime) -> None:
    token = _new_letter(council, to, today, now, entries)
    for entry in entries:
        freshness.note(entry, reminded_on=entry.reminded_on or today)
    letters.tell(
        mailing.REMINDERS,
        to,
        "directory/mail/still_right.txt",
        council=council,
        now=now,
        token=token,
        lines=_lines(entries),
        ends_on=today + LINK_LASTS,
        today=today,
    )


def _new_letter(
    council: Council,
    to: str,
    today: dt.date,
    now: dt.datetime,
    entries: Sequence[Due],
    *,
    editors: bool = False,
) -> str:
    """The token of a letter that is noted as sent."""
    token = sealing.token()
    letter = ReviewLetter(
        council_id=council.id,
        to=to,
        token=sealing.hashed(token),
        sent_on=today,
        ends_at=now + LINK_LASTS,
        to_editors=editors,
    )
    letter.entries = [
        ReviewLetterEntry(service_id=e.service.id, due_on=e.due_on, stage=e.stage) for e in entries
    ]
    db.session.add(letter)
    db.session.flush()
    return token


def _editors(council: Council) -> list[str]:
    found = db.session.scalars(
        sa.select(User.email)
        .join(Role, Role.user_id == User.id)
        .where(
            Role.council_id == council.id,
            Role.kind == "editor",
            Role.ended_at.is_(None),
            User.state == "active",
        )
        .order_by(User.email)
    ).all()
    return list(found) or ([council.email] if council.email else [])


def _tell_editors(council: Council, late: Sequence[Due], today: dt.date, now: dt.datetime) -> None:
    """Editors have a mail when listings became late since their last one; their page always has them all."""
    lately, newest = _lately(today), max((e.moved_on for e in late if e.moved_on), default=None)
    for to in _editors(council):
        mine = (ReviewLetter.to == to, ReviewLetter.council_id == council.id, ReviewLetter.to_editors)
        since = db.session.scalar(sa.select(sa.func.max(ReviewLetter.sent_on)).where(*mine))
        if newest and to not in lately and (since is None or newest > since):
            _new_letter(council, to, today, now, (), editors=True)
            letters.tell(
                mailing.OVERDUE,
                to,
                "directory/mail/overdue.txt",
                council=council,
                now=now,
                lines=_lines(late[:_NAMED]),
                more=len(late) - len(late[:_NAMED]),
            )


# The link in a letter


def letter(council: Council, token: str, now: dt.datetime) -> ReviewLetter | None:
    """The letter of this link, while it works, with what it asked about."""
    return db.session.scalar(
        sa.select(ReviewLetter)
        .options(
            selectinload(ReviewLetter.entries)
            .joinedload(ReviewLetterEntry.service)
            .options(
                joinedload(Service.organisation),
                selectinload(Service.times),
                selectinload(Service.costs),
                selectinload(Service.phones),
                selectinload(Service.translations),
            )
        )
        .where(
            ReviewLetter.council_id == council.id,
            ReviewLetter.token == sealing.hashed(token),
            ReviewLetter.to_editors.is_(False),
            ReviewLetter.ends_at > now,
        )
    )


def waits(entry: ReviewLetterEntry) -> bool:
    """Whether the review that a letter asked about is still to be done."""
    service = entry.service
    return service.state == "published" and service.review_due_on == entry.due_on


def still_there(found: ReviewLetter) -> list[ReviewLetterEntry]:
    """The listings of a letter that have not been taken away since, by name."""
    return sorted((e for e in found.entries if e.service.state == "published"), key=lambda e: e.service.name)


def answer(
    found: ReviewLetter, chosen: uuid.UUID | None, *, today: dt.date, now: dt.datetime
) -> list[Service]:
    """The listings that are confirmed now: the chosen one, or all that still wait. Pressing twice changes nothing."""
    confirmed = [e.service for e in found.entries if waits(e) and chosen in (None, e.service_id)]
    for service in confirmed:
        freshness.confirm(service, actor=f"letter:{found.id}", today=today, now=now)
    return confirmed


def run(now: dt.datetime) -> None:
    """The job: every council's listings are looked after."""
    today = clock.uk_time(now).date()
    for council in councils.every():
        look_after(council, today, now)


def _forget(session: orm.Session, now: dt.datetime) -> int:
    old = ReviewLetter.sent_on < clock.uk_time(now).date() - _LETTERS_KEPT
    return changed(session, sa.delete(ReviewLetter).where(old))


def init_app(app: Flask) -> None:
    """Listings are kept right from now on."""
    jobs.register(app, jobs.Job("freshness", _EVERY, run))
    retention.register(
        app,
        retention.Rule(
            "review_letter",
            "to whom a reminder about entries went, when, and a hash of its link",
            "so that nobody is asked too often, and the link works",
            "500 days after it was sent",
            _LETTERS_KEPT,
            _forget,
        ),
    )
