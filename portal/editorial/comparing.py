"""Two versions beside each other, line by line, and two people's changes brought together."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

How = Literal["same", "gone", "new"]
_AROUND = 2  # lines that stand beside a change, so that people see where they are


@dataclass(frozen=True)
class Line:
    """A line of a comparison. gap: lines that are the same in both were left out before it."""

    how: How
    words: str
    gap: bool = False


def lines(before: str, after: str) -> list[Line]:
    """What changed, with a little of what stands around it; nothing where they are the same."""
    old, new = before.splitlines(), after.splitlines()
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    found: list[Line] = []
    for at, group in enumerate(matcher.get_grouped_opcodes(_AROUND)):
        for place, code in enumerate(group):
            gap = place == 0 and (at > 0 or code[1] > 0)
            found += _of_code(code, old, new, gap=gap)
    return found


def _of_code(
    code: tuple[str, int, int, int, int], old: Sequence[str], new: Sequence[str], *, gap: bool
) -> Iterator[Line]:
    tag, a, b, c, d = code
    rows: list[tuple[How, str]] = [("same" if tag == "equal" else "gone", words) for words in old[a:b]]
    if tag != "equal":
        rows += [("new", words) for words in new[c:d]]
    for at, (how, words) in enumerate(rows):
        yield Line(how, words, gap and at == 0)


@dataclass(frozen=True)
class Merged:
    """Two people's changes of one text. clash: both changed the same lines, which now stand below each other."""

    text: str
    clash: bool


def merged(base: str, theirs: str, mine: str) -> Merged:
    """Both changes in one text. Where both changed the same lines, both are there: nothing is lost."""
    if mine in (base, theirs):
        return Merged(theirs, False)
    if theirs == base:
        return Merged(mine, False)
    old, one, two = (text.splitlines(keepends=True) for text in (base, theirs, mine))
    out: list[str] = []
    clash = False
    at = a = b = 0
    for start, end, here, there in [*_agreed(old, one, two), (len(old), len(old), len(one), len(two))]:
        piece, clashes = _piece(old[at:start], one[a:here], two[b:there])
        out += [*piece, *old[start:end]]
        clash = clash or clashes
        at, a, b = end, here + end - start, there + end - start
    return Merged("".join(out), clash)


def _agreed(old: list[str], one: list[str], two: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Runs of lines that all three have: (from, to) in the old text, and where they begin in the others."""
    in_one, in_two = (
        {
            block.a + step: block.b + step
            for block in difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
            for step in range(block.size)
        }
        for new in (one, two)
    )
    at = 0
    while at < len(old):
        if at not in in_one or at not in in_two:
            at += 1
            continue
        start = at
        while (
            at < len(old)
            and in_one.get(at) == in_one[start] + at - start
            and in_two.get(at) == in_two[start] + at - start
        ):
            at += 1
        yield start, at, in_one[start], in_two[start]


def _piece(old: list[str], one: list[str], two: list[str]) -> tuple[list[str], bool]:
    """What stands between two runs that all agree on, and whether both changed it in different ways."""
    if one in (old, two):
        return two, False
    if two == old:
        return one, False
    ended = [*one[:-1], one[-1] if one[-1].endswith("\n") else one[-1] + "\n"] if one else []
    return [*ended, *two], True
