"""Where a search is from: a postcode, a part of one, a town, or the visitor's own position; and what is said of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal import geo, postcodes, seed
from portal.db import db
from portal.directory import content, where
from tests import instances, make
from tests.directory import pages
from tests.postcodes import files


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory, local_postcodes: Path) -> Flask:
    """A site whose loaded file knows wards, ends and halves of postcodes."""
    folder = tmp_path_factory.mktemp("awkward")
    shutil.copytree(local_postcodes, folder / "postcodes")
    rows = [
        files.sale("M33 7ZH", 379000, 391500, doterm="201403"),
        files.onspd("M90 1ZZ", 381000, 386000, lad25cd="E08000003"),
        files.onspd("M90 1ZZ", 381000, 386000, lad25cd="E08000009"),
        files.onspd("M33 9ZZ", lad25cd="E08000009"),
        files.sale("M33 7ZF", 379000, 391500),
    ]
    postcodes.load(folder / "postcodes", files.written(folder / "onspd.csv", rows))
    app = instances.app(folder)
    instances.migrate(app)
    with app.app_context():
        content.load(app.config["CONTENT"])
        seed.load_councils(app.config["CONTENT"] / "demo")
        make.saved(
            make.service("Ward visitors", at=None, areas=make.comes_to(files.SALE_WARD)),
            make.service("Millbrook visitors", at=None, areas=make.comes_to("E08000003")),
            make.service("Fernshire visitors", at=None, areas=make.comes_to("E08000009")),
            make.service("Region visitors", at=None, areas=make.comes_to("E12000002")),
            make.service("Shed", at="M33 7ZF"),
        )
        db.session.remove()
        db.engine.dispose()
    return app


@pytest.fixture
def visitor(awkward: Flask) -> Iterator[FlaskClient]:
    """A visitor of that site."""
    with awkward.app_context():
        yield awkward.test_client()
        db.session.remove()


def test_a_whole_postcode_is_searched_from_without_a_word(visitor: FlaskClient) -> None:
    page = pages.find(visitor, postcode="m337zf")
    assert "near M33 7ZF" in page.html
    assert set(page.names) == {"Ward visitors", "Fernshire visitors", "Region visitors", "Shed"}
    assert 'class="note"' not in page.html
    assert "Error:" not in page.html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("M33", "We searched from the middle of M33. With a whole postcode we can tell who comes to you."),
        ("m33 7", "We searched from the middle of M33 7. With a whole postcode we can tell who comes to you."),
        ("M33 7ZH", "Royal Mail stopped using M33 7ZH in March 2014. We searched from where it was."),
        ("M90 1ZZ", "M90 1ZZ lies in more than one council (Fernshire, Millbrook). Check with a service that it "
         "comes to your address."),
    ],
)  # fmt: skip
def test_what_is_special_about_a_place_is_said(visitor: FlaskClient, typed: str, said: str) -> None:
    page = pages.find(visitor, postcode=typed)
    assert f'<p class="note">{said}</p>' in page.html
    assert page.total


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ZZ99 9ZZ", "We cannot find the postcode ZZ99 9ZZ. Check it, or type the name of a town."),
        ("zz999zz", "We cannot find the postcode ZZ99 9ZZ."),
        ("M33 9ZZ", "We know the postcode M33 9ZZ, but not where it is."),
        ("Atlantis", "We do not know “Atlantis”. Type a postcode such as M33 7ZF, or the name of a town."),
        ("12345", "We do not know “12345”."),
        ("M33 7Z", "We do not know “M33 7Z”."),
    ],
)
def test_a_place_that_is_not_known_is_said_and_the_words_are_searched_all_the_same(
    visitor: FlaskClient, typed: str, said: str
) -> None:
    page = pages.find(visitor, postcode=typed, q="shed")
    assert page.status == 200
    assert said in page.html
    assert page.names == ["Shed"]
    assert f'value="{typed}"' in page.html, "what was typed stands in its box"
    assert "<title>Error: " in page.html


def test_both_halves_of_a_split_postcode_are_served(visitor: FlaskClient) -> None:
    found = set(pages.names(visitor, postcode="M90 1ZZ", q="visitors"))
    assert found == {"Millbrook visitors", "Fernshire visitors", "Region visitors"}


def test_a_district_is_served_by_what_covers_nearly_all_of_it(visitor: FlaskClient) -> None:
    assert set(pages.names(visitor, postcode="WA14", q="visitors")) == {
        "Fernshire visitors",
        "Region visitors",
    }
    # A few houses of M33 are in the other council, and half of M16 is.
    assert set(pages.names(visitor, postcode="M33", q="visitors")) == {
        "Fernshire visitors",
        "Region visitors",
    }
    assert set(pages.names(visitor, postcode="M16", q="visitors")) == {"Region visitors"}


def test_part_of_a_postcode_that_holds_a_loaded_ward_does_not_claim_it(visitor: FlaskClient) -> None:
    assert "Ward visitors" not in pages.names(visitor, postcode="M33 7", q="visitors")


# Towns


@pytest.mark.parametrize("typed", ["Sale", "sale", " SALE ", "Sâle"])
def test_a_town_of_the_councils_own_list(client: FlaskClient, typed: str) -> None:
    make.saved(make.service("Near", at="M33 7ZF"), make.service("Far", at="M9 8LN"))
    page = pages.find(client, postcode=typed)
    assert "near Sale" in page.html
    assert page.names == ["Near"]


def test_a_town_is_where_its_council_is(client: FlaskClient) -> None:
    make.saved(
        make.service("Fernshire visitors", at=None, areas=make.comes_to("E08000009")),
        make.service("Millbrook visitors", of="millbrook", at=None, areas=make.comes_to("E08000003")),
    )
    assert pages.names(client, postcode="Sale") == ["Fernshire visitors"]
    assert pages.names(client, postcode="Didsbury") == ["Millbrook visitors"]


@pytest.mark.parametrize(
    ("town", "typed"),
    [("Warburton", "warburton"), ("St Mary’s Hay", "st mary's hay"), ("St Mary's Hay", "ST MARYS HAY"),
     ("Cross-in-Hand", "cross-in-hand")],
)  # fmt: skip
def test_a_town_that_only_listings_name(client: FlaskClient, town: str, typed: str) -> None:
    make.saved(
        make.service("One", venues=(make.venue("M33 7ZF", town=town),)),
        make.service("Hidden", venues=(make.venue("M9 8LN", town=town),), state="draft"),
    )
    page = pages.find(client, postcode=typed, within="1")
    assert f"near {town}".replace("'", "&#39;") in page.html
    assert page.names == ["One"]


def test_a_town_of_a_hidden_listing_is_not_known(client: FlaskClient) -> None:
    make.saved(make.service("Refuge", venues=(make.venue(town="Secretplace"),), state="draft"))
    assert "We do not know “Secretplace”" in pages.find(client, postcode="Secretplace").html


@pytest.mark.parametrize("typed", ["'", "’", "´", "`", "\u0301", "-", "%", "_"])
def test_signs_that_are_no_name_are_no_town(client: FlaskClient, typed: str) -> None:
    make.saved(make.service("Townless", venues=(make.venue(town=""),)))
    page = pages.find(client, postcode=typed)
    assert "We do not know “" in page.html


# The visitor's own position


def test_near_me_searches_from_there_and_keeps_no_more_than_a_hundred_metres(client: FlaskClient) -> None:
    make.saved(make.service("Near", at="M33 7ZF"), make.service("Far", at="M9 8LN"))
    latitude, longitude = geo.degrees(379_043, 391_571)
    answer = client.post(
        "/near", data={"latitude": str(latitude), "longitude": str(longitude), "q": "", **token(client)}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/find?near=here")
    with client.session_transaction() as session:
        assert session["here"] == [379_000, 391_600]
    page = client.get("/find?near=here").text
    assert "near where you are" in page
    assert pages.Found(page, 200).names == ["Near"]


def token(client: FlaskClient) -> dict[str, str]:
    """The sign against forgery that every form carries."""
    return {"csrf_token": client.get("/near").text.split('name="csrf_token" value="')[1].split('"')[0]}


@pytest.mark.parametrize(
    ("latitude", "longitude", "said"),
    [
        ("", "", "did not say where you are"),
        ("north", "-2.3", "did not say where you are"),
        ("nan", "nan", "did not say where you are"),
        ("1e9", "1e9", "did not say where you are"),
        ("٥٣.٤", "-2.3", "did not say where you are"),
        ("9" * 400, "0", "did not say where you are"),
        ("48.85", "2.35", "outside the United Kingdom"),
        ("0", "0", "outside the United Kingdom"),
    ],
)
def test_a_position_that_is_none_is_said_kindly(
    client: FlaskClient, latitude: str, longitude: str, said: str
) -> None:
    answer = client.post("/near", data={"latitude": latitude, "longitude": longitude, **token(client)})
    assert answer.status_code == 422
    assert said in answer.text


def test_a_forgotten_position_is_asked_for_again(client: FlaskClient) -> None:
    make.saved(make.service("Near", at="M33 7ZF"))
    page = client.get("/find?near=here").text
    assert "We do not know where you are any more." in page
    assert pages.Found(page, 200).names == ["Near"]


# What other pages know of it


@pytest.mark.parametrize(("typed", "label"), [("M33 2DA", "M33 2DA"), ("M33", "M33"), ("Sale", "Sale")])
def test_a_listings_page_says_how_far_it_is_from_where_was_searched(
    client: FlaskClient, typed: str, label: str
) -> None:
    shed = make.service("Shed", at="M33 7ZF")
    make.saved(shed)
    address = f"/services/{shed.id}"
    assert "data-metres" not in client.get(address).text
    pages.find(client, postcode=typed)
    page = client.get(address).text
    assert "data-metres" in page
    assert f"from {label}" in page
    assert f'value="{label}"' in client.get("/").text


def test_another_town_takes_the_place_of_the_position_and_the_other_way_round(client: FlaskClient) -> None:
    make.saved(make.service("Near", at="M33 7ZF"))
    latitude, longitude = geo.degrees(379_000, 391_500)
    client.post("/near", data={"latitude": str(latitude), "longitude": str(longitude), **token(client)})
    pages.find(client, postcode="Hale")
    with client.session_transaction() as session:
        assert "here" not in session
    client.post("/near", data={"latitude": str(latitude), "longitude": str(longitude), **token(client)})
    with client.session_transaction() as session:
        assert "place" not in session


def test_what_cannot_be_placed_is_not_remembered(client: FlaskClient) -> None:
    pages.find(client, postcode="M33 7ZF")
    pages.find(client, postcode="ZZ99 9ZZ")
    with client.session_transaction() as session:
        assert session["place"] == "M33 7ZF"


def test_a_place_is_kept_no_longer_than_the_browser_is_open(client: FlaskClient) -> None:
    answer = client.get("/find?postcode=M33+7ZF")
    (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("session=")]
    attributes = {part.split("=")[0].strip().lower() for part in cookie.split(";")[1:]}
    assert not attributes & {"expires", "max-age"}
    assert "httponly" in attributes
    assert answer.headers["Cache-Control"].startswith(("private", "no-store"))


def test_the_authority_of_a_place_is_one_or_none(awkward: Flask) -> None:
    with awkward.app_context():
        whole, split = where.place_of("M33 7ZF"), where.place_of("M90 1ZZ")
        assert whole
        assert split
        assert (where.authority(whole), where.authority(split)) == ("E08000009", "")
        assert where.place_of("ZZ99 9ZZ") is None
        assert where.place_of("Sale") is None
