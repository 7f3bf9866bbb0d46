"""A published conversation on paper: the form for everybody, and the script for whoever sits beside somebody."""

from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask_login import current_user

from portal import pages
from portal.councils.views import current
from portal.i18n import _, language
from portal.permissions import public, requires
from portal.selfhelp import paper, queries
from portal.selfhelp.queries import Current

on_paper = Blueprint("conversation_on_paper", __name__)


def may_read_script(user: Any, **_of: Any) -> bool:
    """Navigators, who sit beside people, and editors, who write it."""
    return bool({"navigator", "editor"} & set(user.roles))


def _published(key: str) -> Current:
    return queries.published(current(), key, language()) or abort(404)


@on_paper.get("/self-help/<key>/paper")
@public
def form(key: str) -> Response:
    """The form, to print and fill in. `about=someone`: about somebody else."""
    found = _published(key).conversation
    about = request.args.get("about") == "someone" and "someone-else" in found.audience
    return pages.show(
        "selfhelp/paper.html",
        paper=paper.paper(found, name=_("this person") if about else ""),
        about=about,
        may_script=may_read_script(current_user),
    )


@on_paper.get("/self-help/<key>/script")
@requires(may_read_script)
def script(key: str) -> Response:
    """What to ask, what each answer may lead to, and what is urgent first."""
    sheet = paper.paper(_published(key).conversation, name=_("(name)"))
    return pages.show("selfhelp/script.html", paper=sheet, back=url_for("selfhelp.start", key=key))
