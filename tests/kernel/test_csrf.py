"""Nobody sends a form in another's name: every POST carries its visitor's own token, save the one for leaving."""

import pytest
from flask import Flask

from tests.access import examples, things
from tests.kernel.conftest import Visitor

# Someone in danger must never see an error there.
OPEN = frozenset({"/exit", "/sign-out"})


def posts(app: Flask) -> list[str]:
    """The address of every route that takes a POST; what it names is nobody's."""
    adapter = app.url_map.bind("localhost")
    return [
        adapter.build(rule.endpoint, examples.nobodys(rule), method="POST")
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ())
    ]


def test_the_site_has_forms(site: Flask) -> None:
    assert {"/exit", "/language", "/plan/items"} <= set(posts(site))


def test_a_post_without_a_token_is_refused_everywhere_but_at_the_way_out(site: Flask) -> None:
    answers = {path: Visitor(site).post(path).status_code for path in posts(site)}
    assert {path for path, status in answers.items() if status != 400} == OPEN & set(answers)
    assert answers["/exit"] == 200


@pytest.mark.parametrize("kind", ["another visitor’s", "made up", "empty"])
def test_a_token_of_anybody_else_is_refused(site: Flask, kind: str) -> None:
    mavis, ed = Visitor(site), Visitor(site)
    mavis.token()  # her session has one of its own
    token = {"another visitor’s": ed.token(), "made up": "IjEyMyI.aaaaaa.bbbbbb", "empty": ""}[kind]
    for path in posts(site):
        status = mavis.post(path, data={"csrf_token": token}).status_code
        assert status == (200 if path in OPEN else 400), path


def test_the_visitors_own_token_is_good_on_every_form_and_more_than_once(site: Flask) -> None:
    about, mavis = things.made(site), Visitor(site)
    token = mavis.token()
    for path in examples.addresses(site, about, "POST").values():
        for _time in range(2):
            form = {"csrf_token": token, "service": str(about.listings["another’s"])}
            # Of mailed links back into a conversation there is none here: the token is good, and the link is not.
            expected = (404,) if path == "/self-help/resume/nothing" else (200, 303, 422)
            assert mavis.post(path, data=form).status_code in expected, path
            if path in OPEN:
                token = mavis.token()


def test_a_token_in_the_address_does_not_count(site: Flask) -> None:
    mavis = Visitor(site)
    assert mavis.post(f"/plan/clear?csrf_token={mavis.token()}").status_code == 400


def test_over_https_a_form_of_another_site_is_refused_even_with_the_right_token(site: Flask) -> None:
    mavis = Visitor(site)
    mavis.get("/", base_url="https://localhost")
    token = {"csrf_token": mavis.token()}
    there = {"base_url": "https://localhost", "data": token}
    assert mavis.post("/plan/clear", headers={"Referer": "https://evil.example/"}, **there).status_code == 400
    assert (
        mavis.post("/plan/clear", headers={"Referer": "https://localhost/plan"}, **there).status_code == 303
    )


def test_who_is_refused_is_told_kindly_and_keeps_a_way_on(site: Flask) -> None:
    answer = Visitor(site).post("/plan/clear")
    assert "This can happen when a page has been open for a long time." in answer.text
    assert "Fernshire Living Well" in answer.text
    assert 'href="/"' in answer.text
