"""Councils, their addresses on the web, and the areas of the country that everything else refers to."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, new_id

# What a council lists first, all else being equal (see directory.search.scoring).
STRATEGIES = ("nearest", "own_first", "community_first")


class Council(Model):
    """One council on the site. `key` is for people who type commands; it never changes."""

    __tablename__ = "council"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    site_name: Mapped[str] = mapped_column(sa.String(80))
    is_default: Mapped[bool] = mapped_column(default=False)
    is_made_up: Mapped[bool] = mapped_column(default=False)  # a banner says so on every page
    base_url: Mapped[str] = mapped_column(sa.String(200))  # for links in mail, never the request's own host
    strategy: Mapped[str] = mapped_column(sa.String(20), default="nearest")
    brand: Mapped[dict[str, Any]] = mapped_column(default=dict)  # colour tokens, see branding
    logo_svg: Mapped[str | None] = mapped_column(sa.Text)
    phone: Mapped[str] = mapped_column(sa.String(40))
    phone_hours: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(sa.String(120), default="")
    website: Mapped[str] = mapped_column(sa.String(200), default="")
    outline: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)  # rings of [easting, northing], metres
    digest_hour: Mapped[int] = mapped_column(default=8)  # when daily mails go, on a clock on a wall in the UK
    hosts: Mapped[list["CouncilHost"]] = relationship(back_populates="council", cascade="all, delete-orphan")
    areas: Mapped[list["CouncilArea"]] = relationship(back_populates="council", cascade="all, delete-orphan")

    __table_args__ = (
        sa.CheckConstraint(f"strategy in {STRATEGIES}", name="strategy_known"),
        sa.CheckConstraint("digest_hour between 0 and 23", name="digest_hour_of_day"),
    )


class CouncilHost(Model):
    """A host name that leads to a council."""

    __tablename__ = "council_host"
    host: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    council_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("council.id"), index=True)
    council: Mapped[Council] = relationship(back_populates="hosts")


class CouncilArea(Model):
    """An area (ONS code) that a council serves."""

    __tablename__ = "council_area"
    council_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("council.id"), primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    council: Mapped[Council] = relationship(back_populates="areas")


class Area(Model):
    """A ward, authority, region or country. Source: ONS register of geographic codes, as far as it was loaded."""

    __tablename__ = "area"
    code: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(12))
    parent_code: Mapped[str | None] = mapped_column(sa.String(12), index=True)
    # Postcode sectors ("M33 2") that make up the area, where no file of wards was loaded.
    sectors: Mapped[list[str]] = mapped_column(default=list)

    __table_args__ = (
        sa.CheckConstraint("kind in ('ward', 'authority', 'region', 'country')", name="kind_known"),
    )


class Town(Model):
    """A place name on a council's own list, so that people can type it where a postcode is asked for."""

    __tablename__ = "town"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("council.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    folded: Mapped[str] = mapped_column(
        sa.String(80), index=True
    )  # lower case, no accents: what is looked up
    easting: Mapped[int]
    northing: Mapped[int]

    __table_args__ = (sa.UniqueConstraint("council_id", "folded"),)
