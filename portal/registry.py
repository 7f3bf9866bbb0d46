"""What several features add to: navigation, things beside listings that answer a search, readiness, leaving.

Features register in `create_app` and never import each other. Reading goes through the app, so that two apps in one
process (as in tests) do not share anything.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from flask_login import current_user


@dataclass(frozen=True)
class NavItem:
    """A place in the navigation. label: makes the words, in the language of the page.

    may: for whom it is there, given the person who asks. of: which navigation: the site's own, or that of a desk.
    """

    endpoint: str
    label: Callable[[], str]
    position: int
    may: Callable[[Any], bool] | None = None
    of: str = "main"


@dataclass(frozen=True)
class Searchable:
    """Something that answers a search beside the listings: an article, a conversation, a piece of equipment.

    label: what it is, in the language of the page. about: what it is about in a few words, which count for more than
    those of the text. summary: a sentence to show beside its title.
    """

    kind: str
    key: str
    title: str
    text: str
    address: str
    about: str = ""
    label: str = ""
    summary: str = ""


def the_app() -> Flask:
    """The app itself: what a thread or a fork of its own can hold on to, where the proxy would be lost."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's documented way
    return app


def add_to_navigation(app: Flask, item: NavItem) -> None:
    """The item stands in the navigation of every page from now on."""
    app.extensions.setdefault("portal.navigation", []).append(item)


def navigation(of: str = "main") -> list[NavItem]:
    """The navigation of the site, or of a desk, for the person who asks, in its order."""
    items: list[NavItem] = current_app.extensions.get("portal.navigation", [])
    seen = [item for item in items if item.of == of and (item.may is None or item.may(current_user))]
    return sorted(seen, key=lambda item: item.position)


def add_searchables(app: Flask, source: Callable[[], Iterable[Searchable]]) -> None:
    """What the source gives is searched beside the listings from now on."""
    app.extensions.setdefault("portal.searchables", []).append(source)


def searchables() -> list[Searchable]:
    """All that can be found beside listings."""
    return [thing for source in current_app.extensions.get("portal.searchables", ()) for thing in source()]


def add_beside(app: Flask, kind: str, source: Callable[[str], Iterable[Searchable]]) -> None:
    """What the source gives for a key stands beside the thing of that kind and key, on its page."""
    app.extensions.setdefault("portal.beside", {}).setdefault(kind, []).append(source)


def beside(kind: str, key: str) -> list[Searchable]:
    """What other features say goes with a thing."""
    sources = current_app.extensions.get("portal.beside", {}).get(kind, ())
    return [thing for source in sources for thing in source(key)]


def name_things(app: Flask, kind: str, source: Callable[[list[uuid.UUID]], dict[uuid.UUID, str]]) -> None:
    """Things of this kind, which another feature knows by their ids alone, are named by the source."""
    app.extensions.setdefault("portal.names", {})[kind] = source


def names(kind: str, ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of things of this kind; what nobody knows has none."""
    source = current_app.extensions.get("portal.names", {}).get(kind)
    return source(ids) if source else {}


def when_leaving(app: Flask, step: Callable[[], object]) -> None:
    """The step is taken whenever somebody leaves by /exit. It must not fail: they must never see an error there."""
    app.extensions.setdefault("portal.leaving", []).append(step)


def take_leave() -> None:
    """Every feature's step at leaving is taken: the last registered first, since it stands on those before it."""
    for step in reversed(current_app.extensions.get("portal.leaving", ())):
        step()


def add_check(app: Flask, check: Callable[[], str]) -> None:
    """The check is asked whenever somebody asks whether the site can serve: "" when it can, else what is missing."""
    app.extensions.setdefault("portal.checks", []).append(check)


def problems() -> list[str]:
    """What is missing before the site can serve."""
    found = (check() for check in current_app.extensions.get("portal.checks", ()))
    return [problem for problem in found if problem]
