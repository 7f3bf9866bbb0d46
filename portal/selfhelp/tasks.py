"""The tasks of the equipment house by name: what conversations to choose by, and other documents, may refer to."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from portal.councils.models import Council
from portal.editorial import queries as documents
from portal.selfhelp.equipment import HOUSE, KIND


@lru_cache(maxsize=16)
def _named(body: str) -> dict[str, str]:
    try:
        row = YAML(typ="safe", pure=True).load(body)
        return {str(task["id"]): str(task["title"]) for task in row["tasks"]}
    except (YAMLError, KeyError, TypeError):
        return {}


def names(council: Council | None) -> dict[str, str]:
    """Id -> what is hard, for all tasks of the house that the council's visitors see."""
    house = documents.published(council, KIND, HOUSE)
    return dict(_named(house.body)) if house else {}


def ids_in(folder: Path) -> Iterator[str]:
    """The ids of the tasks in a folder of content."""
    path = folder / "equipment" / f"{HOUSE}.yaml"
    yield from _named(path.read_text(encoding="utf-8")) if path.exists() else ()
