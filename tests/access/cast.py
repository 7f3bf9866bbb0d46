"""Who asks: visitors, people with every kind of part at Fernshire, and one who has all of them, at Millbrook."""

import datetime as dt
import uuid
from dataclasses import dataclass

from flask import Flask

from portal import clock
from portal.accounts import granting
from portal.accounts.models import ROLES
from portal.accounts.queries import by_email
from portal.db import db
from tests import make
from tests.accounts import people
from tests.accounts.people import Browser

FERNSHIRE, MILLBROOK = "fernshire.localhost", "millbrook.localhost"
# A code that was typed longer ago than any page that matters takes for fresh.
_LONG_AGO = dt.timedelta(minutes=11)


@dataclass(frozen=True)
class Part:
    """One of those who ask. words: who they are. key: their account's; "": a visitor. host: whose site they are at."""

    words: str
    key: str = ""
    host: str = FERNSHIRE


CAST = {
    "stranger": Part("a visitor"),
    "neighbour": Part("a visitor of Millbrook’s site", host=MILLBROOK),
    "asha": Part("has an account, and no part", "asha"),
    "mavis": Part("is supported by Fernshire", "mavis"),
    "derek": Part("acts for Mavis", "derek"),
    "tom": Part("owns Willow & Wren", "tom"),
    "meg": Part("is a manager there", "meg"),
    "will": Part("works there", "will"),
    "priya": Part("is a care navigator", "priya"),
    "ed": Part("is an editor", "ed"),
    "fay": Part("works in finance", "fay"),
    "sam": Part("is a care manager", "sam"),
    "bea": Part("is a broker", "bea"),
    "ada": Part("is an administrator", "ada"),
    "lou": Part("plays every part at Fernshire, and showed who she is eleven minutes ago", "lou"),
    "olga": Part("plays every part at Millbrook, and is at Millbrook’s site", "olga", MILLBROOK),
    "visiting": Part("is Olga at Fernshire’s site", "olga"),
}
_ROLES = {
    "priya": ("navigator",),
    "ed": ("editor",),
    "fay": ("finance",),
    "sam": ("care_manager",),
    "bea": ("broker",),
    "ada": ("administrator",),
    "lou": ROLES,
}
_MEMBERS = {"tom": "owner", "meg": "manager", "will": "worker", "lou": "owner"}


def take_parts() -> uuid.UUID:
    """Everybody has an account and their part. Returns the organisation of Tom and his people. Committed."""
    for key in sorted({part.key for part in CAST.values() if part.key}):
        people.user(key, roles=_ROLES.get(key, ()))
    olga = by_email("olga@example.org")
    assert olga
    for kind in ROLES:
        granting.grant_role(olga, make.council("millbrook"), kind, by=people.NOBODY, now=make.NOW)
    willow = people.organisation("Willow & Wren")
    for key, kind in _MEMBERS.items():
        member = by_email(f"{key}@example.org")
        assert member
        granting.take_in(member, willow, kind, by=people.NOBODY, now=make.NOW)
    db.session.commit()
    return willow


@dataclass(frozen=True)
class Asker:
    """Somebody as they are known to the site: what their browser's cookie holds, and their forms' token."""

    host: str
    cookie: str
    token: str


def askers(app: Flask) -> dict[str, Asker]:
    """Everybody, signed in with their second factor where they have an account."""
    return {name: _asker(app, part) for name, part in CAST.items()}


def _asker(app: Flask, part: Part) -> Asker:
    browser = Browser(app, host=part.host)
    if part.key:
        _sign_in(browser, part.key)
    token = browser.token()
    cookie = browser.client.get_cookie("session", domain=part.host)
    assert cookie
    return Asker(part.host, cookie.value, token)


def _sign_in(browser: Browser, key: str) -> None:
    user = by_email(f"{key}@example.org")
    assert user
    answer = browser.sign_in(user.email, people.authenticator(user))
    assert answer.status_code == 303, (key, answer.text)
    if key == "lou":
        for sign_in in people.sign_ins(user):
            sign_in.proved_at = clock.now() - _LONG_AGO
        db.session.commit()
