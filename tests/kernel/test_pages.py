"""How answers leave: headers on all of them, kind error pages, whole pages and their fragments, static files."""

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, abort, render_template_string, request

from portal import pages
from portal.councils.models import Council
from portal.db import db
from portal.errors import Refusal
from tests import make
from tests.access import examples, things
from tests.html_valid import validate
from tests.kernel.conftest import Probe, Visitor

SECURE = "https://localhost"


def addresses(app: Flask) -> list[tuple[str, str]]:
    """(method, address) of all that the app serves, on things that are there."""
    there = things.made(app)
    return [
        (method, address)
        for method in ("GET", "HEAD", "OPTIONS", "POST")
        for address in examples.addresses(app, there, method).values()
    ]


# Headers


def policy(header: str) -> dict[str, list[str]]:
    """A Content-Security-Policy, directive by directive."""
    return {name: sources for name, *sources in (part.split() for part in header.split("; "))}


def test_every_answer_of_every_route_carries_the_headers_that_keep_it_safe(site: Flask) -> None:
    seen = set()
    for method, address in addresses(site):
        answer = Visitor(site).ask(method, address)
        seen.add(answer.status_code)
        csp = policy(answer.headers["Content-Security-Policy"])
        assert csp["default-src"] == csp["frame-ancestors"] == csp["base-uri"] == ["'none'"], address
        assert csp["script-src"] == csp["style-src"] == csp["connect-src"] == csp["form-action"] == ["'self'"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        assert answer.headers["Referrer-Policy"] == "same-origin", address
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert "camera=()" in answer.headers["Permissions-Policy"], address
    assert {200, 303, 400, 404} == seen  # open, led to the door, no token, and no such service of a council's


def test_the_policy_lets_in_nothing_inline_nothing_evaluated_and_nobody_else(site: Flask) -> None:
    csp = policy(Visitor(site).get("/").headers["Content-Security-Policy"])
    assert {source for sources in csp.values() for source in sources} == {"'none'", "'self'", "data:"}
    assert [name for name, sources in csp.items() if "data:" in sources] == ["img-src"]


def test_browsers_are_told_to_stay_with_https_where_they_came_by_it_and_only_there(site: Flask) -> None:
    for method, address in addresses(site):
        secure = Visitor(site).ask(method, address, base_url=SECURE)
        assert secure.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains", address
        assert "Strict-Transport-Security" not in Visitor(site).ask(method, address).headers, address


def test_https_is_believed_of_our_own_proxy_alone(site: Flask, another: Callable[..., Flask]) -> None:
    behind = another(PORTAL_TRUSTED_PROXIES="1")
    claims = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "millbrook.localhost"}
    ours, anybodys = Visitor(behind).get("/", headers=claims), Visitor(site).get("/", headers=claims)
    assert "Strict-Transport-Security" in ours.headers
    assert "Millbrook Help and Care" in ours.text
    assert "Strict-Transport-Security" not in anybodys.headers
    assert "Fernshire Living Well" in anybodys.text


def test_pages_are_asked_for_anew_and_personal_ones_are_never_kept(site: Flask) -> None:
    assert Visitor(site).get("/").headers["Cache-Control"] == "private, no-cache"
    assert Visitor(site).get("/plan").headers["Cache-Control"] == "no-store"
    assert Visitor(site).post("/exit").headers["Cache-Control"] == "no-store"


def test_the_cookie_is_not_for_scripts_nor_for_other_sites(site: Flask) -> None:
    cookie = Visitor(site).get("/").headers["Set-Cookie"].split("; ")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie)
    assert not any(part.startswith(("Domain", "Expires", "Max-Age")) for part in cookie)


# Error pages


def _raise() -> str:
    raise ZeroDivisionError("the secret inside")


def _refuse() -> str:
    raise Refusal("This plan was closed on Monday. Ring us to open it again.", status=422)


def _read_form() -> str:
    return str(len(request.form))


def page_of(broken: Probe, view: Callable[[], Any]) -> Any:
    """What a visitor gets from a view that goes wrong."""
    broken.view = view
    return Visitor(broken.app).get("/probe")


ERRORS: dict[str, tuple[int, str, Callable[[Probe], Any]]] = {
    "a bad request": (400, "We could not use what was sent", lambda p: page_of(p, lambda: abort(400))),
    "a page that is not there": (404, "We cannot find that page", lambda p: Visitor(p.app).get("/nowhere")),
    "a listing that is not there": (
        404,
        "We cannot find that page",
        lambda p: Visitor(p.app).get(f"/services/{uuid.UUID(int=7)}"),
    ),
    "an address that is no id": (
        404,
        "We cannot find that page",
        lambda p: Visitor(p.app).get("/services/7"),
    ),
    "a static file that is not there": (
        404,
        "We cannot find that page",
        lambda p: Visitor(p.app).get("/static/nothing.css"),
    ),
    "the wrong method": (405, "We cannot find that page", lambda p: Visitor(p.app).post("/find")),
    "too much at once": (
        413,
        "That is too much to send at once",
        lambda p: Visitor(p.app).post("/language", data={"next": "x" * 1_100_000}),
    ),
    "another mistake of the sender": (
        415,
        "We could not use what was sent",
        lambda p: page_of(p, lambda: abort(415)),
    ),
    "a refusal": (422, "We could not do that", lambda p: page_of(p, _refuse)),
    "a flood": (429, "Please wait a moment", lambda p: page_of(p, lambda: abort(429))),
    "a bug": (500, "Sorry, something went wrong", lambda p: page_of(p, _raise)),
    "work on the site": (503, "We will be back soon", lambda p: page_of(p, lambda: abort(503))),
}


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_page_is_kind_has_the_right_status_and_a_way_on(broken: Probe, error: str) -> None:
    status, title, ask = ERRORS[error]
    answer = ask(broken)
    assert answer.status_code == status
    assert re.findall(r"<h1>(.*?)</h1>", answer.text) == [title]
    assert f"<title>{title} – Fernshire Living Well</title>" in answer.text
    assert '<a href="/">Start again from the home page</a>' in answer.text
    assert "01632 960 123" in answer.text.split("<footer")[0]
    assert "the secret inside" not in answer.text
    assert not re.search(r"traceback|exception|error \d|not found|bad request", answer.text, re.IGNORECASE)
    assert "Content-Security-Policy" in answer.headers
    assert validate(answer.text) == []


def test_what_a_refusal_says_is_what_the_person_reads_and_no_more_than_words(broken: Probe) -> None:
    assert "This plan was closed on Monday. Ring us to open it again." in page_of(broken, _refuse).text

    def tricky() -> str:
        raise Refusal("We do not know <script>alert(1)</script>.")

    answer = page_of(broken, tricky)
    assert answer.status_code == 409
    assert "We do not know &lt;script&gt;alert(1)&lt;/script&gt;." in answer.text


def test_the_wrong_method_is_told_which_ones_are_right(site: Flask) -> None:
    answer = Visitor(site).get("/plan/items")
    assert answer.status_code == 405
    assert {"POST", "OPTIONS"} == set(answer.headers["Allow"].split(", "))


def test_each_councils_error_page_is_its_own(broken: Probe) -> None:
    answer = Visitor(broken.app).get("/nowhere", base_url="http://millbrook.localhost")
    assert "<title>We cannot find that page – Millbrook Help and Care</title>" in answer.text
    assert "0161 496 0200" in answer.text


def test_where_the_database_is_of_no_use_there_is_still_a_page(broken: Probe) -> None:
    db.session.remove()
    with broken.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE council RENAME TO council_away")
    answers = {path: Visitor(broken.app).get(path) for path in ("/", "/find", "/nowhere", "/healthz")}
    assert {path: answer.status_code for path, answer in answers.items()} == {
        "/": 500, "/find": 500, "/nowhere": 500, "/healthz": 200,
    }  # fmt: skip
    assert "Sorry, something went wrong" in answers["/"].text
    assert validate(answers["/"].text) == []


def test_before_there_is_a_council_the_site_says_it_will_be_back(broken: Probe) -> None:
    for town in ("town", "council_host", "council_area", "council"):
        db.session.execute(db.text(f"DELETE FROM {town}"))
    db.session.commit()
    db.session.remove()
    answer = Visitor(broken.app).get("/find")
    assert answer.status_code == 503
    assert "We will be back soon" in answer.text
    assert validate(answer.text) == []
    assert Visitor(broken.app).post("/exit").status_code == 200


@pytest.mark.parametrize("host", ["", "a b", "<script>", "evil.example/..", "[::1", "localhost:port", "é"])
def test_no_host_name_breaks_the_site(broken: Probe, host: str) -> None:
    answer = Visitor(broken.app).get("/", headers={"Host": host.encode().decode("latin-1")})
    assert answer.status_code in (200, 400)
    assert "<script>" not in answer.text
    assert "Content-Security-Policy" in answer.headers


# Whole pages and fragments


def without_tokens(html: str) -> str:
    """The page without what differs from one moment to the next."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", html)


@pytest.mark.parametrize(
    "address", ["/find?q=lunch", "/find?q=lunch&postcode=M33+7ZF&view=map", "/find/suggest?q=lun"]
)
def test_htmx_gets_a_block_of_the_very_page_that_others_get_whole(site: Flask, address: str) -> None:
    make.saved(make.service("Lunch club"))
    visitor = Visitor(site)
    visitor.get(address)  # from now on there is a session, and nothing in it changes
    whole, part = visitor.get(address), visitor.get(address, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "<h1" in whole.text
    assert part.text.strip()
    block = re.sub(r"^<title>.*?</title>", "", part.text)  # the whole page has its title in its head
    assert without_tokens(block).strip() in without_tokens(whole.text)
    assert "HX-Request" in whole.headers["Vary"]
    assert "HX-Request" in part.headers["Vary"]


def test_htmx_that_goes_back_in_history_gets_the_whole_page(site: Flask) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in Visitor(site).get("/find?q=lunch", headers=headers).text


def test_a_page_without_a_named_block_is_whole_for_everybody(site: Flask) -> None:
    assert "<html" in Visitor(site).get("/cookies", headers={"HX-Request": "true"}).text


# Static files


def linked(html: str) -> list[str]:
    """The addresses of the files that a page needs, save the council's colours."""
    return re.findall(r'(?:href|src)="(/static/[^"]+)"', html)


def test_everything_a_page_needs_is_there_and_kept_for_a_year(site: Flask) -> None:
    visitor = Visitor(site)
    files = linked(visitor.get("/").text)
    assert {re.sub(r".*\.", "", address.partition("?")[0]) for address in files} == {"css", "js", "svg"}
    for address in files:
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        assert "max-age=31536000" in answer.headers["Cache-Control"], address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address


def test_the_address_of_a_file_says_what_is_in_it(site: Flask) -> None:
    with site.test_request_context():
        names = json.loads((pages.STATIC / "vendor" / "manifest.json").read_text())
        assert pages.asset("site.css") == f"/static/vendor/{names['site.css']}"
        assert re.fullmatch(r"/static/images/icon\.svg\?v=[0-9a-f]{10}", pages.asset("images/icon.svg"))
        assert pages.asset("images/icon.svg") == pages.asset("images/icon.svg")
        with pytest.raises(FileNotFoundError):
            pages.asset("images/no-such-file.svg")


def test_nothing_outside_the_folder_of_static_files_is_given_out(site: Flask) -> None:
    visitor = Visitor(site)
    for way in (
        "../config.py",
        "..%2fconfig.py",
        "%2e%2e/config.py",
        "vendor/../../config.py",
        "/etc/passwd",
    ):
        answer = visitor.get(f"/static/{way}")
        assert answer.status_code == 404, way
        assert "PORTAL_SECRET_KEY" not in answer.text


def test_pages_are_sent_small(site: Flask) -> None:
    visitor = Visitor(site)
    plain, packed = visitor.get("/"), visitor.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 2
    style = visitor.get(linked(plain.text)[1], headers={"Accept-Encoding": "br"})
    assert style.headers["Content-Encoding"] == "br"


def test_what_is_typed_by_people_is_never_taken_for_html(broken: Probe) -> None:
    with broken.app.test_request_context():
        assert render_template_string("{{ words }}", words="<b>Mavis</b>") == "&lt;b&gt;Mavis&lt;/b&gt;"
    db.session.scalars(db.select(Council)).first()
    answer = Visitor(broken.app).get("/find", query_string={"q": "<script>alert(1)</script>"})
    assert "<script>alert" not in answer.text
