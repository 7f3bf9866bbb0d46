"""What cannot be read is said with its file, its row and the reason, and the rest is taken in."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Refusal
from portal.postcodes import Bad, LoadReport, Postcodes, Problem
from tests.postcodes import files
from tests.postcodes.files import TRAFFORD

FIRST = "postcode,lat,lon,ward_code,la_code,doterm\n"
GOOD = "M33 7ZF,53.41988,-2.31745,E05015256,E08000009,\n"


def loaded(tmp_path: Path, *lines: str) -> LoadReport:
    """The report on a council's own file of these lines below the first row."""
    path = tmp_path / "list.csv"
    path.write_text(FIRST + "".join(lines), newline="")
    return files.load(tmp_path / "store", path)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Sale,53.4,-2.3,,,\n", Bad.POSTCODE),
        ("M33,53.4,-2.3,,,\n", Bad.POSTCODE),
        (",53.4,-2.3,,,\n", Bad.POSTCODE),
        ("=HYPERLINK(1),53.4,-2.3,,,\n", Bad.POSTCODE),
        ("M33 7ZG,north,-2.3,,,\n", Bad.COORDINATES),
        ("M33 7ZG,53.4,,,,\n", Bad.COORDINATES),
        ("M33 7ZG,nan,-2.3,,,\n", Bad.COORDINATES),
        ("M33 7ZG,48.85,2.35,,,\n", Bad.OUTSIDE),
        ("M33 7ZG,-2.3,53.4,,,\n", Bad.OUTSIDE),
        ("M33 7ZG,inf,inf,,,\n", Bad.OUTSIDE),
        ("M33 7ZG,379100,391700,,,\n", Bad.OUTSIDE),
        ("M33 7ZG,53.4,-2.3,Sale,,\n", Bad.CODE),
        ("M33 7ZG,53.4,-2.3,,E8000009,\n", Bad.CODE),
        ("M33 7ZG,53.4,-2.3,,,last year\n", Bad.MONTH),
        ("M33 7ZG,53.4,-2.3,,,201413\n", Bad.MONTH),
        ("M33 7ZG,53.4\n", Bad.SHORT),
        ("M33 7ZF,53.5,-2.4,E05015256,E08000009,\n", Bad.REPEATED),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_reason(tmp_path: Path, line: str, reason: Bad) -> None:
    report = loaded(tmp_path, GOOD, line, "M33 7ZH,53.42,-2.31,,,\n")
    assert report.problems == (Problem("list.csv", 3, reason),)
    assert str(report.problems[0]) == f"list.csv, row 3: {reason}"
    assert (report.read, report.problem_count, report.known) == (3, 1, 2)


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    report = loaded(tmp_path, GOOD, "\n", '"M33\n7ZG",53.42,-2.31,,,\n', "Sale,1,2,,,\n")
    assert [problem.row for problem in report.problems] == [5]
    assert report.known == 2


def test_every_problem_is_counted_and_the_first_thousand_are_named(tmp_path: Path) -> None:
    report = loaded(tmp_path, GOOD, *["nonsense,1,2,,,\n"] * 1_500)
    assert (report.problem_count, len(report.problems)) == (1_500, 1_000)
    assert str(report).count("not a whole postcode") == 20
    assert str(report).endswith("...")


def test_a_problem_in_a_zip_names_the_file_inside(tmp_path: Path) -> None:
    archive = files.zipped(tmp_path / "two.zip", one=FIRST + GOOD, two=FIRST + "Sale,1,2,,,\n")
    report = files.load(tmp_path / "store", archive)
    assert [str(problem) for problem in report.problems] == ["two.csv, row 2: not a whole postcode"]


def test_the_same_row_twice_is_no_problem(tmp_path: Path) -> None:
    report = loaded(tmp_path, GOOD, GOOD)
    assert (report.problem_count, report.known) == (0, 1)


def test_the_report_is_in_words(tmp_path: Path) -> None:
    words = str(loaded(tmp_path, GOOD, "Sale,1,2,,,\n"))
    assert words == (
        "2 rows read, 1 taken, 1 postcodes are new; 1 are known now.\n"
        "1 rows could not be read:\n"
        "  list.csv, row 3: not a whole postcode"
    )


def test_only_rows_of_the_authorities_asked_for_are_taken(tmp_path: Path) -> None:
    path = files.written(
        tmp_path / "onspd.csv",
        [files.sale("M33 7ZF", 379000, 391500), files.onspd("M20 2RN", 384000, 391000, lad25cd="E08000003")],
    )
    report = files.load(tmp_path / "store", path, "e08000009 ")
    assert (report.read, report.taken, report.elsewhere, report.known) == (2, 1, 1, 1)
    assert "1 rows are of other authorities." in str(report)
    with pytest.raises(Refusal, match="SALE is not an ONS code such as E08000009"):
        files.load(tmp_path / "store", path, "Sale")


def test_a_source_with_nothing_of_the_areas_asked_for_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = files.written(tmp_path / "onspd.csv", [files.sale("M33 7ZF", 379000, 391500)])
    assert not files.load(tmp_path / "store", path, "E09000033").is_changed
    assert not Postcodes(tmp_path / "store").is_loaded
    files.load(tmp_path / "store", path, TRAFFORD)
    assert not files.load(tmp_path / "store", path, "E09000033").is_changed
    assert len(Postcodes(tmp_path / "store")) == 1


cells = st.one_of(
    st.sampled_from(
        ["M33 7ZF", "m337zg", "53.4", "-2.3", "E08000009", "E05015256", "201403", "", " ", "nan", "1e400"]
    ),
    st.text(st.characters(exclude_characters=',"\r\n', exclude_categories=["Cs"]), max_size=10),
)


@given(st.lists(st.lists(cells, max_size=8), max_size=6))
def test_any_rows_at_all_are_taken_or_named(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    report = loaded(tmp_path_factory.mktemp("any"), GOOD, *(",".join(row) + "\n" for row in rows))
    assert report.known >= 1
    assert report.read <= len(rows) + 1
    assert all(2 <= problem.row <= len(rows) + 2 for problem in report.problems)
