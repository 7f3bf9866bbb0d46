"""A conversation's pages: beginning, one page after the other, check answers, what may help.

Addresses name a conversation and the number of a page, never what was said. Nothing here is kept by a browser.
"""

from typing import Any, NoReturn

from flask import Blueprint, Flask, Response, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, pages, registry
from portal.councils.models import Council
from portal.councils.views import current
from portal.directory import where
from portal.i18n import _, language
from portal.permissions import public
from portal.selfhelp import actions, asking, boards, queries, questions, resuming
from portal.selfhelp.forms import BeginForm
from portal.selfhelp.models import REASONS
from portal.selfhelp.queries import Current, Standing
from portal.selfhelp.questions import Step
from portal.selfhelp.results import results

talking = Blueprint("selfhelp", __name__)


@talking.app_context_processor
def _names() -> dict[str, Any]:
    return {"questions": questions, "asking": asking}


def find_conversation(key: str) -> Current:
    """The conversation of an address; else the page that says that there is none."""
    return queries.published(current(), key, language()) or abort(404)


def find_standing(key: str) -> Standing:
    """How this browser's talk about it stands; else back to where it begins."""
    talk = queries.talk_of(current(), key, resuming.ids(session, clock.now()))
    standing = queries.standing(current(), talk, language()) if talk else None
    if standing is None:
        _begin_anew(key)
    return standing


def _begin_anew(key: str) -> NoReturn:
    """What was said is not here any more, or never was: the first page says so, and how to come back."""
    gone = "1" if request.method == "POST" else None
    abort(redirect(url_for("selfhelp.start", key=key, gone=gone), 303))


def step_address(standing: Standing, step: Step | None, **more: Any) -> str:
    """Where a page is; after the last one, where answers are checked."""
    key = standing.conversation.id
    if step is None:
        return url_for("selfhelp.answers", key=key)
    return url_for("selfhelp.page", key=key, number=_number(standing, step), **more)


def _number(standing: Standing, step: Step) -> int:
    """The page's number in the conversation: it tells nothing of what is asked there."""
    return 1 + standing.conversation.parts.index(step.page)


@talking.get("/self-help")
@public
def index() -> Response:
    """Every conversation, and those that this browser is in."""
    begun = {talk.key: talk for talk in queries.talks(current(), resuming.ids(session, clock.now()))}
    return pages.show(
        "selfhelp/index.html",
        every=queries.listed(current(), language()),
        begun=begun,
        boards=list(boards.every(current())),
        deleted="deleted" in request.args,
    )


@talking.get("/self-help/<key>")
@public
def start(key: str) -> Response:
    """What the conversation is, for whom, and what becomes of what is said."""
    return _start(find_conversation(key))


def _start(found: Current, form: BeginForm | None = None) -> Response:
    form = form or BeginForm(conversation=found.conversation, data={"shared": resuming.is_shared(session)})
    talk = queries.talk_of(current(), found.conversation.id, resuming.ids(session, clock.now()))
    return pages.show(
        "selfhelp/start.html",
        status=422 if form.is_refused else 200,
        conversation=found.conversation,
        form=form,
        begun=talk is not None,
        gone="gone" in request.args,
    )


@talking.post("/self-help/<key>")
@public
def begin(key: str) -> AnyResponse:
    """A conversation is begun; its first page comes next."""
    found = find_conversation(key)
    form = BeginForm(conversation=found.conversation)
    if not form.validate():
        return _start(found, form)
    now = clock.now()
    talk = actions.begin(current(), found, form.whom.data, form.called, now)
    resuming.share(session, form.shared.data)
    resuming.remember(session, talk, now)
    standing = queries.standing(current(), talk)
    assert standing is not None  # it was begun on what is published
    return redirect(step_address(standing, standing.walk.next_step), 303)


@talking.get("/self-help/<key>/on")
@public
def on(key: str) -> AnyResponse:
    """Where somebody was: the first page that they have not seen."""
    standing = find_standing(key)
    return redirect(step_address(standing, standing.walk.next_step), 303)


@talking.get("/self-help/<key>/page/<int:number>")
@public
def page(key: str, number: int) -> AnyResponse:
    """One page of questions. One that is not on this person's path leads to where they are."""
    standing = find_standing(key)
    step = _step(standing, number)
    if step is None:
        return redirect(step_address(standing, standing.walk.next_step), 303)
    return _page(standing, step, asking.Sent(typed=standing.walk.counted))


def _step(standing: Standing, number: int) -> Step | None:
    every = standing.conversation.parts
    return standing.walk.step(every[number - 1].id) if 0 < number <= len(every) else None


def _page(standing: Standing, step: Step, sent: asking.Sent) -> Response:
    before = standing.walk.before(step.id)
    response = pages.show(
        "selfhelp/page.html",
        status=422 if sent.problems else 200,
        standing=standing,
        conversation=standing.conversation,
        step=step,
        sent=sent,
        number=standing.walk.number(step.id),
        back=step_address(standing, before) if before else url_for("selfhelp.start", key=standing.talk.key),
        changing="change" in request.values,
        shared_for=resuming.IDLE_SHARED.seconds if resuming.is_shared(session) else 0,
    )
    return pages.private(response)


@talking.post("/self-help/<key>/page/<int:number>")
@public
def answer(key: str, number: int) -> AnyResponse:
    """What was said on a page is kept, and the next one comes. `note`: the page saves itself meanwhile."""
    standing = find_standing(key)
    step = _step(standing, number)
    if step is None or request.form.get("page") != step.id:
        # Another version or another tab: what was sent is not about the page that is there now.
        return redirect(step_address(standing, standing.walk.next_step), 303)
    sent = asking.read(step.questions, request.form)
    if "note" in request.form:
        actions.note(standing, step, sent.given, clock.now())
        return Response(status=204)
    if sent.problems:
        return _page(standing, step, sent)
    actions.answer(standing, step, sent.given, clock.now())
    after = queries.standing(current(), standing.talk)
    assert after is not None  # its version was just kept
    changing = "change" in request.form
    following = after.walk.next_step if changing else after.walk.after(step.id)
    return redirect(step_address(after, following), 303)


@talking.get("/self-help/<key>/answers")
@public
def answers(key: str) -> Response:
    """Everything that was said, each with a way to change it."""
    standing = find_standing(key)
    return pages.private(
        pages.show(
            "selfhelp/answers.html",
            standing=standing,
            conversation=standing.conversation,
            step_address=step_address,
        )
    )


@talking.post("/self-help/<key>/finish")
@public
def finish(key: str) -> AnyResponse:
    """Somebody is through, and sees what may help."""
    actions.finish(find_standing(key), clock.now())
    return redirect(url_for("selfhelp.what_helps", key=key), 303)


@talking.get("/self-help/<key>/results")
@public
def what_helps(key: str) -> Response:
    """What may help: what goes well first, urgent help before all else, each with its reason."""
    standing = find_standing(key)
    found = results(
        current(),
        standing,
        where.remembered(current(), session),
        clock.today(),
        everything="all" in request.args,
    )
    return pages.private(
        pages.show(
            "selfhelp/results.html",
            standing=standing,
            conversation=standing.conversation,
            found=found,
            reasons=reasons(),
        )
    )


def reasons() -> dict[str, str]:
    """Why somebody may not want a suggestion, in words."""
    words = (_("I have it, or do it, already"), _("It is not right for me"), _("Not now"))
    return dict(zip(REASONS, words, strict=True))


@talking.post("/self-help/<key>/aside")
@public
def aside(key: str) -> AnyResponse:
    """A suggestion is put aside, or shown again."""
    standing, rule = find_standing(key), request.form.get("rule", "")
    try:
        if "back" in request.form:
            actions.take_back(standing, rule, clock.now())
        else:
            actions.put_aside(standing, rule, request.form.get("reason", ""), clock.now())
    except ValueError:
        abort(400)
    return redirect(url_for("selfhelp.what_helps", key=key, _anchor="aside"), 303)


def _searchables() -> list[registry.Searchable]:
    """Conversations, for the search on the council's site that is looked at.

    Those to choose by are not: the task that they are about is found, and leads there.
    """
    council: Council | None = g.get("council")
    return [
        registry.Searchable(
            queries.KIND,
            one.conversation.id,
            one.conversation.title,
            one.conversation.summary,
            url_for("selfhelp.start", key=one.conversation.id),
            label=_("Conversation"),
            summary=one.conversation.summary,
        )
        for one in (queries.listed(council) if council else ())
    ]


def init_app(app: Flask) -> None:
    """The pages are there, in the navigation, and in the search."""
    app.register_blueprint(talking)
    registry.add_to_navigation(app, registry.NavItem("selfhelp.index", lambda: _("Talk it through"), 1))
    registry.add_searchables(app, _searchables)
