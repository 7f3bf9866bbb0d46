"""The linter of boards: every fault of a text, where it is and what to do. Needs no web and no database."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from portal.selfhelp.board import PARTS, Board, Move, Step, from_tree, line_of
from portal.selfhelp.conversation import Unreadable
from portal.selfhelp.lint.dates import YEAR
from portal.selfhelp.lint.finding import Finding, Spot, Surroundings
from portal.selfhelp.reading import tree

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
# A key on somebody's plan; letters that have room under a step of the drawing; rows of a checklist.
LONGEST_KEY, LONGEST_NAME = 60, 28
FEWEST_CHECKS, MOST_CHECKS = 5, 10
MOST_MOVES = 3
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")


@dataclass(frozen=True)
class _Draft:
    """A board that is being checked, with the tree that it was read from."""

    board: Board
    tree: Any
    around: Surroundings

    @property
    def whole(self) -> Spot:
        """The board as a whole."""
        return Spot("The board", self.tree, 1)

    def steps(self) -> Iterator[tuple[Step, Spot]]:
        """Each step, and where it stands."""
        for step, row in zip(self.board.steps, self.tree["steps"], strict=True):
            yield step, Spot(f"Step {step.id}", row, line_of(row))


def lint(text: str, around: Surroundings) -> list[Finding]:
    """Every finding on the text of a board, in the order of the file. Never raises."""
    try:
        row = tree(text)
        draft = _Draft(from_tree(row), row, around)
    except Unreadable as error:
        todo = "Compare it with the lines around it."
        return [Finding("error", "The board", error.words, todo, error.line, "unreadable")]
    found = [finding for check in _CHECKS for finding in check(draft)]
    return sorted(found, key=lambda finding: (finding.level != "error", finding.line or 0))


def _ids(draft: _Draft) -> Iterator[Finding]:
    if draft.around.key and draft.board.id != draft.around.key:
        yield draft.whole.part("id").error(
            "id-of-file", f"It is called {draft.around.key}, and says {draft.board.id}.", "Ids never change."
        )
    seen: set[str] = set()
    for step, spot in draft.steps():
        at = spot.part("id")
        if not _ID.fullmatch(step.id):
            yield at.error(
                "bad-id", f"“{step.id}” cannot be an id.", "Use small letters, figures and dashes."
            )
        elif len(draft.board.key_of(step)) > LONGEST_KEY:
            yield at.error("long-id", "The id is too long to stand on a plan.", "Choose a shorter one.")
        if step.id in seen:
            yield at.error("same-step", f"Two steps are called {step.id}.", "Give one of them another id.")
        seen.add(step.id)


def _known_parts(draft: _Draft) -> Iterator[Finding]:
    yield from _odd(draft.whole, "board")
    for step, spot in draft.steps():
        yield from _odd(spot, "step")
        for _move, at in _moves(step, spot):
            yield from _odd(at, "move")


def _odd(spot: Spot, kind: str) -> Iterator[Finding]:
    for name in spot.node if isinstance(spot.node, dict) else ():
        if name not in PARTS[kind]:
            yield spot.part(name).error(
                "unknown-part",
                f"“{name}” is no part that we know here.",
                f"Known parts are {', '.join(PARTS[kind])}.",
            )


def _way(draft: _Draft) -> Iterator[Finding]:
    if len(draft.board.steps) < 2:
        yield draft.whole.part("steps").error("no-way", "One step is no way.", "Add the steps that follow.")


def _references(draft: _Draft) -> Iterator[Finding]:
    for step, spot in draft.steps():
        named = [("article", step.article), *(("template", key) for key in step.templates)]
        for kind, key in named:
            known = draft.around.keys.get(kind)
            if known is not None and key not in known:
                part = "article" if kind == "article" else "templates"
                yield spot.part(part).error(
                    "dangling", f"There is no {kind} {key}.", "Use one that there is, or write it."
                )


def _moves(step: Step, spot: Spot) -> Iterator[tuple[Move, Spot]]:
    for name in ("ladders", "snakes"):
        for at, move in enumerate(getattr(step, name)):
            yield move, spot.row(name, at, f"{name[:-1]} {at + 1}")


def _what_helps(draft: _Draft) -> Iterator[Finding]:
    for step, spot in draft.steps():
        if not step.ladders and not step.snakes:
            yield spot.error(
                "no-moves", "It says neither what helps nor what trips people up.", "Add ladders or snakes."
            )
        for name in ("ladders", "snakes"):
            if len(getattr(step, name)) > MOST_MOVES:
                yield spot.part(name).warning(
                    "many-moves",
                    f"It has {len(getattr(step, name))} {name}.",
                    f"Keep the {MOST_MOVES} that matter most.",
                )


def _directions(draft: _Draft) -> Iterator[Finding]:
    """Ladders lead on, and snakes back; both to a step that is there."""
    places = draft.board.places
    for step, spot in draft.steps():
        for move, at in _moves(step, spot):
            if not move.to:
                continue
            is_ladder = "ladder" in at.where
            if move.to not in places:
                yield at.part("to").error(
                    "dangling", f"There is no step {move.to}.", "Use one that there is."
                )
            elif is_ladder and places[move.to] <= places[step.id]:
                yield at.part("to").error(
                    "ladder-back", "A ladder leads on, and this leads back.", "Name a step that follows."
                )
            elif not is_ladder and places[move.to] >= places[step.id]:
                yield at.part("to").error(
                    "snake-on", "A snake leads back, and this leads on.", "Name an earlier step."
                )


def _checklists(draft: _Draft) -> Iterator[Finding]:
    for step, spot in draft.steps():
        many = len(step.checklist)
        if not many:
            yield spot.error("no-checklist", "It has no checklist.", "Add what there is to do.")
        elif not FEWEST_CHECKS <= many <= MOST_CHECKS:
            yield spot.part("checklist").warning(
                "checklist-length",
                f"Its checklist has {many} lines.",
                f"Make it {FEWEST_CHECKS} to {MOST_CHECKS}.",
            )
        if len(set(step.checklist)) < many:
            yield spot.part("checklist").error(
                "same-check", "The same stands in the checklist twice.", "Take one out."
            )


def _words(draft: _Draft) -> Iterator[Finding]:
    for step, spot in draft.steps():
        if len(step.short) > LONGEST_NAME:
            yield spot.part("short").error(
                "long-name",
                f"“{step.short}” has no room on the board.",
                f"Add a short name of at most {LONGEST_NAME} letters.",
            )
        if len(_SENTENCE_END.findall(step.about)) > 2:
            yield spot.part("about").warning(
                "long-about", "What it is about has more than two sentences.", "The article says the rest."
            )


def _review(draft: _Draft) -> Iterator[Finding]:
    spot, today = draft.whole.part("review"), draft.around.today
    days = {name: _day(draft.board.review.get(name, "")) for name in ("last", "next")}
    for name, day in days.items():
        if day is None:
            yield spot.warning("no-review", f"The {name} review is no date.", "Write it as 2026-11-25.")
    last, following = days["last"], days["next"]
    if last and last > today:
        yield spot.error("review-to-come", "The last review is still to come.", "Correct the date.")
    if following and following < today:
        yield spot.warning("review-due", "The review was due.", "Read everything again, and write new dates.")
    elif last and following and following - last > YEAR:
        yield spot.warning("review-too-far", "The next review is more than 12 months after the last.", "")


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


_CHECKS: tuple[Callable[[_Draft], Iterable[Finding]], ...] = (
    _ids,
    _known_parts,
    _way,
    _references,
    _what_helps,
    _directions,
    _checklists,
    _words,
    _review,
)
