"""Synonyms and the taxonomy as documents that editors see, change, check and publish at their desk."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from flask import Flask

from portal.directory import content, queries
from portal.directory.search.thesaurus import read_text, read_yaml
from portal.editorial import kinds
from portal.editorial import queries as documents
from portal.editorial.kinds import Around, Finding, Kind
from portal.i18n import _

_SHAPE = "this is not the shape of the file"


def _title_of_synonyms(body: str) -> str:
    """The first line's comment, which says which part of life the words are about."""
    first = body.partition("\n")[0]
    return first.lstrip("# ").rstrip(". ") if first.startswith("#") else ""


def _read(body: str, kind: type) -> tuple[Any, list[Finding]]:
    """What the text says, or why nobody can read it."""
    try:
        read = read_text(body)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        return None, [
            Finding("error", "text", str(error.problem), "compare it with the lines around it", line)
        ]
    except yaml.YAMLError as error:
        return None, [Finding("error", "text", str(error).splitlines()[0], "look for an odd letter")]
    if not isinstance(read, kind):
        return None, [Finding("error", "text", _SHAPE, "look at an older version in the history")]
    return read, []


def check_taxonomy(body: str, _around: Around) -> list[Finding]:
    """Every finding on the taxonomy."""
    read, found = _read(body, dict)
    if found:
        return found
    try:
        rows = [row for section, _name in content.TAXONOMIES.values() for row in _flat(read[section])]
        problems = list(content.term_problems(rows))
    except (KeyError, TypeError, AttributeError) as error:
        return [Finding("error", "text", f"{_SHAPE}: {error}", "every term needs a key and a name")]
    known = {row["key"] for row in rows}
    taken_out = [key for name in content.TAXONOMIES for key in kinds.names_of(name) if key not in known]
    return [
        *(Finding("error", "term", problem) for problem in problems),
        *(
            Finding("warning", key, "it was taken out", "entries may still have it; it stays in the database")
            for key in taken_out
        ),
    ]


def _flat(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Terms and those below them, each with its key and name."""
    found: list[Mapping[str, Any]] = []
    for row in rows:
        found += [{"key": row["key"], "name": row["name"], **row}, *_flat(row.get("of", ()))]
    return found


def check_synonyms(body: str, around: Around) -> list[Finding]:
    """Every finding on one file of synonyms. That a phrase stands in two of them is for the linter to say."""
    _rows, found = _read(body, list)
    if found:
        return found
    keys = frozenset(key for name in content.TAXONOMIES for key in around.keys.get(name, ()))
    try:
        problems = list(content.problems_of(body, keys, {}, {}))
    except (TypeError, AttributeError, ValueError) as error:
        return [
            Finding("error", "text", f"{_SHAPE}: {error}", "every entry begins with - and a kind of phrase")
        ]
    return [Finding("error", "entry", problem, line=line) for line, problem in problems]


def take_in(_key: str = "taxonomy") -> None:
    """The terms in the database are named as the published taxonomy has it."""
    public = documents.published(None, "taxonomy", "taxonomy")
    if public is not None:
        content.save_taxonomies(read_text(public.body))


SYNONYMS = Kind(
    name="synonyms",
    label=lambda: _("Synonyms"),
    folder="directory",
    suffix=".yaml",
    pattern="synonyms*",
    title=_title_of_synonyms,
    check=check_synonyms,
    shared_only=True,
    linted=False,
)
TAXONOMY = Kind(
    name="taxonomy",
    label=lambda: _("Categories and needs"),
    folder="directory",
    suffix=".yaml",
    pattern="taxonomy",
    title=lambda _body: "Categories and needs",
    check=check_taxonomy,
    published=take_in,
    shared_only=True,
    linted=False,
)


def _names(taxonomy: str) -> dict[str, str]:
    return queries.names_by_taxonomy(taxonomy)[taxonomy]


def _keys_in(folder: Path, taxonomy: str) -> list[str]:
    """The keys of a taxonomy in a folder's file; none where there is no file that can be read."""
    path = folder / "directory" / "taxonomy.yaml"
    if content.unreadable(path):
        return []
    return [str(row["key"]) for row in _flat(read_yaml(path)[content.TAXONOMIES[taxonomy][0]])]


def init_app(app: Flask) -> None:
    """Both are kinds of document, and other documents may refer to what they name."""
    kinds.register(app, SYNONYMS)
    kinds.register(app, TAXONOMY)
    for taxonomy in content.TAXONOMIES:
        kinds.add_names(app, taxonomy, partial(_names, taxonomy), partial(_keys_in, taxonomy=taxonomy))
