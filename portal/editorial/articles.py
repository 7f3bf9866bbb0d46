"""Articles and pages: their kinds, what the public reads, and how a search finds them."""

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, current_app, g, url_for
from markupsafe import Markup

from portal import registry
from portal.councils.models import Council
from portal.editorial import article_checks, kinds, queries, reading, rendering
from portal.editorial.kinds import Kind, Reference, Review
from portal.editorial.queries import Published
from portal.editorial.reading import Article
from portal.i18n import _, language
from portal.registry import Searchable

_STARTER = """---
id: {key}
theme: home
title: ""
summary: ""
short: ""
owner: adult-social-care
review: {{last: {today}, next: {then}}}
sources:
sensitive: false
related:
  needs: []
  categories: []
  equipment: []
tags: []
---

"""


def _review(body: str) -> Review | None:
    try:
        found = reading.article(body)
    except reading.Unreadable:
        return None
    return Review(found.last_checked, found.next_review, found.owner)


def _refers(body: str) -> set[Reference]:
    try:
        found = reading.article(body)
    except reading.Unreadable:
        return set()
    named = {("article", key) for key in found.related.get("articles", ())}
    equipment = {("equipment", key) for key in found.related.get("equipment", ())}
    return rendering.references(found.text) | named | equipment


def _web(body: str) -> set[str]:
    try:
        found = reading.article(body)
    except reading.Unreadable:
        return set()
    named = {source.url for source in found.sources} | {found.easy_read}
    return rendering.web_addresses(found.text) | {url for url in named if rendering.is_web(url)}


def lead(kind: str, key: str) -> str | None:
    """The address of a thing of this kind, as far as its kind has pages."""
    known = kinds.find(kind)
    return known.address(key) if known is not None and known.address is not None else None


def _lead_among(titles: Mapping[str, str]) -> rendering.Lead:
    """Links to articles that this council does not show are plain words."""
    return lambda kind, key: None if kind == "article" and key not in titles else lead(kind, key)


def contact_of(council: Council | None) -> rendering.Contact:
    """Whom a contact block names."""
    return rendering.Contact(council.phone, council.phone_hours) if council else rendering.Contact()


def preview(body: str, council: Council | None = None) -> Markup:
    """The text as it will look, below its title. What cannot be read is said."""
    try:
        found = reading.article(body)
    except reading.Unreadable as error:
        return Markup("<p>{}</p>").format(str(error))
    shown = rendering.text(found.text, lead, contact_of(council), below=2)
    return Markup('<h2>{}</h2>\n<p class="lead">{}</p>\n{}').format(
        found.title or _("(no title yet)"), found.summary, shown.html
    )


ARTICLE = Kind(
    name="article",
    label=lambda: _("Article"),
    folder="articles",
    suffix=".md",
    title=reading.title,
    check=article_checks.check_article,
    review=_review,
    refers=_refers,
    web=_web,
    preview=preview,
    address=lambda key: url_for("advice.article", key=key),
    starter=_STARTER,
)
PAGE = replace(
    ARTICLE,
    name="page",
    label=lambda: _("Page"),
    folder="pages",
    check=article_checks.check_page,
    address=lambda key: url_for("advice.page", key=key),
)


@dataclass(frozen=True)
class Reading:
    """An article's page. related: titles of other articles by key; services: (what to look for, its name)."""

    key: str
    document: Published
    article: Article
    text: rendering.Text
    related: Mapping[str, str]
    categories: Mapping[str, str]
    needs: Mapping[str, str]


def read(council: Council, kind: str, key: str) -> Reading | None:
    """What the public reads under this key; None where nothing is public there."""
    document = queries.published(council, kind, key)
    if document is None:
        return None
    try:
        article = reading.article(document.body)
    except reading.Unreadable:
        return None
    titles = {stamp.key: stamp.title for stamp in queries.stamps(council, "article")}
    text = rendering.text(article.text, _lead_among(titles), contact_of(council))
    names = (kinds.names_of(name) for name in ("category", "need"))
    categories, needs = (
        {key: known[key] for key in article.related.get(part, ()) if key in known}
        for part, known in zip(("categories", "needs"), names, strict=True)
    )
    return Reading(key, document, article, text, _related(article, key, titles), categories, needs)


def _related(article: Article, own: str, titles: Mapping[str, str]) -> dict[str, str]:
    """What its writer named, then what the text leads to."""
    named = [
        *article.related.get("articles", ()),
        *(k for kind, k in sorted(rendering.references(article.text)) if kind == "article"),
    ]
    return {key: titles[key] for key in dict.fromkeys(named) if key in titles and key != own}


@dataclass(frozen=True)
class Entry:
    """An article as lists show it."""

    key: str
    title: str
    summary: str
    theme: str
    tags: tuple[str, ...]
    text: str


# The versions that make it up -> the article as lists and searches need it. A version's words never change, so what
# was read once holds; every search would read all articles otherwise.
_Read = tuple[tuple[uuid.UUID, int], ...]
_entries: dict[_Read, Entry] = {}
_reading = threading.Lock()
_MOST_KEPT = 2_000
_MADE = "portal.editorial.searchables"


def entries(council: Council) -> list[Entry]:
    """Every article that the council's visitors can read, by title."""
    stamps = queries.stamps(council, "article")
    wanted = {stamp.versions: stamp for stamp in stamps}
    if any(name not in _entries for name in wanted):
        _read_anew(council, wanted)
    found = (_entries.get(name) for name in wanted)
    return sorted((entry for entry in found if entry is not None), key=lambda entry: entry.title.lower())


def _read_anew(council: Council, wanted: Mapping[_Read, queries.Stamp]) -> None:
    bodies = {one.key: one.body for one in queries.all_published(council, "article")}
    with _reading:
        if len(_entries) > _MOST_KEPT:
            _entries.clear()
        for name, stamp in wanted.items():
            if name not in _entries and stamp.key in bodies:
                _entries[name] = _entry(stamp.key, bodies[stamp.key])


def _entry(key: str, body: str) -> Entry:
    try:
        article = reading.article(body)
    except reading.Unreadable:
        return Entry(key, key, "", "", (), "")
    return Entry(
        key, article.title, article.summary, article.theme, article.tags, rendering.words(article.text)
    )


def by_theme(council: Council) -> list[tuple[str, str, list[Entry]]]:
    """(theme, its name, its articles), in the order of the page; themes without articles are left out."""
    every = entries(council)
    groups = [
        (key, name, [e for e in every if e.theme == key])
        for key, name in article_checks.theme_names().items()
    ]
    return [group for group in groups if group[2]]


def found(council: Council, asked: str) -> list[Entry]:
    """Articles that hold all of these words, those first that say them in the title, then in what they are about."""
    words = asked.casefold().split()
    scored = [(_places(entry, words), entry) for entry in entries(council)] if words else []
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], pair[1].title.lower()))
    return [entry for _score, entry in best]


def _places(entry: Entry, words: list[str]) -> int:
    """0 where a word is nowhere; else more, the earlier in the article the words stand."""
    title, about = entry.title.casefold(), f"{entry.summary} {' '.join(entry.tags)}".casefold()
    text = entry.text.casefold()
    places = [3 if word in title else 2 if word in about else 1 if word in text else 0 for word in words]
    return sum(places) if all(places) else 0


def theme_names() -> dict[str, str]:
    """Theme -> what it is called."""
    return article_checks.theme_names()


def searchables() -> tuple[Searchable, ...]:
    """Articles, for the search on the council's site that is looked at: made anew when something else is public."""
    council: Council | None = g.get("council")
    if council is None:
        return ()
    made: dict[Any, tuple[Any, tuple[Searchable, ...]]] = current_app.extensions.setdefault(_MADE, {})
    whose, mark = (council.id, language()), queries.mark(council, "article")
    known = made.get(whose)
    if known is None or known[0] != mark:
        known = made[whose] = (mark, tuple(map(_searchable, entries(council))))
    return known[1]


def _searchable(entry: Entry) -> Searchable:
    about = f"{entry.summary} {' '.join(entry.tags)}"
    address = url_for("advice.article", key=entry.key)
    return Searchable(
        "article",
        entry.key,
        entry.title,
        entry.text,
        address,
        about,
        label=_("Advice"),
        summary=entry.summary,
    )


def init_app(app: Flask) -> None:
    """Articles and pages are kinds of document, and articles are found."""
    kinds.register(app, ARTICLE)
    kinds.register(app, PAGE)
    registry.add_searchables(app, searchables)
