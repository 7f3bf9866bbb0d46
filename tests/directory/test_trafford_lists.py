"""The real lists of Trafford's community, taken in through mappings: every row is a listing, or has its reason."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import db
from portal.directory import actions, importing, indexing, queries, telling
from portal.directory.drafts import as_draft
from portal.directory.models import Service
from tests import make
from tests.directory import pages

MAPPINGS = Path(__file__).parent / "mappings"
# List -> rows saved, passed over, left out.
LISTS = {
    "sports_clubs": (139, 0, 1),
    "sports_facilities": (13, 300, 1),
    "trafford_childrens_centres": (2, 0, 0),
    "trafford_community_hubs": (6, 0, 0),
    "trafford_defibrillators": (160, 0, 25),
    "trafford_food_banks": (7, 0, 0),
    "trafford_general_practices": (26, 0, 0),
    "trafford_leisure_centres": (9, 0, 0),
    "trafford_libraries": (11, 2, 0),
    "trafford_mental_health_services": (60, 0, 0),
    "trafford_pharmacies": (57, 0, 0),
}


def taken_in(name: str, shared_data: Path, now: dt.datetime = make.NOW) -> importing.Report:
    """The report on a list that was taken in for Fernshire."""
    report = importing.import_csv(
        "fernshire", shared_data / "community" / f"{name}.csv", MAPPINGS / f"{name}.toml", now=now
    )
    db.session.commit()
    return report


def everything() -> dict[str, Any]:
    """Every listing as it stands, with its id and when it was last changed."""
    keys = {term_id: key for key, term_id in actions.term_ids().items()}
    services = db.session.scalars(sa.select(Service)).all()
    return {s.source_id: (s.id, s.updated_at, s.organisation_id, as_draft(s, keys)) for s in services}


def test_every_list_has_a_mapping(shared_data: Path) -> None:
    assert {path.stem for path in (shared_data / "community").glob("*.csv")} == LISTS.keys()
    assert {path.stem for path in MAPPINGS.glob("*.toml")} == LISTS.keys()


@pytest.mark.parametrize("name", LISTS)
def test_a_real_list_is_taken_in_and_again_without_a_change(
    site: Flask, shared_data: Path, name: str
) -> None:
    saved, passed_over, left_out = LISTS[name]
    report = taken_in(name, shared_data)
    assert (report.saved, report.passed_over, len(report.problems)) == (saved, passed_over, left_out)
    assert report.read == saved + passed_over + left_out
    assert all(row > 1 and why for row, why in report.problems)

    before, changes = everything(), queries.changes_after(0)
    again = taken_in(name, shared_data, make.NOW + dt.timedelta(days=1))
    assert (again.saved, again.unchanged, again.gone) == (0, saved, [])
    assert again.problems == report.problems
    assert everything() == before
    assert queries.changes_after(0) == changes


def test_what_was_taken_in_is_found_near_a_postcode_with_its_hours(
    each_site: Flask, shared_data: Path
) -> None:
    run, args = each_site.test_cli_runner(), ["directory", "import-csv", "--council", "fernshire"]
    file, mapping = (
        shared_data / "community" / "trafford_pharmacies.csv",
        MAPPINGS / "trafford_pharmacies.toml",
    )
    for saved, unchanged in ((57, 0), (0, 57)):
        done = run.invoke(args=[*args, str(file), "--map", str(mapping)])
        assert done.exit_code == 0, done.output
        assert f"57 rows read: {saved} listings saved, {unchanged} as they were" in done.output
    indexing.take_in(make.NOW)
    client = each_site.test_client()
    near = pages.find(client, q="pharmacy", postcode="M41 7ZA", within="2")
    assert "Asda Pharmacy" in near.names
    late_on_sunday = pages.find(client, need="medicines", day="sun", time="16:00").names
    assert "Asda Pharmacy" in late_on_sunday
    assert "Alphabet Pharmacy" not in late_on_sunday
    asda = db.session.scalars(sa.select(Service).where(Service.name == "Asda Pharmacy")).one()
    assert [telling.time(time) for time in asda.times] == [
        "Monday to Saturday, 9am to 12.30pm",
        "Monday to Saturday, 1pm to 4.30pm",
        "Monday to Saturday, 5pm to 9pm",
        "Sundays, 10.30am to 4.30pm",
    ]


def test_a_list_with_a_venue_and_an_area_is_for_the_people_of_that_area(
    site: Flask, shared_data: Path
) -> None:
    taken_in("trafford_food_banks", shared_data)
    indexing.rebuild()
    client = site.test_client()
    assert "Trussell Trust" in pages.names(client, q="food bank", postcode="M33 2RP")
    over_the_border = pages.names(client, q="food bank", postcode="M21 9AN", host="millbrook.localhost")
    assert "Trussell Trust" not in over_the_border
