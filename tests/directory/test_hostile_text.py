"""Whatever a provider writes is shown as text: it runs nothing, leads nowhere, and breaks no page."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from portal.db import db
from portal.directory import listing, telling
from portal.directory.drafts import AreaDraft, CostDraft, ListingDraft, TranslationDraft
from portal.directory.models import Service
from tests import make
from tests.directory import pages

SCRIPT = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\" onmouseover='alert(1)' ]]>-->"
TURNED = "\u202egnp.exe\u202c \u2066\u200f"
TEMPLATE = "{{ 7*7 }} {% raw %} ${7*7} %(name)s {0} &lt; &amp;amp;"
HOSTILE = [SCRIPT, TURNED, TEMPLATE, "\u2028\u2029\ufeff", "Z̷̢̛" * 30, "\U0001f9d3" * 40]
# What Markdown may make of any text.
_MARKDOWN = {"p", "br", "em", "strong", "s", "code", "a", "ul", "ol", "li", "blockquote", "hr"} | {
    f"h{level}" for level in range(2, 7)
}


def hostile(text: str) -> Service:
    """A listing that says a hostile text wherever it can."""
    short = text[:80]
    draft = ListingDraft(
        source_id="hostile",
        name=f"Lunch {short}",
        also_known_as=(short,),
        summary=text[:400],
        description=f"{text}\n\n# {text}\n\n* {text}\n\n    {text}\n\n> {text}",
        venues=(replace(make.venue(name=short, directions=text, address_2=short),
                        address=short, town=short, times=(make.opening("mon", note=text[:200]),)),),
        areas=(AreaDraft("residents_of", code="E08000009", name=short),),
        times=(make.opening("tue", note=text[:200]),),
        costs=(CostDraft(text[:300]),),
        how_to_start=text,
        who_for=text,
        phone=short[:40],
        email=f"{short}@example.org",
        website=f"https://example.org/{short}",
        contact=short,
        vacancies=text[:200],
        languages=("ur",),
        translations=(TranslationDraft("cy", short, text[:400]),),
        terms=("lunch-clubs", "lonely"),
    )  # fmt: skip
    given = {
        name: getattr(draft, name) for name in draft.__dataclass_fields__ if name not in ("source_id", "name")
    }
    service = make.service(draft.name, run_by=f"Friends {short}", **given)
    service.organisation.description = text
    service.organisation.website = "javascript:alert(1)"
    make.saved(service)
    return service


def runs_nothing(html: str) -> None:
    """No element of the page acts, or leads to anything that would."""
    page = pages.outline(html)
    for tag, attrs in page.elements:
        assert not [name for name in attrs if name.startswith("on") or name == "style"], tag
        for name in ("href", "src", "action"):
            assert (
                not attrs.get(name, "").lower().lstrip().startswith(("javascript:", "data:", "vbscript:"))
            ), tag
    for attrs, text in page.scripts:
        assert attrs.get("src") or attrs.get("type") == "application/ld+json", text


def elements(html: str) -> set[str]:
    """The kinds of elements of a page."""
    return {tag for tag, _attrs in pages.outline(html).elements}


def shown_pages(client: FlaskClient, text: str) -> dict[str, str]:
    """Every page that shows a listing which says this text wherever it can; the listing is gone afterwards."""
    service = hostile(text)
    client.post("/plan/clear", data=token(client))
    assert client.post("/plan/items", data={"service": str(service.id), **token(client)}).status_code == 303
    addresses = {
        "find": "/find?q=lunch&postcode=M33+7ZF",
        "map": "/find?view=map",
        "typed": f"/find?q={quote(text[:200])}&postcode={quote(text[:50])}",
        "service": f"/services/{service.id}",
        "organisation": f"/organisations/{service.organisation_id}",
        "plan": "/plan",
        "suggest": f"/find/suggest?q={quote(text[:60])}",
    }
    responses = {name: client.get(address) for name, address in addresses.items()}
    assert {response.status_code for response in responses.values()} == {200}
    db.session.delete(service)
    db.session.commit()
    return {name: response.text for name, response in responses.items()}


@pytest.mark.parametrize(
    "text", HOSTILE, ids=["script", "turned", "template", "separators", "stacked", "pictures"]
)
def test_a_hostile_listing_is_text_on_every_page(client: FlaskClient, text: str) -> None:
    plain = shown_pages(client, "plain words")
    hostile = shown_pages(client, text)
    for name, html in hostile.items():
        runs_nothing(html)
        assert elements(html) <= elements(plain[name]) | _MARKDOWN, name
    words = "".join(pages.outline(hostile["service"]).text)
    assert text[:80].strip() in words
    assert words.count("49") == "".join(pages.outline(plain["service"]).text).count("49"), (
        "no template was run"
    )


def token(client: FlaskClient) -> dict[str, str]:
    """The sign against forgery that every form carries."""
    return {"csrf_token": client.get("/near").text.split('name="csrf_token" value="')[1].split('"')[0]}


def json_ld(client: FlaskClient, service: Service) -> dict[str, Any]:
    """What the listing's page says to machines."""
    (text,) = [text for attrs, text in pages.outline(client.get(f"/services/{service.id}").text).scripts
               if attrs.get("type") == "application/ld+json"]  # fmt: skip
    found: dict[str, Any] = json.loads(text)
    return found


def test_machines_read_the_listing_whatever_it_says(client: FlaskClient) -> None:
    for text in HOSTILE:
        service = hostile(text)
        said = json_ld(client, service)
        assert said["name"] == service.name
        assert said["description"] == service.summary
        db.session.delete(service)
        db.session.commit()


def test_machines_read_when_and_where(client: FlaskClient) -> None:
    service = make.service(
        "Thursday Table",
        summary="Lunch in good company",
        venues=(make.venue(name="Village Hall"),),
        times=(make.opening("mon thu", "12:00", "14:00"), make.opening("tue", weeks=(1,))),
        phone="0161 496 0101",
    )
    make.saved(service)
    assert json_ld(client, service) == {
        "@context": "https://schema.org",
        "@type": "Service",
        "name": "Thursday Table",
        "description": "Lunch in good company",
        "provider": {"@type": "Organization", "name": "Friends of St Anne’s"},
        "availableChannel": {
            "@type": "ServiceChannel",
            "serviceLocation": [
                {
                    "@type": "Place",
                    "name": "Village Hall",
                    "address": {
                        "@type": "PostalAddress",
                        "streetAddress": "1 Church Road",
                        "addressLocality": "Sale",
                        "postalCode": "M33 7ZF",
                        "addressCountry": "GB",
                    },
                }
            ],
        },
        "hoursAvailable": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": ["Monday", "Thursday"],
                "opens": "12:00",
                "closes": "14:00",
            }
        ],
        "telephone": "0161 496 0101",
    }


# Markdown


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("Bring *your own* **mug**.", "<p>Bring <em>your own</em> <strong>mug</strong>.</p>\n"),
        ("* tea\n* cake", "<ul>\n<li>tea</li>\n<li>cake</li>\n</ul>\n"),
        ("[us](https://example.org)", '<p><a href="https://example.org">us</a></p>\n'),
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"),
        ("<!-- hidden -->", "<p>&lt;!-- hidden --&gt;</p>\n"),
        ("![x](https://example.org/spy.gif)", '<p>!<a href="https://example.org/spy.gif">x</a></p>\n'),
        ("&lt;script&gt;", "<p>&lt;script&gt;</p>\n"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_becomes_safe_html(markdown: str, html: str) -> None:
    assert listing.prose(markdown) == html


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "&#106;avascript:alert(1)", "vbscript:x",
     "data:text/html,<script>alert(1)</script>", "file:///etc/passwd", "\x01javascript:alert(1)"],
)  # fmt: skip
def test_no_link_in_markdown_runs_anything(address: str) -> None:
    for markdown in (f"[x]({address})", f"<{address}>", f"[x]: {address}\n\n[x]", f"![x]({address})"):
        runs_nothing(str(listing.prose(markdown)))


@given(st.text(st.sampled_from("#*_[]()<>!`~|&;:/\\\"'=-+>\n\t abjhs0123{}%"), max_size=80))
def test_no_markdown_breaks_out(markdown: str) -> None:
    html = str(listing.prose(markdown))
    runs_nothing(html)
    assert elements(html) <= _MARKDOWN


# Addresses on the web


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("http://example.org", "http://example.org"),
        ("example.org", "https://example.org"),
        ("www.example.org/shed ", "https://www.example.org/shed"),
        ("", ""),
        ("no website", ""),
        ("javascript://%0aalert(1)", ""),
        ("ftp://example.org", ""),
        ("http://[::1", ""),
        ("http://exa\u2100mple.org", ""),
        ("https://", ""),
        ("//example.org", ""),
    ],
)
def test_a_web_address_is_safe_or_none(written: str, link: str) -> None:
    assert telling.web_address(written) == link


@given(st.text(max_size=60))
def test_any_web_address_is_a_link_to_the_web_or_none(text: str) -> None:
    link = telling.web_address(text)
    assert link == "" or link.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    "website", ["http://[::1", "https://exa\u2100mple.org", "//", "mailto:x@example.org"]
)
def test_a_broken_web_address_breaks_no_page(client: FlaskClient, website: str) -> None:
    service = make.service("Shed", website=website)
    service.organisation.website = website
    make.saved(service)
    for address in (f"/services/{service.id}", f"/organisations/{service.organisation_id}"):
        assert client.get(address).status_code == 200
