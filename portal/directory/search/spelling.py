"""Words that no listing uses: going on from a beginning, splitting, joining, and mending typing errors.

Only unknown words are touched, and the person is told what was searched instead.
"""

from collections.abc import Callable, Sequence
from typing import Any

from portal.directory.search.words import stem

# A beginning shorter than this says too little to go on from; a shorter word is not worth mending.
_SHORTEST = 4
# A word in few listings is as likely a typing error itself.
_CANDIDATES = 40


def _changes(one: str, other: str) -> float:
    """How many slips of the finger part two words: letters more, fewer, other or swapped. Source: Damerau (1964)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row, older = row, [i], before
        for j, b in enumerate(other, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        before = last
    return float(row[-1])


def _skeleton(word: str) -> str:
    """The consonants that are heard: people who spell by ear get those right."""
    heard = word.replace("ph", "f").replace("ck", "k").replace("sh", "s").replace("z", "s").replace("c", "k")
    bare = heard[0] + "".join(c for c in heard[1:] if c not in "aeiouyhw")
    return "".join(c for i, c in enumerate(bare) if i == 0 or c != bare[i - 1])


def mend(word: str, lexicon: Any, spoken: Sequence[str], frequency: Callable[[str], int]) -> str:
    """The likeliest word of the lexicon that was meant, or "" when none is near.

    lexicon: a Whoosh reader. spoken: words of the synonyms, which listings need not use.
    """
    if len(word) < _SHORTEST or not word.isalpha():
        return ""
    reach = 1 if len(word) < 6 else 2
    near = set(lexicon.terms_within("words", word, reach, prefix=1)) if lexicon else set()
    near = {text.decode() if isinstance(text, bytes) else str(text) for text in near}
    near |= {
        other
        for other in spoken
        if abs(len(other) - len(word)) <= reach and other[:1] == word[:1] and _changes(word, other) <= reach
    }
    if len(word) >= 6:
        near |= {other for other in spoken if other[:1] == word[:1] and _skeleton(other) == _skeleton(word)}
    best = sorted(near, key=lambda other: _cost(word, other, frequency(other)))[:_CANDIDATES]
    return best[0] if best else ""


def _cost(word: str, other: str, count: int) -> tuple[float, str]:
    """How unlikely it is that other was meant: few changes, the same sound and a common word are likely."""
    cost = _changes(word, other)
    if _skeleton(word) == _skeleton(other):
        cost -= 0.6
    if word[-1:] == other[-1:]:
        cost -= 0.2
    return cost - min(count, 200) ** 0.5 / 20, other


def split(word: str, known: Callable[[str], bool]) -> tuple[str, str] | None:
    """Two known words that were run together: "daycentre" -> ("day", "centre")."""
    cuts = [(word[:i], word[i:]) for i in range(3, len(word) - 2)]
    return next(((left, right) for left, right in cuts if known(stem(left)) and known(stem(right))), None)
