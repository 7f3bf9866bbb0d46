"""How well searches answer what people ask: nDCG@10 of the site's own results, plain BM25 and SQLite FTS5.

All three search the same texts and the same listings near the same place. The site is asked as a visitor asks it.
Queries and grades are in tune.yaml and report.yaml beside this file, and README.md says how they came to be.
"""

import math
import re
import sqlite3
import uuid
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal import clock, seed
from portal.councils.models import Council
from portal.db import db
from portal.directory import forms, indexing, where
from portal.directory.models import Service
from portal.directory.search import Record, Search
from portal.directory.search.engine import MOST_ROWS
from portal.directory.search.records import Recorder
from portal.directory.search.thesaurus import read_yaml
from portal.directory.search.words import tokens

with warnings.catch_warnings():
    # Whoosh 2.7.4 has a few old escapes in its strings, which Python 3.12 and later remark on.
    warnings.simplefilter("ignore")
    from whoosh import fields, query, scoring
    from whoosh.analysis import StemmingAnalyzer
    from whoosh.filedb.filestore import RamStorage

FOLDER = Path(__file__).parent
HALVES = ("tune", "report")
KINDS = ("plain", "own-words", "misspelt", "name")
DEPTH = 10
# What plain engines weigh the parts of a listing by: the same as the site's own index does.
_WEIGHTS = {"name": 4.0, "kind": 3.0, "summary": 2.0, "description": 1.0}
_RESULT = re.compile(r'data-result="([0-9a-f-]{36})"')

# A query -> keys of listings, the best first.
Ranker = Callable[["Query"], list[str]]


@dataclass(frozen=True, eq=False)
class Query:
    """What somebody asks, and the listings that answer it: key -> 1 worth showing, 2 good, 3 just right."""

    words: str
    place: str
    half: str
    kind: str
    right: Mapping[str, int]


Scores = Mapping[Query, float]


def queries(folder: Path = FOLDER) -> list[Query]:
    """The labelled queries. Raises ValueError for one that cannot be judged."""
    found = [
        Query(str(row["q"]), str(row["place"]), path.stem, row["kind"], row["right"])
        for path in sorted(folder.glob("*.yaml"))
        for row in read_yaml(path)
    ]
    for one in found:
        if one.half not in HALVES or one.kind not in KINDS or not one.right:
            raise ValueError(f"“{one.words}” has no known half and kind, or no right answer")
        if not set(one.right.values()) <= {1, 2, 3}:
            raise ValueError(f"“{one.words}” has grades other than 1, 2 and 3")
    return found


def ndcg(found: Sequence[str], right: Mapping[str, int], depth: int = DEPTH) -> float:
    """How good the first results are: 1 is the best order there could be, 0 is nothing right.

    Source: Järvelin and Kekäläinen (2002), with the gains 2^grade - 1 of Burges et al. (2005).
    """
    ideal = _gain(sorted(right.values(), reverse=True)[:depth])
    return _gain([right.get(key, 0) for key in found[:depth]]) / ideal if ideal else 0.0


def _gain(grades: Iterable[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(at + 2) for at, grade in enumerate(grades))


class Judge:
    """The demonstration, asked by the site and by the plain engines. Within the app's context."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        rows = db.session.execute(
            sa.select(Service.id, Service.source_id).where(Service.source == seed.SOURCE)
        )
        self.keys: dict[uuid.UUID, str] = {row.id: row.source_id for row in rows}
        self.records = list(Recorder(db.session()).all())
        self._near: dict[str, frozenset[str]] = {}

    def rankers(self) -> dict[str, Ranker]:
        """Everything that is compared, by its name."""
        return {"ours": self.ours, "plain BM25": plain_bm25(self), "SQLite FTS5": sqlite_fts5(self)}

    def check(self, asked: Iterable[Query]) -> None:
        """Raises ValueError where a right answer is no listing of the demonstration."""
        unknown = {key for one in asked for key in one.right} - set(self.keys.values())
        if unknown:
            raise ValueError(f"no such listings: {', '.join(sorted(unknown))}")

    def ours(self, one: Query) -> list[str]:
        """The first page of results on the default council's site."""
        asked = {"q": one.words, "postcode": one.place}
        page = self.client.get("/find", query_string=asked)
        if page.status_code != 200:
            raise ValueError(f"“{one.words}” was answered with {page.status}")
        return [self.keys[uuid.UUID(found)] for found in _RESULT.findall(page.text)]

    def near(self, one: Query) -> frozenset[str]:
        """The keys of all that the site would show for this place, whatever the words."""
        if one.place not in self._near:
            with self.app.test_request_context():
                council = db.session.scalars(sa.select(Council).where(Council.is_default)).one()
                place = where.locate(council, forms.asked(MultiDict({"postcode": one.place})), {}).place
                found = indexing.engine().search(
                    Search(
                        council=council.key,
                        council_areas=frozenset(area.code for area in council.areas),
                        today=clock.today(),
                        place=place,
                        per_page=MOST_ROWS,
                    )
                )
            self._near[one.place] = frozenset(self.keys[hit.id] for hit in found.hits)
        return self._near[one.place]


def _texts(record: Record) -> dict[str, str]:
    """The texts of a listing. What its categories are called stands with its kind: plain engines have no thesaurus."""
    return {
        "name": f"{record.name} {record.also}",
        "kind": f"{record.kind} {record.term_words}",
        "summary": f"{record.summary} {record.organisation} {record.places}",
        "description": record.description,
    }


def plain_bm25(judge: Judge) -> Ranker:
    """Whoosh's own BM25F with stemming and stop words; any word is enough."""
    analyzer = StemmingAnalyzer()
    schema = fields.Schema(key=fields.STORED, **{name: fields.TEXT(analyzer=analyzer) for name in _WEIGHTS})
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for record in judge.records:
        writer.add_document(key=judge.keys[record.id], **_texts(record))
    writer.commit()
    searcher = index.searcher(weighting=scoring.BM25F())

    def rank(one: Query) -> list[str]:
        words = [token.text for token in analyzer(one.words)]
        terms = [query.Term(name, word, boost=boost) for word in words for name, boost in _WEIGHTS.items()]
        found = searcher.search(query.Or(terms), limit=None) if terms else []
        return [hit["key"] for hit in found if hit["key"] in judge.near(one)]

    return rank


def sqlite_fts5(judge: Judge) -> Ranker:
    """SQLite's bm25() with its own Porter stemmer; any word is enough."""
    database = sqlite3.connect(":memory:")
    names = ", ".join(_WEIGHTS)
    database.execute(
        f"CREATE VIRTUAL TABLE words USING fts5(key UNINDEXED, {names}, tokenize='porter unicode61')"
    )
    database.executemany(
        "INSERT INTO words VALUES (?, ?, ?, ?, ?)",
        [(judge.keys[record.id], *_texts(record).values()) for record in judge.records],
    )
    weights = ", ".join(map(str, (0.0, *_WEIGHTS.values())))

    def rank(one: Query) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in tokens(one.words))
        sql = f"SELECT key FROM words WHERE words MATCH ? ORDER BY bm25(words, {weights}), key"
        found = database.execute(sql, (words,)).fetchall() if words else []
        return [key for (key,) in found if key in judge.near(one)]

    return rank


def mean(scores: Scores, half: str, kind: str = "") -> float | None:
    """The mean score of the queries of a half, or of one kind of them; None where there is none."""
    some = [score for one, score in scores.items() if one.half == half and kind in ("", one.kind)]
    return sum(some) / len(some) if some else None
