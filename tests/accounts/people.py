"""People with accounts, and browsers that they sign in with."""

import contextvars
import datetime as dt
import re
import uuid
from typing import Any

import pyotp
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from portal import clock
from portal.accounts import factors, granting, passwords
from portal.accounts.models import SignIn, User
from portal.accounts.queries import by_email
from portal.db import db
from portal.notify import Message
from tests import make

PASSWORD = "sixteen lunch tables"
NOBODY = granting.By(None, "tests")


def user(key: str = "mavis", *, roles: tuple[str, ...] = (), of: str = "fernshire", **more: Any) -> User:
    """Somebody with an account, whose password is PASSWORD, and what they do for a council. Committed."""
    made = User(
        email=f"{key}@example.org",
        name=more.pop("name", key.capitalize()),
        state=more.pop("state", "active"),
        password=passwords.hashed(PASSWORD),
        password_set_at=make.NOW,
        created_at=make.NOW,
        **more,
    )
    db.session.add(made)
    db.session.flush()
    for kind in roles:
        granting.grant_role(made, make.council(of), kind, by=NOBODY, now=make.NOW)
    db.session.commit()
    return made


def authenticator(of: User) -> str:
    """The secret of an authenticator that they have from now on."""
    secret = factors.new_secret()
    factors.add_authenticator(of.id, secret, now=make.NOW)
    db.session.commit()
    return secret


def code(secret: str, later: int = 0) -> str:
    """What the app shows now, or some half minutes later."""
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()) + 30 * later)


def sign_ins(of: User) -> list[SignIn]:
    """Every browser in which somebody signed in, the oldest first, as the database has them now."""
    db.session.rollback()
    return list(
        db.session.scalars(sa.select(SignIn).where(SignIn.user_id == of.id).order_by(SignIn.began_at))
    )


def mails(to: str = "") -> list[Message]:
    """The mails that wait, the oldest first."""
    db.session.rollback()
    asked = sa.select(Message).order_by(Message.created_at)
    return list(db.session.scalars(asked.where(Message.to == to) if to else asked))


def link_in(mail: Message) -> str:
    """The path of the link that a mail carries."""
    found = re.search(r"http://[^/]+(/links/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def again(email: str) -> User:
    """The account as the database has it now."""
    db.session.rollback()
    found = by_email(email)
    assert found
    return found


class Browser:
    """A browser on one computer, with its cookies. Forms are sent with their token, as pages do."""

    def __init__(self, app: Flask, host: str = "localhost", address: str = "203.0.113.7") -> None:
        self.client = app.test_client()
        self.base = f"http://{host}"
        self.environ = {"REMOTE_ADDR": address}

    def open(self, path: str, **more: Any) -> TestResponse:
        """The answer, worked out as on a server: nothing of the test's own context or transaction is in it."""
        db.session.rollback()
        where: dict[str, Any] = {"base_url": self.base, "environ_overrides": self.environ}
        return contextvars.Context().run(lambda: self.client.open(path, **where, **more))

    def get(self, path: str, **more: Any) -> TestResponse:
        """The page."""
        return self.open(path, method="GET", **more)

    def token(self) -> str:
        """The token that a form of this browser carries now."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/register").text)
        assert found
        return found[1]

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """What a form of this site's gets for an answer."""
        form = {"csrf_token": more.pop("token", None) or self.token(), **(data or {})}
        headers = {"Sec-Fetch-Site": "same-origin", **more.pop("headers", {})}
        return self.open(path, method="POST", data=form, headers=headers, **more)

    def sign_in(self, email: str, secret: str = "", *, later: int = 0, **more: str) -> TestResponse:
        """The answer to the last step of signing in with PASSWORD, and a code where there is a secret."""
        answer = self.post("/sign-in", {"email": email, "password": PASSWORD, **more})
        return self.post("/sign-in/code", {"code": code(secret, later)}) if secret else answer

    def is_signed_in(self) -> bool:
        """Whether the account page opens."""
        return self.get("/account/").status_code == 200

    def cookie(self) -> dict[str, Any]:
        """What the session's cookie holds."""
        with self.client.session_transaction(base_url=self.base) as held:
            return dict(held)

    def wait(self, since: dt.timedelta) -> None:
        """So much time has gone by since this browser last asked for anything."""
        with self.client.session_transaction(base_url=self.base) as held:
            held["seen"] = int((clock.now() - since).timestamp())


def somebody(app: Flask, key: str = "mavis", **more: Any) -> tuple[Browser, User]:
    """Somebody who is signed in, in a browser of theirs; with an authenticator where they must have one."""
    made = user(key, **more)
    secret = authenticator(made) if more.get("roles") else ""
    browser = Browser(app)
    assert browser.sign_in(made.email, secret).status_code == 303
    return browser, made


def organisation(name: str = "Willow & Wren Homecare") -> uuid.UUID:
    """A provider's organisation. Committed."""
    made = make.service(run_by=name).organisation_id
    db.session.commit()
    return made
