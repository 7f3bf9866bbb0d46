"""Every query of the tuning half with its nDCG@10 and the first ten results: `python -m tests.relevance [WORDS]`.

With WORDS only the queries that hold them are shown in full. The reporting half is nobody's business here: `make
bench` says its means.
"""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from portal import postcodes
from tests.bench import site
from tests.relevance.judge import DEPTH, KINDS, Judge, Query, Scores, mean, ndcg, queries

# The authorities that stand behind the three made-up councils.
_AREAS = ("E08000009", "E08000003", "E08000006")


def shown(one: Query, found: list[str], score: float) -> str:
    """A query with its first results, their grades, and what is right and missing."""
    lines = [f"{score:.3f}  {one.kind:9}  “{one.words}” near “{one.place}”"]
    lines += [f"         {one.right.get(key, '-')}  {key}" for key in found[:DEPTH]]
    missing = [key for key in one.right if key not in found[:DEPTH]]
    best = sorted(missing, key=lambda key: -one.right[key])
    places = {key: found.index(key) + 1 for key in best if key in found}
    if best:
        lines.append(
            "         missing: "
            + ", ".join(f"{key} {one.right[key]} ({places.get(key, 'not found')})" for key in best)
        )
    return "\n".join(lines)


def summary(scores: Mapping[str, Scores]) -> str:
    """The means of every engine, over all and by kind."""
    lines = [f"{'':14}" + "".join(f"{kind:>11}" for kind in ("all", *KINDS))]
    for name, each in scores.items():
        means = [mean(each, "tune", kind) or 0.0 for kind in ("", *KINDS)]
        lines.append(f"{name:14}" + "".join(f"{number:11.3f}" for number in means))
    return "\n".join(lines)


def main(words: str) -> None:
    """Print the tuning half."""
    asked = queries()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        postcodes.load(folder / "known", None, _AREAS)
        app = site.demonstration(folder / "site", folder / "known")
        with app.app_context():
            judge = Judge(app)
            judge.check(asked)
            tune = [one for one in asked if one.half == "tune"]
            scores: dict[str, dict[Query, float]] = {}
            for name, rank in judge.rankers().items():
                found = {one: rank(one) for one in tune}
                scores[name] = {one: ndcg(found[one], one.right) for one in tune}
                if name == "ours":
                    ordered = sorted(tune, key=lambda one: scores["ours"][one])
                    print(
                        "\n".join(
                            shown(one, found[one], scores["ours"][one])
                            for one in ordered
                            if words in one.words
                        )
                    )
    print(summary(scores))


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))
