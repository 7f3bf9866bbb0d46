"""Letters by mail: one template gives the subject, the plain text and the HTML, in the language of who reads it.

A template's first line is the subject. Then come paragraphs, parted by empty lines. One that begins with "> " is a
link to press: "> Choose a password: https://…". Addresses are made from the council's own stored one, never from the
request's. The letter waits in the outbox and goes if the open transaction commits.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, Protocol

from flask import current_app
from flask_babel import force_locale
from markupsafe import Markup, escape

from portal import notify

_LINK = re.compile(r"> (?P<words>.+): (?P<address>https?://\S+)")


class Sender(Protocol):
    """The council in whose name a letter is written."""

    site_name: str
    base_url: str
    phone: str
    phone_hours: str


def address(council: Sender, endpoint: str, **values: Any) -> str:
    """The whole address of a page on the council's own site, for mail."""
    path = current_app.url_map.bind("", url_scheme="http").build(endpoint, values)
    return council.base_url.rstrip("/") + path


def write(
    to: str, template: str, *, council: Sender, now: dt.datetime, language: str = "en", **facts: Any
) -> notify.Message:
    """The letter, waiting in the outbox. template: below templates/, such as "accounts/mail/reset.txt"."""

    def at(endpoint: str, **values: Any) -> str:
        return address(council, endpoint, **values)

    # What people typed is one line, so that it can be no paragraph and no link of its own.
    told = {name: " ".join(fact.split()) if isinstance(fact, str) else fact for name, fact in facts.items()}
    with force_locale("en_GB" if language == "en" else language):
        words = current_app.jinja_env.get_template(template).render(council=council, at=at, **told)
    subject, _, rest = words.strip().partition("\n")
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", rest) if part.strip()]
    return notify.send(
        to,
        " ".join(subject.split())[:200],
        "\n\n".join(map(_plain, paragraphs)) + "\n",
        now=now,
        html=_html(paragraphs, "en-GB" if language == "en" else language),
    )


def _plain(paragraph: str) -> str:
    link = _LINK.fullmatch(paragraph)
    return f"{link['words']}:\n{link['address']}" if link else paragraph


def _html(paragraphs: list[str], language: str) -> str:
    """A page that every mail reader shows: no pictures, no style sheet, nothing fetched."""
    body = Markup("\n").join(map(_html_part, paragraphs))
    page = Markup('<!doctype html>\n<html lang="{}"><body>\n{}\n</body></html>\n')
    return str(page.format(language, body))


def _html_part(paragraph: str) -> Markup:
    link = _LINK.fullmatch(paragraph)
    if link:
        return Markup('<p><a href="{}"><b>{}</b></a></p>').format(link["address"], link["words"])
    lines: Callable[[str], Markup] = escape
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(map(lines, paragraph.splitlines())))
