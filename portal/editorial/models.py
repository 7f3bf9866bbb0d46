"""Documents that editors own, every state each has been in, and what is kept around them."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Model, new_id

VERSION_STATES = ("draft", "review", "published", "retired")


class Document(Model):
    """An article, a conversation, a page: one thing with a key, in one language.

    council: whose it is; none: it stands in the library that all councils share.
    """

    __tablename__ = "document"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(sa.String(20))
    key: Mapped[str] = mapped_column(sa.String(80))
    council_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("council.id", ondelete="CASCADE"), index=True
    )
    language: Mapped[str] = mapped_column(sa.String(8), default="en")
    versions: Mapped[list["Version"]] = relationship(
        back_populates="document", order_by="Version.number", cascade="all, delete-orphan"
    )

    __table_args__ = (
        sa.UniqueConstraint("kind", "key", "council_id", "language"),
        # To a database two missing councils are two; in the library a key is there once all the same.
        sa.Index(
            "uq_document_in_library",
            "kind",
            "key",
            "language",
            unique=True,
            sqlite_where=sa.text("council_id IS NULL"),
            postgresql_where=sa.text("council_id IS NULL"),
        ),
    )


class Version(Model):
    """A document as somebody saved it. Its words never change; the next save is the next number.

    over_number: set where the words are a council's own for parts of a shared document: the number of the shared
    version that they were written on. published_at: since when it is, or when it was, public. publish_on: the day on
    which it becomes so by itself. from_file: it was read from content/ and nobody typed it here.
    """

    __tablename__ = "document_version"
    document_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.String(400), default="")
    state: Mapped[str] = mapped_column(sa.String(10), default="draft")
    author_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("user_account.id", ondelete="SET NULL"), index=True
    )
    made_at: Mapped[dt.datetime]
    publish_on: Mapped[dt.date | None]
    published_at: Mapped[dt.datetime | None]
    over_number: Mapped[int | None]
    from_file: Mapped[bool] = mapped_column(default=False)
    document: Mapped[Document] = relationship(back_populates="versions")

    __table_args__ = (
        sa.CheckConstraint(f"state in {VERSION_STATES}", name="state_known"),
        sa.CheckConstraint("number > 0", name="number_from_one"),
        sa.CheckConstraint(
            "(state in ('published', 'retired')) = (published_at is not null)", name="public_since"
        ),
        sa.CheckConstraint("publish_on is null or state = 'review'", name="waits_for_its_day"),
        sa.Index(
            "uq_document_version_public",
            "document_id",
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        ),
    )


class PreviewLink(Model):
    """A link at which a set of drafts can be read before they are public. token: its hash."""

    __tablename__ = "preview_link"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("council.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("user_account.id", ondelete="SET NULL"), index=True
    )
    made_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime] = mapped_column(index=True)
    documents: Mapped[list["PreviewedDocument"]] = relationship(
        cascade="all, delete-orphan", order_by="PreviewedDocument.position"
    )


class PreviewedDocument(Model):
    """A document that a preview link shows, as it is when the link is opened."""

    __tablename__ = "previewed_document"
    link_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("preview_link.id", ondelete="CASCADE"), primary_key=True
    )
    document_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    document: Mapped[Document] = relationship()


class Usefulness(Model):
    """Somebody's answer to "Was this useful?". Nothing says who they are; the day is kept, not the hour."""

    __tablename__ = "usefulness"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    document_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("document.id", ondelete="CASCADE"), index=True
    )
    council_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("council.id", ondelete="CASCADE"), index=True)
    useful: Mapped[bool]
    words: Mapped[str] = mapped_column(sa.String(500), default="")
    on: Mapped[dt.date] = mapped_column(index=True)


class WebLink(Model):
    """An address outside the site that published documents lead to, and how it answered at night.

    failures: how many nights running it did not answer well. told_at: when editors were told so.
    """

    __tablename__ = "web_link"
    address: Mapped[str] = mapped_column(sa.String(500), primary_key=True)
    seen_on: Mapped[dt.date]
    checked_on: Mapped[dt.date | None]
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(sa.String(200), default="")
    told_at: Mapped[dt.datetime | None]


class ReviewTold(Model):
    """That editors of a council were told of a document whose review is due, so that they are told once."""

    __tablename__ = "review_told"
    document_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("document.id", ondelete="CASCADE"), primary_key=True
    )
    due_on: Mapped[dt.date] = mapped_column(primary_key=True)
    told_on: Mapped[dt.date]
