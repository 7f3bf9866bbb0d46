"""How SQLite goes about the queries of large directories: a page must not read every listing to show twenty."""

import sqlalchemy as sa
from flask import Flask

from portal.db import db
from portal.directory.cards import cards
from portal.directory.models import Service
from tests import make
from tests.statements import statements


def test_listings_are_fetched_by_their_ids_and_not_by_looking_through_all_that_are_published(
    site: Flask,
) -> None:
    make.saved(*(make.service(f"Lunch {number}") for number in range(30)), indexed=False)
    council = make.council()
    ids = [service.id for service in db.session.scalars(sa.select(Service).limit(20))]
    with statements() as sent:
        cards(council, ids, "en")
    [first] = [one for one in sent if one.startswith("SELECT service.id") and "rating" in one]
    marks = first.count("?")
    plan = [
        row.detail for row in db.session.execute(sa.text(f"EXPLAIN QUERY PLAN {first.replace('?', 'NULL')}"))
    ]
    assert marks > 20
    assert plan[0].startswith("SEARCH service USING INDEX sqlite_autoindex_service")
