"""Speed of search: every engine asked the same questions of the same listings, warm, in CPU time."""

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from portal.directory.search import Record, Search
from portal.directory.search.words import typed
from tests.bench import fts, questions, tantivy_engine
from tests.bench.corpus import Corpus
from tests.bench.engines import Answer, Contender, Ours
from tests.bench.measure import (
    BrokenMeasurementError,
    Figure,
    Target,
    Times,
    milliseconds,
    quantiles,
    seconds,
    timed,
)
from tests.bench.run import Run

PART = "search"
# The targets of the design: mode, size, engine that ours stands beside.
_TARGETS = {
    ("G", 25_000, fts.FtsNumpy.name): Target(most=0.25, of="ratio_p95"),
    ("G", 25_000, tantivy_engine.Tantivy.name): Target(most=1.0, of="ratio_p95"),
    ("G", 250_000, fts.FtsNumpy.name): Target(most=0.1, of="ratio_p95"),
}
_REBUILD = {25_000: Target(most=30.0)}
# How many listings are looked through while it is checked that all engines find the same, and how often at least.
_CHECKED, _LEAST_CHECKED = 1_000_000, 10
# Results that are compared one by one, and not only counted.
_COMPARED = 5_000


def measure(run: Run) -> Iterator[Figure]:
    """All modes at all sizes."""
    if not run.with_tantivy:
        yield Figure(PART, "tantivy is not installed: left out", "")
    for size in run.sizes:
        folder = run.folder / f"search-{size}"
        folder.mkdir()
        yield from _at(run, Corpus(size), folder)
        shutil.rmtree(folder)


class _Unhurried:
    """Records, with the time that making them takes, which is nobody's whose index they go into."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._records = iter(records)
        self.spent = 0.0

    def __iter__(self) -> Iterator[Record]:
        return self

    def __next__(self) -> Record:
        start = time.process_time()
        try:
            return next(self._records)
        finally:
            self.spent += time.process_time() - start


def _at(run: Run, corpus: Corpus, folder: Path) -> Iterator[Figure]:
    run.say(f"search: {corpus.size:,} listings, building")
    ours, others = Ours(folder / "ours"), _others(folder, run.with_tantivy)
    yield _rebuild(ours, others, corpus, folder)
    everyone = [ours, *others]
    near = questions.near(corpus, run.questions)
    run.say(f"search: {corpus.size:,} listings, checking that all find the same")
    check(everyone, near[: max(_LEAST_CHECKED, min(len(questions.WORDS), _CHECKED // corpus.size))])
    for mode, asked in (("T", questions.texts(corpus, run.questions)), ("G", near)):
        run.say(f"search: {corpus.size:,} listings, mode {mode}")
        yield from _compared(mode, corpus.size, everyone, asked, run.patience)
    yield _first_touch(folder, corpus.size, near)
    yield _without_words(ours, corpus, run)
    for one in everyone:
        one.close()


def _others(folder: Path, with_tantivy: bool) -> list[Contender]:
    tables = fts.Fts(folder / "fts.db")
    found: list[Contender] = [fts.FtsNumpy(tables), fts.FtsSql(tables)]
    if with_tantivy:
        found.append(tantivy_engine.Tantivy(folder / "tantivy"))
    return found


def _rebuild(ours: Ours, others: Sequence[Contender], corpus: Corpus, folder: Path) -> Figure:
    """All engines have the listings; ours beside the making of an FTS5 table of the same texts."""
    records = _Unhurried(corpus.records())
    own = seconds(lambda: ours.engine.rebuild(records)) - records.spent
    plain = fts.PlainFts(folder / "plain.db")
    # The two that live in SQLite share their tables.
    fed = [one for one in others if not isinstance(one, fts.FtsSql)]
    for row, record in enumerate(corpus.records()):
        plain.add(record)
        for one in fed:
            one.add(row, record)
    plain.finish()
    for one in fed:
        one.finish()
    what, target = f"rebuild of {corpus.size:,}", _REBUILD.get(corpus.size)
    return Figure(PART, what, "s CPU", own, None, "FTS5", plain.spent, None, target)


def check(everyone: Sequence[Contender], asked: Sequence[Search]) -> None:
    """Raises where ours finds less than another: then it would be measured on doing less."""
    for search in asked:
        wide = replace(search, per_page=_COMPARED)
        plain = len(typed(search.words)) == 1
        for one in (wide, replace(wide, place=None, filters=type(wide.filters)())):
            own, *rest = [contender.find(one) for contender in everyone]
            for contender, answer in zip(everyone[1:], rest, strict=True):
                problem = _differs(own, answer, contender, one, plain)
                if problem:
                    raise BrokenMeasurementError(f"“{search.words}”, {contender.name}: {problem}")


def _differs(own: Answer, other: Answer, contender: Contender, search: Search, plain: bool) -> str:
    """What is wrong between ours and another, or "". plain: one word, for which all find the very same."""
    rough = search.place is not None and isinstance(contender, tantivy_engine.Tantivy)  # squares for circles
    if plain and not rough:
        if own.total != other.total:
            return f"ours finds {own.total}, the other {other.total}"
        if other.facets and own.counts() != other.counts():
            return "the counts beside the filters differ"
    few = max(own.total, other.total) <= _COMPARED
    if few and not rough and not set(other.ids) <= set(own.ids):
        return "the other finds what ours does not"
    if few and plain and rough and not set(own.ids) <= set(other.ids):
        return "ours finds what the other does not"
    return ""


def _compared(
    mode: str, size: int, everyone: Sequence[Contender], asked: Sequence[Search], patience: float
) -> Iterator[Figure]:
    times = {one.name: _times(one, asked, patience) for one in everyone}
    own = times.pop(everyone[0].name)
    for name, reference in times.items():
        yield timed(PART, f"{mode} {size:,}", own, name, reference, _TARGETS.get((mode, size, name)))


def _times(one: Contender, asked: Sequence[Search], patience: float) -> Times:
    """Times of an engine that has been asked all words before. Asked as often as patience lasts, all words at least."""
    every = len(questions.WORDS)

    def work(search: Search) -> Callable[[], object]:
        return lambda: one.find(search)

    once = seconds(lambda: [one.find(search) for search in asked[:every]]) / min(every, len(asked))
    count = max(every, min(len(asked), int(patience / 3 / once)))
    return milliseconds([work(search) for search in asked[:count]])


def _first_touch(folder: Path, size: int, asked: Sequence[Search]) -> Figure:
    """The first search for each of the words in a new process, which has opened the index and no more."""
    fresh = Ours(folder / "ours")
    fresh.engine.snapshot()
    words = asked[: len(questions.WORDS)]
    times = quantiles([seconds(partial(fresh.find, search)) * 1000 for search in words])
    return timed(PART, f"G {size:,}, words never asked before", times)


def _without_words(ours: Ours, corpus: Corpus, run: Run) -> Figure:
    """Everything near a place, narrowed: what browsing asks."""
    asked = questions.looking_round(corpus, run.questions)
    return timed(PART, f"G {corpus.size:,}, no words: all that is near", _times(ours, asked, run.patience))
