"""Taking parts of a conversation out and moving them, as in authoring.py: nothing is left pointing at nothing."""

from collections.abc import Collection, Iterator

from yaml import MappingNode, SequenceNode

from portal.i18n import _
from portal.selfhelp import splicing
from portal.selfhelp.authoring import Found, Looker, Refused, a_question, an_option, checked, in_whole, read
from portal.selfhelp.conversation import Condition, Conversation, Question


def looking_at(conversation: Conversation, question: str, option: str | None = None) -> list[Looker]:
    """What looks at a question; with an option: what looks at that one of it."""
    found = [
        Looker("question", other.id, other.ask)
        for other in conversation.questions.values()
        if other.show_if and _looks(other.show_if, question, option)
    ]
    for rule in conversation.rules:
        says = option is None and f"{{{question}.label}}" in rule.because
        if says or _looks(rule.when, question, option):
            found.append(Looker("rule", rule.id, rule.title or rule.id))
    return found


def _looks(condition: Condition, question: str, option: str | None) -> bool:
    if condition.kind == "in":
        return condition.question == question and (option is None or option in condition.values)
    return any(_looks(part, question, option) for part in condition.of)


def _refuse(what: str, lookers: list[Looker]) -> None:
    if lookers:
        names = "; ".join(f"“{one.words}”" for one in lookers)
        words = _(
            "%(what)s cannot go yet. It is looked at by: %(names)s. Change those first.",
            what=what,
            names=names,
        )
        raise Refused(words, lookers)


# Taking out


def remove_question(text: str, question: str) -> str:
    """The text without a question, and without what examples say to it."""
    conversation, at = read(text), a_question(text, question)
    _refuse(_("This question"), looking_at(conversation, question))
    if len(at.items.value) == 1:
        raise Refused(_("It is the only question on its page. Take the page out instead."))
    return checked(_unanswered(splicing.without_row(text, at.items, at.place), {question}))


def remove_option(text: str, question: str, option: str) -> str:
    """The text without an option, and without it in what examples say."""
    conversation, at = read(text), an_option(text, question, option)
    _refuse(_("This option"), looking_at(conversation, question, option))
    if len(at.items.value) < 3:
        raise Refused(_("A question needs at least two options. Add another one first."))
    text = splicing.without_row(text, at.items, at.place)
    return checked(_unanswered(text, {question}, option))


def remove_page(text: str, page: str) -> str:
    """The text without a page and its questions."""
    conversation, at = read(text), in_whole(text, "pages", page)
    gone = [question.id for question in conversation.page_by_id[page].questions]
    lookers = [
        one
        for key in gone
        for one in looking_at(conversation, key)
        if not (one.kind == "question" and one.id in gone)
    ]
    _refuse(_("This page"), list(dict.fromkeys(lookers)))
    if len(at.items.value) == 1:
        raise Refused(_("It is the only page. Add another one first."))
    return checked(_unanswered(splicing.without_row(text, at.items, at.place), set(gone)))


def remove_rule(text: str, rule: str) -> str:
    """The text without a recommendation, and without it in what examples expect."""
    at = in_whole(text, "recommend", rule)
    if len(at.items.value) == 1:
        raise Refused(_("It is the only recommendation. Add another one first."))
    text = splicing.without_row(text, at.items, at.place)
    for example in read(text).examples:
        for key, names in (("expect", example.expect), ("never", example.never)):
            if rule in names:
                row = in_whole(text, "examples", example.name, "name").row
                text = splicing.with_value(text, row, key, [name for name in names if name != rule])
    return checked(text)


def remove_example(text: str, name: str) -> str:
    """The text without an example."""
    at = in_whole(text, "examples", name, "name")
    if len(at.items.value) == 1:
        raise Refused(_("It is the only example. Add another one first."))
    return checked(splicing.without_row(text, at.items, at.place))


def _unanswered(text: str, questions: Collection[str], option: str | None = None) -> str:
    """The text, whose examples say nothing to these questions; with an option: do not choose it."""
    for example in read(text).examples:
        for key in questions & example.answers.keys():
            said = example.answers[key]
            left = [one for one in ((said,) if isinstance(said, str) else said) if option and one != option]
            if option and option not in ((said,) if isinstance(said, str) else said):
                continue
            row = in_whole(text, "examples", example.name, "name").row
            answers = splicing.value(row, "answers")
            assert isinstance(answers, MappingNode)
            text = splicing.with_value(text, answers, key, left or None)
    return text


# Moving


def _swapped(text: str, at: Found, by: int) -> str:
    first = at.place if by > 0 else at.place - 1
    if first < 0 or first + 1 >= len(at.items.value):
        return text
    return splicing.with_rows_swapped(text, at.items, first)


def move_option(text: str, question: str, option: str, by: int) -> str:
    """An option one place up (by -1) or down (1)."""
    return checked(_swapped(text, an_option(text, question, option), by))


def move_rule(text: str, rule: str, by: int) -> str:
    """A recommendation one place up or down."""
    return checked(_swapped(text, in_whole(text, "recommend", rule), by))


def move_example(text: str, name: str, by: int) -> str:
    """An example one place up or down."""
    return checked(_swapped(text, in_whole(text, "examples", name, "name"), by))


def move_page(text: str, page: str, by: int) -> str:
    """A page one place up or down, where no question then looks at a later one."""
    return _in_order(checked(_swapped(text, in_whole(text, "pages", page), by)))


def move_question(text: str, question: str, by: int) -> str:
    """A question one place up or down; from the edge of its page it goes to the page beside."""
    at = a_question(text, question)
    if 0 <= at.place + by < len(at.items.value):
        return _in_order(checked(_swapped(text, at, by)))
    page = in_whole(text, "pages", splicing.text_of(at.holder, "id"))
    if not 0 <= page.place + by < len(page.items.value):
        return text
    if len(at.items.value) == 1:
        raise Refused(_("It is the only question on its page. Move the page instead."))
    return _in_order(checked(_to_page(text, at, page, by)))


def _to_page(text: str, at: Found, page: Found, by: int) -> str:
    """The text with a question at the near edge of the page beside its own."""
    beside = page.items.value[page.place + by]
    target = splicing.value(beside, "questions")
    if not isinstance(target, SequenceNode) or _layout(target) != _layout(at.items):
        raise Refused(_("These two pages are laid out in different ways. Move it as text."))
    lines = splicing.lines_of(text, at.items, at.place)
    lines = lines if lines.endswith("\n") else f"{lines}\n"
    if by < 0:  # what stands further down is cut first, so that places above stay
        return splicing.with_lines(splicing.without_row(text, at.items, at.place), target, lines)
    return splicing.without_row(splicing.with_lines(text, target, lines, 0), at.items, at.place)


def _layout(items: SequenceNode) -> tuple[bool, int]:
    return bool(items.flow_style), items.value[0].start_mark.column


def _in_order(text: str) -> str:
    late = list(_too_early(read(text)))
    if late:
        names = "; ".join(f"“{question.ask}”" for question, _other in late)
        words = _(
            "A question can look at earlier ones only. This one would then come too early: %(names)s.",
            names=names,
        )
        raise Refused(words, [Looker("question", question.id, question.ask) for question, _other in late])
    return text


def _too_early(conversation: Conversation) -> Iterator[tuple[Question, str]]:
    """Each question that looks at one which does not come before it."""
    before: set[str] = set()
    for question in conversation.questions.values():
        looks_at = question.show_if.questions() if question.show_if else frozenset()
        for other in sorted((looks_at - before) & conversation.questions.keys()):
            yield question, other
        before.add(question.id)
