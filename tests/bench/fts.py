"""The listings in SQLite: FTS5 for the words, and numpy or SQL for all the rest."""

import sqlite3
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from portal.directory.search import DAYS, Coverage, Filters, Record, Search, scoring
from portal.directory.search import columns as columnar
from portal.directory.search.columns import Array, Columns, Mask, Rows
from portal.geo import Place
from tests.bench.engines import WEIGHTS, Answer, Contender, ideas, parts, tags, texts, thesaurus
from tests.bench.measure import seconds

_TABLES = """
CREATE VIRTUAL TABLE words USING fts5(name, kind, summary, description, term, content='', tokenize='ascii');
CREATE TABLE listing (row INTEGER PRIMARY KEY, id BLOB, council TEXT, shared INT, free INT, catchment INT, goes_out INT,
    review_due INT, last_on INT, minimum_age INT, maximum_age INT);
CREATE TABLE venue (row INT, easting INT, northing INT);
CREATE TABLE area (row INT, kind TEXT, code TEXT, PRIMARY KEY (row, kind, code)) WITHOUT ROWID;
CREATE TABLE circle (row INT, kind TEXT, easting INT, northing INT, metres INT);
CREATE TABLE tag (row INT, fact TEXT, code TEXT, PRIMARY KEY (row, fact, code)) WITHOUT ROWID;
CREATE TEMP TABLE found (row INTEGER PRIMARY KEY, rank REAL, failed INT, failing TEXT);
"""
_SETTINGS = (
    "journal_mode=OFF",
    "synchronous=OFF",
    "temp_store=MEMORY",
    "cache_size=-262144",
    "mmap_size=4294967296",
)
_BATCH = 1_000
_INDEXES = """
CREATE INDEX venue_row ON venue (row);
CREATE INDEX circle_row ON circle (row, kind);
INSERT INTO words (words) VALUES ('optimize');
ANALYZE;
"""


def _coverage(record: Record) -> Iterator[tuple[str, Coverage]]:
    yield "comes", record.comes_to_you
    yield "residents", record.residents_of


class Fts:
    """The tables, which both contenders share."""

    def __init__(self, file: Path) -> None:
        self.database = sqlite3.connect(file, isolation_level=None)
        for line in _SETTINGS:
            self.database.execute(f"PRAGMA {line}")
        self.database.executescript(_TABLES)
        self.database.execute("BEGIN")
        self.words = thesaurus()
        self.columns = Columns({}, {})
        self.visible: dict[tuple[str, object], Mask] = {}
        self._lean: list[Record] = []

    def add(self, row: int, record: Record) -> None:
        """The record is in every table."""
        self._insert(row, record)
        self._lean.append(replace(record, description="", summary=""))

    def finish(self) -> None:
        """Indexes are made, and the columns that numpy works on."""
        self.database.execute("COMMIT")
        self.database.executescript(_INDEXES)
        self.columns = columnar.build(self._lean, [1.0] * len(self._lean))
        self._lean = []

    def close(self) -> None:
        """Nothing more is asked."""
        self.database.close()

    def _insert(self, row: int, record: Record) -> None:
        put = self.database.execute
        put(
            "INSERT INTO words (rowid, name, kind, summary, description, term) VALUES (?, ?, ?, ?, ?, ?)",
            (row, *(" ".join(part) for part in parts(record))),
        )
        put(
            "INSERT INTO listing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row,
                record.id.bytes,
                record.council,
                record.shared,
                record.free,
                bool(record.residents_of),
                bool(record.comes_to_you),
                record.review_due_on.toordinal() if record.review_due_on else 0,
                record.last_on.toordinal() if record.last_on else 0,
                record.minimum_age or 0,
                200 if record.maximum_age is None else record.maximum_age,
            ),
        )
        many = self.database.executemany
        many("INSERT INTO venue VALUES (?, ?, ?)", [(row, v.easting, v.northing) for v in record.venues])
        many("INSERT INTO tag VALUES (?, ?, ?)", [(row, *pair) for pair in tags(record)])
        for kind, coverage in _coverage(record):
            many("INSERT INTO area VALUES (?, ?, ?)", [(row, kind, code) for code in coverage.codes])
            many(
                "INSERT INTO circle VALUES (?, ?, ?, ?, ?)",
                [(row, kind, c.easting, c.northing, c.metres) for c in coverage.circles],
            )

    def expression(self, search: Search) -> str:
        """The words in FTS5's own language."""
        return " AND ".join(
            "(" + " OR ".join("(" + " AND ".join(f'"{stem}"' for stem in way) + ")" for way in ways) + ")"
            for ways in ideas(self.words, search)
        )


class FtsNumpy(Contender):
    """FTS5 for the words, numpy for all the rest: the closest thing to ours that needs no Whoosh."""

    name = "FTS5 + numpy"

    def __init__(self, fts: Fts) -> None:
        self.fts = fts

    def add(self, row: int, record: Record) -> None:
        """The record is in the shared tables."""
        self.fts.add(row, record)

    def finish(self) -> None:
        """The shared tables are ready."""
        self.fts.finish()

    def close(self) -> None:
        """The shared tables are closed."""
        self.fts.close()

    def find(self, search: Search) -> Answer:
        """The same sums as ours, over the rows that FTS5 names."""
        columns = self.fts.columns
        rows, text = self._matching(search)
        seen = self._visible(search)[rows]
        rows, text = rows[seen], text[seen]
        near = None
        if search.place:
            covered = scoring.covered_by(columns, search.place)
            near = scoring.near(columns, search.place, search.within, covered).of(rows)
        masks = scoring.filter_masks(columns, search.filters)
        keep = self._passing(rows, near, masks)
        kept = rows[keep]
        rank = text[keep] * scoring.freshness(columns, kept, search) * scoring.strategy(columns, kept, search)
        if near is None:
            return Answer(len(kept), self._best(kept, rank, search))
        rank = rank * scoring.nearness(near.of(keep), search.within)

        def rows_for(name: str) -> Rows:
            own = name in masks and name != "access"
            return rows[self._passing(rows, near, masks, but=name)] if own else kept

        return Answer(
            len(kept),
            self._best(kept, rank, search),
            scoring.facet_counts(columns, rows_for, search.filters.minutes),
        )

    def _matching(self, search: Search) -> tuple[Rows, Array]:
        found = self.fts.database.execute(
            f"SELECT rowid, -bm25(words, {', '.join(map(str, WEIGHTS))}) FROM words WHERE words MATCH ?",
            (self.fts.expression(search),),
        ).fetchall()
        pairs = np.array(found, np.float64).reshape(-1, 2)
        return pairs[:, 0].astype(np.int32), pairs[:, 1]

    def _visible(self, search: Search) -> Mask:
        key = (search.council, search.today)
        if key not in self.fts.visible:
            self.fts.visible[key] = scoring.visible(self.fts.columns, search)
        return self.fts.visible[key]

    @staticmethod
    def _passing(rows: Rows, near: scoring.Near | None, masks: Mapping[str, Mask], but: str = "") -> Mask:
        keep = near.fits.copy() if near else np.ones(len(rows), np.bool_)
        for name, mask in masks.items():
            if name != but:
                keep &= mask[rows]
        return keep

    def _best(self, rows: Rows, rank: Array, search: Search) -> tuple[uuid.UUID, ...]:
        count = min(search.per_page, len(rows))
        some = np.argpartition(-rank, count - 1)[:count] if 0 < count < len(rows) else np.arange(len(rows))
        best = some[np.argsort(-rank[some], kind="stable")]
        return tuple(self.fts.columns.id_at(int(row)) for row in rows[best])


_SEEN = "(l.shared OR l.council = :council) AND (l.last_on = 0 OR l.last_on >= :today)"
_FRESH = (
    "CASE WHEN l.review_due = 0 OR l.review_due >= :today THEN 1.0"
    f" WHEN :today - l.review_due > {scoring.LONG_DAYS} THEN {scoring.LONG_OVERDUE} ELSE {scoring.OVERDUE} END"
)
_IN_AREAS = (
    "(EXISTS (SELECT 1 FROM area a WHERE a.row = l.row AND a.kind = '{kind}' AND a.code IN ({codes}))"
    " OR EXISTS (SELECT 1 FROM circle c WHERE c.row = l.row AND c.kind = '{kind}'"
    " AND (c.easting - :east) * (c.easting - :east) + (c.northing - :north) * (c.northing - :north)"
    " <= c.metres * c.metres))"
)

_MATCHES = f"""
INSERT INTO found
WITH hit AS MATERIALIZED (
    SELECT rowid AS row, -bm25(words, {", ".join(map(str, WEIGHTS))}) AS text FROM words WHERE words MATCH :words
), stood AS MATERIALIZED (
    SELECT l.*, text * {_FRESH} AS text, {{comes}} AS comes, NOT l.catchment OR {{residents}} AS welcome,
        (SELECT sqrt(min((v.easting - :east) * (v.easting - :east) + (v.northing - :north) * (v.northing - :north)))
         FROM venue v WHERE v.row = l.row) AS metres
    FROM hit JOIN listing l ON l.row = hit.row WHERE {_SEEN}
), near AS MATERIALIZED (
    SELECT *, CASE WHEN welcome AND metres <= :within THEN metres END AS there FROM stood
), reached AS MATERIALIZED (
    SELECT *, CASE WHEN comes THEN min(coalesce(there, 1e9), {scoring.COVERING} * :within) ELSE there END AS reach
    FROM near WHERE comes OR there IS NOT NULL
)
SELECT l.row,
    text * (0.5 + 0.5 * exp(-reach / :within)) * iif(goes_out AND NOT comes, {scoring.NOT_HERE}, 1.0),
    {{failed}}, {{failing}}
FROM reached l
"""


class FtsSql(Contender):
    """FTS5 and SQL, and nothing besides."""

    name = "FTS5, pure SQL"

    def __init__(self, fts: Fts) -> None:
        self.fts = fts

    def find(self, search: Search) -> Answer:
        """Matches go into a temporary table with what each fails; everything is counted from there."""
        values: dict[str, Any] = {
            "words": self.fts.expression(search),
            "council": search.council,
            "today": search.today.toordinal(),
            "most": search.per_page,
        }
        if search.place is None:
            return self._by_text(values)
        values |= {"east": search.place.easting, "north": search.place.northing, "within": search.within}
        run = self.fts.database.execute
        run("DELETE FROM found")
        filters = dict(_filters_in_sql(search.filters))
        run(self._matches(search.place, filters), values)
        ids = run(
            "SELECT id FROM found JOIN listing USING (row) WHERE failed = 0 ORDER BY rank DESC LIMIT :most",
            values,
        ).fetchall()
        total = run("SELECT count(*) FROM found WHERE failed = 0").fetchone()[0]
        return Answer(total, tuple(uuid.UUID(bytes=one) for (one,) in ids), self._facets(filters))

    def _by_text(self, values: Mapping[str, Any]) -> Answer:
        match = f"words MATCH :words AND {_SEEN}"
        source = f"FROM words JOIN listing l ON l.row = words.rowid WHERE {match}"
        weights = ", ".join(map(str, WEIGHTS))
        ids = self.fts.database.execute(
            f"SELECT l.id {source} ORDER BY bm25(words, {weights}) LIMIT :most", values
        ).fetchall()
        total = self.fts.database.execute(f"SELECT count(*) {source}", values).fetchone()[0]
        return Answer(total, tuple(uuid.UUID(bytes=one) for (one,) in ids))

    @staticmethod
    def _matches(place: Place, filters: Mapping[str, str]) -> str:
        codes = ", ".join(f"'{code}'" for code in sorted(place.areas | {"ALL"}))
        comes, residents = (_IN_AREAS.format(kind=kind, codes=codes) for kind in ("comes", "residents"))
        failing = [f"CASE WHEN {test} THEN '' ELSE '{name} ' END" for name, test in filters.items()]
        failed = [f"(NOT ({test}))" for test in filters.values()]
        return _MATCHES.format(
            comes=comes,
            residents=residents,
            failed=" + ".join(failed) or "0",
            failing=" || ".join(failing) or "''",
        )

    def _facets(self, filters: Mapping[str, str]) -> dict[str, dict[str, int]]:
        run = self.fts.database.execute
        counts: dict[str, dict[str, int]] = {}
        own = [name for name in filters if name != "access"]
        others = ", ".join(f"'{name}'" for name in own)
        rows = run(
            "SELECT fact, code, count(*) FROM found JOIN tag USING (row)"
            f" WHERE failed = 0 AND fact NOT IN ({others}) GROUP BY fact, code"
        ).fetchall()
        for name in own:
            rows += run(
                "SELECT fact, code, count(*) FROM found JOIN tag USING (row)"
                " WHERE fact = ? AND (failed = 0 OR failing = ?) GROUP BY fact, code",
                (name, f"{name} "),
            ).fetchall()
        for fact, code, count in rows:
            counts.setdefault(fact, {})[code] = count
        return counts


def _filters_in_sql(filters: Filters) -> Iterator[tuple[str, str]]:
    """(filter, the test of a listing l). The values are the benchmark's own."""
    chosen: dict[str, Sequence[str]] = {
        "category": sorted(filters.category),
        "need": sorted(filters.need),
        "day": [str(DAYS.index(day)) for day in sorted(filters.day)],
        "access": sorted(filters.access),
    }
    for fact, codes in chosen.items():
        if codes:
            listed = ", ".join(f"'{code}'" for code in codes)
            yield (
                fact,
                f"EXISTS (SELECT 1 FROM tag t WHERE t.row = l.row AND t.fact = '{fact}' AND t.code IN ({listed}))",
            )
    if filters.free:
        yield "free", "l.free"


class PlainFts:
    """FTS5 as its manual has it, over the texts as they are: what the time of our rebuild stands beside."""

    def __init__(self, file: Path) -> None:
        self.spent = 0.0  # CPU seconds
        self._database = sqlite3.connect(file, isolation_level=None)
        self._waiting: list[tuple[str, ...]] = []
        self._timed(
            "CREATE VIRTUAL TABLE words USING fts5(name, kind, summary, description, tokenize='porter unicode61')"
        )
        self._timed("BEGIN")

    def add(self, record: Record) -> None:
        """One more listing."""
        self._waiting.append(texts(record))
        if len(self._waiting) == _BATCH:
            self._insert()

    def finish(self) -> None:
        """All of them are in the table."""
        self._insert()
        self._timed("COMMIT")
        self._database.close()

    def _insert(self) -> None:
        self.spent += seconds(
            lambda: self._database.executemany("INSERT INTO words VALUES (?, ?, ?, ?)", self._waiting)
        )
        self._waiting = []

    def _timed(self, line: str) -> None:
        self.spent += seconds(lambda: self._database.execute(line))
