"""The equipment house: five ways in, what to try first, where to get it near the person, and the plan."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.accounts.granting import By
from portal.councils.models import Council
from portal.db import db
from portal.editorial import actions as documents
from portal.editorial import loading
from portal.editorial import queries as read
from portal.selfhelp import house, pictures
from portal.selfhelp.conversation import Unreadable
from tests import make
from tests.selfhelp.houses import HOUSE, PICTURES, written_to
from tests.selfhelp.talking import Visitor
from tests.statements import statements

CONTENT = Path(__file__).parents[2] / "content"
ED = By(None, "Ed")
LATER = make.NOW + dt.timedelta(hours=1)


@pytest.fixture
def small(site: Flask, tmp_path: Path) -> Iterator[Flask]:
    """A site with the small house and its pictures, and who lends and sells."""
    before = site.config["CONTENT"]
    site.config["CONTENT"] = written_to(tmp_path)
    # Later than the starter content is in other tests: that is how the site knows that something else is public.
    loading.load(tmp_path, LATER)
    make.saved(
        make.service("Saltmarsh Loans", terms=("equipment-loan",)),
        make.service("Mobility Corner", terms=("equipment-shops",)),
    )
    db.session.commit()
    yield site
    site.config["CONTENT"] = before


@pytest.fixture
def mavis(small: Flask) -> Visitor:
    """Mavis, at the small house."""
    return Visitor(small.test_client())


@pytest.fixture
def derek(client: FlaskClient) -> Visitor:
    """Derek, on a site with the whole starter content."""
    loading.load(CONTENT, make.NOW)
    db.session.commit()
    return Visitor(client)


def test_the_house_leads_to_its_rooms_by_the_list_and_by_the_picture(mavis: Visitor) -> None:
    mavis.open("/equipment")
    assert mavis.title == "Which room is hard?"
    for room in ("bathroom", "kitchen"):
        assert mavis.links.count(f"/equipment/{room}") == 2
    assert mavis.page.index('<nav aria-label="Rooms"') < mavis.page.index('<svg class="drawing"')
    assert '<text class="label"><tspan' in mavis.page


def test_without_a_picture_the_list_is_the_page(mavis: Visitor, small: Flask) -> None:
    shutil.rmtree(small.config["CONTENT"] / "equipment" / "pictures")
    mavis.open("/equipment")
    assert mavis.status == 200
    assert mavis.links.count("/equipment/bathroom") == 1
    assert 'class="drawing"' not in mavis.page
    assert mavis.open("/equipment/bathroom").has("Getting into the bath")


def test_a_picture_that_may_not_stand_in_a_page_does_not(mavis: Visitor, small: Flask) -> None:
    path = small.config["CONTENT"] / "equipment" / "pictures" / "house.svg"
    path.write_text(PICTURES["house"].replace("<path", '<script href="x"/><path'), encoding="utf-8")
    mavis.open("/equipment")
    assert mavis.status == 200
    assert 'class="drawing"' not in mavis.page


def test_a_room_leads_to_its_things_and_a_thing_to_what_is_hard_about_it(mavis: Visitor) -> None:
    mavis.open("/equipment/bathroom")
    assert mavis.links.count("/equipment/bathroom/at/bath") == 2
    assert mavis.has("A bath with a board across it, and a basin.")
    mavis.open("/equipment/bathroom/at/bath")
    assert mavis.title == "The bath"
    assert "/equipment/bathroom/into-the-bath" in mavis.links
    assert "/equipment/bathroom/washing-my-back" not in mavis.links
    assert mavis.has("Try first: Sit on the edge for a moment first.")


def test_a_task_says_what_to_try_first_then_what_may_help_then_where_to_get_it(mavis: Visitor) -> None:
    mavis.open("/equipment/bathroom/into-the-bath?postcode=m33+7zf")
    order = [
        "Never hold on to the taps.",
        "Sit on the edge for a moment first.",
        "You have fallen here.",
        "People who cannot sit steadily.",
        "Measure the inside of the bath.",
        "near M33 7ZF",
        "Ring Saltmarsh on 0100.",
        "Saltmarsh Loans",
        "Mobility Corner",
        "Gadgets (NHS)",
    ]
    main = mavis.page.partition("<main")[2]
    places = [main.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)


def test_where_somebody_searched_from_is_remembered_and_stands_in_the_links(mavis: Visitor) -> None:
    more = [make.service(f"Shop {number}", terms=("equipment-shops",)) for number in range(4)]
    make.saved(*more)
    mavis.open("/equipment/bathroom/into-the-bath?postcode=m33+7zf")
    mavis.open("/equipment/kitchen/lifting-the-kettle")
    assert mavis.has("Where to get help with it near M33 7ZF")
    assert "/find?postcode=M33+7ZF&category=equipment-shops" in mavis.links


@pytest.mark.parametrize("typed", ["zz99 9zz", "nowhere at all", "<b>", "\x00"])
def test_a_place_that_is_not_known_is_said_and_help_is_still_shown(mavis: Visitor, typed: str) -> None:
    mavis.client.get("/")
    answer = mavis.client.get("/equipment/bathroom/into-the-bath", query_string={"postcode": typed})
    assert answer.status_code == 200
    assert "Saltmarsh Loans" in answer.text
    assert '<b>"' not in answer.text


def test_what_is_hard_leads_to_all_tasks_with_it(mavis: Visitor) -> None:
    mavis.open("/equipment/hard/gripping")
    assert mavis.title == "Gripping"
    assert {"/equipment/bathroom/washing-my-back", "/equipment/kitchen/lifting-the-kettle"} <= set(
        mavis.links
    )
    assert "/equipment/bathroom/into-the-bath" not in mavis.links


@pytest.mark.parametrize(
    "path",
    [
        "larder",
        "bathroom/at/kettle",
        "larder/at/bath",
        "bathroom/flying",
        "hard/flying",
        "item/flying",
        "item",
    ],
)
def test_what_is_not_there_is_not_found(mavis: Visitor, path: str) -> None:
    assert mavis.open(f"/equipment/{path}").status == 404


def test_an_address_is_good_with_a_stroke_at_its_end_and_with_the_room_where_a_task_once_was(
    mavis: Visitor,
) -> None:
    assert mavis.open("/equipment/").has("Which room is hard?")
    assert mavis.open("/equipment/kitchen/into-the-bath").has("Sit on the edge for a moment first.")
    assert mavis.at == "/equipment/bathroom/into-the-bath"
    assert mavis.open("/equipment/larder/flying").status == 404


def test_tasks_and_things_go_onto_the_plan_and_off_it(mavis: Visitor) -> None:
    mavis.open("/equipment/bathroom/into-the-bath").send("/plan/items", thing="task:into-the-bath")
    assert mavis.at == "/plan"
    mavis.open("/equipment/bathroom/into-the-bath").send("/plan/items", thing="equipment:bath-board")
    assert mavis.has("Your plan has 2 things on it")
    assert mavis.has("Getting into the bath")
    assert mavis.has("Sit on the edge for a moment first.")
    mavis.send("/plan/items/remove", thing="task:into-the-bath")
    assert not mavis.has("Getting into the bath")


def test_a_council_says_in_its_own_words_who_lends(mavis: Visitor, fernshire: Council) -> None:
    shared = read.of_key("house", "house", None)
    assert shared is not None
    mavis.open("/equipment/bathroom/into-the-bath")
    own = documents.overlay(fernshire, shared, {"borrow": "Come to the old mill."}, seen=0, by=ED, now=LATER)
    document = read.of_key("house", "house", fernshire.id)
    assert document is not None
    documents.make_public(document, own, LATER)
    db.session.commit()
    assert mavis.open("/equipment/bathroom/into-the-bath").has("Come to the old mill.")
    assert not mavis.has("Ring Saltmarsh on 0100.")
    mavis.open("/equipment/item/bath-board")
    assert mavis.has("Come to the old mill.")


def test_a_house_that_cannot_be_read_leaves_kind_words(mavis: Visitor) -> None:
    shared = read.of_key("house", "house", None)
    assert shared is not None
    newest = read.newest(shared.id)
    assert newest is not None
    saved = documents.save(shared, "rooms: [", seen=newest.number, by=ED, now=make.NOW)
    documents.make_public(shared, saved, make.NOW)
    db.session.commit()
    assert mavis.open("/equipment").has("There is nothing here yet.")
    assert mavis.open("/equipment/item/bath-board").has("A board across the bath to sit on.")


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("struggling up from the chair", "/equipment/living-room/up-from-the-chair"),
        ("key safe", "/equipment/item/key-safe"),
        ("bath board", "/equipment/item/bath-board"),
        ("can't get my socks on", "/equipment/"),
    ],
)
def test_the_search_brings_the_right_task_or_thing_among_the_first_three(
    derek: Visitor, words: str, address: str
) -> None:
    derek.open(f"/find?q={words}")
    found = [link for link in derek.links if link.startswith(("/equipment/", "/advice/", "/self-help/"))]
    assert any(link.startswith(address) for link in found[:3]), found
    assert derek.has("Equipment")


def test_every_page_of_the_starter_house_is_there(derek: Visitor) -> None:
    derek.open("/equipment")
    seen, waiting = set[str](), ["/equipment/tasks", "/equipment/all", *derek.links]
    while waiting:
        path = waiting.pop().partition("#")[0]
        if path in seen or not path.startswith("/equipment"):
            continue
        seen.add(path)
        assert derek.open(path).status == 200, path
        waiting += derek.links
    rooms, spots, tasks, hard, items, lists = 9, 72, 108, 10, 179, 3
    assert len(seen) == rooms + spots + tasks + hard + items + lists


def test_a_page_of_the_house_asks_the_database_little(mavis: Visitor) -> None:
    for path in ("/equipment", "/equipment/bathroom", "/equipment/hard/gripping", "/equipment/tasks"):
        mavis.open(path)
        with statements() as sent:
            mavis.open(path)
        assert len(sent) <= 3, (path, sent)


def test_a_picture_is_put_into_a_page_as_shapes_and_classes_alone() -> None:
    drawn = pictures.read(PICTURES["rooms/bathroom"])
    assert list(drawn.groups) == ["bath", "basin"]
    bath = drawn.groups["bath"]
    assert (bath.box.x, bath.box.y, bath.box.width, bath.box.height) == (100, 400, 400, 100)
    assert bath.drawing == '<g><path class="ink fill-paper" d="M100 400l400 0 0 100-400 0z"></path></g>'
    assert pictures.read(PICTURES["rooms/kitchen"]).groups["kettle"].box.x == 400


@pytest.mark.parametrize(
    ("shape", "box"),
    [
        ('<circle cx="5" cy="6" r="2"/>', (3, 4, 4, 4)),
        ('<line x1="1" y1="2" x2="4" y2="8"/>', (1, 2, 3, 6)),
        ('<path d="M1 1h4v5H1z"/>', (1, 1, 4, 5)),
        ('<path d="m1 1 2 0 0 3"/>', (1, 1, 2, 3)),
        ('<path d="M0 0C0 9 8 9 8 0"/>', (0, 0, 8, 9)),
        ('<path d="M0 5a4 4 0 018 0"/>', (0, 1, 8, 8)),
        ('<g transform="translate(10 20) scale(2)"><rect width="3" height="4"/></g>', (10, 20, 6, 8)),
        ('<rect width="2" height="4" transform="rotate(90)"/>', (-4, 0, 4, 2)),
        ('<rect x="4" y="4" width="2" height="2" transform="rotate(180 5 5)"/>', (4, 4, 2, 2)),
    ],
)
def test_the_box_of_a_group_holds_all_its_shapes(shape: str, box: tuple[float, ...]) -> None:
    group = f'<g id="spot-x" data-link="x" data-label-x="5" data-label-y="5">{shape}</g>'
    drawn = pictures.read(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20">{group}</svg>')
    found = drawn.groups["x"].box
    assert (found.x, found.y, found.width, found.height) == pytest.approx(box)


@pytest.mark.parametrize(
    ("words", "lines"), [("The bath", 1), ("Outside and front door", 2), ("Bedclothesandmore", 1)]
)
def test_a_label_stands_wholly_inside_the_picture_on_two_lines_at_most(words: str, lines: int) -> None:
    group = '<g data-link="x" data-label-x="959" data-label-y="0"><circle r="3"/></g>'
    drawn = pictures.read(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 640">{group}</svg>')
    label = drawn.label_of(drawn.groups["x"], words)
    assert " ".join(line for _y, line in label.lines) == words
    assert len(label.lines) == lines
    assert label.box.x + label.box.width <= 960
    assert label.box.y >= 0


def test_a_house_that_is_none_says_why() -> None:
    with pytest.raises(Unreadable, match="begins with"):
        house.read("- a")
    with pytest.raises(Unreadable, match="“hard”"):
        house.read(HOUSE.replace("hard:\n  standing", "soft:\n  standing"))


def test_pictures_are_checked_in_the_folder_whose_words_are(small: Flask, tmp_path: Path) -> None:
    assert [one for one in loading.lint(tmp_path, make.NOW.date()) if one.level == "error"] == []
    drawn = tmp_path / "equipment" / "pictures" / "rooms" / "kitchen.svg"
    drawn.write_text(PICTURES["rooms/kitchen"].replace("<polygon", "<script/><polygon"), encoding="utf-8")
    (found,) = (one for one in loading.lint(tmp_path, make.NOW.date()) if one.level == "error")
    assert found.where == "house.yaml, Picture rooms/kitchen.svg"
    assert "“script”" in found.words
