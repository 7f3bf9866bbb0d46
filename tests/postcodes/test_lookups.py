"""Looking a postcode up: where it is, what holds it, and what to know about it."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import geo
from portal.postcodes import Caveat, NotFound, Postcodes, Reason
from portal.postcodes.near import nearest
from tests.postcodes import files
from tests.postcodes.files import BELFAST, MANCHESTER, NORTH_WEST, SALE_WARD, TRAFFORD, URMSTON_WARD

ENGLAND, NORTHERN_IRELAND = "E92000001", "N92000002"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Postcodes:
    """A handful of postcodes in and around Sale, with one of each awkward kind."""
    return files.loaded(
        tmp_path_factory.mktemp("lookups") / "store",
        files.sale("M33 7ZF", 379000, 391500),
        files.sale("M33 7ZG", 379100, 391700),
        files.sale("M33 7ZH", 385000, 399000, doterm="201403"),
        files.sale("M33 2AA", 379800, 391900, wd25cd=URMSTON_WARD),
        files.onspd("M33 9ZZ", lad25cd=TRAFFORD, wd25cd=SALE_WARD),
        files.onspd("M99 1AA", 380000, 392000, lad25cd=MANCHESTER, doterm="199901"),
        files.onspd("M99 1AB", 380200, 392400, lad25cd=MANCHESTER, doterm="200112"),
        files.onspd("M90 1ZZ", 381000, 386000, lad25cd=MANCHESTER),
        files.onspd("M90 1ZZ", 381000, 386000, lad25cd=TRAFFORD, wd25cd=SALE_WARD),
        files.onspd("W1A 1AA", 528887, 181593, lad25cd="E09000033"),
        files.onspd("W1W 5AA", 529087, 181793, lad25cd="E09000033"),
        files.onspd("BT1 5GS", 333832, 374014, lad25cd=BELFAST),
    )


def test_a_postcode_is_where_the_file_says_with_everything_that_holds_it(store: Postcodes) -> None:
    place = files.place(store, "M33 7ZF")
    assert (place.label, place.easting, place.northing) == ("M33 7ZF", 379000, 391500)
    assert place.areas == {SALE_WARD, TRAFFORD, NORTH_WEST, ENGLAND}
    assert (place.kind, place.split, place.terminated_on) == ("postcode", False, None)


@pytest.mark.parametrize("typed", ["m33 7zf", "M337ZF", " m33  7zf ", "M33-7ZF", "m33\u00a07zf"])
def test_case_and_blanks_do_not_matter(store: Postcodes, typed: str) -> None:
    assert files.place(store, typed) == files.place(store, "M33 7ZF")


def test_a_sector_is_the_middle_of_what_is_in_use(store: Postcodes) -> None:
    place = files.place(store, "M33 7")
    assert (place.label, place.kind) == ("M33 7", "sector")
    assert (place.easting, place.northing) == (379050, 391600)  # the one out of use lies far away
    assert place.areas == {SALE_WARD, TRAFFORD, NORTH_WEST, ENGLAND}


def test_a_district_is_held_by_what_holds_nearly_all_of_it(store: Postcodes) -> None:
    place = files.place(store, "M33")
    assert (place.label, place.kind, place.is_partial) == ("M33", "district", True)
    assert place.areas == {TRAFFORD, NORTH_WEST, ENGLAND}
    assert (place.easting, place.northing) == (379300, 391700)


def test_what_people_call_w1_is_all_of_w1a_to_w1w(store: Postcodes) -> None:
    assert (files.place(store, "W1").easting, files.place(store, "W1").northing) == (528987, 181693)


@pytest.mark.parametrize("typed", ["M33 4AB", "M34", "M33 1", "ZZ99 9ZZ", "A1 1AA", "ZE3 9JZ"])
def test_what_no_file_lists_is_unknown(store: Postcodes, typed: str) -> None:
    assert files.find(store, typed) == NotFound(Reason.UNKNOWN)


def test_a_postcode_without_coordinates_says_so_and_what_holds_it(store: Postcodes) -> None:
    assert files.find(store, "M33 9ZZ") == NotFound(
        Reason.NO_COORDINATES, frozenset({SALE_WARD, TRAFFORD, NORTH_WEST, ENGLAND})
    )
    assert files.find(store, "M33 9") == files.find(store, "M33 9ZZ")


def test_a_postcode_out_of_use_is_found_where_it_was_and_says_since_when(store: Postcodes) -> None:
    found = files.find(store, "M33 7ZH")
    assert not isinstance(found, NotFound)
    assert found.caveats == {Caveat.TERMINATED}
    assert found.place.terminated_on == dt.date(2014, 3, 1)


def test_a_district_all_out_of_use_says_when_the_last_of_it_went(store: Postcodes) -> None:
    found = files.find(store, "M99")
    assert not isinstance(found, NotFound)
    assert found.caveats == {Caveat.TERMINATED, Caveat.PARTIAL}
    assert found.place.terminated_on == dt.date(2001, 12, 1)


def test_a_split_postcode_names_every_authority_and_says_that_it_is_split(store: Postcodes) -> None:
    found = files.find(store, "M90 1ZZ")
    assert not isinstance(found, NotFound)
    assert found.caveats == {Caveat.SPLIT}
    assert found.place.authorities == {MANCHESTER, TRAFFORD}
    assert found.place.areas == {MANCHESTER, TRAFFORD, SALE_WARD, NORTH_WEST, ENGLAND}
    assert files.place(store, "M90").areas == {ENGLAND}, "nobody said which half is which"


def test_northern_irelands_own_grid_lands_in_belfast(store: Postcodes) -> None:
    place = files.place(store, "bt15gs")
    city_hall = geo.grid(54.5965, -5.9301)
    assert city_hall
    assert geo.metres(place.easting, place.northing, *city_hall) < 100
    assert place.areas == {BELFAST, NORTHERN_IRELAND}


def test_what_lies_above_is_added_as_far_up_as_it_is_told(store: Postcodes) -> None:
    postcode = geo.parse("M90 1ZZ")
    assert postcode
    found = store.find(postcode, {SALE_WARD: "X1", "X1": "X2", "X2": "X1", NORTH_WEST: "X3"})
    assert not isinstance(found, NotFound)
    assert {"X1", "X2", "X3"} <= found.place.areas


def test_before_anything_is_loaded_it_says_that(tmp_path: Path) -> None:
    store = Postcodes(tmp_path / "none")
    assert (store.is_loaded, len(store), store.name_of(TRAFFORD)) == (False, 0, "")
    assert files.find(store, "M33 7ZF") == NotFound(Reason.NOTHING_LOADED)
    assert nearest(store, 379000, 391500) is None


def test_the_nearest_postcode_in_use_stands_for_a_point(store: Postcodes) -> None:
    near = nearest(store, 379040, 391560)
    assert near
    assert near.label == "M33 7ZF"
    beside_one_out_of_use = nearest(store, 385000, 399001)
    assert beside_one_out_of_use
    assert beside_one_out_of_use.label != "M33 7ZH"


def test_at_sea_nothing_is_near(store: Postcodes) -> None:
    assert nearest(store, 250000, 500000) is None
    assert nearest(store, -10_000_000, 10_000_000) is None


@given(st.integers(370_000, 400_000), st.integers(380_000, 410_000))
def test_the_nearest_is_the_nearest_of_all(store: Postcodes, east: int, north: int) -> None:
    alive = ["M33 7ZF", "M33 7ZG", "M33 2AA", "M90 1ZZ"]
    places = {label: files.place(store, label) for label in alive}
    far = {label: geo.metres(east, north, at.easting, at.northing) for label, at in places.items()}
    near = nearest(store, east, north)
    if min(far.values()) > 25_000:
        assert near is None
    else:
        assert near
        assert far[near.label] == min(far.values())


@given(st.text(max_size=12))
def test_whatever_is_typed_gets_an_answer(store: Postcodes, text: str) -> None:
    postcode = geo.parse(text)
    if postcode:
        found = store.find(postcode)
        assert isinstance(found, NotFound) or found.place.label == str(postcode)
