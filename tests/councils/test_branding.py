"""A council's colours: whatever it chooses, its pages can be read."""

import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.councils import actions, branding
from portal.councils.branding import DEFAULTS, RULES, checked, contrast, problems, stylesheet
from portal.db import db
from portal.errors import Refusal
from tests import make

colours = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
dark, light = (st.integers(*ends).map(lambda n: f"#{n:02x}{n:02x}{n:02x}") for ends in ((0, 60), (225, 255)))
names = st.sampled_from(sorted(DEFAULTS))
palettes = st.dictionaries(names, colours, max_size=6) | st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("brand", "brand-deep", "ink", "ink-soft", "danger", "good"), dark),
        **dict.fromkeys(("tint", "paper", "accent", "line"), light),
    },
)

# Contrast of pairs that others have worked out. Source: WebAIM's contrast checker.
KNOWN = [
    ("#000000", "#ffffff", 21.0),
    ("#777777", "#ffffff", 4.48),
    ("#767676", "#ffffff", 4.54),
    ("#0000ff", "#ffffff", 8.59),
    ("#ff0000", "#ffffff", 3.99),
    ("#abcdef", "#abcdef", 1.0),
]


def relative_luminance(colour: str) -> float:
    """WCAG 2.2's own formula once more, by itself, to hold ours against."""
    total = 0.0
    for weight, at in ((0.2126, 1), (0.7152, 3), (0.0722, 5)):
        share = int(colour[at : at + 2], 16) / 255
        total += weight * (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4)
    return total


def refusal_of(palette: dict[str, str]) -> Refusal | None:
    """Why a council may not have these colours, or None when it may."""
    try:
        checked(palette)
    except Refusal as refusal:
        return refusal
    return None


@pytest.mark.parametrize(("one", "other", "ratio"), KNOWN)
def test_contrast_is_what_others_work_out(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.05)


@given(colours, colours)
def test_contrast_lies_between_one_and_twenty_one_and_knows_no_order(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) <= 21
    assert contrast(one, other) == contrast(other, one)
    assert contrast(one, one) == 1


@given(colours, colours, colours)
def test_what_is_between_two_greys_stands_out_less_than_they_do(one: str, other: str, third: str) -> None:
    low, mid, high = sorted((one, other, third), key=relative_luminance)
    assert contrast(low, mid) <= contrast(low, high) + 1e-9
    assert contrast(low, mid) * contrast(mid, high) == pytest.approx(contrast(low, high))


@given(palettes)
def test_colours_are_taken_exactly_when_every_text_on_every_ground_can_be_read(
    palette: dict[str, str],
) -> None:
    refused = refusal_of(palette)
    assert refused is None or (refused.status == 422 and refused.field in {"white", *DEFAULTS})
    written = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6});", stylesheet(palette)))
    written["white"] = "#ffffff"
    light = {name: relative_luminance(colour) + 0.05 for name, colour in written.items()}
    ratios = [max(light[a], light[b]) / min(light[a], light[b]) - least for a, b, least in RULES]
    assert (refused is None) is all(ratio >= 0 for ratio in ratios)


@given(palettes)
def test_each_pair_that_cannot_be_read_is_named_with_less_than_it_needs(palette: dict[str, str]) -> None:
    for name, why in problems(palette):
        told = re.fullmatch(
            rf"{name} on ([a-z-]+) has contrast ([0-9.]+), and needs ([0-9.]+) to be readable", why
        )
        assert told, why
        assert float(told[2]) < float(told[3])


def test_what_holds_where_nothing_is_set_can_be_read() -> None:
    assert problems({}) == []
    assert set(DEFAULTS) >= {name for rule in RULES for name in rule[:2]} - {"white"}


# What the pages promise: AAA for what is read at length, AA for the rest. Source: WCAG 2.2, 1.4.6 and 1.4.3.
PROMISED = [
    *((text, ground, 7.0) for text in ("ink", "ink-soft") for ground in ("paper", "tint")),
    *((text, ground, 4.5) for text in ("brand", "danger", "good") for ground in ("paper", "tint")),
    ("brand-deep", "tint", 7.0),
]
GREYS = [f"#{n:02x}{n:02x}{n:02x}" for n in range(256)]


@pytest.mark.parametrize(("text", "ground", "least"), PROMISED)
def test_a_text_is_refused_from_the_first_grey_on_that_is_too_pale(
    text: str, ground: str, least: float
) -> None:
    named = [any(f"{text} on {ground} has" in why for _name, why in problems({text: grey})) for grey in GREYS]
    pale = [contrast(grey, DEFAULTS[ground]) < least for grey in GREYS]
    assert named == pale
    assert any(pale)
    assert not all(pale)


@pytest.mark.parametrize(("ground", "least"), [("brand", 4.5), ("brand-deep", 7.0)])
def test_white_words_stand_on_nothing_too_pale(ground: str, least: float) -> None:
    named = [
        any(f"white on {ground} has" in why for _name, why in problems({ground: grey})) for grey in GREYS
    ]
    assert named == [contrast(grey, "#ffffff") < least for grey in GREYS]


@pytest.mark.parametrize("text", ["ink", "ink-soft", "brand", "brand-deep", "danger", "good"])
def test_no_text_may_be_the_colour_of_its_ground(text: str) -> None:
    for ground in (second for first, second, _least in RULES if first == text):
        with pytest.raises(Refusal, match="hard to read"):
            checked({text: DEFAULTS[ground]})


@pytest.mark.parametrize(
    ("palette", "words"),
    [
        ({"brand": "#FFF"}, "#fff is not a colour written like #0b5150"),
        ({"brand": "red"}, "red is not a colour written like #0b5150"),
        ({"brand": "#0b5150;} body{display:none"}, "is not a colour written like #0b5150"),
        ({"brand": "#0b5150\n"}, "is not a colour written like #0b5150"),
        ({"brand": ""}, "is not a colour written like #0b5150"),
        ({"background": "#000000"}, "background is not a colour we know"),
        ({"brand": "#ffff00"}, "brand on paper has contrast 1.0, and needs 4.5 to be readable"),
    ],
)
def test_what_cannot_stand_is_refused_with_the_reason(palette: dict[str, str], words: str) -> None:
    with pytest.raises(Refusal) as refusal:
        checked(palette)
    assert words in refusal.value.words
    assert refusal.value.field in {*palette}


def test_capitals_are_written_small() -> None:
    assert checked({"brand": "#5B2A6E"}) == {"brand": "#5b2a6e"}


def test_the_stylesheet_holds_every_colour_and_nothing_else() -> None:
    css = stylesheet({"brand": "#5b2a6e"})
    assert re.fullmatch(r":root\{(--[a-z-]+:#[0-9a-f]{6};)+\}\n", css)
    assert css.count("--") == len(DEFAULTS)
    assert "--brand:#5b2a6e;" in css


def test_a_council_sets_its_colours_or_keeps_those_it_had(each_site: Flask) -> None:
    council = make.council("millbrook")
    before = dict(council.brand)
    with pytest.raises(Refusal):
        actions.set_brand(council, {"brand": "#ffff00"})
    assert council.brand == before
    actions.set_brand(council, {"brand": "#7A1F1F"})
    db.session.commit()
    assert make.council("millbrook").brand == {"brand": "#7a1f1f"}


def test_the_made_up_councils_can_be_read(site: Flask) -> None:
    for key in ("fernshire", "millbrook", "saltmarsh"):
        assert branding.problems(make.council(key).brand) == [], key
