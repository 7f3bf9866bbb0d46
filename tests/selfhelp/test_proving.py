"""The proofs say exactly what everybody's answers say, gone through one by one; or that they do not know."""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, assume, given, settings

from portal.selfhelp import proving
from portal.selfhelp.conversation import Answer, Condition, Conversation, Option, Page, Question
from portal.selfhelp.proving import Proof, prove
from portal.selfhelp.questions import Walk, walk
from portal.selfhelp.reading import read
from portal.selfhelp.recommend import topics
from tests.selfhelp.generated import conversation, conversations, everybody, large, rule, sayings, tangled
from tests.selfhelp.small import small


def counted(found: Iterable[bool]) -> proving.Verdict:
    """How often something is so."""
    seen = set(found)
    return "sometimes" if len(seen) == 2 else "always" if seen == {True} else "never"


def asked(walked: Walk) -> list[str]:
    return [question.id for question in walked.asked if question.type != "info"]


def wait(walks: list[Walk], when: Condition) -> int | None:
    """The fewest questions after which a condition holds, had the person stopped there and then."""
    found = [0] if when.holds({}) else []
    for walked in walks:
        so_far: dict[str, Answer] = {}
        count = 0
        for question in walked.asked:
            count += question.type != "info"
            if question.id in walked.counted:
                so_far[question.id] = walked.counted[question.id]
            if when.holds(so_far):
                found.append(count)
    return min(found, default=None)


def by_brute_force(conversation: Conversation) -> Proof:
    """The same proof, by asking everybody."""
    walks = [walk(conversation, answers) for answers in everybody(conversation)]
    ids = [{question.id for question in walked.asked} for walked in walks]
    holding = [{topic.rule for topic in topics(walked)} for walked in walks]
    lengths = [len(asked(walked)) for walked in walks]
    return Proof(
        {key: counted(key in seen for seen in ids) for key in conversation.questions},
        {rule.id: counted(rule.id in found for found in holding) for rule in conversation.rules},
        counted(not found for found in holding),
        None,
        min(lengths),
        max(lengths),
        {rule.id: wait(walks, rule.when) for rule in conversation.rules if rule.is_urgent},
    )


def same(proof: Proof, other: Proof) -> None:
    for name in ("questions", "rules", "nothing", "shortest", "longest"):
        assert getattr(proof, name) == getattr(other, name), name


def count(conversation: Conversation) -> int:
    """How many people there could be."""
    found = 1
    for question in conversation.questions.values():
        found *= len(sayings(question))
    return found


def test_a_conversation_is_proved_as_people_would_find_it() -> None:
    proof = prove(small())
    assert proof.is_whole
    assert proof.questions == {
        "hello": "always",
        "now": "always",
        "drinks": "always",
        "kettle": "sometimes",
        "company": "always",
        "postcode": "always",
    }
    assert set(proof.rules.values()) == {"sometimes"}
    assert (proof.shortest, proof.longest) == (4, 5)
    assert proof.waits == {"burn-now": 1}
    assert proof.nothing == "sometimes"
    same(proof, by_brute_force(small()))


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(conversations())
def test_every_proof_is_exactly_what_asking_everybody_gives(made: Conversation) -> None:
    assume(count(made) <= 2_500)
    proof, asked_all = prove(made), by_brute_force(made)
    assert proof.is_whole
    same(proof, asked_all)
    if proof.for_instance is not None:
        assert topics(walk(made, proof.for_instance)) == []
    assert (proof.for_instance is None) == (asked_all.nothing == "never")


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(conversations(most=4))
def test_with_few_steps_a_proof_says_that_it_does_not_know_and_nothing_untrue(made: Conversation) -> None:
    assume(count(made) <= 600)
    asked_all = by_brute_force(made)
    for steps in (0, 3, 10, 30):
        proof = prove(made, steps, steps)
        for name in ("questions", "rules"):
            for key, verdict in getattr(proof, name).items():
                assert verdict in ("unknown", getattr(asked_all, name)[key])
        assert proof.nothing in ("unknown", asked_all.nothing)
        assert proof.longest in (None, asked_all.longest)
        if proof.for_instance is not None:
            assert topics(walk(made, proof.for_instance)) == []


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)
@given(conversations(most=4))
def test_an_urgent_recommendation_waits_as_long_as_for_the_quickest_person(made: Conversation) -> None:
    assume(count(made) <= 600)
    waits = by_brute_force(made).waits
    for key, found in prove(made).waits.items():
        assert found == waits[key]


def topic_question(options: int) -> Question:
    return Question(
        "topics", "many", "What?", options=tuple(Option(f"t{at}", f"T {at}") for at in range(options))
    )


def test_many_answers_to_one_question_are_no_trouble_where_few_matter() -> None:
    hard = Question("hard", "one", "Hard?", options=(Option("yes", "Yes"), Option("no", "No")))
    more = Question("more", "text", "More?", show_if=Condition("in", "topics", frozenset({"t3", "t4", "t5"})))
    made = conversation(
        (Page("p", "", (topic_question(40), hard, more)),),
        (rule("r", Condition("in", "hard", frozenset({"yes"}))),),
    )
    proof = prove(made, 200, 200)
    assert proof.is_whole
    assert (proof.shortest, proof.longest) == (2, 3)


def test_too_many_ways_are_said_to_be_unknown_and_each_question_is_still_proved() -> None:
    parts = tuple(
        Question(f"q{at}", "text", "What?", show_if=Condition("in", "topics", frozenset({f"t{at}"})))
        for at in range(30)
    )
    made = conversation((Page("p", "", (topic_question(30), *parts)),), ())
    proof = prove(made)
    assert {proof.questions[question.id] for question in parts} == {"sometimes"}
    assert (proof.shortest, proof.longest) == (None, None)
    assert not proof.is_whole


def test_two_exclusive_answers_never_hold_together() -> None:
    options = (Option("a", "A", exclusive=True), Option("b", "B", exclusive=True), Option("c", "C"))
    both = Condition("all", of=tuple(Condition("in", "q", frozenset({key})) for key in "ab"))
    made = conversation((Page("p", "", (Question("q", "many", "Q?", options=options),)),), (rule("r", both),))
    assert prove(made).rules == {"r": "never"}
    same(prove(made), by_brute_force(made))


@pytest.mark.parametrize("seed", range(3))
def test_a_long_conversation_is_proved_whole(seed: int) -> None:
    assert prove(read(large(100, seed))).is_whole


def test_of_a_tangle_as_much_is_proved_as_can_be_and_the_rest_is_said_to_be_unknown() -> None:
    made = tangled(40)
    proof, with_patience = prove(made, 200_000, 500), prove(made, 1_000_000, 100_000)
    assert not proof.is_whole
    assert {key for key, verdict in proof.questions.items() if verdict == "always"} >= {
        "q0",
        "q1",
        "q2",
        "q3",
    }
    for name in ("questions", "rules"):
        for key, verdict in getattr(proof, name).items():
            assert "unknown" in (verdict, other := getattr(with_patience, name)[key]) or verdict == other
    assert "unknown" in proof.rules.values()
    assert "unknown" not in with_patience.questions.values()
