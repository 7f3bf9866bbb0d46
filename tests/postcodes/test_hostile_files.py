"""Files that mean harm, or are broken: they are refused in words, or read, and what was known stays."""

import os
import random
import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Refusal
from portal.postcodes import Postcodes
from portal.postcodes.opening import MOST_BYTES
from tests.postcodes import files

GOOD = "postcode,lat,lon\nM33 7ZF,53.41988,-2.31745\n"
# Where a zip's directory says how each file is packed, how large it is and what it is called.
# Source: .ZIP File Format Specification 4.3.12.
_CENTRAL, _FLAGS, _METHOD, _SIZE, _NAME = b"PK\x01\x02", 8, 10, 24, 46


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A folder that knows one postcode."""
    files.load(
        tmp_path / "store", files.written(tmp_path / "old.csv", [files.sale("M33 7ZF", 379000, 391500)])
    )
    return tmp_path / "store"


@pytest.fixture
def refused(store: Path) -> Iterator[Callable[..., str]]:
    """Loads a file that must be refused, gives the words, and sees that what was known still is."""

    def load(path: Path) -> str:
        before = sorted(store.rglob("*"))
        with pytest.raises(Refusal) as refusal:
            files.load(store, path)
        assert refusal.value.status == 422
        assert sorted(store.rglob("*")) == before
        return refusal.value.words

    yield load
    assert files.place(Postcodes(store), "M33 7ZF").easting == 379000


def patched(path: Path, at: int, value: bytes) -> Path:
    """The zip with something else written into every entry of its directory."""
    raw = bytearray(path.read_bytes())
    entry = raw.find(_CENTRAL)
    while entry >= 0:
        raw[entry + at : entry + at + len(value)] = value
        entry = raw.find(_CENTRAL, entry + 1)
    path.write_bytes(raw)
    return path


def test_a_zip_that_says_it_unpacks_to_more_than_any_list_of_postcodes(
    tmp_path: Path, refused: Callable[..., str]
) -> None:
    bomb = files.zipped(tmp_path / "bomb.zip", one=GOOD, two=GOOD)
    patched(bomb, _SIZE, struct.pack("<I", MOST_BYTES // 2 + 1))
    assert refused(bomb) == "bomb.zip is far larger than any file of postcodes. Nothing was loaded."


def test_a_zip_that_unpacks_to_more_than_it_says(tmp_path: Path, refused: Callable[..., str]) -> None:
    liar = files.zipped(tmp_path / "liar.zip", one=GOOD + "M33 7ZG,53.4,-2.3\n" * 100_000)
    assert refused(patched(liar, _SIZE, struct.pack("<I", len(GOOD)))).startswith("liar.zip cannot be read: ")


def test_a_zip_of_blanks_without_end_costs_little(tmp_path: Path, refused: Callable[..., str]) -> None:
    blanks = files.zipped(tmp_path / "blanks.zip", one=b"\0" * 200_000_000)
    tracemalloc.start()
    words = refused(blanks)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "line of more than 60,000 letters" in words
    assert most < 5_000_000


def test_a_zip_of_too_many_files(tmp_path: Path, refused: Callable[..., str]) -> None:
    many = files.zipped(tmp_path / "many.zip", **{f"f{number}": GOOD for number in range(2_001)})
    assert "far larger than any file of postcodes" in refused(many)


def test_a_zip_locked_with_a_password(tmp_path: Path, refused: Callable[..., str]) -> None:
    locked = patched(files.zipped(tmp_path / "locked.zip", one=GOOD), _FLAGS, struct.pack("<H", 1))
    assert refused(locked) == "one.csv is locked with a password."


def test_a_zip_packed_in_a_way_that_nobody_knows(tmp_path: Path, refused: Callable[..., str]) -> None:
    odd = patched(files.zipped(tmp_path / "odd.zip", one=GOOD), _METHOD, struct.pack("<H", 97))
    assert refused(odd).startswith("odd.zip cannot be read: ")


def test_a_zip_whose_names_are_not_in_the_letters_it_says(
    tmp_path: Path, refused: Callable[..., str]
) -> None:
    path = patched(files.zipped(tmp_path / "names.zip", one=GOOD), _FLAGS, struct.pack("<H", 0x800))
    assert refused(patched(path, _NAME, b"\xff")).startswith("names.zip cannot be read: ")


@pytest.mark.parametrize(
    "packed", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_damaged_zip_however_it_was_packed(
    tmp_path: Path, refused: Callable[..., str], packed: int
) -> None:
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w", packed) as archive:
        archive.writestr("one.csv", GOOD + "".join(f"M33 7ZG,53.4,-2.{n}\n" for n in range(20_000)))
        start = 30 + len("one.csv")
    raw = bytearray(path.read_bytes())
    raw[start + 20 : start + 400] = random.Random(1).randbytes(380)
    path.write_bytes(raw)
    assert refused(path).startswith("damaged.zip cannot be read: ")


def test_a_zip_cut_short_is_no_zip(tmp_path: Path, refused: Callable[..., str]) -> None:
    path = files.zipped(tmp_path / "short.zip", one=GOOD)
    path.write_bytes(path.read_bytes()[:-40])
    assert "short.zip has no postcodes that we can read" in refused(path)


def test_a_zip_without_any_list_in_it(tmp_path: Path, refused: Callable[..., str]) -> None:
    path = tmp_path / "empty.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
        archive.writestr("folder.csv/", "")
        archive.writestr("inner.zip", files.zipped(tmp_path / "inner.zip", one=GOOD).read_bytes())
    assert "empty.zip has no postcodes that we can read" in refused(path)


def test_names_inside_a_zip_lead_nowhere_on_the_disk(tmp_path: Path, store: Path) -> None:
    path = tmp_path / "slip.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../slipped.csv", GOOD.replace("7ZF", "7ZG"))
        archive.writestr("/tmp/slipped.csv", "name\n")
    before = set(tmp_path.rglob("*")) - set(store.rglob("*"))
    assert files.load(store, path).added == 1
    assert set(tmp_path.rglob("*")) - set(store.rglob("*")) == before
    assert not (tmp_path.parent / "slipped.csv").exists()


def test_a_line_as_long_as_a_book(tmp_path: Path, refused: Callable[..., str]) -> None:
    path = tmp_path / "book.csv"
    path.write_text("postcode,lat,lon\nM33 7ZF,53.4,-2.3," + "x" * 100_000 + "\n")
    assert "line of more than 60,000 letters: it is no CSV file" in refused(path)


def test_a_million_columns_in_one_line(tmp_path: Path, refused: Callable[..., str]) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("postcode,lat,lon" + "," * 1_000_000 + "\n")
    assert "line of more than 60,000 letters" in refused(path)


def test_a_million_columns_in_many_lines(tmp_path: Path, refused: Callable[..., str]) -> None:
    path = tmp_path / "folded.csv"
    path.write_text("postcode,lat,lon\nM33 7ZF,53.4,-2.3," + '"\n",' * 1_000_000 + "\n")
    assert "row 2 goes on for more than" in refused(path)


def test_a_quotation_mark_that_never_ends(tmp_path: Path, refused: Callable[..., str]) -> None:
    path = tmp_path / "open.csv"
    path.write_text(GOOD + '"M33 7ZG,53.4,-2.3\n' + "M33 7ZH,53.4,-2.3\n" * 20_000)
    assert "row 3 goes on for more than" in refused(path)


def test_nul_bytes_are_rows_that_cannot_be_read(tmp_path: Path, store: Path) -> None:
    path = tmp_path / "nul.csv"
    path.write_bytes(GOOD.encode() + b"M33\0 7ZG,53.41988,-2.31745\nM33 7ZH,\0,-2.3\n\0\0\0\n")
    report = files.load(store, path)
    assert {problem.row for problem in report.problems} <= {3, 4, 5}
    assert report.problem_count == 2


def test_wide_letters_of_another_encoding_are_refused(tmp_path: Path, refused: Callable[..., str]) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes(GOOD.encode("utf-16"))
    assert "no postcodes that we can read" in refused(path)


def test_what_is_no_text_at_all(tmp_path: Path, refused: Callable[..., str]) -> None:
    path = tmp_path / "noise.csv"
    path.write_bytes(b"\n".join(os.urandom(60) for _ in range(2_000)))
    assert "noise.csv" in refused(path)


def test_more_kinds_of_area_than_there_can_be(tmp_path: Path, refused: Callable[..., str]) -> None:
    path = tmp_path / "areas.csv"
    rows = (f"M33 7ZF,E{number:08d}\n" for number in range(66_000))
    path.write_text("postcode,la_code\n" + "".join(rows))
    assert refused(path) == "The file names more than 65,000 different areas of one kind."


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A zip as good as any."""
    return files.zipped(
        tmp_path_factory.mktemp("zip") / "good.zip", Data__one=GOOD, Data__two=GOOD
    ).read_bytes()


@given(
    damage=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6),
    cut=st.integers(0, 60),
)
def test_however_a_zip_is_damaged_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, archive: bytes, damage: list[tuple[int, int]], cut: int
) -> None:
    raw = bytearray(archive)
    for at, value in damage:
        raw[at % len(raw)] = value
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "damaged.zip").write_bytes(raw[: len(raw) - cut])
    with suppress(Refusal):
        report = files.load(folder / "store", folder / "damaged.zip")
        assert Postcodes(folder / "store").is_loaded == (report.known > 0)
        return
    assert not Postcodes(folder / "store").is_loaded
