"""Changing a part of a conversation: its words, when it is shown, its place, and taking it out."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, forms, pages
from portal.editorial import permissions
from portal.i18n import _
from portal.permissions import requires
from portal.selfhelp import authoring, conditions, desk_forms, rearranging
from portal.selfhelp.authoring import Refused
from portal.selfhelp.conversation import Condition, Question, Rule
from portal.selfhelp.desk_adding_forms import NewOptionForm
from portal.selfhelp.desk_forms import (
    ExampleForm,
    NumberForm,
    OptionForm,
    PageForm,
    PartForm,
    QuestionForm,
    RuleForm,
    WholeForm,
)
from portal.selfhelp.desk_opening import Desk, kept, leading_names, opened
from portal.selfhelp.desk_views import conversation_page

changing = Blueprint("conversation_parts", __name__, url_prefix="/editor/conversations/<uuid:document_id>")
_BOTH = ["GET", "POST"]


def _is_post() -> bool:
    return request.method == "POST"


def _form(kind: type[PartForm], now: dict[str, Any]) -> Any:
    """The form with what was sent, or, on a page that is only read, with what it says now."""
    return kind(request.form if _is_post() else forms.typed(), data=now)


def _save(
    at: Desk, form: PartForm, change: Callable[[str], str], note: str, address: str
) -> AnyResponse | None:
    """Saved, or None with words in the form where it cannot be."""
    try:
        return kept(at, change, note, address) if form.validate() else None
    except Refused as refusal:
        form.refuse(refusal)
        return None


def _asked(at: Desk, key: str) -> Question:
    return at.conversation.questions.get(key) or abort(404)


@changing.route("/whole", methods=_BOTH)
@requires(permissions.may_change_document)
def whole(document_id: uuid.UUID) -> AnyResponse:
    """Its title, what it is about, who can have it, and where it leads when nothing stands out."""
    at = opened(document_id, hold=_is_post())
    form = _form(WholeForm, WholeForm.of(at.conversation))
    done = url_for("conversations.conversation", document_id=at.id)
    saved = _is_post() and _save(
        at,
        form,
        lambda text: authoring.change_whole(text, **form.changes(clock.today())),
        _("The title"),
        done,
    )
    return saved or pages.show(
        "selfhelp/desk/whole.html",
        status=422 if form.is_refused else 200,
        at=at,
        form=form,
        known=leading_names(),
        back=done,
        number=form.number.data or at.newest.number,
    )


def _page_of(at: Desk, form: PartForm, title: str, back: str, **more: Any) -> Response:
    """A page with nothing but a form."""
    return pages.show(
        "selfhelp/desk/part.html",
        status=422 if form.is_refused else 200,
        at=at,
        form=form,
        title=title,
        back=back,
        number=form.number.data or at.newest.number,
        **more,
    )


@changing.route("/pages/<key>", methods=_BOTH)
@requires(permissions.may_change_document)
def page(document_id: uuid.UUID, key: str) -> AnyResponse:
    """A page's title."""
    at = opened(document_id, hold=_is_post())
    now = at.conversation.page_by_id.get(key) or abort(404)
    form = _form(PageForm, {"title": now.title})
    done = url_for("conversations.conversation", document_id=at.id)
    saved = _is_post() and _save(
        at,
        form,
        lambda text: authoring.change_page(text, key, **form.words()),
        _("Page %(key)s", key=key),
        done,
    )
    found = at.about("page", key)
    return saved or _page_of(
        at, form, _("Page: %(title)s", title=now.title or key), done, findings=found, part=("page", key)
    )


@changing.route("/questions/<key>", methods=_BOTH)
@requires(permissions.may_change_document)
def question(document_id: uuid.UUID, key: str) -> AnyResponse:
    """A question: its words, its options, when it is shown, how it looks, and what the checks say."""
    at = opened(document_id, hold=_is_post())
    now = _asked(at, key)
    kind = NumberForm if now.type == "number" else QuestionForm
    form = _form(kind, kind.of(now))
    done = url_for(".question", document_id=at.id, key=key)
    saved = _is_post() and _save(
        at,
        form,
        lambda text: authoring.change_question(text, key, **form.words()),
        _("Question %(key)s", key=key),
        done,
    )
    return saved or question_page(at, key, form, NewOptionForm(formdata=None))


def question_page(at: Desk, key: str, form: PartForm, more: PartForm) -> Response:
    """One question. more: the form for one more option."""
    return pages.show(
        "selfhelp/desk/question.html",
        status=422 if form.is_refused or more.is_refused else 200,
        at=at,
        question=_asked(at, key),
        page=at.conversation.page_of[key],
        findings=at.of_question(key),
        lookers=rearranging.looking_at(at.conversation, key),
        form=form,
        more=more,
        number=form.number.data or more.number.data or at.newest.number,
    )


@changing.route("/questions/<key>/options/<option>", methods=_BOTH)
@requires(permissions.may_change_document)
def option(document_id: uuid.UUID, key: str, option: str) -> AnyResponse:
    """An option's words."""
    at = opened(document_id, hold=_is_post())
    now = _asked(at, key).option(option) or abort(404)
    form = _form(OptionForm, OptionForm.of(now))
    done = url_for(".question", document_id=at.id, key=key)
    note = _("Answer %(option)s of %(key)s", option=option, key=key)
    saved = _is_post() and _save(
        at, form, lambda text: authoring.change_option(text, key, option, **form.words()), note, done
    )
    title = _("Answer: %(label)s", label=now.label)
    return saved or _page_of(at, form, title, done, findings=at.about("option", option, key))


@changing.route("/recommendations/<key>", methods=_BOTH)
@requires(permissions.may_change_document)
def rule(document_id: uuid.UUID, key: str) -> AnyResponse:
    """A recommendation."""
    at = opened(document_id, hold=_is_post())
    now = _rule(at, key)
    form = _form(RuleForm, RuleForm.of(now))
    done = url_for(".rule", document_id=at.id, key=key)
    saved = _is_post() and _save(
        at,
        form,
        lambda text: authoring.change_rule(text, key, **form.words()),
        _("Recommendation %(key)s", key=key),
        done,
    )
    return saved or pages.show(
        "selfhelp/desk/rule.html",
        status=422 if form.is_refused else 200,
        at=at,
        rule=now,
        form=form,
        findings=at.about("rule", key),
        known=leading_names(),
        number=form.number.data or at.newest.number,
    )


def _rule(at: Desk, key: str) -> Rule:
    return next((one for one in at.conversation.rules if one.id == key), None) or abort(404)


# When something is shown


@changing.route("/<any(question, rule):kind>/<key>/when", methods=_BOTH)
@requires(permissions.may_change_document)
def when(document_id: uuid.UUID, kind: str, key: str) -> AnyResponse:
    """Show it only if… `look`: one more question to look at."""
    at = opened(document_id, hold=_is_post())
    now = _condition(at, kind, key)
    shown = desk_forms.condition_sent(at.conversation) if _is_post() else conditions.simple(now)
    form = PartForm(request.form if _is_post() else None)
    done = url_for(f".{kind}", document_id=at.id, key=key)
    saved = _is_post() and _save(
        at, form, lambda text: authoring.set_condition(text, kind, key, shown or conditions.Simple(())),
        _("When %(key)s is shown", key=key), done,
    )  # fmt: skip
    return saved or pages.show(
        "selfhelp/desk/when.html",
        status=422 if form.is_refused else 200,
        at=at,
        kind=kind,
        key=key,
        now=now,
        shown=_with_one_more(at, shown),
        earlier=_earlier(at, kind, key),
        form=form,
        back=done,
        number=form.number.data or at.newest.number,
    )


def _condition(at: Desk, kind: str, key: str) -> Condition | None:
    return _asked(at, key).show_if if kind == "question" else _rule(at, key).when


def _with_one_more(at: Desk, shown: conditions.Simple | None) -> conditions.Simple | None:
    """The rows, and one for the question that was chosen to be looked at, too."""
    look = request.args.get("look", "")
    if shown is None or look not in at.conversation.questions:
        return shown
    return conditions.Simple((*shown.rows, conditions.Row(look, ())), shown.join)


def _earlier(at: Desk, kind: str, key: str) -> list[Question]:
    """The questions with options that it may look at."""
    every = list(at.conversation.questions.values())
    if kind == "question":
        every = every[: [one.id for one in every].index(key)]
    return [one for one in every if one.options]


# Examples


@changing.route("/examples/<int:number>/change", methods=_BOTH)
@requires(permissions.may_change_document)
def example(document_id: uuid.UUID, number: int) -> AnyResponse:
    """Who somebody made up is, what they say, and what must and must not come of it."""
    at = opened(document_id, hold=_is_post())
    every = at.conversation.examples
    now = every[number - 1] if 0 < number <= len(every) else abort(404)
    form = _form(ExampleForm, {"name": now.name, "about": now.about})
    done = url_for("conversations.try_as", document_id=at.id, number=number)

    def change(text: str) -> str:
        told = {name: request.form.getlist(name) for name in ("expect", "never")}
        return authoring.change_example(
            text, now.name, **form.words(), answers=desk_forms.answers_sent(at.conversation), **told
        )

    saved = _is_post() and _save(at, form, change, _("Example %(name)s", name=now.name), done)
    return saved or pages.show(
        "selfhelp/desk/example.html",
        status=422 if form.is_refused else 200,
        at=at,
        example=now,
        findings=at.about("example", now.name),
        form=form,
        back=done,
        number=form.number.data or at.newest.number,
    )


# Moving and taking out

_MOVES: dict[str, Callable[..., str]] = {
    "page": rearranging.move_page,
    "question": rearranging.move_question,
    "option": rearranging.move_option,
    "rule": rearranging.move_rule,
    "example": rearranging.move_example,
}
_REMOVES: dict[str, Callable[..., str]] = {
    "page": rearranging.remove_page,
    "question": rearranging.remove_question,
    "option": rearranging.remove_option,
    "rule": rearranging.remove_rule,
    "example": rearranging.remove_example,
}


@changing.post("/arrange")
@requires(permissions.may_change_document)
def arrange(document_id: uuid.UUID) -> AnyResponse:
    """A part goes up, down or away. do: how|kind|question of an option|its id."""
    at = opened(document_id, hold=True)
    how, kind, within, key = (request.form.get("do", "").split("|", 3) + [""] * 4)[:4]
    if kind not in _MOVES or how not in ("up", "down", "out"):
        abort(400)
    names = (within, key) if kind == "option" else (key,)
    done = url_for(
        "conversations.conversation", document_id=at.id, _anchor=f"{kind}-{key}" if how != "out" else None
    )
    if kind == "option":
        done = url_for(".question", document_id=at.id, key=within)

    def change(text: str) -> str:
        return (
            _REMOVES[kind](text, *names)
            if how == "out"
            else _MOVES[kind](text, *names, -1 if how == "up" else 1)
        )

    note = {"up": _("%(key)s moved up"), "down": _("%(key)s moved down"), "out": _("%(key)s taken out")}[how]
    try:
        return kept(at, change, note % {"key": key}, done)
    except Refused as refusal:
        return conversation_page(at, refusal.status, refusal.words, refusal.lookers)
