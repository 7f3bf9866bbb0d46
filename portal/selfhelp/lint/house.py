"""The linter of the equipment house: every fault of its words and its pictures, where it is and what to do.

Needs no web and no database. Only errors hold up publishing; a picture that is not drawn yet is a warning, since the
list of links is the page.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from portal.selfhelp import house as houses
from portal.selfhelp.conversation import Unreadable
from portal.selfhelp.lint import dates, house_items, house_pictures, house_rows
from portal.selfhelp.lint.check import in_order, unreadable
from portal.selfhelp.lint.finding import Finding, Surroundings
from portal.selfhelp.lint.finding import Spot as Place
from portal.selfhelp.lint.house_draft import HouseDraft, shape
from portal.selfhelp.reading import tree

_CHECKS: tuple[Callable[[HouseDraft], Iterable[Finding]], ...] = (
    house_rows.places,
    house_rows.help_of_tasks,
    house_rows.every_item,
    house_rows.hard,
    house_rows.references,
    house_rows.words,
    house_rows.of_pictures,
)


def lint_house(text: str, around: Surroundings, pictures: Mapping[str, str]) -> list[Finding]:
    """Every finding on the house, errors first. pictures: name (rooms/kitchen) -> what the file says. Never raises."""
    return _linted(text, "The house", ("rooms", "tasks"), lambda row: _house(row, around, pictures))


def lint_items(text: str, around: Surroundings, pictures: Mapping[str, str]) -> list[Finding]:
    """Every finding on the equipment, errors first. Never raises."""
    return _linted(text, "The equipment", ("items",), lambda row: _items(row, around, pictures))


def _linted(
    text: str, what: str, lists: tuple[str, ...], check: Callable[[Any], Iterator[Finding]]
) -> list[Finding]:
    try:
        row = tree(text)
        if not isinstance(row, dict):
            raise Unreadable("It begins with “id: ”, “title: ” and so on.", 1)
        return in_order(shape(row, *lists) or list(check(row)))
    except Unreadable as error:
        return [unreadable(error, what)]
    except (KeyError, TypeError, AttributeError, ValueError):
        words = "A part has another shape than it should."
        return [Finding("error", what, words, "Compare it with the last version.", None, "wrong-shape")]


def _house(row: Any, around: Surroundings, pictures: Mapping[str, str]) -> Iterator[Finding]:
    draft = HouseDraft(houses.from_tree(row), row, around, pictures)
    same = list(house_rows.ids(draft))
    yield from same
    # Of two rows with one id only one is seen: whatever else would be said of them may be wrong.
    for check in () if any(finding.name == "twice" for finding in same) else _CHECKS:
        yield from check(draft)
    yield from dates.review_of(draft.whole.part("review"), draft.house.review, around.today)
    yield from house_pictures.of_house(draft.house, pictures)


def _items(row: Any, around: Surroundings, pictures: Mapping[str, str]) -> Iterator[Finding]:
    yield from house_items.items(row, around)
    review = {str(name): str(day) for name, day in (row.get("review") or {}).items()}
    yield from dates.review_of(Place("", row, 1).part("review"), review, around.today)
    yield from house_items.pictures(row, pictures)


def pictures_in(folder: Path) -> dict[str, str]:
    """The pictures in a folder of content: name, such as rooms/kitchen -> what the file says."""
    root = folder / "equipment" / "pictures"
    return {
        path.relative_to(root).with_suffix("").as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(root.rglob("*.svg"))
    }
