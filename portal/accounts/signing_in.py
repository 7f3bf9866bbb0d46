"""Who is asking: signed in or a visitor, and for how long.

The browser holds a random token (`who`) and when it was last seen (`seen`) in its signed cookie; the database holds
the token's hash. A page that is only read writes nothing. A sign-in ends when its holder says so, when somebody ends
it, after a time of doing nothing, and in any case after `absolute`; then the very next click is a visitor's.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask, g, redirect, request, session, url_for
from flask_login import current_user

from portal import clock, i18n, permissions, registry, sealing
from portal.accounts import queries
from portal.accounts.models import SignIn, User
from portal.accounts.queries import KnownBrowser
from portal.db import db, own_transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """How long a sign-in lasts: while nothing is done, and in any case."""

    idle: dt.timedelta
    absolute: dt.timedelta


OWN = Limits(idle=dt.timedelta(minutes=30), absolute=dt.timedelta(hours=12))
SHARED = Limits(idle=dt.timedelta(minutes=10), absolute=dt.timedelta(minutes=60))
# How old the database's note of a sign-in's last use may be: it is for the list of computers only.
_NOTED_EVERY = dt.timedelta(minutes=10)
# What a browser keeps when somebody signs in or out of it: the rest of the cookie is about a person, or a moment.
_KEPT_AT_THE_END = frozenset({"language", "csrf_token"})
_LEFT_AT_THE_START = frozenset(
    {"csrf_token", "who", "seen", "half", "challenge", "openid", "secret", "codes", "away", "at"}
)
# Pages that stand without knowing who asks: some must answer when the database does not.
_WITHOUT = frozenset({"site.healthz", "site.readyz", "site.leave", "accounts.sign_out", "councils.brand"})
# Where somebody may go who must add a second factor before anything else.
_BEFORE_A_FACTOR = frozenset({"accounts.prove"})


@dataclass(frozen=True)
class SignedIn:
    """Somebody who is signed in, made once for each request. roles: for the council whose site it is."""

    id: uuid.UUID
    name: str
    email: str
    council_id: uuid.UUID | None
    roles: frozenset[str]
    organisations: Mapping[uuid.UUID, str]
    sign_in_id: uuid.UUID
    proved_at: dt.datetime
    ends_at: dt.datetime
    idle_at: dt.datetime
    shared: bool
    how: str
    has_factor: bool = False
    needs_factor: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @property
    def actor(self) -> str:
        """What stands in the audit for them."""
        return f"user:{self.id}"

    @property
    def out_at(self) -> dt.datetime:
        """When they are signed out if they do nothing."""
        return min(self.idle_at, self.ends_at)

    def seconds_left(self, now: dt.datetime) -> int:
        """How long until then."""
        return max(int((self.out_at - now).total_seconds()), 0)

    @property
    def factor_missing(self) -> bool:
        """Whether they must add a second factor first. Another service that signed them in has asked for its own."""
        return self.needs_factor and not self.has_factor and self.how != "openid"

    def get_id(self) -> str:
        """The account, as Flask-Login asks for it."""
        return str(self.id)


def limits(*, shared: bool) -> Limits:
    """How long a sign-in lasts on this kind of computer."""
    return SHARED if shared else OWN


def is_good(browser: KnownBrowser, seen_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a sign-in still holds. seen_at: when this browser last asked for anything."""
    awake = now - seen_at < limits(shared=browser.shared).idle
    return browser.ended_at is None and browser.state == "active" and awake and now < browser.ends_at


def begin(
    user: User, *, how: str, shared: bool, now: dt.datetime, proved_at: dt.datetime | None = None
) -> SignIn:
    """This browser is signed in as this person, with a new token; what the cookie held of before is gone."""
    token = sealing.token()
    sign_in = SignIn(
        user_id=user.id,
        token=sealing.hashed(token),
        began_at=now,
        used_at=now,
        proved_at=proved_at or now,
        ends_at=now + limits(shared=shared).absolute,
        shared=shared,
        how=how,
        browser=browser_name(request.user_agent.string),
    )
    db.session.add(sign_in)
    for key in _LEFT_AT_THE_START & session.keys():
        session.pop(key)
    if user.language in i18n.languages():
        session["language"] = user.language
    session["who"], session["seen"] = token, _stamp(now)
    if how == "openid":
        session["at"] = str(g.council.id)
    return sign_in


def prove_again(sign_in_id: uuid.UUID, now: dt.datetime) -> None:
    """They have just shown a factor again; the token is a new one, so that an older copy of it is worth nothing."""
    token = sealing.token()
    sign_in = db.session.get_one(SignIn, sign_in_id)
    sign_in.proved_at, sign_in.token = now, sealing.hashed(token)
    session["who"], session["seen"] = token, _stamp(now)


def end_here() -> None:
    """Nobody is signed in in this browser any more, and the cookie holds nothing of them. Never fails.

    Someone in danger must never see an error when they leave: if the database cannot be told, the cookie forgets the
    token all the same, and the sign-in ends by itself.
    """
    token = session.get("who")
    for key in session.keys() - _KEPT_AT_THE_END:
        session.pop(key)
    if not isinstance(token, str):
        return
    try:
        with own_transaction() as own:
            whose = sa.update(SignIn).where(SignIn.token == sealing.hashed(token), SignIn.ended_at.is_(None))
            own.execute(whose.values(ended_at=clock.now()))
    except sa.exc.SQLAlchemyError:
        log.exception("a sign-in could not be ended in the database")


def browser_name(agent: str) -> str:
    """A browser as people call it: "Firefox on Windows". The rest of what it says of itself is not kept."""
    browsers = (
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
    )
    more = (("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"))
    others = (("CrOS", "Chromebook"), ("Mac OS", "Mac"), ("Linux", "Linux"))
    name = next((name for mark, name in browsers + more if mark in agent), "")
    system = next((name for mark, name in systems + others if mark in agent), "")
    return " on ".join(part for part in (name, system) if part)


def _stamp(moment: dt.datetime) -> int:
    return int(moment.timestamp())


def _seen_at() -> dt.datetime:
    seen = session.get("seen")
    return dt.datetime.fromtimestamp(seen if isinstance(seen, int) else 0, dt.UTC)


def _recognise() -> None:
    """Find out who asks, before every page."""
    # Where tests keep a context open around several requests, nothing of the last one may be left in it.
    for left in ("somebody", "ran_out_user_id", "words_were_kept", "_login_user"):
        g.pop(left, None)
    token = session.get("who")
    if not isinstance(token, str) or request.endpoint in _WITHOUT:
        return
    browser, now = queries.known_browser(sealing.hashed(token)), clock.now()
    if browser is None or not is_good(browser, _seen_at(), now):
        _run_out(browser)
        return
    council = g.get("council")
    council_id = council.id if council else None
    if browser.how == "openid" and session.get("at") != str(council_id):
        return  # a council's own service vouches for people on that council's site, and on no other
    roles, organisations = queries.parts(browser.user_id, council_id)
    g.somebody = SignedIn(
        id=browser.user_id,
        name=browser.name or browser.email,
        email=browser.email,
        council_id=council_id,
        roles=roles,
        organisations=organisations,
        sign_in_id=browser.id,
        proved_at=browser.proved_at,
        ends_at=browser.ends_at,
        idle_at=now + limits(shared=browser.shared).idle,
        shared=browser.shared,
        how=browser.how,
        has_factor=browser.has_factor,
        needs_factor=browser.needs_factor,
    )
    session["seen"] = _stamp(now)
    if now - browser.used_at > _NOTED_EVERY:
        g.sign_in_note = (browser.id, {"used_at": now})


def _run_out(browser: KnownBrowser | None) -> None:
    """The cookie forgets who it was, which makes it another cookie: Back shows nothing of before."""
    for key in session.keys() - _KEPT_AT_THE_END:
        session.pop(key)
    session["away"] = True  # the sign-in page says why it stands there
    if browser is None:
        return
    g.ran_out_user_id = browser.user_id
    if browser.ended_at is None:
        g.sign_in_note = (browser.id, {"ended_at": clock.now()})


def _first_a_factor() -> Any:
    """Who must have a second factor and has none adds one before anything else."""
    endpoint = request.endpoint or ""
    somebody: SignedIn | None = g.get("somebody")
    if somebody is None or not somebody.factor_missing or not permissions.is_guarded(endpoint):
        return None
    if endpoint in _BEFORE_A_FACTOR or request.blueprint == "factors":
        return None
    return redirect(url_for("factors.overview"), 303)


def _note(_error: BaseException | None) -> None:
    """What the page found out about its sign-in is written down, after the page, and left out if it cannot be."""
    note: tuple[uuid.UUID, dict[str, dt.datetime]] | None = g.pop("sign_in_note", None)
    if note is None:
        return
    db.session.rollback()
    try:
        with own_transaction() as own:
            own.execute(sa.update(SignIn).where(SignIn.id == note[0]).values(**note[1]))
    except sa.exc.SQLAlchemyError:
        log.exception("a sign-in's last use could not be noted")


def somebody() -> SignedIn:
    """Who is signed in, in a view whose rule has let them in."""
    found: SignedIn = current_user._get_current_object()  # noqa: SLF001 - werkzeug's documented way
    return found


def init_app(app: Flask) -> None:
    """Every page knows who asks, and the doors are where the kernel looks for them."""
    app.before_request(_recognise)
    app.before_request(_first_a_factor)
    app.teardown_request(_note)
    app.login_manager.request_loader(lambda request: g.get("somebody"))  # type: ignore[attr-defined]  # Flask-Login put it there
    app.jinja_env.globals["seconds_left"] = lambda: somebody().seconds_left(clock.now())
    permissions.set_doors(app, sign_in="accounts.sign_in", prove="accounts.prove")
    registry.when_leaving(app, end_here)
