"""Passwords: kept as argon2id hashes, long rather than odd, and never one that is guessed first.

Nobody has to change a password because time went by. Source: NIST SP 800-63B; OWASP Password Storage Cheat Sheet.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Flask, current_app

from portal.errors import Refusal
from portal.i18n import _

LEAST, SUGGESTED, MOST = 10, 15, 200
# zxcvbn's score from 0 to 4; 3: safe from somebody who has stolen the hashes and has patience.
_STRONG = 3
# zxcvbn looks at no more: its time grows with the square of the length.
_LOOKED_AT = 72
# What everybody on a site like this thinks of first.
_EVERYBODYS = ("wellbeing", "living", "well", "portal", "council", "care", "support", "health", "wallet")


class Hasher(Protocol):
    """What turns passwords into hashes: argon2's own, or a test's that counts."""

    def hash(self, password: str) -> str:
        """The hash, with its salt and settings in it."""

    def verify(self, hash: str, password: str) -> bool:
        """True; raises VerificationError where they do not belong together."""

    def check_needs_rehash(self, hash: str) -> bool:
        """Whether it was made with weaker settings than today's."""


def hasher() -> Hasher:
    """The app's hasher: the settings PASSWORD_HASHER, or OWASP's (19 MiB, two rounds, one lane)."""
    chosen: Hasher | None = current_app.config.get("PASSWORD_HASHER")
    return chosen or _owasp()


@cache
def _owasp() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def hashed(password: str) -> str:
    """The password as it is kept."""
    return hasher().hash(password)


def belong(kept: str | None, password: str) -> bool:
    """Whether the password is the kept one. Takes as long where none is kept: the time tells nobody who has one."""
    try:
        return hasher().verify(kept or _nobodys(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def _nobodys() -> str:
    """A hash of nobody's password, made with the settings of today."""
    made: str | None = current_app.extensions.get("portal.nobodys_password")
    if made is None:
        made = current_app.extensions["portal.nobodys_password"] = hasher().hash("nobody’s password")
    return made


def is_outdated(kept: str) -> bool:
    """Whether the hash should be made anew, now that the password is at hand."""
    return hasher().check_needs_rehash(kept)


def check(password: str, about: Iterable[str], *, field: str = "password") -> None:
    """Nothing is wrong with it as a new password. about: names and addresses that a stranger would try first.

    Raises Refusal, saying what to do.
    """
    if len(password) < LEAST:
        raise Refusal(
            _("Your password must have %(number)s characters or more", number=LEAST), field=field, status=422
        )
    if len(password) > MOST:
        raise Refusal(
            _("Your password can have %(number)s characters at most", number=MOST), field=field, status=422
        )
    from zxcvbn import zxcvbn  # its word lists take megabytes, and few workers ever choose a password

    found = zxcvbn(password[:_LOOKED_AT], user_inputs=sorted(_words(about)))
    if found["score"] < _STRONG:
        raise Refusal(
            _("That password is too easy to guess. Try three or four words that have nothing to do with you"),
            field=field,
            status=422,
        )


def _words(about: Iterable[str]) -> set[str]:
    """The texts and the words in them, in small letters."""
    whole = [text.lower() for text in about if text]
    return {*_EVERYBODYS, *whole, *(word for text in whole for word in re.findall(r"\w{3,}", text))}


def init_app(app: Flask) -> None:
    """The first sign-in takes as long as the rest: the hash that stands for nobody's is there already."""
    with app.app_context():
        _nobodys()
