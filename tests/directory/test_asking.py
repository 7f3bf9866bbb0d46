"""Any address of /find at all is a search: it answers kindly, and keeps what was typed."""

from html import unescape
from urllib.parse import parse_qsl, quote_from_bytes, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.directory import forms
from portal.directory.search import DAYS, SORTS
from tests import make
from tests.directory import pages

NAMES = ("q", "postcode", "near", "within", "category", "need", "day", "time", "free", "access", "age", "language",
         "rating", "area", "sort", "page", "view", "exact", "csrf_token", "unknown", "q[]", "")  # fmt: skip
# Texts that have broken other sites: what they mean is said beside each that is not plain.
ODD = [
    "", " ", "lunch club", "M33 7ZF", "ZZ99 9ZZ", "Sale", "-1", "0", "9999", "1e9", "NaN", "inf", "0x10", "1_000", "٣",
    "x", "best", "distance", "name", "map", "here", "1", "mon", "25:99", "9.30", "24:00", "lunch-clubs", "E08000009",
    "step-free", "ur", "Good", "en_GB", "zh_Hant_TW", "root", "und", "__", "x-klingon",
    "'; DROP TABLE service; --", "\" or 1=1", "%", "%%%", "_", "*", "?", "(", "[", "\\", "/../../etc/passwd",
    "<script>alert(1)</script>", "{{ 7*7 }}", "${7*7}", "%(words)s", "{0}", "\x00", "\x01\x02", "a\r\nSet-Cookie: x=1",
    "\u202egnp.exe", "\u200b", "\ufeff", "\ud7ff", "\ufffe", "\ufffd", "\U0001f9d3\U0001f3fd", "e\u0301" * 40,
    "ﷺ" * 30, "ß", "İ", "ı", "ﬀ", "Σς", "بزرگوں کے لیے", "老人午餐", "клуб обедов", "क्लब", "מועדון", "ŵŷ", "a" * 5_000,
    "a " * 5_000, "(" * 5_000, "0" * 5_000, "1" * 5_000, "0000" + "1" * 5_000, "é" * 5_000, "lunch " * 400,
]  # fmt: skip
texts = st.one_of(
    st.sampled_from(ODD),
    st.text(max_size=40),
    st.text(st.characters(categories=["Cc", "Cf", "Co", "Zs", "Mn", "Lo"]), max_size=20),
)
few = settings(max_examples=40, deadline=None)  # a page takes a while
many = settings(max_examples=300, deadline=None)
pairs = st.lists(st.tuples(st.sampled_from(NAMES), texts), max_size=8)


def is_kind(page: pages.Found) -> None:
    """The page is a whole page of results."""
    assert page.status == 200
    assert page.html.endswith("</html>")
    assert page.total >= len(page.ids)
    assert "Sorry, something went wrong" not in page.html


def boxes(html: str) -> dict[str, str]:
    """What stands in the boxes of the page."""
    inputs = [attrs for tag, attrs in pages.outline(html).elements if tag == "input"]
    return {attrs["id"]: attrs.get("value", "") for attrs in inputs if "id" in attrs}


@few
@given(pairs)
def test_any_values_answer(app: Flask, asked: list[tuple[str, str]]) -> None:
    response = app.test_client().get("/find", query_string=urlencode(asked, errors="surrogatepass"))
    is_kind(pages.Found(response.text, response.status_code))


@few
@given(st.binary(max_size=200))
def test_any_bytes_answer(app: Flask, raw: bytes) -> None:
    for query in (
        quote_from_bytes(raw, safe="=&;+%"),
        f"q={quote_from_bytes(raw)}&postcode={quote_from_bytes(raw)}",
    ):
        response = app.test_client().get("/find", query_string=query)
        is_kind(pages.Found(response.text, response.status_code))


@few
@given(st.text(st.characters(max_codepoint=255), max_size=200))
def test_any_query_string_that_a_server_hands_on_answers(app: Flask, raw: str) -> None:
    response = app.test_client().get("/find", environ_overrides={"QUERY_STRING": raw})
    is_kind(pages.Found(response.text, response.status_code))


def test_every_odd_text_answers(app: Flask) -> None:
    client = app.test_client()
    for number, text in enumerate(ODD):
        for names in (("q", "postcode"), NAMES)[: 1 if number % 4 else 2]:
            response = client.get("/find", query_string=urlencode(dict.fromkeys(names, text)))
            is_kind(pages.Found(response.text, response.status_code))


@few
@given(texts, texts)
def test_what_was_typed_stands_in_its_boxes(app: Flask, words: str, place: str) -> None:
    html = app.test_client().get("/find", query_string=urlencode({"q": words, "postcode": place})).text
    typed = boxes(html)
    meant = forms.asked(MultiDict({"q": words, "postcode": place}))
    assert (typed["q"], typed["postcode"]) == (meant.words, meant.place)
    assert " ".join(words.split())[:20].strip() in " ".join(typed["q"].split()) or not words.isprintable()


@pytest.mark.parametrize(
    ("asked", "box", "said"),
    [
        ({"postcode": "ZZ99 9ZZ"}, ("postcode", "ZZ99 9ZZ"), "We cannot find the postcode ZZ99 9ZZ."),
        ({"within": "-1"}, None, "Choose a distance between 1 and 100 miles. We have used 5 miles"),
        ({"within": "5 miles"}, None, "Choose a distance between 1 and 100 miles."),
        ({"within": "1000"}, None, "Choose a distance between 1 and 100 miles."),
        ({"time": "quarter past"}, ("time", "quarter pa"), "Type a time such as 10:30. We have left it out"),
        ({"time": "24:00"}, ("time", "24:00"), "Type a time such as 10:30."),
        ({"age": "old"}, ("age", "old"), "Type an age in years, such as 72. We have left it out"),
        ({"age": "121"}, ("age", "121"), "Type an age in years, such as 72."),
        ({"age": "0000" + "1" * 5_000}, None, "Type an age in years, such as 72."),
        ({"age": "-5"}, ("age", "-5"), "Type an age in years, such as 72."),
        ({"age": "٧٢"}, ("age", "٧٢"), "Type an age in years, such as 72."),
    ],
)
def test_what_cannot_be_understood_is_said_and_left_out(
    app: Flask, asked: dict[str, str], box: tuple[str, str] | None, said: str
) -> None:
    page = pages.find(app.test_client(), q="lunch", **asked)
    is_kind(page)
    assert said in unescape(page.html)
    assert 'role="alert"' in page.html
    assert "<title>Error: " in page.html
    assert page.total == pages.find(app.test_client(), q="lunch").total
    if box:
        assert boxes(page.html)[box[0]] == box[1]


@pytest.mark.parametrize(
    "asked",
    [{"sort": "x"}, {"view": "globe"}, {"page": "x"}, {"page": "-3"}, {"page": "0"}, {"page": "1.5"}, {"exact": "yes"},
     {"free": "true"}, {"day": "someday"}, {"near": "there"}, {"unknown": "1"}, {"category": "<b>"}],
)  # fmt: skip
def test_what_means_nothing_is_passed_over(app: Flask, asked: dict[str, str]) -> None:
    client = app.test_client()
    assert pages.find(client, q="lunch", **asked).ids == pages.find(client, q="lunch").ids


@pytest.mark.parametrize("page", ["9999", "500", "9" * 5_000])
def test_past_the_last_page_is_the_last_page(app: Flask, page: str) -> None:
    client = app.test_client()
    last = pages.find(client, page=page)
    total = pages.find(client).total
    assert last.total == total
    assert len(last.ids) == (total - 1) % 20 + 1


def test_a_kind_of_listing_that_nobody_knows_finds_nothing_and_can_be_taken_off(client: FlaskClient) -> None:
    make.saved(make.service("Lunch"))
    page = pages.find(client, q="lunch", category="no-such-kind")
    assert page.total == 0
    assert "no-such-kind" in page.html
    assert "Every kind of listing (1)" in page.html


# What an address means


@many
@given(pairs)
def test_an_address_says_the_same_again(app: Flask, asked: list[tuple[str, str]]) -> None:
    with app.test_request_context():
        one = forms.asked(MultiDict(asked))
        other = forms.asked(MultiDict(one.pairs(page=str(one.page))))
    for name in (
        "words",
        "place",
        "here",
        "miles",
        "chosen",
        "free",
        "minutes",
        "age",
        "sort",
        "page",
        "view",
        "exact",
    ):
        assert getattr(one, name) == getattr(other, name), name


@many
@given(pairs)
def test_what_is_understood_is_within_bounds(app: Flask, asked: list[tuple[str, str]]) -> None:
    with app.test_request_context():
        one = forms.asked(MultiDict(asked))
        address = one.address()
    assert 0 < one.miles <= forms.FURTHEST
    assert 1 <= one.page <= 500
    assert one.sort in SORTS
    assert one.minutes is None or 0 <= one.minutes < 24 * 60
    assert one.age is None or 0 <= one.age <= 120
    assert set(one.chosen.get("day", ())) <= set(DAYS)
    assert len(one.words) <= 300
    assert len(address) < 12_000
    assert address.isascii()


@many
@given(pairs)
def test_taking_every_filter_off_leaves_none(app: Flask, asked: list[tuple[str, str]]) -> None:
    with app.test_request_context():
        one = forms.asked(MultiDict(asked))
        for name, values in one.chosen.items():
            for value in values:
                left = forms.asked(MultiDict(parse_qsl(urlsplit(one.without(name, value)).query)))
                assert left.count == one.count - 1
                assert value not in left.chosen.get(name, ())


@few
@given(texts)
def test_suggestions_answer_whatever_is_typed(app: Flask, text: str) -> None:
    response = app.test_client().get(
        "/find/suggest", query_string={"q": text}, headers={"HX-Request": "true"}
    )
    assert response.status_code == 200
