"""What a card says of a listing is what the listing says of itself, and it is read in few statements."""

import uuid
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal.db import db
from portal.directory import queries, telling
from portal.directory.cards import Card, cards
from portal.directory.drafts import CostDraft, TranslationDraft, VenueDraft
from portal.directory.models import Service
from tests import make
from tests.directory import pages
from tests.instances import TODAY
from tests.statements import statements


def told(listing: Service | Card, names: dict[str, str]) -> dict[str, Any]:
    """Everything that the card's template asks of a listing."""
    return {
        "name": telling.name(listing),
        "summary": telling.summary(listing),
        "marked": (telling.marked(listing), telling.marked(listing, "summary")),
        "when": telling.when(listing, TODAY),
        "cost": telling.cost(listing),
        "getting in": telling.getting_in(listing, names),
        "rating": telling.overall(listing),
        "checked": telling.checked(listing, TODAY),
        "free": listing.is_free,
        "status": listing.status,
        "vacancies": listing.vacancies,
    }


def venues(listing: Service) -> list[tuple[int | None, int | None, str]]:
    """Where it is, as its own rows say."""
    return [
        (place.location.easting, place.location.northing, place.location.street) for place in listing.places
    ]


def test_a_card_says_what_the_listing_says(demo: Flask) -> None:
    council, names = make.council(), queries.access_names()
    ids = list(db.session.scalars(sa.select(Service.id)))
    with demo.test_request_context():
        whole, listed = queries.services(council, ids), cards(council, ids, "en")
        assert [card.id for card in listed] == [service.id for service in whole]
        assert len(listed) > 100
        for card, service in zip(listed, whole, strict=True):
            assert told(card, names) == told(service, names)
            assert [(v.easting, v.northing, v.street) for v in card.venues] == venues(service)
    for part in ("cost", "getting in", "rating", "when", "vacancies"):
        assert any(told(card, names)[part] for card in listed), part


def test_cards_stand_in_the_order_asked_for_without_what_may_not_be_seen(each_site: Flask) -> None:
    first, second, gone, away = (
        make.service("First"),
        make.service("Second", at=None, areas=make.comes_to("E08000009")),
        make.service("Gone"),
        make.service("Of another council", of="millbrook", shared=False),
    )
    gone.state = "archived"
    make.saved(first, second, gone, away, indexed=False)
    asked = [second.id, gone.id, uuid.uuid4(), away.id, first.id]
    assert [card.name for card in cards(make.council(), asked, "en")] == ["Second", "First"]
    assert cards(make.council(), [gone.id], "en") == []
    assert cards(make.council(), [], "en") == []


def test_a_card_has_times_costs_and_venues_in_the_listings_order(each_site: Flask) -> None:
    service = make.service(
        venues=(make.venue("M20 2RN", address="9 High Road"), VenueDraft(address="", name="The old library")),
        times=(make.opening("thu"), make.opening("mon")),
        costs=(CostDraft("£4 with tea"), CostDraft("£2 without")),
    )
    make.saved(service, indexed=False)
    [card] = cards(make.council(), [service.id], "en")
    assert [venue.street for venue in card.venues] == ["9 High Road, Sale", "The old library"]
    assert [time.byday for time in card.times] == ["TH", "MO"]
    assert [cost.words for cost in card.costs] == ["£4 with tea", "£2 without"]


def test_a_card_has_the_words_of_its_own_language_only(each_site: Flask) -> None:
    service = make.service(
        translations=(TranslationDraft("cy", "Bwrdd Iau", "Cinio"), TranslationDraft("ur", "جمعرات"))
    )
    make.saved(service, indexed=False)
    [welsh], [urdu], [english] = (cards(make.council(), [service.id], code) for code in ("cy", "ur", "en"))
    assert [(words.language, words.name, words.summary) for words in welsh.translations] == [
        ("cy", "Bwrdd Iau", "Cinio")
    ]
    assert [(words.name, words.summary) for words in urdu.translations] == [("جمعرات", "")]
    assert english.translations == ()
    assert english.name == "Thursday Table"


def test_a_full_page_of_results_costs_no_more_statements_than_one_result(site: Flask) -> None:
    client = site.test_client()
    make.saved(make.service("Lunch of St Anne’s"))
    pages.find(client)
    with statements() as few:
        assert pages.find(client).total == 1
    make.saved(*(make.service(f"Lunch {number}", at="M20 2RN") for number in range(25)))
    pages.find(client)
    with statements() as many:
        assert len(pages.find(client).ids) == 20
    assert len(many) == len(few)
    assert len([one for one in many if "service" in one and "index_change" not in one]) == 5
