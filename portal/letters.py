"""Letters by mail: one template gives the subject, the plain text and the HTML, in the language of who reads it.

A template's first line is the subject. Then come paragraphs, parted by empty lines. One that begins with "> " is a
link to press: "> Choose a password: https://…"; one with "# " is a heading. Addresses are made from the council's own
stored one, never from the request's. The letter waits in the outbox and goes if the open transaction commits.
"""

import datetime as dt
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from flask import current_app
from flask_babel import force_locale
from markupsafe import Markup, escape

from portal import notify
from portal.i18n import _

# A heading, in a daily mail of several messages: "# A new message from Willow & Wren".
_HEADING = "# "
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


def tell(
    kind: notify.Kind,
    to: str,
    template: str,
    *,
    council: Sender,
    now: dt.datetime,
    language: str | None = None,
    **facts: Any,
) -> None:
    """The letter goes as its reader has chosen for messages of this kind: at once, in their daily mail, or not at all.

    language: their account's own, where none is said; English where they have no account.
    In a daily mail the letter has neither greeting nor foot: there `in_digest` is true in its template.
    """
    chooser = notify.chooser()
    how = "now" if kind.needed or chooser is None else chooser.how(to, kind)
    if how == "off":
        return
    own = chooser.language(to) if chooser else None
    language = language or own or "en"
    read = _read(template, council, language, {**facts, "in_digest": how == "digest"})
    if chooser and how == "digest":
        chooser.keep(to, kind, council, read.subject, read.paragraphs, now)
        return
    if chooser and own is not None and not kind.needed:
        with _in(language):
            read.paragraphs.append(f"> {_('Choose which mails you get')}: {chooser.where(council)}")
    post(to, read.subject, read.paragraphs, now=now, language=language)


def write(
    to: str, template: str, *, council: Sender, now: dt.datetime, language: str = "en", **facts: Any
) -> notify.Message:
    """The letter, waiting in the outbox. template: below templates/, such as "accounts/mail/reset.txt"."""

    read = _read(template, council, language, facts)
    return post(to, read.subject, read.paragraphs, now=now, language=language)


@dataclass(frozen=True)
class _Letter:
    """A template with everything filled in."""

    subject: str
    paragraphs: list[str]


def _read(template: str, council: Sender, language: str, facts: dict[str, Any]) -> _Letter:
    def at(endpoint: str, **values: Any) -> str:
        return address(council, endpoint, **values)

    # What people typed is one line, so that it can be no paragraph and no link of its own.
    told = {name: " ".join(fact.split()) if isinstance(fact, str) else fact for name, fact in facts.items()}
    with _in(language):
        words = current_app.jinja_env.get_template(template).render(council=council, at=at, **told)
    subject, _rest, rest = words.strip().partition("\n")
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", rest) if part.strip()]
    return _Letter(" ".join(subject.split())[:200], paragraphs)


def _in(language: str) -> AbstractContextManager[None]:
    within: AbstractContextManager[None] = force_locale("en_GB" if language == "en" else language)
    return within


def post(
    to: str, subject: str, paragraphs: list[str], *, now: dt.datetime, language: str = "en"
) -> notify.Message:
    """The mail of these paragraphs, waiting in the outbox."""
    return notify.send(
        to,
        subject,
        "\n\n".join(map(_plain, paragraphs)) + "\n",
        now=now,
        html=_html(paragraphs, "en-GB" if language == "en" else language),
    )


def _plain(paragraph: str) -> str:
    link = _LINK.fullmatch(paragraph)
    if paragraph.startswith(_HEADING):
        words = paragraph.removeprefix(_HEADING)
        return f"{words}\n{'-' * min(len(words), 60)}"
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
    if paragraph.startswith(_HEADING):
        return Markup("<h2>{}</h2>").format(paragraph.removeprefix(_HEADING))
    lines: Callable[[str], Markup] = escape
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(map(lines, paragraph.splitlines())))
