"""Documents, their versions, and what people read of them: on SQLite and PostgreSQL alike."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.audit import AuditEvent
from portal.db import db
from portal.editorial import actions, queries
from portal.editorial.models import Document, Version
from portal.errors import Refusal
from tests import make
from tests.editorial import writing
from tests.editorial.writing import BY_ED, TODAY, article
from tests.make import NOW

PARTED = """Ring us.

```part phone
Ring the library.
```

```part hours must-edit
Say your hours.
```

The end.
"""


def read(key: str = "keeping-warm", council: str = "fernshire") -> str:
    """What a council's visitors read; "" where nothing is public."""
    found = queries.published(make.council(council), "article", key)
    return found.body if found else ""


def test_a_draft_is_nobodys_to_read_until_it_is_published(each_site: Flask) -> None:
    document = writing.begun()
    assert read() == ""
    writing.publish(document)
    found = queries.published(make.council(), "article", "keeping-warm")
    assert found
    assert (found.body, found.number, found.council_id) == (article(), 1, None)
    assert found.published_at.tzinfo is not None


def test_people_read_the_published_version_while_a_newer_one_is_written(each_site: Flask) -> None:
    document = writing.published()
    writing.change(document, article(text="Two hats.\n"))
    assert "Wear a hat" in read()
    writing.publish(document)
    assert "Two hats" in read()
    states = [one.state for one in queries.versions(document.id)]
    assert states == ["published", "retired"]


def test_a_visitor_in_the_middle_of_an_older_version_finds_it(each_site: Flask) -> None:
    document = writing.published()
    writing.change(document, article(text="Two hats.\n"))
    writing.publish(document)
    old = queries.numbered(make.council(), "article", "keeping-warm", 1)
    assert old
    assert "Wear a hat" in old.body
    writing.change(document, article(text="Three hats.\n"))
    assert queries.numbered(make.council(), "article", "keeping-warm", 3) is None, "it was never public"


def test_a_councils_own_document_comes_before_the_shared_one(each_site: Flask) -> None:
    writing.published()
    writing.published(article(text="Ring the mill.\n"), of=make.council("millbrook"))
    assert "Wear a hat" in read()
    assert "Ring the mill" in read(council="millbrook")
    every = queries.all_published(make.council("millbrook"), "article")
    assert [(one.key, one.council_id) for one in every] == [("keeping-warm", make.council("millbrook").id)]


def test_a_copy_goes_on_from_the_shared_numbers_so_that_no_number_means_two_things(each_site: Flask) -> None:
    shared = writing.published()
    own = writing.begun(of=make.council("millbrook"))
    assert writing.newest(own).number == writing.newest(shared).number + 1
    writing.publish(own)
    old = queries.numbered(make.council("millbrook"), "article", "keeping-warm", 1)
    assert old
    assert old.document_id == shared.id


def test_a_key_is_there_once_for_each_council_and_once_in_the_library(each_site: Flask) -> None:
    writing.begun()
    with pytest.raises(Refusal, match="already"):
        writing.begun()
    writing.begun(of=make.council())
    db.session.add(Document(kind="article", key="keeping-warm", language="en"))
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()


@pytest.mark.parametrize("key", ["Keeping Warm", "keeping_warm", "-warm", "", "w" * 81, "wärme"])
def test_an_odd_key_is_refused(site: Flask, key: str) -> None:
    with pytest.raises(Refusal, match="small letters"):
        writing.begun(key=key)


# Saving


def test_saving_over_somebody_elses_words_is_refused_and_says_what_they_are(each_site: Flask) -> None:
    document = writing.begun()
    writing.change(document, article(text="Theirs.\n"))
    with pytest.raises(actions.Moved) as moved:
        actions.save(document, article(text="Mine.\n"), seen=1, by=BY_ED, now=NOW)
    assert "Theirs." in moved.value.newest.body
    assert [one.number for one in queries.versions(document.id)] == [2, 1]


def test_saving_what_stands_there_already_makes_no_version(each_site: Flask) -> None:
    document = writing.begun()
    assert writing.change(document, article()).number == 1


def test_what_was_sent_for_review_and_written_on_is_a_draft_again(each_site: Flask) -> None:
    document = writing.begun()
    actions.send_for_review(document, seen=1, by=BY_ED, now=NOW)
    assert writing.newest(document).state == "review"
    writing.change(document, article(text="Better.\n"))
    assert [one.state for one in queries.versions(document.id)] == ["draft", "draft"]


def test_an_older_version_can_be_brought_back_as_a_draft(each_site: Flask) -> None:
    document = writing.published()
    writing.change(document, article(text="Worse.\n"))
    writing.publish(document)
    actions.restore(document, 1, seen=2, by=BY_ED, now=NOW)
    assert writing.newest(document).body == article()
    assert "Worse" in read(), "until it is published"
    with pytest.raises(Refusal, match="no version"):
        actions.restore(document, 99, seen=3, by=BY_ED, now=NOW)


# Publishing


def test_what_the_checks_find_wrong_is_not_published(each_site: Flask) -> None:
    document = writing.begun(article(theme="nowhere"))
    with pytest.raises(actions.Held) as held:
        writing.publish(document)
    assert [finding.where for finding in held.value.findings if finding.level == "error"] == ["theme"]
    assert read() == ""


def test_warnings_hold_nothing_up(each_site: Flask) -> None:
    document = writing.begun(article().replace('short: "Keep one room warm."\n', ""))
    writing.publish(document)
    assert read()


def test_scheduling_needs_a_day_to_come_and_a_draft_without_errors(each_site: Flask) -> None:
    document = writing.begun()
    with pytest.raises(Refusal, match="after today"):
        actions.schedule(document, TODAY, seen=1, by=BY_ED, now=NOW, today=TODAY)
    tomorrow = TODAY + dt.timedelta(days=1)
    actions.schedule(document, tomorrow, seen=1, by=BY_ED, now=NOW, today=TODAY)
    waits = writing.newest(document)
    assert (waits.state, waits.publish_on) == ("review", tomorrow)
    wrong = writing.begun(article("draughts", theme="nowhere"), "draughts")
    with pytest.raises(actions.Held):
        actions.schedule(wrong, tomorrow, seen=1, by=BY_ED, now=NOW, today=TODAY)


def test_what_is_retired_is_read_by_nobody_and_can_come_back(each_site: Flask) -> None:
    document = writing.published()
    actions.retire(document, seen=1, by=BY_ED, now=NOW)
    assert read() == ""
    with pytest.raises(Refusal, match="not public"):
        actions.retire(document, seen=1, by=BY_ED, now=NOW)
    actions.restore(document, 1, seen=1, by=BY_ED, now=NOW)
    writing.publish(document)
    assert read()


def test_the_database_refuses_two_public_versions_of_one_document(each_site: Flask) -> None:
    document = writing.published()
    writing.change(document, article(text="Two hats.\n"))
    second = sa.update(Version).where(Version.document_id == document.id, Version.number == 2)
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(second.values(state="published", published_at=NOW))


def test_the_audit_tells_who_did_what_without_a_word_of_the_text(each_site: Flask) -> None:
    document = writing.published(article(text="A secret word.\n"))
    actions.retire(document, seen=1, by=BY_ED, now=NOW)
    db.session.commit()
    events = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.number)).all()
    assert [event.action for event in events] == ["document.saved", "document.published", "document.retired"]
    assert {event.actor for event in events} == {"user:ed"}
    assert all("secret" not in str(event.facts) for event in events)


# A council's words over parts of a shared document


def test_the_default_words_of_a_part_stand_and_those_that_must_be_edited_do_not(each_site: Flask) -> None:
    writing.published(article(text=PARTED))
    assert "Ring the library." in read()
    assert "Say your hours" not in read()
    assert "```" not in read()


def test_a_council_lays_its_own_words_over_parts_and_others_do_not_see_them(each_site: Flask) -> None:
    shared = writing.published(article(text=PARTED))
    writing.words_over(make.council("millbrook"), shared, phone="Ring the mill.", hours="Nine to five.")
    found = queries.published(make.council("millbrook"), "article", "keeping-warm")
    assert found
    assert "Ring the mill.\n\nNine to five.\n\nThe end." in found.body
    assert (found.document_id, found.number) == (shared.id, 1)
    assert "Ring the library." in read()
    assert len(queries.all_published(make.council("millbrook"), "article")) == 1


def test_a_change_of_the_shared_document_reaches_people_beneath_a_councils_words(each_site: Flask) -> None:
    shared = writing.published(article(text=PARTED))
    writing.words_over(make.council(), shared, phone="Ring Fern.")
    writing.change(shared, article(text=PARTED.replace("The end.", "The new end.")))
    writing.publish(shared)
    assert "Ring Fern." in read()
    assert "The new end." in read()
    old = queries.numbered(make.council(), "article", "keeping-warm", 1)
    assert old
    assert "Ring Fern." in old.body
    assert "The end." in old.body


def test_everything_but_the_parts_is_locked(each_site: Flask) -> None:
    shared = writing.published(article(text=PARTED))
    with pytest.raises(Refusal, match="no part ending"):
        actions.overlay(make.council(), shared, {"ending": "No."}, seen=0, by=BY_ED, now=NOW)
    writing.words_over(make.council(), shared, phone="Once.")
    with pytest.raises(actions.Moved):
        actions.overlay(make.council(), shared, {"phone": "Twice."}, seen=0, by=BY_ED, now=NOW)


def test_a_councils_words_that_break_the_text_are_not_published(each_site: Flask) -> None:
    shared = writing.published(article(text=PARTED))
    with pytest.raises(actions.Held):
        writing.words_over(make.council(), shared, phone="[Ring](article:no-such-article)")


def test_words_over_a_document_can_become_a_copy_with_a_number_of_its_own(each_site: Flask) -> None:
    shared = writing.published(article(text=PARTED))
    for text in ("A.\n", "B.\n"):
        writing.change(shared, article(text=PARTED + text))
        writing.publish(shared)
    own = writing.words_over(make.council(), shared, phone="Ring Fern.")
    saved = writing.change(own, article(text="All ours.\n"), over_number=None)
    assert saved.number == writing.newest(shared).number + 1
    writing.publish(own)
    assert "All ours." in read()


def test_reading_takes_one_query(site: Flask) -> None:
    shared = writing.published(article(text=PARTED))
    writing.words_over(make.council(), shared, phone="Ring Fern.")
    council, asked = make.council(), []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    queries.published(council, "article", "keeping-warm")
    queries.all_published(council, "article")
    queries.numbered(council, "article", "keeping-warm", 1)
    assert len(asked) == 3
