"""Mail by GOV.UK Notify, through its own client. Source: docs.notifications.service.gov.uk, Python client and REST API.

The address of an account is `notify:API-KEY?template=ID`. The template has the subject `((subject))` and the message
`((body))`, and nothing else. `&api=` names another place where the API is, for tests.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import requests
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

API = "https://api.notifications.service.gov.uk"
_PATIENCE = 20  # seconds
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
# A key as Notify shows it: the name somebody gave it, the service, the secret.
_KEY = re.compile(rf".*{_UUID}-{_UUID}", re.IGNORECASE)
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class Refused(Exception):  # noqa: N818 - the name says what is wrong
    """Notify says that there is something wrong with this message: trying again is no use."""


class Busy(Exception):  # noqa: N818 - as above
    """Notify does not take it now: too many at once, a key that is not right, or something wrong at its end."""


@dataclass(frozen=True)
class Account:
    """Where and as whom to send."""

    key: str
    template: str
    api: str


def account(url: str) -> Account:
    """The account that an address names."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    return Account(parts.path, asked.get("template", [""])[0], asked.get("api", [API])[0])


def is_whole(url: str) -> bool:
    """Whether the address has all it needs, and sends its key nowhere in the open."""
    found = account(url)
    api = urlsplit(found.api)
    safe = api.scheme == "https" or api.hostname in _HERE
    return (
        bool(_KEY.fullmatch(found.key)) and bool(re.fullmatch(_UUID, found.template, re.IGNORECASE)) and safe
    )


def send(of: Account, to: str, subject: str, text: str, reference: str) -> None:
    """Notify has taken the mail. reference: ours, by which it can be found there. Raises Refused or Busy."""
    client = NotificationsAPIClient(of.key, base_url=of.api, timeout=_PATIENCE)  # type: ignore[no-untyped-call]  # it has no types
    try:
        client.send_email_notification(  # type: ignore[no-untyped-call]  # as above
            to, of.template, {"subject": subject, "body": _as_words(text)}, reference=reference
        )
    except APIError as error:
        said = f"GOV.UK Notify: {error.status_code} {_said(error)}"
        if error.status_code == 400:
            raise Refused(said) from None
        raise Busy(said) from None
    except requests.RequestException as error:
        raise Busy(f"GOV.UK Notify: {type(error).__name__}") from None
    finally:
        client.request_session.close()


def _as_words(text: str) -> str:
    """The text so that Notify's Markdown makes nothing of what people typed: no headings, lists, or hidden links."""
    lines = (
        re.sub(r"^\s*([#*^+>-]|\d+\.)(?=\s)", "\\g<1>\N{WORD JOINER}", line) for line in text.splitlines()
    )
    return "\n".join(lines).replace("](", "] (").strip()


def _said(error: APIError) -> str:
    """What Notify said, in one line: "BadRequestError: Missing personalisation: body"."""
    message = error.message
    if isinstance(message, list):
        return "; ".join(f"{one.get('error', '')}: {one.get('message', '')}" for one in message)
    return str(message)
