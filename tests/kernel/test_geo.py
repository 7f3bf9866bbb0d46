"""Postcodes as people type them, distances, and the way between degrees and the grid."""

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from portal import geo
from portal.geo import Place, Postcode, parse

districts = st.from_regex(geo._DISTRICT, fullmatch=True)
units = st.from_regex(geo._UNIT, fullmatch=True)
postcodes = st.builds(Postcode, districts, units)
parts = st.builds(Postcode, districts, st.one_of(st.just(""), st.sampled_from("0123456789")))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("M33 7ZF", "M33 7ZF"),
        ("m337zf", "M33 7ZF"),
        ("  m33   7zf . ", "M33 7ZF"),
        ("M 33 7 ZF", "M33 7ZF"),
        ("M3 37ZF", "M33 7ZF"),
        ("M33-7ZF", "M33 7ZF"),
        ("“M33 7ZF”", "M33 7ZF"),
        ("M33\t7ZF\r\n", "M33 7ZF"),
        ("M33\x007ZF", "M33 7ZF"),
        ("M33\u200b 7ZF\ufeff", "M33 7ZF"),
        ("Ｍ３３ ７ＺＦ", "M33 7ZF"),
        ("M۳۳ ۷ZF", "M33 7ZF"),  # Urdu digits
        ("M1 1AE", "M1 1AE"),
        ("mi 1ae", "M1 1AE"),
        ("M1 IAE", "M1 1AE"),
        ("S01 4AA", "SO1 4AA"),
        ("S014 0AA", "SO14 0AA"),
        ("SO14 OAA", "SO14 0AA"),
        ("CRO 2AB", "CR0 2AB"),
        ("N1O 2AB", "N10 2AB"),
        ("0L1 2AB", "OL1 2AB"),
        ("1P1 2AB", "IP1 2AB"),
        ("W1A 1AA", "W1A 1AA"),
        ("WIA 1AA", "W1A 1AA"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("BT1 5GS", "BT1 5GS"),
        ("GIR 0AA", "GIR 0AA"),
        ("NPT 0AD", "NPT 0AD"),
        ("ZZ99 9ZZ", "ZZ99 9ZZ"),
        ("M33", "M33"),
        ("M 33", "M33"),
        ("wa14", "WA14"),
        ("WA1 4", "WA1 4"),
        ("WA14 1", "WA14 1"),
        ("WA141", "WA14 1"),
        ("M33 7", "M33 7"),
        ("M337", "M33 7"),
        ("M3 3", "M3 3"),
        ("W1", "W1"),
        ("W1A", "W1A"),
        ("E1W 1", "E1W 1"),
    ],
)
def test_a_postcode_is_read_whichever_way_it_is_typed(typed: str, meant: str) -> None:
    assert str(parse(typed)) == meant


@pytest.mark.parametrize(
    "typed",
    ["", " ", "Sale", "M", "33", "two", "Rio", "so", "M33 7Z", "M33 7ZC", "M33 ZZF", "M333 7ZF", "Q1 1AA", "M33 7ZFF",
     "M33 7ZF M33 7ZF", "12345", "M33£7ZF", "M33+7ZF", "Ⅿ33 7ZF?é", "سیل", "\ud800", "\x00", "M33 7ZF" * 10],
)  # fmt: skip
def test_what_is_not_like_a_postcode_is_none(typed: str) -> None:
    assert parse(typed) is None


@pytest.mark.parametrize(
    ("typed", "kind", "padded"),
    [("AB113AG", "postcode", "AB113AG"), ("M1 1AE", "postcode", "M1  1AE"), ("M33 7", "sector", "M33 7"),
     ("M33", "district", "M33 ")],
)  # fmt: skip
def test_it_says_how_much_of_a_postcode_it_is(typed: str, kind: str, padded: str) -> None:
    postcode = parse(typed)
    assert postcode is not None
    assert (postcode.kind, postcode.padded) == (kind, padded)


@given(st.one_of(postcodes, parts))
def test_what_is_written_is_read_as_the_same(postcode: Postcode) -> None:
    assert parse(str(postcode)) == postcode


@given(postcodes)
def test_case_and_blanks_do_not_matter(postcode: Postcode) -> None:
    assert parse(f" {str(postcode).lower().replace(' ', '')}.") == postcode


@given(st.one_of(st.text(), st.text(alphabet="O0I1MW3 .aA９\x00\u200b", max_size=12)))
def test_no_text_breaks_it(text: str) -> None:
    postcode = parse(text)
    assert postcode is None or parse(str(postcode)) == postcode


@pytest.mark.parametrize(
    "text", ["M" * 1_000_000, " " * 1_000_000 + "x" * 100, "\ufdfa" * 1_000_000, "0" * 1_000_000]
)
def test_a_book_is_cheap(text: str) -> None:
    began = time.perf_counter()
    assert parse(text) is None
    assert time.perf_counter() - began < 0.1


@pytest.mark.parametrize(
    ("far", "words"),
    [(0, "less than 0.1 miles"), (160, "less than 0.1 miles"), (161, "0.1 miles"), (644, "0.4 miles"),
     (1609, "1 mile"), (1680, "1 mile"), (1800, "1.1 miles"), (16_000, "9.9 miles"), (16_050, "10 miles"),
     (19_312, "12 miles"), (1_609_344, "1,000 miles")],
)  # fmt: skip
def test_miles_in_words(far: float, words: str) -> None:
    assert geo.miles(far) == words


def test_metres_are_straight() -> None:
    assert geo.metres(0, 0, 3, 4) == 5


def test_a_place_says_if_it_is_partial() -> None:
    assert Place("M33", 1, 2, frozenset(), "district").is_partial
    assert not Place("Sale", 1, 2, frozenset(), "town").is_partial


# Latitude, longitude, easting, northing. Source: Ordnance Survey, test points TP01, TP10, TP20, TP30, TP40 of OSTN15,
# and the Caister water tower of its user guide (annexe A): Scilly, Wales, Leeds, Inverness, Shetland, Norfolk.
OSTN15 = [
    (49.9222639373, -6.29977752014, 91492.146, 11318.804),
    (51.858908964, -4.3085247696, 241124.584, 220332.641),
    (53.8002151963, -1.66379168242, 422242.186, 433818.701),
    (57.4862500072, -4.21926398555, 267056.768, 846176.972),
    (60.1330809166, -2.07382822798, 395999.668, 1138728.951),
    (52.658007833, 1.716073973, 651409.804, 313177.450),
]


@pytest.mark.parametrize(("latitude", "longitude", "easting", "northing"), OSTN15)
def test_degrees_and_grid_agree_with_the_ordnance_survey(
    latitude: float, longitude: float, easting: float, northing: float
) -> None:
    point = geo.grid(latitude, longitude)
    assert point is not None
    assert geo.metres(*point, easting, northing) < 6
    there = geo.degrees(easting, northing)
    assert there == pytest.approx((latitude, longitude), abs=0.0001)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(0, 0), (48.85, 2.35), (53.4, 20.0), (math.nan, 0), (math.inf, -2), (53.4, -math.inf), (91, 181)],
)
def test_elsewhere_in_the_world_has_no_grid(latitude: float, longitude: float) -> None:
    assert geo.grid(latitude, longitude) is None


def test_many_points_at_once_are_the_same_as_one_by_one() -> None:
    latitudes, longitudes = (np.array(column) for column in list(zip(*OSTN15, strict=True))[:2])
    east, north = geo.grids(latitudes, longitudes)
    singles = [geo.grid(latitude, longitude) for latitude, longitude, *_rest in OSTN15]
    assert list(zip(np.rint(east).tolist(), np.rint(north).tolist(), strict=True)) == singles


def test_the_irish_grid_comes_into_the_same_plane() -> None:
    # Belfast City Hall on the Irish Grid (ONSPD, BT1 5GS), and on the map.
    east, north = geo.grids_from_irish(np.array([333832.0]), np.array([374014.0]))
    city_hall = geo.grid(54.5965, -5.9301)
    assert city_hall is not None
    assert geo.metres(east[0], north[0], *city_hall) < 100


def test_distances_over_the_irish_sea_are_true() -> None:
    belfast, stranraer = (54.5965, -5.9301), (54.9030, -5.0270)
    one, other = geo.grid(*belfast), geo.grid(*stranraer)
    assert one is not None
    assert other is not None
    _there, _back, true = Geod(ellps="WGS84").inv(belfast[1], belfast[0], stranraer[1], stranraer[0])
    far = geo.metres(*one, *other)
    assert 60_000 < far < 75_000
    assert far == pytest.approx(true, rel=0.001)
