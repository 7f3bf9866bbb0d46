"""How much one address may send: enough for a busy library, too little for a flood.

Only what changes something is limited here. It slows, and never locks anybody out: a minute later all is well.
Leaving is never limited: someone in danger must not see an error there.
"""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# A library's terminals share one address: twenty people, a click every ten seconds.
_POSTS = "120 per minute"
_NEVER = frozenset({"site.leave", "accounts.sign_out"})


def _not_counted() -> bool:
    return request.method in ("GET", "HEAD", "OPTIONS") or request.endpoint in _NEVER


def init_app(app: Flask) -> None:
    """POSTs are counted by address, in Redis where there is one, else (or while it is down) in each process."""
    limiter = Limiter(
        get_remote_address,
        default_limits=[_POSTS],
        default_limits_exempt_when=_not_counted,
        storage_uri=app.config["REDIS_URL"] or "memory://",
        in_memory_fallback_enabled=bool(app.config["REDIS_URL"]),
        enabled=not app.config.get("NO_LIMITS"),
    )
    limiter.init_app(app)
