"""What can come of a conversation, proved: who is asked what, which rules can hold, and whether something always comes.

Everybody's answers are walked at once. Two answers are one and the same where no condition tells them apart, and an
answer is forgotten after the last condition that looks at it; so a frontier of few states stands for all people. To
skip a question is a state of its own: nothing that a condition asks for was said. Each proof looks only at the
questions that it depends on, directly or through others.

The proofs are exact, for conversations whose ids are unique. Where one would take too many steps its verdict is
"unknown": never a wrong one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple

from portal.selfhelp.conversation import CHOSEN, Answer, Answers, Condition, Conversation, Question
from portal.selfhelp.questions import fitting

# Whether something is so for nobody, for some, for everybody; or could not be proved.
Verdict = Literal["never", "sometimes", "always", "unknown"]
# Steps of all proofs of one conversation together: some six seconds of one core.
MOST_STEPS = 4_500_000
# Of one proof, so that a hard one leaves enough for the others.
MOST_STEPS_EACH = 1_500_000


@dataclass(frozen=True)
class Proof:
    """What is proved. questions, rules: who is asked, and for whom a rule holds. nothing: for whom no rule holds.

    for_instance: answers for which no rule holds, where there are any. shortest, longest: questions that somebody
    is asked at least and at most, without words to read. waits: the fewest questions that are asked before an urgent
    rule can hold, with the one that settles it. None: could not be proved, or (waits) the rule never holds.
    """

    questions: Mapping[str, Verdict]
    rules: Mapping[str, Verdict]
    nothing: Verdict
    for_instance: Answers | None
    shortest: int | None
    longest: int | None
    waits: Mapping[str, int | None]

    @property
    def is_whole(self) -> bool:
        """Whether everything could be proved."""
        verdicts = {*self.questions.values(), *self.rules.values(), self.nothing}
        return "unknown" not in verdicts and self.longest is not None and not self.waits_unknown

    @property
    def waits_unknown(self) -> tuple[str, ...]:
        """The urgent rules that may hold, and of which it could not be proved how soon."""
        return tuple(key for key, wait in self.waits.items() if wait is None and self.rules[key] != "never")


def prove(conversation: Conversation, steps: int = MOST_STEPS, steps_each: int = MOST_STEPS_EACH) -> Proof:
    """Everything that can be said about all ways through the conversation. steps: after which it gives up."""
    ways = _Ways(conversation, steps, steps_each)
    questions = {question.id: ways.verdict(ways.shown[at]) for at, question in enumerate(ways.questions)}
    rules = {rule.id: ways.verdict(test) for rule, test in zip(conversation.rules, ways.rules, strict=True)}
    shortest, longest = ways.lengths() or (None, None)
    waits = {
        rule.id: ways.wait(test)
        for rule, test in zip(conversation.rules, ways.rules, strict=True)
        if rule.is_urgent
    }
    nothing, for_instance = ways.nothing()
    return Proof(questions, rules, nothing, for_instance, shortest, longest, waits)


def verdicts(
    conversation: Conversation, conditions: Iterable[Condition], steps: int = MOST_STEPS
) -> list[Verdict]:
    """For whom each of these conditions holds at the end of the conversation."""
    ways = _Ways(conversation, steps, min(steps, MOST_STEPS_EACH))
    tests = [ways.test(condition, len(ways.questions)) for condition in conditions]
    return [ways.verdict(test) for test in tests]


class _TooManyError(Exception):
    """A proof would take more steps than it may."""


@dataclass(frozen=True)
class _Test:
    """A condition over a state. mask: the marks of the state that it looks at; of: the places of their questions."""

    mask: int
    holds: Callable[[int], bool]
    of: frozenset[int]


class _Way(NamedTuple):
    """All ways to one state. least, most: questions asked on the way. said: one of the ways, its last answer first."""

    least: int
    most: int
    said: "_Said | None"


class _Said(NamedTuple):
    before: "_Said | None"
    at: int
    answer: Answer


_ALWAYS = _Test(0, lambda _state: True, frozenset())
_NEVER = _Test(0, lambda _state: False, frozenset())
_Frontier = dict[int, _Way]


@dataclass
class _Ways:
    """The walk. A state is a set of marks, bits of one number: "one of these options was said to this question"."""

    conversation: Conversation
    steps: int
    steps_each: int
    _marks: dict[tuple[int, frozenset[str]], int] = field(default_factory=dict)
    _walked: dict[tuple[frozenset[int], int], _Frontier | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._left = self.steps_each
        self.questions = tuple(question for page in self.conversation.pages for question in page.questions)
        self._place = {question.id: at for at, question in enumerate(self.questions)}
        self.shown = [
            self.test(question.show_if, at) if question.show_if else _ALWAYS
            for at, question in enumerate(self.questions)
        ]
        self.rules = [self.test(rule.when, len(self.questions)) for rule in self.conversation.rules]

    # Conditions over marks

    def test(self, condition: Condition, before: int) -> _Test:
        """The condition, as it stands when only the questions before that place have been asked."""
        if condition.kind == "in":
            return self._said_test(condition, before)
        parts = [self.test(part, before) for part in condition.of]
        tests = [part.holds for part in parts]
        mask, of = 0, frozenset[int]()
        for part in parts:
            mask, of = mask | part.mask, of | part.of
        if condition.kind == "not":
            return _Test(mask, lambda state: not tests[0](state), of)
        if condition.kind == "all":
            return _Test(mask, lambda state: all(test(state) for test in tests), of)
        return _Test(mask, lambda state: any(test(state) for test in tests), of)

    def _said_test(self, condition: Condition, before: int) -> _Test:
        at = self._place.get(condition.question, before)
        if at >= before:
            return _NEVER
        question = self.questions[at]
        values = frozenset(value for value in condition.values if _can_be_said(question, value))
        if not values:
            return _NEVER
        mark = self._marks.setdefault((at, values), 1 << len(self._marks))
        return _Test(mark, lambda state: bool(state & mark), frozenset({at}))

    def _mark(self, at: int, value: str, live: int) -> int:
        """The marks that saying this leaves, of the ones that still matter."""
        return sum(mark for values, mark in self._marks_of[at] if mark & live and value in values)

    @cached_property
    def _marks_of(self) -> dict[int, list[tuple[frozenset[str], int]]]:
        found: dict[int, list[tuple[frozenset[str], int]]] = {at: [] for at in range(len(self.questions))}
        for (at, values), mark in self._marks.items():
            found[at].append((values, mark))
        return found

    def _sayings(self, at: int, live: int) -> dict[int, Answer | None]:
        """All that can be said to a question, as far as it matters: marks -> an answer that leaves them."""
        question = self.questions[at]
        found: dict[int, Answer | None] = {0: None}
        alone: list[tuple[str, Answer]]
        if question.type == "many":
            for option in question.options:
                if mark := 0 if option.exclusive else self._mark(at, option.id, live):
                    self._took(len(found))
                    for state, said in tuple(found.items()):
                        found.setdefault(state | mark, (*(said or ()), option.id))
            alone = [(option.id, (option.id,)) for option in question.options if option.exclusive]
        elif question.type in CHOSEN:
            alone = [(option.id, option.id) for option in question.options]
        else:
            alone = [(value, value) for values, _mark in self._marks_of[at] for value in values]
        for value, said in alone:
            found.setdefault(self._mark(at, value, live), said)
        return found

    # The walk

    def _took(self, steps: int) -> None:
        self.steps -= steps
        self._left -= steps
        if self.steps < 0 or self._left < 0:
            raise _TooManyError

    def _walk(self, places: Iterable[int], keep: int, never: Mapping[int, list[_Test]]) -> _Frontier:
        """All states of the marks in `keep` that answers to these questions lead to.

        never: tests of which none may hold after a place; ways on which one does are left. Raises _TooManyError.
        """
        self._left = self.steps_each
        order = sorted(places)
        if not order:
            return {0: _Way(0, 0, None)}
        needed = [self.shown[at].mask | _or(test.mask for test in never.get(at, ())) for at in order]
        after = [*accumulate(reversed([*needed[1:], keep]), int.__or__)][::-1]
        frontier: _Frontier = {0: _Way(0, 0, None)}
        for at, live in zip(order, after, strict=True):
            tests = never.get(at, [])
            frontier = self._step(frontier, at, live | _or(test.mask for test in tests))
            if tests:
                frontier = _merged(
                    (state & live, way)
                    for state, way in frontier.items()
                    if not any(test.holds(state) for test in tests)
                )
        return frontier

    def _step(self, frontier: _Frontier, at: int, live: int) -> _Frontier:
        test, asked = self.shown[at], int(self.questions[at].type != "info")
        sayings = self._sayings(at, live)
        known: dict[int, bool] = {}

        def ways() -> Iterator[tuple[int, _Way]]:
            for state, way in frontier.items():
                seen = state & test.mask
                if seen not in known:
                    known[seen] = test.holds(seen)
                if not known[seen]:
                    yield state & live, way
                    continue
                self._took(len(sayings))
                for mark, answer in sayings.items():
                    said = way.said if answer is None else _Said(way.said, at, answer)
                    yield (state & live) | mark, _Way(way.least + asked, way.most + asked, said)

        self._took(len(frontier))
        return _merged(ways())

    def _states(self, places: frozenset[int], keep: int) -> _Frontier | None:
        """The same, remembered; None where there are too many."""
        key = (places, keep)
        if key not in self._walked:
            try:
                self._walked[key] = self._walk(places, keep, {})
            except _TooManyError:
                self._walked[key] = None
        return self._walked[key]

    def _closed(self, places: Iterable[int]) -> frozenset[int]:
        """These questions, and all that decide whether they are asked."""
        found: set[int] = set()
        ahead = list(places)
        while ahead:
            at = ahead.pop()
            if at not in found:
                found.add(at)
                ahead += self.shown[at].of
        return frozenset(found)

    # What is proved

    def verdict(self, test: _Test) -> Verdict:
        """For whom the test holds."""
        states = self._states(self._closed(test.of), test.mask)
        if states is None:
            return "unknown"
        return _verdict({test.holds(state) for state in states})

    def nothing(self) -> tuple[Verdict, Answers | None]:
        """For whom no rule holds, and answers for which that is so.

        Rules that share no question, directly or through others, are independent: where each part has a way that
        none of its rules holds on, these ways together are one.
        """
        if any(not test.of and test.holds(0) for test in self.rules):
            return "never", None
        for_instance: dict[str, Answer] = {}
        is_proved = True
        for part in _together(self._closed(test.of) for test in self.rules if test.of):
            try:
                said = self._without_rules(part)
            except _TooManyError:
                is_proved = False
                continue
            if said is None:
                return "never", None
            for_instance |= said
        if not is_proved:
            return "unknown", None
        return self._how_often_nothing(), for_instance

    def _without_rules(self, part: frozenset[int]) -> Answers | None:
        """Answers to these questions with which none of their rules holds; None where there are none."""
        ends: dict[int, list[_Test]] = {}
        for test in self.rules:
            if test.of and test.of <= part:
                ends.setdefault(max(test.of), []).append(test)
        found = self._walk(part, 0, ends)
        return dict(self._answers(found[0].said)) if found else None

    def _how_often_nothing(self) -> Verdict:
        """How often no rule holds, where that is so for somebody."""
        found = {self.verdict(test) for test in self.rules}
        if found <= {"never"}:
            return "always"
        return "sometimes" if found & {"sometimes", "always"} else "unknown"

    def _answers(self, said: _Said | None) -> Iterator[tuple[str, Answer]]:
        while said:
            yield self.questions[said.at].id, said.answer
            said = said.before

    def lengths(self, before: int | None = None) -> tuple[int, int] | None:
        """The fewest and the most questions that somebody is asked, of those before a place."""
        least = most = 0
        for part in self._parts:
            states = self._states(frozenset(at for at in part if before is None or at < before), 0)
            if states is None:
                return None
            least, most = least + states[0].least, most + states[0].most
        return least, most

    @cached_property
    def _parts(self) -> list[frozenset[int]]:
        """Questions that decide about each other, directly or through others."""
        return _together(frozenset({at}) | self.shown[at].of for at in range(len(self.questions)))

    def wait(self, test: _Test) -> int | None:
        """The fewest questions that are asked until the test can hold. None: it cannot, or could not be proved."""
        if test.holds(0):
            return 0
        waits = [self._wait(test, at + 1) for at in sorted(test.of)]
        found = [wait for wait in waits if wait is not None]
        return min(found) if found else None

    def _wait(self, test: _Test, before: int) -> int | None:
        with_it = frozenset[int]().union(*(part for part in self._parts if part & test.of))
        states = self._states(frozenset(at for at in with_it if at < before), test.mask)
        beside = [
            self._states(frozenset(at for at in part if at < before), 0)
            for part in self._parts
            if not part & test.of
        ]
        if states is None or any(other is None for other in beside):
            return None
        own = [way.least for state, way in states.items() if test.holds(state)]
        return min(own) + sum(other[0].least for other in beside if other) if own else None


def _can_be_said(question: Question, value: str) -> bool:
    """Whether an answer can be this value."""
    said = fitting(question, value)
    return said == value or said == (value,)


def _verdict(found: set[bool]) -> Verdict:
    return "sometimes" if len(found) > 1 else "always" if True in found else "never"


def _or(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


def _merged(ways: Iterable[tuple[int, _Way]]) -> _Frontier:
    """The ways by the state that they lead to."""
    found: _Frontier = {}
    for state, way in ways:
        other = found.get(state)
        if other is None:
            found[state] = way
        elif way.least < other.least or way.most > other.most:
            first = way if way.least < other.least else other
            found[state] = _Way(first.least, max(way.most, other.most), first.said)
    return found


def _together(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """Sets that have something in common made one, until none do."""
    found: list[frozenset[int]] = []
    for each in sets:
        apart = [other for other in found if not other & each]
        touching = [other for other in found if other & each]
        found = [*apart, each.union(*touching)]
    return found
