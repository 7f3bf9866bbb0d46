"""What several features add to: places in the navigation, things beside listings that answer a search, readiness.

Features register in `create_app` and never import each other. Reading goes through the app, so that two apps in one
process (as in tests) do not share anything.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Flask, current_app


@dataclass(frozen=True)
class NavItem:
    """A place in the navigation. label: makes the words, in the language of the page."""

    endpoint: str
    label: Callable[[], str]
    position: int


@dataclass(frozen=True)
class Searchable:
    """Something that answers a search beside the listings: an article, a conversation, a piece of equipment."""

    kind: str
    key: str
    title: str
    text: str
    address: str


def add_to_navigation(app: Flask, item: NavItem) -> None:
    """The item stands in the navigation of every page from now on."""
    app.extensions.setdefault("portal.navigation", []).append(item)


def navigation() -> list[NavItem]:
    """The navigation, in its order."""
    return sorted(current_app.extensions.get("portal.navigation", ()), key=lambda item: item.position)


def add_searchables(app: Flask, source: Callable[[], Iterable[Searchable]]) -> None:
    """What the source gives is searched beside the listings from now on."""
    app.extensions.setdefault("portal.searchables", []).append(source)


def searchables() -> list[Searchable]:
    """All that can be found beside listings."""
    return [thing for source in current_app.extensions.get("portal.searchables", ()) for thing in source()]


def add_check(app: Flask, check: Callable[[], str]) -> None:
    """The check is asked whenever somebody asks whether the site can serve: "" when it can, else what is missing."""
    app.extensions.setdefault("portal.checks", []).append(check)


def problems() -> list[str]:
    """What is missing before the site can serve."""
    found = (check() for check in current_app.extensions.get("portal.checks", ()))
    return [problem for problem in found if problem]
