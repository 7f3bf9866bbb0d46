"""Signing in by a council's own service. Source: OpenID Connect Core 1.0."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.models.people import owner
from portal.db import Model, new_id


class OpenIdService(Model):
    """Where a council's staff sign in. client_secret: sealed. domain: only addresses of this domain are let in."""

    __tablename__ = "openid_service"
    council_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("council.id", ondelete="CASCADE"), primary_key=True
    )
    issuer: Mapped[str] = mapped_column(sa.String(200))
    client_id: Mapped[str] = mapped_column(sa.String(200))
    client_secret: Mapped[str] = mapped_column(sa.Text)
    domain: Mapped[str] = mapped_column(sa.String(120))


class OpenIdSubject(Model):
    """Which account a council's service means by a subject: settled at their first sign-in, whatever their address."""

    __tablename__ = "openid_subject"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = owner("user_account")
    issuer: Mapped[str] = mapped_column(sa.String(200))
    subject: Mapped[str] = mapped_column(sa.String(255))
    first_at: Mapped[dt.datetime]

    __table_args__ = (sa.UniqueConstraint("issuer", "subject"),)
