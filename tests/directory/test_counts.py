"""The numbers beside filters and beside ways out are what a visitor finds who follows them."""

import random

from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.db import db
from portal.directory import finding, forms, where
from portal.directory.finding import Results
from tests import make
from tests.directory import pages
from tests.instances import TODAY

Pairs = list[tuple[str, str]]
WORDS = (
    "",
    "lunch club",
    "dad wanders about at night",
    "help at home",
    "lunhc",
    "xyzzy",
    "dementia café",
    "cheap lift",
)
PLACES = ("", "M33 7ZF", "M20 2RN", "Eccles", "WA14", "ZZ99 9ZZ")
FILTERS = {
    "category": ("lunch-clubs", "help-at-home", "home-care", "health", "no-such-kind"),
    "need": ("lonely", "caring", "remembering"),
    "day": ("mon", "tue", "sat", "sun"),
    "access": ("step-free", "hearing-loop", "changing-places", "lift"),
    "language": ("ur", "cy", "pl"),
    "rating": ("Good", "Outstanding"),
    "area": ("E08000009", "E08000006"),
    "time": ("10:00", "18:30", "23:00", "02:00"),
    "age": ("17", "45", "72"),
    "free": ("1",),
    "within": ("1", "10", "40"),
}
one_filter = st.one_of(
    [st.tuples(st.just(name), st.sampled_from(values)) for name, values in FILTERS.items()]
)
searches = st.builds(
    lambda words, place, filters: [("q", words), ("postcode", place), *filters],
    st.sampled_from(WORDS),
    st.sampled_from(PLACES),
    st.lists(one_filter, max_size=3),
)
slow = settings(max_examples=40, deadline=None)
# Of a filter that was chosen several values are looked at, of an example a few filters.
LOOKED_AT = 5


def found(app: Flask, pairs: Pairs, key: str = "fernshire") -> Results:
    """The results of an address on a council's site; their listings stay readable."""
    with app.test_request_context():
        council, asked = make.council(key), forms.asked(MultiDict(pairs))
        results = finding.find(council, asked, where.locate(council, asked, {}), TODAY)
        db.session.expunge_all()
    return results


def with_one(pairs: Pairs, name: str, value: str) -> Pairs:
    """The search with a value chosen: of access features all are needed, of everything else any will do."""
    kept = [pair for pair in pairs if pair[0] != name or name == "access"]
    return [*kept, (name, value)]


@slow
@given(searches, st.sampled_from(["fernshire", "millbrook", "saltmarsh"]), st.integers(0, 1_000))
def test_each_count_is_what_choosing_it_finds(app: Flask, pairs: Pairs, key: str, seed: int) -> None:
    here = found(app, pairs, key)
    counts = [(group.name, option.value, option.count) for group in here.groups for option in group.options]
    counts.append(("free", "1", here.free_count))
    for name, value, count in random.Random(seed).sample(counts, min(LOOKED_AT, len(counts))):
        assert found(app, with_one(pairs, name, value), key).total == count, (name, value)


@slow
@given(searches)
def test_a_way_out_of_nothing_leads_to_as_many_as_it_says(app: Flask, pairs: Pairs) -> None:
    here = found(app, pairs)
    assert not (here.ways and here.total)
    for way in here.ways:
        with app.test_request_context(way.address) as context:
            there = found(app, list(context.request.args.items(multi=True)))
        assert there.total > 0
        assert way.words.endswith(f"({there.total})"), way


@settings(max_examples=12, deadline=None)
@given(searches)
def test_pages_follow_on_without_gaps_or_repeats(app: Flask, pairs: Pairs) -> None:
    seen: list[object] = []
    page = last = 1
    while page <= last:
        here = found(app, [*pairs, ("page", str(page))])
        assert here.page == page
        assert [row.number for row in here.rows] == list(range(len(seen) + 1, len(seen) + len(here.rows) + 1))
        seen += [row.service.id for row in here.rows]
        page, last = page + 1, here.last_page
        assert here.total == len(seen) or page <= last
    assert len(seen) == len(set(seen))


@slow
@given(searches, st.sampled_from(["distance", "name"]))
def test_another_order_finds_the_same(app: Flask, pairs: Pairs, sort: str) -> None:
    best, other = found(app, pairs), found(app, [*pairs, ("sort", sort)])
    assert other.total == best.total
    assert [group.options for group in other.groups] == [group.options for group in best.groups]


def test_the_page_shows_the_same_numbers(app: Flask) -> None:
    client = app.test_client()
    page = pages.find(client, q="lunch", postcode="M33 7ZF")
    assert page.counts.keys() >= {"category", "need", "day", "access", "free"}
    for name in ("category", "day", "access", "free"):
        value, count = next(iter(page.counts[name].items()))
        there = pages.find(client, q="lunch", postcode="M33 7ZF", **{name: value})
        assert there.total == count


def test_browsing_says_how_many_there_are(app: Flask) -> None:
    client = app.test_client()
    html = client.get("/browse").text
    listed = html.split('href="/find?category=lunch-clubs">')[1]
    count = int(listed.split("(")[1].split(")")[0])
    assert pages.find(client, category="lunch-clubs").total == count > 0
