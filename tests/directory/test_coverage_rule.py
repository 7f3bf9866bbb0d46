"""Who is found near a postcode: the rule that decides whether a person sees the help that is there for them.

A listing answers when it comes to you and covers the postcode, or when it has a venue within the distance and
either no catchment or one that holds the postcode.
"""

from flask.testing import FlaskClient

from tests import make

HOME = "M33 7ZF"  # in Fernshire
FAR = "M9 8LN"  # in Millbrook, some nine miles away


def found(client: FlaskClient, **asked: str) -> list[str]:
    """The names of the results, in their order."""
    page = client.get("/find", query_string={"postcode": HOME, **asked}).text
    return [part.split("</a>")[0].split(">")[-1] for part in page.split("data-result=")[1:]]


def test_an_agency_far_away_that_covers_the_postcode_is_found_and_labelled(client: FlaskClient) -> None:
    make.saved(make.service("Far Home Care", at=FAR, areas=make.comes_to("E08000009")))
    page = client.get("/find", query_string={"postcode": HOME, "q": "home care"}).text
    assert "Far Home Care" in page
    assert "data-covers" in page
    assert "data-metres" not in page


def test_an_agency_that_covers_the_postcode_can_rank_before_a_venue(client: FlaskClient) -> None:
    make.saved(
        make.service("Home care for you", at=None, areas=make.comes_to("E08000009")),
        make.service("Chess club", summary="We once talked about home care.", at="M33 2DA"),
    )
    assert found(client, q="home care")[0] == "Home care for you"


def test_a_venue_next_door_for_another_councils_people_is_not_shown(client: FlaskClient) -> None:
    make.saved(
        make.service("Millbrook residents’ lunch", at=HOME, areas=make.only_for("E08000003")),
        make.service("Fernshire residents’ lunch", at=HOME, areas=make.only_for("E08000009")),
    )
    assert found(client, q="lunch") == ["Fernshire residents’ lunch"]


def test_a_venue_past_the_distance_is_not_shown_even_when_all_may_use_it(client: FlaskClient) -> None:
    make.saved(make.service("Near lunch", at="M33 2DA"), make.service("Far lunch", at=FAR))
    assert found(client, q="lunch", within="3") == ["Near lunch"]
    assert set(found(client, q="lunch", within="20")) == {"Near lunch", "Far lunch"}


def test_a_circle_covers_what_lies_in_it_and_nothing_else(client: FlaskClient) -> None:
    make.saved(
        make.service("Wide gardening", at=None, areas=make.comes_within(12, FAR)),
        make.service("Narrow gardening", at=None, areas=make.comes_within(3, FAR)),
    )
    assert found(client, q="gardening") == ["Wide gardening"]


def test_an_agency_that_covers_another_ward_only_is_not_shown(client: FlaskClient) -> None:
    make.saved(
        make.service("Meadowside care", at=None, areas=make.comes_to("X05000103")),
        make.service("Riverbank care", at=None, areas=make.comes_to("X05000108")),
    )
    assert found(client, q="care") == ["Meadowside care"]


def test_a_region_and_the_whole_country_cover_too(client: FlaskClient) -> None:
    make.saved(
        make.service("North West helpline", at=None, areas=make.comes_to("E12000002")),
        make.service("England helpline", at=None, areas=make.comes_to("E92000001")),
        make.service("Everywhere helpline", at=None, areas=make.comes_to("ALL")),
        make.service("London helpline", at=None, areas=make.comes_to("E12000007")),
    )
    assert set(found(client, q="helpline")) == {
        "North West helpline",
        "England helpline",
        "Everywhere helpline",
    }


def test_the_nearest_of_several_venues_counts(client: FlaskClient) -> None:
    make.saved(make.service("Two halls", venues=(make.venue(FAR), make.venue("M33 2DA"))))
    page = client.get("/find", query_string={"postcode": HOME, "within": "3"}).text
    assert "Two halls" in page
    assert 0 < int(page.split('data-metres="')[1].split('"')[0]) < 3 * 1609


def test_part_of_a_postcode_is_covered_by_what_covers_nearly_all_of_it(client: FlaskClient) -> None:
    """A few houses of M33 are in Millbrook: who types it is in Fernshire all the same."""
    make.saved(
        make.service("Fernshire home care", at=None, areas=make.comes_to("E08000009")),
        make.service("Millbrook home care", at=None, areas=make.comes_to("E08000003")),
    )
    assert found(client, q="home care", postcode="M33") == ["Fernshire home care"]
