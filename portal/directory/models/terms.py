"""What services are about, and what they have shown: taxonomies, marks, the regulator’s ratings."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, new_id
from portal.directory.models.services import Service, owner


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
    service_id: Mapped[uuid.UUID] = owner("service")
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
