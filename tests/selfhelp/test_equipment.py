"""Equipment: by room, one thing, in the search, in what may help, and on the plan."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from portal.db import db
from portal.editorial import loading
from portal.selfhelp import items
from portal.selfhelp.conversation import Unreadable
from tests import make
from tests.selfhelp.talking import SMALL, Visitor, publish

CONTENT = Path(__file__).parents[2] / "content"


@pytest.fixture
def mavis(client: FlaskClient) -> Visitor:
    """Mavis, on a site with the starter content."""
    loading.load(CONTENT, make.NOW)
    db.session.commit()
    return Visitor(client)


def test_equipment_is_shown_by_room_and_one_by_one(mavis: Visitor) -> None:
    mavis.open("/equipment/all")
    assert mavis.has("Bathroom")
    assert mavis.has("Chair raisers")
    mavis.open("/equipment/item/chair-raisers")
    assert mavis.title == "Chair raisers"
    assert mavis.has("£10 to £30")
    assert mavis.has("Measure and check first")
    assert mavis.open("/equipment/item/none").status == 404


def test_equipment_is_found_by_the_search_and_goes_onto_the_plan(mavis: Visitor) -> None:
    make.saved(make.service("Chair shop", terms=("equipment-shops",)))
    mavis.open("/find?q=chair+raisers")
    assert mavis.has("Chair raisers Equipment")
    mavis.open("/equipment/item/chair-raisers").send("/plan/items", thing="equipment:chair-raisers")
    assert mavis.at == "/plan"
    assert mavis.has("Your plan has 1 thing on it")
    assert mavis.has("Strong cups or a frame")
    mavis.send("/plan/items/remove", thing="equipment:chair-raisers")
    assert mavis.has("Your plan is empty so far")


def test_what_may_help_shows_equipment_and_articles_and_takes_them_onto_the_plan(mavis: Visitor) -> None:
    leads = "show: {search: [{category: adaptations}], equipment: stair-rail, article: stairs-safely}"
    publish(SMALL.replace("show: {search: [{category: adaptations}]}", leads))
    mavis.begin().say(danger="safe").say(stairs="hard")
    mavis.open("/self-help/small/results")
    assert mavis.has("Equipment that may help")
    assert "/equipment/item/stair-rail" in mavis.page
    assert "/advice/stairs-safely" in mavis.page
    mavis.send("/self-help/small/plan", thing=["equipment:stair-rail", "article:stairs-safely", "nonsense"])
    assert mavis.has("Your plan has 2 things on it")


def test_equipment_that_cannot_be_read_is_said() -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        items.read("items: [{id: rail}]")


def test_every_piece_of_the_starter_content_says_what_an_item_must() -> None:
    found = items.read((CONTENT / "equipment" / "items.yaml").read_text(encoding="utf-8"))
    assert len(found.by_id) >= 120
    for item in found.by_id.values():
        assert all((item.what_it_is, item.helps, item.not_for, item.check, item.safety, item.cost)), item.id
        assert item.get_it, item.id
        assert item.sources, item.id
