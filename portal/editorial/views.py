"""Advice for the public: the list by theme, one article, pages, and "Was this useful?"."""

from flask import Blueprint, Flask, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, pages, registry
from portal.councils.views import current
from portal.editorial import articles, usefulness
from portal.editorial.forms import UsefulForm
from portal.forms import plain
from portal.i18n import _
from portal.permissions import public

advice = Blueprint("advice", __name__)
_MOST_TYPED = 120


@advice.get("/advice")
@public
def overview() -> Response:
    """All articles by theme, or those that hold what is looked for."""
    asked = plain(request.args.get("q"))[:_MOST_TYPED]
    council = current()
    return pages.show(
        "advice/overview.html",
        block="found",
        asked=asked,
        groups=articles.by_theme(council),
        found=articles.found(council, asked) if asked else [],
    )


def _read(kind: str, key: str) -> articles.Reading:
    found = articles.read(current(), kind, key)
    if found is None:
        abort(404)
    return found


@advice.get("/advice/<key>")
@public
def article(key: str) -> Response:
    """One article."""
    return _article_page(_read("article", key), UsefulForm(formdata=None))


def _article_page(found: articles.Reading, form: UsefulForm, status: int = 200) -> Response:
    theme = articles.theme_names().get(found.article.theme, "")
    return pages.show(
        "advice/article.html", status=status, page=found, theme=theme, form=form, beside=_beside(found)
    )


def _beside(found: articles.Reading) -> list[registry.Searchable]:
    """The equipment that an article names, and what speaks of the article."""
    named = found.article.related.get("equipment", ())
    known = (
        {thing.key: thing for thing in registry.searchables() if thing.kind == "equipment"} if named else {}
    )
    return [*(known[key] for key in named if key in known), *registry.beside("article", found.key)]


@advice.post("/advice/<key>/useful")
@public
def useful(key: str) -> AnyResponse:
    """The answer is kept."""
    found, form = _read("article", key), UsefulForm()
    if not form.validate():
        return _article_page(found, form, 422)
    useful, words = form.useful.data == "yes", form.words.data or ""
    usefulness.tell(current(), found.document.document_id, useful=useful, words=words, today=clock.today())
    return redirect(url_for("advice.thanks", key=key), 303)


@advice.get("/advice/<key>/thanks")
@public
def thanks(key: str) -> Response:
    """Thank you, and the way back."""
    return pages.show("advice/thanks.html", page=_read("article", key))


@advice.get("/pages/<key>")
@public
def page(key: str) -> Response:
    """A page of the council's own."""
    return pages.show("advice/page.html", page=_read("page", key))


def init_app(app: Flask) -> None:
    """The pages are there, and in the navigation."""
    app.register_blueprint(advice)
    registry.add_to_navigation(app, registry.NavItem("advice.overview", lambda: _("Advice"), 2))
