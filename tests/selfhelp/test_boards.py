"""Boards: read, checked (a fault of each kind is seeded and named), drawn; and documents to fill in as Word files."""

import datetime as dt
import io
import math
import re
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from markupsafe import Markup

from portal.editorial import loading
from portal.selfhelp import board, board_checks
from portal.selfhelp.board_drawing import ROUND, WIDTH, Point, drawn
from portal.selfhelp.board_views import with_blanks
from portal.selfhelp.conversation import Unreadable
from portal.selfhelp.lint import Around, Finding
from portal.selfhelp.word_file import word_file

CONTENT = Path(__file__).parents[2] / "content"
TODAY = dt.date(2026, 11, 26)
KEYS = {"article": frozenset({"dogs", "walks"}), "template": frozenset({"walk-list"})}
SMALL = """\
id: a-dog
version: "1.0"
title: Taking in a dog
summary: Three steps to a dog.
review: {last: 2026-11-01, next: 2027-05-01}
also: [get a dog]
steps:
- id: think
  title: Think it over
  article: dogs
  about: A dog is company. It needs you every day.
  ladders:
  - {text: Walk a neighbour's dog first., to: walk}
  snakes: [Buying at a petrol station.]
  checklist: [I like dogs., I have time., I can pay the vet., My home is dry., Somebody can help.]
- id: fetch
  title: Fetch it home
  article: dogs
  about: Bring a blanket.
  ladders: [A lead helps.]
  checklist: [A lead., A bowl., A bed., A vet., A name.]
- id: walk
  title: The first long walk
  short: First walk
  article: walks
  about: Go slowly.
  snakes:
  - {text: A walk that is too long., to: think}
  checklist: [Boots., Bags., Water., A map., A friend.]
  templates: [walk-list]
"""


def changed(old: str, new: str) -> str:
    """The board with one thing changed. It must stand there once."""
    assert SMALL.count(old) == 1, f"{old!r} stands {SMALL.count(old)} times"
    return SMALL.replace(old, new)


def found_in(text: str, key: str = "a-dog") -> list[Finding]:
    """What the linter says of it."""
    return board_checks.lint(text, Around(key, TODAY, KEYS))


# Reading


def test_a_board_is_read_with_its_steps_in_order_and_what_stands_beside_each() -> None:
    found = board.read(SMALL)
    assert [step.id for step in found.steps] == ["think", "fetch", "walk"]
    think, fetch, walk = found.steps
    assert think.ladders == (board.Move("Walk a neighbour's dog first.", "walk"),)
    assert think.snakes == (board.Move("Buying at a petrol station."),)
    assert (think.short, walk.short) == ("Think it over", "First walk")
    assert found.beside(think) == (None, fetch)
    assert found.beside(fetch) == (think, walk)
    assert found.beside(walk) == (fetch, None)
    assert found.key_of(walk) == "a-dog-walk"
    assert found.step("swim") is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (changed("  title: Fetch it home\n", ""), 16),
        (changed("ladders: [A lead helps.]", "ladders: A lead helps."), 16),
        (changed("about: Bring a blanket.", "about: {Bring: a blanket}"), 16),
        (changed("[A lead., A bowl., A bed., A vet., A name.]", "[[A lead.], A bowl.]"), 16),
        (changed("{text: A walk that is too long., to: think}", "{to: think}"), 28),
        ("steps: [", 1),
        ("- a\n- b\n", 1),
        ("", None),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line_and_never_breaks_the_linter(
    text: str, line: int | None
) -> None:
    with pytest.raises(Unreadable):
        board.read(text)
    (found,) = found_in(text)
    assert (found.level, found.name, found.line) == ("error", "unreadable", line)


# Faults


@dataclass(frozen=True)
class Mutant:
    """A fault: what is changed, how bad it is, the check that must say so, and where."""

    fault: str
    old: str
    new: str
    level: str
    name: str
    where: str


FULL = ", ".join(f"Thing {number}" for number in range(11))
MUTANTS = [
    Mutant("another board's id", "id: a-dog", "id: a-cat", "error", "id-of-file", "The board › id"),
    Mutant("an id with a capital", "id: fetch", "id: Fetch", "error", "bad-id", "Step Fetch › id"),
    Mutant("two steps of one id", "id: fetch", "id: think", "error", "same-step", "Step think › id"),
    Mutant("an id that no plan can hold", "id: fetch", f"id: f{'e' * 60}", "error", "long-id", "Step fe"),
    Mutant("a misspelt part", "summary: ", "sumary: ", "error", "unknown-part", "The board › sumary"),
    Mutant("a misspelt part of a step", "  short: ", "  shrt: ", "error", "unknown-part", "Step walk › shrt"),
    Mutant(
        "a misspelt part of a snake",
        "long., to: think",
        "long., too: think",
        "error",
        "unknown-part",
        "Step walk › snake 1 › too",
    ),
    Mutant(
        "an article that is not there",
        "article: walks",
        "article: runs",
        "error",
        "dangling",
        "Step walk › article",
    ),
    Mutant(
        "a template that is not there",
        "[walk-list]",
        "[run-list]",
        "error",
        "dangling",
        "Step walk › templates",
    ),
    Mutant(
        "a ladder to nowhere", "first., to: walk", "first., to: run", "error", "dangling", "ladder 1 › to"
    ),
    Mutant(
        "a ladder that leads nowhere on",
        "first., to: walk",
        "first., to: think",
        "error",
        "ladder-back",
        "ladder 1",
    ),
    Mutant(
        "a snake that leads on", "long., to: think", "long., to: walk", "error", "snake-on", "snake 1 › to"
    ),
    Mutant(
        "a step without ladder or snake",
        "  ladders: [A lead helps.]\n",
        "",
        "error",
        "no-moves",
        "Step fetch",
    ),
    Mutant(
        "too many ladders", "[A lead helps.]", "[A, B, C, D]", "warning", "many-moves", "Step fetch › ladders"
    ),
    Mutant(
        "no checklist",
        "  checklist: [Boots., Bags., Water., A map., A friend.]\n",
        "",
        "error",
        "no-checklist",
        "Step walk",
    ),
    Mutant(
        "a short checklist",
        "[Boots., Bags., Water., A map., A friend.]",
        "[Boots.]",
        "warning",
        "checklist-length",
        "Step walk",
    ),
    Mutant(
        "a long checklist",
        "Boots., Bags., Water., A map., A friend.",
        FULL,
        "warning",
        "checklist-length",
        "Step walk",
    ),
    Mutant(
        "the same line twice",
        "Boots., Bags.,",
        "Bags., Bags.,",
        "error",
        "same-check",
        "Step walk › checklist",
    ),
    Mutant(
        "a name without room",
        "short: First walk",
        f"short: {'walk ' * 7}",
        "error",
        "long-name",
        "Step walk › short",
    ),
    Mutant(
        "three sentences",
        "about: Go slowly.",
        "about: Go. Go. Go.",
        "warning",
        "long-about",
        "Step walk › about",
    ),
    Mutant("no review", "next: 2027-05-01", "next: soon", "warning", "no-review", "The board › review"),
    Mutant(
        "a review to come", "last: 2026-11-01", "last: 2026-12-01", "error", "review-to-come", "The board"
    ),
    Mutant(
        "a review that is due", "next: 2027-05-01", "next: 2026-11-02", "warning", "review-due", "The board"
    ),
    Mutant(
        "a review too far off",
        "next: 2027-05-01",
        "next: 2028-05-01",
        "warning",
        "review-too-far",
        "The board",
    ),
]


def test_the_small_board_has_no_fault() -> None:
    assert found_in(SMALL) == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.fault for mutant in MUTANTS])
def test_a_seeded_fault_is_named_with_its_place_and_nothing_else_is(mutant: Mutant) -> None:
    (found,) = found_in(changed(mutant.old, mutant.new))
    assert (found.level, found.name) == (mutant.level, mutant.name)
    assert mutant.where in found.where
    assert found.line


def test_a_board_of_one_step_is_no_way() -> None:
    one = SMALL[: SMALL.index("- id: fetch")].replace(", to: walk", "")
    assert [found.name for found in found_in(one)] == ["no-way"]


def test_what_is_not_known_around_a_board_is_not_checked() -> None:
    assert board_checks.lint(SMALL, Around("", TODAY, {})) == []


# The board that ships


def test_the_board_for_personal_assistants_has_thirteen_steps_and_no_fault() -> None:
    text = (CONTENT / "boards" / "personal-assistant.yaml").read_text("utf-8")
    keys = {
        "article": frozenset(path.stem for path in (CONTENT / "articles").glob("*.md")),
        "template": frozenset(path.stem for path in (CONTENT / "boards/templates").glob("*.md")),
    }
    assert board_checks.lint(text, Around("personal-assistant", TODAY, keys)) == []
    found = board.read(text)
    assert len(found.steps) == 13
    assert all(step.ladders and step.snakes for step in found.steps)
    used = {key for step in found.steps for key in step.templates}
    assert used == keys["template"], "every document belongs to a step"
    linked = {step.article for step in found.steps}
    assert {key for key in keys["article"] if key.startswith("pa-")} == linked, (
        "every article stands on the way"
    )


def test_the_content_linter_says_which_document_was_taken_away_and_which_has_no_title(
    site: Flask, tmp_path: Path
) -> None:
    shutil.copytree(CONTENT / "boards", tmp_path / "boards")
    (tmp_path / "boards/templates/pa-advert.md").unlink()
    (tmp_path / "boards/templates/pa-contract.md").write_text("No title, and a blank: ____\n")
    with site.app_context():
        found = [str(one) for one in loading.lint(tmp_path, TODAY) if one.level == "error"]
    assert len(found) == 2
    assert found[0].startswith("personal-assistant.yaml, Step advertise › templates, line ")
    assert "There is no template pa-advert" in found[0]
    assert found[1].startswith("pa-contract.md, The template")


# The drawing


def steps_board(many: int) -> board.Board:
    """A board of so many steps."""
    steps = (
        board.Step(f"s{at}", f"Step {at}", f"Step {at}", "a", "", (), (), (), (), ()) for at in range(many)
    )
    return board.Board("b", "B", "", "", (), {}, tuple(steps))


@pytest.mark.parametrize("many", [1, 2, 3, 12, 13, 14])
def test_steps_lie_on_the_path_in_their_order_inside_the_sheet_and_never_on_each_other(many: int) -> None:
    sheet = drawn(steps_board(many))
    assert [stop.number for stop in sheet.stops] == list(range(1, many + 1))
    for stop in sheet.stops:
        assert ROUND <= stop.at.x <= WIDTH - ROUND
        assert ROUND <= stop.at.y <= sheet.height - ROUND
        assert stop.label.y + stop.label.height <= sheet.height
        assert str(stop.at) in sheet.path
    for one in sheet.stops:
        for other in sheet.stops:
            far = math.dist((one.at.x, one.at.y), (other.at.x, other.at.y))
            assert one is other or far > 2 * ROUND


def test_the_way_goes_there_and_back_again() -> None:
    across = [stop.at.x < WIDTH / 2 for stop in drawn(steps_board(6)).stops]
    assert across == [True, False, False, True, True, False]


def test_ladders_and_snakes_keep_clear_of_every_step_and_name() -> None:
    sheet = drawn(board.read((CONTENT / "boards" / "personal-assistant.yaml").read_text("utf-8")))
    assert (len(sheet.ladders), len(sheet.snakes)) == (3, 3)
    paths = [*(ladder.rails for ladder in sheet.ladders), *(snake.body for snake in sheet.snakes)]
    for path in paths:
        places = [Point(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]
        for place in places:
            for stop in sheet.stops:
                assert math.dist((place.x, place.y), (stop.at.x, stop.at.y)) > ROUND
                box = stop.label
                assert not (box.x < place.x < box.x + box.width and box.y < place.y < box.y + box.height)


def test_a_snake_has_its_head_at_the_step_where_it_is_met() -> None:
    sheet = drawn(board.read(SMALL))
    (snake,), think, walk = sheet.snakes, sheet.stops[0].at, sheet.stops[2].at
    to_walk, to_think = (math.dist((snake.head.x, snake.head.y), (at.x, at.y)) for at in (walk, think))
    assert to_walk < to_think


# Documents to fill in


def opened(data: bytes) -> dict[str, ET.Element]:
    """The parts of a Word file: each is well formed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_a_word_file_has_real_headings_lists_and_tables() -> None:
    text = "# A & B\n\n## Part\n\nSome **bold** words\nhere\n\n- one\n- two\n\n1. first\n\nor\n\n1. again\n\n---\n\n"
    body = opened(word_file(f"{text}| a | b |\n| - | - |\n| 1 | ___ |\n", "A & B"))["word/document.xml"][0]
    looks = [style.get(f"{W}val") for style in body.iter(f"{W}pStyle")]
    assert looks == ["Title", "Heading1"]
    assert [number.get(f"{W}val") for number in body.iter(f"{W}numId")] == ["1", "1", "2", "3"]
    assert len(list(body.iter(f"{W}tc"))) == 4
    assert len(list(body.iter(f"{W}gridCol"))) == 2
    assert len(list(body.iter(f"{W}tblHeader"))) == 1
    assert len(list(body.iter(f"{W}pBdr"))) == 1
    words = ["".join(part.itertext()) for part in body.iter(f"{W}p")]
    assert words[:3] == ["A & B", "Part", "Some bold words here"]
    (bold,) = [run for run in body.iter(f"{W}r") if run.find(f"{W}rPr/{W}b") is not None]
    assert "".join(bold.itertext()) == "bold"


def test_every_document_that_ships_makes_a_word_file_with_all_its_words_and_the_same_each_time() -> None:
    paths = sorted((CONTENT / "boards/templates").glob("*.md"))
    assert len(paths) >= 12
    for path in paths:
        text = path.read_text("utf-8")
        data = word_file(text, "T")
        assert data == word_file(text, "T")
        said = " ".join("".join(opened(data)["word/document.xml"].itertext()).split())
        wanted = re.findall(r"[A-Za-z]{4,}", text)
        assert [word for word in wanted if word not in said] == [], path.name


def test_what_looks_like_markup_stays_words() -> None:
    said = "".join(opened(word_file("# T\n\n<w:p> & ]]>\n", "<T>"))["word/document.xml"].itertext())
    assert "<w:p> & ]]>" in said


def test_blanks_are_lines_that_a_screen_reader_says_in_a_word(site: Flask) -> None:
    with site.test_request_context():
        shown = with_blanks(Markup("<p>Name: ________________ a__b ____</p><hr />"))
    assert shown.count("(to fill in)") == 3
    assert shown.count("board-blank-whole") == 1
    assert shown.count("board-blank-long") == 1
    assert "a__b" in shown
    assert "___" not in shown
