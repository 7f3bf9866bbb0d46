"""The browser harness finds what it is there to find: a check that is blind would pass every page."""

from collections.abc import Iterator

import pytest
from flask import Flask, Response

from tests import browser
from tests.browser import MODES, Open
from tests.html_valid import validate

GOOD = """<!DOCTYPE html><html lang="en"><head><title>Good</title><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/good.css"></head>
<body><main><h1>Lunch clubs near you</h1><p>Two of them, and <a href="/1">one more</a> in Sale.</p>
<p><button type="button">Search</button></p></main></body></html>"""
GOOD_CSS = "button { min-width: 44px; min-height: 44px }"
# One thing wrong for each check, styled from a sheet because the policy forbids the rest.
BAD = """<!DOCTYPE html><html><head><title></title><link rel="stylesheet" href="/bad.css"></head>
<body><h1>One</h1><h1>Two</h1><h3>Three</h3><p class="wide">Wide</p><p class="cut">Words that nobody can read</p>
<button>x</button><a href="/1">Read more</a> <a href="/2">Read more</a><a href="/3" class="under">Under</a>
<div class="bar">A bar that stays on top</div><img src="/picture.png"></body></html>"""
BAD_CSS = """.wide { width: 2000px } .cut { width: 40px; height: 1em; overflow: hidden; white-space: nowrap }
button { padding: 0; width: 12px; height: 12px; outline: none !important }
.under { position: fixed; top: 0; left: 0 }
.bar { position: fixed; inset: 0 0 auto 0; height: 80px; background: #fff }"""
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'"


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """Two pages, one good and one with everything wrong."""
    app = Flask(__name__)
    pages = {"/": GOOD, "/bad": BAD, "/loud": GOOD.replace("<h1>", "<script>alert(1)</script><h1>")}
    pages["/far"] = GOOD.replace("<h1>", '<img src="https://far.example/a.png" alt=""><h1>')
    for path, html in pages.items():
        app.add_url_rule(
            path, path, lambda html=html: Response(html, headers={"Content-Security-Policy": POLICY})
        )
    for path, css in {"/good.css": GOOD_CSS, "/bad.css": BAD_CSS}.items():
        app.add_url_rule(path, path, lambda css=css: Response(css, content_type="text/css"))
    app.add_url_rule("/picture.png", "picture", lambda: Response(b"", content_type="image/png"))
    with browser.serving(app) as url:
        yield url


@pytest.mark.browser
@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_a_good_page_has_no_problem_in_any_mode(opened: Open, mode: browser.Mode) -> None:
    page = opened("/", mode)
    if mode.name != "no script":
        assert browser.axe(page) == []
    assert browser.layout_problems(page) == []
    assert browser.heading_problems(page) == []
    assert browser.repeated_names(page) == []
    assert browser.focus_problems(page) == []
    assert browser.focus_problems(page, backwards=True) == []


@pytest.mark.browser
def test_each_check_finds_its_own_problem(opened: Open) -> None:
    page = opened("/bad")
    found = browser.axe(page)
    assert {"html-has-lang", "image-alt", "document-title"} <= {line.split()[0] for line in found}
    assert browser.sideways_scroll(page)[1].startswith('<p.wide> "Wide" reaches from')
    assert browser.clipped_text(page) == [
        '"Words that nobody can read" is cut off by <p.cut> "Words that nobody can read"'
    ]
    assert '<button> "x" is 12 by 12 px, not 44' in browser.small_targets(page)
    assert browser.heading_problems(page) == [
        "There are 2 h1 headings",
        '<h3> "Three" follows an h1',
        "The page has no title",
    ]
    assert browser.repeated_names(page)[0].startswith('"Read more" leads to ')
    focus = browser.focus_problems(page)
    assert '<button> "x" looks the same with the focus as without' in focus
    assert '<a.under> "Under" has the focus and is under <div.bar> "A bar that stays on top"' in focus


# What an open page knows of the way in which it is read.
_READ = """() => ({
  print: matchMedia("print").matches, forced: matchMedia("(forced-colors: active)").matches,
  still: matchMedia("(prefers-reduced-motion: reduce)").matches,
  font: getComputedStyle(document.documentElement).fontSize,
  size: [innerWidth, innerHeight], dir: document.documentElement.dir, sheets: document.adoptedStyleSheets.length,
})"""


@pytest.mark.browser
def test_an_open_page_is_turned_into_every_mode_and_back(opened: Open) -> None:
    page = opened("/")
    plain = page.evaluate(_READ)
    assert plain == {
        "print": False,
        "forced": False,
        "still": False,
        "font": "16px",
        "size": [1280, 900],
        "dir": "",
        "sheets": 0,
    }
    changes: dict[str, dict[str, object]] = {
        "320 px": {"size": [320, 640]},
        "400% zoom": {"size": [320, 256]},
        "text spacing": {"sheets": 1},
        "forced colours": {"forced": True},
        "reduced motion": {"still": True},
        "print": {"print": True, "size": [672, 1000]},
        "large text": {"font": "32px"},
        "right to left": {"dir": "rtl"},
        "ordinary": {},
    }
    assert set(changes) == set(MODES) - {"no script"}
    for name, change in changes.items():
        for _twice in range(2):
            browser.settle(page, MODES[name])
            assert page.evaluate(_READ) == plain | change, name


@pytest.mark.browser
def test_keyboard_order(opened: Open) -> None:
    assert browser.tab_stops(opened("/")) == ['<a> "one more"', '<button> "Search"']


@pytest.mark.browser
@pytest.mark.parametrize(("path", "word"), [("/loud", "Content Security Policy"), ("/far", "another host")])
def test_what_happens_unseen_is_told(watch: browser.Watch, opened: Open, path: str, word: str) -> None:
    opened(path)
    assert any(word in problem for problem in watch.problems)
    watch.problems.clear()


def test_html_is_checked_against_the_standard() -> None:
    assert validate(GOOD) == []
    assert any("Duplicate ID" in problem for problem in validate(GOOD.replace("<p>", '<p id="a">')))
