"""Drafts as data, two changes brought together, what differs in words, and areas inside areas: whatever is in them."""

import dataclasses
import datetime as dt
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.directory import coverage, differences, merging
from portal.directory.drafts import (
    AreaDraft,
    CostDraft,
    ListingDraft,
    MarkDraft,
    OrganisationDraft,
    RatingDraft,
    TimeDraft,
    TranslationDraft,
    VenueDraft,
    as_json,
    from_json,
    same,
)

words = st.text(max_size=12)
numbers = st.none() | st.integers(0, 500_000)
days = st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))
hours = st.none() | st.times().map(lambda time: time.replace(tzinfo=None))
times = st.builds(
    TimeDraft,
    days=st.lists(st.sampled_from(("mon", "sun")), max_size=2).map(tuple),
    weeks=st.lists(st.sampled_from((1, -1)), max_size=2).map(tuple),
    on=days,
    opens=hours,
    closes=hours,
    note=words,
)
venues = st.builds(
    VenueDraft,
    address=words,
    postcode=words,
    easting=numbers,
    northing=numbers,
    access=st.lists(words, max_size=2).map(tuple),
    times=st.lists(times, max_size=2).map(tuple),
)


def several(one: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=2).map(tuple)


drafts = st.builds(
    ListingDraft,
    source_id=words,
    name=words,
    also_known_as=several(words),
    summary=words,
    venues=several(venues),
    areas=several(st.builds(AreaDraft, kind=words, code=st.none() | words, metres=numbers)),
    times=several(times),
    costs=several(st.builds(CostDraft, words=words, pence=numbers, unit=words)),
    is_free=st.booleans(),
    minimum_age=numbers,
    languages=several(words),
    phone=words,
    marks=several(st.builds(MarkDraft, kind=words, expires_on=days, reference=words)),
    ratings=several(st.builds(RatingDraft, domain=words, rating=words, published_on=days)),
    translations=several(st.builds(TranslationDraft, language=words, name=words)),
    assured_on=days,
    shared=st.booleans(),
    state=st.sampled_from(("published", "archived")),
)


@given(drafts)
def test_a_draft_comes_back_from_json_as_it_was(draft: ListingDraft) -> None:
    assert from_json(ListingDraft, json.loads(json.dumps(as_json(draft)))) == draft


def test_every_field_comes_back_also_one_that_no_draft_here_sets() -> None:
    for field in dataclasses.fields(OrganisationDraft):
        told = dataclasses.replace(OrganisationDraft("1", "Friends"), **{field.name: "x"})
        assert from_json(OrganisationDraft, as_json(told)) == told
    assert from_json(ListingDraft, {"source_id": "1", "name": "Shed", "long_gone": 3}).name == "Shed"


@given(drafts, drafts)
def test_who_changes_alone_has_their_change(base: ListingDraft, mine: ListingDraft) -> None:
    assert same(merging.merge(base, mine, base).draft, mine)
    assert same(merging.merge(base, base, mine).draft, mine)
    assert merging.merge(base, mine, base).conflicts == ()
    assert merging.merge(base, mine, mine).conflicts == ()


@given(drafts, drafts, drafts)
def test_nothing_of_two_changes_is_lost(base: ListingDraft, mine: ListingDraft, theirs: ListingDraft) -> None:
    merged = merging.merge(base, mine, theirs)
    by_me, by_them = merging.changed(base, mine), merging.changed(base, theirs)
    assert set(merged.conflicts) == set(by_me) & set(by_them) & set(merging.changed(mine, theirs))
    for name in merging.FIELDS:
        wanted = mine if name in by_me and name not in by_them else theirs
        assert getattr(merged.draft, name) == getattr(wanted, name)
    everything_mine = merging.decided(merged, mine, dict.fromkeys(merged.conflicts, "mine"), {})
    assert everything_mine is not None
    assert not set(merging.changed(everything_mine, mine)) & set(by_me)


@given(drafts, drafts)
def test_a_conflict_that_nobody_decided_stays_open(mine: ListingDraft, theirs: ListingDraft) -> None:
    merged = merging.merge(ListingDraft("", "Neither of them"), mine, theirs)
    if merged.conflicts:
        assert merging.decided(merged, mine, {}, {}) is None
        assert merging.decided(merged, mine, dict.fromkeys(merged.conflicts, "nonsense"), {}) is None


@given(drafts, drafts)
def test_an_entry_that_is_kept_loses_nothing_in_a_merge(kept: ListingDraft, other: ListingDraft) -> None:
    after = merging.filled(kept, other)
    for name in set(merging.changed(kept, after)) - {"also_known_as"}:
        assert not getattr(kept, name), "only gaps are filled"
    assert set(kept.also_known_as) - {kept.name} <= set(after.also_known_as)


texts = st.text(st.sampled_from("ab ,.\n£"), max_size=30)


@given(texts, texts)
def test_what_was_put_in_and_taken_out_make_both_texts(before: str, after: str) -> None:
    pieces = differences.pieces(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "in") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "out") == after
    if before == after:
        assert all(piece.kind == "same" for piece in pieces)


def test_a_changed_word_is_marked_whole_and_by_itself() -> None:
    pieces = differences.pieces("A hot lunch every Thursday.", "A cold lunch every Thursday.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "A "), ("out", "hot"), ("in", "cold"), ("same", " lunch every Thursday."),
    ]  # fmt: skip


PARENTS = {"w1": "a", "w2": "a", "w3": "b", "a": "r", "b": "r"}
codes = st.sets(st.sampled_from(("w1", "w2", "w3", "a", "b", "r", "ALL")))


def _around(code: str) -> set[str]:
    found = {"ALL"} if code != "ALL" else set()
    while code in PARENTS:
        code = PARENTS[code]
        found.add(code)
    return found


@given(codes)
def test_of_areas_inside_others_one_way_of_saying_it_is_kept(ticked: set[str]) -> None:
    kept, out = coverage.without_parents(ticked, PARENTS)
    assert kept | out <= ticked
    assert not kept & out
    assert bool(kept) == bool(ticked)
    assert not any(_around(code) & kept for code in kept)
    assert coverage.without_parents(kept, PARENTS) == (kept, frozenset())


def test_a_council_with_all_its_wards_is_the_council_and_nothing_is_left_out() -> None:
    assert coverage.without_parents({"a", "w1", "w2"}, PARENTS) == (frozenset({"a"}), frozenset())
    assert coverage.without_parents({"a", "w1"}, PARENTS) == (frozenset({"w1"}), frozenset({"a"}))
