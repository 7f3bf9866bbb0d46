"""Who may act for whom, as the database has it at this moment.

Nothing is remembered between two requests: what has ended is over with the next click. A mandate never allows more
than its scope, its limits and its days say.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal.accounts.models import SCOPES, Agreement, Asking, Mandate, Membership, Person, TrustCircle, User
from portal.accounts.queries import DECIDING
from portal.db import db

# How many people a page of a list holds.
PAGE = 50


@dataclass(frozen=True)
class Acting:
    """Somebody who acts for a person. mandate: by what right; None: they are the person themselves."""

    person: Person
    mandate: Mandate | None

    @property
    def on_behalf_of(self) -> str | None:
        """What stands in the audit beside the actor, where it is done for somebody else."""
        return f"person:{self.person.id}" if self.mandate else None


def covers(mandate: Mandate, scope: str) -> bool:
    """Whether what is asked for is within what it is for: who may approve may also request and view."""
    return SCOPES.index(scope) <= SCOPES.index(mandate.scope)


def stands(mandate: Mandate, today: dt.date) -> bool:
    """Whether it holds on this day."""
    begun = mandate.starts_on <= today
    return mandate.state == "active" and begun and (mandate.ends_on is None or today <= mandate.ends_on)


def within_limits(mandate: Mandate, pence: int, month_pence: int = 0) -> bool:
    """Whether a payment is within its limits. month_pence: what was agreed to under it this month already."""
    if pence < 0 or month_pence < 0:
        raise ValueError("a payment is not less than nothing")
    one = mandate.payment_limit_pence is None or pence <= mandate.payment_limit_pence
    return one and (mandate.month_limit_pence is None or month_pence + pence <= mandate.month_limit_pence)


def may_act(
    user: Any, person: Person, scope: str, today: dt.date, pence: int | None = None, month_pence: int = 0
) -> Mandate | None:
    """The mandate by which they may do this for the person, or None.

    user: who is signed in. scope: view, request or approve. pence: where it is about a payment. month_pence: what
    they have agreed to for this person this month already. A trust circle's mandate lets them take part: whether
    enough of the circle have agreed, `agreed` says.
    """
    return next(iter(allowing(user, person, scope, today, pence, month_pence)), None)


def allowing(
    user: Any, person: Person, scope: str, today: dt.date, pence: int | None = None, month_pence: int = 0
) -> list[Mandate]:
    """Every mandate by which they may do this for the person, what decides alone first."""
    if user.council_id != person.council_id:
        return []
    return [
        mandate
        for mandate in _theirs(user, person.id, today)
        if covers(mandate, scope) and (pence is None or within_limits(mandate, pence, month_pence))
    ]


def _theirs(user: Any, person_id: uuid.UUID, today: dt.date) -> Sequence[Mandate]:
    """What they hold for the person on this day, what decides alone first."""
    found = db.session.scalars(
        sa.select(Mandate)
        .where(Mandate.person_id == person_id, _held_by(user), *_standing(today))
        .order_by(Mandate.circle_id.is_not(None), Mandate.approved_at, Mandate.id)
        .execution_options(populate_existing=True)
    )
    return found.all()


def _standing(today: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    ends = sa.or_(Mandate.ends_on.is_(None), Mandate.ends_on >= today)
    return Mandate.state == "active", Mandate.starts_on <= today, ends


def organisations_of(user: Any) -> list[uuid.UUID]:
    """The organisations for which they decide: a worker, who need have no second factor, acts for nobody."""
    return sorted(one for one, kind in user.organisations.items() if kind in DECIDING)


def _held_by(user: Any) -> sa.ColumnElement[bool]:
    """Mandates that are theirs, or an organisation's for which they decide."""
    own = Mandate.representative_id == user.id
    owned = organisations_of(user)
    return sa.or_(own, Mandate.organisation_id.in_(owned)) if owned else own


def for_person(
    user: Any, person_id: uuid.UUID, scope: str, today: dt.date, pence: int | None = None
) -> Acting | None:
    """By what right they do this for the person: as the person, by a mandate, or (None) not at all."""
    found = person(user.council_id, person_id)
    if found is None or user.id is None:
        return None
    if found.user_id == user.id:
        return Acting(found, None)
    mandate = may_act(user, found, scope, today, pence)
    return Acting(found, mandate) if mandate else None


# Trust circles


def agreed(
    circle: TrustCircle, what: str, today: dt.date, scope: str = "approve", pence: int | None = None
) -> bool:
    """Whether enough of the circle agree. Whoever's mandate has ended since, or is for less, counts no more."""
    return len(who_agreed(circle, what, today, scope, pence)) >= circle.needed


def who_agreed(
    circle: TrustCircle, what: str, today: dt.date, scope: str = "approve", pence: int | None = None
) -> Sequence[User]:
    """Those of the circle who have agreed, and whose agreement counts today, the first to agree first."""
    belongs = sa.exists().where(
        Mandate.circle_id == circle.id,
        Mandate.representative_id == Agreement.by_id,
        Mandate.scope.in_(SCOPES[SCOPES.index(scope) :]),
        *_standing(today),
        *_enough(pence),
    )
    return db.session.scalars(
        sa.select(User)
        .join(Agreement, Agreement.by_id == User.id)
        .where(Agreement.circle_id == circle.id, Agreement.what == what, belongs)
        .order_by(Agreement.at, User.id)
    ).all()


def _enough(pence: int | None) -> list[sa.ColumnElement[bool]]:
    """Limits that let a payment through."""
    limits = (Mandate.payment_limit_pence, Mandate.month_limit_pence) if pence is not None else ()
    return [sa.or_(limit.is_(None), limit >= pence) for limit in limits]


def circle_of(person_id: uuid.UUID) -> TrustCircle | None:
    """The person's trust circle, while anybody is in it or about to be."""
    return db.session.scalar(
        sa.select(TrustCircle)
        .join(Mandate, Mandate.circle_id == TrustCircle.id)
        .where(TrustCircle.person_id == person_id, Mandate.state.in_(("asked", "granted", "active")))
        .limit(1)
    )


# People


def person(council_id: uuid.UUID | None, person_id: uuid.UUID) -> Person | None:
    """Somebody whom this council supports."""
    return db.session.scalar(
        sa.select(Person)
        .options(joinedload(Person.user))
        .where(Person.id == person_id, Person.council_id == council_id)
    )


def own(user: Any) -> Person | None:
    """The signed-in person as somebody whom this council supports, if they are."""
    if user.id is None:
        return None
    return db.session.scalar(
        sa.select(Person).where(Person.user_id == user.id, Person.council_id == user.council_id)
    )


def people(council_id: uuid.UUID, words: str = "", page: int = 1) -> tuple[Sequence[Person], bool]:
    """(a page of the people whom the council supports, whether there are more), by name.

    words: part of a name, or a reference from its beginning, in any letters; "" for everybody.
    """
    asked = sa.select(Person).options(joinedload(Person.user)).where(Person.council_id == council_id)
    for word in words.split():
        part, start = _like(word), _like(word).removeprefix("%")
        name, reference = sa.func.lower(Person.name), sa.func.lower(Person.reference)
        typed = Person.name.contains(word, autoescape=True)  # SQLite makes no small letter of É
        named = sa.or_(typed, name.like(part, escape="\\"))
        asked = asked.where(sa.or_(named, reference.like(start, escape="\\")))
    asked = asked.order_by(Person.name, Person.id).limit(PAGE + 1).offset((page - 1) * PAGE)
    found = db.session.scalars(asked).all()
    return found[:PAGE], len(found) > PAGE


def _like(word: str) -> str:
    plain = word.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


# Mandates, with all that a page tells of them in one query


def _whole() -> sa.Select[Mandate]:
    who = (
        Mandate.representative,
        Mandate.asked_by,
        Mandate.granted_by,
        Mandate.approved_by,
        Mandate.ended_by,
    )
    loaded = [joinedload(part) for part in (Mandate.circle, *who)]
    return sa.select(Mandate).options(joinedload(Mandate.person).joinedload(Person.user), *loaded)


def mandate(council_id: uuid.UUID | None, mandate_id: uuid.UUID) -> Mandate | None:
    """One of this council's."""
    return db.session.scalar(_whole().where(Mandate.id == mandate_id, Mandate.council_id == council_id))


def held(council_id: uuid.UUID | None, mandate_id: uuid.UUID) -> Mandate | None:
    """The same as it is now; and nobody else changes what is said about this person until the transaction ends."""
    whose = sa.select(Mandate.person_id).where(Mandate.id == mandate_id, Mandate.council_id == council_id)
    hold(db.session.scalar(whose))
    return db.session.scalar(
        _whole()
        .where(Mandate.id == mandate_id, Mandate.council_id == council_id)
        .execution_options(populate_existing=True)
    )


def hold(person_id: uuid.UUID | None) -> None:
    """Nobody else changes who acts for this person until the transaction ends."""
    db.session.scalar(sa.select(Person.id).where(Person.id == person_id).with_for_update())


def mandates_of(person_id: uuid.UUID) -> Sequence[Mandate]:
    """Everybody who acts, acted or would act for the person, the newest first."""
    asked = _whole().where(Mandate.person_id == person_id)
    return db.session.scalars(asked.order_by(Mandate.asked_at.desc(), Mandate.id)).all()


def mandates_by(user: Any) -> Sequence[Mandate]:
    """Everybody for whom they act, acted or would act on this council's site, the newest first."""
    asked = _whole().where(Mandate.council_id == user.council_id, _held_by(user))
    return db.session.scalars(asked.order_by(Mandate.asked_at.desc(), Mandate.id)).all()


def waiting(council_id: uuid.UUID) -> Sequence[Mandate]:
    """What the council's officers have to grant or approve, the oldest first."""
    asked = _whole().where(Mandate.council_id == council_id, Mandate.state.in_(("asked", "granted")))
    return db.session.scalars(asked.order_by(Mandate.asked_at, Mandate.id)).all()


def open_of(person_id: uuid.UUID, user_id: uuid.UUID | None, organisation_id: uuid.UUID | None) -> bool:
    """Whether one who would act for the person may already, or has been asked for."""
    who = (
        Mandate.representative_id == user_id if user_id else Mandate.organisation_id == organisation_id,
        Mandate.person_id == person_id,
        Mandate.state.in_(("asked", "granted", "active")),
    )
    return bool(db.session.scalar(sa.select(sa.exists().where(*who))))


def replacement_of(mandate_id: uuid.UUID) -> Mandate | None:
    """The one that waits to take the place of a mandate."""
    waits = Mandate.state.in_(("asked", "granted"))
    return db.session.scalar(sa.select(Mandate).where(Mandate.replaces_id == mandate_id, waits))


def may_end(user: Any, mandate: Mandate) -> bool:
    """Whether it is theirs: for the person, or for who acts. The council's officers may in any case."""
    if user.id is None:
        return False
    if mandate.person.user_id == user.id or mandate.representative_id == user.id:
        return True
    return mandate.organisation_id in organisations_of(user)


def deciders(organisation_id: uuid.UUID) -> Sequence[User]:
    """Those who decide for an organisation, and so act for whom it looks after."""
    return db.session.scalars(
        sa.select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.kind.in_(DECIDING),
            Membership.ended_at.is_(None),
        )
        .order_by(User.email)
    ).all()


def belongs_to(user_id: uuid.UUID, organisation_id: uuid.UUID) -> bool:
    """Whether somebody has any part in an organisation."""
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Membership.user_id == user_id,
                    Membership.organisation_id == organisation_id,
                    Membership.ended_at.is_(None),
                )
            )
        )
    )


def owned_by(user_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The organisations that somebody owns or manages."""
    return db.session.scalars(
        sa.select(Membership.organisation_id)
        .where(Membership.user_id == user_id, Membership.kind.in_(DECIDING), Membership.ended_at.is_(None))
        .order_by(Membership.organisation_id)
    ).all()


# Askings


def askings(council_id: uuid.UUID) -> Sequence[Asking]:
    """Who would like to act for somebody whom an officer has to find, the oldest first."""
    return db.session.scalars(
        sa.select(Asking)
        .options(joinedload(Asking.asked_by))
        .where(Asking.council_id == council_id, Asking.settled_at.is_(None))
        .order_by(Asking.asked_at, Asking.id)
    ).all()


def asking(council_id: uuid.UUID | None, asking_id: uuid.UUID, *, hold: bool = False) -> Asking | None:
    """One that waits. hold: nobody else settles it meanwhile."""
    asked = sa.select(Asking).options(joinedload(Asking.asked_by, innerjoin=True))
    asked = asked.where(Asking.id == asking_id, Asking.council_id == council_id, Asking.settled_at.is_(None))
    return db.session.scalar(asked.with_for_update(of=Asking) if hold else asked)


def askings_by(user: Any) -> Sequence[Asking]:
    """What somebody has asked this council and what came of it, the newest first; not what became a mandate."""
    return db.session.scalars(
        sa.select(Asking)
        .where(
            Asking.asked_by_id == user.id,
            Asking.council_id == user.council_id,
            Asking.mandate_id.is_(None),
        )
        .order_by(Asking.asked_at.desc())
        .limit(20)
    ).all()
