"""What the rows of the house must say, and what they may point at."""

from collections import Counter
from collections.abc import Iterator

from portal.selfhelp.lint.finding import Finding
from portal.selfhelp.lint.finding import Spot as Place
from portal.selfhelp.lint.house_draft import HouseDraft, twice, unknown_sources

# Addresses below /equipment that are no room.
TAKEN = frozenset({"item", "tasks", "hard", "all"})
# Two lines of a label on a picture.
LONGEST_LABEL = 30


def ids(draft: HouseDraft) -> Iterator[Finding]:
    """Ids are well made, each stands once, and no room has the address of another page."""
    rooms: set[str] = set()
    spots: set[str] = set()
    tasks: set[str] = set()
    for room, place in draft.rooms():
        yield from twice(place, "room", room.id, rooms)
        if room.id in TAKEN:
            words = f"“{room.id}” is the address of another page."
            yield place.part("id").error("taken-id", words, "Choose another id.")
    for _room, spot, place in draft.spots():
        yield from twice(place, "spot", spot.id, spots)
    for task, place in draft.tasks():
        yield from twice(place, "task", task.id, tasks)


def places(draft: HouseDraft) -> Iterator[Finding]:
    """Every task is about a spot of its room, and every spot has a task."""
    used = Counter(task.spot for task, _place in draft.tasks())
    for task, place in draft.tasks():
        room = draft.house.rooms.get(task.room)
        if room is None:
            words = f"There is no room “{task.room}”."
            yield place.part("room").error("unknown-room", words, "Write the id of one of the rooms.")
        elif task.spot not in {spot.id for spot in room.spots}:
            words = f"The room {room.id} has no spot “{task.spot}”."
            yield place.part("spot").error("unknown-spot", words, "Write the id of one of its spots.")
    for _room, spot, place in draft.spots():
        if not used[spot.id]:
            words = "People can point at it, and nothing is said about it."
            yield place.error("spot-without-task", words, "Write a task for it, or take the spot out.")


def help_of_tasks(draft: HouseDraft) -> Iterator[Finding]:
    """Every task has a tip to try first or an item, and all its items are there."""
    known = draft.around.keys.get("equipment")
    for task, place in draft.tasks():
        if not task.try_first and not task.items:
            words = "It has no tip to try first, and no equipment."
            yield place.error("nothing-helps", words, "Write try_first: or items:.")
        for key in task.items:
            if known is not None and key not in known:
                words = f"There is no equipment “{key}”."
                yield place.part("items").error("unknown-item", words, "Correct the key, or add it to items.")


def every_item(draft: HouseDraft) -> Iterator[Finding]:
    """Every piece of equipment is reached from a task."""
    reached = {key for task, _place in draft.tasks() for key in task.items}
    for key in sorted(draft.around.keys.get("equipment", frozenset()) - reached):
        words = f"No task leads to the equipment “{key}”."
        yield draft.whole.part("tasks").error("item-not-reached", words, "Name it in the items of a task.")


def hard(draft: HouseDraft) -> Iterator[Finding]:
    """What is hard about tasks is in the list, and all in the list leads somewhere."""
    used = {key for task, _place in draft.tasks() for key in task.hard}
    for task, place in draft.tasks():
        if not task.hard:
            yield place.error("nothing-hard", "It does not say what is hard.", "Write hard: and a key.")
        for key in task.hard:
            if key not in draft.house.hard:
                words = f"“{key}” is not in the list of what is hard."
                yield place.part("hard").error("unknown-hard", words, "Correct the key.")
    for key in draft.house.hard:
        if key not in used:
            place = draft.whole.part("hard").part(key)
            yield place.error(
                "hard-without-task", f"Nothing is said for “{key}”.", "Name it in the hard: of a task."
            )


def references(draft: HouseDraft) -> Iterator[Finding]:
    """Searches, articles and sources that tasks name are there, and each task has a search and a source."""
    for task, place in draft.tasks():
        yield from unknown_sources(place, place.node, draft.tree.get("sources"))
        if not task.searches:
            words = "It does not say what to look for near the person."
            yield place.error("no-search", words, "Write search: {category: …} or {need: …}.")
        named = [(kind, key, "search") for one in task.searches for kind, key in one.items()]
        for kind, key, part in [*named, *(("article", key, "article") for key in task.articles)]:
            yield from _known(draft, place.part(part), kind, key)


def _known(draft: HouseDraft, place: Place, kind: str, key: str) -> Iterator[Finding]:
    if kind not in ("category", "need", "article"):
        words = f"A search is for a category or a need, not for a “{kind}”."
        yield place.error("unknown-kind", words, "Write {category: …} or {need: …}.")
    elif kind in draft.around.keys and key not in draft.around.keys[kind]:
        yield place.error("unknown-key", f"There is no {kind} “{key}”.", "Correct the key.")


def words(draft: HouseDraft) -> Iterator[Finding]:
    """Nothing that people need is left empty."""
    for name in ("right", "emergency"):
        if not getattr(draft.house, name):
            yield draft.whole.part(name).error("no-words", f"“{name}” is empty.", "Write a sentence.")
    for task, place in draft.tasks():
        for name in ("ask_ot_if", "caution"):
            if not getattr(task, name):
                yield place.error("no-words", f"“{name}” is empty.", f"Write {name}: and a sentence.")


def of_pictures(draft: HouseDraft) -> Iterator[Finding]:
    """Each room's picture is told in words, and labels are short enough for it."""
    for room, place in draft.rooms():
        if not room.picture_alt:
            said = "The picture of the room is not told in words."
            yield place.error("no-alt", said, "Write picture_alt: for people who cannot see it.")
    for _room, spot, place in draft.spots():
        if len(spot.label) > LONGEST_LABEL:
            said = f"The label has {len(spot.label)} letters."
            todo = f"Write {LONGEST_LABEL} letters at most: it stands on the picture."
            yield place.part("label").error("long-label", said, todo)
