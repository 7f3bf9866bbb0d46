"""The directory's part of content/: the taxonomy and the synonyms, which editors own.

`load` takes the files into the database; keys never change, names may. `lint` says every problem with its file.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml

from portal.councils import actions as councils
from portal.db import db
from portal.directory import safeguarding
from portal.directory.models import Taxonomy, Term
from portal.directory.search.thesaurus import MEANS_WEIGHTS, phrase_stems, read_text, read_yaml, synonym_files
from portal.directory.search.words import fold, stem, tokens

# Taxonomy key -> (name of the list in the file, what it is called).
TAXONOMIES = {
    "category": ("categories", "What it is"),
    "need": ("needs", "What it helps with"),
    "access": ("access", "Getting in and taking part"),
    "mark": ("marks", "Marks"),
}
_TERM = frozenset({"key", "name", "also", "of"})
_URGENT = frozenset({"crisis", "abuse", "medical", "child"})


def load(folder: Path) -> list[str]:
    """The starter content of a folder is in the database; what was done, a line each."""
    with (folder / "directory" / "areas.csv").open(newline="") as file:
        areas = councils.save_areas(csv.DictReader(file))
    terms = save_taxonomies(read_yaml(folder / "directory" / "taxonomy.yaml"))
    return [f"{areas} areas of the country", f"{terms} categories, needs and other terms"]


def save_taxonomies(file: Mapping[str, Any]) -> int:
    """How many terms of a taxonomy's file stand in the database now. Those that it leaves out stay there."""
    count = 0
    for key, (section, name) in TAXONOMIES.items():
        taxonomy = db.session.scalar(sa.select(Taxonomy).where(Taxonomy.key == key)) or Taxonomy(
            key=key, name=name
        )
        db.session.add(taxonomy)
        db.session.flush()
        for position, (row, parent) in enumerate(_rows(file[section])):
            _save_term(taxonomy, row, parent, position)
            count += 1
    return count


def _rows(
    rows: list[dict[str, Any]], parent: str | None = None
) -> Iterator[tuple[dict[str, Any], str | None]]:
    for row in rows:
        yield row, parent
        yield from _rows(row.get("of", []), row["key"])


def _save_term(taxonomy: Taxonomy, row: Mapping[str, Any], parent: str | None, position: int) -> None:
    term = db.session.scalar(sa.select(Term).where(Term.key == row["key"])) or Term(key=row["key"])
    above = db.session.scalar(sa.select(Term.id).where(Term.key == parent)) if parent else None
    term.taxonomy_id, term.parent_id, term.position = taxonomy.id, above, position
    term.name, term.also = row["name"], list(row.get("also", ()))
    db.session.add(term)
    db.session.flush()


def export(folder: Path) -> Path:
    """The file that the taxonomy was written into, as it stands in the database."""
    out: dict[str, Any] = {}
    for key, (section, _name) in TAXONOMIES.items():
        terms = db.session.scalars(
            sa.select(Term).join(Taxonomy).where(Taxonomy.key == key).order_by(Term.position)
        ).all()
        out[section] = [_as_row(term, list(terms)) for term in terms if term.parent_id is None]
    path = folder / "directory" / "taxonomy.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(out, allow_unicode=True, sort_keys=False, width=110))
    return path


def _as_row(term: Term, every: list[Term]) -> dict[str, Any]:
    row: dict[str, Any] = {"key": term.key, "name": term.name}
    if term.also:
        row["also"] = list(term.also)
    below = [_as_row(other, every) for other in every if other.parent_id == term.id]
    return {**row, "of": below} if below else row


def lint(folder: Path) -> list[str]:
    """Every problem of the directory's content, a line each: the file, its line, what is wrong, what to do."""
    taxonomy, harm = (folder / "directory" / f"{name}.yaml" for name in ("taxonomy", "safeguarding"))
    synonyms = synonym_files(folder / "directory")
    broken = [problem for path in (taxonomy, *synonyms, harm) if (problem := unreadable(path))]
    if broken:
        return broken
    file = read_yaml(taxonomy)
    rows = [row for section, _ in TAXONOMIES.values() for row, _above in _rows(file[section])]
    problems = [f"{taxonomy.name}: {problem}" for problem in term_problems(rows)]
    keys = frozenset(row["key"] for row in rows)
    return [*problems, *_synonym_problems(synonyms, keys), *safeguarding.problems(harm)]


def unreadable(path: Path) -> str:
    """Why a file cannot be read at all, or ""."""
    try:
        read_yaml(path)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return f"{path.name}, line {line}: {error.problem}; compare it with the lines around it"
    except (OSError, yaml.YAMLError) as error:
        return f"{path.name}: {error}"
    return ""


def term_problems(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What is wrong with terms, beside each other and each by itself."""
    for key, count in Counter(row["key"] for row in rows).items():
        if count > 1:
            yield f"the key {key} stands {count} times; give each its own"
    for row in rows:
        if odd := [str(name) for name in row if name not in _TERM]:
            yield f"{row['key']} says {', '.join(odd)}, which is nothing we know; put a name with a comma into quotes"


def _synonym_problems(paths: Iterable[Path], keys: frozenset[str]) -> Iterator[str]:
    """What is wrong with each entry; a phrase stands once in all the files together."""
    seen: dict[tuple[str, ...], str] = {}
    hints: dict[str, str] = {}
    for path in paths:
        for line, problem in problems_of(path.read_text(encoding="utf-8"), keys, seen, hints):
            yield f"{path.name}, line {line}: {problem}"


def problems_of(
    text: str, keys: frozenset[str], seen: dict[tuple[str, ...], str], hints: dict[str, str]
) -> Iterator[tuple[int, str]]:
    """(line, problem) for the entries of one file. seen, hints: what stood before it, and stands now."""
    root = yaml.compose(text)
    lines = [node.start_mark.line + 1 for node in root.value] if root else []
    for line, row in zip(lines, read_text(text) or (), strict=True):
        problems = [*_row_problems(row, keys), *_phrase_problems(row, seen), *_hint_problems(row, hints)]
        yield from ((line, problem) for problem in problems)


def _row_problems(row: Mapping[str, Any], keys: frozenset[str]) -> Iterator[str]:
    """What is wrong with an entry of the synonyms as a whole."""
    if not any(row.get(kind) for kind in ("say", "same", "hint", "urgent", "exact", "for_some")):
        yield "it has no phrase; begin it with say, same, hint, urgent, exact or for_some"
    yield from (
        f"“{word}” is more than one word; put it under say"
        for word in row.get("hint", ())
        if len(tokens(word)) != 1
    )
    yield from (
        f"{key} is not in taxonomy.yaml; use a key that is"
        for key in (*row.get("means", ()), *row.get("for_some", ()))
        if key not in keys
    )
    if len(row.get("means", ())) > len(MEANS_WEIGHTS):
        yield f"it has more than {len(MEANS_WEIGHTS)} means; leave out the last ones"
    if ("say" in row or "hint" in row) and not (row.get("means") or row.get("words")):
        yield "it leads nowhere; add means or words"
    if ("urgent" in row or "exact" in row) and row.get("help") not in _URGENT:
        yield f"help must be one of {', '.join(sorted(_URGENT))}"


def _hint_problems(row: Mapping[str, Any], seen: dict[str, str]) -> Iterator[str]:
    """Hints that stand twice: editors would not know which of the two holds."""
    for word in map(str, row.get("hint", ())):
        if seen.setdefault(stem(fold(word)), word) != word:
            yield f"“{word}” is the same hint as “{seen[stem(fold(word))]}”; leave one out"


def _phrase_problems(row: Mapping[str, Any], seen: dict[tuple[str, ...], str]) -> Iterator[str]:
    """What is wrong with the phrases of an entry, beside those seen before it."""
    for phrase in map(str, (*row.get("say", ()), *row.get("same", ()), *row.get("urgent", ()))):
        stems = phrase_stems(phrase)
        if not stems:
            yield f"“{phrase}” has no word in it"
        elif seen.setdefault(stems, phrase) != phrase and "say" in row:
            yield f"“{phrase}” is searched the same as “{seen[stems]}”; leave one out"
