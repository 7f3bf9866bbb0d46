"""Changes that wait for the council, and every state that a listing has been in.

A provider never changes a listing: a proposal does, once an editor approves it. Every state that was public, or that
an editor made, is a version, so that it can be looked at, compared and brought back.
"""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import Person, User
from portal.db import Model, new_id
from portal.directory.models.services import Organisation, Service, owner

PROPOSAL_STATES = ("draft", "waiting", "sent_back", "approved", "withdrawn")
CLAIM_STATES = ("waiting", "granted", "refused")
# Why a version was written. found: it was there before anybody used a desk, or something else than a desk changed it.
HOW = (
    "found",
    "approved",
    "edited",
    "restored",
    "archived",
    "published",
    "suspended",
    "lifted",
    "made_private",
    "made_public",
    "merged",
    "checked",
    "vacancies",
    "closed",
    "opened",
)


class Proposal(Model):
    """A listing as somebody would like it to be.

    draft: the whole ListingDraft. service: the listing it would change; none: it would be a new one. organisation:
    who runs it; none: a new one, told of in `run_by` (an OrganisationDraft), or nobody has said yet. base_version: the
    version of the listing that it was begun from; 0 for a new one. edition rises with every change. suggested: terms
    that the provider thinks fit; the council sets them. far: why it really covers so wide an area. signed_by: who
    signed the code of conduct. words: what the editor wrote back.
    """

    __tablename__ = "proposal"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[uuid.UUID] = owner("council")
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    service_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    author_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("user_account.id", ondelete="SET NULL"), index=True
    )
    by_editor: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    draft: Mapped[dict[str, Any]]
    run_by: Mapped[dict[str, Any]] = mapped_column(default=dict)
    base_version: Mapped[int] = mapped_column(default=0)
    edition: Mapped[int] = mapped_column(default=1)
    suggested: Mapped[list[str]] = mapped_column(default=list)
    far: Mapped[str] = mapped_column(sa.Text, default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")  # what the provider wants the editor to know
    words: Mapped[str] = mapped_column(sa.Text, default="")
    signed_by: Mapped[str] = mapped_column(sa.String(120), default="")
    signed_at: Mapped[dt.datetime | None]
    made_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    settled_at: Mapped[dt.datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("user_account.id", ondelete="SET NULL")
    )
    service: Mapped[Service | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=[author_id])

    __table_args__ = (
        sa.CheckConstraint(f"state in {PROPOSAL_STATES}", name="state_known"),
        sa.CheckConstraint("state <> 'waiting' or sent_at is not null", name="sent_when_waiting"),
        sa.Index("ix_proposal_queue", "council_id", "state", "sent_at"),
    )


class ServiceVersion(Model):
    """A listing as it was from a moment on. number: 1 for the first; the highest is how it is now."""

    __tablename__ = "service_version"
    service_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    draft: Mapped[dict[str, Any]]
    how: Mapped[str] = mapped_column(sa.String(12))
    words: Mapped[str] = mapped_column(sa.Text, default="")
    actor: Mapped[str] = mapped_column(sa.String(120))
    at: Mapped[dt.datetime]

    __table_args__ = (sa.CheckConstraint(f"how in {HOW}", name="how_known"),)


class Claim(Model):
    """Somebody says that they act for an organisation, and would like to look after its entries."""

    __tablename__ = "claim"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[uuid.UUID] = owner("council")
    organisation_id: Mapped[uuid.UUID] = owner("organisation")
    user_id: Mapped[uuid.UUID] = owner("user_account")
    service_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("service.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(sa.Text)  # what they do there, and how the council can make sure
    state: Mapped[str] = mapped_column(sa.String(10), default="waiting")
    words: Mapped[str] = mapped_column(sa.Text, default="")
    at: Mapped[dt.datetime]
    settled_at: Mapped[dt.datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("user_account.id", ondelete="SET NULL")
    )
    organisation: Mapped[Organisation] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])

    __table_args__ = (
        sa.CheckConstraint(f"state in {CLAIM_STATES}", name="state_known"),
        sa.Index("ix_claim_list", "council_id", "state", "at"),
        sa.Index(
            "uq_claim_waiting",
            "organisation_id",
            "user_id",
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        ),
    )


class ServedPerson(Model):
    """The person whom a private listing serves: nobody else of the public sees it."""

    __tablename__ = "served_person"
    service_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[uuid.UUID] = owner("person")
    person: Mapped[Person] = relationship()


class MergedService(Model):
    """A listing that was the same as another. Its address leads to the one that was kept."""

    __tablename__ = "merged_service"
    service_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    kept_id: Mapped[uuid.UUID] = owner("service")


class NotTheSame(Model):
    """Two listings that look alike, and of which an editor said that they are two. first_id is the lower id."""

    __tablename__ = "not_the_same"
    first_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    second_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
