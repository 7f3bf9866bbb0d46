"""Coming back to a conversation, deleting it, and taking what helps into the plan."""

import datetime as dt
import uuid

from flask import Blueprint, Flask, Response, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, letters, notify, pages
from portal.accounts import throttle
from portal.councils.views import current
from portal.db import db, keeps_nothing, short_transaction
from portal.directory import queries as directory
from portal.directory import shortlist
from portal.errors import Refusal
from portal.i18n import _, short_date
from portal.permissions import public
from portal.selfhelp import actions, queries, resuming
from portal.selfhelp.forms import CodeForm, MailForm
from portal.selfhelp.models import Talk
from portal.selfhelp.queries import Standing
from portal.selfhelp.views import find_standing

keeping = Blueprint("kept_talk", __name__)
# Ten slips are free; nobody guesses sixty bits at one try in fifteen seconds.
_PATIENCE = throttle.Patience(10, dt.timedelta(seconds=2), dt.timedelta(seconds=15))
# Somebody who asked for it gets a link to what was said; nobody can have a stranger's box filled.
MAILED = notify.declare("selfhelp.link", lambda: _("The way back to a conversation"), needed=True)


@keeping.get("/self-help/<key>/keep")
@public
def keep(key: str) -> Response:
    """The ways to come back: a code on paper, a link by mail."""
    return _keep(find_standing(key), MailForm())


def _keep(standing: Standing, form: MailForm) -> Response:
    talk = standing.talk
    return pages.private(
        pages.show(
            "selfhelp/keep.html",
            status=422 if form.is_refused else 200,
            standing=standing,
            conversation=standing.conversation,
            form=form,
            code=resuming.code_of(session, talk),
            until=short_date((clock.uk_time(talk.last_at) + resuming.KEPT).date()),
            sent="sent" in request.args,
        )
    )


@keeping.post("/self-help/<key>/code")
@public
def code(key: str) -> AnyResponse:
    """There is a new paper code; it is shown on the page that follows."""
    talk = find_standing(key).talk
    resuming.show_code(session, talk, actions.paper_code(talk, clock.now()))
    return redirect(url_for("kept_talk.keep", key=key), 303)


@keeping.post("/self-help/<key>/mail")
@public
def mail(key: str) -> AnyResponse:
    """A link that leads back is on its way. The mail says nothing of what was talked about."""
    standing, form, now = find_standing(key), MailForm(), clock.now()
    if not form.validate():
        return _keep(standing, form)
    to = form.email.data or ""
    waits = throttle.waits_until([f"talk mail {to}"], now)
    if waits:
        form.email.errors = [_("We have sent several mails there. Wait a few minutes, then try again.")]
        return _keep(standing, form)
    throttle.wrong(f"talk mail {to}", throttle.MAILS, now)
    letters.tell(
        MAILED,
        to,
        "selfhelp/mail/link.txt",
        council=current(),
        now=now,
        token=actions.mail_token(standing.talk, now),
        days=resuming.KEPT.days,
    )
    return redirect(url_for("kept_talk.keep", key=key, sent=1), 303)


@keeping.get("/self-help/resume")
@public
def come_back() -> Response:
    """Where a paper code is typed."""
    return pages.show("selfhelp/return.html", form=CodeForm())


@keeping.post("/self-help/resume")
@public
@keeps_nothing
def by_code() -> AnyResponse:
    """The conversation of this code goes on in this browser. A wrong code is counted, and slows the next."""
    form, now = CodeForm(), clock.now()
    if not form.validate():
        return _return(form)
    who = [f"talk code {request.remote_addr}"]
    with short_transaction():
        if throttle.waits_until(who, now):
            form.code.errors = [_("That was too many tries at once. Wait a minute, then try again.")]
            return _return(form)
        talk = queries.by_code(current(), actions.tidy_code(form.code.data or ""))
        if talk is None:
            throttle.wrong(who[0], _PATIENCE, now)
            form.code.errors = [
                _("We do not know that code. Check each letter and figure. After 28 days a code ends.")
            ]
            return _return(form)
        return _resume(talk)


def _return(form: CodeForm) -> Response:
    return pages.show("selfhelp/return.html", status=422, form=form)


def _resume(talk: Talk) -> AnyResponse:
    resuming.remember(session, talk, clock.now())
    return redirect(url_for("selfhelp.on", key=talk.key), 303)


@keeping.get("/self-help/resume/<token>")
@public
def link(token: str) -> Response:
    """Where a mailed link leads: a button, so that a mail scanner opens nothing."""
    found = queries.by_link(current(), token)
    return pages.private(
        pages.show("selfhelp/link.html", status=200 if found else 404, token=token, found=bool(found))
    )


@keeping.post("/self-help/resume/<token>")
@public
def by_link(token: str) -> AnyResponse:
    """The conversation of this link goes on in this browser."""
    return _resume(queries.by_link(current(), token) or abort(404))


@keeping.post("/self-help/<key>/delete")
@public
def delete(key: str) -> AnyResponse:
    """Everything that was said is gone, at once."""
    standing = find_standing(key)
    resuming.forget(session, standing.talk)
    actions.delete(db.session(), standing.talk, actions.left_at(standing), clock.now())
    return redirect(url_for("selfhelp.index", deleted=1), 303)


@keeping.post("/self-help/<key>/plan")
@public
@keeps_nothing
def onto_plan(key: str) -> AnyResponse:
    """What was ticked, or everything, is on the plan."""
    find_standing(key)
    for service in directory.services(current(), _services()):
        shortlist.add(session, service.id)
    for name in request.form.getlist("thing"):
        kind, _colon, thing = name.partition(":")
        shortlist.add_thing(session, kind, thing)
    return redirect(url_for("directory.plan"), 303)


def _services() -> list[uuid.UUID]:
    try:
        return [uuid.UUID(one) for one in request.form.getlist("service")]
    except ValueError:
        raise Refusal(
            _("We could not put that on your plan. Go back, reload the page and try again."), status=422
        ) from None


def init_app(app: Flask) -> None:
    """The pages are there."""
    app.register_blueprint(keeping)
