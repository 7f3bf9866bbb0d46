"""Things for tests, made the way people make them: through the actions, with only what the test is about said."""

import datetime as dt
import itertools
from typing import Any

import sqlalchemy as sa

from portal.councils.models import Council
from portal.db import db
from portal.directory import actions, indexing, where
from portal.directory.drafts import AreaDraft, ListingDraft, OrganisationDraft, TimeDraft, VenueDraft
from portal.directory.models import Service
from portal.geo import METRES_PER_MILE

NOW = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
_numbers = itertools.count(1)


def council(key: str = "fernshire") -> Council:
    """One of the three made-up councils."""
    return db.session.scalars(sa.select(Council).where(Council.key == key)).one()


def venue(postcode: str = "M33 7ZF", **more: Any) -> VenueDraft:
    """A venue at a real postcode."""
    place = where.place_of(postcode)
    assert place, f"{postcode} is not known"
    facts = {
        "address": "1 Church Road",
        "town": "Sale",
        "postcode": postcode,
        "easting": place.easting,
        "northing": place.northing,
        "authority": where.authority(place),
        **more,
    }
    return VenueDraft(**facts)


def comes_to(*codes: str) -> tuple[AreaDraft, ...]:
    """Coverage: it comes to people in these areas."""
    return tuple(AreaDraft("comes_to_you", code=code) for code in codes)


def comes_within(miles: float, postcode: str) -> tuple[AreaDraft, ...]:
    """Coverage: it comes to people within so many miles of a postcode."""
    place = where.place_of(postcode)
    assert place
    return (
        AreaDraft(
            "comes_to_you",
            metres=round(miles * METRES_PER_MILE),
            easting=place.easting,
            northing=place.northing,
        ),
    )


def only_for(*codes: str) -> tuple[AreaDraft, ...]:
    """A catchment: the venue is for people who live in these areas."""
    return tuple(AreaDraft("residents_of", code=code) for code in codes)


def opening(days: str, opens: str = "10:00", closes: str = "12:00", **more: Any) -> TimeDraft:
    """Opening times: opening("mon thu", "10:00", "14:00")."""
    return TimeDraft(
        days=tuple(days.split()),
        opens=dt.time.fromisoformat(opens),
        closes=dt.time.fromisoformat(closes),
        **more,
    )


def service(
    name: str = "Thursday Table",
    *,
    of: str = "fernshire",
    run_by: str = "Friends of St Anne’s",
    at: str | None = "M33 7ZF",
    **more: Any,
) -> Service:
    """A published listing of a council; at: the postcode of its only venue (None: no venue). Not committed."""
    owner = council(of)
    organisation = actions.save_organisation(
        owner, OrganisationDraft(source_id=run_by, name=run_by), source="tests"
    )
    facts: dict[str, Any] = {
        "source_id": f"{next(_numbers)}",
        "name": name,
        "assured_on": NOW.date(),
        "review_due_on": NOW.date() + dt.timedelta(days=180),
    }
    if at and "venues" not in more:
        facts["venues"] = (venue(at),)
    draft = ListingDraft(**{**facts, **more})
    return actions.save_listing(owner, organisation, draft, source="tests", actor="tests", now=NOW)


def saved(*services: Service, indexed: bool = True) -> None:
    """What was made is committed, and, unless told otherwise, in the search index."""
    db.session.commit()
    if indexed:
        indexing.rebuild()
