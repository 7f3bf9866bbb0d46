"""The map of the routes: everything is on it, in order, and its lines lead where the conditions look."""

import itertools
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.selfhelp import authoring, drawing
from tests.selfhelp.starter import KEYS, text_of


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> Iterator[None]:
    """Words are English's."""
    with app.app_context():
        yield


@pytest.mark.parametrize("key", KEYS)
def test_every_question_and_recommendation_stands_on_the_map_below_what_it_looks_at(key: str) -> None:
    conversation = authoring.read(text_of(key))
    sheet = drawing.drawn(conversation)
    boxes = {(box.kind, box.id): box for band in sheet.bands for box in band.boxes}
    assert len(boxes) == len(conversation.questions) + len(conversation.rules)
    for question in conversation.questions.values():
        for other in question.show_if.questions() if question.show_if else ():
            above, below = boxes["question", other], boxes["question", question.id]
            assert above.y + above.height <= below.y
    conditions = [rule.when for rule in conversation.rules]
    conditions += [question.show_if for question in conversation.questions.values() if question.show_if]
    looked_at = set().union(*(condition.questions() for condition in conditions))
    assert len(sheet.lines) == len(looked_at)


@pytest.mark.parametrize("key", KEYS)
def test_boxes_and_lanes_never_lie_on_each_other(key: str) -> None:
    sheet = drawing.drawn(authoring.read(text_of(key)))
    boxes = [box for band in sheet.bands for box in band.boxes]
    assert all(one.y + one.height <= two.y for one, two in itertools.pairwise(boxes))
    lanes: dict[str, list[tuple[int, int]]] = {}
    for line in sheet.lines:
        first = line.path.split("M")[1]
        begin, rest = first.split(" ")[1].split("H")[0], first.split("H")[1]
        lane, end = rest.split("V")
        lanes.setdefault(lane, []).append((int(begin), int(end)))
        assert int(lane) < sheet.width
    for runs in lanes.values():
        runs.sort()
        assert all(one[1] < two[0] for one, two in itertools.pairwise(runs))


def test_urgent_recommendations_come_first_and_say_so() -> None:
    last = drawing.drawn(authoring.read(text_of())).bands[-1]
    urgent = [box.is_urgent for box in last.boxes]
    assert urgent == sorted(urgent, reverse=True)
    assert last.boxes[0].marks == "Urgent"


def test_the_list_beside_the_map_says_when_and_where_to_in_words() -> None:
    routes = {route.question.id: route for route in drawing.routes(authoring.read(text_of()))}
    assert (
        routes["after-fall"].when == "“Have you had a fall in the past year?” is “One fall” or “Two or more”"
    )
    assert [question.id for question in routes["after-fall"].to_questions] == ["call-help"]
    assert "head-after-fall" in [rule.id for rule in routes["hit-head"].to_rules]
    assert routes["hello"].when == ""
