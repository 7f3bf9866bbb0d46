"""Adding a part to a conversation. Its id is made from its words, once."""

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import forms, pages
from portal.editorial import permissions
from portal.i18n import _
from portal.permissions import requires
from portal.selfhelp import authoring
from portal.selfhelp.authoring import Refused
from portal.selfhelp.conditions import Row, Simple
from portal.selfhelp.conversation import CHOSEN
from portal.selfhelp.desk_adding_forms import NewOptionForm, NewPageForm, NewQuestionForm, NewRuleForm
from portal.selfhelp.desk_changing_views import question_page
from portal.selfhelp.desk_forms import ExampleForm, PartForm, QuestionForm
from portal.selfhelp.desk_opening import Desk, kept, opened, seen_text

adding = Blueprint(
    "conversation_additions", __name__, url_prefix="/editor/conversations/<uuid:document_id>/add"
)
_BOTH = ["GET", "POST"]


def _is_post() -> bool:
    return request.method == "POST"


def _added(
    at: Desk, form: PartForm, add: Callable[[str], tuple[str, str]], address: Callable[[str], str]
) -> AnyResponse | None:
    """Saved, with its new id in the address; or None with words in the form."""
    if not form.validate():
        return None
    try:
        text, name = add(seen_text(at))
        return kept(at, lambda _before: text, _("%(key)s added", key=name), address(name))
    except Refused as refusal:
        form.refuse(refusal)
        return None


@adding.route("/question/<page>", methods=_BOTH)
@requires(permissions.may_change_document)
def question(document_id: uuid.UUID, page: str) -> AnyResponse:
    """A question at the end of a page."""
    at = opened(document_id, hold=_is_post())
    on = at.conversation.page_by_id.get(page) or abort(404)
    form = NewQuestionForm(request.form if _is_post() else forms.typed())
    saved = _is_post() and _added(
        at,
        form,
        lambda text: authoring.add_question(text, page, form.ask.data or "", form.type(), _options(form)),
        lambda name: url_for("conversation_parts.question", document_id=at.id, key=name),
    )
    return saved or _page(at, form, _("A new question on “%(page)s”", page=on.title or page))


def _options(form: NewQuestionForm) -> list[str]:
    return form.labels() if form.type() in CHOSEN else []


def _page(at: Desk, form: PartForm, title: str) -> AnyResponse:
    return pages.show(
        "selfhelp/desk/part.html",
        status=422 if form.is_refused else 200,
        at=at,
        form=form,
        title=title,
        back=url_for("conversations.conversation", document_id=at.id),
        number=form.number.data or at.newest.number,
    )


@adding.route("/page", methods=_BOTH)
@requires(permissions.may_change_document)
def page(document_id: uuid.UUID) -> AnyResponse:
    """A page at the end, with its first question."""
    at = opened(document_id, hold=_is_post())
    form = NewPageForm(request.form if _is_post() else forms.typed())
    saved = _is_post() and _added(
        at,
        form,
        lambda text: authoring.add_page(
            text, form.title.data or "", form.ask.data or "", form.type(), _options(form)
        ),
        lambda name: url_for("conversations.conversation", document_id=at.id, _anchor=f"page-{name}"),
    )
    return saved or _page(at, form, _("A new page"))


@adding.post("/option/<key>")
@requires(permissions.may_change_document)
def option(document_id: uuid.UUID, key: str) -> AnyResponse:
    """One more option of a question."""
    at = opened(document_id, hold=True)
    asked = at.conversation.questions.get(key) or abort(404)
    form = NewOptionForm(request.form)
    done = url_for("conversation_parts.question", document_id=at.id, key=key)
    saved = _added(
        at, form, lambda text: authoring.add_option(text, key, form.label.data or ""), lambda _name: done
    )
    return saved or question_page(at, key, QuestionForm(formdata=None, data=QuestionForm.of(asked)), form)


@adding.route("/recommendation", methods=_BOTH)
@requires(permissions.may_change_document)
def rule(document_id: uuid.UUID) -> AnyResponse:
    """A recommendation. `look`: the question that it looks at, which is chosen first."""
    at = opened(document_id, hold=_is_post())
    look = at.conversation.questions.get(request.values.get("look", ""))
    form = NewRuleForm(request.form if _is_post() else forms.typed())
    when = Simple((Row(look.id, tuple(sorted(request.form.getlist("option")))),) if look else ())
    saved = _is_post() and _added(
        at,
        form,
        lambda text: authoring.add_rule(text, form.title.data or "", when),
        lambda name: url_for("conversation_parts.rule", document_id=at.id, key=name),
    )
    return saved or pages.show(
        "selfhelp/desk/new_rule.html",
        status=422 if form.is_refused else 200,
        at=at,
        form=form,
        look=look,
        questions_with_options=[one for one in at.conversation.questions.values() if one.options],
        ticked=request.form.getlist("option"),
        number=form.number.data or at.newest.number,
    )


@adding.route("/example", methods=_BOTH)
@requires(permissions.may_change_document)
def example(document_id: uuid.UUID) -> AnyResponse:
    """Somebody made up, who has said nothing yet."""
    at = opened(document_id, hold=_is_post())
    form = ExampleForm(request.form if _is_post() else forms.typed())
    number = len(at.conversation.examples) + 1
    saved = _is_post() and _added(
        at,
        form,
        lambda text: (
            authoring.add_example(text, form.name.data or "", form.about.data or ""),
            form.name.data or "",
        ),
        lambda _name: url_for("conversation_parts.example", document_id=at.id, number=number),
    )
    return saved or _page(at, form, _("A new example"))
