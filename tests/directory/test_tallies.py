"""What is searched and opened is counted, without the person, and without a write lock while a page is made."""

import datetime as dt
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import clock
from portal.db import db, own_reading
from portal.directory import tallies
from portal.directory.models import OpenedTally, SearchTally
from portal.geo import Postcode
from tests import make
from tests.directory import pages
from tests.kernel.test_geo import postcodes

NOW = make.NOW
Tally = TypeVar("Tally", SearchTally, OpenedTally)


def searched() -> dict[str, tuple[int, int]]:
    """Words -> how often they were searched, and how often nothing was found."""
    return {row.words: (row.searched, row.found_nothing) for row in counted(SearchTally)}


def counted(tally: type[Tally]) -> list[Tally]:
    """The rows of a table of tallies, oldest first."""
    with own_reading() as session:
        return list(session.scalars(sa.select(tally).order_by(tally.on)))


def notes(site: Flask) -> list[Path]:
    """The files that web processes write."""
    return sorted((site.config["INSTANCE"] / "tallies").glob("*"))


def test_searches_and_looks_are_added_up(each_site: Flask) -> None:
    lunch = make.service("Lunch")
    listing = lunch.id
    make.saved(lunch)
    client = each_site.test_client()
    for words in ("lunch", "Lunch ", "LÚNCH", "xyzzy"):
        pages.find(client, q=words)
    for _look in range(3):
        client.get(f"/services/{listing}")
    assert searched() == {}, "nothing is written while a page is made"
    assert tallies.add_up(NOW) == 7
    assert searched() == {"lunch": (3, 0), "xyzzy": (1, 1)}
    assert [row.opened for row in counted(OpenedTally)] == [3]
    pages.find(client, q="lunch")
    client.get(f"/services/{listing}")
    tallies.add_up(NOW)
    assert searched()["lunch"] == (4, 0)
    assert [row.opened for row in counted(OpenedTally)] == [4]
    assert notes(each_site) == []


def test_each_council_counts_its_own(site: Flask, client: FlaskClient) -> None:
    for host in ("localhost", "millbrook.localhost", "millbrook.localhost"):
        pages.find(client, q="lunch", host=host)
    tallies.add_up(NOW)
    counts = {row.council_id: row.searched for row in counted(SearchTally)}
    assert counts == {make.council("fernshire").id: 1, make.council("millbrook").id: 2}
    assert {row.on for row in counted(SearchTally)} == {clock.today()}


def test_a_search_without_words_or_a_look_at_nothing_is_not_counted(site: Flask, client: FlaskClient) -> None:
    pages.find(client, postcode="M33 7ZF")
    client.get("/services/00000000-0000-4000-8000-000000000000")
    assert tallies.add_up(NOW) == 0


def test_nothing_of_the_person_is_noted(site: Flask, client: FlaskClient) -> None:
    client.get(
        "/find?q=lunch+for+mavis@example.org+0161+496+0123+m33+7zf&postcode=M20+2RN",
        headers={"User-Agent": "Mavis’s tablet", "X-Forwarded-For": "203.0.113.9"},
        environ_base={"REMOTE_ADDR": "203.0.113.7"},
    )
    (note,) = notes(site)
    text = note.read_text()
    for secret in ("mavis", "0161", "0123", "496", "m33", "7zf", "M20", "2RN", "203.0", "tablet"):
        assert secret not in text.lower().replace(str(make.council().id), ""), secret
    assert '"lunch for"' in text


@settings(deadline=None)
@given(
    postcodes.filter(lambda postcode: postcode.outward not in ("NPT", "GIR")),
    st.sampled_from(["{}", "{} lunch", "lunch near {}", "lunch {}, please"]),
    st.booleans(),
)
def test_no_postcode_is_ever_counted(postcode: Postcode, sentence: str, is_joined: bool) -> None:
    typed = str(postcode).replace(" ", "") if is_joined else str(postcode)
    counted = tallies.plain_words(sentence.format(typed.lower()))
    assert postcode.inward.lower() not in counted
    assert postcode.outward.lower() not in counted.split()


@settings(deadline=None)
@given(st.text(max_size=200))
def test_whatever_is_counted_fits_and_is_folded(text: str) -> None:
    counted = tallies.plain_words(text)
    assert len(counted) <= 80
    assert counted == " ".join(counted.split())
    assert "@" not in counted


def test_a_line_that_was_torn_costs_no_other(site: Flask, client: FlaskClient) -> None:
    pages.find(client, q="lunch")
    (note,) = notes(site)
    good = note.read_text()
    note.write_text(
        good + '["s", "torn\n' + '["s", "torn' + good + "[]\n" + "\x00]\n" + '["o", "x", "y"]\n' + good
    )
    assert tallies.add_up(NOW) == 2
    assert searched() == {"lunch": (2, 2)}
    assert notes(site) == []


def test_a_look_at_a_listing_that_is_gone_by_now_is_dropped(site: Flask, client: FlaskClient) -> None:
    service = make.service("Lunch")
    make.saved(service)
    client.get(f"/services/{service.id}")
    db.session.delete(service)
    db.session.commit()
    tallies.add_up(NOW)
    assert counted(OpenedTally) == []


def test_a_page_is_shown_though_nothing_can_be_noted(
    site: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    make.saved(make.service("Lunch"))
    (site.config["INSTANCE"] / "tallies").write_text("a file where the folder should be")
    try:
        assert pages.names(client, q="lunch") == ["Lunch"]
        assert tallies.add_up(NOW) == 0
    finally:
        (site.config["INSTANCE"] / "tallies").unlink()


def test_counts_are_kept_by_the_day(site: Flask, client: FlaskClient) -> None:
    fernshire, day = make.council().id, dt.date(2026, 11, 23)
    db.session.rollback()
    for on in (day, day, day + dt.timedelta(days=1)):
        tallies.searched(fernshire, "lunch", 0, on)
    tallies.add_up(NOW)
    assert [(row.on, row.searched, row.found_nothing) for row in counted(SearchTally)] == [
        (day, 2, 2),
        (day + dt.timedelta(days=1), 1, 1),
    ]


@pytest.mark.parametrize("exact", ["", "1"])
def test_what_was_typed_is_counted_and_not_what_it_was_mended_to(
    site: Flask, client: FlaskClient, exact: str
) -> None:
    make.saved(make.service("Woodwork"))
    pages.find(client, q="woodwrok", exact=exact)
    tallies.add_up(NOW)
    assert searched().keys() == {"woodwrok"}
