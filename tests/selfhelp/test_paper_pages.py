"""The paper form for everybody, and the script for those who sit beside people."""

import pytest
from flask import Flask

from tests.accounts import people
from tests.accounts.people import Browser
from tests.html_valid import validate
from tests.selfhelp.desking import TALK, published

URGENT = TALK.replace("- id: rail\n", "- id: rail\n  priority: always-first\n")


@pytest.fixture
def visitor(site: Flask) -> Browser:
    """Somebody without an account, on a site with two conversations."""
    published()
    return Browser(site)


def test_the_form_is_public_and_says_the_right_to_be_asked_about_one_s_needs(visitor: Browser) -> None:
    html = visitor.get("/self-help/small/paper").text
    assert "You can ask the council for a free needs or carer’s assessment at any time." in html
    assert "If you ticked this, also answer question 2." in html
    assert '<small class="paper-id">falls</small>' in html
    assert validate(html) == []


def test_the_form_about_somebody_else_asks_about_them(visitor: Browser) -> None:
    html = visitor.get("/self-help/small/paper?about=someone").text
    assert "How does this person find the stairs?" in html
    assert "write-line" in html


def test_a_conversation_that_is_not_there_has_no_form(visitor: Browser) -> None:
    assert visitor.get("/self-help/nothing/paper").status_code == 404


def test_the_script_is_for_navigators_and_editors(site: Flask, visitor: Browser) -> None:
    assert visitor.get("/self-help/small/script").status_code == 303
    mavis, _mavis = people.somebody(site, "mavis")
    assert mavis.get("/self-help/small/script").status_code == 404
    priya, _priya = people.somebody(site, "priya", roles=("navigator",))
    assert 'href="/self-help/small/script"' in priya.get("/self-help/small/paper").text
    assert "/small/script" not in mavis.get("/self-help/small/paper").text
    assert 'href="/self-help/small/paper"' in visitor.get("/self-help/small").text
    html = priya.get("/self-help/small/script").text
    assert "How does (name) find the stairs?" in html
    assert "Then ask 2." in html
    assert "May lead to: A second rail on the stairs" in html
    assert validate(html) == []


def test_the_script_begins_with_what_is_urgent(site: Flask) -> None:
    published(URGENT)
    priya, _priya = people.somebody(site, "priya", roles=("navigator",))
    html = priya.get("/self-help/small/script").text
    assert html.index("Urgent, first of all") < html.index("A second rail") < html.index("At home")
