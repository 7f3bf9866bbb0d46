"""However somebody comes through a conversation, what comes of it is what answering straight through gives.

A person is modelled as a session keeps them: the answers they gave, and the questions they were shown.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.selfhelp.conversation import Answer, Answers, Conversation, Question
from portal.selfhelp.questions import Step, Walk, strengths, walk
from portal.selfhelp.reading import read
from portal.selfhelp.recommend import topics
from tests.selfhelp.generated import conversations

CONTENT = Path(__file__).parents[2] / "content" / "conversations"
STARTER = {path.stem: read(path.read_text(encoding="utf-8")) for path in sorted(CONTENT.glob("*.yaml"))}
STEPS = 15
quiet = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@dataclass
class Session:
    """Somebody in the middle of a conversation."""

    conversation: Conversation
    answers: dict[str, Answer] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    @property
    def walked(self) -> Walk:
        return walk(self.conversation, self.answers, self.seen)

    def send(self, step: Step, said: dict[str, Answer | None]) -> None:
        """A page is sent: what was said to its questions, and nothing to those that were skipped."""
        for question in step.questions:
            self.seen.add(question.id)
            answer = said.get(question.id)
            if answer is None:
                self.answers.pop(question.id, None)
            else:
                self.answers[question.id] = answer


def straight_through(conversation: Conversation, wishes: Answers) -> Session:
    """Somebody who knows from the start what they will say, and never turns back."""
    session = Session(conversation)
    for _turn in range(len(conversation.questions) + 1):  # a page may come again with a question more
        step = session.walked.next_step
        if step is None:
            return session
        session.send(step, {question.id: wishes.get(question.id) for question in step.questions})
    raise AssertionError("the conversation does not end")


# Page after page, in any order and again: which of the pages that can be reached then, and the chance that says what.
Pages = list[tuple[int, int]]
pages_sent: st.SearchStrategy[Pages] = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 1_000_000)), min_size=1, max_size=STEPS
)


def by_chance(questions: Iterable[Question], chance: int) -> dict[str, Answer | None]:
    """What somebody says to these questions; None: it is skipped."""
    draw = random.Random(chance)
    return {question.id: _said(question, draw) for question in questions}


def _said(question: Question, draw: random.Random) -> Answer | None:
    ids = [option.id for option in question.options]
    if question.type == "info" or draw.random() < 0.25:
        return None
    if question.type == "many":
        return tuple(draw.sample(ids, draw.randint(0, min(4, len(ids)))))
    return draw.choice(ids) if ids else draw.choice(["typed", "M33 7ZF", " 12 "])


def outcome(walked: Walk) -> tuple[object, ...]:
    """Everything that a person sees at the end."""
    return walked.steps, walked.counted, topics(walked, "Mavis"), strengths(walked), walked.asked


def wander(conversation: Conversation, pages: Pages) -> Iterator[Session]:
    """Somebody who answers, skips, goes back and changes; after each page."""
    session = Session(conversation)
    for at, chance in pages:
        steps = session.walked.steps
        if not steps:
            return
        step = steps[at % len(steps)]
        session.send(step, by_chance(step.questions, chance))
        yield session


def holds(conversation: Conversation, pages: Pages) -> None:
    """After each page: the outcome is that of straight answers, and only answers on the path count."""
    for session in wander(conversation, pages):
        walked = session.walked
        straight = straight_through(conversation, session.answers).walked
        assert outcome(walked) == outcome(straight)
        assert outcome(walk(conversation, walked.counted)) == outcome(walked)
        on_path = {question.id for question in walked.asked}
        assert walked.counted.keys() <= on_path
        for topic in topics(walked):
            assert set(topic.from_questions) <= walked.counted.keys()


@quiet
@given(st.data())
def test_any_order_gives_what_straight_answers_give_in_conversations_made_up(data: st.DataObject) -> None:
    made = data.draw(conversations())
    holds(made, data.draw(pages_sent))


@pytest.mark.parametrize("name", STARTER)
def test_any_order_gives_what_straight_answers_give_in_the_starter_content(name: str) -> None:
    conversation = STARTER[name]

    @settings(quiet, max_examples=150)
    @given(pages_sent)
    def try_it(pages: Pages) -> None:
        holds(conversation, pages)

    try_it()


@quiet
@given(st.data())
def test_answers_off_the_path_change_nothing_whatever_they_are(data: st.DataObject) -> None:
    conversation = data.draw(conversations() | st.sampled_from(list(STARTER.values())))
    said = by_chance(conversation.questions.values(), data.draw(st.integers(0, 1_000_000)))
    answers = {key: answer for key, answer in said.items() if answer is not None}
    walked = walk(conversation, answers)
    off = set(conversation.questions) - {question.id for question in walked.asked} | {"no-question"}
    anything = st.text(max_size=5) | st.lists(st.sampled_from(["a", "b", "yes", "hard"])).map(tuple)
    left = data.draw(st.dictionaries(st.sampled_from(sorted(off)), anything))
    assert outcome(walk(conversation, {**left, **walked.counted, **left})) == outcome(walked)


@quiet
@given(st.data())
def test_the_order_in_which_answers_are_kept_does_not_matter(data: st.DataObject) -> None:
    conversation = data.draw(conversations() | st.sampled_from(list(STARTER.values())))
    said = by_chance(conversation.questions.values(), data.draw(st.integers(0, 1_000_000)))
    answers = [(key, answer) for key, answer in said.items() if answer is not None]
    shuffled = dict(data.draw(st.permutations(answers)))
    assert outcome(walk(conversation, shuffled)) == outcome(walk(conversation, dict(answers)))


@quiet
@given(st.data())
def test_changing_an_answer_and_changing_it_back_is_as_if_nothing_had_been(data: st.DataObject) -> None:
    conversation = data.draw(st.sampled_from(list(STARTER.values())))
    pages = data.draw(pages_sent)
    *_before, session = wander(conversation, pages)
    before, answers = outcome(session.walked), dict(session.answers)
    step = data.draw(st.sampled_from(session.walked.steps))
    session.send(step, by_chance(step.questions, data.draw(st.integers(0, 1_000_000))))
    session.send(step, {question.id: answers.get(question.id) for question in step.questions})
    assert outcome(session.walked) == before


@quiet
@given(st.data())
def test_forth_and_back_lead_to_the_same_page(data: st.DataObject) -> None:
    conversation = data.draw(conversations() | st.sampled_from(list(STARTER.values())))
    pages = data.draw(pages_sent)
    for session in wander(conversation, pages):
        walked = session.walked
        for number, step in enumerate(walked.steps, 1):
            assert walked.number(step.id) == number
            after = walked.after(step.id)
            assert after is None or walked.before(after.id) == step
        assert walked.next_step is None or walked.next_step in walked.steps


@pytest.mark.parametrize("name", STARTER)
def test_who_skips_everything_comes_to_the_end_and_gets_no_reason_for_nothing(name: str) -> None:
    session = straight_through(STARTER[name], {})
    assert session.walked.next_step is None
    assert session.walked.counted == {}
    assert topics(session.walked) == []
    assert strengths(session.walked) == ()


def test_a_left_behind_answer_comes_back_with_its_question() -> None:
    conversation = STARTER["everyday-life"]
    answers: dict[str, Answer] = {"topics": ("moving",), "stairs": "hard"}
    assert "stairs" in walk(conversation, answers).counted
    answers["topics"] = ("food",)
    left = walk(conversation, answers)
    assert "stairs" not in left.counted
    assert not any(topic.rule == "stairs-help" for topic in topics(left))
    answers["topics"] = ("moving", "food")
    assert walk(conversation, answers).counted["stairs"] == "hard"


def test_of_two_exclusive_answers_the_first_stays_and_beside_others_none_does() -> None:
    text = (CONTENT / "everyday-life.yaml").read_text(encoding="utf-8")
    conversation = read(
        text.replace("{id: money, label: Money}", "{id: money, label: Money, exclusive: true}")
    )
    for sent, kept in {
        ("money", "everything"): ("money",),
        ("everything", "money"): ("money",),
        ("everything", "food"): ("food",),
        ("everything",): ("everything",),
    }.items():
        assert walk(conversation, {"topics": sent}).counted["topics"] == kept
