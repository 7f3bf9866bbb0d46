"""Boards and their templates as they are published. The council is always the first argument."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.councils.models import Council
from portal.editorial import queries as documents
from portal.editorial.queries import Published
from portal.selfhelp import board
from portal.selfhelp.board import Board, Step
from portal.selfhelp.conversation import Unreadable

BOARD, TEMPLATE = "board", "template"


@dataclass(frozen=True)
class Template:
    """A document to fill in. body: Markdown, its title first."""

    key: str
    title: str
    body: str


def title_of(body: str) -> str:
    """The first line of a template, which is its title. Raises ValueError where it has none."""
    first, _break, _rest = body.strip().partition("\n")
    if not first.startswith("# "):
        raise ValueError("A template begins with “# ” and its title.")
    return first.removeprefix("# ").strip()


def one(council: Council, key: str) -> Board | None:
    """A board as the council's visitors see it; None where there is none, or it cannot be read."""
    return _board(documents.published(council, BOARD, key))


def every(council: Council) -> Iterator[Board]:
    """Every board that the council's visitors can see."""
    for document in documents.all_published(council, BOARD):
        found = _board(document)
        if found is not None:
            yield found


def _board(document: Published | None) -> Board | None:
    try:
        return board.read(document.body) if document else None
    except Unreadable:  # what is published was checked; what was put there by hand may not have been
        return None


def templates(council: Council, step: Step) -> list[Template]:
    """The templates of a step that are there, in its order."""
    return [found for key in step.templates if (found := template(council, key))]


def template(council: Council, key: str) -> Template | None:
    """A document to fill in."""
    document = documents.published(council, TEMPLATE, key)
    try:
        return Template(key, title_of(document.body), document.body) if document else None
    except ValueError:
        return None
