"""Every layout in which postcodes are published is read by what its columns say."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import geo
from portal.errors import Refusal
from portal.postcodes import Postcodes
from portal.postcodes.layouts import layout_of
from tests.postcodes import files
from tests.postcodes.files import BELFAST, NORTH_WEST, SALE_WARD, TRAFFORD

# Code-Point Open: no first row; columns 8 to 10 are the county, the authority and the ward.
CODE_POINT = (
    '"M33 7ZF",10,379000,391500,"E92000001","E19000001","E18000002","","E08000009","E05015256"\r\n'
    '"M337ZG",10,379100,391700,"E92000001","E19000001","E18000002","","E08000009","E05015256"\r\n'
    '"M33 9ZZ",90,0,0,"E92000001","E19000001","E18000002","","E08000009","E05015256"\r\n'
)
NAMES = "LAD25CD,LAD25NM\r\nE08000009,Trafford\r\nE08000003,Manchester\r\n"
WARDS = 'WD25CD,WD25NM\r\nE05015256,"  Sale\nCentral "\r\nL99999999,(pseudo) Channel Islands\r\n'


def read(tmp_path: Path, text: str, name: str = "council.csv") -> Postcodes:
    """A store that knows what this file says."""
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8"))
    files.load(tmp_path / "store", path)
    return Postcodes(tmp_path / "store")


def is_in_sale(store: Postcodes, *areas: str) -> None:
    """The two postcodes are a few metres from where they belong, within these areas."""
    for typed, east, north in (("M33 7ZF", 379000, 391500), ("M33 7ZG", 379100, 391700)):
        place = files.place(store, typed)
        assert geo.metres(place.easting, place.northing, east, north) < 10
        assert set(areas) <= place.areas


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        (files.ONSPD, {}),
        (
            files.ONSPD_2011,
            {"lad25cd": "oslaua", "wd25cd": "osward", "rgn25cd": "gor", "east1m": "oseast1m", "north1m": "osnrth1m",
             "pcd7": "pcd", "pcd8": "pcd2"},
        ),
    ],
    ids=["2025", "2011"],
)  # fmt: skip
def test_the_ons_postcode_directory_of_any_year(
    tmp_path: Path, columns: Sequence[str], names: dict[str, str]
) -> None:
    rows = [
        {names.get(name, name): value for name, value in row.items() if names.get(name, name) in columns}
        for row in (files.sale("M33 7ZF", 379000, 391500), files.sale("M33 7ZG", 379100, 391700))
    ]
    files.load(tmp_path / "store", files.written(tmp_path / "onspd.csv", rows, columns))
    is_in_sale(Postcodes(tmp_path / "store"), TRAFFORD, SALE_WARD)


def test_code_point_open_has_no_first_row(tmp_path: Path) -> None:
    store = read(tmp_path, CODE_POINT, "m.csv")
    assert len(store) == 3
    is_in_sale(store, TRAFFORD, SALE_WARD)
    assert not hasattr(files.find(store, "M33 9ZZ"), "place")  # 0, 0 is its way of saying nowhere


@pytest.mark.parametrize(
    "text",
    [
        "postcode,lat,lon\nM33 7ZF,53.41988,-2.31745\nM33 7ZG,53.42168,-2.31596\n",
        "POSTCODE,Latitude,Longitude\r\nm337zf,53.41988,-2.31745\r\nm337zg,53.42168,-2.31596\r\n",
        '"Post Code","long","lat"\n"M33 7ZF","-2.31745","53.41988"\n"M33 7ZG","-2.31596","53.42168"\n',
        "\ufeffpostcode,easting,northing\nM33 7ZF,379000,391500\nM33 7ZG,379100,391700\n",
        "postcodes,Eastings,Northings\nM33 7ZF,379000.4,391499.7\nM33 7ZG,379100,391700\n",
    ],
)
def test_a_councils_own_file_with_postcode_and_place(tmp_path: Path, text: str) -> None:
    is_in_sale(read(tmp_path, text))


def test_codes_of_ward_and_authority_are_taken_from_a_councils_own_file(tmp_path: Path) -> None:
    text = (
        "postcode,ward_code,ward_name,la_code,la_name,lat,lon\n"
        "M33 7ZF,E05015256,Sale Central,E08000009,Trafford,53.41988,-2.31745\n"
        "M33 7ZG,E05015256,Sale Central,E08000009,Trafford,53.42168,-2.31596\n"
    )
    store = read(tmp_path, text)
    is_in_sale(store, TRAFFORD, SALE_WARD, "E92000001")
    assert store.name_of(SALE_WARD) == "Sale Central"
    assert store.name_of(TRAFFORD) == "Trafford"
    assert store.name_of("E08000003") == ""


def test_a_file_without_places_still_says_what_holds_a_postcode(tmp_path: Path) -> None:
    store = read(tmp_path, "pcds,lad23cd\nM33 7ZF,E08000009\n")
    found = files.find(store, "M33 7ZF")
    assert TRAFFORD in getattr(found, "areas", ())


def test_of_several_years_of_one_code_the_latest_wins(tmp_path: Path) -> None:
    store = read(tmp_path, "pcds,lad21cd,lad25cd,lad23cd\nM33 7ZF,E07000001,E08000009,E07000002\n")
    assert TRAFFORD in getattr(files.find(store, "M33 7ZF"), "areas", ())


def test_the_onspds_zip_with_its_lists_of_names_and_its_second_copy(tmp_path: Path) -> None:
    rows = [files.sale("M33 7ZF", 379000, 391500), files.sale("M33 7ZG", 379100, 391700)]
    whole = files.written(tmp_path / "whole.csv", rows).read_text()
    archive = files.zipped(
        tmp_path / "ONSPD_FEB_2025.zip",
        **{
            "Documents__LA_UA names and codes UK as at 04_25": NAMES,
            "Documents__Ward names and codes": WARDS,
            "Data__ONSPD_FEB_2025_UK": whole,
            "Data__multi_csv__ONSPD_FEB_2025_UK_M": whole,
        },
    )
    report = files.load(tmp_path / "store", archive)
    assert (report.read, report.taken, report.problem_count) == (2, 2, 0)
    store = Postcodes(tmp_path / "store")
    is_in_sale(store, TRAFFORD, SALE_WARD, NORTH_WEST)
    assert store.name_of(TRAFFORD) == "Trafford"
    assert store.name_of(SALE_WARD) == "Sale Central"
    assert store.name_of("E08000003") == "", "a name that nothing uses is not kept"


def test_the_onspds_zip_that_has_only_the_files_by_area(tmp_path: Path) -> None:
    whole = files.written(tmp_path / "m.csv", [files.sale("M33 7ZF", 379000, 391500)]).read_text()
    other = files.written(tmp_path / "w.csv", [files.onspd("W1A 1AA", 528887, 181593)]).read_text()
    archive = files.zipped(
        tmp_path / "onspd.zip", Data__multi_csv__ONSPD_UK_M=whole, Data__multi_csv__ONSPD_UK_W=other
    )
    assert files.load(tmp_path / "store", archive).taken == 2


def test_code_point_opens_zip_of_many_files(tmp_path: Path) -> None:
    archive = files.zipped(
        tmp_path / "codepo_gb.zip",
        Data__CSV__m=CODE_POINT,
        Data__CSV__ab='"AB10 1AB",10,394235,806529,"S92000003","","S08000020","","S12000033","S13002842"\n',
        Doc__Code_Point_Open_Column_Headers="PC,PQ,EA,NO,CY,RH,LH,CC,DC,WC\nPostcode,Positional_quality\n",
    )
    report = files.load(tmp_path / "store", archive)
    assert (report.taken, report.problem_count) == (4, 0)
    assert files.place(Postcodes(tmp_path / "store"), "ab101ab").areas == {
        "S12000033",
        "S13002842",
        "S92000003",
    }


def test_northern_ireland_by_degrees_and_by_its_own_grid_is_one_place(tmp_path: Path) -> None:
    by_grid = files.onspd("BT1 5GS", 333832, 374014, lad25cd=BELFAST)
    both = files.onspd("BT1 5GT", 333832, 374014, lad25cd=BELFAST, lat=54.5965, long=-5.9301)
    store = files.loaded(tmp_path / "store", by_grid, both)
    one, other = files.place(store, "BT1 5GS"), files.place(store, "BT1 5GT")
    assert geo.metres(one.easting, one.northing, other.easting, other.northing) < 100


def test_the_ons_way_of_saying_nowhere_is_nowhere(tmp_path: Path) -> None:
    rows = [
        files.onspd("M33 9ZZ", lad25cd=TRAFFORD, lat=99.999999, long=0.0),
        files.onspd("JE2 3AB", lad25cd="L99999999", wd25cd="L99999999", lat=99.999999, long=0.0),
    ]
    store = files.loaded(tmp_path / "store", *rows)
    assert getattr(files.find(store, "M33 9ZZ"), "areas", None) == {TRAFFORD, "E92000001"}
    assert getattr(files.find(store, "JE2 3AB"), "areas", None) == frozenset()


def test_western_letters_as_excel_writes_them_are_read(tmp_path: Path) -> None:
    path = tmp_path / "excel.csv"
    path.write_bytes(
        "postcode,lat,lon,ward_code,ward_name\nCF10 1AA,51.48,-3.18,W05001423,Tŷ-gwyn\n".encode()
    )
    files.load(tmp_path / "store", path)
    assert Postcodes(tmp_path / "store").name_of("W05001423") == "Tŷ-gwyn"
    path.write_bytes(
        "postcode,lat,lon,ward_code,ward_name\nCF10 1AA,51.48,-3.18,W05001423,Caffé\n".encode("cp1252")
    )
    files.load(tmp_path / "store", path)
    assert Postcodes(tmp_path / "store").name_of("W05001423") == "Caffé"


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "name,town\nLibrary,Sale\n", "postcode\nM33 7ZF\n", "lat,lon\n53.4,-2.3\n", "\x00\x01"],
)
def test_a_file_that_says_nothing_of_postcodes_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refusal, match="no postcodes that we can read") as refused:
        read(tmp_path, text)
    assert refused.value.status == 422


@given(st.lists(st.text(max_size=12), max_size=12))
def test_any_first_row_has_a_layout_or_none(first: list[str]) -> None:
    layout = layout_of(first)
    assert layout is None or (layout.is_useful and layout.width <= len(first))
