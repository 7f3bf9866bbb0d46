"""What is searched and opened: true sums by month, and nothing that may name somebody."""

import datetime as dt

from flask import Flask

from portal.db import db
from portal.directory import figures
from portal.directory.models import OpenedTally, SearchTally
from tests import make
from tests.accounts import people

NOVEMBER, TODAY = dt.date(2026, 11, 1), dt.date(2026, 11, 23)


def searched(words: str, times: int, nothing: int = 0, on: dt.date = TODAY, of: str = "fernshire") -> None:
    """So many searches for these words on a day."""
    db.session.add(
        SearchTally(council_id=make.council(of).id, on=on, words=words, searched=times, found_nothing=nothing)
    )


def test_words_are_added_up_by_month_the_most_wanted_first(each_site: Flask) -> None:
    for day, times, nothing in ((3, 2, 2), (9, 2, 1)):
        searched("falconry", times, nothing, on=dt.date(2026, 11, day))
    searched("lunch", 40)
    searched("chess", 5, 5, on=dt.date(2026, 10, 31))
    searched("kites", 9, 9, of="millbrook")
    db.session.commit()
    found = figures.of_month(make.council(), NOVEMBER)
    assert [(w.words, w.searched, w.found_nothing) for w in found.missing] == [("falconry", 4, 3)]
    assert [w.words for w in found.searched] == ["lunch", "falconry"]
    assert [w.words for w in figures.of_month(make.council(), dt.date(2026, 10, 1)).missing] == ["chess"]


def test_words_searched_once_or_twice_are_never_shown_since_they_may_name_somebody(each_site: Flask) -> None:
    searched("mavis henshaw", 2, 2)
    searched("derek", 1, 1, on=dt.date(2026, 11, 1))
    searched("derek", 1, 1, on=dt.date(2026, 11, 2))
    searched("falconry", 3, 1)
    db.session.commit()
    found = figures.of_month(make.council(), NOVEMBER)
    assert [w.words for w in found.missing] == [w.words for w in found.searched] == ["falconry"]


def test_what_is_opened_most_and_what_never(each_site: Flask) -> None:
    table, cafe, new = (
        make.service("Thursday Table"),
        make.service("Memory café"),
        make.service("Nobody knows me"),
    )
    make.service("Draft", state="draft"), make.service("Theirs", of="millbrook")
    for service, times in ((table, 3), (cafe, 8)):
        db.session.add(OpenedTally(service_id=service.id, on=make.NOW.date(), opened=times))
    db.session.commit()
    found = figures.of_month(make.council(), NOVEMBER)
    assert [(s.name, s.opened) for s in found.seen] == [("Memory café", 8), ("Thursday Table", 3)]
    assert ([s.id for s in found.never], found.never_count) == ([new.id], 1)


def test_the_page_shows_a_month_and_leads_to_the_others(each_site: Flask) -> None:
    searched("falconry", 4, 3, on=dt.date(2026, 9, 3))
    make.service("Nobody knows me")
    db.session.commit()
    ed, _ = people.somebody(each_site, "ed", roles=("editor",))
    page = ed.get("/editor/figures/?month=2026-09").text
    assert "falconry" in page
    assert "Nobody knows me" in page
    assert 'href="/editor/figures/?month=2026-10"' in page
    for odd in ("", "?month=1066-10", "?month=x", "?month="):
        assert "falconry" not in ed.get(f"/editor/figures/{odd}").text


def test_brokers_see_the_gaps_and_others_do_not(site: Flask) -> None:
    bea, _ = people.somebody(site, "bea", roles=("broker",))
    assert bea.get("/editor/figures/").status_code == 200
    for key, role, of in (("priya", "navigator", "fernshire"), ("olga", "editor", "millbrook")):
        other, _ = people.somebody(site, key, roles=(role,), of=of)
        assert other.get("/editor/figures/").status_code == 404


def test_months_go_back_to_the_first_count(site: Flask) -> None:
    assert figures.months(make.council(), dt.date(2026, 11, 23)) == [NOVEMBER]
    searched("falconry", 1, on=dt.date(2026, 9, 30))
    assert figures.months(make.council(), dt.date(2026, 11, 23)) == [
        NOVEMBER, dt.date(2026, 10, 1), dt.date(2026, 9, 1),
    ]  # fmt: skip
