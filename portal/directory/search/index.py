"""The Whoosh index on disk: words of listings in segments, each with its columns beside it.

Invariants: a reader sees a whole generation or the next, never half of one; a segment's columns are on disk before
the segment is committed, so a writer may die at any moment; one writer at a time, which holds Whoosh's own lock.

Whoosh is pinned to 2.7.4: readers are opened anew when the index has changed, never refreshed, because refreshing
can bring deleted records back.
"""

import json
import os
import shutil
import uuid
import warnings
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from portal.directory.search import Record
from portal.directory.search import columns as columnar
from portal.directory.search.thesaurus import NAME_MARK, term
from portal.directory.search.words import STOP, stems, tokens

with warnings.catch_warnings():
    # Whoosh 2.7.4 has a few old escapes in its strings, which Python 3.12 and later remark on.
    warnings.simplefilter("ignore")
    from whoosh import fields, formats
    from whoosh.codec.whoosh3 import W3Codec
    from whoosh.filedb.filestore import FileStorage
    from whoosh.index import EmptyIndexError, FileIndex, LockError
    from whoosh.writing import SegmentWriter

__all__ = ["LockError"]  # raised by write while another writer is at it
# How much a word counts by where it stands. Tuned on tests/relevance (tuning half).
NAME, KIND, SUMMARY, DESCRIPTION = 4, 1, 2, 1
TERM_FIRST, TERM_OTHER, NEED_FIRST, NEED_OTHER, TERM_PARENT = 6, 3, 3, 2, 2
# A rebuild commits whenever this many listings are written, which bounds its memory; one segment per part.
_PART = 50_000
_POINTER = "current"


def weighted_stems(record: Record) -> Counter[str]:
    """The search terms of a listing, each with its weight.

    What its categories are called is not among them: the thesaurus leads from there to the category, and a listing that
    says the word itself can come before those that only stand in the same category.
    """
    found: Counter[str] = Counter()
    for text, weight in (
        (f"{record.name} {record.also}", NAME),
        (record.kind, KIND),
        (f"{record.summary} {record.organisation} {record.places}", SUMMARY),
        (record.description, DESCRIPTION),
    ):
        for stem in stems(text):
            found[stem] += weight
    for keys, first, other in (
        (record.categories, TERM_FIRST, TERM_OTHER),
        (record.needs, NEED_FIRST, NEED_OTHER),
        (record.parents, TERM_PARENT, TERM_PARENT),
    ):
        for at, key in enumerate(keys):
            found[term(key)] += other if at else first
    for stem in stems(f"{record.name} {record.also}"):
        found[NAME_MARK + stem] = 1
    return found


def length(terms: Mapping[str, int]) -> float:
    """How long a listing is for the score: the weights of all its terms, its name counted once."""
    return float(sum(weight for text, weight in terms.items() if not text.startswith(NAME_MARK)))


def plain_words(record: Record) -> set[str]:
    """The different words of a listing, whole: for spelling and for going on from a beginning."""
    text = (
        f"{record.name} {record.also} {record.term_words} {record.organisation} {record.summary} {record.places} "
        f"{record.description}"
    )
    return {token for token in tokens(text) if token not in STOP and not token.isdigit() and len(token) > 2}


class _Counts(formats.Format):  # type: ignore[misc]  # Whoosh has no types
    """Postings that keep how much a term weighs in a listing, and nothing else."""

    def fixed_value_size(self) -> int:
        """Whoosh need not keep a value with each posting."""
        return 0


class _Pool:
    """Postings of a segment that is being written, eight bytes each, until Whoosh asks for them in their order.

    Whoosh's own pool has a tuple for each, and past some millions it puts them on disk and takes them back singly.
    """

    def __init__(self) -> None:
        self._terms: dict[tuple[str, bytes], tuple[array[int], array[float]]] = {}

    def put(self, field: str, row: int, terms: Iterable[tuple[str, int]]) -> None:
        """A listing carries these terms, with their weights. Rows come in their order."""
        for text, weight in terms:
            self.add((field, text.encode(), row, weight, b""))

    def add(self, posting: tuple[str, bytes, int, float, bytes]) -> None:
        """One posting, as Whoosh itself says it."""
        field, text, row, weight, _value = posting
        key = (field, text)
        if key not in self._terms:
            self._terms[key] = (array("I"), array("f"))
        rows, weights = self._terms[key]
        rows.append(row)
        weights.append(weight)

    def iter_postings(self) -> Iterator[tuple[str, bytes, int, float, bytes]]:
        """All of them, ordered by field, term and row."""
        for (field, text), (rows, weights) in sorted(self._terms.items(), key=lambda term: term[0]):
            for row, weight in zip(rows, weights, strict=True):
                yield field, text, row, weight, b""

    def cleanup(self) -> None:
        """Nothing is left."""
        self._terms = {}


def _writer(index: FileIndex, *, packed: bool) -> SegmentWriter:
    """A writer with our pool, which does not ask for the lengths of fields: those are in our columns.

    Whoosh would look for a file of them once for every posting, which took half of the time of a rebuild. packed: in
    one file, which readers hold in memory as a whole; many small segments want that, and the large ones do not.
    """
    codec = W3Codec()
    codec.length_stats = False
    writer = index.writer(codec=codec, compound=packed)
    writer.pool = _Pool()
    return writer


def _schema() -> fields.Schema:
    counted = fields.FieldType(_Counts(), analyzer=None)
    return fields.Schema(id=fields.ID(unique=True, stored=True), text=counted, words=counted)


def _generations(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("g-*") if path.is_dir())


def current(folder: Path) -> Path | None:
    """The folder of the generation that readers read, or None before the first rebuild."""
    try:
        name = (folder / _POINTER).read_text().strip()
    except FileNotFoundError:
        return None
    return folder / name


def open_index(generation: Path) -> FileIndex | None:
    """The Whoosh index of a generation; None where it is gone."""
    try:
        return FileStorage(str(generation)).open_index(schema=None)
    except (EmptyIndexError, FileNotFoundError):
        return None


def columns_path(generation: Path, segment: str) -> Path:
    """Where the columns of a segment are. Not named after it: Whoosh packs away all files that begin as it does."""
    return generation / f"columns-{segment}"


def _add(writer: SegmentWriter, records: list[Record], generation: Path) -> None:
    """Write these listings into the writer's new segment, and its columns beside it."""
    lengths = []
    known: set[str] = set()  # one listing is enough for a word to be known: nobody asks where else it is
    for record in records:
        terms = weighted_stems(record)
        lengths.append(length(terms))
        words = plain_words(record) - known
        known |= words
        writer.pool.put("text", writer.docnum, terms.items())
        writer.pool.put("words", writer.docnum, ((word, 1) for word in words))
        writer.add_document(id=record.id.hex)
    columnar.build(records, lengths).save(columns_path(generation, writer.newsegment.segment_id()))


def write(folder: Path, records: Iterable[Record], gone: Iterable[uuid.UUID]) -> None:
    """Records added or replaced and ids removed, in one commit of the current generation.

    Raises whoosh.index.LockError while another writer is at it.
    """
    generation = current(folder)
    index = open_index(generation) if generation else None
    if index is None or generation is None:
        rebuild(folder, records)
        return
    new = list(records)
    writer = _writer(index, packed=True)
    try:
        for listing in {record.id for record in new} | set(gone):
            writer.delete_by_term("id", listing.hex)
        if new:
            _add(writer, new, generation)
    except BaseException:
        writer.cancel()
        raise
    writer.commit(merge=False)


def segments(generation: Path) -> int:
    """How many segments a generation has: one for each commit since it was made."""
    return sum(1 for _path in generation.glob("columns-*"))


def _parts(records: Iterable[Record]) -> Iterator[list[Record]]:
    source = iter(records)
    while part := list(islice(source, _PART)):
        yield part


def rebuild(folder: Path, records: Iterable[Record]) -> int:
    """How many listings stand in the new generation, which is now the one that is read."""
    folder.mkdir(parents=True, exist_ok=True)
    # Names sort by age; two processes that rebuild at once get two folders, and the later pointer wins.
    newest = max((int(path.name.split("-")[1]) for path in _generations(folder)), default=0)
    generation = folder / f"g-{newest + 1:06d}-{uuid.uuid4().hex[:6]}"
    generation.mkdir()
    index = FileStorage(str(generation)).create_index(_schema())
    count = 0
    for part in _parts(records):
        writer = _writer(index, packed=False)
        _add(writer, part, generation)
        writer.commit(merge=False)
        count += len(part)
    _point_to(folder, generation)
    _clear_away(folder)
    return count


def _point_to(folder: Path, generation: Path) -> None:
    part = folder / f"{_POINTER}.{uuid.uuid4().hex[:6]}"
    part.write_text(generation.name)
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(folder / _POINTER)


def _clear_away(folder: Path) -> None:
    """Remove generations that nobody reads any more: all but the current one and the one before it."""
    keep = {current(folder), *_generations(folder)[-2:]}
    for generation in _generations(folder):
        if generation not in keep:
            shutil.rmtree(generation, ignore_errors=True)


def manifest(folder: Path) -> str:
    """A short text about the index for people who run the site."""
    generation = current(folder)
    index = open_index(generation) if generation else None
    facts = {
        "generation": generation.name if generation else None,
        "listings": index.doc_count() if index else 0,
    }
    return json.dumps(facts)
