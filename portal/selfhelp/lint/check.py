"""All checks of a conversation, in their order: its shape, what points where, words and dates, and what is proved."""

from collections.abc import Callable, Iterable

from portal.selfhelp.conversation import Conversation, Unreadable
from portal.selfhelp.lint import dates, examples, logic, words
from portal.selfhelp.lint.choosing import choosing
from portal.selfhelp.lint.finding import Draft, Finding, Level, Surroundings
from portal.selfhelp.lint.shape import shape
from portal.selfhelp.lint.ways import ways
from portal.selfhelp.proving import prove
from portal.selfhelp.reading import COMPARE, from_tree, read, tree

_Check = Callable[[Draft], Iterable[Finding]]
_ORDER: dict[Level, int] = {"error": 0, "warning": 1, "advice": 2}
# What must be right before anything can be proved.
_POINTING: tuple[_Check, ...] = (logic.ids, logic.parts_of_types, logic.conditions)
_EACH: tuple[_Check, ...] = (
    logic.references,
    choosing,
    logic.reasons,
    words.about_whom,
    words.answers,
    words.sensitive,
    words.called,
    words.urgent,
    words.plainness,
    dates.review,
    dates.evidence,
)


def lint(text: str, around: Surroundings, before: str = "") -> list[Finding]:
    """Every finding on the text of a conversation, errors first, then in the order of the file.

    before: the text that is public now, if there is one: ids that are in it are kept. Never raises.
    """
    try:
        row = tree(text)
    except Unreadable as error:
        return [unreadable(error)]
    found = list(shape(row)) if isinstance(row, dict) else []
    try:
        draft = Draft(from_tree(row), row, around)
    except Unreadable as error:
        return in_order(found or [unreadable(error)])
    said = {(finding.name, finding.line) for finding in found}
    more = _findings(draft, _before(before))
    return in_order([*found, *(finding for finding in more if (finding.name, finding.line) not in said)])


# What YAML complains of -> what to do, for the slips that people make most.
_SLIPS = {
    "mapping values are not allowed": "A colon stands in a text: put it into quotes. Or a quote above is not closed.",
    "duplicate key": "The same part stands twice: take one out, or put the second into a row of its own.",
    "but got": "A bracket or a quote is not closed, or a comma is missing.",
    "found unexpected end": "A quote is not closed.",
    "block end": "A line is indented too far, or not far enough: compare it with the lines around it.",
    "block mapping": "A line is indented too far, or not far enough: compare it with the lines around it.",
    "alias": "A text begins with * or &: put it into quotes.",
    "cannot start any token": "A text begins with a sign such as @, %, ` or a tab: use spaces, or put it into quotes.",
    "month must be": "A date is none: write it as 2026-11-25.",
    "day is out of range": "A date is none: write it as 2026-11-25.",
}


def unreadable(error: Unreadable, what: str = "The conversation") -> Finding:
    """What to say of a text that cannot be read."""
    slip = next((todo for words, todo in _SLIPS.items() if words in error.words.casefold()), "")
    said = error.words.removesuffix(COMPARE).strip()
    return Finding("error", what, f"It cannot be read. {said}", slip or COMPARE, error.line, "unreadable")


def _before(text: str) -> Conversation | None:
    try:
        return read(text) if text else None
    except Unreadable:
        return None


def _findings(draft: Draft, before: Conversation | None) -> list[Finding]:
    pointing = [finding for check in _POINTING for finding in check(draft)]
    if before:
        pointing += logic.kept_ids(draft, before)
    each = [finding for check in _EACH for finding in check(draft)]
    found = pointing + each
    if not any(finding.level == "error" for finding in pointing):
        found += _proved(draft)
    return found


def _proved(draft: Draft) -> list[Finding]:
    proof = prove(draft.conversation)
    found = list(ways(draft, proof))
    # Where nobody comes to a question, examples that should are only its consequence.
    if not any(finding.name in ("never-asked", "never-recommended") for finding in found):
        found += examples.examples(draft)
        found += examples.coverage(draft)
    return [*found, *logic.silent_reasons(draft)]


def in_order(found: list[Finding]) -> list[Finding]:
    """Errors first, then in the order of the file."""
    return sorted(found, key=lambda finding: (_ORDER[finding.level], finding.line or 0))
