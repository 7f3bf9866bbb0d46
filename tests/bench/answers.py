"""How well searches answer what people ask, beside plain engines: see tests/relevance."""

from collections.abc import Iterator, Mapping

from tests.bench.measure import Figure, Target
from tests.bench.run import Run
from tests.relevance import judge

PART = "relevance"
_AIM = Target(least=0.85)


def measure(run: Run) -> Iterator[Figure]:
    """nDCG@10 of ours beside each plain engine, by half and kind."""
    asked = judge.queries(run.queries or judge.FOLDER)
    if not asked:
        yield Figure(PART, "there are no labelled queries in tests/relevance", "")
        return
    app = run.demonstration
    with app.app_context():
        court = judge.Judge(app)
        court.check(asked)
        run.say(f"relevance: {len(asked)} queries")
        scores = {
            name: {one: judge.ndcg(rank(one), one.right) for one in asked}
            for name, rank in court.rankers().items()
        }
    own = scores.pop("ours")
    for half in judge.HALVES:
        for kind in ("", *judge.KINDS):
            yield from _figures(own, scores, half, kind)


def _figures(own: judge.Scores, others: Mapping[str, judge.Scores], half: str, kind: str) -> Iterator[Figure]:
    score = judge.mean(own, half, kind)
    if score is None:
        return
    count = sum(one.half == half and kind in ("", one.kind) for one in own)
    target = _AIM if half == "report" and not kind else None
    what = f"nDCG@10, {half}ing half, {kind or 'all'} ({count})".replace("tuneing", "tuning")
    for name, each in others.items():
        yield Figure(PART, what, "", score, None, name, judge.mean(each, half, kind), None, target)
