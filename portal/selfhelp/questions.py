"""Walking a conversation: what is asked, given what was said.

Nothing about the way is remembered. The whole path is replayed from the answers each time, so going back, changing and
skipping can never leave a wrong page or a stale answer behind. Invariant: the walk depends on the answers alone, and
an answer to a question that the walk does not reach counts for nothing, wherever it came from.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from portal.selfhelp.conversation import CHOSEN, TYPED, Answer, Answers, Conversation, Page, Question
from portal.words import like

# A typed answer is kept up to here, in characters: a page of writing, more than any box shows.
MOST_TYPED = 2_000


@dataclass(frozen=True)
class Step:
    """A part of a page as this person meets it: with the questions that are for them."""

    page: Page
    questions: tuple[Question, ...]

    @property
    def id(self) -> str:
        """The page's id."""
        return self.page.id

    @property
    def is_sensitive(self) -> bool:
        """Whether any of what is asked here is."""
        return any(question.sensitive for question in self.questions)


@dataclass(frozen=True)
class Walk:
    """The path of somebody with these answers. counted: the answers that are on it, and so count."""

    conversation: Conversation
    steps: tuple[Step, ...]
    counted: Answers
    seen: frozenset[str]

    def step(self, page: str) -> Step | None:
        """The step at a page; None where the path does not lead there."""
        return next((step for step in self.steps if step.id == page), None)

    @property
    def next_step(self) -> Step | None:
        """The first page with a question that this person has not been shown; None at the end."""
        return next(
            (step for step in self.steps if any(question.id not in self.seen for question in step.questions)),
            None,
        )

    def after(self, page: str) -> Step | None:
        """The page that follows one on the path; None after the last, and where the page is not on the path."""
        ids = [step.id for step in self.steps]
        if page not in ids:
            return self.next_step
        place = ids.index(page) + 1
        return self.steps[place] if place < len(ids) else None

    def before(self, page: str) -> Step | None:
        """The page that comes before one on the path; None before the first."""
        ids = [step.id for step in self.steps]
        place = ids.index(page) if page in ids else len(ids)
        return self.steps[place - 1] if place else None

    def number(self, page: str) -> int:
        """How many pages of the path stand before this one, and this one."""
        return 1 + next((i for i, step in enumerate(self.steps) if step.id == page), len(self.steps) - 1)

    @property
    def asked(self) -> tuple[Question, ...]:
        """Every question on the path."""
        return tuple(question for step in self.steps for question in step.questions)

    def is_sensitive_by(self, page: str) -> bool:
        """Whether anything sensitive was asked up to this page, with it: the way out shows from then on."""
        return any(step.is_sensitive for step in self.steps[: self.number(page)])


def walk(conversation: Conversation, answers: Answers, seen: Iterable[str] = ()) -> Walk:
    """The path that the answers lead along. seen: questions that were shown, whether answered or skipped.

    A condition looks at earlier questions only, so one pass in the order of the pages settles everything.
    """
    counted: dict[str, Answer] = {}
    steps = []
    for page in conversation.parts:
        asked = []
        for question in page.questions:
            if question.show_if is None or question.show_if.holds(counted):
                asked.append(question)
                answer = fitting(question, answers.get(question.id))
                if answer:
                    counted[question.id] = answer
        if asked:
            steps.append(Step(page, tuple(asked)))
    return Walk(conversation, tuple(steps), counted, frozenset(seen))


def fitting(question: Question, answer: Answer | None) -> Answer | None:
    """The answer, as far as it is one to this question: options that are there, in their order; else None.

    An exclusive option ("none of these") beside others gives way to them: they say more. Of several exclusive ones,
    the first stays.
    """
    if answer is None or question.type == "info":
        return None
    if question.type == "many":
        chosen = set((answer,) if isinstance(answer, str) else answer) & question.option_ids
        kept = tuple(option for option in question.options if option.id in chosen)
        others = tuple(option.id for option in kept if not option.exclusive)
        return others or tuple(option.id for option in kept[:1]) or None
    said = answer if isinstance(answer, str) else (answer[0] if answer else "")
    if question.type in CHOSEN:
        return said if said in question.option_ids else None
    return said.strip()[:MOST_TYPED] or None if question.type in TYPED else None


def wording(question: Question, name: str) -> str:
    """What is asked: about the person themselves where there is no name, else about whom the name says."""
    return filled(question.ask_about or question.ask, name) if name else question.ask


def filled(text: str, name: str) -> str:
    """The text with {name} filled in."""
    return text.replace("{name}", name)


def in_words(question: Question, answer: Answer, name: str = "") -> str:
    """An answer as the person reads it: the labels of what was chosen, or what was typed."""
    if question.type not in CHOSEN:
        return answer if isinstance(answer, str) else ", ".join(answer)
    labels = list(_labels(question, answer, name))
    return like(", ".join(labels), *labels)


def _labels(question: Question, answer: Answer, name: str) -> Iterator[str]:
    chosen = {answer} if isinstance(answer, str) else set(answer)
    for option in question.options:
        if option.id in chosen:
            yield filled(option.label_about or option.label, name) if name else option.label


def strengths(walked: Walk, name: str = "") -> tuple[str, ...]:
    """What is going well, in the words of what was chosen, in the order it was asked."""
    found = []
    for question in walked.asked:
        said = walked.counted.get(question.id, ())
        chosen = {said} if isinstance(said, str) else set(said)
        found += [
            filled(option.label_about or option.label, name) if name else option.label
            for option in question.options
            if option.strength and option.id in chosen
        ]
    return tuple(dict.fromkeys(found))


def fingerprint(question: Question, is_about_other: bool = False) -> str:
    """What a question asks, as one text: it changes when the person would have to think about it anew.

    is_about_other: asked about somebody else, in the words for that. Words to explain, pictures and the order of
    options do not count.
    """
    options = sorted(
        f"{option.id}={(is_about_other and option.label_about) or option.label}"
        for option in question.options
    )
    return "\n".join((question.type, (is_about_other and question.ask_about) or question.ask, *options))


def reconciled(
    old: Conversation,
    new: Conversation,
    answers: Answers,
    seen: Iterable[str],
    is_about_other: bool = False,
) -> tuple[Mapping[str, Answer], frozenset[str], tuple[str, ...]]:
    """What is left of answers to an older version: (answers, questions seen, ids to be asked again).

    Answers to a question whose words or options have changed are put aside, since they may no longer say what the
    person meant; those to a question that is the same stay. Questions that are new were not seen, and so are asked.
    """
    changed = {
        key
        for key, question in new.questions.items()
        if key in old.questions
        and fingerprint(old.questions[key], is_about_other) != fingerprint(question, is_about_other)
    }
    kept = {key: answer for key, answer in answers.items() if key in new.questions and key not in changed}
    still = frozenset(key for key in seen if key in new.questions and key not in changed)
    reached = walk(new, kept, still)
    before = frozenset(seen)
    again = tuple(
        question.id
        for question in reached.asked
        if question.id in changed and question.id in before | answers.keys()
    )
    return kept, still, again
