"""Pages that belong to no feature: health, language, leaving a shared computer, and what the law asks for."""

import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from portal import clock
from portal.db import db
from portal.directory import indexing
from portal.site import KNOWN_PROBLEMS, LOOKED_AT
from tests import make
from tests.kernel.conftest import Probe, Visitor

Another = Callable[..., Flask]


# Health


def test_a_site_that_can_serve_says_so(each_site: Flask) -> None:
    make.saved(make.service())
    db.session.remove()
    assert Visitor(each_site).get("/healthz").text == "ok\n"
    ready = Visitor(each_site).get("/readyz")
    assert (ready.status_code, ready.text, ready.mimetype) == (200, "ready\n", "text/plain")


def test_without_an_index_it_is_alive_and_not_ready_and_says_what_to_do(site: Flask) -> None:
    ready = Visitor(site).get("/readyz")
    assert ready.status_code == 503
    assert ready.text == "there is no search index: portal index rebuild\n"
    assert Visitor(site).get("/healthz").status_code == 200


def test_with_tables_of_another_time_it_is_not_ready(probe: Probe) -> None:
    with probe.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'of-yore'"))
        at = "the database is at migration of-yore"
    try:
        ready = Visitor(probe.app).get("/readyz")
        assert ready.status_code == 503
        assert ready.text.startswith(at)
        assert "portal db upgrade" in ready.text
    finally:
        head = re.search(r"and (\w+) is needed", ready.text)
        assert head
        with probe.engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :head"), {"head": head[1]})


@pytest.mark.parametrize(
    "database",
    ["postgresql://portal@127.0.0.1:1/portal", "sqlite:////no/such/folder/portal.db"],
)
def test_without_a_database_it_is_alive_and_not_ready(
    tmp_path: Path, another: Another, database: str
) -> None:
    address = database.replace("postgresql:", "postgresql+psycopg:")
    lost = another({"SQLALCHEMY_DATABASE_URI": address, "PROPAGATE_EXCEPTIONS": False})
    assert Visitor(lost).get("/healthz").status_code == 200
    ready = Visitor(lost).get("/readyz")
    assert ready.status_code == 503
    assert "the database does not answer" in ready.text.splitlines()
    assert Visitor(lost).get("/").status_code == 500


def test_every_problem_is_told_at_once(tmp_path: Path, another: Another) -> None:
    fresh = another({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'fresh.db'}"})
    told = Visitor(fresh).get("/readyz").text
    assert "the database is at migration None" in told
    assert "there is no search index" in told


# Leaving


def test_leaving_clears_everything_and_names_no_subject(site: Flask) -> None:
    service = make.service("Women’s refuge")
    make.saved(service)
    visitor, key = Visitor(site), str(service.id)
    visitor.send("/plan/items", service=key)
    assert "Women’s refuge" in visitor.get("/plan").text
    left = visitor.post("/exit")
    assert left.status_code == 200
    assert left.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert left.headers["Cache-Control"] == "no-store"
    assert "<title>All clear – Fernshire Living Well</title>" in left.text
    assert "Women’s refuge" not in left.text
    assert "history still lists the pages" in left.text
    assert any(cookie.startswith("session=;") for cookie in left.headers.getlist("Set-Cookie"))
    assert "Women’s refuge" not in visitor.get("/plan").text


def test_leaving_is_done_by_a_button_and_not_by_a_link(site: Flask) -> None:
    assert Visitor(site).get("/exit").status_code == 405
    assert re.search(r'<form[^>]* method="post" action="/exit">', Visitor(site).get("/").text)


@pytest.mark.parametrize("body", [b"", b"csrf_token=stolen", b"\xff\xfe" * 100, b"x" * 2_000_000])
def test_whatever_is_sent_leaving_works(site: Flask, body: bytes) -> None:
    form = "application/x-www-form-urlencoded"
    assert Visitor(site).post("/exit", data=body, content_type=form).status_code == 200


def test_leaving_works_with_a_cookie_that_is_not_ours(site: Flask) -> None:
    assert Visitor(site).post("/exit", headers={"Cookie": "session=e30.bad.bad"}).status_code == 200


@pytest.mark.parametrize(
    "database", ["postgresql+psycopg://portal@127.0.0.1:1/portal", "sqlite:////no/such/db"]
)
def test_leaving_works_when_the_database_does_not(another: Another, database: str) -> None:
    lost = another({"SQLALCHEMY_DATABASE_URI": database, "PROPAGATE_EXCEPTIONS": False})
    left = Visitor(lost).post("/exit")
    assert left.status_code == 200
    assert "All clear" in left.text
    assert "Clear-Site-Data" in left.headers


def test_leaving_waits_for_nobody_who_writes(probe: Probe) -> None:
    with probe.engine.begin() as writer:
        writer.execute(sa.text("UPDATE council SET phone = '999'"))
        assert Visitor(probe.app).post("/exit").status_code == 200


# The language


def test_after_choosing_the_language_the_visitor_is_back_on_the_page(site: Flask) -> None:
    answer = Visitor(site).send("/language", language="en", next="/find?q=lunch&postcode=M33+7ZF")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/find?q=lunch&postcode=M33+7ZF")


def leads_off(address: str) -> bool:
    """Whether a browser would leave the site there. Source: WHATWG URL: tabs and line breaks go, a \\ is a /."""
    seen = re.sub(r"[\t\r\n]", "", address).strip("".join(map(chr, range(33)))).replace("\\", "/")
    return not seen.startswith("/") or seen.startswith("//")


OFF_THE_SITE = (
    *("//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example"),
    *(
        "/\n/evil.example",
        "\t//evil.example",
        "/\x00/evil.example",
        "/%09/evil.example",
        "http:/evil.example",
    ),
    *("https://evil.example/", "evil.example", "javascript:alert(1)", "/\r\nSet-Cookie: a=b", "", " "),
)


@pytest.mark.parametrize("address", OFF_THE_SITE)
def test_no_address_leads_off_the_site(site: Flask, address: str) -> None:
    answer = Visitor(site).send("/language", language="en", next=address)
    assert answer.status_code == 303
    assert not leads_off(answer.headers["Location"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.one_of(st.text(), st.text(alphabet="/\\\t\n\r :@?#.ev")))
@example("/\t/e")
def test_nor_does_any_text_at_all(broken: Probe, address: str) -> None:
    answer = Visitor(broken.app).post("/language", data={"next": address})
    assert answer.status_code == 303
    assert not leads_off(answer.headers["Location"])


# What the law asks for


def test_the_accessibility_statement_is_no_older_than_twelve_months() -> None:
    """Public Sector Bodies (Accessibility Regulations) 2018: it is looked at again at least once a year."""
    assert clock.today() - LOOKED_AT <= dt.timedelta(days=365), "look at the accessibility statement again"
    assert all(problem.since <= clock.today() for problem in KNOWN_PROBLEMS)


def test_the_statement_says_when_it_was_looked_at_what_is_known_and_whom_to_tell(site: Flask) -> None:
    page = Visitor(site).get("/accessibility").text
    assert f"last looked at on {LOOKED_AT.day} {LOOKED_AT:%B %Y}" in page
    assert "2.2, level AA" in page
    assert all(problem.words in page for problem in KNOWN_PROBLEMS)
    assert "01632 960 123" in page
    assert "livingwell@fernshire.example.org" in page
    assert "Equality Advisory and Support Service" in page


def test_the_page_about_cookies_names_the_one_there_is(site: Flask) -> None:
    visitor = Visitor(site)
    cookies = {header.partition("=")[0] for header in visitor.get("/").headers.getlist("Set-Cookie")}
    assert cookies == {"session"}
    page = visitor.get("/cookies").text
    assert all(f"“{name}”" in page for name in cookies)


def test_help_and_the_pages_of_the_law_can_be_reached_from_every_page(site: Flask) -> None:
    for path in ("/", "/find", "/plan", "/nowhere", "/privacy"):
        page = Visitor(site).get(path).text.split("<footer")[1]
        assert all(f'href="{there}"' in page for there in ("/accessibility", "/privacy", "/cookies")), path
        assert 'href="tel:999"' in page, path
        assert 'href="tel:111"' in page, path
        assert "free care needs or carer’s assessment" in page, path


# Robots


@pytest.mark.parametrize(
    ("path", "may"),
    [("/", True), ("/browse", True), ("/services/11111111-1111-4111-8111-111111111111", True),
     ("/find?q=lunch", False), ("/plan", False), ("/plan/booklet", False), ("/accessibility", True)],
)  # fmt: skip
def test_search_engines_read_listings_and_nothing_of_a_person(site: Flask, path: str, may: bool) -> None:
    answer = Visitor(site).get("/robots.txt")
    assert answer.mimetype == "text/plain"
    robots = RobotFileParser()
    robots.parse(answer.text.splitlines())
    assert robots.can_fetch("AnySearchEngine", f"https://localhost{path}") is may


def test_an_index_that_goes_away_is_noticed(site: Flask) -> None:
    make.saved(make.service())
    assert Visitor(site).get("/readyz").status_code == 200
    shutil.rmtree(Path(site.config["INSTANCE"]) / "index")
    assert not indexing.engine().is_ready()
    assert Visitor(site).get("/readyz").status_code == 503
