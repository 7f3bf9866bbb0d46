"""Forms: what is typed comes in plain, amounts and dates are read, and each mistake is told in a sentence."""

import datetime as dt

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length

from portal import i18n
from portal.forms import DateField, Form, MoneyField, SearchForm, plain


class Visit(Form):
    """One visit, as Tom writes it down."""

    note = StringField("What was done", [Length(max=10, message="Say it in ten letters")])
    minutes = IntegerField("Minutes")
    price = MoneyField("Price", [InputRequired("Type the price")])
    on = DateField("Day")


class Ask(SearchForm):
    """What is looked for."""

    q = StringField("Words")


def sent(app: Flask, **typed: str) -> Visit:
    """The form as it comes in, after it was looked at."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST"):
        form = Visit(MultiDict({"price": "1", **typed}))
        form.validate()
    return form


@pytest.fixture(scope="module")
def bare() -> Flask:
    """An app with nothing in it but what forms need."""
    app = Flask(__name__)
    app.secret_key = "for a test"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "none"
    i18n.init_app(app)
    return app


# Plain text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Mavis ", "Mavis"),
        ("Ma\x00vis\x1f", "Mavis"),
        ("Ma\u200bvis\ufeff\u2060", "Mavis"),
        ("Ŵyn, żółw, بزرگ", "Ŵyn, żółw, بزرگ"),
        ("one\ntwo\tthree\r\n", "one\ntwo\tthree"),
        ("Siân O’Hara-Łuk", "Siân O’Hara-Łuk"),
        ("👩\u200d🦽", "👩\u200d🦽"),  # a joiner makes one sign of two, and stays
        (None, ""),
        ("\x00", ""),
    ],
)
def test_what_is_typed_comes_without_what_nobody_types(typed: str | None, kept: str) -> None:
    assert plain(typed) == kept


@given(st.text())
def test_plain_text_stays_as_it_is_and_holds_no_controls(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert not any(ord(letter) < 32 and letter not in "\t\n\r" for letter in once)


def test_a_line_ends_the_same_way_whoever_wrote_it() -> None:
    """A browser sends CRLF: a text that was only sent back would differ from one that came with an import."""
    assert plain("Bring a mug.\r\n\r\nAnd tea.\rTwice.\n") == "Bring a mug.\n\nAnd tea.\nTwice."


def test_text_fields_come_in_plain(bare: Flask) -> None:
    form = sent(bare, note=" Tea\x00 \u200b", minutes="30")
    assert (form.note.data, form.minutes.data, form.errors) == ("Tea", 30, {})


def test_a_form_that_is_refused_keeps_what_was_typed(bare: Flask) -> None:
    form = sent(bare, note="much more than ten letters", price="ten", on="soon")
    assert (form.note.data, form.price.data, form.on.data) == ("much more than ten letters", "ten", "soon")
    assert form.errors == {
        "note": ["Say it in ten letters"],
        "price": ["Type an amount in pounds, such as 12.50"],
        "on": ["Type a date with a day, a month and a year, such as 27/3/2026"],
    }


def test_a_form_that_changes_something_carries_a_token_and_one_that_asks_does_not(site: Flask) -> None:
    with site.test_request_context("/", method="POST"):
        form = Visit(MultiDict({"price": "1"}))
        assert not form.validate()
        assert "csrf_token" in form.errors
    assert Ask(MultiDict({"q": "lunch"})).validate()


# Amounts


@pytest.mark.parametrize(
    ("typed", "pence"), [("12.50", 1250), (" £1,234 ", 123400), ("0", 0), ("\u200b5", 500)]
)
def test_an_amount_is_read_in_pence(bare: Flask, typed: str, pence: int) -> None:
    form = sent(bare, price=typed)
    assert (form.price.pence, form.errors) == (pence, {})


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type the price"),
        ("a fiver", "Type an amount in pounds, such as 12.50"),
        ("12.505", "Type an amount in pounds, such as 12.50"),
        ("3000000", "That is more than we can take. Type a smaller amount"),
    ],
)
def test_what_is_no_amount_is_told_in_one_sentence(bare: Flask, typed: str, words: str) -> None:
    form = sent(bare, price=typed)
    assert (form.price.errors, form.price.pence) == ([words], None)


# Dates


@pytest.mark.parametrize(
    "typed",
    ["27/3/2026", "27/03/2026", "27-3-2026", "27.3.2026", "27 3 2026", "27 March 2026", "27 mar 2026", "2026-03-27",
     " 27  March 2026 ", "27 MARCH 2026"],
)  # fmt: skip
def test_a_date_is_read_whichever_way_it_is_typed(bare: Flask, typed: str) -> None:
    form = sent(bare, on=typed)
    assert (form.on.day, form.errors) == (dt.date(2026, 3, 27), {})


@pytest.mark.parametrize(
    "typed",
    [
        "31/2/2026",
        "3/27/2026",
        "27/3/26",
        "27/3",
        "March 2026",
        "tomorrow",
        "27/3/20266",
        "0/0/0",
        "//",
        "27/3/2026 x",
    ],
)
def test_what_is_no_date_is_told_with_an_example(bare: Flask, typed: str) -> None:
    form = sent(bare, on=typed)
    assert form.on.errors == ["Type a date with a day, a month and a year, such as 27/3/2026"]
    assert form.on.day is None


def test_a_date_may_be_left_out_where_it_is_not_asked_for(bare: Flask) -> None:
    form = sent(bare, on="")
    assert (form.on.day, form.errors) == (None, {})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(
    st.dates(dt.date(1000, 1, 1)),
    st.sampled_from(["{0.day}/{0.month}/{0.year}", "{0}", "{0:%d}.{0:%m}.{0.year}"]),
)
def test_every_date_in_figures_is_read_as_itself(bare: Flask, day: dt.date, shape: str) -> None:
    assert sent(bare, on=shape.format(day)).on.day == day
