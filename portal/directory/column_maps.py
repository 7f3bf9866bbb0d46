"""The mapping file of a spreadsheet: which column is what, and what holds for every row."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.directory.models import KINDS
from portal.directory.search import DAYS
from portal.errors import Refusal

# An ONS code, or everywhere.
_AREA = re.compile(r"[A-Z][0-9]{8}|ALL")
_COLUMNS = frozenset(
    {
        "id",
        "name",
        "organisation",
        "summary",
        "description",
        "address",
        "address_2",
        "town",
        "postcode",
        "lat",
        "lon",
        "phone",
        "email",
        "website",
        "who_for",
        "how_to_start",
        "opening",
        "cost",
        *DAYS,
    }
)


# What may stand above [columns], and what it must be.
_SETTINGS: Mapping[str, type | tuple[type, ...]] = {
    "source": str,
    "organisation": str,
    "kind": str,
    "terms": list,
    "shared": bool,
    "is_free": bool,
    "covers": list,
    "home_visits": bool,
    "keep_if": dict,
    "columns": dict,
}


@dataclass(frozen=True)
class ColumnMap:
    """What a mapping file says: whose list it is, which column is what, and what holds for every row.

    home_visits: what covers an area comes to people there, though it has a venue too.
    """

    source: str
    columns: Mapping[str, str]
    organisation: str
    kind: str = "service"
    terms: tuple[str, ...] = ()
    shared: bool = True
    is_free: bool = False
    covers: tuple[str, ...] = ()
    home_visits: bool = False
    keep_if: Mapping[str, str] = field(default_factory=dict)


def read_mapping(path: Path) -> ColumnMap:
    """The mapping in a TOML file. Raises Refusal, saying what is missing or not known."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(f"{path.name} cannot be read as TOML: {error}.", status=422) from None
    _check_settings(said, path.name)
    lists = {name: tuple(map(str, said.get(name, ()))) for name in ("terms", "covers")}
    keep_if = {column: str(value) for column, value in said.get("keep_if", {}).items()}
    return ColumnMap(**{**said, **lists, "keep_if": keep_if})


def _check_settings(said: Mapping[str, Any], name: str) -> None:
    problems = [f"{key}, which we do not know" for key in said if key not in _SETTINGS]
    problems += [
        f"{key} = {said[key]!r}, which is of another kind than we need"
        for key, kind in _SETTINGS.items()
        if key in said and not isinstance(said[key], kind)
    ]
    if problems:
        raise Refusal(f"{name} has {'; '.join(problems)}. Use: {', '.join(_SETTINGS)}.", status=422)
    odd = sorted(set(said.get("columns", {})) - _COLUMNS)
    if odd:
        raise Refusal(
            f"{name}: [columns] has {', '.join(odd)}, which we do not know. Use: {', '.join(sorted(_COLUMNS))}.",
            status=422,
        )
    for key in ("source", "organisation"):
        if not said.get(key):
            raise Refusal(f'{name} needs a line {key} = "…".', status=422)
    if "name" not in said.get("columns", {}):
        raise Refusal(f'{name}: [columns] needs at least name = "the column with the names".', status=422)
    _check_values(said, name)


def _check_values(said: Mapping[str, Any], name: str) -> None:
    if said.get("kind", "service") not in KINDS:
        raise Refusal(f"{name}: kind is one of {', '.join(KINDS)}.", status=422)
    for code in said.get("covers", ()):
        if not _AREA.fullmatch(str(code)):
            raise Refusal(f"{name}: {code} is not an ONS code such as E08000009, nor ALL.", status=422)
