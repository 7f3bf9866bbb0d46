"""What the public reads: the list of advice, an article, its parts, and what a search finds of it."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.db import db
from portal.editorial import usefulness
from portal.editorial.models import Usefulness
from tests import make
from tests.accounts import people
from tests.accounts.people import Browser
from tests.editorial import writing
from tests.editorial.writing import TODAY, article

BLOCKS = """Read [about falls](article:falls) and [the NHS](https://www.nhs.uk/).

```contact
Ring us about the cold.
```

## First

```warning
Never block a **flue**.
```

## Second

```steps
1. Find a hat.
```

## Third

```video
title: Hats
url: https://films.example.org/hats

First put it on.
```
"""


@pytest.fixture
def visitor(site: Flask) -> Browser:
    """Somebody at Fernshire's site."""
    return Browser(site)


def test_advice_is_listed_by_theme_and_leads_to_articles(site: Flask, visitor: Browser) -> None:
    writing.published()
    writing.published(article("scams", title="Spotting scams", theme="safe"), "scams")
    page = visitor.get("/advice").text
    assert re.findall(r'id="theme-(\w+)"', page) == ["home", "safe"]
    assert '<a href="/advice/scams">Spotting scams</a>' in page
    assert 'href="/advice"' in visitor.get("/").text, "it is in the navigation"


def test_without_articles_the_page_says_so(visitor: Browser) -> None:
    assert "There is no advice here yet." in visitor.get("/advice").text


def test_the_words_of_articles_are_searched_title_first(site: Flask, visitor: Browser) -> None:
    writing.published(article("a", text="A hat helps.\n", title="Winter"), "a")
    writing.published(article("b", text="Nothing.\n", title="A hat for all"), "b")
    page = visitor.get("/advice?q=HAT").text
    assert re.findall(r'href="/advice/(\w)"', page) == ["b", "a"]
    assert "2 articles" in page
    assert "No article has all of these words" in visitor.get("/advice?q=hat+zebra").text


def test_an_article_shows_its_components(site: Flask, visitor: Browser) -> None:
    writing.published(article("falls", title="About falls"), "falls")
    writing.published(article(text=BLOCKS, categories="falls", needs="home"))
    page = visitor.get("/advice/keeping-warm").text
    for part in (
        '<a href="/advice/falls">about falls</a>',
        '<a href="https://www.nhs.uk/" rel="noopener external">the NHS</a>',
        '<div class="panel contact">\n<p>Ring us about the cold.</p>',
        "Never block a <strong>flue</strong>.",
        "<h2>What you can do next</h2>",
        '<a href="https://films.example.org/hats" rel="noopener external">Watch: Hats</a>',
        "<p>First put it on.</p>",
        '<a href="#second">Second</a>',
        "Keep one room warm.",
        "Last checked on 20 November 2026.",
        "looked at on 20 November 2026",
        '<a href="/find?category=falls">',
        '<a href="/find?need=home">',
    ):
        assert part in page, part
    assert make.council().phone in page.partition("panel contact")[2].partition("</div>")[0]
    assert "```" not in page


def test_a_link_to_an_article_that_is_not_public_is_plain_words(site: Flask, visitor: Browser) -> None:
    writing.begun(article("falls"), "falls")
    writing.published(article(text="Read [about falls](article:falls).\n"))
    assert "<p>Read about falls.</p>" in visitor.get("/advice/keeping-warm").text


def test_html_in_an_article_is_shown_and_not_obeyed(site: Flask, visitor: Browser) -> None:
    text = "<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>\n"
    document = writing.begun(article(text=text, title="<b>Bold</b>"))
    document.versions[0].state, document.versions[0].published_at = "published", make.NOW  # past the checks
    db.session.commit()
    page = visitor.get("/advice/keeping-warm").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert "<b>Bold</b>" not in page


def test_a_sensitive_article_has_a_way_out_at_its_top_and_others_have_not(
    site: Flask, visitor: Browser
) -> None:
    writing.published()
    writing.published(article("abuse", sensitive="true", theme="safe"), "abuse")
    assert "Leave this page now" in visitor.get("/advice/abuse").text.partition("<h1")[0]
    assert "Leave this page now" not in visitor.get("/advice/keeping-warm").text


def test_what_is_not_public_is_not_there(site: Flask, visitor: Browser) -> None:
    writing.begun()
    writing.published(article("ours"), "ours", of=make.council("millbrook"))
    for path in ("/advice/keeping-warm", "/advice/ours", "/advice/nothing", "/pages/nothing"):
        assert visitor.get(path).status_code == 404, path
    assert Browser(site, "millbrook.localhost").get("/advice/ours").status_code == 200


def test_a_page_is_read_at_its_own_address(site: Flask, visitor: Browser) -> None:
    body = "---\nid: about\ntitle: About us\nsummary: Who we are.\n---\nWe are **here**.\n"
    writing.published(body, "about", kind="page")
    page = visitor.get("/pages/about")
    assert (page.status_code, "<strong>here</strong>" in page.text) == (200, True)


# Search


def also(browser: Browser, words: str) -> list[str]:
    """What a search offers beside listings."""
    part = browser.get(f"/find?q={words}").text.partition('class="also"')[2].partition("</section>")[0]
    return re.findall(r'href="(/advice/[\w-]+)"', part)


def test_a_search_finds_articles_by_title_and_by_what_they_are_about(site: Flask, visitor: Browser) -> None:
    make.saved(make.service("Shed"))
    writing.published(article("a", title="Hat and scarf"), "a")
    writing.published(article("b", title="Cold", text="No word of it.\n").replace("winter", "scarf"), "b")
    assert also(visitor, "scarf") == ["/advice/a", "/advice/b"]
    assert also(visitor, "zebra") == []


def test_a_search_finds_the_newest_words_at_once(site: Flask, visitor: Browser) -> None:
    make.saved(make.service("Shed"))
    document = writing.published()
    assert also(visitor, "zebra") == []
    writing.change(document, article(title="Zebras"))
    writing.publish(document)
    assert also(visitor, "zebra") == ["/advice/keeping-warm"]


def test_each_council_finds_its_own_words(site: Flask, visitor: Browser) -> None:
    make.saved(make.service("Shed"))
    shared = writing.published(article(text="```part phone\nRing.\n```\n"))
    writing.words_over(make.council("millbrook"), shared, phone="Ring the zebra.")
    writing.words_over(make.council("saltmarsh"), shared, phone="Ring the okapi.")
    found = {
        key: also(Browser(site, f"{key}.localhost"), "zebra")
        for key in ("fernshire", "millbrook", "saltmarsh")
    }
    assert found == {"fernshire": [], "millbrook": ["/advice/keeping-warm"], "saltmarsh": []}


# Was this useful?


def answers() -> list[Usefulness]:
    """What was answered so far."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(Usefulness)))


def test_an_answer_is_kept_with_its_day_and_nothing_about_the_person(site: Flask, visitor: Browser) -> None:
    document = writing.published()
    words = "Good. I am mavis@example.org, 01632 960 001, M33 7ZF, QQ 12 34 56 C."
    done = visitor.post("/advice/keeping-warm/useful", {"useful": "yes", "words": words})
    assert done.location == "/advice/keeping-warm/thanks"
    assert visitor.get(done.location).status_code == 200
    (kept,) = answers()
    assert (kept.useful, kept.words, kept.document_id) == (True, "Good. I am …, …, …, ….", document.id)
    assert {column.name for column in Usefulness.__table__.columns} == {
        "id", "document_id", "council_id", "useful", "words", "on",
    }  # fmt: skip


@pytest.mark.parametrize("answer", ["", "perhaps"])
def test_neither_yes_nor_no_is_asked_again_and_the_words_stay(
    site: Flask, visitor: Browser, answer: str
) -> None:
    writing.published()
    again = visitor.post("/advice/keeping-warm/useful", {"useful": answer, "words": "Because of hats"})
    assert again.status_code == 422
    assert "Choose yes or no" in again.text
    assert "Because of hats" in again.text
    assert answers() == []


def test_an_editor_sees_how_many_found_it_useful_and_why_not(site: Flask) -> None:
    document = writing.published()
    for useful, words in ((True, ""), (False, "Too long"), (False, "")):
        usefulness.tell(make.council(), document.id, useful=useful, words=words, today=TODAY)
    usefulness.tell(make.council("millbrook"), document.id, useful=True, words="Theirs", today=TODAY)
    db.session.commit()
    ed, _user = people.somebody(site, "ed", roles=("editor",))
    page = ed.get(f"/editor/documents/{document.id}").text
    assert "1 person said yes, 2 said no." in page
    assert "Too long" in page
    assert "Theirs" not in page
