"""Engines that answer the same question: ours, and what people would otherwise build on SQLite FTS5 or tantivy.

All read the words with the site's own thesaurus and search the same stems, so that they are asked the same. Of ideas
that ours wants most of, the others want all, and they need not lift what carries the words in its name: they never have
more to do than ours.
"""

import functools
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from portal.directory.search import Record, Search
from portal.directory.search.engine import WhooshEngine
from portal.directory.search.thesaurus import TERM_MARK, Stems, Thesaurus, term
from portal.directory.search.words import stems
from tests.bench.corpus import CONTENT

# How much a word counts by where it stands: name, kind, summary, description, taxonomy. As in our index.
WEIGHTS = (4, 3, 2, 1, 5)
FACTS = ("category", "need", "access", "language", "rating", "area", "day")


@dataclass(frozen=True)
class Answer:
    """What an engine found: how many, the page of them, and the counts beside the filters (none for T)."""

    total: int
    ids: tuple[uuid.UUID, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def counts(self) -> dict[str, dict[str, int]]:
        """The facets without what counts nothing."""
        kept = {name: {code: n for code, n in each.items() if n} for name, each in self.facets.items()}
        return {name: each for name, each in kept.items() if each}


@functools.cache
def thesaurus() -> Thesaurus:
    """The site's own."""
    return Thesaurus.from_folder(CONTENT / "directory")


def token(stem: str) -> str:
    """A stem as a word that any tokenizer leaves whole."""
    return "xx" + stem.removeprefix(TERM_MARK).replace("-", "") if stem.startswith(TERM_MARK) else stem


def texts(record: Record) -> tuple[str, str, str, str]:
    """The name, kind, summary and description of a listing, with all that our index counts like them.

    Names of categories are not among them: ours gets there by the terms.
    """
    return (
        f"{record.name} {record.also}",
        record.kind,
        f"{record.summary} {record.organisation} {record.places}",
        record.description,
    )


def parts(record: Record) -> tuple[list[str], ...]:
    """The stems of those texts, and those that stand for categories and needs."""
    keys = (*record.categories, *record.needs, *record.parents)
    return (*(stems(text) for text in texts(record)), [token(term(key)) for key in keys])


def ideas(words: Thesaurus, search: Search) -> list[list[Stems]]:
    """What every result must carry: of each idea one of its ways, of each way all stems."""
    clauses = words.read(search.words).clauses
    heavy = [clause for clause in clauses if not clause.light] or list(clauses)
    return [[tuple(map(token, way)) for way in clause.ways] for clause in heavy]


class Contender(ABC):
    """An engine in the benchmark."""

    name = ""

    def add(self, row: int, record: Record) -> None:
        """One more record, in its row."""
        raise NotImplementedError  # ours, and the second on the same FTS5, are filled another way

    def finish(self) -> None:
        """All records are there to be searched."""
        raise NotImplementedError  # ours, and the second on the same FTS5, are filled another way

    def close(self) -> None:  # noqa: B027 - most have nothing to close
        """Nothing more is asked."""

    @abstractmethod
    def find(self, search: Search) -> Answer:
        """The page of results that was asked for, with the total, and with facets where there is a place."""


class Ours(Contender):
    """Whoosh's postings, scored in numpy."""

    name = "ours"

    def __init__(self, folder: Path) -> None:
        self.engine = WhooshEngine(folder, thesaurus())

    def find(self, search: Search) -> Answer:
        """Facets are always counted."""
        found = self.engine.search(search)
        return Answer(found.total, tuple(hit.id for hit in found.hits), found.facets)


def tags(record: Record) -> Iterator[tuple[str, str]]:
    """(filter, value) of a listing."""
    yield from (("category", key) for key in dict.fromkeys((*record.categories, *record.parents)))
    yield from (("need", key) for key in record.needs)
    yield from (("access", key) for key in record.access)
    yield from (("language", code) for code in record.languages)
    yield from (("area", code) for code in {venue.authority for venue in record.venues})
    yield from (("day", str(day)) for day in record.days)
    if record.rating:
        yield "rating", record.rating
    if record.free:
        yield "free", "1"
