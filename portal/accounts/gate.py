"""The gate: somebody tries a password or a code, under the limits, and gets in or waits.

What is said is the same whether the account exists or not, whether the try was wrong or came too soon; and so is the
time it takes, since a hash is worked out in every case. Nothing of the database is held while that goes on.
"""

import datetime as dt
import uuid
from dataclasses import dataclass

from flask import request

from portal.accounts import devices, factors, passwords, queries, throttle
from portal.accounts.models import User
from portal.db import short_transaction


@dataclass(frozen=True)
class Caller:
    """Where a try comes from. device: the browser's own number where this person has signed in with it before."""

    address: str
    device: str = ""


@dataclass(frozen=True)
class Tried:
    """What came of a try. user_id: who it is, where it was right. again_at: when the next is taken, if not now."""

    user_id: uuid.UUID | None = None
    again_at: dt.datetime | None = None


def caller(email: str) -> Caller:
    """Who is at the gate, as far as the request tells."""
    return Caller(request.remote_addr or "", devices.known_as(email))


def _buckets(kind: str, whose: str, caller: Caller) -> dict[str, throttle.Patience]:
    """What a try counts against. A known browser has a count of its own, which no stranger can fill."""
    patience = throttle.PASSWORDS if kind == "password" else throttle.CODES
    if caller.device:
        return {f"{kind} {whose} at {caller.device}": patience}
    return {f"{kind} {whose}": patience, f"address {caller.address}": throttle.ADDRESSES}


def try_password(email: str, password: str, caller: Caller, now: dt.datetime) -> Tried:
    """Who it is, where e-mail and password belong together and the try is not too soon."""
    known = queries.by_email(email)
    may = known if known is not None and known.state == "active" else None
    right = passwords.belong(may.password if may else None, password)
    user_id = may.id if may and right else None
    renewed = (
        passwords.hashed(password) if may and right and passwords.is_outdated(may.password or "") else ""
    )
    buckets = _buckets("password", email, caller)
    waiting = throttle.waits_until(buckets, now)
    if waiting:  # most of an attack ends here, and takes no lock
        return Tried(again_at=waiting)
    with short_transaction():
        tried = _settle(buckets, user_id, now)
        found = queries.user(tried.user_id) if tried.user_id and renewed else None
        if found:
            found.password = renewed
    return tried


def try_code(user_id: uuid.UUID, code: str, caller: Caller, now: dt.datetime) -> Tried:
    """Who it is, where the code is theirs and the try is not too soon."""
    buckets = _buckets("code", str(user_id), caller)
    with short_transaction():
        waiting = throttle.waits_until(buckets, now)
        if waiting:  # looked at first: a right code is not used up by a try that is too soon
            return Tried(again_at=waiting)
        right = factors.use(user_id, code, now)
        return _settle(buckets, user_id if right else None, now)


def try_own_password(user: User, password: str, caller: Caller, now: dt.datetime) -> Tried:
    """The same for somebody who is signed in and shows once more that it is them."""
    return try_password(user.email, password, caller, now)


def _settle(buckets: dict[str, throttle.Patience], user_id: uuid.UUID | None, now: dt.datetime) -> Tried:
    """What a try comes to. One that is too soon counts for nothing, right or wrong."""
    waiting = throttle.waits_until(buckets, now)
    if waiting:
        return Tried(again_at=waiting)
    if user_id is None:
        again_at = max(throttle.wrong(name, patience, now) for name, patience in buckets.items())
        return Tried(again_at=again_at if again_at > now else None)
    for name in buckets:
        if not name.startswith("address "):
            throttle.forget(name)
    return Tried(user_id=user_id)
