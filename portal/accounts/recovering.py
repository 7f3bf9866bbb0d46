"""Somebody has lost every second factor: two council officers, one after the other, let them begin anew.

The first writes down how they made sure who it is, the second agrees. The person is mailed both times. Where money is
concerned a day passes before anything changes, so that the true owner can say no.
"""

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal import audit, letters
from portal.accounts import actions, factors, queries
from portal.accounts.granting import By
from portal.accounts.models import Mandate, Person, Recovery, User
from portal.councils.models import Council
from portal.db import db
from portal.errors import Refusal
from portal.i18n import _

WAIT_FOR_MONEY = dt.timedelta(hours=24)
_ASKED = audit.declare("recovery.asked", "how_checked")
_APPROVED = audit.declare("recovery.approved", "ready_at")
_STOPPED = audit.declare("recovery.stopped")
_DONE = audit.declare("recovery.done")


def ask(user: User, council: Council, how_checked: str, *, by: By, now: dt.datetime) -> Recovery:
    """One officer has written down how they made sure who it is; another has to agree."""
    if by.id is None or by.id == user.id:
        raise Refusal(_("Nobody does this for themselves. Ask a colleague."))
    if _open(user.id):
        raise Refusal(_("Somebody is seeing to that already."))
    made = Recovery(
        user_id=user.id, council_id=council.id, how_checked=how_checked, asked_by_id=by.id, asked_at=now
    )
    db.session.add(made)
    _note(_ASKED, user, council, by, now, how_checked=how_checked)
    _tell(user, council, now, "asked")
    db.session.flush()
    return made


def approve(recovery: Recovery, council: Council, *, by: By, now: dt.datetime) -> None:
    """A second officer agrees: their factors go, at once or, where money is concerned, a day later."""
    _in_hand(recovery)
    if by.id is None or by.id in (recovery.user_id, recovery.asked_by_id):
        raise Refusal(_("Another officer has to agree: not the one who asked, nor the person themselves."))
    wait = WAIT_FOR_MONEY if _near_money(recovery.user_id) else dt.timedelta()
    recovery.approved_by_id, recovery.approved_at, recovery.ready_at = by.id, now, now + wait
    _note(_APPROVED, recovery.user, council, by, now, ready_at=recovery.ready_at.isoformat())
    if wait:
        _tell(recovery.user, council, now, "approved")
    else:
        _finish(recovery, council, now)


def stop(recovery: Recovery, council: Council, *, by: By, now: dt.datetime) -> None:
    """Nothing comes of it: the person, or an officer, said no."""
    _in_hand(recovery, approved_too=True)
    recovery.stopped_at = now
    _note(_STOPPED, recovery.user, council, by, now)


def finish_due(now: dt.datetime) -> int:
    """How many whose time has come were done."""
    due = sa.select(Recovery).where(
        Recovery.ready_at <= now, Recovery.done_at.is_(None), Recovery.stopped_at.is_(None)
    )
    found = db.session.scalars(due.with_for_update()).all()
    for recovery in found:
        _finish(recovery, db.session.get_one(Council, recovery.council_id), now)
    return len(found)


def _finish(recovery: Recovery, council: Council, now: dt.datetime) -> None:
    recovery.done_at = now
    factors.remove_all(recovery.user_id)
    actions.end_sign_ins(recovery.user_id, now)
    _note(_DONE, recovery.user, council, By(None, "site"), now)
    actions.tell_of_change(recovery.user, "recovered", council, now=now)


def _in_hand(recovery: Recovery, *, approved_too: bool = False) -> None:
    over = recovery.done_at or recovery.stopped_at or (recovery.approved_at and not approved_too)
    if over:
        raise Refusal(_("That has been settled already."))


def _near_money(user_id: uuid.UUID) -> bool:
    """Whether a wallet, their own or another's, can be reached from this account."""
    own = sa.exists().where(Person.user_id == user_id)
    for_another = sa.exists().where(Mandate.representative_id == user_id, Mandate.state == "active")
    return bool(db.session.scalar(sa.select(sa.or_(own, for_another))))


def _open(user_id: uuid.UUID) -> bool:
    asked = sa.exists().where(
        Recovery.user_id == user_id, Recovery.done_at.is_(None), Recovery.stopped_at.is_(None)
    )
    return bool(db.session.scalar(sa.select(asked)))


def in_hand(council_id: uuid.UUID) -> Sequence[Recovery]:
    """What the council's officers have to see to, the oldest first."""
    return db.session.scalars(
        sa.select(Recovery)
        .options(joinedload(Recovery.user), joinedload(Recovery.asked_by))
        .where(Recovery.council_id == council_id, Recovery.done_at.is_(None), Recovery.stopped_at.is_(None))
        .order_by(Recovery.asked_at)
    ).all()


def recovery(council_id: uuid.UUID, recovery_id: uuid.UUID) -> Recovery | None:
    """One of this council's, while it is in hand."""
    return next((one for one in in_hand(council_id) if one.id == recovery_id), None)


def person(email: str) -> User:
    """Whose account it is about. Raises Refusal where there is none."""
    user = queries.by_email(email)
    if user is None or user.state != "active":
        raise Refusal(_("There is no account with that address"), field="email", status=422)
    return user


def _note(action: audit.Action, user: User, council: Council, by: By, now: dt.datetime, **facts: str) -> None:
    audit.record(action, f"user:{user.id}", actor=by.actor, now=now, council_id=council.id, **facts)


def _tell(user: User, council: Council, now: dt.datetime, step: str) -> None:
    letters.write(
        user.email,
        "accounts/mail/recovery.txt",
        council=council,
        now=now,
        language=user.language,
        name=user.name,
        step=step,
        hours=int(WAIT_FOR_MONEY.total_seconds() // 3600),
    )
