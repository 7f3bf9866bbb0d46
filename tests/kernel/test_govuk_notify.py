"""Mail by GOV.UK Notify: its own client, against a server on this machine that answers as the published API does."""

import threading
import uuid
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import config, govuk_notify, notify
from portal.db import db, own_reading
from portal.errors import Misconfigured
from portal.notify import WAITS, Message
from tests import govuk
from tests.govuk import KEY, TEMPLATE, Service
from tests.make import NOW

SENDER = "help@fernshire.example.org"


@pytest.fixture
def service() -> Iterator[Service]:
    """Notify, on this machine."""
    with govuk.notify() as found:
        yield found


def sent(
    to: str = "mavis@example.org", subject: str = "Your plan", text: str = "It is ready.\n"
) -> uuid.UUID:
    """A message is in the outbox, committed; its id."""
    message_id = notify.send(to, subject, text, html="<p>It is ready.</p>", now=NOW).id
    db.session.commit()
    return message_id


def now(message_id: uuid.UUID) -> Message:
    """The message as the database has it at this moment."""
    with own_reading() as session:
        return session.get_one(Message, message_id)


def test_a_mail_is_taken_once_with_our_reference(each_site: Flask, service: Service) -> None:
    message, post = sent(), notify.postman(service.url)
    assert notify.deliver(NOW, post, SENDER) == 1
    assert notify.deliver(NOW + WAITS[-1], post, SENDER) == 0
    assert service.taken == [
        {
            "email_address": "mavis@example.org",
            "template_id": TEMPLATE,
            "personalisation": {"subject": "Your plan", "body": "It is ready."},
            "reference": str(message),
        }
    ]
    assert (now(message).sent_at, now(message).problem) == (NOW, None)


def test_the_reference_is_what_a_mail_server_gets_as_message_id(site: Flask, service: Service) -> None:
    message = sent()
    mail = notify.as_mail(now(message), SENDER)
    notify.postman(service.url)(mail)
    assert service.taken[0]["reference"] == str(mail["Message-ID"]).strip("<>").partition("@")[0]


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
        (429, "TooManyRequestsError", "Exceeded send limits (50) for today"),
        (403, "AuthError", "Invalid token: API key not found"),
        (500, "Exception", "Internal server error"),
        (503, "Exception", "Unavailable"),
    ],
)
def test_what_notify_cannot_take_now_is_tried_again(
    each_site: Flask, service: Service, status: int, error: str, words: str
) -> None:
    message, post = sent(), notify.postman(service.url)
    service.refuse = [(status, error, words)]
    assert notify.deliver(NOW, post, SENDER) == 0
    assert now(message).problem == f"GOV.UK Notify: {status} {error}: {words}"
    assert now(message).send_after == NOW + WAITS[0]
    assert notify.deliver(NOW + WAITS[0], post, SENDER) == 1
    assert now(message).problem is None
    assert [one["reference"] for one in service.taken] == [str(message)]


def test_what_notify_will_never_take_is_given_up_with_its_reason(each_site: Flask, service: Service) -> None:
    message, post = sent("nobody"), notify.postman(service.url)
    good = sent("derek@example.org")
    assert notify.deliver(NOW, post, SENDER) == 1
    assert (
        now(message).problem == "GOV.UK Notify: 400 ValidationError: email_address Not a valid email address"
    )
    assert now(message).tries == 1
    assert notify.deliver(NOW + 10 * WAITS[-1], post, SENDER) == 0
    assert (now(message).tries, now(message).sent_at) == (1, None)
    assert now(good).sent_at == NOW


def test_a_template_that_is_not_there_is_told(site: Flask, service: Service) -> None:
    message = sent()
    wrong = service.url.replace(TEMPLATE, "00000000-0000-4000-8000-000000000000")
    assert notify.deliver(NOW, notify.postman(wrong), SENDER) == 0
    assert now(message).problem == "GOV.UK Notify: 400 BadRequestError: Template not found"


def test_a_key_that_is_not_right_keeps_the_mail_until_it_is(site: Flask, service: Service) -> None:
    message = sent()
    wrong = service.url.replace(govuk.SECRET, "00000000-0000-4000-8000-000000000000")
    assert notify.deliver(NOW, notify.postman(wrong), SENDER) == 0
    assert now(message).problem == "GOV.UK Notify: 403 AuthError: Invalid token: API key not found"
    assert notify.deliver(NOW + WAITS[0], notify.postman(service.url), SENDER) == 1


def test_notify_that_is_not_there_is_noted_without_the_key(site: Flask) -> None:
    with govuk.notify() as service:
        pass  # it was there, and its port is free now
    message = sent()
    assert notify.deliver(NOW, notify.postman(service.url), SENDER) == 0
    problem = now(message).problem or ""
    assert problem.startswith("GOV.UK Notify: 503")
    assert govuk.SECRET not in problem


def test_who_dies_between_sending_and_noting_it_sends_the_same_reference_again(
    each_site: Flask, service: Service
) -> None:
    message, post = sent(), notify.postman(service.url)

    def dies(mail: EmailMessage) -> None:
        post(mail)
        raise KeyboardInterrupt  # as kill does: nothing is noted

    with pytest.raises(KeyboardInterrupt):
        notify.deliver(NOW, dies, SENDER)
    assert notify.deliver(NOW + WAITS[1], post, SENDER) == 1
    assert [one["reference"] for one in service.taken] == [str(message)] * 2


def test_several_machines_at_once_send_each_message_once(each_site: Flask, service: Service) -> None:
    for number in range(12):
        sent(f"mavis{number}@example.org")
    gate = threading.Barrier(3)

    def machine() -> None:
        with each_site.app_context():
            gate.wait()
            notify.deliver(NOW, notify.postman(service.url), SENDER)
            db.session.remove()

    db.session.remove()
    machines = [threading.Thread(target=machine) for _one in range(3)]
    for one in machines:
        one.start()
    for one in machines:
        one.join()
    to = sorted(one["email_address"] for one in service.taken)
    assert to == sorted(f"mavis{number}@example.org" for number in range(12))
    assert db.session.scalar(sa.select(sa.func.count()).where(Message.sent_at.is_(None))) == 0


def test_what_people_typed_becomes_no_heading_and_no_hidden_link(site: Flask, service: Service) -> None:
    sent(
        text="# Big\n* one\n1. two\n> three\nHello [press](https://evil.example/),\nhttps://ours.example/x-y\n"
    )
    notify.deliver(NOW, notify.postman(service.url), SENDER)
    body = service.taken[0]["personalisation"]["body"]
    assert [line.replace("\N{WORD JOINER}", "~") for line in body.splitlines()] == [
        "#~ Big", "*~ one", "1.~ two", ">~ three", "Hello [press] (https://evil.example/),", "https://ours.example/x-y",
    ]  # fmt: skip


# The setting


@pytest.mark.parametrize(
    "url",
    [
        f"notify:{KEY}",
        f"notify:?template={TEMPLATE}",
        f"notify:{KEY[:-1]}?template={TEMPLATE}",
        f"notify:{KEY}?template=mine",
        f"notify:{KEY}?template={TEMPLATE}&api=http://notify.example.org",
    ],
)
def test_a_setting_that_lacks_something_stops_the_site_and_says_no_key(tmp_path: Path, url: str) -> None:
    with pytest.raises(Misconfigured, match="PORTAL_MAIL_URL needs a whole API key") as refused:
        config.from_environment({"PORTAL_MAIL_URL": url}, tmp_path)
    assert govuk.SECRET[:8] not in str(refused.value)


def test_a_whole_setting_is_taken_in_production_too(tmp_path: Path) -> None:
    url = f"notify:{KEY}?template={TEMPLATE}"
    settings = {
        "PORTAL_MAIL_URL": url,
        "PORTAL_BASE_URL": "https://help.example.org",
        "PORTAL_SECRET_KEY": "0123456789abcdef" * 2,
    }
    assert config.from_environment(settings, tmp_path)["MAIL_URL"] == url
    assert govuk_notify.account(url) == govuk_notify.Account(KEY, TEMPLATE, govuk_notify.API)
