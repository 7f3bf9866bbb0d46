"""tantivy with its own filters and aggregations, as far as they go."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from portal.directory.search import DAYS, Filters, Record, Search
from tests.bench.engines import FACTS, WEIGHTS, Answer, Contender, ideas, parts, tags, thesaurus

tantivy: Any
try:
    import tantivy
except ImportError:  # one of the development packages
    tantivy = None


def is_installed() -> bool:
    """True where it is there to be measured."""
    return tantivy is not None


class Tantivy(Contender):
    """It has no distance: squares stand for circles, and BM25 alone for the rank."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self.words = thesaurus()
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
        for name in (*FACTS, "free"):
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        for name in ("comes", "residents", "council"):
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        for name in (
            "easting",
            "northing",
            "west",
            "east",
            "south",
            "north",
            "last_on",
            "row",
            "shared",
            "catchment",
        ):
            builder.add_integer_field(name, indexed=True, fast=True)
        self.schema = builder.build()
        folder.mkdir(parents=True, exist_ok=True)
        self.index = tantivy.Index(self.schema, path=str(folder))
        self.index.register_tokenizer(
            "whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        self.ids: list[uuid.UUID] = []
        self._writer = self.index.writer(heap_size=1_000_000_000, num_threads=1)  # one, for few segments
        self.searcher: Any = None

    def add(self, row: int, record: Record) -> None:
        """The record is a document."""
        self._writer.add_document(tantivy.Document.from_dict(_document(row, record), self.schema))
        self.ids.append(record.id)

    def finish(self) -> None:
        """Everything is committed and merged."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def find(self, search: Search) -> Answer:
        """One search for the page and the total, one pass for the facets, and one more for each filter that is set."""
        must = [self._text(search), self._unscored(self._visible(search))]
        if search.place:
            must.append(self._unscored(self._near(search)))
        filters = dict(self._filters(search.filters))
        everything = self._all([*must, *filters.values()])
        found = self.searcher.search(everything, limit=search.per_page, count=True)
        addresses = [address for _score, address in found.hits]
        rows = self.searcher.fast_field_values("row", addresses) if addresses else []
        facets = self._facets(must, filters, everything) if search.place else {}
        return Answer(found.count, tuple(self.ids[row] for row in rows), facets)

    def _facets(
        self, must: Sequence[Any], filters: Mapping[str, Any], everything: Any
    ) -> dict[str, dict[str, int]]:
        own = [name for name in filters if name != "access"]
        counts = self._count(everything, [name for name in (*FACTS, "free") if name not in own])
        for name in own:
            others = [test for other, test in filters.items() if other != name]
            counts |= self._count(self._all([*must, *others]), [name])
        return counts

    def _count(self, query: Any, names: Sequence[str]) -> dict[str, dict[str, int]]:
        asked = {name: {"terms": {"field": name, "size": 200}} for name in names}
        found = self.searcher.aggregate(query, asked)
        return {
            name: {bucket["key"]: bucket["doc_count"] for bucket in found[name]["buckets"]} for name in names
        }

    def _term(self, name: str, value: Any) -> Any:
        return tantivy.Query.term_query(
            self.schema, name, value, index_option="freq" if name == "text" else "basic"
        )

    def _among(self, name: str, low: int | None, high: int | None) -> Any:
        return tantivy.Query.range_query(self.schema, name, tantivy.FieldType.Integer, low, high)

    @staticmethod
    def _all(queries: Sequence[Any]) -> Any:
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])

    @staticmethod
    def _any(queries: Sequence[Any]) -> Any:
        return (
            queries[0]
            if len(queries) == 1
            else tantivy.Query.boolean_query([(tantivy.Occur.Should, q) for q in queries])
        )

    @staticmethod
    def _unscored(query: Any) -> Any:
        return tantivy.Query.const_score_query(query, 0.0)

    def _text(self, search: Search) -> Any:
        ways = [
            [
                self._all([self._term("text", stem) for stem in way])
                if len(way) > 1
                else self._term("text", way[0])
                for way in idea
            ]
            for idea in ideas(self.words, search)
        ]
        return self._all([self._any(idea) for idea in ways])

    def _visible(self, search: Search) -> Any:
        seen = self._any([self._term("shared", 1), self._term("council", search.council)])
        standing = self._any(
            [self._term("last_on", 0), self._among("last_on", search.today.toordinal(), None)]
        )
        return self._all([seen, standing])

    def _near(self, search: Search) -> Any:
        place = search.place
        assert place
        codes = sorted(place.areas | {"ALL"})
        reach = round(search.within)
        venue = [
            self._among("easting", place.easting - reach, place.easting + reach),
            self._among("northing", place.northing - reach, place.northing + reach),
            self._any(
                [self._term("catchment", 0), tantivy.Query.term_set_query(self.schema, "residents", codes)]
            ),
        ]
        circle = [
            self._among("west", None, place.easting),
            self._among("east", place.easting, None),
            self._among("south", None, place.northing),
            self._among("north", place.northing, None),
        ]
        covered = tantivy.Query.term_set_query(self.schema, "comes", codes)
        return self._any([self._all(venue), self._all(circle), covered])

    def _filters(self, filters: Filters) -> Iterator[tuple[str, Any]]:
        chosen: dict[str, Sequence[str]] = {
            "category": sorted(filters.category),
            "need": sorted(filters.need),
            "day": [str(DAYS.index(day)) for day in sorted(filters.day)],
            "access": sorted(filters.access),
            "free": ["1"] if filters.free else [],
        }
        for fact, codes in chosen.items():
            if codes:
                yield fact, self._unscored(self._any([self._term(fact, code) for code in codes]))


def _document(row: int, record: Record) -> dict[str, Any]:
    """A listing as tantivy takes it: weights by repetition, circles as squares."""
    text = [stem for part, weight in zip(parts(record), WEIGHTS, strict=True) for stem in part * weight]
    found: dict[str, Any] = {name: [] for name in (*FACTS, "free")}
    for fact, code in tags(record):
        found[fact].append(code)
    circles = record.comes_to_you.circles
    return {
        **found,
        "text": " ".join(text),
        "row": row,
        "council": record.council,
        "shared": int(record.shared),
        "catchment": int(bool(record.residents_of)),
        "comes": sorted(record.comes_to_you.codes),
        "residents": sorted(record.residents_of.codes),
        "easting": [venue.easting for venue in record.venues],
        "northing": [venue.northing for venue in record.venues],
        "west": [c.easting - c.metres for c in circles],
        "east": [c.easting + c.metres for c in circles],
        "south": [c.northing - c.metres for c in circles],
        "north": [c.northing + c.metres for c in circles],
        "last_on": record.last_on.toordinal() if record.last_on else 0,
    }
