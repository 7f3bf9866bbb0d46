"""Money: what people type and read, in whole pence, and no penny lost between."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import money
from portal.errors import Refusal
from portal.money import MOST_PENCE, pounds, rounded

amounts = st.integers(-MOST_PENCE, MOST_PENCE)


def read(text: str) -> int:
    """Pence, with words that a test can tell apart."""
    return money.pence(text, too_odd="odd", too_much="much")


@pytest.mark.parametrize(
    ("typed", "pence"),
    [("£1,234.50", 123450), ("1234.5", 123450), ("1234", 123400), (" £ 1 234.50 ", 123450), ("0.05", 5), ("0", 0),
     ("£12", 1200), ("-£3.20", -320), ("-3.2", -320), ("007", 700), ("£2,000,000.00", MOST_PENCE), ("0.29", 29),
     ("1.15", 115), ("4.35", 435), ("1,234,567.89", 123456789)],
)  # fmt: skip
def test_an_amount_is_read_as_people_type_it(typed: str, pence: int) -> None:
    assert read(typed) == pence


@pytest.mark.parametrize(
    "typed",
    ["", " ", "£", "-", "ten pounds", "1.234", "1.", ".5", "1,23", "12,34.50", "1,2345", "£-3", "--3", "1e3", "1_000",
     "£££5", "5p", "5€", "１２", "۱۲", "1.2.3", "NaN", "Infinity", "0x10", "1,234.5.", "1" * 21, "1\n2", "1\x002"],
)  # fmt: skip
def test_what_is_no_amount_is_refused_in_the_callers_words(typed: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read(typed)
    assert (refusal.value.words, refusal.value.status) == ("odd", 422)


@pytest.mark.parametrize("typed", ["2000000.01", "-£2,000,000.01", "99999999999999999999"])
def test_more_than_anybody_has_is_refused_in_other_words(typed: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read(typed)
    assert (refusal.value.words, refusal.value.status) == ("much", 422)


@pytest.mark.parametrize(
    ("pence", "words"),
    [
        (123450, "£1,234.50"),
        (0, "£0.00"),
        (5, "£0.05"),
        (-5, "-£0.05"),
        (-123456789, "-£1,234,567.89"),
        (100, "£1.00"),
    ],
)
def test_an_amount_is_said_with_its_pound_sign_and_both_pennies(pence: int, words: str) -> None:
    assert pounds(pence) == words


@given(amounts)
def test_what_is_said_is_read_as_the_same(pence: int) -> None:
    assert read(pounds(pence)) == pence


@given(amounts, amounts)
def test_no_two_amounts_are_said_alike(one: int, other: int) -> None:
    assert (pounds(one) == pounds(other)) == (one == other)


@given(st.one_of(st.text(max_size=30), st.text(alphabet="-£0123456789,. ", max_size=24)))
def test_any_text_at_all_is_an_amount_in_bounds_or_a_refusal(text: str) -> None:
    try:
        pence = read(text)
    except Refusal:
        return
    assert abs(pence) <= MOST_PENCE
    assert read(pounds(pence)) == pence


@pytest.mark.parametrize(
    ("exact", "pence"),
    [
        ("0.5", 1),
        ("1.5", 2),
        ("2.5", 3),
        ("2.4999999", 2),
        ("-0.5", -1),
        ("-2.5", -3),
        ("-2.4", -2),
        ("7", 7),
        ("0", 0),
    ],
)
def test_half_a_penny_goes_away_from_nought(exact: str, pence: int) -> None:
    assert rounded(Decimal(exact)) == pence


@given(st.decimals(-10_000_000, 10_000_000, places=6))
def test_rounding_moves_by_half_a_penny_at_most_and_the_same_way_for_debts(exact: Decimal) -> None:
    assert abs(rounded(exact) - exact) <= Decimal("0.5")
    assert rounded(-exact) == -rounded(exact)


@given(st.integers(-10_000_000, 10_000_000))
def test_whole_pence_stay_what_they_are(pence: int) -> None:
    assert rounded(Decimal(pence)) == pence
