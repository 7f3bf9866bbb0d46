"""Organisations, their services, and what is told of a service in words."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from portal.db import Model, new_id

if TYPE_CHECKING:
    from portal.directory.models.places import Schedule, ServiceArea, ServiceAtLocation
    from portal.directory.models.terms import Attribute, Mark, Rating

KINDS = ("service", "group", "activity", "event", "supplier")
STATES = ("draft", "waiting", "published", "archived")
STATUSES = ("active", "inactive", "defunct", "temporarily closed")  # Open Referral: service.status


def owner(table: str, **kwargs: Any) -> Mapped[Any]:
    """The column that names the row of another table that this one belongs to, and goes with."""
    return mapped_column(sa.ForeignKey(f"{table}.id", ondelete="CASCADE"), index=True, **kwargs)


class Organisation(Model):
    """Who runs services. Open Referral: organization."""

    __tablename__ = "organisation"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[uuid.UUID] = owner("council")
    name: Mapped[str] = mapped_column(sa.String(200))
    alternate_name: Mapped[str] = mapped_column(sa.String(200), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    kind: Mapped[str] = mapped_column(sa.String(30), default="")  # Open Referral: legal_status
    website: Mapped[str] = mapped_column(sa.String(400), default="")
    email: Mapped[str] = mapped_column(sa.String(120), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    charity_number: Mapped[str] = mapped_column(sa.String(20), default="")
    company_number: Mapped[str] = mapped_column(sa.String(20), default="")
    cqc_provider_id: Mapped[str] = mapped_column(sa.String(20), default="", index=True)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("organisation.id"))
    source: Mapped[str] = mapped_column(sa.String(80), default="")
    source_id: Mapped[str] = mapped_column(sa.String(200), default="")
    services: Mapped[list["Service"]] = relationship(back_populates="organisation")

    __table_args__ = (
        sa.Index(
            "uq_organisation_source",
            "council_id",
            "source",
            "source_id",
            unique=True,
            sqlite_where=sa.text("source_id <> ''"),
            postgresql_where=sa.text("source_id <> ''"),
        ),
    )


class Service(Model):
    """One listing: something a person can use, go to, join, or buy. Open Referral: service."""

    __tablename__ = "service"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[uuid.UUID] = owner("council")
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12), default="service")
    name: Mapped[str] = mapped_column(sa.String(200))
    also_known_as: Mapped[list[str]] = mapped_column(default=list)
    summary: Mapped[str] = mapped_column(sa.String(400), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")  # Markdown
    website: Mapped[str] = mapped_column(sa.String(400), default="")
    email: Mapped[str] = mapped_column(sa.String(120), default="")
    status: Mapped[str] = mapped_column(sa.String(20), default="active")
    by_appointment: Mapped[bool] = mapped_column(default=False)
    how_to_start: Mapped[str] = mapped_column(sa.Text, default="")  # Open Referral: application_process
    is_free: Mapped[bool] = mapped_column(default=False)
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    who_for: Mapped[str] = mapped_column(sa.Text, default="")  # Open Referral: eligibility_description
    vacancies: Mapped[str] = mapped_column(sa.String(200), default="")
    # Ours
    state: Mapped[str] = mapped_column(sa.String(12), default="draft")
    shared: Mapped[bool] = mapped_column(default=True)  # neighbouring councils' pages show it too
    private: Mapped[bool] = mapped_column(default=False)  # seen only by the person it serves
    suspended_at: Mapped[dt.datetime | None]
    assured_on: Mapped[dt.date | None]  # when somebody last confirmed it
    review_due_on: Mapped[dt.date | None]
    hidden_on: Mapped[dt.date | None]  # nobody confirmed it for so long that it is not shown (see freshness)
    cqc_location_id: Mapped[str] = mapped_column(sa.String(20), default="", index=True)
    source: Mapped[str] = mapped_column(sa.String(80), default="")
    source_id: Mapped[str] = mapped_column(sa.String(200), default="")
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]

    organisation: Mapped[Organisation] = relationship(back_populates="services")
    places: Mapped[list["ServiceAtLocation"]] = relationship(
        back_populates="service", cascade="all, delete-orphan", order_by="ServiceAtLocation.position"
    )
    areas: Mapped[list["ServiceArea"]] = relationship(back_populates="service", cascade="all, delete-orphan")
    times: Mapped[list["Schedule"]] = relationship(
        back_populates="service",
        cascade="all, delete-orphan",
        order_by="Schedule.position",
        foreign_keys="Schedule.service_id",
    )
    costs: Mapped[list["CostOption"]] = relationship(
        back_populates="service", cascade="all, delete-orphan", order_by="CostOption.position"
    )
    phones: Mapped[list["Phone"]] = relationship(back_populates="service", cascade="all, delete-orphan")
    contacts: Mapped[list["Contact"]] = relationship(back_populates="service", cascade="all, delete-orphan")
    languages: Mapped[list["ServiceLanguage"]] = relationship(
        back_populates="service", cascade="all, delete-orphan"
    )
    attributes: Mapped[list["Attribute"]] = relationship(
        back_populates="service", cascade="all, delete-orphan", order_by="Attribute.position"
    )
    marks: Mapped[list["Mark"]] = relationship(back_populates="service", cascade="all, delete-orphan")
    ratings: Mapped[list["Rating"]] = relationship(back_populates="service", cascade="all, delete-orphan")
    translations: Mapped[list["ServiceTranslation"]] = relationship(
        back_populates="service", cascade="all, delete-orphan"
    )

    @validates("review_due_on")
    def _shown_again(self, _name: str, day: dt.date | None) -> dt.date | None:
        """A listing that was hidden because nobody confirmed it is shown again once its review has a new day."""
        if day != self.review_due_on:
            self.hidden_on = None
        return day

    @property
    def overall_rating(self) -> str:
        """What the Care Quality Commission found all in all; "" where it did not say."""
        return next((rating.rating for rating in self.ratings if rating.domain == "overall"), "")

    @property
    def features(self) -> frozenset[str]:
        """Keys of what makes its venues easier to use."""
        return frozenset(one.feature for place in self.places for one in place.location.features)

    __table_args__ = (
        sa.CheckConstraint(f"kind in {KINDS}", name="kind_known"),
        sa.CheckConstraint(f"state in {STATES}", name="state_known"),
        sa.CheckConstraint(f"status in {STATUSES}", name="status_known"),
        sa.CheckConstraint(
            "minimum_age is null or maximum_age is null or minimum_age <= maximum_age", name="ages_in_order"
        ),
        sa.Index(
            "uq_service_source",
            "council_id",
            "source",
            "source_id",
            unique=True,
            sqlite_where=sa.text("source_id <> ''"),
            postgresql_where=sa.text("source_id <> ''"),
        ),
    )


class CostOption(Model):
    """What it costs. Open Referral: cost_option. The words are always there; the number only where one is known."""

    __tablename__ = "cost_option"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    service_id: Mapped[uuid.UUID] = owner("service")
    words: Mapped[str] = mapped_column(sa.String(300))
    pence: Mapped[int | None]
    unit: Mapped[str] = mapped_column(sa.String(60), default="")
    valid_from: Mapped[dt.date | None]
    valid_to: Mapped[dt.date | None]
    position: Mapped[int] = mapped_column(default=0)
    service: Mapped[Service] = relationship(back_populates="costs")


class Phone(Model):
    """A telephone number that the public may ring. Open Referral: phone."""

    __tablename__ = "phone"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    service_id: Mapped[uuid.UUID] = owner("service")
    number: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(12), default="voice")
    description: Mapped[str] = mapped_column(sa.String(200), default="")
    service: Mapped[Service] = relationship(back_populates="phones")


class Contact(Model):
    """Whom to ask for. Open Referral: contact. Only contacts marked public are ever shown or published."""

    __tablename__ = "contact"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    service_id: Mapped[uuid.UUID] = owner("service")
    name: Mapped[str] = mapped_column(sa.String(120))
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(sa.String(120), default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    service: Mapped[Service] = relationship(back_populates="contacts")


class ServiceLanguage(Model):
    """A language spoken besides English. Open Referral: language."""

    __tablename__ = "service_language"
    service_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    code: Mapped[str] = mapped_column(sa.String(8), primary_key=True)  # ISO 639
    service: Mapped[Service] = relationship(back_populates="languages")


class ServiceTranslation(Model):
    """A listing's words in another language."""

    __tablename__ = "service_translation"
    service_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    summary: Mapped[str] = mapped_column(sa.String(400), default="")
    description: Mapped[str] = mapped_column(sa.Text, default="")
    service: Mapped[Service] = relationship(back_populates="translations")
