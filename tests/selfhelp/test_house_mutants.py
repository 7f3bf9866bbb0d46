"""Faults, seeded one by one into a house that has none: the linter names each, says where, and nothing else."""

import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.selfhelp import equipment
from portal.selfhelp.lint import Around, Finding, lint_house, lint_items, pictures_in
from portal.selfhelp.lint.folder import keys_in
from tests.selfhelp.houses import HOUSE, ITEMS, PICTURES, found_in

CONTENT = Path(__file__).parents[2] / "content"


@dataclass(frozen=True)
class Mutant:
    """A fault: where it is (house, items, or a picture), what is changed, the check that must say so, and its place."""

    fault: str
    of: str
    old: str
    new: str
    name: str
    where: str


BATH = '<g id="spot-bath" data-link="bath" data-label-x="300" data-label-y="500">'
MUTANTS = [
    Mutant("no rooms", "house", "rooms:\n", "chambers:\n", "missing-part", "Rooms"),
    Mutant("a task without a title", "house", "  title: Lifting the kettle\n", "", "missing-part", "Task 3"),
    Mutant("two tasks of one id", "house", "id: washing-my-back", "id: into-the-bath", "twice", "Task into-the-bath"),
    Mutant("an id with a capital", "house", "id: washing-my-back", "id: Washing", "bad-id", "Task Washing"),
    Mutant("a room that is not there", "house", "room: kitchen", "room: larder", "unknown-room", "lifting-the-kettle"),
    Mutant("neither a tip nor a thing", "house", "  try_first: [Ask for help with it once a week.]\n", "",
           "nothing-helps", "washing-my-back"),
    Mutant("a thing that is not there", "house", "items: []", "items: [sponge]", "unknown-item", "washing-my-back"),
    Mutant("a thing that no task names", "house", "[bath-board, grip-mat]", "[bath-board]", "item-not-reached",
           "Tasks"),
    Mutant("hard in a way that is not listed", "house", "hard: [standing]", "hard: [standing, flying]", "unknown-hard",
           "into-the-bath"),
    Mutant("a way of being hard that leads nowhere", "house", "  gripping: Gripping\n",
           "  gripping: Gripping\n  seeing: Seeing\n", "hard-without-task", "seeing"),
    Mutant("a search for an unknown category", "house", "search: {category: equipment-loan}",
           "search: {category: loans}",
           "unknown-key", "into-the-bath"),
    Mutant("a search for an unknown need", "house", "{need: washing-dressing}", "{need: washing}", "unknown-key",
           "washing-my-back"),
    Mutant("a search for what is no kind", "house", "{need: washing-dressing}", "{shop: boots}", "unknown-kind",
           "washing-my-back"),
    Mutant("no search", "house", "  search: {category: equipment-loan}\n", "", "no-search", "into-the-bath"),
    Mutant("an article that is not there", "house", "article: bathing-safely", "article: bathing", "unknown-key",
           "into-the-bath"),
    Mutant("no words for the picture", "house", "  picture_alt: A kettle on a worktop.\n", "", "no-alt",
           "Room kitchen"),
    Mutant("a label too long for a picture", "house", "label: The kettle",
           "label: The kettle that stands on the worktop",
           "long-label", "spot kettle"),
    Mutant("no caution", "house", "  caution: Never hold on to the taps.\n", "", "no-words", "into-the-bath"),
    Mutant("no number to ring", "house", "emergency: Ring 999.\n", "", "no-words", ""),
    Mutant("a review that is due", "house", "next: 2027-05-01", "next: 2026-11-20", "review-due", "Review"),
    Mutant("a review without end", "house", "next: 2027-05-01", "next: 2028-05-01", "review-too-far", "Review"),
    Mutant("a bracket left open", "house", "hard: [standing]", "hard: [standing", "unreadable", "The house"),
    Mutant("an unknown cost", "items", "  cost: under-10\n", "  cost: cheap\n", "unknown-key", "Equipment grip-mat"),
    Mutant("an unknown way to get it", "items", "get_it: [buy]", "get_it: [beg]", "unknown-key", "Equipment grip-mat"),
    Mutant("nobody says who it is not for", "items", "  not_for: Baths with a rough bottom.\n", "", "no-words",
           "grip-mat"),
    Mutant("no words for its picture", "items", "  picture_alt: A mat in a bath.\n", "", "no-alt", "grip-mat"),
    Mutant("the address of another page", "house", "id: bathroom", "id: hard", "taken-id", "Room hard"),
    Mutant("a room of a thing that is not there", "items", "rooms: [kitchen]", "rooms: [larder]", "unknown-room",
           "kettle-tipper"),
    Mutant("a picture that is not drawn", "items", "picture: kettle-tipper", "picture: tipper", "no-picture",
           "items/tipper"),
    Mutant("a script", "rooms/bathroom", BATH, f"<script/>{BATH}", "picture-element", "rooms/bathroom"),
    Mutant("a look of its own", "rooms/bathroom", 'class="ink fill-paper" d', 'style="fill:red" d', "picture-attribute",
           "rooms/bathroom"),
    Mutant("an event", "rooms/bathroom", 'class="ink fill-paper" d', 'onclick="go()" class="ink fill-paper" d',
           "picture-attribute",
           "rooms/bathroom"),
    Mutant("something from elsewhere", "rooms/bathroom", BATH, f'<image href="//example.org/a.png"/>{BATH}',
           "picture-element", "rooms/bathroom"),
    Mutant("a reference from elsewhere", "rooms/bathroom", 'class="ink fill-paper" d',
           'href="//example.org" class="ink fill-paper" d',
           "picture-attribute", "rooms/bathroom"),
    Mutant("words in the drawing", "rooms/bathroom", BATH, f"{BATH}Bath", "picture-words", "rooms/bathroom"),
    Mutant("an entity", "rooms/bathroom", "<svg", "<!DOCTYPE svg><svg", "picture-unreadable", "rooms/bathroom"),
    Mutant("an open tag", "rooms/kitchen", "</g></g>", "</g>", "picture-unreadable", "rooms/kitchen"),
    Mutant("no place for a label", "rooms/bathroom", ' data-label-x="300"', "", "no-label-place", "rooms/bathroom"),
    Mutant("a label outside", "rooms/bathroom", 'data-label-x="300"', 'data-label-x="3000"', "no-label-place",
           "rooms/bathroom"),
    Mutant("another id in the picture", "rooms/bathroom", "spot-bath", "spot-tub", "drawn-id", "rooms/bathroom"),
    Mutant("nothing to point at", "rooms/kitchen", '<polygon class="ink" points="0,0 160,0 80,120"/>', "",
           "drawn-empty",
           "rooms/kitchen"),
    Mutant("a path that is none", "rooms/bathroom", "M100 400l400", "l400", "drawn-wrong", "rooms/bathroom"),
    Mutant("a link inside a group", "rooms/bathroom", BATH, f'<g class="ink">{BATH}', "drawn-inside", "rooms/bathroom"),
    Mutant("no viewBox", "items/kettle-tipper", 'viewBox="0 0 320 240"', "", "no-view-box", "items/kettle-tipper"),
]  # fmt: skip
# What follows from a fault by itself, and is said too.
FOLLOWS = {
    "a room that is not there": {"spot-without-task"},
    "something from elsewhere": {"picture-attribute"},
    "a picture that is not drawn": {"picture-of-nothing"},
    # Its tasks and its drawings still speak of the room by its old id.
    "the address of another page": {
        "unknown-room",
        "spot-without-task",
        "no-picture",
        "picture-of-nothing",
        "drawn-unknown",
        "not-drawn",
    },
}


def seeded(mutant: Mutant) -> list[Finding]:
    """What the linter says with this fault."""
    texts = {"house": HOUSE, "items": ITEMS}
    if mutant.of in texts:
        texts[mutant.of] = changed(texts[mutant.of], mutant)
        house, items = found_in(texts["house"], texts["items"])
        return house if mutant.of == "house" else items
    text = changed(PICTURES[mutant.of], mutant)
    if mutant.name == "drawn-inside":
        text = text.replace('z"/></g>', 'z"/></g></g>')
    house, items = found_in(pictures={**PICTURES, mutant.of: text})
    return [*house, *items]


def changed(text: str, mutant: Mutant) -> str:
    """The text with the fault in its first place."""
    assert mutant.old in text, mutant.fault
    return text.replace(mutant.old, mutant.new, 1)


def test_the_small_house_has_no_faults() -> None:
    assert found_in() == ([], [])


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.fault)
def test_a_fault_is_named_with_its_place_and_what_to_do(mutant: Mutant) -> None:
    found = seeded(mutant)
    named = [finding for finding in found if finding.name == mutant.name]
    assert named, found
    assert mutant.where in named[0].where
    assert all(finding.todo for finding in found)
    others = {finding.name for finding in found} - {mutant.name}
    assert others <= FOLLOWS.get(mutant.fault, set())


def test_a_spot_that_is_not_drawn_and_a_drawing_that_is_no_spot_are_two_faults() -> None:
    text = PICTURES["rooms/bathroom"].replace("bath", "tub")
    house, _items = found_in(pictures={**PICTURES, "rooms/bathroom": text})
    assert {finding.name for finding in house} == {"not-drawn", "drawn-unknown"}


def test_a_task_about_a_spot_of_another_room_leaves_its_own_without_one() -> None:
    house, _items = found_in(HOUSE.replace("  spot: kettle\n", "  spot: bath\n"))
    assert {finding.name for finding in house} == {"unknown-spot", "spot-without-task"}


def test_a_picture_that_is_missing_holds_nothing_up() -> None:
    house, _items = found_in(
        pictures={name: text for name, text in PICTURES.items() if name != "rooms/kitchen"}
    )
    assert [(finding.level, finding.name) for finding in house] == [("warning", "no-picture")]


def test_a_picture_of_no_room_and_of_no_thing_is_said() -> None:
    more = {
        **PICTURES,
        "rooms/larder": PICTURES["rooms/kitchen"],
        "items/spoon": PICTURES["items/kettle-tipper"],
    }
    house, items = found_in(pictures=more)
    assert [finding.name for finding in [*house, *items]] == ["picture-of-nothing", "picture-of-nothing"]


def test_a_picture_that_is_too_heavy_is_said() -> None:
    numbers = random.Random(5)
    points = " ".join(f"{numbers.random()},{numbers.random()}" for _ in range(5000))
    text = PICTURES["house"].replace("</svg>", f'<polyline class="ink" points="{points}"/></svg>')
    house, _items = found_in(pictures={**PICTURES, "house": text})
    assert [finding.name for finding in house] == ["picture-heavy"]


@pytest.mark.parametrize(
    "text", ["", "- a\n", "just words", "rooms: 3\ntasks: x\n", "rooms: [1]\ntasks: [{}]\n"]
)
def test_whatever_is_typed_there_is_an_answer(text: str) -> None:
    for found in found_in(text, text):
        assert found
        assert {finding.level for finding in found} == {"error"}


def test_the_shipped_house_has_no_faults() -> None:
    keys = {**keys_in(CONTENT), "room": frozenset(equipment.rooms_in(CONTENT))}
    pictures = pictures_in(CONTENT)
    today = dt.date(2026, 11, 26)
    for key, lint in {"house": lint_house, "items": lint_items}.items():
        text = (CONTENT / "equipment" / f"{key}.yaml").read_text(encoding="utf-8")
        found = lint(text, Around(key, today, keys), pictures)
        assert [str(one) for one in found if one.name != "no-picture"] == []
