"""The outbox: mail goes when, and only when, the change it tells of was committed."""

import datetime as dt
import email
import smtplib
import ssl
import threading
import uuid
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
import trustme
from flask import Flask

from portal import jobs, notify
from portal.db import db, own_reading
from portal.notify import WAITS, Message
from tests import smtp
from tests.kernel.conftest import Probe
from tests.make import NOW

SENDER = "help@fernshire.example.org"
MINUTE = dt.timedelta(minutes=1)


class Pile:
    """Keeps what was posted. fails: what goes wrong, one after another, before it works."""

    def __init__(self, *fails: Exception) -> None:
        self.mails: list[EmailMessage] = []
        self._fails = list(fails)

    def __call__(self, mail: EmailMessage) -> None:
        if self._fails:
            raise self._fails.pop(0)
        self.mails.append(mail)


def sent(to: str = "mavis@example.org", subject: str = "Your plan", text: str = "It is ready.") -> uuid.UUID:
    """A message is in the outbox, committed; its id."""
    message_id = notify.send(to, subject, text, now=NOW).id
    db.session.commit()
    return message_id


def now(message_id: uuid.UUID) -> Message:
    """The message as the database has it at this moment."""
    with own_reading() as session:
        return session.get_one(Message, message_id)


# What goes, and when


def test_a_message_is_posted_once_with_all_that_mail_needs(each_site: Flask) -> None:
    message, post = sent(), Pile()
    assert notify.deliver(NOW, post, SENDER) == 1
    assert notify.deliver(NOW + MINUTE, post, SENDER) == 0
    [mail] = post.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == ("mavis@example.org", SENDER, "Your plan")
    assert mail["Message-ID"] == f"<{message}@fernshire.example.org>"
    assert mail["Date"] == "Mon, 23 Nov 2026 09:30:00 +0000"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content() == "It is ready.\n"
    kept = now(message)
    assert (kept.sent_at, kept.tries, kept.problem) == (NOW, 1, None)


def test_html_stands_beside_the_plain_text(site: Flask) -> None:
    notify.send("mavis@example.org", "Your plan", "It is ready.", html="<p>It is ready.</p>", now=NOW)
    db.session.commit()
    post = Pile()
    notify.deliver(NOW, post, SENDER)
    assert [part.get_content_type() for part in post.mails[0].walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip


def test_letters_of_every_language_arrive(site: Flask) -> None:
    sent(subject="Eich cynllun – آپ کا منصوبہ", text="Ŵy, żółw, بزرگ\n" * 200)
    post = Pile()
    notify.deliver(NOW, post, SENDER)
    mail = email.message_from_bytes(bytes(post.mails[0]), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert mail["Subject"] == "Eich cynllun – آپ کا منصوبہ"
    assert mail.get_content() == "Ŵy, żółw, بزرگ\n" * 200


def test_mail_of_a_request_that_failed_never_goes(probe: Probe) -> None:
    def refused() -> tuple[str, int]:
        notify.send("mavis@example.org", "Your plan", "It is ready.", now=NOW)
        return "no", 422

    def done() -> str:
        notify.send("derek@example.org", "Your plan", "It is ready.", now=NOW)
        return "yes"

    probe.answer(refused)
    probe.answer(done)
    post = Pile()
    with probe.app.app_context():
        assert notify.deliver(NOW, post, SENDER) == 1
    assert [mail["To"] for mail in post.mails] == ["derek@example.org"]


def test_nothing_goes_while_the_transaction_is_open(each_site: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        notify.send(
            "mavis@example.org", "Your plan", "It is ready.", now=NOW
        )  # not flushed: no lock is taken yet
    else:
        notify.send("mavis@example.org", "Your plan", "It is ready.", now=NOW)
        db.session.flush()
    post = Pile()
    assert notify.deliver(NOW, post, SENDER) == 0
    db.session.commit()
    assert notify.deliver(NOW, post, SENDER) == 1


def test_the_oldest_goes_first(each_site: Flask) -> None:
    for late, name in ((2, "tom"), (0, "mavis"), (1, "derek")):
        notify.send(f"{name}@example.org", "Hello", "Hello", now=NOW + late * MINUTE)
    db.session.commit()
    post = Pile()
    assert notify.deliver(NOW + 2 * MINUTE, post, SENDER) == 3
    assert [mail["To"].split("@")[0] for mail in post.mails] == ["mavis", "derek", "tom"]


# What fails


def test_a_message_waits_longer_after_each_try_and_is_given_up_after_the_last(each_site: Flask) -> None:
    message, post = sent(), Pile(*[ConnectionRefusedError("nobody there")] * 10)
    at, waited = NOW, []
    for number in range(1, len(WAITS) + 1):
        assert notify.deliver(at, post, SENDER) == 0
        kept = now(message)
        assert (kept.tries, kept.sent_at) == (number, None)
        assert kept.problem == "ConnectionRefusedError: nobody there"
        waited.append(kept.send_after - at)
        assert notify.deliver(kept.send_after - dt.timedelta(seconds=1), post, SENDER) == 0
        assert now(message).tries == number  # not a second too early
        at = kept.send_after
    assert waited == list(WAITS) == sorted(WAITS)
    notify.deliver(at, post, SENDER)
    assert now(message).tries == len(WAITS) + 1
    notify.deliver(at + dt.timedelta(days=3650), post, SENDER)
    assert now(message).tries == len(WAITS) + 1
    assert now(message).problem  # a person can see why


def test_a_try_that_works_leaves_no_problem_behind(each_site: Flask) -> None:
    message, post = sent(), Pile(smtplib.SMTPServerDisconnected("gone"))
    notify.deliver(NOW, post, SENDER)
    assert now(message).problem == "SMTPServerDisconnected: gone"
    assert notify.deliver(NOW + WAITS[0], post, SENDER) == 1
    assert (now(message).problem, now(message).sent_at) == (None, NOW + WAITS[0])


def test_one_message_that_fails_does_not_hold_up_the_next(each_site: Flask) -> None:
    sent("mavis@example.org")
    sent("derek@example.org")
    post = Pile(TimeoutError("slow"))
    assert notify.deliver(NOW, post, SENDER) == 1


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("mavis@example.org\nBcc: ed@example.org", "Hello"),
        ("mavis@example.org", "Hello\r\nBcc: ed@example.org"),
    ],
)
def test_a_line_break_smuggled_into_an_address_holds_up_nobody_and_is_never_posted(
    each_site: Flask, to: str, subject: str
) -> None:
    bad = sent(to, subject)
    good = sent("derek@example.org")
    post = Pile()
    assert notify.deliver(NOW, post, SENDER) == 1
    assert [mail["To"] for mail in post.mails] == ["derek@example.org"]
    assert now(bad).sent_at is None
    assert "ValueError" in (now(bad).problem or "")
    assert now(good).sent_at == NOW


def test_who_dies_between_posting_and_noting_it_posts_the_same_message_again(each_site: Flask) -> None:
    sent()
    posted = Pile()

    def dies(mail: EmailMessage) -> None:
        posted(mail)
        raise KeyboardInterrupt  # as kill does: nothing is noted

    with pytest.raises(KeyboardInterrupt):
        notify.deliver(NOW, dies, SENDER)
    assert notify.deliver(NOW + MINUTE, posted, SENDER) == 0  # for a while it counts as being posted
    assert notify.deliver(NOW + 6 * MINUTE, posted, SENDER) == 1
    one, other = posted.mails
    assert one["Message-ID"] == other["Message-ID"]
    assert bytes(one).split(b"\n\n")[0] == bytes(other).split(b"\n\n")[0]


@pytest.mark.postgres
@pytest.mark.parametrize("each_site", ["postgresql"], indirect=True)
def test_a_message_that_was_given_up_can_be_looked_at_wherever_the_server_stands(each_site: Flask) -> None:
    message, post = sent(), Pile(*[OSError("no")] * 10)
    at = NOW
    for wait in (*WAITS, MINUTE):
        notify.deliver(at, post, SENDER)
        at += wait
    db.session.execute(sa.text("SET LOCAL TIME ZONE 'Pacific/Kiritimati'"))  # the first to see each day
    assert db.session.get_one(Message, message).send_after > NOW + dt.timedelta(days=36500)


def test_mail_that_was_posted_is_kept_for_four_weeks_and_what_waits_for_longer(each_site: Flask) -> None:
    posted, given_up = sent(), sent("derek@example.org")
    notify.deliver(NOW, Pile(), SENDER)
    db.session.execute(sa.update(Message).where(Message.id == given_up).values(sent_at=None, problem="no"))
    db.session.commit()
    assert notify.clear_away(db.session(), NOW + dt.timedelta(days=28)) == 0
    db.session.commit()
    assert now(posted).sent_at == NOW
    assert notify.clear_away(db.session(), NOW + dt.timedelta(days=28, seconds=1)) == 1
    db.session.commit()
    assert db.session.scalars(sa.select(Message.id)).all() == [given_up]


# Two at once


def at_once(app: Flask, work: Callable[[], object], people: int = 4) -> None:
    """The same done by several, each in a thread and a context of its own, from one moment on."""
    gate = threading.Barrier(people)
    problems: list[BaseException] = []

    def one() -> None:
        with app.app_context():
            gate.wait()
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - it is told below
                problems.append(error)
            db.session.remove()

    threads = [threading.Thread(target=one) for _person in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_several_who_deliver_at_once_post_each_message_once(each_site: Flask) -> None:
    for number in range(25):
        notify.send(f"mavis{number}@example.org", "Hello", "Hello", now=NOW)
    db.session.commit()
    post = Pile()
    at_once(each_site, lambda: notify.deliver(NOW, post, SENDER))
    assert sorted(mail["To"] for mail in post.mails) == sorted(f"mavis{n}@example.org" for n in range(25))
    assert db.session.scalar(sa.select(sa.func.count()).where(Message.sent_at == NOW)) == 25
    assert db.session.scalar(sa.select(sa.func.max(Message.tries))) == 1


# How it leaves


def test_mail_goes_into_a_folder_in_development(site: Flask) -> None:
    message = sent()
    jobs.run_due(NOW)
    file = Path(site.config["INSTANCE"]) / "mail" / f"{message}.eml"
    mail = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (mail["To"], mail["Subject"]) == ("mavis@example.org", "Your plan")


def test_mail_goes_to_a_mail_server(site: Flask) -> None:
    message = sent(text="First\n.\nA dot alone on a line is not the end.")
    with smtp.server() as postbox:
        assert notify.deliver(NOW, notify.postman(f"smtp://127.0.0.1:{postbox.port}"), SENDER) == 1
    [mail] = postbox.mails
    assert mail["Message-ID"] == f"<{message}@fernshire.example.org>"
    assert mail.get_content().splitlines() == ["First", ".", "A dot alone on a line is not the end."]
    assert f"mail FROM:<{SENDER}>" in " ".join(postbox.said)


@pytest.mark.parametrize(
    ("command", "answer"),
    [("MAIL", "451 later"), ("RCPT", "550 nobody of that name"), ("DATA", "554 no"), ("EHLO", "421 busy")],
)
def test_what_a_mail_server_refuses_is_noted_and_tried_again(site: Flask, command: str, answer: str) -> None:
    message = sent()
    with smtp.server() as postbox:
        postbox.refuse = {command: answer, "HELO": answer}
        post = notify.postman(f"smtp://127.0.0.1:{postbox.port}")
        assert notify.deliver(NOW, post, SENDER) == 0
        assert answer[:3] in (now(message).problem or "")
        postbox.refuse = {}
        assert notify.deliver(NOW + WAITS[0], post, SENDER) == 1
    assert len(postbox.mails) == 1


def test_a_mail_server_that_is_not_there_is_noted(site: Flask) -> None:
    with smtp.server() as postbox:
        pass  # it was there, and its port is free now
    message = sent()
    assert notify.deliver(NOW, notify.postman(f"smtp://127.0.0.1:{postbox.port}"), SENDER) == 0
    assert "ConnectionRefusedError" in (now(message).problem or "")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost with its key, and the authority that signed it, in one file."""
    authority = trustme.CA()
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(path))
    authority.cert_pem.write_to_path(str(path), append=True)
    return path


@pytest.fixture
def secret(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_mail_server_is_spoken_to_in_secret_and_signed_in_to(
    site: Flask, secret: ssl.SSLContext, certificate: Path, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # how a machine is told whom to trust
    sent()
    with smtp.server(secret, tls_from_the_start=scheme == "smtps") as postbox:
        postbox.offers = ("STARTTLS", "AUTH PLAIN") if scheme == "smtp" else ("AUTH PLAIN",)
        post = notify.postman(f"{scheme}://mavis:p%40ss%3Aword@localhost:{postbox.port}")
        assert notify.deliver(NOW, post, SENDER) == 1
    assert postbox.signed_in == [("mavis", "p@ss:word")]
    assert len(postbox.mails) == 1
    assert ("STARTTLS" in postbox.said) == (scheme == "smtp")


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_cannot_show_who_it_is_gets_no_mail_and_no_password(
    site: Flask, secret: ssl.SSLContext, scheme: str
) -> None:
    message = sent()
    with smtp.server(secret, tls_from_the_start=scheme == "smtps") as postbox:
        postbox.offers = ("STARTTLS", "AUTH PLAIN")
        post = notify.postman(f"{scheme}://mavis:password@localhost:{postbox.port}")
        assert notify.deliver(NOW, post, SENDER) == 0
    assert "CERTIFICATE_VERIFY_FAILED" in (now(message).problem or "")
    assert postbox.signed_in == []
    assert postbox.mails == []


def test_a_relay_on_this_machine_needs_no_certificate(site: Flask, secret: ssl.SSLContext) -> None:
    sent()
    with smtp.server(secret) as postbox:
        postbox.offers = ("STARTTLS",)
        assert notify.deliver(NOW, notify.postman(f"smtp://localhost:{postbox.port}"), SENDER) == 1
    assert len(postbox.mails) == 1


def test_a_password_is_never_said_aloud(site: Flask) -> None:
    message = sent()
    with smtp.server() as postbox:
        postbox.offers = ("AUTH PLAIN",)  # no STARTTLS: somebody in between may have taken it out
        post = notify.postman(f"smtp://mavis:password@localhost:{postbox.port}")
        assert notify.deliver(NOW, post, SENDER) == 0
    assert now(message).problem
    assert postbox.signed_in == []
