"""Browsers that somebody has signed in with before: a long-lived cookie of their own says so, and nothing else.

It lets nobody in. It only keeps their tries apart from those of strangers. A shared computer gets none.
"""

import secrets

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from portal import sealing

# A year, as long as somebody may be expected to come back.
_LASTS = 365 * 24 * 60 * 60
_MOST_PEOPLE = 6  # of one household


def _cookie() -> str:
    return "__Host-computer" if current_app.config["PRODUCTION"] else "computer"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(sealing.keyed("computer", "computer"), salt="computer")


def _held() -> tuple[str, list[str]]:
    """(the browser's own number, marks of who has signed in with it), as far as its cookie is ours."""
    try:
        number, marks = _signer().loads(request.cookies.get(_cookie(), ""), max_age=_LASTS)
    except (BadSignature, ValueError, TypeError):
        return "", []
    return str(number), [str(mark) for mark in marks]


def _mark(number: str, email: str) -> str:
    return sealing.keyed(f"{number} {email}", "computer")[:24]


def known_as(email: str) -> str:
    """The browser's own number where this person has signed in with it before, else ""."""
    number, marks = _held()
    return number if number and _mark(number, email) in marks else ""


def remember(response: Response, email: str) -> None:
    """The browser is known from now on as one that this person signs in with."""
    number, marks = _held()
    number = number or secrets.token_urlsafe(12)
    kept = list(dict.fromkeys([_mark(number, email), *marks]))[:_MOST_PEOPLE]
    response.set_cookie(
        _cookie(),
        _signer().dumps([number, kept]),
        max_age=_LASTS,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
