"""What the site keeps for itself: changes that the index must learn, what imports said, and counts without people."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Model


class IndexChange(Model):
    """A service whose entry in the search index is out of date. Written with the change, removed by the indexer."""

    __tablename__ = "index_change"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    service_id: Mapped[uuid.UUID] = mapped_column(index=True)  # no foreign key: it may be gone by then
    at: Mapped[dt.datetime]

    __table_args__ = ({"sqlite_autoincrement": True},)  # a number is never used twice


class ImportedListing(Model):
    """What a file said of a listing when it was last taken in: what people here changed since is told by it.

    said: the whole ListingDraft. run_by: who runs it, by the file's own name for them.
    """

    __tablename__ = "imported_listing"
    service_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("service.id", ondelete="CASCADE"), primary_key=True
    )
    said: Mapped[dict[str, Any]]
    run_by: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[dt.datetime]


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
