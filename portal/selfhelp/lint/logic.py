"""Ids, conditions, reasons and references: that everything points at something that is there."""

import re
from collections.abc import Iterable, Iterator

from portal.selfhelp import proving
from portal.selfhelp.conversation import CHOSEN, TYPED, Condition, Conversation, Question, Rule, Shown
from portal.selfhelp.lint.finding import Draft, Finding, Spot
from portal.selfhelp.recommend import SENTENCES, SLOT

# Of the proofs about reasons together: a third of all.
STEPS = proving.MOST_STEPS // 3
_BRACES = re.compile(r"\{[^{}]*\}")


def ids(draft: Draft) -> Iterator[Finding]:
    """Ids that stand twice, and an id that has changed."""
    key = draft.around.key
    if key and draft.conversation.id != key:
        yield draft.whole.part("id").error(
            "id-changed",
            f"The id is {draft.conversation.id}, and was {key}.",
            "Write it as it was. Links and answers that people have kept point at it.",
        )
    yield from _twice((page.id, spot) for page, spot in draft.pages())
    yield from _twice((question.id, spot) for question, spot in draft.questions())
    yield from _twice((rule.id, spot) for rule, spot in draft.rules())
    yield from _twice((example.name, spot) for example, spot in draft.examples())
    for question, spot in draft.questions():
        rows = [
            (option.id, spot.row("options", at, f"answer {option.id}"))
            for at, option in enumerate(question.options)
        ]
        yield from _twice(rows)


def _twice(named: Iterable[tuple[str, Spot]]) -> Iterator[Finding]:
    seen: set[str] = set()
    for name, spot in named:
        if name in seen:
            yield spot.error("id-twice", f"“{name}” stands twice.", "Give each its own.")
        seen.add(name)


def kept_ids(draft: Draft, before: Conversation) -> Iterator[Finding]:
    """Ids that are others than in the version before, though the words are the same."""
    asked = {question.ask: question for question in before.questions.values()}
    for question, spot in draft.questions():
        old = before.questions.get(question.id) or asked.get(question.ask)
        if old and old.id != question.id and old.id not in draft.conversation.questions:
            yield _changed(spot, question.id, old.id)
        labels = {option.label: option.id for option in old.options} if old else {}
        for option in question.options:
            was = labels.get(option.label, option.id)
            if was not in question.option_ids and not (old and old.option(option.id)):
                yield _changed(spot, option.id, was)


def _changed(spot: Spot, now: str, was: str) -> Finding:
    return spot.error(
        "id-changed",
        f"The id is {now}, and was {was}.",
        "Write it as it was. Answers that people have given would be lost.",
    )


def parts_of_types(draft: Draft) -> Iterator[Finding]:
    """Questions without the parts that their type needs, or with parts that it cannot have."""
    for question, spot in draft.questions():
        few = 1 if question.type == "many" else 2
        if question.type in CHOSEN and len(question.options) < few:
            yield spot.error("too-few-answers", f"It has fewer than {few} answers to choose.", "Add answers.")
        if question.type not in CHOSEN and question.options:
            yield spot.part("options").error(
                "answers-of-no-use",
                f"A question of type {question.type} has no answers to choose.",
                "Take them out, or make the type one or many.",
            )
        if question.type != "number" and (question.least is not None or question.most is not None):
            yield spot.error("limits-of-no-use", "Only a number has a least and a most.", "Take them out.")
        if question.least is not None and question.most is not None and question.least > question.most:
            yield spot.part("least").error(
                "limits-crossed", "The least is more than the most.", "Change the two about."
            )


def conditions(draft: Draft) -> Iterator[Finding]:
    """Conditions that look at what is not there, or not there yet."""
    places = {question.id: at for at, question in enumerate(draft.conversation.questions.values())}
    for question, spot in draft.questions():
        if question.show_if:
            at = spot.part("show_if")
            for part in parts(question.show_if):
                yield from _condition(draft, part, at)
                if places.get(part.question, -1) >= places[question.id]:
                    yield at.error(
                        "later-question",
                        f"It looks at {part.question}, which is not asked before it.",
                        "Look at earlier questions only, or move this one down.",
                    )
    for rule, spot in draft.rules():
        for part in parts(rule.when):
            yield from _condition(draft, part, spot.part("when"))


def parts(condition: Condition) -> Iterator[Condition]:
    """A condition and all that it is made of."""
    yield condition
    for part in condition.of:
        yield from parts(part)


def _condition(draft: Draft, condition: Condition, spot: Spot) -> Iterator[Finding]:
    if condition.kind != "in":
        if not condition.of:
            yield spot.error("empty-condition", f"Nothing stands under {condition.kind}.", "Add a condition.")
        return
    question = draft.conversation.questions.get(condition.question)
    if not condition.values:
        yield spot.error("empty-in", f"No answer to {condition.question} is named.", "Name one or more.")
    if question is None:
        known = ", ".join(draft.conversation.questions)
        yield spot.error(
            "unknown-question", f"There is no question {condition.question}.", f"Use one of {known}."
        )
    elif question.type in TYPED or question.type == "info":
        yield spot.error(
            "nothing-to-choose",
            f"{question.id} has no answers to choose, so nothing can depend on it.",
            "Look at a question with answers.",
        )
    else:
        for value in sorted(condition.values - question.option_ids):
            yield spot.error(
                "unknown-answer",
                f"{question.id} has no answer {value}.",
                f"Use one of {', '.join(option.id for option in question.options)}.",
            )


def references(draft: Draft) -> Iterator[Finding]:
    """What is shown and is not there, and recommendations that show nothing."""
    for rule, spot in draft.rules():
        if not rule.shown:
            yield spot.error(
                "shows-nothing", "It shows nothing.", "Add an article, equipment, a search or a conversation."
            )
        yield from _shown(draft, rule.shown, spot.part("show"))
    yield from _shown(draft, draft.conversation.otherwise, draft.whole.part("otherwise"))


def _shown(draft: Draft, shown: Shown, spot: Spot) -> Iterator[Finding]:
    pairs = [
        *(("equipment", key) for key in shown.equipment),
        *(("article", key) for key in shown.articles),
        *(("conversation", key) for key in shown.conversations),
        *(pair for search in shown.searches for pair in search.items()),
    ]
    for kind, key in pairs:
        if kind not in SEARCHED and kind not in ("equipment", "article", "conversation"):
            yield spot.error(
                "unknown-search", f"Nothing can be searched by {kind}.", f"Use {', '.join(SEARCHED)}."
            )
        elif kind in draft.around.keys and key not in draft.around.keys[kind]:
            yield spot.error("dangling", f"There is no {kind} {key}.", "Use one that there is.")
        elif kind == "conversation" and key == draft.conversation.id:
            yield spot.error("leads-to-itself", "It leads to this conversation again.", "Take it out.")


# The taxonomies that a search can ask for.
SEARCHED = ("category", "need", "access", "mark")


def reasons(draft: Draft) -> Iterator[Finding]:
    """Reasons that do not say back what the person said."""
    for rule, spot in draft.rules():
        at = spot.part("because")
        slots = SLOT.findall(rule.because)
        if not slots and any(part.kind == "in" for part in _asked_for(rule.when)):
            asked = next(iter(sorted(rule.when.questions())))
            yield at.error(
                "reason-without-answer",
                "The reason does not say what the person said.",
                f"Write for instance: You said “{{{asked}.label}}”.",
            )
        yield from _slots(draft, rule, at, slots)


def _asked_for(condition: Condition) -> Iterator[Condition]:
    """The parts that ask for something to have been said; not those that ask for its absence."""
    yield condition
    for part in condition.of if condition.kind != "not" else ():
        yield from _asked_for(part)


def _slots(draft: Draft, rule: Rule, spot: Spot, slots: list[str]) -> Iterator[Finding]:
    looked_at = _depends_on(draft.conversation, rule.when.questions())
    is_settled = bool(looked_at) and all(_can_be_chosen(draft, key) for key in rule.when.questions())
    for brace in _BRACES.findall(rule.because):
        if brace != "{name}" and not SLOT.fullmatch(brace):
            yield spot.error(
                "unknown-slot", f"{brace} is nothing that is filled in.", "Write {question.label} or {name}."
            )
    for slot in slots:
        if slot not in draft.conversation.questions:
            yield spot.error(
                "unknown-slot", f"There is no question {slot}.", f"Use {', '.join(sorted(looked_at))}."
            )
        elif is_settled and slot not in looked_at:
            yield spot.error(
                "slot-elsewhere",
                f"The recommendation does not depend on {slot}.",
                f"Say back what it depends on: {', '.join(sorted(looked_at))}.",
            )


def _can_be_chosen(draft: Draft, key: str) -> bool:
    question = draft.conversation.questions.get(key)
    return question is not None and question.type in CHOSEN


def _depends_on(conversation: Conversation, questions: Iterable[str]) -> frozenset[str]:
    """These questions, and all that decide whether they are asked."""
    found: set[str] = set()
    ahead = list(questions)
    while ahead:
        key = ahead.pop()
        question = conversation.questions.get(key)
        if question and key not in found:
            found.add(key)
            ahead += question.show_if.questions() if question.show_if else ()
    return frozenset(found)


def silent_reasons(draft: Draft) -> Iterator[Finding]:
    """Reasons of which nothing is left for somebody, since each of their sentences says back what was not said."""
    found = [
        (rule, spot)
        for rule, spot in draft.rules()
        if _depends_on(draft.conversation, rule.when.questions()).issuperset(SLOT.findall(rule.because))
    ]
    silent = [_is_silent(draft.conversation, rule) for rule, _spot in found]
    verdicts = proving.verdicts(draft.conversation, silent, STEPS)
    for (_rule, spot), verdict in zip(found, verdicts, strict=True):
        if verdict == "unknown":
            yield spot.part("because").warning(
                "not-proved",
                "There are too many ways to prove that everybody is given a reason.",
                "Add a sentence that needs no answer.",
            )
        elif verdict != "never":
            yield spot.part("because").error(
                "reason-may-be-empty",
                "For some people no reason is left, since they did not answer what it says back.",
                "Add a sentence that says back the other answers, or one that needs none.",
            )


def _is_silent(conversation: Conversation, rule: Rule) -> Condition:
    """The condition that a recommendation is made and its reason says nothing."""
    sentences = SENTENCES.split(rule.because)
    spoken = tuple(
        Condition("all", of=tuple(_answered(conversation.questions[slot]) for slot in SLOT.findall(sentence)))
        for sentence in sentences
    )
    return Condition("all", of=(rule.when, Condition("not", of=(Condition("any", of=spoken),))))


def _answered(question: Question) -> Condition:
    return Condition("in", question.id, question.option_ids)
