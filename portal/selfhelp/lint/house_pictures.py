"""Pictures: that each holds only what may stand in a page, is light, and shows exactly what the words lead to."""

import gzip
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from portal.selfhelp import pictures
from portal.selfhelp.conversation import Unreadable
from portal.selfhelp.house import House
from portal.selfhelp.lint.finding import Finding
from portal.selfhelp.outlines import box, numbers

HOUSE, ROOMS, ITEMS = "house", "rooms/", "items/"
# Compressed, in bytes, as it goes over the line.
MOST = {HOUSE: 60_000, ROOMS: 150_000, ITEMS: 10_000}
# What may not be in a picture -> what to do.
_TODO = {
    "element": "Draw it with paths and other shapes, in groups.",
    "attribute": "Take it out; use a class of the style sheet for how it looks.",
    "words": "Take them out: words come from house.yaml, in the page’s language.",
}


def of_house(house: House, files: Mapping[str, str]) -> Iterator[Finding]:
    """The pictures of the house and of its rooms."""
    yield from _linked(HOUSE, files, "room-", list(house.rooms))
    for room in house.rooms.values():
        yield from _linked(f"{ROOMS}{room.id}", files, "spot-", [spot.id for spot in room.spots])
    for name in sorted(files):
        if name.startswith(ROOMS) and name.removeprefix(ROOMS) not in house.rooms:
            yield _found(
                name, "picture-of-nothing", "There is no such room.", "Rename the file, or delete it."
            )


def of_items(named: Mapping[str, bool], files: Mapping[str, str]) -> Iterator[Finding]:
    """The small pictures of equipment. named: name of a picture -> whether the words say that it must be there."""
    for name in sorted(files):
        if name.startswith(ITEMS):
            yield from _plain(name, files[name])
            if name.removeprefix(ITEMS) not in named:
                yield _found(
                    name, "picture-of-nothing", "No equipment has this picture.", "Rename or delete it."
                )
    for name, is_needed in named.items():
        if is_needed and f"{ITEMS}{name}" not in files:
            yield _found(f"{ITEMS}{name}", "no-picture", "There is no such file.", "Draw it.")


def _found(name: str, check: str, words: str, todo: str, line: int | None = None) -> Finding:
    return Finding(
        "warning" if check == "no-picture" else "error",
        f"Picture {name}.svg",
        words,
        todo,
        line,
        check,
    )


def _plain(name: str, text: str) -> Iterator[Finding]:
    """What any picture must be."""
    try:
        root = pictures.tree(text)
    except Unreadable as error:
        yield _found(
            name, "picture-unreadable", error.words, "Open it in a browser, and mend it.", error.line
        )
        return
    for kind, said in dict.fromkeys(pictures.faults(root)):
        yield _found(name, f"picture-{kind}", f"It has what a picture may not: {kind} “{said}”.", _TODO[kind])
    size = len(gzip.compress(text.encode(), 9))
    most = next(most for start, most in MOST.items() if name.startswith(start))
    if size > most:
        words = f"It weighs {size:,} bytes compressed, and may weigh {most:,}."
        yield _found(name, "picture-heavy", words, "Draw it with fewer points.")
    if _view_box(root) is None:
        yield _found(
            name, "no-view-box", "It has no viewBox of four numbers.", 'Write viewBox="0 0 960 640".'
        )


def _linked(name: str, files: Mapping[str, str], start: str, wanted: list[str]) -> Iterator[Finding]:
    """A picture in which these are groups to point at, and no others."""
    if name not in files:
        yield _found(
            name, "no-picture", "There is no such file.", "Draw it; until then the list stands alone."
        )
        return
    yield from _plain(name, files[name])
    try:
        root = pictures.tree(files[name])
    except Unreadable:
        return
    groups = [element for element in root.iter() if element.get("data-link") is not None]
    drawn = [group.get("data-link", "") for group in groups]
    for key in wanted:
        if drawn.count(key) != 1:
            words = f"“{key}” is drawn {drawn.count(key)} times."
            yield _found(name, "not-drawn", words, f'Draw one group with data-link="{key}".')
    for group in groups:
        yield from _group(name, root, group, start, wanted)


def _group(name: str, root: Element, group: Element, start: str, wanted: list[str]) -> Iterator[Finding]:
    key = group.get("data-link", "")
    if key not in wanted:
        yield _found(name, "drawn-unknown", f"It leads to “{key}”, which is not there.", "Correct data-link.")
    elif group.get("id") != f"{start}{key}":
        yield _found(name, "drawn-id", f"The group {key} has another id.", f'Write id="{start}{key}".')
    if group not in list(root):
        words = f"The group {key} stands inside another."
        yield _found(name, "drawn-inside", words, "Put it directly into <svg>.")
    try:
        if box(group) is None:
            yield _found(name, "drawn-empty", f"The group {key} has no shapes.", "Draw what people point at.")
    except ValueError as error:
        yield _found(name, "drawn-wrong", f"The group {key} cannot be drawn: {error}.", "Mend its shapes.")
    if not _label_inside(root, group):
        words = f"The label of {key} has no place in the picture."
        yield _found(
            name, "no-label-place", words, "Write data-label-x and data-label-y, inside the viewBox."
        )


def _view_box(root: Element) -> tuple[float, float, float, float] | None:
    try:
        left, top, width, height = numbers(root.get("viewBox", ""))
    except ValueError:
        return None
    return (left, top, width, height) if width > 0 and height > 0 else None


def _label_inside(root: Element, group: Element) -> bool:
    view = _view_box(root)
    try:
        (x,), (y,) = (numbers(group.get(f"data-label-{axis}", "")) for axis in "xy")
    except ValueError:
        return False
    return view is None or (view[0] <= x <= view[0] + view[2] and view[1] <= y <= view[1] + view[3])
