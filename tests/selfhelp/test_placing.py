"""What a line of a conversation belongs to."""

from dataclasses import dataclass

from portal.selfhelp import placing
from portal.selfhelp.placing import WHOLE, Part
from tests.selfhelp.desking import TALK


@dataclass(frozen=True)
class Said:
    """Something said of a line."""

    line: int | None


def part_at(words: str, text: str = TALK) -> Part:
    """The part that the first line with these words belongs to."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if words in line]
    (found,) = placing.placed(text, [Said(lines[0])])
    return found


def test_a_line_belongs_to_the_innermost_part_around_it() -> None:
    assert part_at("id: fine") == Part("option", "fine", "stairs")
    assert part_at("ask: How do you find") == Part("question", "stairs")
    assert part_at("title: At home") == Part("page", "home")
    assert part_at("title: A second rail") == Part("rule", "rail")
    assert part_at("about: 70, alone") == Part("example", "Bob")


def test_what_has_no_line_or_stands_outside_is_of_the_whole() -> None:
    assert placing.placed(TALK, [Said(None), Said(1), Said(9999)]) == {
        WHOLE: [Said(None), Said(1), Said(9999)]
    }
    assert part_at("minutes: 1") == WHOLE
    assert part_at("otherwise:") == WHOLE


def test_text_that_is_no_yaml_has_no_parts() -> None:
    assert placing.parts("a: [") == []
    assert placing.placed("a: [", [Said(1)]) == {WHOLE: [Said(1)]}
