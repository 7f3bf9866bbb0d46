"""Who may open what: every route and method, for every kind of person, pinned in golden/access/, a file for each desk.

A new route stands in no table, and fails until it does. Where a difference is meant, write the tables anew, and read
what has changed as somebody would who wants to get in:

    UPDATE_GOLDEN=1 make test ARGS=tests/access
"""

import os
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from portal.permissions import rule_of
from tests.access.asking import Scene
from tests.access.cast import CAST
from tests.access.examples import Example, of_route, routes

GOLDEN = Path(__file__).parent.parent / "golden" / "access"
# The first part of an address -> its table; every other address is in "public".
DESKS = ("account", "admin", "care", "editor", "provider")
PUBLIC = "public"
HEADING = """\
# Who gets what: the answer's status, for every route, each thing that it is asked about, and everybody who asks.
# .: 404, as for what was never there. door: led to sign in. prove: asked to show once more that it is them.
# Behind a route: the rule that guards it, and how long ago a factor may have been shown.
# tests/access/test_table.py says how to write this anew.
#
"""


def desk_of(rule: Rule) -> str:
    """The table in which a route stands."""
    first = rule.rule.split("/")[1]
    return first if first in DESKS else PUBLIC


def _told(scene: Scene, name: str, method: str, rule: Rule, example: Example) -> str:
    """The answer as the table has it."""
    adapter = scene.app.url_map.bind(scene.askers[name].host)
    answer = scene.ask(name, method, adapter.build(rule.endpoint, dict(example.path), method), example.form)
    location = answer.headers.get("Location", "")
    doors = {"/sign-in?next=": "door", "/account/prove?next=": "prove"}
    door = next((word for start, word in doors.items() if location.startswith(start)), "")
    return door or {404: "."}.get(answer.status_code, str(answer.status_code))


def _guard(app: Flask, rule: Rule) -> tuple[str, str]:
    """What guards a route, and how fresh a factor it asks for."""
    fresh = getattr(app.view_functions[rule.endpoint], "fresh", None)
    return rule_of(app, rule.endpoint) or "", f"{int(fresh.total_seconds() // 60)} minutes" if fresh else ""


def _rows(scene: Scene, desk: str) -> list[list[str]]:
    """The table's cells: for each route a row that names it, and one for each thing that it is asked about."""
    rows = []
    for route, rule in sorted(routes(scene.app).items(), key=lambda item: item[0].split()[::-1]):
        if desk_of(rule) == desk:
            rows.append([route, *CAST, *_guard(scene.app, rule)])
            method = route.partition(" ")[0]
            for one in of_route(route, rule, scene.things):
                answers = (_told(scene, name, method, rule, one) for name in CAST)
                rows.append([f"    {one.of or '(no more to say)'}", *answers])
    return rows


def _table(scene: Scene, desk: str) -> str:
    """A desk's whole table, as it stands in its golden file."""
    rows = _rows(scene, desk)
    widths = [max(len(row[0]) for row in rows), *map(len, CAST), 0, 0]
    told = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    cast = [f"# {name}: {part.words}" for name, part in CAST.items()]
    return HEADING + "\n".join([*cast, "", *told]) + "\n"


@pytest.mark.parametrize("desk", [*DESKS, PUBLIC])
def test_everybody_gets_what_the_table_says(scene: Scene, desk: str) -> None:
    table, file = _table(scene, desk), GOLDEN / f"{desk}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(table)
    assert table == file.read_text()
