"""What the proofs say: questions that nobody is asked, recommendations that nobody gets, people who get nothing."""

from collections.abc import Iterator

from portal.selfhelp.conversation import Answers
from portal.selfhelp.lint.finding import Draft, Finding
from portal.selfhelp.proving import Proof

SECONDS_A_QUESTION = 15
# Questions before the first urgent recommendation can be made, and before any of them can.
FIRST_URGENT = 3
LAST_URGENT = 20


def ways(draft: Draft, proof: Proof) -> Iterator[Finding]:
    """Everything that is wrong with where the ways lead."""
    yield from _questions(draft, proof)
    yield from _rules(draft, proof)
    yield from _nothing(draft, proof)
    yield from _lengths(draft, proof)
    yield from _urgent(draft, proof)
    yield from _unproved(draft, proof)


def _questions(draft: Draft, proof: Proof) -> Iterator[Finding]:
    for question, spot in draft.questions():
        verdict = proof.questions[question.id]
        if verdict == "never":
            yield spot.part("show_if").error(
                "never-asked",
                "Nobody is ever asked this.",
                "No answers to earlier questions lead here: change “shown if”, or take the question out.",
            )
        elif verdict == "always" and question.show_if:
            yield spot.part("show_if").warning(
                "always-asked", "Everybody is asked this, whatever they say.", "Take “shown if” out."
            )


def _rules(draft: Draft, proof: Proof) -> Iterator[Finding]:
    for rule, spot in draft.rules():
        verdict = proof.rules[rule.id]
        if verdict == "never":
            yield spot.part("when").error(
                "never-recommended",
                "No answers lead to this.",
                "Its parts rule each other out, or its questions are not asked together. Change “when”.",
            )
        elif verdict == "always":
            yield spot.part("when").advice(
                "always-recommended",
                "Everybody gets this, whatever they say.",
                "Say under “otherwise” what is for everybody.",
            )


def _nothing(draft: Draft, proof: Proof) -> Iterator[Finding]:
    if draft.conversation.otherwise:
        return
    spot = draft.whole.part("otherwise")
    if proof.for_instance is not None:
        yield spot.error(
            "nothing-shown",
            f"Somebody can come to the end and be shown nothing: {_in_words(proof.for_instance)}.",
            "Add “otherwise” with something that is good for everybody.",
        )
    elif proof.nothing == "unknown":
        yield spot.error(
            "not-proved",
            "It could not be proved that everybody is shown something.",
            "Add “otherwise” with something that is good for everybody.",
        )


def _in_words(answers: Answers) -> str:
    said = [
        f"{question}: {answer if isinstance(answer, str) else ', '.join(answer)}"
        for question, answer in sorted(answers.items())
    ]
    return f"who answers {'; '.join(said)}" if said else "who skips every question"


def _lengths(draft: Draft, proof: Proof) -> Iterator[Finding]:
    if proof.longest is None or proof.shortest is None:
        return
    if proof.shortest == 0:
        yield draft.whole.part("pages").error(
            "dead-end",
            "Somebody can be asked nothing at all.",
            "Begin with a question that is for everybody.",
        )
    minutes = -(-proof.longest * SECONDS_A_QUESTION // 60)
    if minutes > draft.conversation.minutes:
        yield draft.whole.part("minutes").warning(
            "too-long",
            f"The longest way has {proof.longest} questions, for which people need about {minutes} minutes.",
            f"Write {minutes} minutes, or ask less.",
        )


def _urgent(draft: Draft, proof: Proof) -> Iterator[Finding]:
    waits = {rule: wait for rule, wait in proof.waits.items() if wait is not None}
    first = min(waits.values(), default=0)
    for rule, spot in draft.rules():
        wait = waits.get(rule.id)
        if wait is not None and (wait > LAST_URGENT or (wait == first and first > FIRST_URGENT)):
            yield spot.part("when").warning(
                "urgent-hidden",
                f"This is urgent, and cannot be said before {wait} questions are asked.",
                "Ask about it on one of the first pages.",
            )


def _unproved(draft: Draft, proof: Proof) -> Iterator[Finding]:
    unknown = [
        *(f"whether anybody is asked {key}" for key, found in proof.questions.items() if found == "unknown"),
        *(f"whether anybody gets {key}" for key, found in proof.rules.items() if found == "unknown"),
        *(f"how soon {key} can be said" for key in proof.waits_unknown),
        *(["how long the longest way is"] if proof.longest is None else []),
    ]
    if unknown:
        yield draft.whole.part("pages").warning(
            "not-proved",
            f"There are too many ways to prove this: {'; '.join(unknown)}.",
            "Let fewer answers decide what is asked later, or part the conversation in two.",
        )
