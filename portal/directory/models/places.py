"""Where services are, where they go, and when: venues, coverage of both kinds, opening times."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, new_id
from portal.directory.models.services import Service, owner

COVERAGE = ("comes_to_you", "residents_of")


def street(name: str, address_1: str | None, town: str | None) -> str:
    """Street and town, as far as they are known; else the venue's name."""
    return ", ".join(part for part in (address_1, town) if part) or name


class Location(Model):
    """A venue. Open Referral: location. Coordinates are kept as given; the grid ones are what we measure with."""

    __tablename__ = "location"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    location_type: Mapped[str] = mapped_column(sa.String(12), default="physical")
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    directions: Mapped[str] = mapped_column(sa.Text, default="")  # Open Referral: transportation
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    authority_code: Mapped[str] = mapped_column(sa.String(12), default="")
    source: Mapped[str] = mapped_column(sa.String(80), default="")
    source_id: Mapped[str] = mapped_column(sa.String(200), default="")
    addresses: Mapped[list["Address"]] = relationship(back_populates="location", cascade="all, delete-orphan")
    features: Mapped[list["Accessibility"]] = relationship(
        back_populates="location", cascade="all, delete-orphan", order_by="Accessibility.feature"
    )

    __table_args__ = (
        sa.CheckConstraint("location_type in ('physical', 'postal', 'virtual')", name="type_known"),
        sa.CheckConstraint("(easting is null) = (northing is null)", name="both_or_neither"),
    )

    @property
    def street(self) -> str:
        """Street and town, for a card."""
        first = next(iter(self.addresses), None)
        return street(self.name, first.address_1, first.town) if first else self.name


class Address(Model):
    """Where a venue is. Open Referral: address."""

    __tablename__ = "address"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[uuid.UUID] = owner("location")
    address_1: Mapped[str] = mapped_column(sa.String(200))
    address_2: Mapped[str] = mapped_column(sa.String(200), default="")
    town: Mapped[str] = mapped_column(sa.String(80), default="")  # Open Referral: city
    county: Mapped[str] = mapped_column(sa.String(80), default="")  # Open Referral: state_province
    postcode: Mapped[str] = mapped_column(sa.String(10), default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="GB")
    address_type: Mapped[str] = mapped_column(sa.String(12), default="physical")
    location: Mapped[Location] = relationship(back_populates="addresses")

    __table_args__ = (sa.Index("ix_address_town", "town"),)


class Accessibility(Model):
    """Something that makes a venue easier to use. Open Referral: accessibility."""

    __tablename__ = "accessibility"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[uuid.UUID] = owner("location")
    feature: Mapped[str] = mapped_column(sa.String(40))  # key of a term in the access taxonomy
    details: Mapped[str] = mapped_column(sa.String(200), default="")
    location: Mapped[Location] = relationship(back_populates="features")

    __table_args__ = (sa.UniqueConstraint("location_id", "feature"),)


class ServiceAtLocation(Model):
    """A service at one of its venues. Open Referral: service_at_location."""

    __tablename__ = "service_at_location"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    service_id: Mapped[uuid.UUID] = owner("service")
    location_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("location.id"), index=True)
    description: Mapped[str] = mapped_column(sa.Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    service: Mapped[Service] = relationship(back_populates="places")
    location: Mapped[Location] = relationship()
    times: Mapped[list["Schedule"]] = relationship(
        back_populates="place", order_by="Schedule.position", cascade="all, delete-orphan"
    )

    __table_args__ = (sa.UniqueConstraint("service_id", "location_id"),)


class ServiceArea(Model):
    """Where a service goes to people, or whose residents may use its venue. Open Referral: service_area.

    Either an area code (a GSS code, or ALL) or a radius around a point.
    """

    __tablename__ = "service_area"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    service_id: Mapped[uuid.UUID] = owner("service")
    kind: Mapped[str] = mapped_column(sa.String(12))
    code: Mapped[str | None] = mapped_column(sa.String(12), index=True)
    radius_metres: Mapped[int | None]
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    extent: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    service: Mapped[Service] = relationship(back_populates="areas")

    __table_args__ = (
        sa.CheckConstraint(f"kind in {COVERAGE}", name="kind_known"),
        sa.CheckConstraint(
            "(code is not null and radius_metres is null) or (code is null and radius_metres > 0 "
            "and easting is not null and northing is not null)",
            name="code_or_radius",
        ),
    )


class Schedule(Model):
    """When something is open or happens. Open Referral: schedule (its rules are those of iCalendar, RFC 5545).

    Weekly, or monthly with weeks such as 1 (first), 3 (third) or -1 (last); or one date (`dtstart`, no freq).
    """

    __tablename__ = "schedule"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    service_id: Mapped[uuid.UUID] = owner("service")
    place_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("service_at_location.id", ondelete="CASCADE"), index=True
    )
    freq: Mapped[str | None] = mapped_column(sa.String(8))  # WEEKLY, MONTHLY, or none for one date
    byday: Mapped[str] = mapped_column(sa.String(40), default="")  # "MO,WE", or "1TU,3TU", "-1FR"
    dtstart: Mapped[dt.date | None]
    until: Mapped[dt.date | None]
    season_from: Mapped[str] = mapped_column(sa.String(5), default="")  # "04-01": every year from 1 April …
    season_until: Mapped[str] = mapped_column(sa.String(5), default="")  # … to "09-30"
    opens_at: Mapped[dt.time | None]
    closes_at: Mapped[dt.time | None]
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
    service: Mapped[Service] = relationship(back_populates="times")
    place: Mapped[ServiceAtLocation | None] = relationship(back_populates="times")

    __table_args__ = (
        sa.CheckConstraint("freq is null or freq in ('WEEKLY', 'MONTHLY')", name="freq_known"),
        sa.CheckConstraint("freq is not null or dtstart is not null", name="rule_or_date"),
    )
