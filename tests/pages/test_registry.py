"""Nothing is left out: every page of the site is read in the browser, and tells itself apart by its title."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.selfhelp import word_file
from tests.pages.reader import Reader, Sites
from tests.pages.states import STATES

# What answers a GET and is no page: nobody reads it in a browser. Address -> what it is.
BESIDE = {
    "/healthz": "text/plain",
    "/readyz": "text/plain",
    "/robots.txt": "text/plain",
    "/brand.css": "text/css",
    "/account/factors/authenticator.svg": "image/svg+xml",
    "/account/data/file.json": "application/json",
    "/boards/personal-assistant/contract/pa-contract.docx": word_file.MIME,
    "/account/data/file.html": "text/html",  # is saved and read from there: test_files.py
}


def routes(app: Flask) -> set[str]:
    """Every route that answers a GET."""
    rules = app.url_map.iter_rules()
    return {rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.build_only}


def test_every_route_is_read_in_some_state(sites: Sites, reader: Reader) -> None:
    app = sites["demonstration"].app
    adapter = app.url_map.bind("localhost")
    beside = {adapter.match(address, return_rule=True)[0].rule for address in BESIDE}
    read = set()
    for state in STATES.values():
        if state.status != 404:
            rule, _parts = adapter.match(urlsplit(reader.address(state)).path, return_rule=True)
            read.add(rule.rule)
    assert routes(app) - beside == read


def test_what_is_no_page_says_what_it_is(reader: Reader) -> None:
    client = reader.client(STATES["account"])
    assert {address: client.get(address).mimetype for address in BESIDE} == BESIDE


@pytest.fixture(scope="module")
def pages(reader: Reader) -> dict[str, str]:
    """The HTML of every state that is there as soon as its address is asked, by the state's name."""
    return {name: reader.ask(state).text for name, state in STATES.items() if state.then is None}


@pytest.fixture(scope="module")
def titles(pages: dict[str, str]) -> dict[str, str]:
    """The title of each of these pages."""
    return {
        name: unescape(page.partition("<title>")[2].partition("</title>")[0]) for name, page in pages.items()
    }


def _subject(answer: TestResponse) -> tuple[str, ...]:
    """What a page is about: its path, and what was asked there. Other filters may leave a title as it is."""
    parts = urlsplit(answer.request.url)
    asked = parse_qs(parts.query)
    return (parts.path, *(",".join(asked.get(name, ())).strip() for name in ("q", "postcode", "near")))


def test_pages_about_different_things_have_different_titles(reader: Reader, titles: dict[str, str]) -> None:
    about: dict[str, set[tuple[str, ...]]] = {}
    for name, title in titles.items():
        if STATES[name].status == 200 and not STATES[name].wrong:
            about.setdefault(title, set()).add(_subject(reader.ask(STATES[name])))
    assert [(title, subjects) for title, subjects in about.items() if len(subjects) > 1] == []


def test_a_title_says_first_when_something_could_not_be_used(titles: dict[str, str]) -> None:
    said = {name for name, title in titles.items() if title.startswith("Error: ")}
    assert said == {name for name in titles if STATES[name].wrong}


def test_every_title_ends_in_the_name_of_the_councils_site(titles: dict[str, str]) -> None:
    names = {
        "localhost": "Fernshire Living Well",
        "millbrook.localhost": "Millbrook Help and Care",
        "saltmarsh.localhost": "Saltmarsh Well Together",
    }
    for name, title in titles.items():
        site = "Living Well" if STATES[name].site == "bare" else names[STATES[name].host]
        assert title.endswith(f" – {site}"), name


def test_help_is_in_the_same_place_on_every_page(pages: dict[str, str]) -> None:
    """WCAG 2.2, 3.2.6: first in the footer; then the way to leave a shared computer."""
    order = [
        "<main",
        "</main>",
        "<footer",
        'class="help"',
        "tel:999",
        "tel:111",
        'class="finish"',
        "</footer>",
    ]
    for name, page in pages.items():
        places = [page.rfind(part) for part in order]
        assert -1 not in places, name
        assert places == sorted(places), name


def test_buttons_that_come_again_and_again_have_names_of_their_own(pages: dict[str, str]) -> None:
    checked = 0
    for name, page in pages.items():
        forms = re.findall(r'<form class="add".*?</form>', page, re.S)
        names = [re.sub(r"<[^>]+>", "", form.partition("<button")[2].partition(">")[2]) for form in forms]
        assert len(set(names)) == len(names), name
        checked += len(names)
    assert checked > 100
