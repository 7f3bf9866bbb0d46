"""Several processes on one store: each reads a whole generation, whoever writes, and whatever dies meanwhile."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.postcodes import Postcodes
from tests.postcodes import files
from tests.postcodes.files import SALE_WARD, TRAFFORD

ROUNDS = 10
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Asks another process that has the store of this test open; it has ended when the test has."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.postcodes.another", str(tmp_path / "store")],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )

    def ask(line: str) -> str:
        assert process.stdin
        assert process.stdout
        process.stdin.write(line + "\n")
        process.stdin.flush()
        return process.stdout.readline().strip()

    with process:
        yield ask
        process.kill()


def grid_file(path: Path, easting: int, count: int = 200) -> Path:
    """A council's own file of so many postcodes, all of one easting."""
    letters = "ABDEFGHJLN"
    units = [f"M33 {number}{one}{two}" for number in range(10) for one in letters for two in letters]
    path.write_text(
        "postcode,easting,northing\n"
        + "".join(f"{unit},{easting},{391000 + at}\n" for at, unit in enumerate(units[:count]))
    )
    return path


def test_another_process_sees_a_new_generation_at_its_next_look(
    tmp_path: Path, asked: Callable[[str], str]
) -> None:
    assert asked("M33 0AA") == "NOTHING_LOADED"
    files.load(tmp_path / "store", grid_file(tmp_path / "one.csv", 379001))
    assert asked("M33 0AA") == "379001 391000"
    for easting in (379002, 379003, 379004):
        files.load(tmp_path / "store", grid_file(tmp_path / "two.csv", easting))
        assert asked("M33 0AA") == f"{easting} 391000"


def test_a_reader_keeps_what_it_has_open_though_the_files_are_gone(tmp_path: Path) -> None:
    files.load(tmp_path / "store", grid_file(tmp_path / "one.csv", 379001))
    before = Postcodes(tmp_path / "store").generation()
    assert before
    for easting in (379002, 379003):
        files.load(tmp_path / "store", grid_file(tmp_path / "two.csv", easting))
    assert set(before.columns["easting"].tolist()) == {379001}
    assert len([left for left in (tmp_path / "store").iterdir() if left.is_dir()]) == 1, (
        "old ones are cleared"
    )


def test_processes_share_the_file_and_hold_no_copy(tmp_path: Path, asked: Callable[[str], str]) -> None:
    files.load(tmp_path / "store", grid_file(tmp_path / "one.csv", 379001, 1000))
    own, seen = asked("memory").split()
    assert int(seen) > 379001 * 1000
    assert own == "0"
    generation = Postcodes(tmp_path / "store").generation()
    assert generation
    assert not any(column.flags.owndata or column.flags.writeable for column in generation.columns.values())


def test_two_loads_at_once_are_both_there_at_the_end(tmp_path: Path) -> None:
    one = files.written(
        tmp_path / "one.csv", [files.sale(f"M33 7A{letter}", 379000, 391500) for letter in "ABDEF"]
    )
    two = files.written(
        tmp_path / "two.csv", [files.onspd(f"M33 7A{letter}", 379000, 391501) for letter in "FGHJL"]
    )
    with ThreadPoolExecutor() as pool:
        for _round in range(5):
            list(pool.map(lambda path: files.load(tmp_path / "store", path), (one, two)))
    store = Postcodes(tmp_path / "store")
    assert len(store) == 9
    assert files.place(store, "M33 7AF").areas >= {TRAFFORD, SALE_WARD}


def test_a_load_that_is_killed_leaves_what_was_there(tmp_path: Path, asked: Callable[[str], str]) -> None:
    store, source = tmp_path / "store", grid_file(tmp_path / "one.csv", 379001, 1000)
    files.load(store, source)
    reader = Postcodes(store)
    for number in range(ROUNDS):
        child = int(asked(f"load {source}"))
        time.sleep(0.1 + number * 0.004)  # a load takes some 40 ms: each round ends in another part of it
        os.kill(child, signal.SIGKILL)
        assert asked("bury") == str(int(signal.SIGKILL))
        assert len(reader) in (1000, 1001)
        assert files.place(reader, "M33 9NN").easting == 379001
    report = files.load(store, grid_file(tmp_path / "end.csv", 379009, 1000))
    assert report.known in (1000, 1001)
    left = sorted(path.name for path in store.iterdir())
    assert left == sorted(["current", "lock", (store / "current").read_text()]), (
        "what the dead left is cleared"
    )
