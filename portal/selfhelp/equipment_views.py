"""Equipment that makes everyday life easier: all of it by room, and one thing."""

from flask import Blueprint, Flask, Response, abort, g, url_for

from portal import pages, registry
from portal.councils.views import current
from portal.i18n import _
from portal.permissions import public
from portal.selfhelp import equipment

kit = Blueprint("equipment", __name__)
# Where the directory has what borrows, sells or lets people try equipment: way to get it -> categories.
WAYS = {
    "borrow": ("equipment-loan",),
    "buy": ("equipment-shops",),
    "try": ("equipment-shops",),
}


@kit.get("/equipment")
@public
def index() -> Response:
    """Every piece of equipment, by the room where it helps."""
    return pages.show("selfhelp/equipment.html", rooms=equipment.rooms(current()))


@kit.get("/equipment/<key>")
@public
def item(key: str) -> Response:
    """One thing: what it is, whom it helps, what to check first, and how to get it."""
    every = equipment.items(current())
    found = every.by_id.get(key) or abort(404)
    return pages.show("selfhelp/equipment_item.html", item=found, note=every.note, ways=WAYS)


def _searchables() -> list[registry.Searchable]:
    council = g.get("council")
    found = equipment.items(council).by_id.values() if council else ()
    return [
        registry.Searchable(
            "equipment",
            one.id,
            one.name,
            f"{one.what_it_is} {one.helps}",
            url_for("equipment.item", key=one.id),
            " ".join(one.also),
            _("Equipment"),
            one.what_it_is,
        )
        for one in found
    ]


def init_app(app: Flask) -> None:
    """The pages are there, and equipment is found."""
    app.register_blueprint(kit)
    registry.add_searchables(app, _searchables)
