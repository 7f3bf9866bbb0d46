"""The demonstration reads as if it were real, names nobody who is, and has one of every awkward case."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from babel import Locale
from flask import Flask

from portal import geo
from portal.councils.models import Area
from portal.db import db
from portal.directory import content
from portal.directory.models import KINDS, STATES, Service
from portal.directory.search.thesaurus import Thesaurus, read_yaml, term
from portal.postcodes import Found, Postcodes
from tests.conftest import ROOT

CONTENT = ROOT / "content"
Row = dict[str, Any]
_TOWN = re.compile(r"[\w.-]+\.(?:com|org|net|uk|gov|info|wales|scot|io|eu)\b(?:\.\w+)*")
_OURS = re.compile(r"(?:.*\.)?example\.(?:org|com)")
_NUMBER = re.compile(r"(?<![\w£.])(?:\+44|0)[\d ]{8,13}\d")
# Numbers that are never given to anybody. Source: Ofcom, telephone numbers for use in TV and radio drama programmes.
_DRAMA = re.compile(r"01632960\d{3}|01614960\d{3}|07700900\d{3}|0808157\d{4}")
ENGLISH = Locale("en").languages
# As many words in a row are no chance, in as many listings no quotation.
RUN, OFTEN = 8, 3


@pytest.fixture(scope="module")
def files() -> list[Row]:
    """The files of the demonstration's listings."""
    found: list[Row] = [read_yaml(path) for path in sorted((CONTENT / "demo" / "listings").glob("*.yaml"))]
    return found


@pytest.fixture(scope="module")
def listings(files: list[Row]) -> list[Row]:
    """Every listing of the demonstration."""
    return [row for file in files for row in file["listings"]]


@pytest.fixture(scope="module")
def organisations(files: list[Row]) -> list[Row]:
    """Every organisation of the demonstration."""
    return [row for file in files for row in file["organisations"]]


@pytest.fixture(scope="module")
def councils() -> dict[str, Row]:
    """The three made-up councils."""
    return {row["key"]: row for row in read_yaml(CONTENT / "demo" / "councils.yaml")}


@pytest.fixture(scope="module")
def store(local_postcodes: Path) -> Postcodes:
    """Where postcodes are."""
    return Postcodes(local_postcodes)


def texts(value: object) -> Iterator[str]:
    """Every text in a row, however deep."""
    if isinstance(value, dict):
        for below in value.values():
            yield from texts(below)
    elif isinstance(value, list):
        for below in value:
            yield from texts(below)
    elif isinstance(value, str):
        yield value


def test_there_are_four_hundred_published_listings_of_every_council_and_kind(
    app: Flask, listings: list[Row], councils: dict[str, Row]
) -> None:
    with app.app_context():
        published = db.session.scalars(sa.select(Service).where(Service.state == "published")).all()
        assert len(published) >= 400
        assert len({service.council_id for service in published}) == len(councils)
        assert {service.kind for service in published} == set(KINDS)
        db.session.remove()
    assert {row.get("state", "published") for row in listings} <= set(STATES)


def test_no_phrase_is_written_again_and_again(listings: list[Row]) -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for row in listings:
        for text in texts(row):
            words = re.findall(r"[\w’']+", text.lower())
            for at in range(len(words) - RUN + 1):
                where[" ".join(words[at : at + RUN])].add(row["key"])
    assert {run: sorted(keys) for run, keys in where.items() if len(keys) > OFTEN} == {}


def test_keys_and_names_stand_once(listings: list[Row], organisations: list[Row], files: list[Row]) -> None:
    keys = [row["key"] for row in listings]
    assert len(keys) == len(set(keys))
    for file in files:
        own = {row["key"] for row in file["organisations"]}
        assert len(own) == len(file["organisations"])
        assert {row["organisation"] for row in file["listings"]} == own, (
            "everybody runs something, and is there"
        )
    names = [(row["council"], row["name"]) for row in listings]
    assert len(names) == len(set(names))


def test_every_address_on_the_web_and_for_mail_is_nobodys(
    listings: list[Row], organisations: list[Row]
) -> None:
    odd = [
        (row["key"], found)
        for row in (*listings, *organisations)
        for text in texts(row)
        for found in _TOWN.findall(text)
        if not _OURS.fullmatch(found)
    ]
    assert odd == []
    mails = [text for row in (*listings, *organisations) for text in texts(row) if "@" in text]
    assert len(mails) > 100
    assert [mail for mail in mails if not re.search(r"@(?:[\w-]+\.)*example\.(?:org|com)\b", mail)] == []


def test_every_telephone_number_is_nobodys(listings: list[Row], organisations: list[Row]) -> None:
    numbers = [
        (row["key"], number)
        for row in (*listings, *organisations)
        for text in texts(row)
        for number in _NUMBER.findall(text)
    ]
    assert len(numbers) > 300
    assert [pair for pair in numbers if not _DRAMA.fullmatch(pair[1].replace(" ", ""))] == []
    phones = [str(row["phone"]) for row in (*listings, *organisations) if row.get("phone")]
    assert [phone for phone in phones if not _NUMBER.fullmatch(phone)] == []


def test_every_term_language_and_area_is_known(listings: list[Row]) -> None:
    taxonomy = read_yaml(CONTENT / "directory" / "taxonomy.yaml")
    known = {
        section: {row["key"] for row, _above in content._rows(taxonomy[section])}
        for section in ("categories", "needs", "access", "marks")
    }
    for row in listings:
        assert row["categories"], row["key"]
        assert set(row["categories"]) <= known["categories"], row["key"]
        assert set(row.get("needs", ())) <= known["needs"], row["key"]
        assert {mark["kind"] for mark in row.get("marks", ())} <= known["marks"], row["key"]
        for venue in row.get("venues", ()):
            assert set(venue.get("access", ())) <= known["access"], row["key"]
        assert {code for code in row.get("languages", ()) if code not in ENGLISH} <= {"bfi", "bsl"}, row[
            "key"
        ]


def test_every_area_that_is_covered_is_one_of_the_region(app: Flask, listings: list[Row]) -> None:
    with app.app_context():
        known = {*db.session.scalars(sa.select(Area.code)), "ALL"}
        db.session.remove()
    covered = {
        (row["key"], code)
        for row in listings
        for code in (*row.get("comes_to_you", {}).get("areas", ()), *row.get("residents_of", ()))
    }
    assert [pair for pair in sorted(covered) if pair[1] not in known] == []


def test_every_postcode_is_placed_and_inside_its_council(
    listings: list[Row], councils: dict[str, Row], store: Postcodes
) -> None:
    odd = []
    region = {code for council in councils.values() for code in council["areas"]}
    for row in listings:
        # What goes out to people may have its office over the border.
        within = region if row.get("comes_to_you") else set(councils[row["council"]]["areas"])
        typed = [venue["postcode"] for venue in row.get("venues", ())]
        for postcode in (*typed, *filter(None, [row.get("comes_to_you", {}).get("from")])):
            parsed = geo.parse(postcode)
            found = store.find(parsed) if parsed else None
            whole = isinstance(found, Found) and found.place.kind == "postcode" and not found.caveats
            if not (whole and isinstance(found, Found) and within & found.place.areas):
                odd.append((row["key"], postcode))
    assert odd == []


AWKWARD: dict[str, Callable[[Row], object]] = {
    "no venue": lambda row: not row.get("venues"),
    "several venues": lambda row: len(row.get("venues", ())) > 1,
    "a ward": lambda row: any(code.startswith("X05") for code in row.get("comes_to_you", {}).get("areas", ())),
    "a radius": lambda row: "radius_miles" in row.get("comes_to_you", {}),
    "a whole county": lambda row: any(
        code.startswith("E08") for code in row.get("comes_to_you", {}).get("areas", ())
    ),
    "a venue for residents only": lambda row: row.get("venues") and row.get("residents_of"),
    "an office that also goes out": lambda row: row.get("venues") and row.get("comes_to_you"),
    "the whole country": lambda row: "ALL" in row.get("comes_to_you", {}).get("areas", ()),
    "a season": lambda row: any("from" in time for time in row.get("times", ())),
    "weeks of the month": lambda row: any("weeks" in time for time in row.get("times", ())),
    "over midnight": lambda row: any(
        time.get("closes") and time["closes"] < time["opens"] for time in row.get("times", ()) if time.get("opens")
    ),
    "times of a venue's own": lambda row: any("times" in venue for venue in row.get("venues", ())),
    "by appointment": lambda row: row.get("appointment"),
    "dates": lambda row: row.get("dates"),
    "a cost in words": lambda row: any("including" in cost["text"] for cost in row.get("costs", ())),
    "free": lambda row: row.get("free"),
    "Welsh": lambda row: row.get("welsh"),
    "another language": lambda row: row.get("languages"),
    "a long name": lambda row: len(row["name"]) > 100,
    "other names": lambda row: row.get("also"),
    "youngest and oldest": lambda row: {"min", "max"} <= row.get("ages", {}).keys(),
    "a regulator's ratings by domain": lambda row: len(row.get("cqc", {})) > 3,
    "not rated yet": lambda row: row.get("cqc", {}).get("overall") == "Not yet rated",
    "overdue": lambda row: row["checked_days_ago"] > 182,
    "for its own council only": lambda row: row.get("sharing") == "own",
    "a mark that has expired": lambda row: any(mark.get("expires_in_days", 1) < 0 for mark in row.get("marks", ())),
    "unpublished": lambda row: row.get("state", "published") != "published",
    "no telephone": lambda row: not row.get("phone"),
    "places free": lambda row: row.get("vacancies"),
}  # fmt: skip


@pytest.mark.parametrize("case", AWKWARD)
def test_every_awkward_case_is_there(listings: list[Row], case: str) -> None:
    assert any(AWKWARD[case](row) for row in listings)


def test_every_need_and_most_kinds_of_help_have_something(listings: list[Row]) -> None:
    taxonomy = read_yaml(CONTENT / "directory" / "taxonomy.yaml")
    used = {key for row in listings for key in (*row["categories"], *row.get("needs", ()))}
    needs = {row["key"] for row in taxonomy["needs"]}
    kinds = {row["key"] for row, above in content._rows(taxonomy["categories"]) if above}
    assert needs <= used
    assert sorted(kinds - used) == []


def test_the_synonyms_are_five_hundred_or_more_without_a_problem() -> None:
    rows = read_yaml(CONTENT / "directory" / "synonyms.yaml")
    assert len([row for row in rows if row.get("say")]) >= 500
    assert content.lint(CONTENT) == []


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("wanders at night", {"dementia-support", "telecare"}),
        ("cannot manage the shopping", {"housework", "shopping", "meals-delivered"}),
        ("at the end of my tether", {"carers-breaks"}),
    ],
)
def test_peoples_own_words_lead_where_the_issue_says(words: str, means: set[str]) -> None:
    reading = Thesaurus.from_folder(CONTENT / "directory").read(words)
    ways = {way for clause in reading.clauses for way in clause.ways}
    assert {(term(key),) for key in means} <= ways
