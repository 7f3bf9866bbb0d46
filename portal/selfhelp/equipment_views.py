"""The equipment house: from a picture, a room, a task or what is hard to what may help and where to get it."""

from typing import Any
from weakref import WeakKeyDictionary

from flask import Blueprint, Flask, Response, abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, pages, registry
from portal.councils.views import current
from portal.directory import forms, where
from portal.directory.where import Where
from portal.i18n import _, language
from portal.permissions import public
from portal.selfhelp import boards, equipment, getting
from portal.selfhelp import queries as talks
from portal.selfhelp.equipment import Kit
from portal.selfhelp.house import Room

kit = Blueprint("equipment", __name__)
_found: "WeakKeyDictionary[Kit, dict[str, list[registry.Searchable]]]" = WeakKeyDictionary()


@kit.get("/equipment")
@public
def index() -> Response:
    """The house: its rooms as a list and as a picture, what is hard, and the search."""
    return pages.show(
        "selfhelp/house/index.html",
        kit=equipment.kit(current()),
        picture=equipment.picture("house"),
        boards=list(boards.every(current())),
    )


@kit.get("/equipment/all")
@public
def everything() -> Response:
    """Every piece of equipment, by the first room where it helps."""
    found = equipment.kit(current())
    every = found.items.by_id.values()
    grouped = [
        (room, [one for one in every if one.rooms[:1] == (room.id,)]) for room in found.house.rooms.values()
    ]
    return pages.show("selfhelp/house/all.html", rooms=[pair for pair in grouped if pair[1]])


@kit.get("/equipment/<room>")
@public
def room(room: str) -> Response:
    """A room: the things in it as a list and as a picture, with what is hard about each."""
    found = equipment.kit(current())
    one = _room(found, room)
    return pages.show(
        "selfhelp/house/room.html", kit=found, room=one, picture=equipment.picture(f"rooms/{one.id}")
    )


@kit.get("/equipment/<room>/at/<spot>")
@public
def spot(room: str, spot: str) -> Response:
    """A thing in a room: what is hard about it."""
    found = equipment.kit(current())
    one = _room(found, room)
    pointed = next((known for known in one.spots if known.id == spot), None) or abort(404)
    return pages.show(
        "selfhelp/house/spot.html", kit=found, room=one, spot=pointed, tasks=found.house.of_spot(spot)
    )


def _room(found: Kit, key: str) -> Room:
    return found.house.rooms.get(key) or abort(404)


@kit.get("/equipment/tasks")
@public
def tasks() -> Response:
    """Everything that can be hard, by room."""
    return pages.show("selfhelp/house/tasks.html", kit=equipment.kit(current()))


@kit.get("/equipment/<room>/<task>")
@public
def task(room: str, task: str) -> AnyResponse:
    """Something that is hard: what to try first, then equipment, then where to get it near the person."""
    found = equipment.kit(current())
    one = found.house.tasks.get(task) or abort(404)
    if one.room != room:  # editors moved it to another room: old addresses still lead there
        return redirect(url_for("equipment.task", room=one.room, task=task))
    items = found.of(one)
    near = _where()
    return pages.show(
        "selfhelp/house/task.html",
        kit=found,
        task=one,
        room=_room(found, room),
        items=[(item, equipment.picture(f"items/{item.picture}")) for item in items],
        ways=getting.ways(current(), items, one, near.place, clock.today()),
        articles=_articles(one.articles),
        choose=talks.choosing(current(), task, language()),
        near=near,
        typed=forms.asked(request.args).place,
    )


@kit.get("/equipment/hard/<key>")
@public
def hard(key: str) -> Response:
    """What can be hard for somebody: every task with it, by room."""
    found = equipment.kit(current())
    words = found.house.hard.get(key) or abort(404)
    return pages.show(
        "selfhelp/house/hard.html", kit=found, key=key, words=words, tasks=found.house.of_hard(key)
    )


@kit.get("/equipment/item/<key>")
@public
def item(key: str) -> Response:
    """One thing: what it is, whom it helps, what to check first, and how to get it."""
    found = equipment.kit(current())
    one = found.items.by_id.get(key) or abort(404)
    return pages.show(
        "selfhelp/house/item.html",
        kit=found,
        item=one,
        picture=equipment.picture(f"items/{one.picture}"),
        tasks=found.house.with_item(key),
        categories=getting.CATEGORIES,
    )


def _where() -> Where:
    """Where the person is: what they typed here, else where they last searched from."""
    asked = forms.asked(request.args)
    if asked.place:
        return where.locate(current(), asked, session)
    return Where(where.remembered(current(), session))


def _articles(keys: tuple[str, ...]) -> list[registry.Searchable]:
    if not keys:
        return []
    known = {thing.key: thing for thing in registry.searchables() if thing.kind == "article"}
    return [known[key] for key in keys if key in known]


def _searchables() -> list[registry.Searchable]:
    """Equipment and tasks, for the search: made once for each language, as long as the same is public."""
    council = g.get("council")
    if council is None:
        return []
    found = equipment.kit(council)
    made = _found.setdefault(found, {})
    if language() not in made:
        made[language()] = _things(found)
    return made[language()]


def _with_article(key: str) -> list[registry.Searchable]:
    """What is hard, of which an article speaks."""
    tasks = {task.id for task in equipment.kit(current()).house.tasks.values() if key in task.articles}
    return [thing for thing in _searchables() if thing.kind == "task" and thing.key in tasks]


def _things(found: Kit) -> list[registry.Searchable]:
    label: Any = _("Equipment")
    items = [
        registry.Searchable(
            "equipment",
            one.id,
            one.name,
            f"{one.what_it_is} {one.helps}",
            url_for("equipment.item", key=one.id),
            " ".join(one.also),
            label,
            one.what_it_is,
        )
        for one in found.items.by_id.values()
    ]
    names = {one.id: one.name for one in found.items.by_id.values()}
    tasks = [
        registry.Searchable(
            "task",
            one.id,
            one.title,
            " ".join([*one.try_first, *(names.get(key, "") for key in one.items)]),
            url_for("equipment.task", room=one.room, task=one.id),
            " ".join(one.also),
            label,
            one.try_first[0] if one.try_first else "",
        )
        for one in found.house.tasks.values()
    ]
    return [*items, *tasks]


def init_app(app: Flask) -> None:
    """The pages are there, in the navigation, and equipment is found."""
    app.register_blueprint(kit)
    registry.add_to_navigation(app, registry.NavItem("equipment.index", lambda: _("Equipment"), 1))
    registry.add_searchables(app, _searchables)
    registry.add_beside(app, "article", _with_article)
