"""A visitor's shortlist, without an account: kept in the visitor's own session cookie, nowhere else.

So nothing stays at the council, "Finish and clear" clears it, and closing the browser does too.
"""

import re
import uuid
from collections.abc import MutableMapping
from typing import Any

from portal.errors import Refusal
from portal.i18n import _

_KEY = "shortlist"
# A cookie holds about 4,000 characters; an id is 22 of them. Past this a plan is of no use to take away either.
MOST = 60


# What is no listing has its kind before its key: "article:preventing-falls".
_THING = re.compile(r"[a-z]{3,12}:[a-z0-9-]{1,60}")


def ids(session: MutableMapping[str, Any]) -> list[uuid.UUID]:
    """The listings on the shortlist, in the order they were added."""
    return [uuid.UUID(hex=text) for text in session.get(_KEY, ()) if ":" not in text]


def things(session: MutableMapping[str, Any]) -> list[tuple[str, str]]:
    """What else is on the shortlist, as (kind, key): articles, equipment, conversations."""
    return [(text.partition(":")[0], text.partition(":")[2]) for text in session.get(_KEY, ()) if ":" in text]


def count(session: MutableMapping[str, Any]) -> int:
    """How much is on the shortlist."""
    return len(session.get(_KEY, ()))


def add(session: MutableMapping[str, Any], listing: uuid.UUID) -> None:
    """The listing is on the shortlist, once. Raises Refusal when there is no more room."""
    _add(session, listing.hex)


def add_thing(session: MutableMapping[str, Any], kind: str, key: str) -> None:
    """The article, or whatever it is, is on the shortlist, once. Raises Refusal when there is no more room."""
    if _THING.fullmatch(f"{kind}:{key}"):
        _add(session, f"{kind}:{key}")


def remove_thing(session: MutableMapping[str, Any], name: str) -> None:
    """What has this name, "kind:key", is not on the shortlist."""
    session[_KEY] = [text for text in session.get(_KEY, ()) if text != name]


def _add(session: MutableMapping[str, Any], name: str) -> None:
    kept = [text for text in session.get(_KEY, ()) if text != name]
    if len(kept) >= MOST:
        raise Refusal(
            _(
                "Your plan has %(most)s things on it, and there is no room for more. Take something off it "
                "first.",
                most=MOST,
            )
        )
    session[_KEY] = [*kept, name]


def remove(session: MutableMapping[str, Any], listing: uuid.UUID) -> None:
    """The listing is not on the shortlist."""
    session[_KEY] = [text for text in session.get(_KEY, ()) if text != listing.hex]


def clear(session: MutableMapping[str, Any]) -> None:
    """The shortlist is empty."""
    session.pop(_KEY, None)
