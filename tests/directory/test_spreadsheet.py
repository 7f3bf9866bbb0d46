"""Reading a spreadsheet, whatever program saved it, and whatever somebody put into it."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.directory import spreadsheet
from portal.errors import Refusal


def read(tmp_path: Path, content: str | bytes) -> spreadsheet.Spreadsheet:
    """What a file of this content says."""
    path = tmp_path / "list.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return spreadsheet.read(path)


def cells(tmp_path: Path, content: str | bytes) -> list[dict[str, str]]:
    """The rows of a file of this content."""
    return [dict(row.cells) for row in read(tmp_path, content).rows]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_and_any_end_of_line(tmp_path: Path, separator: str, end: str) -> None:
    text = (
        end.join(separator.join(row) for row in (["name", "town"], ["Shed", "Sale"], ["Café", "Hale"])) + end
    )
    assert cells(tmp_path, text) == [{"name": "Shed", "town": "Sale"}, {"name": "Café", "town": "Hale"}]


def test_a_separator_inside_a_quoted_heading_does_not_count(tmp_path: Path) -> None:
    assert cells(tmp_path, '"name, short, long";town\nShed;Sale\n') == [
        {"name, short, long": "Shed", "town": "Sale"}
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le-with-mark"])
def test_any_encoding_that_spreadsheets_save_in(tmp_path: Path, encoding: str) -> None:
    text = (
        "name,town\nTŷ Caffé – “Ysgol”,Sale\n"
        if encoding.startswith("utf")
        else "name,town\nCaffé – “x”,Sale\n"
    )
    raw = b"\xff\xfe" + text.encode("utf-16-le") if encoding.endswith("mark") else text.encode(encoding)
    assert cells(tmp_path, raw)[0]["name"] == text.split("\n")[1].removesuffix(",Sale")


def test_cells_without_anything_in_them_are_empty(tmp_path: Path) -> None:
    assert cells(tmp_path, "a,b,c,d,e,f\nx,NA,n/a,NULL,none,-\n") == [
        {"a": "x", "b": "", "c": "", "d": "", "e": "", "f": ""}
    ]


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    text = 'name,town\nOne,Sale\n\n"Two\nlines",Sale\n,\nThree,Sale\n'
    assert [(row.number, row.cells["name"]) for row in read(tmp_path, text).rows] == [
        (2, "One"),
        (4, "Two\nlines"),
        (6, "Three"),
    ]


def test_signs_that_only_look_like_ends_of_lines_stay_in_their_cell(tmp_path: Path) -> None:
    text = "name,town\nOne\u2028two\x0cthree\x85four\x1dfive,Sale\n"
    rows = cells(tmp_path, text)
    assert len(rows) == 1
    assert rows[0]["town"] == "Sale"


def test_a_row_with_more_cells_than_the_first_one_is_named(tmp_path: Path) -> None:
    sheet = read(tmp_path, "name,town\nShed, in Sale,Sale\nChoir,Hale\nBare\nBlank,Sale,,\n")
    assert [(row.number, row.problem) for row in sheet.rows if row.problem] == [
        (2, "It has 3 cells, and the first row has 2.")
    ]
    assert [dict(row.cells) for row in sheet.rows[1:]] == [
        {"name": "Choir", "town": "Hale"},
        {"name": "Bare", "town": ""},
        {"name": "Blank", "town": "Sale"},
    ]


@pytest.mark.parametrize("length", [20_001, 200_000])
def test_a_cell_as_long_as_a_book_is_named_and_the_rest_is_read(tmp_path: Path, length: int) -> None:
    sheet = read(tmp_path, f"name,town\n{'x' * length},Sale\nChoir,Hale\n")
    assert [(row.number, row.problem) for row in sheet.rows] == [
        (2, "A cell has more than 20,000 letters: a quotation mark may be missing."),
        (3, ""),
    ]
    assert csv.field_size_limit() == 131_072, "the limit for everybody else is as it was"


def test_a_quotation_mark_that_never_ends_is_named(tmp_path: Path) -> None:
    sheet = read(tmp_path, 'name,town\nChoir,Hale\n"Shed,Sale\n' + "Other,Sale\n" * 20_000)
    assert [row.number for row in sheet.rows if row.problem] == [3]


def test_nul_bytes_and_unseen_signs_are_dropped(tmp_path: Path) -> None:
    assert cells(tmp_path, b"na\0me,town\nSh\0ed\xe2\x80\x8b\x07,Sale\n") == [
        {"name": "Shed", "town": "Sale"}
    ]


def test_of_two_columns_of_one_name_the_first_counts(tmp_path: Path) -> None:
    assert cells(tmp_path, "name,town,name\nShed,Sale,Other\n") == [{"name": "Shed", "town": "Sale"}]


@pytest.mark.parametrize("start", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest", b"%PDF-1.7"])
def test_a_file_that_is_no_text_says_what_to_do(tmp_path: Path, start: bytes) -> None:
    with pytest.raises(Refusal, match=r"list\.csv is no CSV file\. Save the spreadsheet as CSV first\."):
        read(tmp_path, start)


def test_a_file_far_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(spreadsheet.MOST_BYTES + 1)
    with pytest.raises(Refusal, match="larger than 50 MB"):
        spreadsheet.read(path)


def test_an_empty_file_has_no_columns(tmp_path: Path) -> None:
    assert read(tmp_path, "") == spreadsheet.Spreadsheet((), ())


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        return
    sheet = read(folder, content)
    assert all(row.problem or row.cells.keys() <= set(sheet.columns) for row in sheet.rows)


plain = st.text(
    st.characters(categories=["L", "N", "P", "S"], exclude_characters="\ufeff"), min_size=1, max_size=20
)


@given(st.lists(st.tuples(plain, plain), max_size=8))
def test_what_python_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("back") / "list.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("name", "town"), *rows])
    empty = spreadsheet._EMPTY
    meant = [
        {"name": "" if a.lower() in empty else a, "town": "" if b.lower() in empty else b} for a, b in rows
    ]
    assert [dict(row.cells) for row in spreadsheet.read(path).rows] == meant
