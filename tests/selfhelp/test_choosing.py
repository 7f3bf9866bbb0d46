"""Help me choose: short conversations about a task, found by it, and ending in one or two pieces of equipment."""

import datetime as dt
import itertools
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.db import db
from portal.editorial import loading
from portal.selfhelp import queries
from portal.selfhelp.conversation import Answer, Conversation
from portal.selfhelp.lint import Around, findings, lint
from portal.selfhelp.questions import walk
from portal.selfhelp.reading import read
from portal.selfhelp.recommend import topics
from tests import make
from tests.selfhelp.small import AROUND, SMALL, TODAY, changed
from tests.selfhelp.talking import Visitor

CONTENT = Path(__file__).parents[2] / "content"
CHOOSING = {
    path.stem: read(path.read_text("utf-8")) for path in sorted((CONTENT / "choosing").glob("*.yaml"))
}
each = pytest.mark.parametrize("conversation", CHOOSING.values(), ids=CHOOSING)
TASKS = Around(AROUND.key, TODAY, {**AROUND.keys, "task": frozenset({"making-a-hot-drink"})})
HOT_DRINK = changed("minutes: 3\n", "minutes: 3\nchoosing: making-a-hot-drink\n")


@pytest.fixture
def mavis(client: FlaskClient) -> Visitor:
    """Mavis, on a site with the starter content."""
    loading.load(CONTENT, make.NOW)
    db.session.commit()
    return Visitor(client, "choose-for-the-bath")


def everybody(conversation: Conversation) -> Iterator[dict[str, Answer]]:
    """Every set of answers that there can be, with every question skipped, too."""
    said = [
        [None, *(option.id for option in question.options)] for question in conversation.questions.values()
    ]
    for answers in itertools.product(*said):
        yield {key: answer for key, answer in zip(conversation.questions, answers, strict=True) if answer}


# What is there


def test_there_are_checks_for_eight_tasks_and_more_each_for_one_task() -> None:
    tasks = [conversation.choosing for conversation in CHOOSING.values()]
    assert {
        "in-and-out-of-the-bath",
        "up-from-the-chair",
        "on-and-off-the-toilet",
        "climbing-stairs",
        "walking-farther",
        "opening-jars",
        "standing-to-cook",
        "remembering-tablets",
        "calling-for-help",
        "hearing-the-door",
        "using-the-phone",
    } <= set(tasks)
    assert len(tasks) == len(set(tasks))


@each
def test_each_asks_three_to_six_things(conversation: Conversation) -> None:
    assert 3 <= len(conversation.questions) <= 6


@each
def test_nobody_is_shown_more_than_two_pieces_of_equipment_or_nothing_at_all(
    conversation: Conversation,
) -> None:
    for answers in everybody(conversation):
        found = topics(walk(conversation, answers))
        things = {thing for topic in found for thing in topic.shown.equipment}
        assert len(things) <= 2, answers
        assert found or conversation.otherwise, answers
        assert all(topic.because for topic in found), answers


@each
def test_each_can_end_in_equipment(conversation: Conversation) -> None:
    assert any(rule.shown.equipment for rule in conversation.rules)


# Where they are found


def test_they_are_not_among_the_conversations_to_talk_things_through(mavis: Visitor) -> None:
    mavis.open("/self-help")
    assert mavis.has("A conversation about everyday life")
    assert not mavis.has("Help me choose")
    mavis.open("/find?q=help+me+choose+in+and+out+of+the+bath")
    assert "/self-help/choose-for-the-bath" not in mavis.page


def test_a_task_has_its_own_and_one_without_has_none(mavis: Visitor) -> None:
    council = make.council()
    found = queries.choosing(council, "in-and-out-of-the-bath")
    assert found
    assert found.conversation.id == "choose-for-the-bath"
    assert queries.choosing(council, "weeding") is None
    assert queries.choosing(council, "") is None


def test_the_page_of_a_task_leads_to_its_check(mavis: Visitor) -> None:
    mavis.open("/equipment/bathroom/in-and-out-of-the-bath")
    assert re.search(
        r'href="/self-help/choose-for-the-bath"[^>]*>Help me choose: in and out of the bath<', mavis.page
    )
    assert "/self-help/choose-" not in mavis.open("/equipment/garden/weeding").page


def test_somebody_answers_four_questions_and_sees_what_fits_and_why(mavis: Visitor) -> None:
    mavis.begin()
    while "/page/" in mavis.at:
        asked = {"side": "hold", "bottom": "hard", "slipped": "never", "near": "always"}
        mavis.say(**{key: said for key, said in asked.items() if f'name="q-{key}"' in mavis.page})
    mavis.open("/self-help/choose-for-the-bath/results")
    assert mavis.topics == ["board"]
    assert mavis.has("About sitting low, you said: “Getting up is hard”.")
    assert "/equipment/item/bath-board" in mavis.page
    mavis.send("/self-help/choose-for-the-bath/plan", thing=["equipment:bath-board"])
    assert mavis.has("Your plan has 1 thing on it")


def test_they_go_back_into_their_own_folder_byte_for_byte(mavis: Visitor, tmp_path: Path) -> None:
    loading.export(tmp_path)
    for folder in ("choosing", "conversations"):
        there = {path.name: path.read_bytes() for path in (CONTENT / folder).glob("*.yaml")}
        assert {path.name: path.read_bytes() for path in (tmp_path / folder).glob("*.yaml")} == there


# What the linter says of them


def test_a_check_without_a_fault_has_none() -> None:
    assert lint(HOT_DRINK, TASKS) == []


def test_a_task_that_is_not_there_is_an_error() -> None:
    (found,) = lint(HOT_DRINK.replace("making-a-hot-drink", "making-tee"), TASKS)
    assert (found.level, found.name, found.line) == ("error", "dangling", 8)
    assert "There is no task making-tee." in str(found)


def test_more_than_two_things_to_choose_between_are_a_warning() -> None:
    around = Around(
        "tea-time", TODAY, {**TASKS.keys, "equipment": frozenset({"kettle-tipper", "jar-opener", "cup"})}
    )
    many = changed("equipment: [jar-opener]", "equipment: [jar-opener, kettle-tipper, cup]", HOT_DRINK)
    assert [(one.level, one.name) for one in lint(many, around)] == [("warning", "choosing-many")]
    assert lint(many.replace("choosing: making-a-hot-drink\n", ""), around) == []


def test_more_than_six_questions_are_a_warning() -> None:
    more = "".join(
        f"  - id: more-{number}\n    type: one\n    ask: Is it cup {number}?\n    ask_about: Is it cup {number}?\n"
        f"    easy_read: {{text: Cup {number}?, picture: tea}}\n"
        f"    options: [{{id: this, label: Cup {number}}}, {{id: none, label: Another}}]\n"
        for number in range(3)
    )
    long = changed("  - id: postcode\n", f"{more}  - id: postcode\n", HOT_DRINK)
    assert "choosing-long" in {one.name for one in lint(long, TASKS)}
    assert "choosing-long" not in {
        one.name for one in lint(long.replace("choosing: making-a-hot-drink\n", ""), TASKS)
    }


def test_two_files_of_one_name_are_an_error_since_only_one_could_be_loaded(tmp_path: Path) -> None:
    for folder in ("conversations", "choosing"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tea-time.yaml").write_text(SMALL)
    assert "tea-time.yaml, line" not in (said := [str(one) for one in findings(tmp_path, TODAY)])[0]
    assert said[0].startswith("tea-time.yaml: It lies in two folders.")


def test_a_check_for_a_task_that_was_taken_out_of_the_house_is_said_for_the_folder(tmp_path: Path) -> None:
    shutil.copytree(CONTENT, tmp_path / "content")
    house = tmp_path / "content/equipment/house.yaml"
    house.write_text(house.read_text("utf-8").replace("id: opening-jars\n", "id: opening-pots\n"), "utf-8")
    errors = [
        str(one) for one in findings(tmp_path / "content", dt.date(2026, 11, 26)) if one.level == "error"
    ]
    assert len(errors) == 1
    assert errors[0].startswith("choose-for-jars.yaml")
