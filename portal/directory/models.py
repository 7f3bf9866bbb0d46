"""The directory's tables, in the shape of Open Referral UK 3.0, so that taking in and giving out lose nothing.

What is ours on top: the council that keeps a listing and with whom it is shared, where it came from, when somebody
last confirmed it, whether it is published, and coverage of two kinds. Distances are metres on the British National
Grid. Opening times are clock times in the UK.
"""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, new_id

KINDS = ("service", "group", "activity", "event", "supplier")
STATES = ("draft", "waiting", "published", "archived")
STATUSES = ("active", "inactive", "defunct", "temporarily closed")  # Open Referral: service.status
COVERAGE = ("comes_to_you", "residents_of")
EVERYWHERE = "ALL"


def _owner(table: str, **kwargs: Any) -> Mapped[Any]:
    return mapped_column(sa.ForeignKey(f"{table}.id", ondelete="CASCADE"), index=True, **kwargs)


class Organisation(Model):
    """Who runs services. Open Referral: organization."""

    __tablename__ = "organisation"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[uuid.UUID] = _owner("council")
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
    council_id: Mapped[uuid.UUID] = _owner("council")
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

    __table_args__ = (
        sa.CheckConstraint(f"kind in {KINDS}", name="kind_known"),
        sa.CheckConstraint(f"state in {STATES}", name="state_known"),
        sa.CheckConstraint(f"status in {STATUSES}", name="status_known"),
        sa.CheckConstraint(
            "minimum_age is null or maximum_age is null or minimum_age <= maximum_age", name="ages_in_order"
        ),
        sa.Index("ix_service_visible", "state", "council_id"),
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


class Address(Model):
    """Where a venue is. Open Referral: address."""

    __tablename__ = "address"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[uuid.UUID] = _owner("location")
    address_1: Mapped[str] = mapped_column(sa.String(200))
    address_2: Mapped[str] = mapped_column(sa.String(200), default="")
    town: Mapped[str] = mapped_column(sa.String(80), default="")  # Open Referral: city
    county: Mapped[str] = mapped_column(sa.String(80), default="")  # Open Referral: state_province
    postcode: Mapped[str] = mapped_column(sa.String(10), default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="GB")
    address_type: Mapped[str] = mapped_column(sa.String(12), default="physical")
    location: Mapped[Location] = relationship(back_populates="addresses")

    __table_args__ = (sa.Index("ix_address_town", "town"),)


class ServiceAtLocation(Model):
    """A service at one of its venues. Open Referral: service_at_location."""

    __tablename__ = "service_at_location"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    service_id: Mapped[uuid.UUID] = _owner("service")
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
    service_id: Mapped[uuid.UUID] = _owner("service")
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
    service_id: Mapped[uuid.UUID] = _owner("service")
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


class CostOption(Model):
    """What it costs. Open Referral: cost_option. The words are always there; the number only where one is known."""

    __tablename__ = "cost_option"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    service_id: Mapped[uuid.UUID] = _owner("service")
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
    service_id: Mapped[uuid.UUID] = _owner("service")
    number: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(12), default="voice")
    description: Mapped[str] = mapped_column(sa.String(200), default="")
    service: Mapped[Service] = relationship(back_populates="phones")


class Contact(Model):
    """Whom to ask for. Open Referral: contact. Only contacts marked public are ever shown or published."""

    __tablename__ = "contact"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    service_id: Mapped[uuid.UUID] = _owner("service")
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


class Accessibility(Model):
    """Something that makes a venue easier to use. Open Referral: accessibility."""

    __tablename__ = "accessibility"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[uuid.UUID] = _owner("location")
    feature: Mapped[str] = mapped_column(sa.String(40))  # key of a term in the access taxonomy
    details: Mapped[str] = mapped_column(sa.String(200), default="")
    location: Mapped[Location] = relationship(back_populates="features")

    __table_args__ = (sa.UniqueConstraint("location_id", "feature"),)


class Taxonomy(Model):
    """A list of terms: categories, needs, access features, marks. Open Referral: taxonomy."""

    __tablename__ = "taxonomy"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    terms: Mapped[list["Term"]] = relationship(back_populates="taxonomy", order_by="Term.position")


class Term(Model):
    """One word of a taxonomy. Open Referral: taxonomy_term (`key` is its code). Keys are unique over all of them."""

    __tablename__ = "taxonomy_term"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    taxonomy_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("taxonomy.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    also: Mapped[list[str]] = mapped_column(default=list)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("taxonomy_term.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    taxonomy: Mapped[Taxonomy] = relationship(back_populates="terms")
    parent: Mapped["Term | None"] = relationship(remote_side=[id])


class Attribute(Model):
    """That a service has a term. Open Referral: attribute. The first category is the truest one."""

    __tablename__ = "attribute"
    service_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    term_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("taxonomy_term.id"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    service: Mapped[Service] = relationship(back_populates="attributes")
    term: Mapped[Term] = relationship()


class Mark(Model):
    """Something a service has shown to the council: insurance, checks, a scheme; shown until it expires."""

    __tablename__ = "mark"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    service_id: Mapped[uuid.UUID] = _owner("service")
    kind: Mapped[str] = mapped_column(sa.String(40))  # key of a term in the marks taxonomy
    reference: Mapped[str] = mapped_column(sa.String(120), default="")
    expires_on: Mapped[dt.date | None]
    service: Mapped[Service] = relationship(back_populates="marks")


class Rating(Model):
    """What the Care Quality Commission found, by domain. Source: the CQC's published ratings."""

    __tablename__ = "rating"
    service_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    domain: Mapped[str] = mapped_column(sa.String(12), primary_key=True)  # overall, safe, effective, …
    rating: Mapped[str] = mapped_column(sa.String(40))
    published_on: Mapped[dt.date | None]
    url: Mapped[str] = mapped_column(sa.String(400), default="")
    service: Mapped[Service] = relationship(back_populates="ratings")


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


class IndexChange(Model):
    """A service whose entry in the search index is out of date. Written with the change, removed by the indexer."""

    __tablename__ = "index_change"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    service_id: Mapped[uuid.UUID] = mapped_column(index=True)  # no foreign key: it may be gone by then
    at: Mapped[dt.datetime]

    __table_args__ = ({"sqlite_autoincrement": True},)  # a number is never used twice


class SearchTally(Model):
    """How often words were searched on a day, without the person: what editors need to see what is missing."""

    __tablename__ = "search_tally"
    council_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("council.id"), primary_key=True)
    on: Mapped[dt.date] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    searched: Mapped[int] = mapped_column(default=0)
    found_nothing: Mapped[int] = mapped_column(default=0)


class OpenedTally(Model):
    """How often a listing was opened on a day, without the person."""

    __tablename__ = "opened_tally"
    service_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    on: Mapped[dt.date] = mapped_column(primary_key=True)
    opened: Mapped[int] = mapped_column(default=0)
