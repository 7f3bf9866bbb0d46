"""Markdown with a few components as safe HTML: contact, steps, warning and video blocks, and links by kind and key."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from portal.editorial.kinds import Reference
from portal.i18n import _

BLOCKS = ("contact", "steps", "warning", "video")
_BY_KEY = re.compile(r"(?P<kind>[a-z]+):(?P<key>[a-z0-9][a-z0-9-]*)(?P<part>#[a-z0-9-]+)?")
_WEB = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_PLACES = ("/", "#", "tel:", "mailto:")
# (kind, key) -> its address on this site, and None where there is no such thing that people can read.
Lead = Callable[[str, str], str | None]


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


_MARKDOWN = _markdown()


@dataclass(frozen=True)
class Heading:
    """A heading of the second level, for the list of contents."""

    id: str
    words: str


@dataclass(frozen=True)
class Text:
    """A text as a page shows it."""

    html: Markup
    headings: tuple[Heading, ...]


@dataclass(frozen=True)
class Contact:
    """What a contact block says beside its words: whom to ring."""

    phone: str = ""
    hours: str = ""


def text(markdown: str, lead: Lead, contact: Contact | None = None, below: int = 1) -> Text:
    """The text as HTML. A link to something that cannot be read is left as plain words.

    below: the level of the heading that it stands under.
    """
    tokens = _MARKDOWN.parse(markdown)
    headings = tuple(_name_headings(tokens))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(max(int(token.tag[1]), 2) + below - 1, 6)}"
    return Text(_html(tokens, lead, contact or Contact(), below), headings)


def _html(tokens: Sequence[Token], lead: Lead, contact: Contact, below: int = 1) -> Markup:
    out, plain = [], list[Token]()
    for token in tokens:
        name = token.info.strip() if token.type == "fence" else ""
        if name not in BLOCKS:
            _lead_links(token, lead)
            plain.append(token)
            continue
        out += [_rendered(plain), _block(name, token.content, lead, contact, below)]
        plain = []
    return Markup("").join([*out, _rendered(plain)])


def _rendered(tokens: Sequence[Token]) -> Markup:
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704 - escaped by the renderer


def _name_headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    """Headings get ids; the page has its own h1, so that one in the text is a second level, too."""
    seen: dict[str, int] = {}
    for token, inside in pairwise(tokens):
        if token.type == "heading_open":
            words = plain(inside)
            name = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "part"
            seen[name] = seen.get(name, 0) + 1
            name = name if seen[name] == 1 else f"{name}-{seen[name]}"
            token.attrSet("id", name)
            if token.tag in ("h1", "h2"):
                yield Heading(name, words)


def plain(inline: Token) -> str:
    """The words of a line, without their markup."""
    kept = (
        part.content for part in inline.children or () if part.type in ("text", "code_inline", "softbreak")
    )
    return " ".join("".join(part or " " for part in kept).split())


def _lead_links(token: Token, lead: Lead) -> None:
    """Links by kind and key have their address; those that lead nowhere are words."""
    kept, open_links = [], []
    for part in token.children or ():
        if part.type == "link_open":
            address = _address(str(part.attrs.get("href", "")), lead)
            open_links.append(address)
            if address is None:
                continue
            part.attrSet("href", address)
            if _WEB.fullmatch(address):
                part.attrSet("rel", "noopener external")
        elif part.type == "link_close" and open_links.pop() is None:
            continue
        elif part.type == "image":
            part.attrSet("loading", "lazy")
        kept.append(part)
    if token.children is not None:
        token.children = kept


def _address(href: str, lead: Lead) -> str | None:
    found = _BY_KEY.fullmatch(href)
    if found:
        address = lead(found["kind"], found["key"])
        return address + (found["part"] or "") if address else None
    return href if _WEB.fullmatch(href) or href.startswith(_PLACES) else None


def _block(name: str, words: str, lead: Lead, contact: Contact, below: int) -> Markup:
    if name == "video":
        return _video(words, lead)
    inside = _html(_MARKDOWN.parse(words), lead, contact)
    if name == "contact":
        return Markup('<div class="panel contact">\n{}{}</div>\n').format(inside, _ring(contact))
    if name == "warning":
        label = _("Important")
        return Markup('<div class="panel warn" role="note">\n<p><b>{}</b></p>\n{}</div>\n').format(
            label, inside
        )
    level = f"h{below + 1}"
    return Markup('<div class="panel next-steps">\n<{}>{}</{}>\n{}</div>\n').format(
        level, _("What you can do next"), level, inside
    )


def _ring(contact: Contact) -> Markup:
    if not contact.phone:
        return Markup("")
    hours = f" ({contact.hours})" if contact.hours else ""
    number = contact.phone.replace(" ", "")
    return Markup('<p>{} <a class="tel" href="tel:{}">{}</a>{}</p>\n').format(
        _("The council’s number:"), number, contact.phone, hours
    )


def video(words: str) -> tuple[str, str, str]:
    """(title, address, transcript) of a video block: lines "title:" and "url:", an empty line, the transcript."""
    head, _gap, transcript = words.strip().partition("\n\n")
    rows = dict(line.partition(":")[::2] for line in head.splitlines())
    return rows.get("title", "").strip(), rows.get("url", "").strip(), transcript.strip()


def _video(words: str, lead: Lead) -> Markup:
    """A link, since a film from elsewhere would tell others who watches it; and the words, for who cannot hear it."""
    title, url, transcript = video(words)
    if not _WEB.fullmatch(url):
        return Markup("")
    inside = _html(_MARKDOWN.parse(transcript), lead, Contact())
    return Markup(
        '<div class="panel film">\n<p><a href="{}" rel="noopener external">{}</a></p>\n'
        '<details class="more"><summary>{}</summary>\n{}</details>\n</div>\n'
    ).format(url, _("Watch: %(title)s", title=title), _("Read what is said"), inside)


# For the checks: what a text holds, with the lines of it.


def walk(markdown: str) -> Iterator[tuple[Token, int]]:
    """Every token with its line, counted from 1; those inside blocks too."""
    yield from _walk(_MARKDOWN.parse(markdown), 0)


def _walk(tokens: Sequence[Token], before: int) -> Iterator[tuple[Token, int]]:
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        yield token, before + line
        yield from ((child, before + line) for child in token.children or ())
        name = token.info.strip()
        if token.type == "fence" and (name in BLOCKS or name.split(" ")[0] == "part"):
            yield from _walk(_MARKDOWN.parse(token.content), before + line)


def links(markdown: str) -> list[tuple[str, int]]:
    """(where a link leads, its line), for all of them."""
    found = [
        (str(token.attrs.get("href", "")), line)
        for token, line in walk(markdown)
        if token.type == "link_open"
    ]
    films = [
        (video(token.content)[1], line)
        for token, line in walk(markdown)
        if token.type == "fence" and token.info.strip() == "video"
    ]
    return [*found, *films]


def references(markdown: str) -> set[Reference]:
    """(kind, key) of everything on this site that the text leads to."""
    found = (_BY_KEY.fullmatch(href) for href, _line in links(markdown))
    return {(one["kind"], one["key"]) for one in found if one}


def web_addresses(markdown: str) -> set[str]:
    """Every address outside the site that the text leads to."""
    return {href for href, _line in links(markdown) if _WEB.fullmatch(href)}


def words(markdown: str) -> str:
    """The text without its markup, a line for each paragraph: for searching and for counting words."""
    lines = (plain(token) for token, _line in walk(markdown) if token.type == "inline")
    return "\n".join(filter(None, lines))


def is_web(address: str) -> bool:
    """Whether it is an address on the web."""
    return bool(_WEB.fullmatch(address))
