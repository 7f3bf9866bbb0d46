"""Boards: the way as a list and a drawing, one step with its checklist, and documents to fill in."""

import re

from flask import Blueprint, Flask, Response, abort, g, make_response, url_for
from markupsafe import Markup

from portal import pages, registry
from portal.councils.views import current
from portal.editorial import articles, rendering
from portal.i18n import _
from portal.permissions import public
from portal.selfhelp import boards, word_file
from portal.selfhelp.board import Board, Step
from portal.selfhelp.board_drawing import LINE, ROUND, drawn

way = Blueprint("boards", __name__)
STEP = "step"
# Letters of a blank that is longer than a date, and of one that is a whole line.
LONG_BLANK, WHOLE_LINE = 12, 60


def find_board(key: str) -> Board:
    """The board of an address; else the page that says that there is none."""
    return boards.one(current(), key) or abort(404)


@way.get("/boards/<key>")
@public
def board(key: str) -> Response:
    """The steps as a list, and beside it the same as a winding path."""
    found = find_board(key)
    return pages.show("selfhelp/board.html", board=found, sheet=drawn(found), line=LINE, round=ROUND)


@way.get("/boards/<key>/<step>")
@public
def step(key: str, step: str) -> Response:
    """One step: what it is about, what helps, what trips people up, what there is to do, and what to fill in."""
    found = find_board(key)
    here = found.step(step) or abort(404)
    before, after = found.beside(here)
    return pages.show(
        "selfhelp/board_step.html",
        board=found,
        step=here,
        number=1 + found.places[here.id],
        before=before,
        after=after,
        article=articles.read(current(), "article", here.article),
        templates=boards.templates(current(), here),
    )


def with_blanks(html: Markup) -> Markup:
    """The blanks as lines to write on, which a screen reader says in a word and not underscore by underscore."""
    parts = re.split(r"(_{3,})", html.replace("<hr />", f"<p>{'_' * WHOLE_LINE}</p>"))
    return Markup("").join(_blank(len(part)) if part.startswith("___") else Markup(part) for part in parts)  # noqa: S704 - each was escaped


def _blank(letters: int) -> Markup:
    size = (
        " board-blank-whole" if letters >= WHOLE_LINE else " board-blank-long" if letters > LONG_BLANK else ""
    )
    return Markup('<span class="board-blank{}"><span class="hidden">{}</span>&nbsp;</span>').format(
        size, _("(to fill in)")
    )


@way.get("/boards/<key>/<step>/<template>")
@public
def template(key: str, step: str, template: str) -> Response:
    """A document to fill in, to read and to print."""
    found, here, paper = _find_template(key, step, template)
    words = paper.body.strip().partition("\n")[2]
    shown = with_blanks(rendering.text(words, lambda _kind, _key: None).html)
    return pages.show("selfhelp/board_template.html", board=found, step=here, paper=paper, text=shown)


@way.get("/boards/<key>/<step>/<template>.docx")
@public
def template_file(key: str, step: str, template: str) -> Response:
    """The same to download, and fill in with a word processor."""
    _board, _step, paper = _find_template(key, step, template)
    answer = make_response(word_file.word_file(paper.body, paper.title))
    answer.mimetype = word_file.MIME
    answer.headers["Content-Disposition"] = f'attachment; filename="{paper.key}.docx"'
    return answer


def _find_template(key: str, step: str, template: str) -> tuple[Board, Step, boards.Template]:
    found = find_board(key)
    here = found.step(step) or abort(404)
    if template not in here.templates:
        abort(404)
    return found, here, boards.template(current(), template) or abort(404)


def _searchables() -> list[registry.Searchable]:
    """Boards and each of their steps: found by a search, and known on a plan."""
    council = g.get("council")
    return [thing for found in (boards.every(council) if council else ()) for thing in _of(found)]


def _with_article(key: str) -> list[registry.Searchable]:
    """The steps that an article is about."""
    every = boards.every(current())
    return [_of_step(found, step) for found in every for step in found.steps if step.article == key]


def _of(found: Board) -> list[registry.Searchable]:
    whole = registry.Searchable(
        boards.BOARD,
        found.id,
        found.title,
        found.lead,
        url_for("boards.board", key=found.id),
        " ".join((found.summary, *found.also)),
        _("Step by step"),
        found.summary,
    )
    return [whole, *(_of_step(found, each) for each in found.steps)]


def _of_step(found: Board, each: Step) -> registry.Searchable:
    return registry.Searchable(
        STEP,
        found.key_of(each),
        f"{found.title}: {each.title}",
        " ".join((each.about, *each.checklist)),
        url_for("boards.step", key=found.id, step=each.id),
        " ".join(each.also),
        _("Step by step"),
        each.about,
    )


def init_app(app: Flask) -> None:
    """The pages are there; boards are found, and their articles lead to them."""
    app.register_blueprint(way)
    registry.add_beside(app, "article", _with_article)
    registry.add_searchables(app, _searchables)
