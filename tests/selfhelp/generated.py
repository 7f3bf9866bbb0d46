"""Conversations made up by chance, as data and as YAML, and everybody who could answer the small ones."""

import itertools
import random
from collections.abc import Iterator

from hypothesis import strategies as st

from portal.selfhelp.conversation import (
    Answer,
    Answers,
    Condition,
    Conversation,
    Evidence,
    Option,
    Page,
    Question,
    Rule,
    Shown,
)

LETTERS = "abcd"
# Questions that some conditions look at in vain: never asked of anybody, and of no conversation.
NOWHERE = "nowhere"


@st.composite
def conditions(draw: st.DrawFn, questions: list[str], deep: int = 2) -> Condition:
    """A condition over these questions, at times over one that is not there or an answer that is not."""
    kinds = ["in", "in", "in", "all", "any", "not"] if deep else ["in"]
    kind = draw(st.sampled_from(kinds))
    if kind == "in":
        values = draw(st.sets(st.sampled_from([*LETTERS, "typed"]), max_size=2))
        return Condition("in", draw(st.sampled_from([*questions, NOWHERE])), frozenset(values))
    of = draw(
        st.lists(
            conditions(questions, deep - 1), min_size=int(kind == "not"), max_size=1 if kind == "not" else 3
        )
    )
    return Condition(kind, of=tuple(of))


@st.composite
def question(draw: st.DrawFn, key: str, others: list[str]) -> Question:
    """A question whose condition looks at any of the others: earlier, later and itself."""
    kind = draw(st.sampled_from(["one", "one", "many", "many", "scale-item", "text", "info"]))
    count = draw(st.integers(1, 3)) if kind not in ("text", "info") else 0
    options = tuple(
        Option(letter, f"{key} {letter}", strength=draw(st.booleans()), exclusive=draw(st.booleans()))
        for letter in LETTERS[:count]
    )
    show_if = draw(st.none() | conditions(others))
    return Question(key, kind, f"What of {key}?", options=options, show_if=show_if)


@st.composite
def conversations(draw: st.DrawFn, most: int = 5) -> Conversation:
    """A small conversation, with faults and all."""
    keys = [f"q{at}" for at in range(draw(st.integers(1, most)))]
    asked = [draw(question(key, keys)) for key in keys]
    cut = draw(st.integers(0, len(asked)))
    pages = tuple(
        Page(f"p{at}", "", tuple(part)) for at, part in enumerate((asked[:cut], asked[cut:])) if part
    )
    rules = tuple(
        rule(f"r{at}", draw(conditions(keys)), draw(st.booleans())) for at in range(draw(st.integers(0, 3)))
    )
    return conversation(pages, rules)


def rule(key: str, when: Condition, is_urgent: bool = False) -> Rule:
    """A recommendation that is made then."""
    return Rule(key, key, "", when, Shown(articles=("a",)), "You said so.", Evidence("book"), is_urgent)


def conversation(pages: tuple[Page, ...], rules: tuple[Rule, ...]) -> Conversation:
    """A conversation of these."""
    return Conversation("made-up", "1", "Made up", ("me",), 10, {}, pages, rules, Shown())


def sayings(question: Question) -> list[Answer | None]:
    """All that somebody can say to a question, as a form would send it; None: it is skipped."""
    if question.type == "info":
        return [None]
    if question.type == "many":
        ids = [option.id for option in question.options]
        several = [
            chosen for count in range(1, len(ids) + 1) for chosen in itertools.combinations(ids, count)
        ]
        return [None, *several]
    if question.type == "text":
        return [None, "typed", "something else", *LETTERS]
    return [None, *(option.id for option in question.options)]


def everybody(conversation: Conversation) -> Iterator[Answers]:
    """The answers of everybody there could be."""
    keys = list(conversation.questions)
    for said in itertools.product(*(sayings(question) for question in conversation.questions.values())):
        yield {key: answer for key, answer in zip(keys, said, strict=True) if answer is not None}


@st.composite
def answers_to(draw: st.DrawFn, conversation: Conversation) -> Answers:
    """What one person says: an answer here, none there."""
    keys = draw(st.sets(st.sampled_from(sorted(conversation.questions))))
    return {key: said for key in sorted(keys) if (said := draw(answer_to(conversation.questions[key])))}


def answer_to(question: Question) -> st.SearchStrategy[Answer | None]:
    """An answer to a question, or none."""
    if question.type == "info":
        return st.none()
    if question.type in ("text", "number", "postcode"):
        return st.none() | st.sampled_from(["typed", "M33 7ZF", " 12 "])
    ids = sorted(question.option_ids)
    if question.type == "many":
        return st.none() | st.lists(st.sampled_from(ids), unique=True, max_size=4).map(
            lambda said: tuple(said)
        )
    return st.none() | st.sampled_from(ids)


def large(questions: int, seed: int = 7) -> str:
    """A long conversation as YAML, of the shape that people write: topics at first, then parts that hang on them."""
    draw = random.Random(seed)
    parts = max(2, questions // 10)
    topics = ", ".join(f"{{id: topic-{part}, label: Topic {part}}}" for part in range(parts))
    lines = [_TOP, f"  - {{id: topics, type: many, ask: What matters?, options: [{topics}]}}"]
    rules: list[str] = []
    earlier: list[str] = []
    for at in range(1, questions):
        part = (at - 1) * parts // questions
        if not earlier or (at - 2) * parts // questions != part:
            lines.append(f"- id: page-{part}\n  title: Page {part}\n  questions:")
            earlier = []
        looks_at = f"{{q: topics, in: [topic-{part}]}}"
        if earlier and draw.random() < 0.7:
            seen = draw.sample(earlier, min(len(earlier), draw.choice([1, 1, 2])))
            each = ", ".join(f"{{q: {key}, in: [some, much]}}" for key in seen)
            looks_at = f"{{{draw.choice(['all', 'any'])}: [{looks_at}, {each}]}}"
        kind = draw.choice(["one", "one", "many"])
        lines.append(_QUESTION.format(at=at, kind=kind, looks_at=looks_at))
        earlier.append(f"q{at}")
        rules.append(_RULE.format(at=at, when=_when(draw, earlier)))
    return "\n".join([*lines, "recommend:", *rules, "otherwise: {article: living-well}\n"])


def _when(draw: random.Random, earlier: list[str]) -> str:
    asked = draw.sample(earlier, min(len(earlier), draw.choice([1, 2, 3])))
    each = ", ".join(f"{{q: {key}, in: [{draw.choice(['some', 'much'])}]}}" for key in {*asked, earlier[-1]})
    return f"{{{draw.choice(['all', 'any'])}: [{each}]}}"


_TOP = """\
id: long
version: "1.0"
title: A long conversation
audience: [me]
review: {last: 2026-11-01, next: 2027-05-01}
minutes: 30
pages:
- id: first
  title: First
  questions:"""
_QUESTION = """\
  - id: q{at}
    type: {kind}
    show_if: {looks_at}
    ask: How is number {at}?
    options:
    - {{id: fine, label: Fine {at}, strength: true}}
    - {{id: some, label: Some trouble with {at}}}
    - {{id: much, label: Much trouble with {at}}}"""
_RULE = """\
- id: r{at}
  title: Something about {at}
  text: It may help.
  when: {when}
  show: {{article: living-well}}
  because: "You said: “{{q{at}.label}}”. So here is something."
  evidence: {{source: A book, checked: 2026-11-01}}"""


def tangled(questions: int, seed: int = 1) -> Conversation:
    """A conversation as nobody should write one: everything hangs on something said long before."""
    draw = random.Random(seed)
    asked: list[Question] = []
    for at in range(questions):
        before = draw.sample([question.id for question in asked], 2) if at > 3 else []
        parts = tuple(Condition("in", key, frozenset(draw.choice(LETTERS[:3]))) for key in before)
        options = tuple(Option(letter, letter) for letter in LETTERS[:3])
        show_if = Condition(draw.choice(["any", "all"]), of=parts) if parts else None
        asked.append(
            Question(f"q{at}", draw.choice(["one", "many"]), "What?", options=options, show_if=show_if)
        )
    rules = tuple(rule(f"r{at}", _tangled(asked, draw), is_urgent=True) for at in range(questions))
    return conversation((Page("p", "", tuple(asked)),), rules)


def _tangled(asked: list[Question], draw: random.Random) -> Condition:
    said = [Condition("in", question.id, frozenset({"b"})) for question in draw.sample(asked, 3)]
    return Condition("all", of=(said[0], said[1], Condition("not", of=(said[2],))))
