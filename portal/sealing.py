"""Secrets of the site: text that only it can read again, and fingerprints that tell nothing of what they stand for.

Every purpose has a key of its own, drawn from PORTAL_SECRET_KEY, so that what was sealed for one is nothing to another.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


class Unreadable(Exception):  # noqa: N818 - the name says what is wrong
    """What was sealed cannot be read: it was changed, sealed for another purpose, or under another key."""


def _key(purpose: str) -> bytes:
    """32 bytes for one purpose. Source: RFC 5869."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"portal {purpose}".encode()).derive(secret)


def seal(text: str, purpose: str) -> str:
    """The text so that only this site, for this purpose, can read it again."""
    return Fernet(urlsafe_b64encode(_key(purpose))).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """The text that was sealed. Raises Unreadable."""
    try:
        return Fernet(urlsafe_b64encode(_key(purpose))).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable(purpose) from None


def hashed(token: str) -> str:
    """SHA-256 in hex. For long random tokens alone: what people choose needs a slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def keyed(text: str, purpose: str) -> str:
    """A fingerprint in hex that nobody without the site's key can make or try out. Source: RFC 2104."""
    return hmac.new(_key(purpose), text.encode(), hashlib.sha256).hexdigest()


def token() -> str:
    """43 characters that nobody can guess."""
    return secrets.token_urlsafe(32)
