"""Accounts of the demonstration, whose passwords everybody knows: production does not start while one is here."""

import base64
import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask

from portal.accounts import factors, granting, passwords, queries
from portal.accounts.models import Person, User
from portal.councils.models import Council
from portal.db import db, own_reading
from portal.errors import Misconfigured

_BY = granting.By(None, "demonstration")


@dataclass(frozen=True)
class Persona:
    """Somebody of the demonstration. owns: an organisation. reference: set where the council supports them."""

    key: str
    name: str
    council: Council
    roles: tuple[str, ...] = ()
    owns: uuid.UUID | None = None
    reference: str = ""
    authenticator: bool = False

    @property
    def email(self) -> str:
        """Their made-up address."""
        return f"{self.key}@{self.council.key}.example.org"

    @property
    def secret(self) -> str:
        """Their authenticator's secret, always the same; "" where they have none."""
        if not (self.authenticator or self.roles or self.owns or self.reference):
            return ""
        return base64.b32encode(hashlib.sha256(f"demonstration {self.key}".encode()).digest()[:20]).decode()


def is_empty() -> bool:
    """Whether nobody of the demonstration is here."""
    return not db.session.scalar(sa.select(sa.exists().where(User.is_demo.is_(True))))


def save(
    personas: Iterable[Persona], password: str, now: dt.datetime, new_id: Callable[[str], uuid.UUID]
) -> None:
    """They can all sign in with this password. Who was closed once stays so."""
    for persona in personas:
        if queries.by_email(persona.email):
            continue
        user = User(
            id=new_id(persona.key),
            email=persona.email,
            name=persona.name,
            state="active",
            password=passwords.hashed(password),
            password_set_at=now,
            email_confirmed_at=now,
            is_demo=True,
            created_at=now,
        )
        db.session.add(user)
        db.session.flush()
        _give_parts(user, persona, now)


def _give_parts(user: User, persona: Persona, now: dt.datetime) -> None:
    if persona.secret:
        factors.add_authenticator(user.id, persona.secret, now=now)
    for kind in persona.roles:
        granting.grant_role(user, persona.council, kind, by=_BY, now=now)
    if persona.owns:
        granting.take_in(user, persona.owns, "owner", by=_BY, now=now)
    if persona.reference:
        supported = {"reference": persona.reference, "name": persona.name, "created_at": now}
        db.session.add(Person(council_id=persona.council.id, user_id=user.id, **supported))


def close(now: dt.datetime) -> int:
    """How many accounts of the demonstration are closed: nobody signs in with one any more."""
    demo = db.session.scalars(sa.select(User).where(User.is_demo.is_(True))).all()
    for user in demo:
        factors.remove_all(user.id)
        user.state, user.password, user.is_demo = "closed", None, False
        user.closed_at = now
    return len(demo)


def check(app: Flask) -> None:
    """Nothing is wrong. Raises Misconfigured in production with demonstration accounts in the database."""
    if not app.config["PRODUCTION"]:
        return
    with app.app_context():
        there = _there()
        db.engine.dispose()
    if there:
        raise Misconfigured(
            "The site cannot start: its database holds accounts of the demonstration, whose passwords everybody "
            "knows. Start with an empty database, or close them: PORTAL_MODE=development portal users close-demo"
        )


def _there() -> bool:
    try:
        with own_reading() as session:
            return bool(session.scalar(sa.select(sa.exists().where(User.is_demo.is_(True)))))
    except sa.exc.DBAPIError:  # no tables yet, or no database to be had: /readyz tells of that
        return False
