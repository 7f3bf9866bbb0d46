"""People with accounts, the parts they play for a council or a provider, and people who are supported."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, new_id

USER_STATES = ("invited", "active", "closed")
# What people do for a council.
ROLES = ("editor", "navigator", "care_manager", "finance", "broker", "administrator")
# What people do for a provider: the owner also says who else may, the manager writes, the worker records visits.
MEMBERSHIPS = ("owner", "manager", "worker")


def owner(table: str) -> Mapped[uuid.UUID]:
    """The column that names the row that this one belongs to, and goes with."""
    return mapped_column(sa.ForeignKey(f"{table}.id", ondelete="CASCADE"), index=True)


class User(Model):
    """Somebody who can sign in. One account serves all councils; what it may do is in its roles.

    email: in small letters, as it is looked up. password: an argon2id hash; none before it is chosen, or where
    another service signs the person in.
    """

    __tablename__ = "user_account"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="invited")
    password: Mapped[str | None] = mapped_column(sa.String(200))
    password_set_at: Mapped[dt.datetime | None]
    email_confirmed_at: Mapped[dt.datetime | None]
    language: Mapped[str] = mapped_column(sa.String(8), default="en")
    is_demo: Mapped[bool] = mapped_column(default=False)  # production refuses to start while one is here
    created_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    roles: Mapped[list["Role"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", foreign_keys="Role.user_id"
    )
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="user", cascade="all, delete-orphan", foreign_keys="Membership.user_id"
    )

    __table_args__ = (
        sa.CheckConstraint(f"state in {USER_STATES}", name="state_known"),
        sa.CheckConstraint("email = lower(email)", name="email_small"),
    )


class Role(Model):
    """A part that somebody plays for a council, from when until when."""

    __tablename__ = "role"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = owner("user_account")
    council_id: Mapped[uuid.UUID] = owner("council")
    kind: Mapped[str] = mapped_column(sa.String(16))
    granted_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    granted_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    user: Mapped[User] = relationship(back_populates="roles", foreign_keys=[user_id])

    __table_args__ = (
        sa.CheckConstraint(f"kind in {ROLES}", name="kind_known"),
        sa.Index(
            "uq_role_now",
            "user_id",
            "council_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("ended_at is null"),
            postgresql_where=sa.text("ended_at is null"),
        ),
    )


class Membership(Model):
    """Somebody's part in a provider's organisation. The organisation is the directory's; only its id is known here."""

    __tablename__ = "membership"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = owner("user_account")
    organisation_id: Mapped[uuid.UUID] = owner("organisation")
    kind: Mapped[str] = mapped_column(sa.String(10))
    granted_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    granted_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    user: Mapped[User] = relationship(back_populates="memberships", foreign_keys=[user_id])

    __table_args__ = (
        sa.CheckConstraint(f"kind in {MEMBERSHIPS}", name="kind_known"),
        sa.Index(
            "uq_membership_now",
            "user_id",
            "organisation_id",
            unique=True,
            sqlite_where=sa.text("ended_at is null"),
            postgresql_where=sa.text("ended_at is null"),
        ),
    )


class Person(Model):
    """Somebody whom a council supports. They need not have an account of their own; others may act for them.

    reference: the council's own case number, for its staff alone.
    """

    __tablename__ = "person"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[uuid.UUID] = owner("council")
    user_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("user_account.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(sa.String(120))
    reference: Mapped[str] = mapped_column(sa.String(40), default="")
    created_at: Mapped[dt.datetime]
    user: Mapped[User | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("council_id", "user_id"),
        sa.Index(
            "uq_person_reference",
            "council_id",
            "reference",
            unique=True,
            sqlite_where=sa.text("reference <> ''"),
            postgresql_where=sa.text("reference <> ''"),
        ),
    )
