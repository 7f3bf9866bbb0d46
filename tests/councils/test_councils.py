"""Several councils on one site: which host name is whose, how one is added, and pages in each one's own colours."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.councils import actions, queries
from portal.councils.models import Area, Council, CouncilHost, Town
from portal.db import db
from portal.errors import Refusal
from tests import make

SITES = {
    "fernshire": ("Fernshire Living Well", "01632 960 123", "#0b5150"),
    "millbrook": ("Millbrook Help and Care", "0161 496 0200", "#5b2a6e"),
    "saltmarsh": ("Saltmarsh Well Together", "0161 496 0300", "#1d4f8c"),
}


def found(host: str) -> str | None:
    """The key of the council whose host this is."""
    council = queries.for_host(host)
    return council.key if council else None


# Whose site a host name is


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("millbrook.localhost", "millbrook"),
        ("millbrook.localhost:5000", "millbrook"),
        ("MILLBROOK.LocalHost", "millbrook"),
        ("millbrook.localhost.", "millbrook"),
        ("millbrook.localhost.:5000", "millbrook"),
        ("localhost", "fernshire"),
        ("fernshire.localhost", "fernshire"),
        ("www.millbrook.localhost", "fernshire"),
        ("nobody.example", "fernshire"),
        ("127.0.0.1:5000", "fernshire"),
        ("[::1]:5000", "fernshire"),
        ("", "fernshire"),
        ("millbrook", "fernshire"),
        ("%", "fernshire"),
    ],
)
def test_a_host_name_leads_to_its_council_and_any_other_to_the_default(
    each_site: Flask, host: str, key: str
) -> None:
    assert found(host) == key


def test_without_a_default_the_first_by_its_key_answers(each_site: Flask) -> None:
    db.session.execute(sa.update(Council).values(is_default=False))
    assert found("nobody.example") == "fernshire"
    db.session.execute(sa.update(Council).where(Council.key == "saltmarsh").values(is_default=True))
    assert found("nobody.example") == "saltmarsh"
    db.session.rollback()


def test_before_any_council_there_is_none(each_site: Flask) -> None:
    for model in (Town, CouncilHost):
        db.session.execute(sa.delete(model))
    db.session.execute(sa.text("DELETE FROM council_area"))
    db.session.execute(sa.delete(Council))
    assert found("localhost") is None
    assert queries.every() == []
    db.session.rollback()


# Adding one


def add(key: str = "hillshire", **more: Any) -> Council:
    """A council with only what the test is about said."""
    facts: dict[str, Any] = {
        "name": "Hillshire",
        "hosts": ["hillshire.example.org"],
        "areas": ["E08000001"],
        **more,
    }
    return actions.add(key, **facts)


def test_a_council_that_was_added_has_its_own_site(each_site: Flask) -> None:
    add(hosts=["Hillshire.Example.org:443", "www.hillshire.example.org"], areas=["E08000001", "E08000001"])
    db.session.commit()
    council = queries.for_host("www.hillshire.example.org")
    assert council is not None
    assert (council.key, council.name, council.site_name) == (
        "hillshire",
        "Hillshire",
        "Hillshire Living Well",
    )
    assert {host.host for host in council.hosts} == {"hillshire.example.org", "www.hillshire.example.org"}
    assert [area.code for area in council.areas] == ["E08000001"]
    assert council.base_url == "https://hillshire.example.org"
    assert (council.is_default, council.is_made_up, council.strategy) == (False, False, "nearest")


def test_the_first_council_of_a_site_is_its_default(each_site: Flask) -> None:
    for model in (Town, CouncilHost):
        db.session.execute(sa.delete(model))
    db.session.execute(sa.text("DELETE FROM council_area"))
    db.session.execute(sa.delete(Council))
    assert add().is_default
    assert not add("dalesborough", name="Dalesborough", hosts=["dales.example.org"]).is_default
    db.session.rollback()


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"key": "fernshire"}, "key", "There is a council fernshire already."),
        ({"key": "Hillshire"}, "key", "in small letters"),
        ({"key": "hill shire"}, "key", "without blanks"),
        ({"key": "h"}, "key", "short"),
        ({"key": "x" * 41}, "key", "short"),
        ({"key": ""}, "key", "short"),
        ({"key": "hillshire\n"}, "key", "short"),
        (
            {"hosts": ["millbrook.localhost"]},
            "hosts",
            "millbrook.localhost leads to another council already.",
        ),
        ({"hosts": ["MILLBROOK.localhost:80"]}, "hosts", "leads to another council already."),
        ({"hosts": ["https://hillshire.example.org"]}, "hosts", "is not a host name."),
        ({"hosts": ["hill_shire.example.org"]}, "hosts", "is not a host name."),
        ({"hosts": ["hillshire.example.org/path"]}, "hosts", "is not a host name."),
        ({"hosts": ["-hillshire"]}, "hosts", "is not a host name."),
        ({"hosts": ["x" * 200]}, "hosts", "is not a host name."),
        ({"hosts": [""]}, "hosts", "is not a host name."),
        ({"hosts": []}, "hosts", "needs a host name of its own"),
        ({"strategy": "cheapest"}, "strategy", "nearest, own_first, community_first"),
        ({"brand": {"brand": "#ffff00"}}, "brand", "hard to read"),
        ({"name": " "}, "name", "needs a name"),
        ({"name": "x" * 61}, "name", "needs a name"),
    ],
)
def test_what_cannot_be_added_is_refused_with_the_reason_and_leaves_nothing(
    each_site: Flask, more: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        add(**more)
    assert refusal.value.field == field
    assert words in refusal.value.words
    db.session.commit()
    assert len(queries.every()) == 3


def test_a_host_that_is_said_twice_is_one(each_site: Flask) -> None:
    add(hosts=["hillshire.example.org", "HILLSHIRE.example.org"])
    db.session.commit()
    assert found("hillshire.example.org") == "hillshire"


def test_the_command_adds_a_council_and_says_where_it_is(site: Flask) -> None:
    db.session.remove()
    words = [
        "councils",
        "add",
        "hillshire",
        "--name",
        "Hillshire",
        "--host",
        "hills.example.org",
        "--area",
        "E08000001",
    ]
    answer = site.test_cli_runner().invoke(
        args=[*words, "--host", "www.hills.example.org", "--phone", "01632 960 999"]
    )
    assert answer.exit_code == 0, answer.output
    assert answer.output == "Hillshire is on the site at hills.example.org, www.hills.example.org.\n"
    council = queries.by_key("hillshire")
    assert council is not None
    assert council.phone == "01632 960 999"


def test_a_refusal_of_the_command_is_said_in_its_own_words_and_not_as_a_failure_of_the_program(
    site: Flask,
) -> None:
    db.session.remove()
    portal = Path(sys.executable).with_name("portal")
    words = ["councils", "add", "fernshire", "--name", "F", "--host", "f.example.org", "--area", "E08000009"]
    environ = {**os.environ, "PORTAL_INSTANCE": str(site.config["INSTANCE"])}
    told = subprocess.run([portal, *words], env=environ, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout, told.stderr) == (1, "", "There is a council fernshire already.\n")


# Areas and towns


def test_areas_are_saved_and_mended_and_never_doubled(each_site: Flask) -> None:
    row = {"code": "X05000999", "name": "Hilltop", "kind": "ward", "parent": "", "sectors": "M33 2|M33 3"}
    assert actions.save_areas([row]) == 1
    assert actions.save_areas([{**row, "name": "Hill Top", "parent": "E08000009", "sectors": ""}]) == 1
    db.session.commit()
    area = db.session.get_one(Area, "X05000999")
    assert (area.name, area.parent_code, area.sectors) == ("Hill Top", "E08000009", [])


def test_an_area_of_no_known_kind_is_refused_by_the_database(each_site: Flask) -> None:
    actions.save_areas([{"code": "X1", "name": "Hilltop", "kind": "parish"}])
    with pytest.raises(sa.exc.IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_a_town_that_moved_is_the_same_town(each_site: Flask) -> None:
    council = make.council()
    actions.save_town(council, "Sale", "sale", 379000, 391000)
    actions.save_town(council, "SALE", "sale", 379100, 391100)
    db.session.commit()
    towns = db.session.scalars(
        sa.select(Town).where(Town.council_id == council.id, Town.folded == "sale")
    ).all()
    assert [(town.name, town.easting, town.northing) for town in towns] == [("SALE", 379100, 391100)]


# Pages


@pytest.fixture
def get(site: Flask) -> Callable[..., TestResponse]:
    """Asks a council's site for a page, as somebody who comes anew."""
    client: FlaskClient = site.test_client()

    def ask(key: str, path: str = "/") -> TestResponse:
        return Context().run(client.get, path, base_url=f"http://{key}.localhost")

    return ask


@pytest.mark.parametrize("key", SITES)
def test_each_councils_pages_have_its_name_number_logo_and_colours(
    get: Callable[..., TestResponse], key: str
) -> None:
    name, phone, colour = SITES[key]
    page = get(key).text
    assert f"– {name}</title>" in page
    assert f"<span>{name}</span></a>" in page
    assert f"{phone}</a>" in page
    assert '<span class="brand-logo"><svg' in page
    others = [words for other, known in SITES.items() if other != key for words in known[:2]]
    assert not any(words in page for words in others)
    sheet = re.search(r'href="(/brand\.css\?v=[0-9a-f]+)"', page)
    assert sheet
    css = get(key, sheet[1])
    assert css.mimetype == "text/css"
    assert f"--brand:{colour};" in css.text
    assert "max-age=31536000" in css.headers["Cache-Control"]


def test_a_council_that_changes_its_colours_is_seen_in_them_at_once(
    site: Flask, get: Callable[..., TestResponse]
) -> None:
    before = re.search(r"/brand\.css\?v=\w+", get("millbrook").text)
    actions.set_brand(make.council("millbrook"), {"brand": "#7a1f1f", "brand-deep": "#4d1010"})
    db.session.commit()
    page = get("millbrook").text
    after = re.search(r"/brand\.css\?v=\w+", page)
    assert before
    assert after
    assert before[0] != after[0]
    assert "--brand:#7a1f1f;" in get("millbrook", after[0]).text
    assert '<meta name="theme-color" content="#4d1010">' in page


def test_no_two_councils_share_an_address_for_their_colours(get: Callable[..., TestResponse]) -> None:
    addresses = {re.findall(r"/brand\.css\?v=\w+", get(key).text)[0] for key in SITES}
    assert len(addresses) == len(SITES)


def test_a_made_up_council_says_so_on_every_page_and_a_real_one_does_not(
    site: Flask, get: Callable[..., TestResponse]
) -> None:
    told = "the councils, people and services on it are made up"
    assert all(
        told in get("fernshire", path).text for path in ("/", "/find", "/plan", "/nowhere", "/privacy")
    )
    add(hosts=["hillshire.localhost"])
    db.session.commit()
    assert told not in get("hillshire").text


def test_a_council_without_logo_phone_or_colours_still_has_a_site(
    site: Flask, get: Callable[..., TestResponse]
) -> None:
    add(hosts=["hillshire.localhost"])
    db.session.commit()
    for path in ("/", "/find", "/browse", "/plan", "/accessibility", "/nowhere"):
        page = get("hillshire", path)
        assert page.status_code in (200, 404), path
        assert "Hillshire Living Well" in page.text
        assert 'href="tel:"' not in page.text
        assert "brand-logo" not in page.text


def test_a_name_with_odd_letters_is_shown_as_letters(site: Flask, get: Callable[..., TestResponse]) -> None:
    add(hosts=["hillshire.localhost"], name="Hill & <b>Dale</b>")
    db.session.commit()
    page = get("hillshire").text
    assert "Hill &amp; &lt;b&gt;Dale&lt;/b&gt; Living Well" in page
    assert "<b>Dale" not in page
