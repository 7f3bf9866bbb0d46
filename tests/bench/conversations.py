"""Conversations: how long the linter takes, with its proofs, and what a page costs before anything is drawn."""

import random
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from portal.selfhelp.conversation import Answer, Conversation, Question
from portal.selfhelp.lint import Around, lint
from portal.selfhelp.lint.folder import files, keys_in
from portal.selfhelp.proving import prove
from portal.selfhelp.questions import walk
from portal.selfhelp.reading import read, tree
from portal.selfhelp.recommend import topics
from tests.bench.measure import BrokenMeasurementError, Figure, Target, milliseconds, repeated, seconds, timed
from tests.bench.run import Run
from tests.selfhelp.generated import large, tangled

PART = "conversations"
CONTENT = Path(__file__).parents[2] / "content"
_STARTER = Target(most=2.0)
_LONG = Target(most=15.0)
# Of the 15 ms that a whole page may take, what is left for the page itself is most of it.
_WALK = Target(most=5.0, of="p95")
_READING = "only reading the file"
_DAY = date(2026, 11, 26)
_PAGES = 40  # questions of the conversation that is walked
_TIMES = 5


def measure(run: Run) -> Iterator[Figure]:
    """Linting the largest conversation and a made-up one of many questions; one walk with what comes of it."""
    run.say("conversations")
    largest = max(files(CONTENT), key=lambda path: path.stat().st_size)
    around = Around(largest.stem, _DAY, keys_in(CONTENT))
    yield _linting(f"linting {largest.stem}", largest.read_text(encoding="utf-8"), around, _STARTER)
    text = large(run.conversation)
    yield _linting(f"linting {run.conversation} made-up questions", text, Around("long", _DAY), _LONG)
    yield _giving_up(run.conversation)
    yield _walking(read(large(_PAGES)), run.requests)


def _linting(what: str, text: str, around: Around, target: Target) -> Figure:
    lint(text, around)
    found = []
    own = seconds(lambda: found.extend(lint(text, around)))
    if any(finding.level == "error" or finding.name == "not-proved" for finding in found):
        raise BrokenMeasurementError(f"{what}: {found[0]}")
    return Figure(PART, what, "s CPU", own, None, _READING, seconds(lambda: tree(text)), None, target)


def _giving_up(questions: int) -> Figure:
    """What an editor waits for at worst: proofs that end in "could not be proved"."""
    what = f"giving up on {questions} tangled questions"
    made = tangled(questions)
    return Figure(PART, what, "s CPU", seconds(lambda: prove(made)), target=_LONG)


def _walking(conversation: Conversation, people: int) -> Figure:
    said = [answers(conversation, seed) for seed in range(people)]
    if not any(topics(walk(conversation, each)) for each in said):
        raise BrokenMeasurementError("nobody is shown anything")
    works = [repeated(partial(_page, conversation, each), _TIMES) for each in said]
    times = milliseconds(works)
    each_time = type(times)(times.p50 / _TIMES, times.p95 / _TIMES)
    return timed(PART, f"walk and topics of {len(conversation.questions)} questions", each_time, target=_WALK)


def _page(conversation: Conversation, said: dict[str, Answer]) -> object:
    return topics(walk(conversation, said))


def answers(conversation: Conversation, seed: int) -> dict[str, Answer]:
    """What somebody says, the same every time. They speak about all topics, which is the most work."""
    draw = random.Random(seed)
    return {question.id: _said(question, draw) for question in conversation.questions.values()}


def _said(question: Question, draw: random.Random) -> Answer:
    ids = [option.id for option in question.options]
    if question.id == "topics":
        return tuple(ids)
    return tuple(draw.sample(ids, 2)) if question.type == "many" else draw.choice(ids)
