"""Words that may mean that somebody is being harmed.

They raise what was written to a person at once; they never decide anything. A word may be harmless in the company of
others ("the lunch was a hit"): `unless` names those. A "no" or "never" before a word does not make it harmless, since
missing one is worse than reading one too many. The words are content/directory/safeguarding.yaml, which editors own.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from portal.directory.search.thesaurus import read_yaml
from portal.directory.search.words import tokens

_KEY = "portal.safeguarding"
_GAP = "…"
# At most so many words stand where the file says "…".
_GAP_WORDS = 3


@dataclass(frozen=True)
class _Watched:
    words: re.Pattern[str]
    unless: re.Pattern[str] | None


def _one(phrase: str) -> str:
    """A phrase of the file as a pattern over words parted by one blank: "lock* … in"."""
    parts = []
    for part in phrase.replace("...", _GAP).split():
        if part == _GAP:
            parts.append(rf"(?:\S+ ){{0,{_GAP_WORDS}}}")
            continue
        found = tokens(part.rstrip("*"))
        ending = r"\S*" if part.endswith("*") else ""
        parts.append("".join(f"{re.escape(word)} " for word in found[:-1]))
        parts.append(f"{re.escape(found[-1])}{ending} " if found else "")
    return "".join(parts)


def _any(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{'|'.join(map(_one, phrases))})")


class Watch:
    """The words of the file, ready to be looked for."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._watched = [
            _Watched(
                _any(map(str, row["words"])), _any(map(str, row["unless"])) if row.get("unless") else None
            )
            for row in rows
        ]

    def found(self, *texts: str) -> list[str]:
        """The words in these texts that may mean harm, as they were folded; each once, in their order in the file."""
        seen: dict[str, None] = {}
        for text in texts:
            plain = "".join(f"{word} " for word in tokens(text))
            for watched in self._watched:
                left = watched.unless.sub("| ", plain) if watched.unless else plain
                seen |= dict.fromkeys(match[0].strip() for match in watched.words.finditer(left))
        return list(seen)


def from_file(path: Path) -> Watch:
    """The words of a file."""
    return Watch(read_yaml(path))


def watch() -> Watch:
    """The words that the site looks for."""
    found: Watch = current_app.extensions[_KEY]
    return found


def problems(path: Path) -> Iterator[str]:
    """What is wrong with a file of such words, a line each."""
    for number, row in enumerate(read_yaml(path) or (), 1):
        if not isinstance(row, dict) or not row.get("words"):
            yield f"{path.name}, row {number}: it has no words; begin it with words"
            continue
        if odd := sorted(set(row) - {"words", "unless"}):
            yield f"{path.name}, row {number}: {', '.join(odd)} is nothing we know; use words and unless"
        for phrase in map(str, (*row["words"], *row.get("unless", ()))):
            if not tokens(phrase):
                yield f"{path.name}, row {number}: “{phrase}” has no word in it"


def init_app(app: Flask) -> None:
    """The site knows what to look for."""
    app.extensions[_KEY] = from_file(app.config["CONTENT"] / "directory" / "safeguarding.yaml")
