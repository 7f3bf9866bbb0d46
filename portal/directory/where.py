"""Where the person is: a postcode, part of one, a place name, or the position their browser gave.

What was typed is not kept beyond the session. What we cannot place is said in a sentence, and the search goes on
without it.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from portal import geo, postcodes
from portal.councils.models import Council
from portal.directory import queries
from portal.directory.forms import Asked
from portal.directory.search.words import fold
from portal.errors import Refusal
from portal.geo import Place, Postcode
from portal.i18n import _, month
from portal.postcodes import NotFound, Reason
from portal.postcodes.near import nearest

_KEY = "portal.postcodes"
_HERE = "here"
_LAST = "place"
# A hundred metres: near enough to find a lunch club by, too wide to tell a house by.
_ROUND = 100
_DEGREES = re.compile(r"-?\d{1,3}(\.\d{1,20})?", re.ASCII)
# The area codes of local authorities. Source: ONS register of geographic codes.
_AUTHORITY = ("E06", "E07", "E08", "E09", "W06", "S12", "N09")


@dataclass(frozen=True)
class Where:
    """What became of the place that was asked for. problem: why there is none; note: what to know about it."""

    place: Place | None = None
    problem: str = ""
    note: str = ""


def folder() -> Path:
    """Where the postcodes of this site are kept."""
    return Path(current_app.config["INSTANCE"]) / "postcodes"


def _store() -> postcodes.Postcodes:
    store: postcodes.Postcodes = current_app.extensions[_KEY]
    return store


@lru_cache(maxsize=512)
def _nearest_in(store: postcodes.Postcodes, easting: int, northing: int) -> Place | None:
    return nearest(store, easting, northing)


def _nearest(easting: int, northing: int) -> Place | None:
    """The place of the postcode nearest to a point, kept, since towns and terminals ask again and again."""
    return _nearest_in(_store(), easting, northing)


def with_areas(place: Place, parents: Mapping[str, str] | None = None) -> Place:
    """The place with the areas that its own lie in, and the wards that are drawn by postcode sector.

    parents: area -> the area around it, where they have been read.
    """
    parents = parents or queries.area_parents()
    areas = set(place.areas) | {
        ward
        for ward in _drawn_wards(place)
        # A sector lies across a border now and then; a postcode belongs to one side of it.
        if not place.areas or parents.get(ward) in place.areas
    }
    waiting = list(areas)
    while waiting:
        above = parents.get(waiting.pop())
        if above and above not in areas:
            areas.add(above)
            waiting.append(above)
    return replace(place, areas=frozenset(areas))


def _drawn_wards(place: Place) -> list[str]:
    """The wards that are drawn by postcode sector and hold some of the place's sector."""
    if place.kind not in ("postcode", "sector"):
        return []
    return queries.sector_areas(place.label[:-2] if place.kind == "postcode" else place.label)


def place_of(postcode: str) -> Place | None:
    """Where a postcode is, with all its areas; None for one that cannot be placed."""
    parsed = geo.parse(postcode)
    found = _looked_up(parsed) if parsed else None
    return found if isinstance(found, Place) else None


def _looked_up(postcode: Postcode) -> Place | NotFound:
    """Where a postcode is, with all its areas, or why there is no place.

    The store is told what lies in what: a district across two councils is still in the region of both.
    """
    parents = queries.area_parents()
    found = _store().find(postcode, parents)
    return found if isinstance(found, NotFound) else with_areas(found.place, parents)


def authority(place: Place) -> str:
    """The code of the local authority that holds a place, or "" where none or several do."""
    codes = [code for code in place.areas if code.startswith(_AUTHORITY)]
    return codes[0] if len(codes) == 1 else ""


def folded(name: str) -> str:
    """A place name as it is looked up."""
    return fold(name).strip()


def locate(council: Council, asked: Asked, session: MutableMapping[str, Any]) -> Where:
    """Where a search is asked for; remembers it for the session, so that other pages can say how far things are."""
    if asked.here:
        place = _here(session)
        return (
            Where(place)
            if place
            else Where(
                problem=_(
                    "We do not know where you are any more. Type a postcode or "
                    "a town, or press “Search near where I am now”."
                )
            )
        )
    if not asked.place:
        return Where()
    where = _placed(council, asked.place)
    if where.place and session.get(_LAST) != asked.place:
        session[_LAST] = asked.place
        session.pop(_HERE, None)
    return where


def _placed(council: Council, typed: str) -> Where:
    parsed = geo.parse(typed)
    # A name without a digit may look like a postcode ("NPT"), never the other way round.
    town = None if parsed and any(map(str.isdigit, typed)) else queries.town(council, typed)
    if town:
        name, easting, northing = town
        # A town is where its council is: what covers the council covers it.
        return Where(
            with_areas(
                Place(
                    label=name,
                    easting=easting,
                    northing=northing,
                    areas=_town_areas(council, town),
                    kind="town",
                )
            )
        )
    if parsed is None:
        return Where(
            problem=_(
                "We do not know “%(typed)s”. Type a postcode such as M33 7ZF, or the name of a town. "
                "These results are from everywhere.",
                typed=typed,
            )
        )
    found = _looked_up(parsed)
    if isinstance(found, NotFound):
        return Where(problem=_why_not(found, str(parsed)))
    return Where(found, note=_note(found))


def _town_areas(council: Council, town: tuple[str, int, int]) -> frozenset[str]:
    """The areas of the postcode nearest to a town's middle, as far as any is known; else the council's own."""
    near = _nearest(town[1], town[2])
    return near.areas if near else frozenset(area.code for area in council.areas)


def _why_not(found: NotFound, postcode: str) -> str:
    if found.reason == Reason.NO_COORDINATES:
        return _(
            "We know the postcode %(postcode)s, but not where it is. Try one nearby, or the name of a town. These "
            "results are from everywhere.",
            postcode=postcode,
        )
    return _(
        "We cannot find the postcode %(postcode)s. Check it, or type the name of a town. These results are from "
        "everywhere.",
        postcode=postcode,
    )


def _note(place: Place) -> str:
    """What people should know about a place that was found."""
    if place.terminated_on:
        return _(
            "Royal Mail stopped using %(postcode)s in %(month)s. We searched from where it was.",
            postcode=place.label,
            month=month(place.terminated_on),
        )
    if place.split:
        names = queries.area_names([code for code in place.areas if code.startswith(_AUTHORITY)])
        return _(
            "%(postcode)s lies in more than one council (%(names)s). Check with a service that it comes to your "
            "address.",
            postcode=place.label,
            names=", ".join(sorted(names.values())),
        )
    if place.is_partial:
        return _(
            "We searched from the middle of %(postcode)s. With a whole postcode we can tell who comes to you.",
            postcode=place.label,
        )
    return ""


def remembered(council: Council, session: MutableMapping[str, Any]) -> Place | None:
    """Where this visitor last searched from, in this browser session."""
    here = _here(session)
    if here:
        return here
    typed = session.get(_LAST)
    return _placed(council, typed).place if typed else None


def _here(session: MutableMapping[str, Any]) -> Place | None:
    point = session.get(_HERE)
    if not point:
        return None
    near = _nearest(point[0], point[1])
    place = Place(
        label=_("where you are"),
        easting=point[0],
        northing=point[1],
        areas=near.areas if near else frozenset(),
        kind="here",
    )
    if near:
        place = replace(place, areas=with_areas(near).areas)
    return place


def remember_here(session: MutableMapping[str, Any], latitude: str, longitude: str) -> None:
    """The visitor's own position is remembered in the session, to a hundred metres. Refuses what is not one."""
    if not (_DEGREES.fullmatch(latitude) and _DEGREES.fullmatch(longitude)):
        raise Refusal(
            _("Your browser did not say where you are. Type a postcode or a town instead."), status=422
        )
    point = geo.grid(float(latitude), float(longitude))
    if point is None:
        raise Refusal(
            _("You seem to be outside the United Kingdom. Type a postcode or a town instead."), status=422
        )
    session[_HERE] = [round(number / _ROUND) * _ROUND for number in point]
    session.pop(_LAST, None)


def postcodes_known() -> bool:
    """True when the site knows where postcodes are."""
    return _store().is_loaded


def learn_postcodes(say: Callable[[str], None]) -> None:
    """The site knows the whole UK's postcodes."""
    say("Learning where the UK’s postcodes are (once, under a minute)")
    postcodes.load(folder(), None, None, say)


def init_app(app: Flask) -> None:
    """The app can look postcodes up."""
    app.extensions[_KEY] = postcodes.Postcodes(Path(app.config["INSTANCE"]) / "postcodes")
