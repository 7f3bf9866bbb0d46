"""What every search engine must do, whatever stands behind it. Another engine joins by being added to ENGINES."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portal.directory.search import (
    Circle,
    Coverage,
    Engine,
    Filters,
    Opening,
    Record,
    Search,
    Venue,
    scoring,
)
from portal.directory.search.engine import Pending, WhooshEngine
from portal.directory.search.thesaurus import Thesaurus
from portal.geo import Place

TODAY = dt.date(2026, 11, 23)
SALE = (379000, 391500)
HOME = Place(
    label="M33 7ZF",
    easting=SALE[0],
    northing=SALE[1],
    areas=frozenset({"E08000009", "E12000002"}),
    kind="postcode",
)
SYNONYMS: list[dict[str, Any]] = [
    {"same": ["stairlift", "chair lift"]},
    {"say": ["wanders at night"], "means": ["dementia-support", "telecare"]},
    {"urgent": ["kill myself"], "help": "crisis"},
    {"exact": ["end my life"], "help": "crisis"},
    {"say": ["end of life"], "means": ["end-of-life"]},
    {"say": ["stairs getting too much"], "means": ["adaptations"]},
    {"say": ["parkinsons"], "means": ["parkinsons-neuro"]},
    {"for_some": ["lgbt", "veterans"]},
]


class Whoosh:
    """The embedded engine, with pending changes that a test sets."""

    def __init__(self, folder: Path) -> None:
        self.waiting = Pending()
        self.engine: Engine = WhooshEngine(folder / "index", Thesaurus(SYNONYMS), lambda: self.waiting)


ENGINES = [Whoosh]


@pytest.fixture(params=ENGINES, ids=lambda made: made.__name__)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Whoosh:
    """An engine without an index."""
    built: Whoosh = request.param(tmp_path)
    return built


@pytest.fixture
def index(made: Whoosh) -> Callable[..., Engine]:
    """Builds the index of these records, and gives the engine."""

    def build(*records: Record) -> Engine:
        made.engine.rebuild(records)
        return made.engine

    return build


def record(name: str, **facts: object) -> Record:
    """A record of Fernshire's with a venue near home, and only what a test says."""
    plain = {
        "id": uuid.uuid4(),
        "council": "fernshire",
        "shared": True,
        "name": name,
        "venues": (Venue(SALE[0] + 400, SALE[1], "E08000009"),),
    }
    return Record(**{**plain, **facts})  # type: ignore[arg-type]  # facts are what a test says


def asking(words: str = "", **facts: object) -> Search:
    """A search on Fernshire's site."""
    plain = {
        "council": "fernshire",
        "council_areas": frozenset({"E08000009"}),
        "today": TODAY,
        "words": words,
    }
    return Search(**{**plain, **facts})  # type: ignore[arg-type]  # as above


def names(engine: Engine, search: Search, *records: Record) -> list[str]:
    """The names of what is found, best first."""
    by_id = {r.id: r.name for r in records}
    return [by_id[hit.id] for hit in engine.search(search).hits]


# Words


def test_a_word_of_the_name_the_summary_or_the_description_finds_it(index: Callable[..., Engine]) -> None:
    records = (
        record("Choir"),
        record("Friends", summary="A choir for all"),
        record("Club", description="Our choir"),
        record("Chess"),
    )
    assert names(index(*records), asking("choir"), *records) == ["Choir", "Friends", "Club"]


def test_endings_accents_case_and_apostrophes_do_not_matter(index: Callable[..., Engine]) -> None:
    records = (record("Carers’ Café"), record("Shopping trips"))
    engine = index(*records)
    for words in ("CARER CAFE", "carers café", "carer's cafés"):
        assert names(engine, asking(words), *records) == ["Carers’ Café"], words
    assert names(engine, asking("shop trip"), *records) == ["Shopping trips"]


def test_welsh_and_urdu_words_are_found(index: Callable[..., Engine]) -> None:
    records = (
        record("Lunch", description="Clwb cinio i bobl hŷn"),
        record("Advice", description="بزرگوں کے لیے مدد"),
    )
    engine = index(*records)
    assert names(engine, asking("clwb cinio hyn"), *records) == ["Lunch"]
    assert names(engine, asking("بزرگوں"), *records) == ["Advice"]


def test_words_that_mean_the_same_find_it(index: Callable[..., Engine]) -> None:
    records = (record("Chair lift fitters"), record("Chair makers"))
    assert names(index(*records), asking("stairlift"), *records) == ["Chair lift fitters"]


def test_peoples_own_words_lead_to_categories_the_truest_first(index: Callable[..., Engine]) -> None:
    records = (
        record("Night Sensors", categories=("telecare",)),
        record("Memory Matters", categories=("dementia-support",)),
        record("Night club"),
    )
    found = names(index(*records), asking("dad wanders about at night"), *records)
    assert found == ["Memory Matters", "Night Sensors"]


def test_a_sentence_that_no_row_holds_finds_what_its_words_lean_to(index: Callable[..., Engine]) -> None:
    records = (
        record("Rails and lifts", categories=("adaptations",)),
        record("Choir", categories=("music-singing",)),
    )
    engine = index(*records)
    assert names(engine, asking("much bother with stairs"), *records) == ["Rails and lifts"]
    assert names(engine, asking("much bother with everything"), *records) == []


def test_who_says_the_word_itself_comes_before_the_rest_of_its_category(index: Callable[..., Engine]) -> None:
    mates = [record(f"Group {n}", categories=("parkinsons-neuro",)) for n in range(4)]
    named = record(
        "Singing", summary="For people with Parkinson's", categories=("music-singing", "parkinsons-neuro")
    )
    assert names(index(*mates, named), asking("parkinsons"), *mates, named)[0] == "Singing"


def test_a_listing_for_some_people_stands_lower_unless_they_are_asked_for(
    index: Callable[..., Engine],
) -> None:
    some = record("Tea for veterans", summary="tea", categories=("coffee-mornings", "veterans"))
    every = record("Tea for everyone here", summary="tea", categories=("coffee-mornings",))
    engine = index(some, every)
    chosen = asking("tea", filters=Filters(category=frozenset({"veterans"})))
    assert names(engine, asking("tea"), some, every) == ["Tea for everyone here", "Tea for veterans"]
    plain = {hit.id: hit.score for hit in engine.search(asking("tea")).hits}
    filtered = {hit.id: hit.score for hit in engine.search(chosen).hits}
    assert filtered[some.id] == pytest.approx(plain[some.id] / scoring.FOR_OTHERS)


def test_a_slip_of_the_finger_is_mended_and_said(index: Callable[..., Engine]) -> None:
    records = (record("Luncheon for all"), record("Chess"))
    engine = index(*records)
    assert names(engine, asking("lunchoen"), *records) == ["Luncheon for all"]
    assert engine.search(asking("lunchoen")).did_you_mean == "luncheon"
    assert engine.search(asking("lunchoen", exact=True)).total == 0
    assert engine.search(asking("luncheon")).did_you_mean == ""


def test_the_start_of_a_word_is_enough_where_nothing_else_fits(index: Callable[..., Engine]) -> None:
    records = (record("Physiotherapy at home"),)
    assert names(index(*records), asking("physio"), *records) == ["Physiotherapy at home"]


def test_words_run_together_are_parted(index: Callable[..., Engine]) -> None:
    records = (record("Meadow Day Centre"),)
    assert names(index(*records), asking("daycentre"), *records) == ["Meadow Day Centre"]


def test_words_that_nobody_uses_find_nothing(index: Callable[..., Engine]) -> None:
    assert index(record("Choir")).search(asking("xyzzy qqqqq")).total == 0


def test_words_of_crisis_are_told(index: Callable[..., Engine]) -> None:
    engine = index(record("Choir"))
    assert engine.search(asking("i want to kill myself")).urgent == "crisis"
    assert engine.search(asking("how can I end my life")).urgent == "crisis"
    assert engine.search(asking("end of life care")).urgent == ""


# Place


def test_coverage_and_venues_follow_the_rule(index: Callable[..., Engine]) -> None:
    far = (Venue(SALE[0] + 30_000, SALE[1]),)
    covering = record("covers", venues=far, comes_to_you=Coverage(frozenset({"E08000009"})))
    circle = record(
        "circle", venues=(), comes_to_you=Coverage(circles=(Circle(SALE[0] + 3000, SALE[1], 4000),))
    )
    short = record(
        "short circle", venues=(), comes_to_you=Coverage(circles=(Circle(SALE[0] + 5000, SALE[1], 4000),))
    )
    theirs = record("theirs", residents_of=Coverage(frozenset({"E08000003"})))
    ours = record("ours", residents_of=Coverage(frozenset({"E12000002"})))
    out = record("out", venues=far)
    records = (covering, circle, short, theirs, ours, out)
    engine = index(*records)
    assert set(names(engine, asking(place=HOME), *records)) == {"covers", "circle", "ours"}
    hits = {hit.id: hit for hit in engine.search(asking(place=HOME)).hits}
    assert (hits[covering.id].covers, hits[covering.id].metres) == (True, None)
    assert not hits[ours.id].covers
    assert hits[ours.id].metres == pytest.approx(400, abs=1)


def test_the_nearest_venue_counts(index: Callable[..., Engine]) -> None:
    two = record("two", venues=(Venue(SALE[0] + 6000, SALE[1]), Venue(SALE[0], SALE[1] + 250)))
    assert index(two).search(asking(place=HOME)).hits[0].metres == pytest.approx(250, abs=1)


def test_nearer_comes_first_when_the_words_fit_alike(index: Callable[..., Engine]) -> None:
    records = [record(f"Lunch club {n}", venues=(Venue(SALE[0] + n * 1000, SALE[1]),)) for n in (3, 1, 4, 2)]
    expected = ["Lunch club 1", "Lunch club 2", "Lunch club 3", "Lunch club 4"]
    assert names(index(*records), asking("lunch club", place=HOME), *records) == expected


def test_sorting_by_distance_and_by_name(index: Callable[..., Engine]) -> None:
    records = [
        record(name, venues=(Venue(SALE[0] + far, SALE[1]),))
        for name, far in (("beta", 900), ("Alpha", 3000), ("gamma", 100))
    ]
    engine = index(*records)
    assert names(engine, asking(place=HOME, sort="distance"), *records) == ["gamma", "beta", "Alpha"]
    assert names(engine, asking(place=HOME, sort="name"), *records) == ["Alpha", "beta", "gamma"]


# Councils, states and freshness


def test_another_councils_listing_is_seen_only_when_shared(index: Callable[..., Engine]) -> None:
    records = (
        record("over the border", council="millbrook"),
        record("theirs alone", council="millbrook", shared=False),
    )
    assert names(index(*records), asking(place=HOME), *records) == ["over the border"]


def test_an_overdue_listing_sinks_but_stays(index: Callable[..., Engine]) -> None:
    stale = record("Lunch club A", review_due_on=TODAY - dt.timedelta(days=300))
    fresh = record("Lunch club B", review_due_on=TODAY + dt.timedelta(days=30))
    assert names(index(stale, fresh), asking("lunch club"), stale, fresh) == ["Lunch club B", "Lunch club A"]


def test_an_event_is_gone_the_day_after(index: Callable[..., Engine]) -> None:
    records = (record("today", last_on=TODAY), record("yesterday", last_on=TODAY - dt.timedelta(days=1)))
    assert names(index(*records), asking(), *records) == ["today"]


def test_a_council_may_lift_what_the_community_runs(index: Callable[..., Engine]) -> None:
    paid = record("Lunch at ours", venues=(Venue(SALE[0] + 100, SALE[1]),))
    free = record("Lunch at theirs", community=True, venues=(Venue(SALE[0] + 600, SALE[1]),))
    engine = index(paid, free)
    assert names(engine, asking("lunch", place=HOME), paid, free)[0] == "Lunch at ours"
    assert (
        names(engine, asking("lunch", place=HOME, strategy="community_first"), paid, free)[0]
        == "Lunch at theirs"
    )


# Filters and counts


def test_filters_narrow_and_their_counts_are_true(index: Callable[..., Engine]) -> None:
    records = [
        record(
            "a", categories=("lunch",), free=True, days=frozenset({0, 2}), access=frozenset({"loop", "lift"})
        ),
        record("b", categories=("lunch",), days=frozenset({2}), access=frozenset({"loop"}), minimum_age=60),
        record("c", categories=("choir",), free=True, days=frozenset({4}), maximum_age=25),
    ]
    engine = index(*records)
    counts = engine.search(asking()).facets
    assert counts["category"] == {"lunch": 2, "choir": 1}
    assert counts["day"] == {"0": 1, "2": 2, "4": 1}
    assert counts["free"] == {"1": 2}
    cases = [
        (Filters(category=frozenset({"lunch"})), {"a", "b"}),
        (Filters(free=True), {"a", "c"}),
        (Filters(day=frozenset({"wed"})), {"a", "b"}),
        (Filters(day=frozenset({"mon", "fri"})), {"a", "c"}),
        (Filters(access=frozenset({"loop", "lift"})), {"a"}),
        (Filters(age=70), {"a", "b"}),
        (Filters(age=20), {"a", "c"}),
        (Filters(category=frozenset({"lunch"}), free=True), {"a"}),
    ]
    for filters, expected in cases:
        found = engine.search(asking(filters=filters))
        assert set(names(engine, asking(filters=filters), *records)) == expected, filters
        assert found.total == len(expected)


def test_each_count_is_what_choosing_it_gives(index: Callable[..., Engine]) -> None:
    """A filter ignores itself when its own values are counted: they say what else could be had."""
    records = [
        record(str(n), categories=(f"c{n % 3}",), needs=(f"n{n % 2}",), free=n % 4 == 0) for n in range(24)
    ]
    engine = index(*records)
    chosen = Filters(category=frozenset({"c1"}))
    counts = engine.search(asking(filters=chosen)).facets
    for value, count in counts["need"].items():
        assert engine.search(asking(filters=replace(chosen, need=frozenset({value})))).total == count
    for value, count in counts["category"].items():
        assert engine.search(asking(filters=Filters(category=frozenset({value})))).total == count


def test_open_at_a_time_of_a_day(index: Callable[..., Engine]) -> None:
    records = [
        record("early", openings=(Opening(1, 540, 600),), days=frozenset({1})),
        record("late", openings=(Opening(1, 600, 720), Opening(2, 0, 1440)), days=frozenset({1, 2})),
    ]
    engine = index(*records)
    at_ten = Filters(day=frozenset({"tue"}), minutes=600)
    assert names(engine, asking(filters=at_ten), *records) == ["late"]
    assert set(names(engine, asking(filters=Filters(minutes=560)), *records)) == {"early", "late"}


def test_a_days_count_at_a_time_is_of_what_is_open_then(index: Callable[..., Engine]) -> None:
    """Over midnight a listing counts on both days, and twice on one day it counts once."""
    owls = record("owls", openings=(Opening(0, 1320, 1440), Opening(1, 0, 120)), days=frozenset({0}))
    twice = record("twice", openings=(Opening(1, 0, 600), Opening(1, 60, 720)), days=frozenset({1}))
    shut = record("shut", openings=(Opening(1, 600, 720),), days=frozenset({1}))
    engine = index(owls, twice, shut)
    for filters in (Filters(minutes=90), Filters(minutes=90, day=frozenset({"mon"}))):
        assert engine.search(asking(filters=filters)).facets["day"] == {"1": 2}
    assert engine.search(asking(filters=Filters(minutes=90, day=frozenset({"tue"})))).total == 2
    assert engine.search(asking()).facets["day"] == {"0": 1, "1": 2}


def test_nothing_found_says_what_to_leave_out(index: Callable[..., Engine]) -> None:
    engine = index(
        record("Lunch", free=False),
        record("Lunch far", venues=(Venue(SALE[0] + 30_000, SALE[1]),), free=True),
    )
    found = engine.search(asking("lunch", place=HOME, filters=Filters(free=True)))
    assert found.total == 0
    assert found.relaxed == {"free": 1, "place": 1}


# Pages


def test_pages_follow_on_without_gaps_or_repeats(index: Callable[..., Engine]) -> None:
    records = [record("Lunch club") for _ in range(53)]
    engine = index(*records)
    pages = [engine.search(asking("lunch", page=n, per_page=20)).hits for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 13]
    assert {hit.id for page in pages for hit in page} == {r.id for r in records}
    again = engine.search(asking("lunch", page=2, per_page=20)).hits
    assert [hit.id for hit in again] == [hit.id for hit in pages[1]]


def test_past_the_last_page_there_is_nothing(index: Callable[..., Engine]) -> None:
    assert index(record("Lunch")).search(asking("lunch", page=400)).hits == ()


# Changes


def test_an_index_of_nothing_finds_nothing(made: Whoosh) -> None:
    assert made.engine.search(asking("lunch")).total == 0
    made.engine.rebuild([])
    assert made.engine.search(asking("lunch")).total == 0


def test_written_records_replace_older_ones_and_gone_ones_go(index: Callable[..., Engine]) -> None:
    first, second, third = record("Lunch one"), record("Lunch two"), record("Lunch three")
    engine = index(first, second)
    assert engine.search(asking("lunch")).total == 2
    engine.write([replace(first, name="Supper one"), third], [second.id])
    assert names(engine, asking("lunch"), first, second, third) == ["Lunch three"]
    assert engine.search(asking("supper")).total == 1
    engine.write([], [first.id, third.id])
    assert engine.search(asking()).total == 0


def test_pending_changes_are_seen_before_they_are_indexed(made: Whoosh, index: Callable[..., Engine]) -> None:
    first, second, third = record("Lunch one"), record("Lunch two"), record("Lunch three")
    engine = index(first, second)
    renamed = replace(first, name="Supper one")
    made.waiting = Pending((renamed, third), frozenset({first.id, second.id, third.id}), "a mark")
    assert names(engine, asking("lunch"), first, second, third) == ["Lunch three"]
    assert engine.search(asking()).total == 2
    assert engine.search(asking("supper")).total == 1


def test_a_rebuild_takes_the_old_indexs_place(index: Callable[..., Engine]) -> None:
    old, new = record("Old lunch"), record("New lunch")
    engine = index(old)
    assert engine.search(asking("old")).total == 1
    engine.rebuild([new])
    assert names(engine, asking("lunch"), old, new) == ["New lunch"]


def test_suggestions_go_on_from_what_was_typed(index: Callable[..., Engine]) -> None:
    engine = index(record("Luncheon at the mill", description="lunch and luncheon"))
    assert engine.suggest("lun", ["Lunch clubs", "Walking"])[0] == "Lunch clubs"
    assert "luncheon" in engine.suggest("lun", [])
    assert engine.suggest("", ["Lunch clubs"]) == []
    assert engine.suggest("  \x00", ["Lunch clubs"]) == []
