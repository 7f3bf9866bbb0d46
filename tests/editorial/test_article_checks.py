"""What the checks say of an article: each fault is named, and a good one has none."""

import datetime as dt

import pytest

from portal.editorial import plain_words
from portal.editorial.article_checks import check_article, check_page
from portal.editorial.kinds import Around, Finding
from tests.editorial.writing import TODAY, article

KEYS = {
    "article": frozenset({"keeping-warm", "falls"}),
    "need": frozenset({"home"}),
    "category": frozenset({"heating"}),
}
AROUND = Around("keeping-warm", TODAY, KEYS)


def found(body: str, around: Around = AROUND) -> list[Finding]:
    return check_article(body, around)


def test_a_good_article_has_no_finding() -> None:
    text = "Read [about falls](article:falls) or [the NHS](https://www.nhs.uk/).\n\n## Now\n\n### Today\n\nWarm up.\n"
    assert found(article(text=text, needs="home", categories="heating")) == []


@pytest.mark.parametrize(
    ("was", "becomes", "level", "where"),
    [
        ("id: keeping-warm", "id: kept-warm", "error", "id"),
        ('title: "Keeping warm"', 'title: ""', "error", "title"),
        ('title: "Keeping warm"', 'title: "Keeping warm', "error", "front matter"),
        ("theme: home", "theme: garden", "error", "theme"),
        ("theme: home", "theme: money", "", ""),
        ("next: 2027-05-01", "next: 2028-05-01", "error", "review"),
        ("next: 2027-05-01", "next: 2026-11-01", "error", "review"),
        ("next: 2027-05-01", "then: 2027-05-01", "error", "review"),
        ("last: 2026-11-20, next: 2027-05-01", "last: 2026-01-01, next: 2026-06-01", "warning", "review"),
        ("sensitive: false", "sensitive: maybe", "error", "sensitive"),
        ("sensitive: false", "sensitiv: false", "error", "sensitive"),
        ("owner: adult-social-care\n", "", "warning", "owner"),
        ('short: "Keep one room warm."\n', "", "warning", "short"),
        ("https://www.nhs.uk/keep-warm", "www.nhs.uk", "error", "source 1"),
        (", checked: 2026-11-20}", "}", "warning", "source 1"),
        ("needs: []", "needs: [no-such-need]", "error", "related"),
        ("needs: []", "meeds: []", "warning", "related"),
        ("Wear a hat indoors.", "", "error", "text"),
        ("Wear a hat indoors.", "# Hats", "error", "heading"),
        ("Wear a hat indoors.", "## Hats\n\n#### Wool", "warning", "heading"),
        ("Wear a hat indoors.", "[hats](article:hats)", "error", "link"),
        ("Wear a hat indoors.", "[hats](hats.html)", "error", "link"),
        ("Wear a hat indoors.", "[here](https://hats.example.org)", "warning", "link"),
        ("Wear a hat indoors.", "```warning\n[hats](article:hats)\n```", "error", "link"),
        ("Wear a hat indoors.", "```danger\nCold!\n```", "error", "block"),
        ("Wear a hat indoors.", "```steps\n```", "error", "block"),
        ("Wear a hat indoors.", "![](https://hats.example.org/hat.png)", "error", "picture"),
        ("Wear a hat indoors.", "```video\ntitle: Hats\n```", "error", "video"),
    ],
)  # fmt: skip
def test_each_fault_is_named(was: str, becomes: str, level: str, where: str) -> None:
    assert was in article()
    named = {(finding.level, finding.where) for finding in found(article().replace(was, becomes))}
    assert (level, where) in named if level else not named


def test_money_and_safety_are_looked_at_within_six_months() -> None:
    eleven_months = {"next": "2027-10-01"}
    assert found(article(**eleven_months)) == []
    assert [one.where for one in found(article(theme="money", **eleven_months))] == ["review"]
    assert [one.where for one in found(article(theme="safe", **eleven_months))] == ["review"]


def test_a_finding_names_the_line_of_the_file() -> None:
    body = article(text="One.\n\n```warning\nTwo.\n\n[hats](article:hats)\n```\n")
    (wrong,) = found(body)
    assert wrong.line
    assert "article:hats" in body.splitlines()[wrong.line - 1]


def test_what_nobody_can_know_is_not_held_against_an_article() -> None:
    body = article(text="[hats](article:hats)\n", needs="warmth")
    assert found(body, Around("keeping-warm", TODAY, {})) == []


def test_a_page_needs_no_sources_and_no_theme() -> None:
    body = "---\nid: about\ntitle: About us\nsummary: Who we are.\n---\nWe are here.\n"
    assert check_page(body, Around("about", TODAY)) == []
    assert check_page("No front matter.\n", Around("about", TODAY))[0].where == "front matter"


def test_a_date_of_the_past_is_said_from_the_day_after() -> None:
    on_the_day = Around("keeping-warm", dt.date(2027, 5, 1), KEYS)
    assert found(article(), on_the_day) == []
    assert found(article(), Around("keeping-warm", dt.date(2027, 5, 2), KEYS))[0].words == "it was due"


# Plain words


def test_long_sentences_and_words_with_plainer_ones_are_shown() -> None:
    long = "You can " + "really " * 24 + "do it."
    said = plain_words.advice(f"{long} Purchase additional items. Buy more.")
    assert [(one.level, one.todo) for one in said][:3] == [
        ("advice", "make two of it"),
        ("advice", "buy"),
        ("advice", "more, extra"),
    ]
    assert plain_words.advice("Buy more. Go home.") == []


def test_lix_counts_words_in_a_sentence_and_long_words_in_a_hundred() -> None:
    ten_words = "The old cat sat on the new mat all day."
    assert plain_words.measure(ten_words) == plain_words.Measure(10, 1, 10)
    assert plain_words.measure("Understanding everything requires considerable concentration.").lix == 105
    assert plain_words.measure("") == plain_words.Measure(0, 0, 0)
