"""What differs between two drafts, in words: field by field, and within a text word by word."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from portal.directory import actions, merging, queries, telling
from portal.directory.drafts import AreaDraft, CostDraft, ListingDraft, MarkDraft, TimeDraft, VenueDraft
from portal.i18n import _, short_date
from portal.money import pounds

Kind = Literal["same", "out", "in"]
# Words, and the blanks and signs between them, each by itself.
_PARTS = re.compile(r"\s+|\w+|[^\w\s]")
# Past this many parts a comparison costs more than it tells.
_MOST_PARTS = 4_000


@dataclass(frozen=True)
class Piece:
    """A stretch of a text that stayed, was taken out, or was put in."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Change:
    """One field of which two drafts say different things. pieces: for texts; else lines before and after."""

    field: str
    label: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    pieces: tuple[Piece, ...] = ()

    @property
    def gone(self) -> tuple[str, ...]:
        """Lines that only the first has."""
        return tuple(line for line in self.before if line not in self.after)

    @property
    def new(self) -> tuple[str, ...]:
        """Lines that only the second has."""
        return tuple(line for line in self.after if line not in self.before)

    @property
    def stay(self) -> tuple[str, ...]:
        """Lines that both have."""
        return tuple(line for line in self.after if line in self.before)


def labels() -> dict[str, str]:
    """Every field of a draft that people are told of, in words, in the order they are told."""
    return {
        "name": _("Name"),
        "kind": _("What it is"),
        "also_known_as": _("Other names"),
        "summary": _("In one sentence"),
        "description": _("Description"),
        "venues": _("Places to go to"),
        "areas": _("Where it goes, and who may come"),
        "times": _("When"),
        "by_appointment": _("By appointment"),
        "is_free": _("Free"),
        "costs": _("What it costs"),
        "who_for": _("Who it is for"),
        "minimum_age": _("Youngest age"),
        "maximum_age": _("Oldest age"),
        "how_to_start": _("How to start"),
        "languages": _("Languages"),
        "phone": _("Telephone"),
        "email": _("E-mail"),
        "website": _("Website"),
        "contact": _("Whom to ask for"),
        "marks": _("What they have shown the council"),
        "terms": _("Categories and needs"),
        "vacancies": _("Places free"),
        "shared": _("Neighbouring councils show it too"),
        "translations": _("In other languages"),
        "ratings": _("What the Care Quality Commission found"),
        "state": _("State"),
        "assured_on": _("Checked on"),
        "review_due_on": _("To be checked again on"),
    }


def kinds() -> dict[str, str]:
    """What a listing can be, in words."""
    return {
        "service": _("A service"),
        "group": _("A group or club"),
        "activity": _("An activity or class"),
        "event": _("An event, on one date or a few"),
        "supplier": _("A shop or supplier"),
    }


def states() -> dict[str, str]:
    """The state of a listing, in words."""
    return {
        "draft": _("Not published yet"),
        "waiting": _("Waiting"),
        "published": _("Published"),
        "archived": _("Archived"),
    }


@dataclass(frozen=True)
class Names:
    """Names of areas and terms, read once for a page."""

    areas: Mapping[str, str]
    terms: Mapping[str, str]


def names(*drafts: ListingDraft) -> Names:
    """The names of everything that these drafts refer to by a key or a code."""
    codes = {area.code for draft in drafts for area in draft.areas if area.code}
    return Names(queries.area_names(codes), queries.term_names())


def lines(draft: ListingDraft, field: str, known: Names) -> tuple[str, ...]:
    """What a draft says in a field, a line for each thing; () where it says nothing."""
    value = getattr(draft, field)
    told = _TOLD.get(field)
    if told:
        return tuple(told(one, known) for one in value)
    if isinstance(value, bool):
        return (_("Yes") if value else _("No"),)
    if value in (None, "", ()):
        return ()
    words = {"kind": kinds(), "state": states()}.get(field)
    if words:
        return (words.get(value, value),)
    return (short_date(value) if hasattr(value, "year") else str(value),)


def venue(one: VenueDraft, known: Names) -> str:
    """A venue in one line."""
    parts = [one.name, one.address, one.address_2, one.town, one.postcode]
    more = [known.terms.get(key, key) for key in one.access]
    return "; ".join(
        filter(
            None,
            (
                ", ".join(dict.fromkeys(filter(None, parts))),
                one.directions,
                ", ".join(more),
                *(time(t, known) for t in one.times),
            ),
        )
    )


def area(one: AreaDraft, known: Names) -> str:
    """Where it goes, or who may come, in one line."""
    where = one.name or known.areas.get(one.code or "", one.code or "")
    if one.code == "ALL":
        where = _("Anywhere, by telephone or online")
    if not where:
        where = _("%(distance)s around where they are", distance=telling.miles(one.metres or 0))
    if one.kind == "comes_to_you":
        return _("Comes to: %(where)s", where=where)
    return _("For people who live in: %(where)s", where=where)


def time(one: TimeDraft, _known: Names) -> str:
    """Opening times in one line."""
    return telling.time(actions.schedule(one, 0))


def cost(one: CostDraft, _known: Names) -> str:
    """A price in one line."""
    return f"{one.words} ({pounds(one.pence)})" if one.pence is not None else one.words


def mark(one: MarkDraft, known: Names) -> str:
    """A mark in one line, with what proves it."""
    until = _("until %(date)s", date=short_date(one.expires_on)) if one.expires_on else ""
    return ", ".join(filter(None, (known.terms.get(one.kind, one.kind), one.reference, until)))


_TOLD: Mapping[str, Callable[[Any, Names], str]] = {
    "venues": venue,
    "areas": area,
    "times": time,
    "costs": cost,
    "marks": mark,
    "terms": lambda key, known: known.terms.get(key, key),
    "languages": lambda code, _known: telling.language_name(code) or code,
    "also_known_as": lambda name, _known: name,
    "ratings": lambda one, _known: f"{telling.domain(one.domain)} {telling.rating(one.rating)}",
    "translations": lambda one, _known: " · ".join(
        filter(None, (telling.language_name(one.language), one.name, one.summary, one.description))
    ),
}
_TEXTS = frozenset(
    {
        "name",
        "summary",
        "description",
        "who_for",
        "how_to_start",
        "phone",
        "email",
        "website",
        "contact",
        "vacancies",
    }
)


def between(before: ListingDraft, after: ListingDraft) -> list[Change]:
    """Every field in which two drafts differ, in the order people are told of them."""
    known, said = names(before, after), labels()
    different = set(merging.changed(before, after))
    return [
        _change(field, label, before, after, known) for field, label in said.items() if field in different
    ]


def _change(field: str, label: str, before: ListingDraft, after: ListingDraft, known: Names) -> Change:
    return Change(
        field,
        label,
        lines(before, field, known),
        lines(after, field, known),
        pieces(getattr(before, field), getattr(after, field)) if field in _TEXTS else (),
    )


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """What was taken out of a text and put into it, by whole words; together they are both texts."""
    one, other = _PARTS.findall(before), _PARTS.findall(after)
    if len(one) + len(other) > _MOST_PARTS:
        return _whole(before, after)
    return tuple(_joined(_steps(one, other)))


def _whole(before: str, after: str) -> tuple[Piece, ...]:
    return (Piece("out", before), Piece("in", after))


def _steps(one: Sequence[str], other: Sequence[str]) -> Iterator[Piece]:
    for tag, a, b, c, d in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(one[a:b]))
        if tag in ("delete", "replace"):
            yield Piece("out", "".join(one[a:b]))
        if tag in ("insert", "replace"):
            yield Piece("in", "".join(other[c:d]))


def _joined(steps: Iterator[Piece]) -> Iterator[Piece]:
    """The same, with a change of several words told once: a blank between two changes belongs to both."""
    out = into = ""
    for piece in steps:
        if piece.kind == "same" and not (piece.text.isspace() and (out or into)):
            yield from _told(out, into)
            out = into = ""
            yield piece
        else:
            out += piece.text if piece.kind != "in" else ""
            into += piece.text if piece.kind != "out" else ""
    yield from _told(out, into)


def _told(out: str, into: str) -> Iterator[Piece]:
    """A change; blanks at its end that both have are no change."""
    shared = ""
    while out and into and out[-1] == into[-1] and out[-1].isspace():
        shared, out, into = out[-1] + shared, out[:-1], into[:-1]
    if out:
        yield Piece("out", out)
    if into:
        yield Piece("in", into)
    if shared:
        yield Piece("same", shared)
