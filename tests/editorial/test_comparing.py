"""Two versions beside each other, and two people's changes brought together."""

from hypothesis import given
from hypothesis import strategies as st

from portal.editorial import comparing
from portal.editorial.comparing import merged

texts = st.lists(st.sampled_from(["one\n", "two\n", "three\n", "four\n", "five\n"]), max_size=8).map("".join)


def test_what_changed_stands_with_a_little_of_what_is_around_it() -> None:
    before = "".join(f"{number}\n" for number in range(20))
    lines = comparing.lines(before, before.replace("10\n", "ten\n"))
    assert [(line.how, line.words) for line in lines] == [
        ("same", "8"), ("same", "9"), ("gone", "10"), ("new", "ten"), ("same", "11"), ("same", "12"),
    ]  # fmt: skip
    assert [line.gap for line in lines] == [True, False, False, False, False, False]
    assert comparing.lines(before, before) == []


def test_changes_in_different_places_are_both_there() -> None:
    together = merged("a\nb\nc\nd\ne\n", "A\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\nf\n")
    assert (together.text, together.clash) == ("A\nb\nc\nd\nE\nf\n", False)


def test_changes_of_one_line_stand_below_each_other_and_are_called_a_clash() -> None:
    together = merged("a\nb\nc\n", "a\ntheirs\nc\n", "a\nmine\nc\n")
    assert (together.text, together.clash) == ("a\ntheirs\nmine\nc\n", True)
    ended = merged("a\nb", "a\ntheirs", "a\nmine")
    assert (ended.text, ended.clash) == ("a\ntheirs\nmine", True)


def test_the_same_change_by_both_is_one_change() -> None:
    assert merged("a\nb\n", "a\nB\n", "a\nB\n") == comparing.Merged("a\nB\n", False)
    assert merged("a\nb\nc\n", "a\nc\n", "a\nc\nd\n") == comparing.Merged("a\nc\nd\n", False)


@given(texts, texts)
def test_who_changed_nothing_takes_nothing_away(base: str, changed: str) -> None:
    assert merged(base, changed, base) == comparing.Merged(changed, False)
    assert merged(base, base, changed) == comparing.Merged(changed, False)


@given(texts, texts, texts)
def test_no_line_that_either_wrote_is_lost(base: str, theirs: str, mine: str) -> None:
    together = merged(base, theirs, mine).text.splitlines()
    for text in (theirs, mine):
        new = [line for line in text.splitlines() if line not in base.splitlines()]
        assert set(new) <= set(together)


@given(texts, texts, texts)
def test_who_is_first_changes_at_most_the_order_of_a_clash(base: str, one: str, two: str) -> None:
    here, there = merged(base, one, two), merged(base, two, one)
    assert here.clash == there.clash
    assert sorted(here.text.splitlines()) == sorted(there.text.splitlines())
    assert here.clash or here.text == there.text
