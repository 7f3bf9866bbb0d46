"""How much one address may send: enough for a busy library, too little for a flood.

Only what changes something is limited here. It slows, and never locks anybody out: a minute later all is well.
"""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

# A library's terminals share one address: twenty people, a click every ten seconds.
_POSTS = "120 per minute"


def _only_reading() -> bool:
    return request.method in ("GET", "HEAD", "OPTIONS")


def init_app(app: Flask) -> None:
    """POSTs are counted by address, in Redis where there is one, else in each process."""
    limiter = Limiter(
        get_remote_address,
        default_limits=[_POSTS],
        default_limits_exempt_when=_only_reading,
        storage_uri=app.config["REDIS_URL"] or "memory://",
        enabled=not app.config.get("NO_LIMITS"),
    )
    limiter.init_app(app)
