"""What the desks of providers and editors read. The council comes first: nobody sees another's."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Mandate, Membership, Person, User
from portal.accounts.queries import DECIDING
from portal.audit import AuditEvent
from portal.db import db
from portal.directory.models import (
    Claim,
    Location,
    MergedService,
    Organisation,
    Proposal,
    ServedPerson,
    Service,
    ServiceAtLocation,
)
from portal.directory.search.words import fold

PER_PAGE = 20
_ROWS = TypeVar("_ROWS")


@dataclass(frozen=True)
class Page(Generic[_ROWS]):
    """One page of a list. number: from 1 on."""

    rows: Sequence[_ROWS]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(-(-self.total // self.per_page), 1)


def _page(asked: sa.Select[Any], number: int, *order: Any) -> Page[Any]:
    """That page of what is asked; the last one for a number past it."""
    total = db.session.scalar(sa.select(sa.func.count()).select_from(asked.order_by(None).subquery())) or 0
    number = min(max(number, 1), max(-(-total // PER_PAGE), 1))
    rows = db.session.scalars(asked.order_by(*order).limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    return Page(rows, number, total)


# Listings


def whole(council_id: uuid.UUID, service_id: uuid.UUID) -> Service | None:
    """One listing of the council with everything about it, whatever its state."""
    return db.session.scalar(
        sa.select(Service)
        .options(
            joinedload(Service.organisation),
            *(
                selectinload(part)
                for part in (
                    Service.times,
                    Service.costs,
                    Service.ratings,
                    Service.translations,
                    Service.phones,
                    Service.attributes,
                    Service.areas,
                    Service.contacts,
                    Service.languages,
                    Service.marks,
                )
            ),
            selectinload(Service.places).options(
                selectinload(ServiceAtLocation.times),
                joinedload(ServiceAtLocation.location).options(
                    selectinload(Location.addresses), selectinload(Location.features)
                ),
            ),
        )
        .where(Service.id == service_id, Service.council_id == council_id)
        .execution_options(populate_existing=True)
    )


def service(council_id: uuid.UUID, service_id: uuid.UUID) -> Service | None:
    """One listing of the council, whatever its state."""
    found = db.session.get(Service, service_id)
    return found if found and found.council_id == council_id else None


SHOWN = ("published", "archived", "draft", "suspended", "private", "hidden")


def entries(council_id: uuid.UUID, words: str, shown: str, number: int) -> Page[Service]:
    """The council's listings whose names hold the words, by name. shown: one of SHOWN, or "" for all."""
    asked = (
        sa.select(Service).options(joinedload(Service.organisation)).where(Service.council_id == council_id)
    )
    if words:
        like = f"%{_like(words)}%"
        asked = asked.join(Organisation, Organisation.id == Service.organisation_id).where(
            sa.or_(Service.name.ilike(like, escape="\\"), Organisation.name.ilike(like, escape="\\"))
        )
    special = {
        "suspended": Service.suspended_at.is_not(None),
        "private": Service.private.is_(True),
        "hidden": Service.hidden_on.is_not(None),
    }
    if shown in SHOWN:
        asked = asked.where(special.get(shown, Service.state == shown))
    return _page(asked, number, Service.name, Service.id)


def _like(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def by_ids(council_id: uuid.UUID, ids: Collection[uuid.UUID]) -> Sequence[Service]:
    """Those of these listings that are the council's, by name."""
    return db.session.scalars(
        sa.select(Service)
        .where(Service.council_id == council_id, Service.id.in_(ids))
        .order_by(Service.name, Service.id)
    ).all()


def kept_instead(service_id: uuid.UUID) -> uuid.UUID | None:
    """The listing that was kept when this one was merged into it."""
    found = db.session.get(MergedService, service_id)
    return found.kept_id if found else None


def serves(service_id: uuid.UUID, user_id: uuid.UUID, day: dt.date) -> bool:
    """Whether a private listing serves this person, or somebody whose affairs they may see."""
    decides_for = sa.select(Membership.organisation_id).where(
        Membership.user_id == user_id, Membership.kind.in_(DECIDING), Membership.ended_at.is_(None)
    )
    acts = sa.exists().where(
        Mandate.person_id == Person.id,
        sa.or_(Mandate.representative_id == user_id, Mandate.organisation_id.in_(decides_for)),
        Mandate.state == "active",
        Mandate.starts_on <= day,
        sa.or_(Mandate.ends_on.is_(None), Mandate.ends_on >= day),
    )
    found = (
        sa.select(ServedPerson.person_id)
        .join(Person, Person.id == ServedPerson.person_id)
        .where(ServedPerson.service_id == service_id, sa.or_(Person.user_id == user_id, acts))
    )
    return db.session.scalar(found.limit(1)) is not None


def served(service_id: uuid.UUID) -> Person | None:
    """The person whom a private listing serves."""
    found = db.session.get(ServedPerson, service_id)
    return found.person if found else None


def person(council_id: uuid.UUID, reference: str) -> Person | None:
    """The person of this case number whom the council supports."""
    return db.session.scalar(
        sa.select(Person).where(Person.council_id == council_id, Person.reference == reference)
    )


# Proposals and claims


OPEN = ("draft", "sent_back", "waiting")


def proposal(council_id: uuid.UUID | None, proposal_id: uuid.UUID) -> Proposal | None:
    """A proposal to this council."""
    found = db.session.get(Proposal, proposal_id)
    return found if found and found.council_id == council_id else None


def held_proposal(council_id: uuid.UUID | None, proposal_id: uuid.UUID) -> Proposal | None:
    """The same, which nobody else changes until the transaction ends."""
    return db.session.scalar(
        sa.select(Proposal)
        .where(Proposal.id == proposal_id, Proposal.council_id == council_id)
        .with_for_update(of=Proposal)
        .execution_options(populate_existing=True)
    )


def organisations(council_id: uuid.UUID, ids: Collection[uuid.UUID]) -> dict[str, str]:
    """Id -> name of those of these organisations that are this council's, by name."""
    rows = db.session.execute(
        sa.select(Organisation.id, Organisation.name)
        .where(Organisation.council_id == council_id, Organisation.id.in_(ids))
        .order_by(Organisation.name)
    )
    return {str(row.id): row.name for row in rows}


def queue(council_id: uuid.UUID, number: int) -> Page[Proposal]:
    """What waits for an editor, the oldest first."""
    asked = (
        sa.select(Proposal)
        .options(joinedload(Proposal.author), joinedload(Proposal.organisation), joinedload(Proposal.service))
        .where(Proposal.council_id == council_id, Proposal.state == "waiting")
    )
    return _page(asked, number, Proposal.sent_at, Proposal.id)


@dataclass(frozen=True)
class Waiting:
    """How much waits for an editor: new entries, changes, and since when the oldest of them."""

    new: int
    changes: int
    oldest: dt.datetime | None


def waiting(council_id: uuid.UUID) -> Waiting:
    """How much waits at a council."""
    asked = sa.select(
        sa.func.count(Proposal.id), sa.func.count(Proposal.service_id), sa.func.min(Proposal.sent_at)
    ).where(Proposal.council_id == council_id, Proposal.state == "waiting")
    total, changes, oldest = db.session.execute(asked).one()
    return Waiting(total - changes, changes, oldest)


def own_drafts(council_id: uuid.UUID, user_id: uuid.UUID) -> Sequence[Proposal]:
    """What an editor has begun to write, and not published yet."""
    return db.session.scalars(
        sa.select(Proposal)
        .where(
            Proposal.council_id == council_id,
            Proposal.author_id == user_id,
            Proposal.by_editor.is_(True),
            Proposal.state == "draft",
        )
        .order_by(Proposal.changed_at.desc())
    ).all()


def has_begun(council_id: uuid.UUID | None, user_id: uuid.UUID) -> bool:
    """Whether somebody has an entry of their own on the way at this council."""
    asked = sa.exists().where(
        Proposal.author_id == user_id,
        Proposal.council_id == council_id,
        Proposal.by_editor.is_(False),
        Proposal.state.in_(OPEN),
    )
    return bool(db.session.scalar(sa.select(asked)))


def open_proposal(service_id: uuid.UUID, *, by_editor: bool, author_id: uuid.UUID | None) -> Proposal | None:
    """The proposal for this listing that is under way: an organisation has one, an editor one of their own."""
    asked = sa.select(Proposal).where(
        Proposal.service_id == service_id, Proposal.by_editor.is_(by_editor), Proposal.state.in_(OPEN)
    )
    if by_editor:
        asked = asked.where(Proposal.author_id == author_id)
    return db.session.scalars(asked.order_by(Proposal.made_at.desc())).first()


@dataclass(frozen=True)
class ProviderList:
    """All that a provider's first page shows. begun: proposals of new entries."""

    entries: Page[Service]
    under_way: dict[uuid.UUID, Proposal] = field(default_factory=dict)
    begun: Sequence[Proposal] = ()
    claims: Sequence[Claim] = ()


def provider_list(
    council_id: uuid.UUID, user_id: uuid.UUID, organisations: Collection[uuid.UUID], number: int
) -> ProviderList:
    """What somebody who acts for these organisations looks after on this council's site, and has asked for."""
    asked = (
        sa.select(Service)
        .options(joinedload(Service.organisation))
        .where(Service.council_id == council_id, Service.organisation_id.in_(list(organisations)))
    )
    page = _page(asked, number, Service.name, Service.id)
    mine = sa.or_(
        Proposal.organisation_id.in_(list(organisations)),
        sa.and_(Proposal.organisation_id.is_(None), Proposal.author_id == user_id),
    )
    going = db.session.scalars(
        sa.select(Proposal)
        .options(joinedload(Proposal.organisation))
        .where(
            Proposal.council_id == council_id, Proposal.by_editor.is_(False), Proposal.state.in_(OPEN), mine
        )
        .order_by(Proposal.made_at)
    ).all()
    claims = db.session.scalars(
        sa.select(Claim)
        .options(joinedload(Claim.organisation))
        .where(Claim.council_id == council_id, Claim.user_id == user_id, Claim.state == "waiting")
        .order_by(Claim.at)
    ).all()
    return ProviderList(
        page, {p.service_id: p for p in going if p.service_id}, [p for p in going if not p.service_id], claims
    )


def claimable(council_id: uuid.UUID, words: str) -> Sequence[Service]:
    """Public listings of the council that somebody may mean, by what they typed of the name; the first twenty."""
    like = f"%{_like(words)}%"
    return db.session.scalars(
        sa.select(Service)
        .join(Organisation, Organisation.id == Service.organisation_id)
        .options(joinedload(Service.organisation))
        .where(
            Service.council_id == council_id,
            Service.state == "published",
            Service.private.is_(False),
            Service.suspended_at.is_(None),
            sa.or_(Service.name.ilike(like, escape="\\"), Organisation.name.ilike(like, escape="\\")),
        )
        .order_by(Service.name, Service.id)
        .limit(PER_PAGE)
    ).all()


def claims(council_id: uuid.UUID) -> Sequence[Claim]:
    """Claims that wait, the oldest first."""
    return db.session.scalars(
        sa.select(Claim)
        .options(joinedload(Claim.organisation), joinedload(Claim.user))
        .where(Claim.council_id == council_id, Claim.state == "waiting")
        .order_by(Claim.at)
        .limit(100)
    ).all()


def claim(council_id: uuid.UUID, claim_id: uuid.UUID) -> Claim | None:
    """A claim that was made to this council."""
    found = db.session.get(Claim, claim_id)
    return found if found and found.council_id == council_id else None


def owners(organisation_id: uuid.UUID) -> int:
    """How many owners an organisation has."""
    asked = sa.select(sa.func.count(Membership.id)).where(
        Membership.organisation_id == organisation_id,
        Membership.kind == "owner",
        Membership.ended_at.is_(None),
    )
    return db.session.scalar(asked) or 0


# Who did what


def events(service_id: uuid.UUID, number: int) -> Page[AuditEvent]:
    """What was done to a listing, the newest first."""
    asked = sa.select(AuditEvent).where(AuditEvent.subject == f"service:{service_id}")
    return _page(asked, number, AuditEvent.at.desc(), AuditEvent.id)


def actor_names(actors: Collection[str]) -> dict[str, str]:
    """Actor of the audit ("user:<id>") -> the person's name, for those that are people."""
    ids = [uuid.UUID(actor.removeprefix("user:")) for actor in set(actors) if actor.startswith("user:")]
    rows = (
        db.session.execute(sa.select(User.id, User.name, User.email).where(User.id.in_(ids))).all()
        if ids
        else []
    )
    return {f"user:{row.id}": row.name or row.email for row in rows}


def folded(text: str) -> str:
    """A name as it is compared."""
    return fold(text).strip()
