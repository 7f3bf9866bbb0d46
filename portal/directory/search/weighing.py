"""How much each idea of what was typed counts: words beside a phrase, light words, hints, and what all lean to."""

from collections.abc import Sequence

from portal.directory.search import scoring
from portal.directory.search.snapshot import Snapshot
from portal.directory.search.thesaurus import NAME_MARK, Clause, Reading, Stems
from portal.directory.search.words import LIGHT_STEMS, stem

# Words left over beside a phrase that was understood say less about what is wanted. Tuned on tests/relevance.
LEFT_OVER = 0.35
# And so do words that only hint at something.
BESIDE = 0.8
# What all the words together lean to, beside a phrase that was understood.
LEANING = 0.6
# Words such as "mum" or "help" beside words that say what for.
LIGHT_WORD = 0.05


def weigh(snapshot: Snapshot, reading: Reading) -> list[scoring.Weighed]:
    """The clauses with how much each counts: light words and words beside an understood phrase count for less.

    A clause that no listing answers in any way counts for nothing: the others still find what they can.
    """
    clauses = reading.clauses
    heavy = any(not clause.light for clause in clauses)
    phrase = any(clause.phrase for clause in clauses)
    understood = phrase or any(clause.hint for clause in clauses)
    weighed = []
    for clause in clauses:
        tells = max((_way_idf(snapshot, way) for way in clause.ways if _answered(snapshot, way)), default=0.0)
        if clause.light and heavy:
            factor, counts = LIGHT_WORD, 0.0
        else:
            factor = 1.0
            if clause.hint and phrase:
                factor = BESIDE
            elif understood and not clause.phrase and not clause.hint:
                factor = LEFT_OVER
            counts = tells * factor
        weighed.append(
            scoring.Weighed([(way, weight * factor) for way, weight in clause.ways.items()], counts)
        )
    if reading.leans:
        factor = LEANING if phrase else 1.0
        ways = [(way, weight * factor) for way, weight in reading.leans.items()]
        counts = max(
            weight * _way_idf(snapshot, way) if _answered(snapshot, way) else 0.0 for way, weight in ways
        )
        weighed.append(scoring.Weighed(ways, counts))
    return weighed


def names(snapshot: Snapshot, clauses: Sequence[Clause]) -> dict[str, float]:
    """The words typed as they would stand in a name, each with how telling it is."""
    parts = [stem(word) for clause in clauses for word in clause.typed]
    return {NAME_MARK + part: snapshot.idf(part) for part in parts if part not in LIGHT_STEMS}


def _answered(snapshot: Snapshot, way: Stems) -> bool:
    return all(snapshot.matching(part) for part in way)


def _way_idf(snapshot: Snapshot, way: Stems) -> float:
    return sum(snapshot.idf(part) for part in way) / len(way)
