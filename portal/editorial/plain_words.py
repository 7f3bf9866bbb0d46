"""Help with plain words: long sentences, words with plainer ones, and how hard a text is. Shown; never a gate."""

import re
from dataclasses import dataclass

from portal.editorial.kinds import Finding
from portal.i18n import _

LONG_SENTENCE = 25  # words
# LIX above which a text is harder than a newspaper. Source: C. H. Björnsson, Läsbarhet (1968).
HARD = 45
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?:\n]+[.!?:]*")
PLAINER = {
    "accommodation": "home, place to live",
    "additional": "more, extra",
    "approximately": "about",
    "assist": "help",
    "assistance": "help",
    "attempt": "try",
    "commence": "begin, start",
    "complete": "fill in, finish",
    "comply": "follow",
    "concerning": "about",
    "consequently": "so",
    "domiciliary": "at home",
    "eligibility": "who can have it",
    "ensure": "make sure",
    "facilitate": "help, make easier",
    "implement": "do, begin",
    "in order to": "to",
    "inform": "tell",
    "initial": "first",
    "obtain": "get",
    "prior to": "before",
    "provide": "give",
    "purchase": "buy",
    "regarding": "about",
    "require": "need",
    "requirement": "need",
    "reside": "live",
    "residence": "home",
    "respite": "a break",
    "service user": "person",
    "signpost": "show where to go",
    "sufficient": "enough",
    "terminate": "end",
    "utilise": "use",
    "via": "by, through",
    "whilst": "while",
}
_PLAINER = re.compile(rf"\b({'|'.join(map(re.escape, PLAINER))})(?:s|d|ed|ing)?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Measure:
    """How a text reads. lix: 25 very easy, 35 easy, 45 like a newspaper, 55 like a report."""

    words: int
    sentences: int
    lix: int


def measure(text: str) -> Measure:
    """How many words and sentences, and LIX: words per sentence, and words of more than six letters in a hundred."""
    words, sentences = _WORD.findall(text), _sentences(text)
    if not words or not sentences:
        return Measure(len(words), len(sentences), 0)
    long = sum(len(word) > 6 for word in words)
    return Measure(len(words), len(sentences), round(len(words) / len(sentences) + 100 * long / len(words)))


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.findall(text) if _WORD.search(part)]


def advice(text: str) -> list[Finding]:
    """What could be plainer."""
    found = [
        Finding(
            "advice",
            _("“%(start)s…”", start=" ".join(sentence.split()[:5])),
            _("This sentence has %(count)s words.", count=len(_WORD.findall(sentence))),
            _("make two of it"),
        )
        for sentence in _sentences(text)
        if len(_WORD.findall(sentence)) > LONG_SENTENCE
    ]
    seen = dict.fromkeys(match[1].lower() for match in _PLAINER.finditer(text))
    found += [Finding("advice", f"“{word}”", _("There is a plainer word."), PLAINER[word]) for word in seen]
    lix = measure(text).lix
    if lix > HARD:
        found.append(
            Finding(
                "advice",
                _("The whole text"),
                _("It is harder to read than a newspaper (LIX %(lix)s).", lix=lix),
                _("use shorter sentences and shorter words"),
            )
        )
    return found
