"""However the index came about, whole, in parts, or half of it still pending, a search finds the same."""

import datetime as dt
import uuid
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.directory.search import Coverage, Engine, Filters, Found, Opening, Record, Search, Venue
from portal.directory.search.engine import Pending, WhooshEngine
from portal.directory.search.thesaurus import Thesaurus
from portal.geo import Place

TODAY = dt.date(2026, 11, 23)
EAST, NORTH = 379000, 391500
SYNONYMS = [
    {"same": ["stairlift", "chair lift"]},
    {"say": ["wanders at night"], "means": ["dementia-support", "telecare"]},
    {"hint": ["tired"], "means": ["sitting"]},
]
HOME = Place("M33 7ZF", EAST, NORTH, frozenset({"E08000009"}), "postcode")
WORDS = (
    "lunch",
    "club",
    "memory",
    "stairlift",
    "chair",
    "lift",
    "night",
    "wanders",
    "choir",
    "tired",
    "singing",
    "help",
)
QUERIES = ("", "lunch", "lunch club", "memory lunch club", "stairlift", "wanders about at night", "tired of singing",
           "lumch", "choi", "xyzzy", "help")  # fmt: skip

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
records = st.lists(
    st.builds(
        lambda name, summary, far, covers, only, day, free, terms, number: Record(
            id=uuid.UUID(int=number + 1),
            council="fernshire" if number % 3 else "millbrook",
            shared=bool(number % 4),
            name=name,
            summary=summary,
            categories=terms,
            venues=(Venue(EAST + far, NORTH, "E08000009"),) if far else (),
            comes_to_you=Coverage(frozenset({covers})) if covers or not far else Coverage(),
            residents_of=Coverage(frozenset({only})) if only and far else Coverage(),
            openings=(Opening(day, 600, 720),),
            days=frozenset({day}),
            free=free,
        ),
        texts,
        texts,
        st.sampled_from([0, 300, 2_000, 30_000]),
        st.sampled_from(["", "E08000009", "E08000003"]),
        st.sampled_from(["", "E08000009", "E08000003"]),
        st.integers(0, 6),
        st.booleans(),
        st.sampled_from([(), ("dementia-support",), ("telecare", "sitting"), ("lunch-clubs",)]),
        st.integers(0, 10_000),
    ),
    max_size=12,
    unique_by=lambda record: record.id,
)


class Site:
    """An engine with pending changes that a test sets."""

    def __init__(self, folder: Path) -> None:
        self.waiting = Pending()
        self.engine: Engine = WhooshEngine(folder, Thesaurus(SYNONYMS), lambda: self.waiting)


def answers(engine: Engine, query: str) -> list[tuple[object, ...]]:
    """What a search finds, with and without a place, narrowed and not."""
    found = []
    for place in (None, HOME):
        for filters in (Filters(), Filters(free=True, day=frozenset({"mon", "tue"}), minutes=630)):
            search = Search(
                council="fernshire",
                council_areas=frozenset({"E08000009"}),
                today=TODAY,
                words=query,
                place=place,
                filters=filters,
                per_page=5,
            )
            found += [
                _plain(engine.search(search)),
                _plain(engine.search(search.__class__(**{**vars(search), "page": 2}))),
            ]
    return found


def _plain(found: Found) -> tuple[object, ...]:
    hits = [(hit.id, round(hit.score, 4), hit.covers, hit.metres and round(hit.metres)) for hit in found.hits]
    facets = {name: counts for name, counts in found.facets.items() if any(counts.values())}
    return (
        hits,
        found.total,
        {name: {k: n for k, n in c.items() if n} for name, c in facets.items()},
        found.relaxed,
    )


@settings(max_examples=40, deadline=None)
@given(records, st.integers(0, 12), st.sampled_from(QUERIES))
def test_in_one_part_in_two_or_half_pending_the_same_is_found(
    tmp_path_factory: pytest.TempPathFactory, every: Sequence[Record], cut: int, query: str
) -> None:
    first, rest = every[:cut], every[cut:]
    whole, parts, pending = (Site(tmp_path_factory.mktemp("index") / "i") for _kind in range(3))
    whole.engine.rebuild(every)
    parts.engine.rebuild(first)
    parts.engine.write(rest, [])
    pending.engine.rebuild(first)
    pending.waiting = Pending(tuple(rest), frozenset(record.id for record in rest), "some")
    expected = answers(whole.engine, query)
    assert answers(parts.engine, query) == expected
    if query not in ("lumch", "choi"):  # what is pending is searched, and not looked at for spelling
        assert answers(pending.engine, query) == expected


@settings(max_examples=20, deadline=None)
@given(records, st.data())
def test_after_any_changes_the_index_is_as_if_made_anew(
    tmp_path_factory: pytest.TempPathFactory, every: list[Record], data: st.DataObject
) -> None:
    site, anew = Site(tmp_path_factory.mktemp("index") / "i"), Site(tmp_path_factory.mktemp("index") / "i")
    standing: dict[uuid.UUID, Record] = {}
    site.engine.rebuild([])
    for record in every:
        gone = data.draw(st.sampled_from([*standing, uuid.UUID(int=0)]))
        site.engine.write([record], [gone])
        standing.pop(gone, None)
        standing[record.id] = record
    anew.engine.rebuild(list(standing.values()))
    for query in ("", "lunch club", "stairlift"):
        mine, other = answers(site.engine, query), answers(anew.engine, query)
        assert [(one[1], one[2]) for one in mine] == [(one[1], one[2]) for one in other]
