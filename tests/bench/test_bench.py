"""The benchmarks themselves: every part runs on very little, and what would say something untrue is refused."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from portal.directory.search import Record, Search
from tests.bench import __main__ as bench
from tests.bench import questions, searching, weight
from tests.bench.corpus import Corpus
from tests.bench.engines import Answer, Contender, Ours
from tests.bench.measure import BrokenMeasurementError, Figure, Target, Times, quantiles, table, timed
from tests.bench.run import Run

QUERIES = """
- {q: rowan hospice, place: "", kind: name, right: {rowan-hospice-at-home: 3, rowan-hospice-wellbeing-day: 3}}
- {q: memory cafe, place: WA14 2AQ, kind: plain, right: {damson-club-timperley: 3, still-working-on-it: 2}}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, local_postcodes: Path, app: Flask) -> Run:
    """A run over next to nothing, with the demonstration that all tests share."""
    folder = tmp_path_factory.mktemp("bench")
    (folder / "more.csv").write_text("postcode,lat,lon\nM33 7ZF,53.42,-2.32\n")
    (folder / "queries").mkdir()
    for half in ("tune", "report"):
        (folder / "queries" / f"{half}.yaml").write_text(QUERIES)
    made = Run(
        folder,
        say=lambda line: None,
        sizes=(150,),
        patience=0.1,
        questions=20,
        listings=60,
        requests=2,
        lookups=20,
        conversation=12,
        known_postcodes=local_postcodes,
        postcode_file=folder / "more.csv",
        queries=folder / "queries",
    )
    made.demonstration = app
    return made


@pytest.mark.parametrize("part", bench.PARTS)
def test_every_part_measures_something(part: str, run: Run) -> None:
    found = bench.figures(run, [part])
    assert found
    assert {figure.part for figure in found} == {part}
    for figure in found:
        assert figure.p50 is not None, figure.what
        assert figure.p50 >= 0
        assert not figure.beside or figure.beside_p50 is not None, figure.what


def test_search_stands_beside_every_other_engine(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("tantivy")
    found = bench.figures(replace(run, folder=tmp_path), ["search"])
    beside = {(figure.what[0], figure.beside) for figure in found if figure.beside}
    engines = {"FTS5 + numpy", "FTS5, pure SQL", "tantivy"}
    assert beside >= {(mode, engine) for mode in "TG" for engine in engines}


def test_without_tantivy_the_table_says_so(run: Run, tmp_path: Path) -> None:
    found = bench.figures(replace(run, folder=tmp_path, with_tantivy=False), ["search"])
    assert found[0].what == "tantivy is not installed: left out"
    assert {figure.beside for figure in found} == {"", "FTS5", "FTS5 + numpy", "FTS5, pure SQL"}


def test_the_figures_are_printed_and_written(tmp_path: Path) -> None:
    own, other = Times(2.0, 4.0), Times(4.0, 40.0)
    met = timed("search", "G 25,000", own, "FTS5 + numpy", other, Target(most=0.25, of="ratio_p95"))
    missed = Figure("pages", "/find", "ms CPU", 30.0, target=Target(most=25.0))
    assert table([met, missed]).splitlines()[2:] == [
        "G 25,000    2    4  ms CPU  FTS5 + numpy    4   40    0.5        0.1  p95 ratio ≤ 0.25  yes",
        "/find      30       ms CPU                                            ≤ 25              NO",
    ]
    bench.written([met, missed], 61.4, tmp_path / "build" / "bench.json")
    facts = json.loads((tmp_path / "build" / "bench.json").read_text())
    assert facts["seconds"] == 61
    assert [figure["met"] for figure in facts["figures"]] == [True, False]
    assert facts["figures"][0]["ratio_p95"] == 0.1


def test_an_unknown_part_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["serach"])
    assert "there is no part serach" in capsys.readouterr().err


# What is measured


def test_the_same_listings_are_made_every_time() -> None:
    assert list(Corpus(40).records()) == list(Corpus(40).records())


def test_a_listing_can_always_be_reached_somewhere() -> None:
    records = list(Corpus(300).records())
    assert all(record.venues or record.comes_to_you for record in records)
    assert any(record.comes_to_you.circles for record in records)
    assert any(record.comes_to_you.codes for record in records)
    assert any(record.residents_of for record in records)
    assert len({record.id for record in records}) == 300


def test_questions_are_asked_from_different_places_with_all_the_words() -> None:
    asked = questions.near(Corpus(300), 2 * len(questions.WORDS))
    assert {search.words for search in asked} == set(questions.WORDS)
    assert len({search.place for search in asked}) == len(asked)
    assert any(search.filters != type(search.filters)() for search in asked)


# Broken measurements


class Forgetful(Contender):
    """An engine that leaves the best result out, which makes it quick."""

    name = "forgetful"

    def __init__(self, other: Contender) -> None:
        self.other = other

    def find(self, search: Search) -> Answer:
        """One less than there is."""
        found = self.other.find(search)
        return Answer(max(0, found.total - 1), found.ids[1:], found.facets)


def test_an_engine_that_finds_less_is_not_measured(tmp_path: Path) -> None:
    records: list[Record] = list(Corpus(120).records())
    ours = Ours(tmp_path)
    ours.engine.rebuild(records)
    asked = [search for search in questions.near(Corpus(120), 40) if search.words == "dementia"]
    searching.check([ours, ours], asked)
    with pytest.raises(BrokenMeasurementError, match="dementia"):
        searching.check([ours, Forgetful(ours)], asked)
    with pytest.raises(BrokenMeasurementError, match=r"what ours does not|ours finds"):
        searching.check([Forgetful(ours), ours], asked)


def test_nothing_measured_is_no_measurement() -> None:
    with pytest.raises(BrokenMeasurementError):
        quantiles([])


@given(st.lists(st.floats(0, 1_000), min_size=1))
def test_the_slow_end_is_never_quicker_than_the_middle(values: list[float]) -> None:
    times = quantiles(values)
    assert min(values) <= times.p50 <= times.p95 <= max(values)


@pytest.mark.parametrize(
    ("target", "number", "met"),
    [
        (Target(most=25.0), 25.0, True),
        (Target(most=25.0), 25.1, False),
        (Target(least=0.85), 0.85, True),
        (Target(least=0.85), 0.84, False),
        (Target(most=25.0), None, None),
    ],
)
def test_a_target_is_met_up_to_its_edge(target: Target, number: float | None, met: bool | None) -> None:
    assert target.is_met(number) is met


# Weight


KINDS = {"css": "text/css", "js": "text/javascript", "woff2": "font/woff2"}


def tiny(files: dict[str, str]) -> FlaskClient:
    """A site of these files: path -> content."""
    site = Flask("tiny", static_folder=None)
    for path, content in files.items():
        kind = KINDS.get(path.rpartition(".")[2], "text/html")
        answer = partial(site.response_class, content, mimetype=kind)
        site.add_url_rule(path, path.replace(".", "_") or "home", answer)
    return site.test_client()


def test_a_visit_counts_every_file_once_and_only_the_fonts_that_are_needed() -> None:
    files = {
        "/": '<link rel="stylesheet" href="/a.css"><script src="/a.js"></script><img src="/a.png"><p>Tea é</p>',
        "/a.css": "@font-face{src:url(latin.woff2);unicode-range:U+0-FF}"
        "@font-face{src:url(urdu.woff2);unicode-range:U+600-6FF}@font-face{src:url(all.woff2)}",
        "/a.js": "x" * 1_000,
        "/a.png": "x" * 500,
        "/latin.woff2": "x" * 2_000,
        "/all.woff2": "x" * 100,
    }
    found = weight.visit(tiny(files), "/", "identity")
    assert found.requests == 6
    assert found.kilobytes["font"] == pytest.approx(2.1)
    assert found.kilobytes["js"] == 1.0
    assert found.all == pytest.approx(sum(len(content.encode()) for content in files.values()) / 1_000)


def test_a_page_that_names_a_missing_file_or_somebody_elses_is_not_weighed() -> None:
    client = tiny(
        {
            "/lost": '<script src="/gone.js"></script>',
            "/far": '<script src="https://elsewhere.example.org/a.js"></script>',
        }
    )
    with pytest.raises(BrokenMeasurementError, match="404"):
        weight.visit(client, "/lost", "br")
    with pytest.raises(BrokenMeasurementError, match="somebody else"):
        weight.visit(client, "/far", "br")
