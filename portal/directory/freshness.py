"""Keeping listings right: what a council has settled, which listings are due, who answers for them, confirming them.

A listing goes through steps: its review is due, it is late, and at last it is hidden until somebody confirms it
(reminding takes it from one to the next). All of it counts from the `today` that it is given.
"""

import calendar
import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal import audit
from portal.accounts.models import Membership, User
from portal.councils.models import Council
from portal.db import db
from portal.directory import actions
from portal.directory.models import DirectoryRules, Organisation, Review, Schedule, Service
from portal.directory.models.reviews import ESCALATE_DAYS, HIDE_DAYS, REMIND_DAYS, REVIEW_MONTHS

FORTNIGHT = dt.timedelta(days=14)
_CONFIRMED = audit.declare("listing.confirmed", "due_on", "was_hidden")
_CLOSED = audit.declare("listing.closed_for_now", "was")
_SETTLED = audit.declare("directory.rules", "before", "after")


def rules(council_id: uuid.UUID) -> DirectoryRules:
    """What the council has settled, or the defaults, which are then not in the database."""
    return db.session.get(DirectoryRules, council_id) or DirectoryRules(
        council_id=council_id,
        review_months=REVIEW_MONTHS,
        remind_days=REMIND_DAYS,
        escalate_days=ESCALATE_DAYS,
        hide_days=HIDE_DAYS,
        safeguarding_email="",
        safeguarding_phone="",
    )


def settle(council: Council, *, actor: str, now: dt.datetime, **values: int | str) -> None:
    """The council's rules are these from now on."""
    settled = rules(council.id)
    before = {name: getattr(settled, name) for name in values}
    for name, value in values.items():
        setattr(settled, name, value)
    db.session.add(settled)
    audit.record(
        _SETTLED,
        f"council:{council.id}",
        actor=actor,
        now=now,
        council_id=council.id,
        before=before,
        after=dict(values),
    )


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def next_review(council_id: uuid.UUID, today: dt.date) -> dt.date:
    """When a listing that is confirmed today is to be looked at again."""
    return months_later(today, rules(council_id).review_months)


# What people do


def confirm(service: Service, *, actor: str, today: dt.date, now: dt.datetime) -> None:
    """Somebody said that the listing is right: it is fresh, and shown again if it was hidden for want of that."""
    was_hidden = service.hidden_on is not None
    service.assured_on, service.review_due_on = today, next_review(service.council_id, today)
    service.hidden_on, service.updated_at = None, now
    actions.mark_changed(service.id, now)
    audit.record(
        _CONFIRMED,
        f"service:{service.id}",
        actor=actor,
        now=now,
        council_id=service.council_id,
        due_on=service.review_due_on.isoformat(),
        was_hidden=was_hidden,
    )


def close_for_now(service: Service, *, actor: str, now: dt.datetime) -> None:
    """Whoever runs it said that it has stopped: it says so at once, and an editor decides what becomes of it."""
    was, service.status, service.updated_at = service.status, "temporarily closed", now
    actions.mark_changed(service.id, now)
    audit.record(
        _CLOSED, f"service:{service.id}", actor=actor, now=now, council_id=service.council_id, was=was
    )


# What is due


def in_use(council_id: uuid.UUID) -> tuple[sa.ColumnElement[bool], ...]:
    """True of the council's listings that the public sees, or saw until nobody confirmed them."""
    return (
        Service.council_id == council_id,
        Service.state == "published",
        Service.private.is_(False),
        Service.suspended_at.is_(None),
        Service.status.in_(("active", "temporarily closed")),
    )


def _goes_on(today: dt.date) -> sa.ColumnElement[bool]:
    """True of all but events that are over: those need no review."""
    dates = sa.exists().where(
        Schedule.service_id == Service.id,
        sa.or_(
            sa.and_(Schedule.freq.is_not(None), sa.or_(Schedule.until.is_(None), Schedule.until >= today)),
            Schedule.dtstart >= today,
        ),
    )
    undated = ~sa.exists().where(Schedule.service_id == Service.id)
    return sa.or_(Service.kind != "event", undated, dates)


@dataclass(frozen=True)
class Due:
    """A listing whose review is due or soon will be, and how far it is with that.

    stage: due, late or hidden. hides_on: when it was or will be hidden, unless somebody confirms it.
    """

    service: Service
    due_on: dt.date
    reminded_on: dt.date | None
    escalated_on: dt.date | None
    hides_on: dt.date

    @property
    def stage(self) -> str:
        """How far it is."""
        if self.service.hidden_on:
            return "hidden"
        return "late" if self.escalated_on else "due"

    @property
    def moved_on(self) -> dt.date | None:
        """When it became late or hidden, whichever was last."""
        return self.service.hidden_on or self.escalated_on


def due(council_id: uuid.UUID, today: dt.date) -> list[Due]:
    """Every listing of the council whose review is due or soon will be, the longest overdue first."""
    settled = rules(council_id)
    found = db.session.execute(
        sa.select(Service, Review)
        .outerjoin(Review, sa.and_(Review.service_id == Service.id, Review.due_on == Service.review_due_on))
        .options(joinedload(Service.organisation))
        .where(
            *in_use(council_id),
            _goes_on(today),
            Service.review_due_on <= today + dt.timedelta(days=settled.remind_days),
        )
        .order_by(Service.review_due_on, Service.name, Service.id)
    )
    return [_due(service, review, settled) for service, review in found]


def _due(service: Service, review: Review | None, settled: DirectoryRules) -> Due:
    due_on = service.review_due_on or dt.date.max
    reminded_on, escalated_on = (review.reminded_on, review.escalated_on) if review else (None, None)
    hides_on = due_on + dt.timedelta(days=settled.hide_days)
    if escalated_on:
        hides_on = max(hides_on, escalated_on + FORTNIGHT)
    return Due(service, due_on, reminded_on, escalated_on, service.hidden_on or hides_on)


def note(entry: Due, **steps: dt.date) -> None:
    """The steps of this review, reminded_on or escalated_on, were taken; those of an earlier one are forgotten."""
    review = db.session.get(Review, entry.service.id) or Review(service_id=entry.service.id)
    if review.due_on != entry.due_on:
        review.due_on, review.reminded_on, review.escalated_on = entry.due_on, None, None
    for step, day in steps.items():
        setattr(review, step, day)
    db.session.add(review)


def addresses(services: Iterable[Service]) -> dict[uuid.UUID, list[str]]:
    """Listing -> who is written to: the organisation's owners and managers, else its address, else the listing's."""
    services = list(services)
    if not services:
        return {}
    rows = db.session.execute(
        sa.select(Membership.organisation_id, User.email)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id.in_({service.organisation_id for service in services}),
            Membership.kind.in_(("owner", "manager")),
            Membership.ended_at.is_(None),
            User.state == "active",
        )
        .order_by(User.email)
    )
    members: dict[uuid.UUID, list[str]] = {}
    for organisation_id, email in rows:
        members.setdefault(organisation_id, []).append(email)
    return {
        service.id: members.get(service.organisation_id) or _own(service, service.organisation)
        for service in services
    }


def _own(service: Service, organisation: Organisation) -> list[str]:
    found = (organisation.email or service.email).strip().lower()
    return [found] if "@" in found else []


def by_ids(council: Council, ids: Iterable[uuid.UUID]) -> list[Service]:
    """Those of these listings that are the council's own and in use."""
    return list(db.session.scalars(sa.select(Service).where(Service.id.in_(list(ids)), *in_use(council.id))))
