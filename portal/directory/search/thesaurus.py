"""From people's own words to what services call things: the editors' synonyms, applied to what was typed.

What was typed becomes clauses. A clause is one idea, with the ways in which a listing may express it: the words
themselves, words that mean the same, or a category or need of the taxonomy.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from portal.directory.search.leanings import Leanings
from portal.directory.search.words import LIGHT_STEMS, MOST_CHARACTERS, STOP, fold, stem, tokens, typed

# A term that stands for a category or need in the index: no word that anybody types begins so.
TERM_MARK = "§"
# And one before a word that stands in a listing's name.
NAME_MARK = "¶"
# What an indirect way of saying it is worth beside the word itself. Tuned on tests/relevance (tuning half).
SAME_WEIGHT = 0.9
MEANS_WEIGHTS = (1.0, 0.8, 0.7, 0.6, 0.5, 0.4)
WORDS_WEIGHT = 0.55
# A single word that is typed and has a meaning: who says it in their own words comes before the rest of the category.
ITSELF = 1.6
# One word that hints at something says less than a phrase that means it.
HINT_WEIGHT = 0.6
# Which listings answer a word of crisis, below the urgent help itself.
_URGENT_MEANS: dict[str, tuple[str, ...]] = {
    "crisis": ("crisis", "helplines"),
    "abuse": ("domestic-abuse", "helplines"),
    "child": ("helplines", "parent-carers"),
}
# Words that many phrases begin with, and that tell nothing by themselves.
_CANT = frozenset({"cant", "not", "no", "never"})
# How many other words may stand between the words of a phrase.
_GAP = 2

Stems = tuple[str, ...]


def read_yaml(path: Path) -> Any:
    """What a YAML file says."""
    return read_text(path.read_text(encoding="utf-8"))


def read_text(text: str) -> Any:
    """What YAML says, by the quick loader where this machine has it."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506 - both loaders are safe ones


def synonym_files(folder: Path) -> list[Path]:
    """The files of synonyms in a folder: synonyms.yaml, and those beside it whose names go on from there."""
    return [folder / "synonyms.yaml", *sorted(folder.glob("synonyms-*.yaml"))]


@dataclass(frozen=True)
class Clause:
    """One idea: ways of saying it, each all of its stems, with the weight of a match.

    light: says little by itself. phrase: a phrase of the synonyms. hint: one word that hints at what is wanted.
    """

    ways: Mapping[Stems, float]
    typed: tuple[str, ...]
    light: bool = False
    phrase: bool = False
    hint: bool = False


@dataclass(frozen=True)
class Reading:
    """What the typed words were understood as.

    leans: what all the words together lean to, phrase or no phrase, each way with its weight.
    """

    clauses: tuple[Clause, ...]
    urgent: str = ""
    leans: Mapping[Stems, float] = field(default_factory=dict)

    @property
    def asked(self) -> frozenset[str]:
        """The categories and needs that what was typed stands for."""
        ways = (way for clause in self.clauses for way in clause.ways)
        return frozenset(way[0].removeprefix(TERM_MARK) for way in ways if way[0].startswith(TERM_MARK))


@dataclass
class _Entry:
    """A phrase of the synonyms file, with what it leads to."""

    stems: Stems
    ways: dict[Stems, float] = field(default_factory=dict)
    urgent: str = ""


def phrase_stems(text: str) -> Stems:
    """The stems of a phrase, common words left out; where only common words are there, all of them."""
    every = tokens(text)
    return tuple(stem(token) for token in every if token not in STOP) or tuple(stem(token) for token in every)


def _telling(stems: Stems) -> int:
    """How many words of a phrase say what it is about."""
    return sum(part not in LIGHT_STEMS and part not in _CANT for part in stems)


# "Arts, crafts and hobbies" names three things.
_PARTS = re.compile(r", | and ")


def named(taxonomy: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The names and other words of a taxonomy's categories and needs as rows of synonyms."""
    rows = [*taxonomy.get("categories", ()), *taxonomy.get("needs", ())]
    while rows:
        row = rows.pop()
        rows += row.get("of", ())
        phrases = [*_PARTS.split(row["name"]), *row.get("also", ())]
        yield {
            "say": [phrase for phrase in phrases if _telling(phrase_stems(phrase)) > 1],
            "hint": [word for phrase in phrases if (word := _only_word(phrase))] if "of" not in row else [],
            "means": [row["key"]],
        }


def _only_word(phrase: str) -> str:
    """The one telling word of a phrase: "Feeling lonely" -> "lonely". "" where there are more, or none."""
    telling = [word for word in tokens(phrase) if word not in STOP and _telling((stem(word),))]
    return telling[0] if len(telling) == 1 else ""


def term(key: str) -> str:
    """The index term that stands for a category or need."""
    return TERM_MARK + key


class Thesaurus:
    """The synonyms of the site, ready to read queries with."""

    def __init__(self, rows: Iterable[Mapping[str, Any]] = ()) -> None:
        self._entries: dict[Stems, _Entry] = {}
        self._spoken: list[str] = []
        self._by_first: dict[str, list[_Entry]] = defaultdict(list)
        self._hints: dict[str, _Entry] = {}
        self._exact: list[tuple[str, str]] = []  # (phrase as typed, help): stop words count in these
        self._leanings = Leanings(LIGHT_STEMS | _CANT)
        self.for_some: frozenset[str] = frozenset()
        for row in rows:
            self._add(row)
        for entry in self._entries.values():
            self._by_first[entry.stems[0]].append(entry)
        self.stems = {part for entry in self._entries.values() for part in entry.stems}
        self.words = {token for row in self._spoken for token in tokens(row)}

    @classmethod
    def from_folder(cls, folder: Path) -> "Thesaurus":
        """The synonyms in a folder, and the names of its categories and needs with their other words."""
        rows = [row for path in synonym_files(folder) for row in read_yaml(path) or ()]
        return cls([*rows, *named(read_yaml(folder / "taxonomy.yaml") or {})])

    def _entry(self, phrase: str) -> _Entry | None:
        self._spoken.append(phrase)
        key = phrase_stems(phrase)
        return self._entries.setdefault(key, _Entry(key)) if key else None

    def _add(self, row: Mapping[str, Any]) -> None:
        self.for_some |= frozenset(map(str, row.get("for_some", ())))
        self._learn(row)
        self._exact += [
            (f" {' '.join(tokens(str(phrase)))} ", str(row["help"])) for phrase in row.get("exact", ())
        ]
        for word in map(str, row.get("hint", ())):
            hint = self._hints.setdefault(stem(fold(word)), _Entry((stem(fold(word)),)))
            self._spoken.append(word)
            for way, weight in self._ways(row):
                hint.ways[way] = max(weight * HINT_WEIGHT, hint.ways.get(way, 0.0))
        for phrase in map(str, (*row.get("say", ()), *row.get("same", ()), *row.get("urgent", ()))):
            entry = self._entry(phrase)
            if entry is None:
                continue
            entry.urgent = entry.urgent or str(row.get("help", ""))
            for way, weight in self._ways(row):
                if way and way != entry.stems:
                    entry.ways[way] = max(weight, entry.ways.get(way, 0.0))

    def _learn(self, row: Mapping[str, Any]) -> None:
        """What the words of a row lean to. Words of crisis lean nowhere: those are taken as they stand."""
        phrases = [
            phrase_stems(str(phrase)) for kind in ("say", "same", "hint") for phrase in row.get(kind, ())
        ]
        self._leanings.learn(phrases, dict(self._means(row)))

    @staticmethod
    def _means(row: Mapping[str, Any]) -> list[tuple[str, float]]:
        means: Sequence[str] = row.get("means") or _URGENT_MEANS.get(str(row.get("help", "")), ())
        return [(str(key), weight) for key, weight in zip(means, MEANS_WEIGHTS, strict=False)]

    @classmethod
    def _ways(cls, row: Mapping[str, Any]) -> list[tuple[Stems, float]]:
        ways: list[tuple[Stems, float]] = [((term(key),), weight) for key, weight in cls._means(row)]
        ways += [(phrase_stems(str(word)), WORDS_WEIGHT) for word in row.get("words", ())]
        return ways + [(phrase_stems(str(word)), SAME_WEIGHT) for word in row.get("same", ())]

    def read(self, text: str) -> Reading:
        """What the words mean: phrases first, the longest that fit, then the words that are left."""
        words = typed(text)
        chain = [stem(word) for word in words]
        found = sorted(self._matches(chain), key=lambda m: (-_telling(m[0].stems), -len(m[1]), m[1]))
        used: set[int] = set()
        clauses: list[tuple[int, Clause]] = []
        urgent = exactly = self._exactly(text)
        for entry, at in found:
            if used & set(at):
                continue
            urgent = urgent or entry.urgent
            if not entry.ways:
                continue
            used |= set(at)
            clauses.append(
                (
                    at[0],
                    Clause({**_itself(entry.stems), **entry.ways}, tuple(words[i] for i in at), phrase=True),
                )
            )
        for i, (word, part) in enumerate(zip(words, chain, strict=True)):
            if i not in used:
                clauses.append((i, self._word(word, part)))
        if exactly or (urgent and not any(clause.phrase for _, clause in clauses)):
            ways = dict(self._ways({"help": urgent}))
            clauses += [(len(words), Clause(ways, (), phrase=True))] if ways else []
        leans: dict[Stems, float] = {(term(key),): weight for key, weight in self._leanings.of(chain).items()}
        return Reading(tuple(clause for _, clause in sorted(clauses, key=lambda c: c[0])), urgent, leans)

    def _word(self, word: str, part: str) -> Clause:
        """A word that belongs to no phrase, with what it hints at."""
        hint = self._hints.get(part)
        if hint is None:
            return Clause({(part,): 1.0}, (word,), light=part in LIGHT_STEMS)
        return Clause({**_itself((part,)), **hint.ways}, (word,), hint=True)

    def _exactly(self, text: str) -> str:
        """The help that a phrase calls for word by word: "end my life" is not "end of life"."""
        said = f" {' '.join(tokens(text[:MOST_CHARACTERS]))} "
        return next((help_ for phrase, help_ in self._exact if phrase in said), "")

    def _matches(self, chain: Sequence[str]) -> list[tuple[_Entry, tuple[int, ...]]]:
        found, said = [], frozenset(chain)
        for start, part in enumerate(chain):
            for entry in self._by_first.get(part, ()):
                # Hundreds of phrases begin with "cant": most are out by a word that was not typed.
                at = _follow(chain, start, entry.stems) if said.issuperset(entry.stems) else None
                if at:
                    found.append((entry, at))
        return found


def _itself(stems: Stems) -> dict[Stems, float]:
    """What was typed, as the first way of saying it."""
    return {stems: 1.0 if len(stems) > 1 else ITSELF}


def _follow(chain: Sequence[str], start: int, wanted: Stems) -> tuple[int, ...] | None:
    """Where the wanted stems stand in order from start, with few others between; None when they do not."""
    at = [start]
    for part in wanted[1:]:
        stop = min(at[-1] + 2 + _GAP, len(chain))
        here = next((i for i in range(at[-1] + 1, stop) if chain[i] == part), None)
        if here is None:
            return None
        at.append(here)
    return tuple(at)
