"""What one source says goes over what another said, by rules that do not depend on the order of loading."""

import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import geo, postcodes
from portal.errors import Refusal
from portal.postcodes import Caveat, NotFound, Postcodes
from portal.postcodes import records as rec
from portal.postcodes.generations import POINTER
from tests.postcodes import files
from tests.postcodes.files import BELFAST, MANCHESTER, SALE_WARD, TRAFFORD, URMSTON_WARD


def said(folder: Path, *rows: Mapping[str, object]) -> postcodes.LoadReport:
    """The store in the folder was told these rows."""
    return files.load(folder / "store", files.written(folder / "told.csv", rows))


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    row = files.sale("M33 7ZF", 379000, 391500)
    assert said(tmp_path, row).is_changed
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "store").rglob("*") if path.is_file()}
    report = said(tmp_path, row)
    assert not report.is_changed
    assert "Nothing changed." in str(report)
    kept = {path: path.stat().st_mtime_ns for path in before if path.name != "lock"}
    assert kept == {path: at for path, at in before.items() if path.name != "lock"}


def test_what_a_later_file_leaves_open_stays_as_it_was(tmp_path: Path) -> None:
    said(tmp_path, files.sale("M33 7ZF", 379000, 391500))
    said(tmp_path, files.onspd("M33 7ZF", 379500, 391600))
    place = files.place(Postcodes(tmp_path / "store"), "M33 7ZF")
    assert (place.easting, place.northing) == (379500, 391600)
    assert {TRAFFORD, SALE_WARD} <= place.areas


def test_a_ward_is_not_kept_where_the_authority_became_another(tmp_path: Path) -> None:
    said(tmp_path, files.sale("M33 7ZF", 379000, 391500))
    said(tmp_path, files.onspd("M33 7ZF", lad25cd=MANCHESTER))
    areas = files.place(Postcodes(tmp_path / "store"), "M33 7ZF").areas
    assert MANCHESTER in areas
    assert not {TRAFFORD, SALE_WARD} & areas


def test_a_postcode_goes_out_of_use_and_may_come_back(tmp_path: Path) -> None:
    said(tmp_path, files.sale("M33 7ZF", 379000, 391500))
    said(tmp_path, files.sale("M33 7ZF", 379000, 391500, doterm="202511"))
    assert files.place(Postcodes(tmp_path / "store"), "M33 7ZF").terminated_on == dt.date(2025, 11, 1)
    said(tmp_path, files.sale("M33 7ZF", 379000, 391500))
    assert files.place(Postcodes(tmp_path / "store"), "M33 7ZF").terminated_on is None


def test_each_half_of_a_split_postcode_keeps_its_own_ward(tmp_path: Path) -> None:
    halves = {TRAFFORD: SALE_WARD, MANCHESTER: URMSTON_WARD}
    said(
        tmp_path,
        *(
            files.onspd("M90 1ZZ", 381000, 386000, lad25cd=authority, wd25cd=ward)
            for authority, ward in halves.items()
        ),
    )
    said(tmp_path, *(files.onspd("M90 1ZZ", 381100, 386100, lad25cd=authority) for authority in halves))
    place = files.place(Postcodes(tmp_path / "store"), "M90 1ZZ")
    assert place.areas >= {*halves, *halves.values()}


def test_a_place_is_told_to_both_halves_of_a_split_postcode(tmp_path: Path) -> None:
    said(
        tmp_path,
        files.onspd("M90 1ZZ", lad25cd=MANCHESTER),
        files.onspd("M90 1ZZ", lad25cd=TRAFFORD, wd25cd=SALE_WARD),
    )
    said(tmp_path, files.onspd("M90 1ZZ", 381000, 386000))
    found = files.find(Postcodes(tmp_path / "store"), "M90 1ZZ")
    assert not isinstance(found, NotFound)
    assert found.caveats == {Caveat.SPLIT}
    assert (found.place.easting, found.place.northing) == (381000, 386000)
    assert found.place.authorities == {MANCHESTER, TRAFFORD}


def test_of_two_regions_for_one_authority_neither_is_believed(tmp_path: Path) -> None:
    said(
        tmp_path,
        files.sale("M33 7ZF", 379000, 391500),
        files.sale("M33 7ZG", 379000, 391600, rgn25cd="E12000007"),
    )
    areas = files.place(Postcodes(tmp_path / "store"), "M33 7ZF").areas
    assert not any(code.startswith("E12") for code in areas)


@dataclass(frozen=True)
class Package:
    """A store that was told of one moved postcode by a file, and of all else by the package afterwards."""

    folder: Path
    report: postcodes.LoadReport
    told: list[str]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The package, loaded over a file; only two authorities, to be quick."""
    folder, told = tmp_path_factory.mktemp("package"), list[str]()
    said(folder, files.onspd("M33 7ZF", 379999, 391999))
    report = postcodes.load(folder / "store", None, [TRAFFORD, BELFAST], told.append)
    return Package(folder / "store", report, told)


def test_the_package_never_goes_over_what_a_file_said(package: Package) -> None:
    place = files.place(Postcodes(package.folder), "M33 7ZF")
    assert (place.easting, place.northing) == (379999, 391999)
    assert TRAFFORD in files.place(Postcodes(package.folder), "M33 2DA").areas


def test_a_file_goes_over_what_the_package_said(tmp_path: Path, local_postcodes: Path) -> None:
    shutil.copytree(local_postcodes, tmp_path / "store")
    said(tmp_path, files.onspd("M33 7ZF", 379999, 391999))
    place = files.place(Postcodes(tmp_path / "store"), "M33 7ZF")
    assert (place.easting, place.northing) == (379999, 391999)
    assert TRAFFORD in place.areas


def test_the_package_has_northern_ireland_where_it_is(package: Package) -> None:
    place = files.place(Postcodes(package.folder), "bt1 5gs")
    city_hall = geo.grid(54.5965, -5.9301)
    assert city_hall
    assert geo.metres(place.easting, place.northing, *city_hall) < 150
    assert place.areas == {BELFAST, "N92000002"}


def test_what_the_package_gave_is_told_on_the_way_and_at_the_end(package: Package) -> None:
    report = package.report
    assert report.read > 2_500_000
    assert report.read == report.taken + report.elsewhere + 1, "one postcode was the file's already"
    assert report.known == report.taken + 1
    assert "rows read" in package.told[0]
    assert package.told[-1] == f"{report.known:,} rows to write"


def test_what_another_version_of_the_store_left_counts_as_nothing(tmp_path: Path) -> None:
    said(tmp_path, files.sale("M33 7ZF", 379000, 391500))
    generation = tmp_path / "store" / (tmp_path / "store" / POINTER).read_text()
    tables = generation / "tables.json"
    tables.write_text(tables.read_text().replace('"format": 1', '"format": 99'))
    assert not Postcodes(tmp_path / "store").is_loaded
    assert said(tmp_path, files.sale("M33 7ZG", 379000, 391500)).known == 1


def test_a_source_that_is_refused_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "nothing.csv"
    path.write_text("name\nSale\n")
    with pytest.raises(Refusal):
        files.load(tmp_path / "store", path)
    assert [left.name for left in (tmp_path / "store").iterdir()] == ["lock"]


# What is kept, as rows of numbers

UNITS = ("M33 7ZF", "M33 7ZG", "M1 1AE", "BT1 5GS")
AUTHORITIES, WARDS = (TRAFFORD, MANCHESTER), (SALE_WARD, URMSTON_WARD)


def told_rows(
    authorities: tuple[str, ...], wards: tuple[str, ...]
) -> st.SearchStrategy[list[dict[str, object]]]:
    """What one file says: places for some postcodes, and these areas."""
    return st.lists(
        st.builds(
            lambda unit, east, authority, ward, ended: files.onspd(
                unit, *((east, 391500) if east else ()), lad25cd=authority, wd25cd=ward, doterm=ended
            ),
            st.sampled_from(UNITS),
            st.sampled_from([0, 379000, 380000]),
            st.sampled_from(authorities),
            st.sampled_from(wards),
            st.sampled_from(["", "201403"]),
        ),
        max_size=6,
        unique_by=None if authorities[0] else lambda row: row["pcds"],
    )


# A file names areas of a kind for all of its postcodes, or for none. Only what names the authorities can split one.
one_file = st.one_of(
    told_rows(AUTHORITIES, WARDS),
    told_rows(AUTHORITIES, ("",)),
    told_rows(("",), WARDS),
    told_rows(("",), ("",)),
)


@given(one_file, one_file)
def test_loading_twice_is_loading_once(
    tmp_path_factory: pytest.TempPathFactory, first: list[dict[str, object]], second: list[dict[str, object]]
) -> None:
    folder = tmp_path_factory.mktemp("twice")
    said(folder, *first)
    said(folder, *second)
    assert not said(folder, *second).is_changed


@given(one_file)
def test_every_postcode_that_was_said_is_known_and_no_other(
    tmp_path_factory: pytest.TempPathFactory, told: list[dict[str, object]]
) -> None:
    folder = tmp_path_factory.mktemp("known")
    said(folder, *told)
    store = Postcodes(folder / "store")
    generation = store.generation()
    keys = set(generation.columns["key"].tolist()) if generation else set()
    assert keys == {rec.key_of(str(row["pcd7"])) for row in told}
    for row in told:
        found = files.find(store, str(row["pcds"]))
        assert isinstance(found, NotFound) == all(
            not other["east1m"] for other in told if other["pcds"] == row["pcds"] and _counts(other, told)
        )


def _counts(row: Mapping[str, object], told: list[dict[str, object]]) -> bool:
    """Whether a row speaks for its postcode: it is the first of its kind, and in use unless none of them is."""
    same = [other for other in told if other["pcds"] == row["pcds"]]
    kinds: dict[tuple[object, object], Mapping[str, object]] = {}
    for other in same:
        kinds.setdefault((other["lad25cd"], other["wd25cd"]), other)
    kept = list(kinds.values())
    alive = [other for other in kept if not other["doterm"]] or kept
    return any(row is other for other in alive)
