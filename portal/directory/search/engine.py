"""The embedded engine: Whoosh's postings, scored in numpy."""

import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from portal.directory.search import Found, Hit, Record, Search, scoring, spelling, weighing
from portal.directory.search import index as on_disk
from portal.directory.search.columns import Array, Mask, Rows
from portal.directory.search.snapshot import Segment, Snapshot, from_disk
from portal.directory.search.thesaurus import TERM_MARK, Clause, Reading, Thesaurus
from portal.directory.search.words import STOP, stem, tokens

# Most pages that can be asked for: past this nobody reads, and sorting would be for nothing.
MOST_ROWS = 10_000


@dataclass(frozen=True)
class Pending:
    """Changes that are not indexed yet: what stands now, everything that changed, and a mark that changes with it."""

    fresh: tuple[Record, ...] = ()
    changed: frozenset[uuid.UUID] = frozenset()
    mark: object = None


@dataclass(frozen=True)
class _Scored:
    """What one segment gives: rows that match words and visibility, with what is known of each."""

    segment: Segment
    rows: Rows
    text: Array
    shares: Array
    near: scoring.Near | None
    masks: dict[str, Mask]

    @property
    def most(self) -> float:
        """The most that any row which can be shown carries of what was asked."""
        shares = self.shares[self.near.fits] if self.near else self.shares
        return float(shares.max(initial=0.0))

    def with_enough(self, most: float) -> "_Scored":
        """Only the rows that carry enough of what was asked."""
        keep = scoring.enough(self.shares, most)
        near = self.near.of(keep) if self.near else None
        return replace(self, rows=self.rows[keep], text=self.text[keep], shares=self.shares[keep], near=near)

    def passing(self, but: str = "") -> Mask:
        """Which of the rows pass every filter that is set, save one."""
        keep = self.near.fits.copy() if self.near else np.ones(len(self.rows), np.bool_)
        for name, mask in self.masks.items():
            if name != but:
                keep &= mask[self.rows]
        return keep


class WhooshEngine:
    """An engine over an index folder. pending: asks the database for changes that are not indexed yet."""

    def __init__(self, folder: Path, thesaurus: Thesaurus, pending: Callable[[], Pending] = Pending) -> None:
        self.folder = folder
        self.understand(thesaurus)
        self.pending = pending
        self._lock = threading.Lock()
        self._seen: tuple[object, ...] | None = None
        self._snapshot = Snapshot(())

    def understand(self, thesaurus: Thesaurus) -> None:
        """What is typed is read with these synonyms from now on."""
        self.thesaurus = thesaurus
        self._spoken = sorted(word for word in thesaurus.words if word not in STOP and len(word) > 3)

    def is_ready(self) -> bool:
        """True when an index is there to be searched."""
        generation = on_disk.current(self.folder)
        return generation is not None and on_disk.open_index(generation) is not None

    def write(self, records: Iterable[Record], gone: Iterable[uuid.UUID]) -> None:
        """Records added or replaced, and ids removed, in one commit."""
        on_disk.write(self.folder, records, gone)

    def rebuild(self, records: Iterable[Record]) -> int:
        """How many records stand in the new index, which takes the old one's place whole."""
        return on_disk.rebuild(self.folder, records)

    def _state(self, pending: Pending) -> tuple[object, ...]:
        """What the index and the changes over it look like now: the same as before means nothing to reopen."""
        generation = on_disk.current(self.folder)
        tocs = (
            max((p.name for p in generation.glob("_MAIN_*.toc")), key=_number, default="")
            if generation
            else ""
        )
        return (generation, tocs, pending.mark)

    def snapshot(self) -> Snapshot:
        """The index as it stands now, pending changes included."""
        pending = self.pending()
        state = self._state(pending)
        if state == self._seen:
            return self._snapshot
        with self._lock:
            for _attempt in range(5):
                state = self._state(pending)
                if state == self._seen:
                    return self._snapshot
                generation = state[0]
                made = (
                    from_disk(generation, pending.fresh, pending.changed)
                    if isinstance(generation, Path)
                    else Snapshot(())
                )
                if made is not None:
                    self._seen, self._snapshot = state, made
                    return made
        raise FileNotFoundError(f"no index can be opened in {self.folder}")

    def search(self, search: Search) -> Found:
        """The page of listings that match, best first; true counts."""
        snapshot = self.snapshot()
        reading, meant = self.thesaurus.read(search.words), ""
        if not search.exact:
            reading, meant = self._mended(snapshot, reading)
        matched = [self._score(snapshot, segment, reading, search) for segment in snapshot.segments]
        most = max((part.most for part in matched), default=0.0)
        scored = [part.with_enough(most) for part in matched]
        found = Found((), 0, {}, did_you_mean=meant, urgent=reading.urgent)
        if not scored:
            return found
        keeps = [part.passing() for part in scored]
        total = int(sum(keep.sum() for keep in keeps))
        hits = _page(scored, keeps, search)
        relaxed = {} if total else self._relaxed(snapshot, reading, search, most)
        return replace(
            found,
            hits=tuple(hits),
            total=total,
            facets=_facets(scored, search.filters.minutes),
            relaxed=relaxed,
        )

    def _score(
        self,
        snapshot: Snapshot,
        segment: Segment,
        reading: Reading,
        search: Search,
        far: bool = False,
    ) -> _Scored:
        """Rows that match words and visibility, and fit the place; far: those that do not fit it, too."""
        columns, allowed, near = segment.columns, segment.visible(search), None
        if search.place:
            near = scoring.near(columns, search.place, search.within, segment.covered(search.place))
            allowed = allowed if far else allowed & near.fits
        if reading.clauses:
            weighed = weighing.weigh(snapshot, reading)
            idfs = {part: snapshot.idf(part) for clause in weighed for way, _ in clause.ways for part in way}
            named = weighing.names(snapshot, reading.clauses)
            postings = scoring.among(segment.postings, allowed)
            rows, text, shares = scoring.match(columns.count, weighed, postings, idfs, named)
            asked = reading.asked | search.filters.category
            others = segment.for_others(self.thesaurus.for_some & asked, self.thesaurus.for_some - asked)
            text = text * np.where(others[rows], scoring.FOR_OTHERS, 1).astype(np.float32)
        elif search.words.strip():
            rows, text, shares = np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.float32)
        else:
            rows = np.flatnonzero(allowed).astype(np.int32)
            text = shares = np.ones(len(rows), np.float32)
        masks = scoring.filter_masks(columns, search.filters)
        return _Scored(segment, rows, text, shares, near.of(rows) if near else None, masks)

    def _relaxed(self, snapshot: Snapshot, reading: Reading, search: Search, most: float) -> dict[str, int]:
        """What would be found without one of the filters; "place" stands for looking everywhere."""
        every = [self._score(snapshot, segment, reading, search, far=True) for segment in snapshot.segments]
        return _without_one([part.with_enough(most) for part in every], search)

    def _mended(self, snapshot: Snapshot, reading: Reading) -> tuple[Reading, str]:
        """The reading with unknown words mended, and the whole query as it was understood ("" when nothing was)."""
        words = [self._meant(snapshot, clause) for clause in reading.clauses if clause.typed]
        typed = [" ".join(clause.typed) for clause in reading.clauses if clause.typed]
        if words == typed:
            return reading, ""
        meant = " ".join(words)
        unsaid = [clause for clause in reading.clauses if not clause.typed]
        better = self.thesaurus.read(meant)
        return replace(better, clauses=(*better.clauses, *unsaid), urgent=reading.urgent), meant

    def _meant(self, snapshot: Snapshot, clause: Clause) -> str:
        """The words of a clause, mended where nobody knows them."""
        word = " ".join(clause.typed)
        if clause.phrase or self._known(snapshot, stem(word)):
            return word

        def mend() -> str:
            return self._mend(snapshot, word)

        better: str = snapshot.spelling.get(word, mend)
        return better or word

    def _known(self, snapshot: Snapshot, part: str) -> bool:
        return part.startswith(TERM_MARK) or snapshot.matching(part) > 0 or part in self.thesaurus.stems

    def _mend(self, snapshot: Snapshot, word: str) -> str:
        """What an unknown word most likely stands for: a longer one, the same without its slip, or two words."""

        def known(part: str) -> bool:
            return self._known(snapshot, part)

        def count(other: str) -> int:
            return snapshot.matching(stem(other))

        longer = self._longer(snapshot, word)
        mended = longer or spelling.mend(word, snapshot.lexicon, self._spoken, count)
        return mended or " ".join(spelling.split(word, known) or ())

    def _longer(self, snapshot: Snapshot, start: str) -> str:
        """The commonest word that goes on from a beginning, or ""."""
        if len(start) < 4 or snapshot.lexicon is None:
            return ""
        words = [text.decode() for text in snapshot.lexicon.expand_prefix("words", start)]
        return max(words, key=lambda word: (snapshot.matching(stem(word)), word), default="")

    def suggest(self, start: str, phrases: Sequence[str], limit: int = 6) -> list[str]:
        """What goes on from what was typed so far, best first: the phrases given, then words of listings."""
        begun = " ".join(tokens(start[:80]))
        if len(begun) < 2:
            return []
        folded = {phrase: " ".join(tokens(phrase)) for phrase in phrases}
        said = [phrase for phrase, text in folded.items() if f" {begun}" in f" {text}"]
        said.sort(key=lambda phrase: (not folded[phrase].startswith(begun), len(phrase), phrase))
        return list(dict.fromkeys([*said, *self._going_on(begun)]))[:limit]

    def _going_on(self, begun: str) -> list[str]:
        """The words typed, the last one completed by the commonest words of listings."""
        snapshot = self.snapshot()
        *before, last = begun.split(" ")
        if snapshot.lexicon is None or len(last) < 3:
            return []
        words = [text.decode() for text in snapshot.lexicon.expand_prefix("words", last)]
        words.sort(key=lambda word: (-snapshot.matching(stem(word)), word))
        return [" ".join([*before, word]) for word in words[:4]]


def _number(name: str) -> int:
    return int(name.removeprefix("_MAIN_").removesuffix(".toc"))


def _rank(part: _Scored, keep: Mask, search: Search) -> Array:
    """The rank of the rows that are kept, best highest."""
    columns, rows = part.segment.columns, part.rows[keep]
    score = (
        part.text[keep] * scoring.freshness(columns, rows, search) * scoring.strategy(columns, rows, search)
    )
    if part.near is not None:
        near = part.near.of(keep)
        if search.sort == "distance":
            reach = np.where(
                near.covers, np.minimum(near.metres, scoring.COVERING * search.within), near.metres
            )
            return -reach.astype(np.float64)
        score = score * scoring.nearness(near, search.within)
    return np.asarray(score, np.float64)


def _page(scored: Sequence[_Scored], keeps: Sequence[Mask], search: Search) -> list[Hit]:
    """The hits of the page asked for, in an order that is the same on every page and in every process."""
    last = min(search.page * search.per_page, MOST_ROWS)
    candidates: list[tuple[object, _Scored, int, float]] = []
    for part, keep in zip(scored, keeps, strict=True):
        at = np.flatnonzero(keep)
        if not len(at):
            continue
        columns, rank = part.segment.columns, _rank(part, keep, search)
        rows = part.rows[at]
        if search.sort == "name":
            order = np.lexsort((columns["tie"][rows], columns["name"][rows]))[:last]
        else:
            order = _best(rank, columns["tie"][rows], last)
        for i in order:
            row = rows[i]
            first = columns["name"][row].tobytes() if search.sort == "name" else -rank[i]
            key = (first, int(columns["tie"][row]), columns["id"][row].tobytes())
            candidates.append((key, part, int(at[i]), rank[i]))
    candidates.sort(key=lambda c: c[0])  # type: ignore[arg-type, return-value]  # keys are of one kind a search
    return (
        [_hit(part, at, rank) for _, part, at, rank in candidates[last - search.per_page : last]]
        if last >= search.page * search.per_page
        else []
    )


def _best(rank: Array, tie: Array, count: int) -> Array:
    """Where the best ranks are, best first; equal ones by their tie-break. No more than needed is sorted."""
    if len(rank) > 4 * count:
        edge = np.partition(rank, len(rank) - count)[len(rank) - count]
        some = np.flatnonzero(rank >= edge)
    else:
        some = np.arange(len(rank))
    return some[np.lexsort((tie[some], -rank[some]))][:count]


def _hit(part: _Scored, at: int, rank: float) -> Hit:
    metres = part.near.metres[at] if part.near is not None else np.inf
    covers = bool(part.near.covers[at]) if part.near is not None else False
    return Hit(
        part.segment.columns.id_at(int(part.rows[at])),
        float(rank),
        float(metres) if np.isfinite(metres) else None,
        covers,
    )


def _facets(scored: Sequence[_Scored], minutes: int | None) -> dict[str, dict[str, int]]:
    """True counts of every filter's values, added up over segments."""
    added: dict[str, dict[str, int]] = {}
    for part in scored:
        every = part.rows[part.passing()]

        def rows_for(name: str, part: _Scored = part, every: Rows = every) -> Rows:
            return part.rows[part.passing(but=name)] if name in part.masks and name != "access" else every

        for name, counts in scoring.facet_counts(part.segment.columns, rows_for, minutes).items():
            sums = added.setdefault(name, {})
            for code, count in counts.items():
                sums[code] = sums.get(code, 0) + count
    return added


def _without_one(scored: Sequence[_Scored], search: Search) -> dict[str, int]:
    """Without each of the filters, and without the place: how many there would be."""
    names = {name for part in scored for name in part.masks}
    counts = {name: int(sum(part.passing(but=name).sum() for part in scored)) for name in names}
    if search.place:
        counts["place"] = sum(
            int(
                np.logical_and.reduce(
                    [np.ones(len(part.rows), np.bool_), *(mask[part.rows] for mask in part.masks.values())]
                ).sum()
            )
            for part in scored
        )
    return {name: count for name, count in counts.items() if count}
