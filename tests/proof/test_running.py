"""The long run can be stopped at any moment, goes on from there, and tells what it found."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.proof import report, running
from tests.proof.parts import Part, Result, Try
from tests.proof.running import Results, attempt, prepared

WELL = Result("pages", "home | en", [], 1.5)
WRONG = Result("pages", "find | ur", ["320 px: The page is 327 px wide", "axe: `region`\n twice"], 60.0)


def test_results_are_there_for_the_next_run(tmp_path: Path) -> None:
    Results(tmp_path / "results").add(WELL)
    Results(tmp_path / "results").add(WRONG)
    assert Results(tmp_path / "results").done == {
        ("pages", "home | en"): WELL,
        ("pages", "find | ur"): WRONG,
    }


def test_a_result_that_was_half_written_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "results"
    Results(path).add(WELL)
    with path.open("a") as file:
        file.write('{"part": "pages", "ca')
    results = Results(path)
    assert list(results.done.values()) == [WELL]
    results.add(WRONG)
    assert list(Results(path).done.values()) == [WELL, WRONG]


def test_the_report_counts_and_names_what_was_found(tmp_path: Path) -> None:
    results = Results(tmp_path / "results")
    results.add(WELL)
    assert "No problem was found in what was tried." in report.report(results, "abc")
    results.add(WRONG)
    told = report.report(results, "abc")
    assert f"| pages | {len(running.PARTS['pages'].cases)} | 2 | 1 | 1 |" in told
    assert "## pages: find | ur\n\n- `320 px: The page is 327 px wide`\n- `axe: ´region´ twice`\n" in told
    assert "No problem" not in told


@contextmanager
def _trying(folder: Path) -> Iterator[Try]:
    def attempt_one(case: str) -> list[str]:
        if case == "breaks":
            raise ZeroDivisionError("by nothing")
        return [] if (folder / "ready").exists() else ["nothing was prepared"]

    yield attempt_one


@pytest.fixture
def part() -> Iterator[Part]:
    """A part of two cases, one of which cannot be tried."""
    made = Part("small", "", ("works", "breaks"), lambda folder: (folder / "ready").touch(), _trying)
    running.PARTS[made.name] = made
    yield made
    del running.PARTS[made.name]
    running._ready.pop(made.name, None)


def test_a_check_that_breaks_is_a_problem_and_the_run_goes_on(part: Part, tmp_path: Path) -> None:
    folder = prepared(part, tmp_path / "prepared-now")
    assert attempt("small", "breaks", folder).problems == [
        "the check itself failed: ZeroDivisionError: by nothing"
    ]
    assert attempt("small", "works", folder).problems == []


def test_preparing_begins_anew_where_it_was_stopped(part: Part, tmp_path: Path) -> None:
    half = tmp_path / "prepared-now" / "small.half"
    half.mkdir(parents=True)
    (half / "half a file").touch()
    assert [path.name for path in prepared(part, tmp_path / "prepared-now").iterdir()] == ["ready"]


def test_what_was_prepared_for_another_state_is_thrown_away(part: Part, tmp_path: Path) -> None:
    prepared(part, tmp_path / "prepared-before")
    prepared(part, tmp_path / "prepared-now")
    assert [path.name for path in tmp_path.iterdir()] == ["prepared-now"]
