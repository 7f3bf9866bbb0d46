"""Judging answers: the measure itself, and that every labelled query can be judged."""

import re
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.relevance.judge import HALVES, Judge, mean, ndcg, plain_bm25, queries, sqlite_fts5

WHOLE = re.compile(r"[A-Z]{1,2}\d\w? \d[A-Z]{2}")
graded = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(1, 3), min_size=1)


@pytest.fixture
def judge(demo: Flask) -> Judge:
    """The judge of the demonstration."""
    return Judge(demo)


def test_the_best_order_scores_one_and_nothing_right_scores_none() -> None:
    right = {"lunch": 3, "tea": 2, "bingo": 1}
    assert ndcg(["lunch", "tea", "bingo", "chess"], right) == 1.0
    assert ndcg(["chess", "darts"], right) == 0.0
    assert ndcg([], right) == 0.0


def test_a_worked_example() -> None:
    # Found: grades 2, 0, 3. Gains 3 / log2(2) + 7 / log2(4) = 6.5; the best order: 7 / log2(2) + 3 / log2(3) = 8.893.
    assert ndcg(["tea", "chess", "lunch"], {"lunch": 3, "tea": 2}) == pytest.approx(0.7309, abs=1e-4)


def test_what_comes_after_the_tenth_counts_for_nothing() -> None:
    assert ndcg([*(f"wrong {n}" for n in range(10)), "lunch"], {"lunch": 3}) == 0.0


@given(graded, st.randoms())
def test_a_score_lies_between_none_and_one(right: dict[str, int], chance: Random) -> None:
    found = [*right, "nobody", "nothing"]
    chance.shuffle(found)
    assert 0.0 <= ndcg(found, right) <= 1.0
    assert ndcg(sorted(right, key=lambda key: -right[key]), right) == pytest.approx(1.0)


def test_both_halves_are_there_and_every_right_answer_is_a_listing(judge: Judge) -> None:
    asked = queries()
    judge.check(asked)
    assert {one.half for one in asked} == set(HALVES)
    assert len(asked) >= 80


def test_every_right_answer_near_a_whole_postcode_can_be_seen_on_the_site(judge: Judge) -> None:
    asked = [one for one in queries() if WHOLE.fullmatch(one.place)]
    assert len(asked) > 40
    hidden = {(one.words, key) for one in asked for key in one.right if key not in judge.near(one)}
    assert hidden == set()


@pytest.mark.parametrize(
    "line",
    [
        '{q: tea, place: "", kind: odd, right: {lunch: 3}}',
        '{q: tea, place: "", kind: plain, right: {}}',
        '{q: tea, place: "", kind: plain, right: {lunch: 4}}',
    ],
)
def test_a_query_that_cannot_be_judged_is_refused(line: str, tmp_path: Path) -> None:
    (tmp_path / "tune.yaml").write_text(f"- {line}\n")
    with pytest.raises(ValueError, match="tea"):
        queries(tmp_path)


def test_a_right_answer_that_is_no_listing_is_refused(judge: Judge, tmp_path: Path) -> None:
    (tmp_path / "tune.yaml").write_text('- {q: tea, place: "", kind: plain, right: {no-such-club: 3}}\n')
    with pytest.raises(ValueError, match="no-such-club"):
        judge.check(queries(tmp_path))


def test_plain_engines_find_words_and_only_what_is_near(judge: Judge, tmp_path: Path) -> None:
    (tmp_path / "tune.yaml").write_text(
        '- {q: "rowan hospice", place: "", kind: name, right: {rowan-hospice-at-home: 3}}\n'
        '- {q: "rowan hospice", place: "M33 7ZF", kind: name, right: {rowan-hospice-at-home: 3}}\n'
    )
    anywhere, near = queries(tmp_path)
    for make in (plain_bm25, sqlite_fts5):
        rank = make(judge)
        assert rank(anywhere)[0].startswith("rowan-hospice")
        assert set(rank(near)) <= judge.near(near)
        assert set(rank(near)) < set(rank(anywhere))


def test_means_are_by_half_and_kind(tmp_path: Path) -> None:
    (tmp_path / "tune.yaml").write_text(
        "- {q: one, place: '', kind: plain, right: {a: 1}}\n- {q: two, place: '', kind: name, right: {a: 1}}\n"
    )
    one, two = queries(tmp_path)
    scores = {one: 0.5, two: 1.0}
    assert mean(scores, "tune") == 0.75
    assert mean(scores, "tune", "name") == 1.0
    assert mean(scores, "report") is None
