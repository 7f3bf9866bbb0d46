"""The conversations in a folder of content, checked together with what lies beside them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from portal.selfhelp.conversation import Unreadable
from portal.selfhelp.lint.check import lint
from portal.selfhelp.lint.finding import Around, Finding
from portal.selfhelp.reading import tree

FOLDERS = ("conversations", "choosing")
# Taxonomy -> the list in taxonomy.yaml.
_TAXONOMIES = {"category": "categories", "need": "needs", "access": "access", "mark": "marks"}


def lint_folder(folder: Path, today: dt.date) -> list[str]:
    """Every error of the conversations in a folder, a line each: the file, the place, its line, what to do.

    Warnings are for editors: a review that is due holds nothing up.
    """
    return [str(finding) for finding in findings(folder, today) if finding.level == "error"]


def findings(folder: Path, today: dt.date) -> Iterator[Finding]:
    """Every finding; where: the file, and the place in it."""
    keys = keys_in(folder)
    yield from _twice(folder)
    for path in files(folder):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield Finding("error", path.name, "It is not UTF-8.", "Save it as UTF-8.", None, "unreadable")
            continue
        for finding in lint(text, Around(path.stem, today, keys)):
            yield Finding(
                finding.level,
                f"{path.name}, {finding.where}",
                finding.words,
                finding.todo,
                finding.line,
                finding.name,
            )


def _twice(folder: Path) -> Iterator[Finding]:
    """Conversations of one name in two folders: only one of them could be loaded."""
    talked, chosen = ({path.stem for path in (folder / each).glob("*.yaml")} for each in FOLDERS)
    for stem in sorted(talked & chosen):
        yield Finding(
            "error",
            f"{stem}.yaml",
            "It lies in two folders.",
            "Give one of them another id.",
            None,
            "two-folders",
        )


def files(folder: Path) -> list[Path]:
    """The conversations in a folder of content: those to talk things through, then those to choose by."""
    return [path for each in FOLDERS for path in sorted((folder / each).glob("*.yaml"))]


def keys_in(folder: Path) -> dict[str, frozenset[str]]:
    """What conversations may refer to: kind -> keys. A kind of which nothing lies in the folder is left out."""
    found = {
        "conversation": frozenset(path.stem for path in files(folder)),
        "article": frozenset(path.stem for path in (folder / "articles").glob("*.md")),
        "equipment": frozenset(_ids(_read(folder / "equipment" / "items.yaml"), "items", "id")),
        "task": frozenset(_ids(_read(folder / "equipment" / "house.yaml"), "tasks", "id")),
    }
    taxonomy = _read(folder / "directory" / "taxonomy.yaml")
    for name, rows in _TAXONOMIES.items():
        found[name] = frozenset(_ids(taxonomy, rows, "key"))
    return {name: keys for name, keys in found.items() if keys}


def _read(path: Path) -> Any:
    """What a file says; nothing where it is not there or cannot be read: its own linter says so."""
    try:
        return tree(path.read_text(encoding="utf-8"))
    except (OSError, Unreadable):
        return None


def _ids(row: Any, name: str, key: str) -> Iterator[str]:
    rows: Iterable[Any] = row.get(name) or () if isinstance(row, dict) else ()
    for each in rows:
        yield str(each[key])
        yield from _ids(each, "of", key)
