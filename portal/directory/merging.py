"""Bringing two people's changes of one listing together, field by field. Pure.

Where only one of them changed a field, that change holds. Where both did, and differently, a person decides.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.directory.drafts import ListingDraft, ordered

FIELDS = tuple(field.name for field in dataclasses.fields(ListingDraft))


@dataclass(frozen=True)
class Merged:
    """What two changes come to. conflicts: fields that both changed; in the draft they are as `theirs` has them."""

    draft: ListingDraft
    conflicts: tuple[str, ...]


def changed(before: ListingDraft, after: ListingDraft) -> tuple[str, ...]:
    """The fields in which two drafts differ, in their order. An order that means nothing is no difference."""
    one, other = ordered(before), ordered(after)
    return tuple(name for name in FIELDS if getattr(one, name) != getattr(other, name))


def merge(base: ListingDraft, mine: ListingDraft, theirs: ListingDraft) -> Merged:
    """The draft with both changes. base: what both began from."""
    by_me, by_them = set(changed(base, mine)), set(changed(base, theirs))
    differ = set(changed(mine, theirs))
    conflicts = tuple(name for name in FIELDS if name in by_me & by_them & differ)
    only_mine = {name: getattr(mine, name) for name in by_me - by_them}
    return Merged(replace(theirs, **only_mine), conflicts)


def decided(
    merged: Merged, mine: ListingDraft, choices: Mapping[str, str], words: Mapping[str, str]
) -> ListingDraft | None:
    """The draft once a person has decided: for each conflict "mine", "theirs", or "words" of their own.

    None while a conflict is left open.
    """
    chosen: dict[str, Any] = {}
    for name in merged.conflicts:
        choice = choices.get(name)
        if choice == "mine":
            chosen[name] = getattr(mine, name)
        elif choice == "words" and isinstance(getattr(mine, name), str):
            chosen[name] = words.get(name, "")
        elif choice != "theirs":
            return None
    return replace(merged.draft, **chosen)


# What two listings that were the same may fill in for each other. What stands together says something together:
# half of one and half of the other would be untrue.
_GAPS = (
    ("summary",),
    ("description",),
    ("venues", "areas", "times"),
    ("is_free", "costs"),
    ("minimum_age", "maximum_age"),
    *((name,) for name in ("how_to_start", "who_for", "languages", "phone", "email", "website", "contact")),
    *((name,) for name in ("marks", "ratings", "translations", "terms")),
)


def filled(kept: ListingDraft, other: ListingDraft) -> ListingDraft:
    """A listing that stays when another is merged into it: what it does not say at all is taken from the other.

    The other's name is one of its own other names from now on.
    """
    gaps = {
        name: getattr(other, name)
        for group in _GAPS
        if not any(getattr(kept, name) for name in group)
        for name in group
    }
    names = dict.fromkeys((*kept.also_known_as, other.name, *other.also_known_as))
    names.pop(kept.name, None)
    return replace(kept, **gaps, also_known_as=tuple(names))
