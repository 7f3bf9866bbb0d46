"""What words lean to, whatever phrase they stand in: learnt from the editors' own rows when a process starts.

Nobody can write down every sentence. But the rows say often that "payday" has to do with money and food, and seldom
with anything else; so a sentence that no row holds still leans somewhere, by the words that it shares with the rows.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from math import log

# Rows that say a word often do not outweigh those that say it once by as much: a row counts by the root of its phrases.
_DAMPED = 0.5
# As if every word stood in so many rows more that lead nowhere: a word seen once or twice proves little.
_DOUBT = 6.0
# Words such as "mum" or "cannot" lean a little, too.
_LIGHT = 0.25
# How much the words of a sentence must say together to be taken in full; less counts for less.
_PLAIN = 2.5
# How many categories and needs a sentence leans to at most, and how much of the first one's weight each must have.
_MOST, _BESIDE_FIRST = 4, 0.4


class Leanings:
    """For each word of the rows: the categories and needs that phrases with it lead to, each with how surely."""

    def __init__(self, light: frozenset[str]) -> None:
        self._light = light
        self._leads: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self._said: Counter[str] = Counter()  # stem -> how many rows hold it
        self._weight: dict[str, float] = defaultdict(float)  # stem -> how often they say it, damped
        self._rows = 0
        self._tells: dict[
            str, dict[str, float]
        ] = {}  # what each stem was found to say, made when first asked

    def learn(self, phrases: Iterable[Iterable[str]], means: Mapping[str, float]) -> None:
        """One row: the stems of each of its phrases, and what it leads to with the weight of each."""
        counts = Counter(stem for stems in phrases for stem in set(stems))
        if not means:
            return
        self._rows += 1
        self._tells = {}
        for stem, count in counts.items():
            weight = count**_DAMPED
            self._said[stem] += 1
            self._weight[stem] += weight
            for key, share in means.items():
                self._leads[stem][key] += share * weight

    def of(self, stems: Iterable[str]) -> dict[str, float]:
        """Category or need -> how much these words together lean to it, 1 at most; nothing for a single word.

        One word by itself is what synonyms and hints are for.
        """
        known = [stem for stem in dict.fromkeys(stems) if stem in self._weight]
        if sum(stem not in self._light for stem in known) < 1 or len(known) < 2:
            return {}
        sums: dict[str, float] = defaultdict(float)
        for stem in known:
            for key, weight in self._telling(stem).items():
                sums[key] += weight
        first = sorted(sums.items(), key=lambda lean: (-lean[1], lean[0]))[:_MOST]
        best = first[0][1]
        sure = min(1.0, best / _PLAIN)
        return {key: sure * weight / best for key, weight in first if weight >= _BESIDE_FIRST * best}

    def _telling(self, stem: str) -> dict[str, float]:
        """What one word says for each category and need: the more, the rarer it is and the oftener it leads there."""
        if stem not in self._tells:
            telling = log(1 + self._rows / (self._said[stem] + 1)) * (_LIGHT if stem in self._light else 1.0)
            sure = telling / (self._weight[stem] + _DOUBT)
            self._tells[stem] = {key: sure * weight for key, weight in self._leads[stem].items()}
        return self._tells[stem]
