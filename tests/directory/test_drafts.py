"""A draft and the rows it becomes say the same, whatever is in it."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import seed
from portal.db import db
from portal.directory import actions
from portal.directory.drafts import (
    AreaDraft,
    ListingDraft,
    MarkDraft,
    OrganisationDraft,
    RatingDraft,
    TimeDraft,
    as_draft,
    same,
)
from portal.directory.models import IndexChange, Location, Service
from portal.directory.search.thesaurus import read_yaml
from portal.errors import Refusal
from tests import make
from tests.instances import TODAY


def back(service: Service) -> ListingDraft:
    """The listing's rows as a draft, read anew."""
    db.session.commit()
    db.session.expire_all()
    return as_draft(service, {term_id: key for key, term_id in actions.term_ids().items()})


def saved(draft: ListingDraft) -> Service:
    """The listing that a draft becomes."""
    fernshire = make.council()
    organisation = actions.save_organisation(fernshire, OrganisationDraft("x", "Friends"), source="tests")
    return actions.save_listing(fernshire, organisation, draft, source="tests", actor="Priya", now=make.NOW)


def test_every_listing_of_the_demonstration_comes_back_as_it_was_handed_in(demo: Flask) -> None:
    keys = {term_id: key for key, term_id in actions.term_ids().items()}
    stand = {
        s.source_id: s for s in db.session.scalars(sa.select(Service).where(Service.source == seed.SOURCE))
    }
    rows = [
        row
        for path in sorted((demo.config["CONTENT"] / "demo" / "listings").glob("*.yaml"))
        for row in read_yaml(path)["listings"]
    ]
    assert rows
    different = [
        row["key"] for row in rows if not same(seed.draft_of(row, TODAY), as_draft(stand[row["key"]], keys))
    ]
    assert different == []


def test_weeks_seasons_dates_and_venues_own_times_come_back(site: Flask) -> None:
    venue = make.venue(access=("step-free", "hearing-loop"), times=(make.opening("tue", weeks=(1, 3)),))
    draft = ListingDraft(
        source_id="1",
        name="Everything",
        kind="event",
        venues=(venue, make.venue("M33 2DA")),
        areas=(AreaDraft("residents_of", code="E08000009"), *make.comes_within(3, "M33 7ZF")),
        times=(
            make.opening("mon fri", season_from="04-01", season_until="09-30", note="Not bank holidays"),
            make.opening("sun", weeks=(-1,)),
            TimeDraft(on=dt.date(2026, 12, 24), opens=dt.time(18)),
        ),
        terms=("lonely", "sheds", "lonely"),
        marks=(MarkDraft("insured"), MarkDraft("dbs", dt.date(2027, 1, 1))),
        ratings=(RatingDraft("overall", "Good", dt.date(2025, 1, 1)), RatingDraft("safe", "Good")),
        languages=("ur", "cy", "ur"),
    )
    service = saved(draft)
    assert same(back(service), draft)
    again = saved(draft)
    assert again.id == service.id
    assert same(back(again), draft)
    assert db.session.scalar(sa.select(sa.func.count(Location.id))) == 2, (
        "nothing is left of the first venues"
    )


def test_a_saved_listing_tells_the_index(site: Flask) -> None:
    service = saved(ListingDraft("1", "Shed", venues=(make.venue(),)))
    db.session.commit()
    assert db.session.scalars(sa.select(IndexChange.service_id)).all() == [service.id]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (ListingDraft("1", "  ", areas=(AreaDraft("comes_to_you", code="ALL"),)), "name"),
        (ListingDraft("1", "Nowhere"), "venues"),
        (ListingDraft("1", "Catchment of nothing", areas=(AreaDraft("residents_of", code="ALL"),)), "areas"),
        (
            ListingDraft(
                "1", "Ages", areas=(AreaDraft("comes_to_you", code="ALL"),), minimum_age=60, maximum_age=18
            ),
            "minimum_age",
        ),
    ],
)
def test_a_draft_that_nobody_could_find_or_use_is_refused(
    site: Flask, draft: ListingDraft, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        saved(draft)
    assert (refused.value.field, refused.value.status) == (field, 422)
    assert refused.value.words.endswith(".")
