"""The outbox: mail is written with the change it tells of, and posted afterwards.

`send` adds a row to the open transaction. `deliver` (a job) posts what is waiting, outside any transaction. A message
is posted at least once; its Message-ID never changes, so that a mail reader shows it once.
"""

import datetime as dt
import smtplib
import ssl
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from portal import govuk_notify, jobs, retention
from portal.db import Model, changed, db, new_id, own_reading, own_transaction

# Waits between tries; after the last one the message is given up and stays for a person to look at.
WAITS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
_CLAIM = dt.timedelta(minutes=5)
_EVERY = dt.timedelta(seconds=20)
_KEPT = dt.timedelta(days=28)
# When a message that was given up is next due. Not the last moment there is: east of Greenwich that is past it.
_NEVER = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
# How somebody gets a kind of message: by itself and at once, in one mail a day with others, or not at all.
HOWS = ("now", "digest", "off")
_OURSELVES = frozenset({"localhost", "127.0.0.1", "::1"})

Post = Callable[[EmailMessage], None]


class NeverTaken(Exception):  # noqa: N818 - the name says what is wrong
    """Whoever posts mail will not take this message, however often it is tried. Says why."""


@dataclass(frozen=True)
class Kind:
    """A kind of message that a feature sends. words: for the page where people choose; usual: where they chose nothing.

    needed: about somebody's security or money, and so always sent at once.
    """

    key: str
    words: Callable[[], str]
    needed: bool = False
    usual: str = "now"


_kinds: dict[str, Kind] = {}


def declare(key: str, words: Callable[[], str], *, needed: bool = False, usual: str = "now") -> Kind:
    """The kind of this key, which people can choose about from now on. A key belongs to one kind."""
    if key in _kinds:
        raise ValueError(f"two kinds of message are called {key}")
    if usual not in HOWS or (needed and usual != "now"):
        raise ValueError(f"messages of kind {key} cannot come {usual}")
    return _kinds.setdefault(key, Kind(key, words, needed, usual))


def kinds() -> list[Kind]:
    """Every kind there is: first those that people can choose about."""
    return sorted(_kinds.values(), key=lambda kind: (kind.needed, kind.key))


class Chooser(Protocol):
    """Who knows how people would like to get messages (accounts.choices)."""

    def how(self, to: str, kind: Kind) -> str:
        """One of HOWS, for whoever has this address."""

    def keep(
        self, to: str, kind: Kind, council: Any, subject: str, paragraphs: list[str], now: dt.datetime
    ) -> None:
        """The message waits for their daily mail."""

    def language(self, to: str) -> str | None:
        """The language of whoever has an account with this address; None where nobody has one, and nobody chooses."""

    def where(self, council: Any) -> str:
        """The address of the page where they choose."""


def set_chooser(app: Flask, chooser: Chooser) -> None:
    """People's choices hold from now on."""
    app.extensions["portal.chooser"] = chooser


def chooser() -> Chooser | None:
    """Who knows, if anybody does."""
    found: Chooser | None = current_app.extensions.get("portal.chooser")
    return found


class Message(Model):
    """One mail, from the moment it was decided on until it was posted or given up."""

    __tablename__ = "message"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    to: Mapped[str] = mapped_column(sa.String(254))
    subject: Mapped[str] = mapped_column(sa.String(200))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime]
    send_after: Mapped[dt.datetime] = mapped_column(index=True)
    sent_at: Mapped[dt.datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(sa.String(300))


def send(to: str, subject: str, text: str, *, now: dt.datetime, html: str | None = None) -> Message:
    """The message, waiting in the outbox; it goes only if the open transaction commits."""
    message = Message(
        id=new_id(), to=to, subject=subject, text=text, html=html, created_at=now, send_after=now
    )
    db.session.add(message)
    return message


def as_mail(message: Message, sender: str) -> EmailMessage:
    """The mail as it is posted: plain text, with HTML beside it where there is any."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, message.to, message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: keeps holiday replies away
    mail.set_content(message.text)
    if message.html:
        mail.add_alternative(message.html, subtype="html")
    return mail


def postman(url: str) -> Post:
    """What posts a mail: into a folder for file:, by GOV.UK Notify for notify:, else to a mail server."""
    if url.startswith("file:"):
        return _to_folder(Path(url.removeprefix("file:")))
    if url.startswith("notify:"):
        return _by_govuk_notify(url)
    return _to_server(url)


def _to_folder(folder: Path) -> Post:
    def post(mail: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        (folder / f"{name}.eml").write_bytes(bytes(mail))

    return post


def _by_govuk_notify(url: str) -> Post:
    account = govuk_notify.account(url)

    def post(mail: EmailMessage) -> None:
        plain = mail.get_body(("plain",))
        text = str(plain.get_content()) if plain else ""
        reference = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        try:
            govuk_notify.send(account, str(mail["To"]), str(mail["Subject"]), text, reference)
        except govuk_notify.Refused as refused:
            raise NeverTaken(str(refused)) from None

    return post


def _to_server(url: str) -> Post:
    parts = urlsplit(url)

    def post(mail: EmailMessage) -> None:
        with _connected(parts) as server:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)

    return post


@contextmanager
def _connected(parts: SplitResult) -> Iterator[smtplib.SMTP]:
    """A mail server that has shown who it is. Raises SSLError, or SMTPException, rather than tell another a secret."""
    trusted, host, port = ssl.create_default_context(), parts.hostname or "localhost", parts.port or 0
    if parts.scheme == "smtps":
        with smtplib.SMTP_SSL(host, port, timeout=20, context=trusted) as server:
            yield server
        return
    with smtplib.SMTP(host, port, timeout=20) as server:
        server.ehlo_or_helo_if_needed()
        offered = server.has_extn("starttls")
        if parts.username and not offered:
            raise smtplib.SMTPNotSupportedError("the server offers no TLS, and a password is not said aloud")
        if offered and (parts.username or host not in _OURSELVES):
            server.starttls(context=trusted)
        yield server


def _claim(message_id: uuid.UUID, now: dt.datetime) -> bool:
    """True when this process alone may post the message for the next minutes."""
    with own_transaction() as session:
        taken = changed(
            session,
            sa.update(Message)
            .where(Message.id == message_id, Message.sent_at.is_(None), Message.send_after <= now)
            .values(send_after=now + _CLAIM, tries=Message.tries + 1),
        )
        return bool(taken)


def _settle(message_id: uuid.UUID, now: dt.datetime, problem: str | None, *, again: bool = True) -> None:
    """Note what came of a try: sent, or when to try again, if ever."""
    with own_transaction() as session:
        message = session.get_one(Message, message_id)
        message.problem = problem
        if problem is None:
            message.sent_at = now
        elif not again or message.tries > len(WAITS):
            message.send_after = _NEVER
        else:
            message.send_after = now + WAITS[message.tries - 1]


def deliver(now: dt.datetime, post: Post, sender: str) -> int:
    """How many waiting messages were posted."""
    with own_reading() as session:
        waiting = session.scalars(
            sa.select(Message.id)
            .where(Message.sent_at.is_(None), Message.send_after <= now)
            .order_by(Message.send_after)
            .limit(200)
        ).all()
    return sum(_deliver_one(message_id, now, post, sender) for message_id in waiting)


def _deliver_one(message_id: uuid.UUID, now: dt.datetime, post: Post, sender: str) -> bool:
    if not _claim(message_id, now):
        return False
    try:
        with own_reading() as session:
            mail = as_mail(session.get_one(Message, message_id), sender)
        post(mail)
    except (NeverTaken, govuk_notify.Busy) as error:
        _settle(message_id, now, str(error)[:300], again=isinstance(error, govuk_notify.Busy))
        return False
    # A mail server that is away or busy; a line break that cannot stand in a mail's head.
    except (OSError, smtplib.SMTPException, ValueError) as error:
        _settle(message_id, now, f"{type(error).__name__}: {error}"[:300])
        return False
    _settle(message_id, now, None)
    return True


def _job(now: dt.datetime) -> None:
    settings = current_app.config
    deliver(now, postman(settings["MAIL_URL"]), settings["MAIL_FROM"])


def clear_away(session: orm.Session, now: dt.datetime) -> int:
    """Mail that was posted is kept for some weeks, to answer "did you write to me?", and then it is gone."""
    return changed(session, sa.delete(Message).where(Message.sent_at < now - _KEPT))


def init_app(app: Flask) -> None:
    """Mail is posted whenever jobs run."""
    jobs.register(app, jobs.Job("mail", _EVERY, _job))
    retention.register(
        app,
        retention.Rule(
            "message",
            "mail: to whom, what, whether it went",
            "so that it is sent once the change is certain",
            "four weeks after it was sent",
            _KEPT,
            clear_away,
        ),
    )
