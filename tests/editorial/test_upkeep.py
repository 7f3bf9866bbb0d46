"""What happens to documents by themselves: their day comes, their review is due, their links break."""

import datetime as dt
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import retention
from portal.db import db
from portal.editorial import actions, asking, linking, previewing, queries, reviewing, usefulness
from portal.editorial.models import PreviewLink, Usefulness, Version, WebLink
from tests import make
from tests.accounts import people
from tests.editorial import writing
from tests.editorial.writing import BY_ED, TODAY, article
from tests.make import NOW

DAY = dt.timedelta(days=1)
ADDRESS = "https://www.nhs.uk/keep-warm"


def is_public(key: str = "keeping-warm") -> bool:
    db.session.rollback()
    return queries.published(make.council(), "article", key) is not None


# Its day


def set_for(day: dt.date, body: str | None = None) -> Version:
    """A draft that becomes public by itself on a day."""
    document = writing.begun(body)
    actions.schedule(document, day, seen=1, by=BY_ED, now=NOW, today=TODAY)
    db.session.commit()
    return writing.newest(document)


def test_what_was_set_for_a_day_is_public_from_then_on(each_site: Flask) -> None:
    set_for(TODAY + DAY)
    reviewing.publish_what_is_due(TODAY, NOW)
    assert not is_public()
    reviewing.publish_what_is_due(TODAY + DAY, NOW + DAY)
    assert is_public()
    assert people.mails() == []


def test_what_its_checks_hold_back_on_the_day_is_told_and_waits_for_a_person(each_site: Flask) -> None:
    people.user("ed", roles=("editor",))
    other = writing.published(article("hats"), "hats")
    version = set_for(TODAY + DAY, article(text="[Hats](article:hats)\n"))
    actions.retire(other, seen=1, by=BY_ED, now=NOW)
    db.session.commit()
    for day in (1, 2):
        reviewing.publish_what_is_due(TODAY + day * DAY, NOW + day * DAY)
    assert not is_public()
    (mail,) = people.mails("ed@example.org")
    assert "there is no article hats" in mail.text
    assert writing.again(version.document_id).publish_on is None


def test_what_is_written_on_after_it_was_set_for_a_day_is_not_published_by_itself(each_site: Flask) -> None:
    version = set_for(TODAY + DAY)
    writing.change(version.document, article(text="Not ready.\n"))
    db.session.commit()
    reviewing.publish_what_is_due(TODAY + DAY, NOW + DAY)
    assert not is_public()


# Its review


def test_editors_are_told_once_of_what_must_be_read_again_within_a_fortnight(each_site: Flask) -> None:
    people.user("ed", roles=("editor",))
    people.user("olga", roles=("editor",), of="millbrook")
    writing.published(article(next=(TODAY + 14 * DAY).isoformat()))
    writing.published(article("later", next=(TODAY + 15 * DAY).isoformat()), "later")
    writing.published(
        article("mills", title="Mills", next=TODAY.isoformat()), "mills", of=make.council("millbrook")
    )
    for _again in range(2):
        reviewing.remind(TODAY, NOW)
    (eds,) = people.mails("ed@example.org")
    (olgas,) = people.mails("olga@example.org")
    assert "Keeping warm, by 7 December 2026" in eds.text
    assert "later" not in eds.text
    assert "Mills, by 23 November 2026" in olgas.text
    reviewing.remind(TODAY + DAY, NOW + DAY)
    assert len(people.mails("ed@example.org")) == 2, "the other one is due now"


# Its links


def night(number: int) -> dt.datetime:
    """Two in the morning, some days on."""
    return dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC) + number * DAY


@pytest.fixture
def asks_all(site: Flask) -> Iterator[None]:
    """The site asks after every address, as it does where it is in use."""
    site.config["FETCH_ALLOW"] = ("www.nhs.uk",)
    yield
    site.config["FETCH_ALLOW"] = ()


@pytest.mark.usefixtures("asks_all")
def test_a_link_that_is_broken_on_three_nights_is_told_once(site: Flask) -> None:
    people.user("ed", roles=("editor",))
    writing.published()
    for number in range(2):
        linking.check(night(number), lambda address: "it answers 404")
    assert people.mails() == []
    for number in (2, 3):
        linking.check(night(number), lambda address: "it answers 404")
    (mail,) = people.mails("ed@example.org")
    assert ADDRESS in mail.text
    assert "Keeping warm" in mail.text
    ed, _user = people.somebody(site, "nell", roles=("editor",))
    assert ADDRESS in ed.get("/editor/documents/links").text


@pytest.mark.usefixtures("asks_all")
def test_one_good_night_makes_up_for_two_bad_ones(site: Flask) -> None:
    people.user("ed", roles=("editor",))
    writing.published()
    told = dict.fromkeys((0, 1, 3, 4), "gone")
    for number in range(5):
        linking.check(night(number), partial(lambda problem, _address: problem, told.get(number, "")))
    assert people.mails() == []
    assert db.session.get_one(WebLink, ADDRESS).failures == 2


@pytest.mark.usefixtures("asks_all")
def test_an_address_is_asked_after_once_a_night(site: Flask) -> None:
    writing.published()
    asked: list[str] = []

    def ask(address: str) -> str:
        asked.append(address)
        return ""

    for hours in (0, 1, 24):
        linking.check(night(0) + dt.timedelta(hours=hours), ask)
    assert asked == [ADDRESS, ADDRESS]


def test_a_demonstration_asks_nobody(site: Flask) -> None:
    writing.published()
    linking.check(night(0), lambda address: pytest.fail(f"asked {address}"))
    linking.run(NOW)
    assert db.session.scalars(sa.select(WebLink)).all() == []


# Asking another machine


@dataclass
class Shelf:
    """What a server has: path -> (status, where it leads on)."""

    pages: dict[str, tuple[int, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heads: int = 0  # what it answers to HEAD instead, where this is not 0
    base: str = ""


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """A server on this machine."""
    found = Shelf()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            found.asked.append(f"{self.command} {self.path}")
            status, leads = found.pages.get(self.path, (404, ""))
            self.send_response(found.heads if self.command == "HEAD" and found.heads else status)
            if leads:
                self.send_header("Location", leads)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD = _answer  # noqa: N815 - the server calls them so

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.base = f"http://127.0.0.1:{server.server_port}"
    yield found
    server.shutdown()
    server.server_close()


NEAR = ("127.0.0.1",)


def test_a_page_that_is_there_has_no_problem_and_is_asked_for_its_head_alone(shelf: Shelf) -> None:
    shelf.pages["/warm?a=1"] = (200, "")
    assert asking.problem(f"{shelf.base}/warm?a=1#part", NEAR) == ""
    assert shelf.asked == ["HEAD /warm?a=1"]


def test_who_does_not_like_head_is_asked_again(shelf: Shelf) -> None:
    shelf.pages["/warm"], shelf.heads = (200, ""), 500
    assert asking.problem(f"{shelf.base}/warm", NEAR) == ""
    assert shelf.asked == ["HEAD /warm", "GET /warm"]


@pytest.mark.parametrize(("status", "problem"), [(404, "it answers 404"), (500, "it answers 500"), (403, "")])
def test_only_a_page_that_is_not_there_is_a_problem(shelf: Shelf, status: int, problem: str) -> None:
    shelf.pages["/warm"] = (status, "")
    assert asking.problem(f"{shelf.base}/warm", NEAR) == problem


def test_pages_that_have_moved_are_followed_and_never_onto_our_own_network(shelf: Shelf) -> None:
    shelf.pages |= {"/old": (301, "/new"), "/new": (200, ""), "/round": (302, "/round")}
    shelf.pages["/inside"] = (302, "http://localhost:1/secret")
    assert asking.problem(f"{shelf.base}/old", NEAR) == ""
    assert asking.problem(f"{shelf.base}/round", NEAR) == "it leads on and on"
    assert asking.problem(f"{shelf.base}/inside", NEAR) == "it is no public address"


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://0.0.0.0/",
    ],
)
def test_our_own_network_is_never_asked(address: str) -> None:
    assert asking.problem(address) == "it is no public address"


@pytest.mark.parametrize(
    "address",
    ["ftp://www.nhs.uk/", "https://", "https://me:secret@www.nhs.uk/", "http://a:99999/", "mailto:x"],
)
def test_what_is_no_web_page_is_not_asked(address: str) -> None:
    assert asking.problem(address) == "it is no address of a web page"


@pytest.mark.parametrize(
    ("machine", "public"),
    [
        ("81.2.69.142", True),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("192.168.1.1", False),
        ("224.0.0.1", False),
        ("2606:4700::1111", True),
        ("fe80::1%eth0", False),
        ("::ffff:10.0.0.1", False),
    ],
)
def test_which_machines_are_public(machine: str, public: bool) -> None:
    assert asking.is_public(machine) is public


# What is kept


def test_each_thing_goes_when_its_time_is_over_and_what_was_public_stays(each_site: Flask) -> None:
    document = writing.published()
    writing.change(document, article(text="A draft.\n"))
    writing.change(document, article(text="Another.\n"))
    previewing.share(make.council(), [document.id], by=BY_ED, now=NOW)
    usefulness.tell(make.council(), document.id, useful=True, words="Yes", today=TODAY)
    db.session.add(WebLink(address=ADDRESS, seen_on=TODAY))
    db.session.commit()
    document_id = document.id
    db.session.rollback()

    def left() -> list[int | None]:
        counted = (Version, PreviewLink, Usefulness, WebLink)
        counts = [db.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in counted]
        db.session.rollback()  # the deletion has transactions of its own
        return counts

    retention.delete(NOW + 13 * DAY)
    assert left() == [3, 1, 1, 1]
    retention.delete(NOW + 31 * DAY)
    assert left() == [3, 0, 1, 0]
    retention.delete(NOW + 366 * DAY)
    assert left() == [3, 0, 0, 0]
    retention.delete(NOW + 731 * DAY)
    assert left() == [2, 0, 0, 0]
    assert [one.number for one in queries.versions(document_id)] == [3, 1]
