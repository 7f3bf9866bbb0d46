"""How somebody shows who they are: passkeys, authenticator codes, printed codes, mailed links; and for how long."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models.people import User, owner
from portal.db import Model, new_id

LINKS = ("invitation", "confirm", "reset", "this_computer")


class SignIn(Model):
    """A browser in which somebody is signed in. Only a hash of what the cookie holds is kept.

    proved_at: when they last showed a factor, for acts that ask for a fresh one. shared: a computer that others use.
    """

    __tablename__ = "sign_in"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = owner("user_account")
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)  # SHA-256 of the cookie's token, in hex
    began_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime]
    proved_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]  # whatever happens in between
    ended_at: Mapped[dt.datetime | None]
    shared: Mapped[bool] = mapped_column(default=False)
    how: Mapped[str] = mapped_column(sa.String(20))  # password, code, passkey, openid
    browser: Mapped[str] = mapped_column(sa.String(120), default="")
    user: Mapped[User] = relationship()


class Authenticator(Model):
    """An app that makes six-digit codes. Source: RFC 6238.

    secret: sealed with the site's key. last_step: the newest time step that was used, so that no code works twice.
    """

    __tablename__ = "authenticator"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = owner("user_account")
    secret: Mapped[str] = mapped_column(sa.Text)
    added_at: Mapped[dt.datetime]
    confirmed_at: Mapped[dt.datetime | None]
    last_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class Passkey(Model):
    """A passkey or security key. Source: W3C Web Authentication Level 3."""

    __tablename__ = "passkey"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = owner("user_account")
    credential: Mapped[bytes] = mapped_column(sa.LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    counter: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    name: Mapped[str] = mapped_column(sa.String(60), default="")
    added_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class PrintedCode(Model):
    """One of a sheet of codes, each of which works once. Only a hash is kept."""

    __tablename__ = "printed_code"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = owner("user_account")
    number: Mapped[int]  # as it stands on the sheet
    code: Mapped[str] = mapped_column(sa.String(200))
    made_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class Link(Model):
    """A link that was mailed: works once, for a short time, and only by pressing the button on its page."""

    __tablename__ = "link"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(sa.String(16))
    token: Mapped[str] = mapped_column(sa.String(64), unique=True)  # SHA-256, in hex
    user_id: Mapped[uuid.UUID] = owner("user_account")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    made_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    user: Mapped[User] = relationship()

    __table_args__ = (sa.CheckConstraint(f"kind in {LINKS}", name="kind_known"),)


class Tries(Model):
    """Wrong tries, counted by what was tried or from where. `who`: a keyed hash, so that nobody is named here."""

    __tablename__ = "tries"
    who: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    wrong: Mapped[int] = mapped_column(default=0)
    first_at: Mapped[dt.datetime]
    again_at: Mapped[dt.datetime]  # not before then


class KeptWords(Model):
    """What somebody had typed when their time ran out, kept for them alone until they have signed in again. Sealed."""

    __tablename__ = "kept_words"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = owner("user_account")
    path: Mapped[str] = mapped_column(sa.String(400))
    words: Mapped[str] = mapped_column(sa.Text)
    kept_at: Mapped[dt.datetime]

    __table_args__ = (sa.UniqueConstraint("user_id", "path"),)
