"""The index as it stood at one moment, ready to be searched: disk segments, and pending changes laid over them.

A snapshot never changes. Its caches fill as words and places are asked for; threads may share it.
"""

import threading
import uuid
import weakref
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from portal.directory.search import Record, Search, scoring
from portal.directory.search import columns as columnar
from portal.directory.search import index as on_disk
from portal.directory.search.columns import Array, Columns, Mask, Rows
from portal.directory.search.thesaurus import NAME_MARK, TERM_MARK
from portal.geo import Place

_NONE: tuple[Rows, Array] = (np.empty(0, np.int32), np.empty(0, np.float32))
# Postings of this many terms are kept as arrays per segment; a 25,000-listing index has about as many that matter.
_TERMS_KEPT = 4_000
_PLACES_KEPT = 64


class Kept:
    """The values made last, up to a number of them; safe between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Any, make: Callable[[], Any]) -> Any:
        """The value for a key, made where it is not kept."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            if len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


class Segment(ABC):
    """One segment: its columns, its postings, and which of its rows still stand."""

    def __init__(self, columns: Columns, alive: Mask | None) -> None:
        self.columns = columns
        self.alive = alive
        self.average = 1.0  # the snapshot sets it: average weighted length over all segments
        self._postings = Kept(_TERMS_KEPT)
        self._covered = Kept(_PLACES_KEPT)
        self._visible = Kept(_PLACES_KEPT)
        self._for_others = Kept(_PLACES_KEPT)

    @abstractmethod
    def raw(self, stem: str) -> tuple[Rows, Array]:
        """Rows and weights of a stem, dead rows too."""

    def without(self, listings: Iterable[uuid.UUID]) -> None:
        """Rows of these listings do not stand any more. Only before the segment is first searched."""
        rows = [row for row in map(self.row_of, listings) if row is not None]
        if rows:
            alive = np.ones(self.columns.count, np.bool_) if self.alive is None else self.alive.copy()
            alive[rows] = False
            self.alive = alive

    def row_of(self, listing: uuid.UUID) -> int | None:
        """The row of a listing that stands, or None."""
        found = np.flatnonzero(self.columns["id"] == np.void(listing.bytes))
        return int(found[-1]) if len(found) else None

    def postings(self, stem: str) -> tuple[Rows, Array]:
        """Rows that carry a stem, ascending, with their BM25 frequency part."""
        kept: tuple[Rows, Array] = self._postings.get(stem, lambda: self._weigh(stem))
        return kept

    def _weigh(self, stem: str) -> tuple[Rows, Array]:
        rows, weights = self.raw(stem)
        if self.alive is not None and len(rows):
            stands = self.alive[rows]
            rows, weights = rows[stands], weights[stands]
        if stem.startswith(TERM_MARK):
            return rows, scoring.belonging(weights)
        if stem.startswith(NAME_MARK):
            return rows, np.ones(len(rows), np.float32)
        return rows, scoring.frequency(self.columns["length"], self.average, rows, weights)

    def covered(self, place: Place) -> Callable[[str], Mask]:
        """Coverage masks for a place, kept for the next search from there."""
        key = (place.easting, place.northing, place.areas)
        masks: Callable[[str], Mask] = self._covered.get(key, lambda: scoring.covered_by(self.columns, place))
        return masks

    def visible(self, search: Search) -> Mask:
        """Rows that stand, that this council's visitors may see, and that are not over."""

        def make() -> Mask:
            mask = scoring.visible(self.columns, search)
            return mask if self.alive is None else mask & self.alive

        mask: Mask = self._visible.get((search.council, search.today), make)
        return mask

    def for_others(self, asked: frozenset[str], unasked: frozenset[str]) -> Mask:
        """Rows in one of the unasked categories, and in none of those asked for."""

        def make() -> Mask:
            mask = np.zeros(self.columns.count, np.bool_)
            mask[self.columns.rows_with("category", unasked)] = True
            mask[self.columns.rows_with("category", asked)] = False
            return mask

        mask: Mask = self._for_others.get((asked, unasked), make)
        return mask


def _read_postings(matcher: Any) -> tuple[Rows, Array]:
    """All that is left in a Whoosh matcher, a block at a time.

    Asking for one posting after another, as Whoosh's own way is, takes six times as long; its version is pinned.
    """
    matcher = getattr(
        matcher, "child", matcher
    )  # what Whoosh filters deletions with: we have our own, faster
    rows, weights = [_NONE[0]], [_NONE[1]]
    while matcher.is_active():
        if hasattr(matcher, "_next_block"):
            matcher.id(), matcher.weight()  # reads the block
            rows.append(np.array(matcher._ids, np.int32))  # noqa: SLF001 - see above
            weights.append(np.array(matcher._weights, np.float32))  # noqa: SLF001 - see above
            matcher._next_block()  # noqa: SLF001 - see above
        else:  # a short list, kept with its term
            rows.append(np.array([matcher.id()], np.int32))
            weights.append(np.array([matcher.weight()], np.float32))
            matcher.next()
    return np.concatenate(rows), np.concatenate(weights)


class DiskSegment(Segment):
    """A Whoosh segment with its columns."""

    def __init__(self, reader: Any, columns: Columns) -> None:
        deleted = list(reader.segment().deleted_docs()) if reader.has_deletions() else []
        alive = None
        if deleted:
            alive = np.ones(columns.count, np.bool_)
            alive[deleted] = False
        super().__init__(columns, alive)
        self.reader = reader
        self._lock = threading.Lock()  # a Whoosh reader's file position is not for two threads at once

    def raw(self, stem: str) -> tuple[Rows, Array]:
        """Rows and weights as Whoosh has them."""
        with self._lock:
            if ("text", stem) not in self.reader:
                return _NONE
            return _read_postings(self.reader.postings("text", stem))

    def row_of(self, listing: uuid.UUID) -> int | None:
        """The row of a listing that stands, by its indexed id."""
        with self._lock:
            if ("id", listing.hex) not in self.reader:
                return None
            matcher = self.reader.postings("id", listing.hex)
            return int(matcher.id()) if matcher.is_active() else None


class FreshSegment(Segment):
    """Listings that are not indexed yet, held in memory."""

    def __init__(self, records: Sequence[Record]) -> None:
        counts = [on_disk.weighted_stems(record) for record in records]
        super().__init__(columnar.build(records, [on_disk.length(c) for c in counts]), None)
        self._terms: dict[str, list[tuple[int, int]]] = {}
        for row, terms in enumerate(counts):
            for stem, count in terms.items():
                self._terms.setdefault(stem, []).append((row, count))

    def raw(self, stem: str) -> tuple[Rows, Array]:
        """Rows and weights of a stem."""
        found = np.array(self._terms.get(stem, ()), np.float64).reshape(-1, 2)
        return found[:, 0].astype(np.int32), found[:, 1].astype(np.float32)


class Snapshot:
    """Segments that are searched together."""

    def __init__(self, segments: Sequence[Segment], lexicon: Any = None) -> None:
        self.segments = [segment for segment in segments if segment.columns.count]
        self.lexicon = lexicon  # a Whoosh reader over all disk segments, or None
        if lexicon is not None:
            weakref.finalize(self, lexicon.close)  # when the last search that uses it is done
        self.count = sum(s.columns.count if s.alive is None else int(s.alive.sum()) for s in self.segments)
        words = sum(float(s.columns["length"].sum()) for s in self.segments)
        average = words / max(1, sum(s.columns.count for s in self.segments))
        for segment in self.segments:
            segment.average = average or 1.0
        self._matching = Kept(_TERMS_KEPT)
        self.spelling = Kept(2_000)

    def matching(self, stem: str) -> int:
        """How many listings carry a stem."""
        number: int = self._matching.get(stem, lambda: sum(len(s.postings(stem)[0]) for s in self.segments))
        return number

    def idf(self, stem: str) -> float:
        """How telling a stem is."""
        telling = scoring.idf(self.count, self.matching(stem))
        return scoring.evened(telling) if stem.startswith(TERM_MARK) else telling


def from_disk(generation: Path, fresh: Sequence[Record], pending: Iterable[uuid.UUID]) -> Snapshot | None:
    """The index in a folder with pending changes laid over it; None where the folder has gone meanwhile."""
    index = on_disk.open_index(generation)
    if index is None:
        return None
    lexicon = None
    try:
        lexicon = index.reader()
        leaves = [leaf for leaf, _offset in lexicon.leaf_readers()] if lexicon.doc_count_all() else []
        segments: list[Segment] = [
            DiskSegment(leaf, columnar.load(on_disk.columns_path(generation, leaf.segment().segment_id())))
            for leaf in leaves
        ]
    except FileNotFoundError:
        if lexicon is not None:
            lexicon.close()
        return None
    changed = list(pending)
    for segment in segments:
        segment.without(changed)
    if fresh:
        segments.append(FreshSegment(fresh))
    return Snapshot(segments, lexicon if leaves else None)
