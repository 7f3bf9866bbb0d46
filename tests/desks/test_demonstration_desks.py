"""What lies on the desks of the demonstration when somebody first looks at it."""

import datetime as dt

import sqlalchemy as sa
from flask import Flask

from portal import notify, seed
from portal.db import db
from portal.directory import desk_queries, differences, proposing, safeguarding, voices
from portal.directory.models import Claim, Proposal, Voice
from tests import instances, make


def _named(name: str) -> Proposal:
    found = [one for one in db.session.scalars(sa.select(Proposal)) if proposing.draft_of(one).name == name]
    assert len(found) == 1
    return found[0]


def test_the_editors_queue_holds_new_entries_and_a_change_with_a_difference(demo: Flask) -> None:
    waiting = desk_queries.waiting(make.council().id)
    assert waiting.new >= 2
    assert waiting.changes >= 1
    assert waiting.oldest
    assert waiting.oldest.date() == instances.TODAY - dt.timedelta(days=9)
    change = _named("Willow & Wren Homecare")
    told = differences.between(proposing.base_of(change), proposing.draft_of(change))
    assert {one.field for one in told} == {"summary", "description", "times", "costs"}
    description = next(one for one in told if one.field == "description")
    assert [piece.text for piece in description.pieces if piece.kind == "out"] == ["four", "coffee"]


def test_toms_entry_came_back_with_words_and_lacks_only_what_they_ask_for(demo: Flask) -> None:
    entry = _named("Home from Hospital with Willow & Wren")
    assert entry.state == "sent_back"
    assert entry.author
    assert entry.author.name == "Tom Ashworth"
    assert "costs" in entry.words
    assert not proposing.draft_of(entry).costs


def test_a_claim_feedback_and_reports_wait_and_the_one_that_may_mean_harm_is_raised(demo: Flask) -> None:
    council = make.council()
    assert desk_queries.claims(council.id)
    desk = voices.desk(council, ("feedback", "report", "suggestion"), "open")
    assert {voice.kind for voice in desk.voices} == {"feedback", "report", "suggestion"}
    assert voices.urgent(council) == 1
    first = desk.voices[0]
    assert first.urgent_words == safeguarding.watch().found(first.words)
    assert desk.counts.keys() == {"open", "held", "done"}


def test_nobody_was_mailed_about_any_of_it(demo: Flask) -> None:
    assert db.session.scalar(sa.select(sa.func.count(notify.Message.id))) == 0


def test_seeding_again_adds_nothing(demo: Flask) -> None:
    def counted() -> list[int]:
        kinds = (Proposal, Claim, Voice)
        return [db.session.scalar(sa.select(sa.func.count(kind.id))) or 0 for kind in kinds]

    before = counted()
    assert min(before) > 0
    seed.run(demo=True, today=instances.TODAY, say=lambda line: None)
    assert counted() == before
