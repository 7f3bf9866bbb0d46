"""Putting a council on the site, and its own choices."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from portal.councils import branding, queries
from portal.councils.models import STRATEGIES, Area, Council, CouncilArea, CouncilHost, Town
from portal.db import db
from portal.errors import Refusal

_KEY = re.compile(r"[a-z][a-z0-9-]{1,38}")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,118}[a-z0-9])?")
_PORT = re.compile(r":\d{1,5}$", re.ASCII)
_LONGEST_NAME = 60  # what the site is called is made from it, and has 80


def add(key: str, *, name: str, hosts: Iterable[str], areas: Iterable[str], **more: Any) -> Council:
    """The new council. more: any other column of Council. Raises Refusal where the key or a host is taken or odd."""
    _check_key_and_name(key, name)
    names = _checked_hosts(hosts)
    if more.get("strategy", "nearest") not in STRATEGIES:
        raise Refusal(f"The strategy is one of: {', '.join(STRATEGIES)}.", field="strategy")
    first = not queries.every()
    settings = {
        "site_name": f"{name} Living Well",
        "phone": "",
        "is_default": first,
        "base_url": f"https://{names[0]}",
        **more,
        "brand": branding.checked(more.get("brand", {})),
    }
    council = Council(key=key, name=name, **settings)
    council.hosts = [CouncilHost(host=host) for host in names]
    council.areas = [CouncilArea(code=code) for code in dict.fromkeys(areas)]
    db.session.add(council)
    db.session.flush()
    return council


def _check_key_and_name(key: str, name: str) -> None:
    if not _KEY.fullmatch(key):
        raise Refusal(
            "A council's key is short, in small letters without blanks, such as fernshire.", field="key"
        )
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        raise Refusal(f"A council needs a name, of {_LONGEST_NAME} letters at most.", field="name")
    if queries.by_key(key):
        raise Refusal(f"There is a council {key} already.", field="key")


def _checked_hosts(hosts: Iterable[str]) -> list[str]:
    names = list(dict.fromkeys(_checked_host(host) for host in hosts))
    if not names:
        raise Refusal("A council needs a host name of its own, such as fernshire.example.org.", field="hosts")
    return names


def _checked_host(host: str) -> str:
    name = _PORT.sub("", host.strip()).lower()
    if not _HOST.fullmatch(name):
        raise Refusal(f"{host} is not a host name.", field="hosts")
    if db.session.get(CouncilHost, name):
        raise Refusal(f"{name} leads to another council already.", field="hosts")
    return name


def set_brand(council: Council, colours: Mapping[str, str]) -> None:
    """The council's pages have these colours. Raises Refusal, naming each that could not be read."""
    council.brand = branding.checked(colours)


def save_areas(rows: Iterable[Mapping[str, str]]) -> int:
    """How many areas are known or mended now. rows: code, name, kind, parent, and sectors parted by "|"."""
    count = 0
    for row in rows:
        sectors = [sector for sector in (row.get("sectors") or "").split("|") if sector]
        db.session.merge(
            Area(
                code=row["code"],
                name=row["name"],
                kind=row["kind"],
                parent_code=row.get("parent") or None,
                sectors=sectors,
            )
        )
        count += 1
    return count


def save_town(council: Council, name: str, folded: str, easting: int, northing: int) -> Town:
    """The place name is on the council's list, where it was or moved."""
    town = db.session.scalar(sa.select(Town).where(Town.council_id == council.id, Town.folded == folded))
    town = town or Town(council_id=council.id, folded=folded)
    town.name, town.easting, town.northing = name, easting, northing
    db.session.add(town)
    return town
