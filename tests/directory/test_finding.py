"""What is found, and in which order, as the page of results shows it."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal import clock
from portal.db import db
from portal.directory import actions
from portal.directory.drafts import AreaDraft, OrganisationDraft, RatingDraft, TimeDraft
from portal.directory.models import Organisation, Service
from portal.registry import Searchable
from tests import make
from tests.directory.pages import find, names

HOME = "M33 7ZF"


def in_days(days: int) -> dt.date:
    """A day counted from today, as the pages know it."""
    return clock.today() + dt.timedelta(days=days)


# Councils


def test_a_listing_of_a_neighbour_is_seen_only_when_it_is_shared(client: FlaskClient) -> None:
    make.saved(
        make.service("Ours shared"),
        make.service("Ours alone", shared=False),
        make.service("Theirs shared", of="millbrook"),
        make.service("Theirs alone", of="millbrook", shared=False),
    )
    assert set(names(client, postcode=HOME)) == {"Ours shared", "Ours alone", "Theirs shared"}
    assert set(names(client, postcode=HOME, host="millbrook.localhost")) == {
        "Ours shared",
        "Theirs shared",
        "Theirs alone",
    }


def test_an_unknown_host_shows_the_default_council(client: FlaskClient) -> None:
    make.saved(make.service("Ours alone", shared=False))
    assert names(client, host="elsewhere.example.org") == ["Ours alone"]
    assert names(client, host="saltmarsh.localhost") == []


def test_each_council_lists_first_what_it_chose_to(client: FlaskClient) -> None:
    charity = actions.save_organisation(
        make.council("saltmarsh"), OrganisationDraft("c", "Friends", kind="charity"), source="tests"
    )
    db.session.flush()
    near = make.service("Lunch A", of="fernshire", at="M33 7ZF")
    make.service("Lunch B", of="millbrook", at="M33 2DA")
    community = make.service("Lunch C", of="saltmarsh", at="M33 2DA", run_by="Friends of Lunch")
    community.organisation = charity
    actions.mark_changed(community.id, make.NOW)
    make.saved(near)
    first = {host: names(client, q="lunch", postcode=HOME, host=f"{host}.localhost")[0] for host in
             ("fernshire", "millbrook", "saltmarsh")}  # fmt: skip
    assert first == {"fernshire": "Lunch A", "millbrook": "Lunch C", "saltmarsh": "Lunch C"}
    councils = {council: make.council(council).strategy for council in first}
    assert councils == {"fernshire": "nearest", "millbrook": "community_first", "saltmarsh": "own_first"}


def test_with_no_place_given_what_residents_can_use_comes_first(client: FlaskClient) -> None:
    make.saved(
        make.service("Lunch elsewhere", of="millbrook", at="M9 8LN", areas=make.only_for("E08000003")),
        make.service("Lunch next door", of="millbrook", at="M21 9AN"),
        make.service("Lunch here"),
    )
    assert names(client, q="lunch") == ["Lunch here", "Lunch next door", "Lunch elsewhere"]


# Order


def test_by_distance_the_nearest_comes_first_and_by_name_the_alphabet(client: FlaskClient) -> None:
    make.saved(
        make.service("Élan lunch", at="M33 2DA"),
        make.service("apple lunch", at="WA14 1EZ"),
        make.service("Zest lunch", at="M33 7ZF"),
    )
    assert names(client, postcode=HOME, sort="distance") == ["Zest lunch", "Élan lunch", "apple lunch"]
    assert names(client, postcode=HOME, sort="name") == ["apple lunch", "Élan lunch", "Zest lunch"]
    metres = [
        int(part.split('"')[0])
        for part in find(client, postcode=HOME, sort="distance").html.split('data-metres="')[1:]
    ]
    assert metres == sorted(metres)
    assert len(metres) == 3


def test_no_distance_is_shown_beyond_what_was_asked(client: FlaskClient) -> None:
    make.saved(
        make.service("Two halls", venues=(make.venue("M33 2DA"), make.venue("M9 8LN"))),
        make.service("Far agency", at="M9 8LN", areas=make.comes_to("E08000009")),
    )
    page = find(client, postcode=HOME, within="3")
    assert set(page.names) == {"Two halls", "Far agency"}
    assert page.html.count("data-metres") == 1
    assert page.html.count("data-covers") == 1


def test_equal_results_stand_in_one_order_on_every_page_and_in_every_round(client: FlaskClient) -> None:
    make.saved(*(make.service("Lunch club") for _number in range(45)))
    rounds = [[find(client, q="lunch", page=str(page)).ids for page in (1, 2, 3)] for _round in range(2)]
    assert rounds[0] == rounds[1]
    assert [len(page) for page in rounds[0]] == [20, 20, 5]
    assert len({listing for page in rounds[0] for listing in page}) == 45


# Freshness and events


def test_what_nobody_confirmed_sinks_and_says_so(client: FlaskClient) -> None:
    make.saved(
        make.service("Lunch stale", assured_on=in_days(-400), review_due_on=in_days(-218)),
        make.service("Lunch late", assured_on=in_days(-190), review_due_on=in_days(-8)),
        make.service("Lunch fresh", assured_on=in_days(-3), review_due_on=in_days(179)),
        make.service("Lunch never", assured_on=None, review_due_on=None),
    )
    page = find(client, q="lunch", postcode=HOME)
    assert page.names[-2:] == ["Lunch late", "Lunch stale"]
    assert page.html.count("Please ring before you go") == 2
    assert "Checked 3 days ago" in page.html
    assert "Not checked yet" in page.html


def test_an_event_is_listed_until_its_last_day_is_over(client: FlaskClient) -> None:
    make.saved(
        make.service("Fair tonight", kind="event", times=(TimeDraft(on=in_days(0)),)),
        make.service("Fair gone", kind="event", times=(TimeDraft(on=in_days(-1)),)),
        make.service("Fair twice", kind="event", times=(TimeDraft(on=in_days(-7)), TimeDraft(on=in_days(7)))),
        make.service("Fair weekly", kind="event", times=(make.opening("sat"),)),
        make.service("Club since", kind="activity", times=(TimeDraft(on=in_days(-1)),)),
    )
    assert set(names(client)) == {"Fair tonight", "Fair twice", "Fair weekly", "Club since"}


# Filters


def test_free_only(client: FlaskClient) -> None:
    make.saved(make.service("Free lunch", is_free=True), make.service("Dear lunch"))
    assert names(client, free="1") == ["Free lunch"]


@pytest.mark.parametrize(("age", "expected"), [("17", {"All", "Young"}), ("25", {"All", "Young"}), ("26", {"All"}),
                                               ("60", {"All", "Old"}), ("0", {"All", "Young"})])  # fmt: skip
def test_for_an_age(client: FlaskClient, age: str, expected: set[str]) -> None:
    make.saved(
        make.service("All"), make.service("Young", maximum_age=25), make.service("Old", minimum_age=60)
    )
    assert set(names(client, age=age)) == expected


def test_every_way_of_getting_in_that_was_asked_for_is_there(client: FlaskClient) -> None:
    make.saved(
        make.service("Both", venues=(make.venue(access=("step-free", "hearing-loop")),)),
        make.service("One", venues=(make.venue(access=("step-free",)),)),
        make.service("None"),
    )
    assert set(names(client, access="step-free")) == {"Both", "One"}
    assert names(client, access=["step-free", "hearing-loop"]) == ["Both"]


def test_any_of_the_languages_kinds_needs_and_ratings_that_were_asked_for(client: FlaskClient) -> None:
    good, poor = (RatingDraft("overall", word) for word in ("Good", "Requires improvement"))
    make.saved(
        make.service("Urdu", languages=("ur",), terms=("lunch-clubs", "lonely"), ratings=(good,)),
        make.service("Polish", languages=("pl",), terms=("home-care", "caring"), ratings=(poor,)),
        make.service("English"),
    )
    for asked in (
        {"language": ["ur", "pl"]},
        {"category": ["lunch-clubs", "home-care"]},
        {"category": ["company", "help-at-home"]},
        {"need": ["lonely", "caring"]},
        {"rating": ["Good", "Requires improvement"]},
    ):
        assert set(names(client, **asked)) == {"Urdu", "Polish"}, asked
    assert names(client, language="ur", category="home-care") == []


@pytest.mark.parametrize(
    ("day", "time", "is_open"),
    [
        ("mon", "", True),
        ("tue", "", False),
        ("mon", "21:59", False),
        ("mon", "22:00", True),
        ("mon", "23:59", True),
        ("tue", "00:00", True),
        ("tue", "01:59", True),
        ("tue", "02:00", False),
        ("mon", "01:00", False),
        ("", "01:00", True),
        ("", "12:00", False),
    ],
)
def test_open_over_midnight(client: FlaskClient, day: str, time: str, is_open: bool) -> None:
    make.saved(make.service("Night owls", times=(make.opening("mon", "22:00", "02:00"),)))
    assert names(client, day=day, time=time) == (["Night owls"] if is_open else [])


def test_open_all_day_and_until_midnight(client: FlaskClient) -> None:
    make.saved(
        make.service("Always", times=(make.opening("mon", "00:00", "00:00"),)),
        make.service("Late", times=(make.opening("mon", "18:00", "00:00"),)),
        make.service("Sunday night", times=(make.opening("sun", "23:00", "01:00"),)),
    )
    assert set(names(client, day="mon", time="23:30")) == {"Always", "Late"}
    assert set(names(client, day="mon", time="00:30")) == {"Always", "Sunday night"}
    assert names(client, day="tue", time="00:00") == []


def test_on_a_day_of_the_month_or_of_one_date(client: FlaskClient) -> None:
    make.saved(
        make.service("Third Thursdays", times=(make.opening("thu", weeks=(3,)),)),
        make.service("A Friday", times=(TimeDraft(on=dt.date(2030, 5, 17), opens=dt.time(10)),)),
        make.service("By venue", venues=(make.venue(times=(make.opening("sat"),)),)),
    )
    assert names(client, day="thu") == ["Third Thursdays"]
    assert names(client, day="fri") == ["A Friday"]
    assert names(client, day="sat", time="10:30") == ["By venue"]


def test_where_its_venue_is(client: FlaskClient) -> None:
    make.saved(make.service("Here"), make.service("There", at="M9 8LN"), make.service("Nowhere", at=None,
               areas=(AreaDraft("comes_to_you", code="ALL"),)))  # fmt: skip
    assert names(client, area="E08000003") == ["There"]


# Nothing found


def test_nothing_found_offers_what_to_leave_out_the_most_first(client: FlaskClient) -> None:
    make.saved(
        make.service("Lunch on Monday", times=(make.opening("mon"),)),
        make.service("Lunch far and free", at="M9 8LN", is_free=True),
    )
    page = find(client, q="lunch", postcode=HOME, within="1", free="1", day="tue")
    assert page.total == 0
    assert "We did not find anything this time" in page.html
    assert "Include what costs money" not in page.html, "that alone would find nothing"
    page = find(client, q="lunch", postcode=HOME, within="1", free="1")
    assert "Include what costs money (1)" in page.html
    assert "Look everywhere, not only near you (1)" in page.html


def test_words_that_nothing_answers_still_lead_on(client: FlaskClient) -> None:
    make.saved(make.service("Lunch"))
    page = find(client, q="xyzzy qqqqq")
    assert page.total == 0
    assert "look through everything there is" in page.html
    assert "ring us on 01632 960 123" in page.html


# Words


def test_words_of_crisis_bring_urgent_help_above_everything(client: FlaskClient) -> None:
    make.saved(make.service("Walking group"))
    for words, number in (
        ("I want to kill myself", "116 123"),
        ("he hits me", "0808 2000 247"),
        ("not safe at home", "0808 2000 247"),
        ("suicide", "116 123"),
    ):
        page = find(client, q=words, exact="1").html
        assert page.index('class="urgent"') < page.index("<h1>"), words
        assert number in page
        assert "ring 999" in page
    assert 'class="urgent"' not in find(client, q="end of life care").html


def test_a_slip_is_mended_and_said_with_the_way_back(client: FlaskClient) -> None:
    make.saved(make.service("Woodwork"))
    page = find(client, q="woodwrok")
    assert page.names == ["Woodwork"]
    assert "<b>woodwork</b>" in page.html
    assert "/find?q=woodwrok&amp;exact=1" in page.html
    assert find(client, q="woodwrok", exact="1").total == 0


def test_synonyms_welsh_and_urdu_words_find_it(client: FlaskClient) -> None:
    make.saved(
        make.service("Chair lift fitters", terms=("adaptations",)),
        make.service("Clwb cinio", description="Cinio i bobl hŷn"),
        make.service("Advice", description="بزرگوں کے لیے مدد", languages=("ur",)),
        make.service("Other"),
    )
    assert "Chair lift fitters" in names(client, q="stairlift")
    assert names(client, q="bobl hyn", exact="1") == ["Clwb cinio"]
    assert names(client, q="بزرگوں", exact="1") == ["Advice"]


def test_suggestions_go_on_from_what_was_typed_with_and_without_script(client: FlaskClient) -> None:
    make.saved(make.service("Woodwork"))
    whole = client.get("/find/suggest?q=woodw").text
    assert "<h1>" in whole
    assert 'data-suggestion="woodwork"' in whole
    part = client.get("/find/suggest?q=lunch", headers={"HX-Request": "true"}).text
    assert "<h1>" not in part
    assert 'data-suggestion="Lunch clubs"' in part
    assert "Nothing goes on from that" in client.get("/find/suggest?q=zzzz").text


def test_what_answers_beside_the_listings_stands_outside_their_count(client: FlaskClient) -> None:
    make.saved(*(make.service("Lunch club") for _number in range(25)))
    article = Searchable(
        "article", "lunch", "Eating in company", "Why lunch clubs do you good", "/advice/lunch"
    )
    sources = client.application.extensions.setdefault("portal.searchables", [])
    sources.append(lambda: [article])
    try:
        page = find(client, q="lunch clubs")
        assert page.total == 25
        also = page.html.split("data-also")[1].split("</section>")[0]
        assert '<a href="/advice/lunch">' in also
        assert "Eating in company" in also
        assert "data-also" not in find(client, q="lunch clubs", page="2").html
        assert "data-also" not in find(client, q="choir").html
    finally:
        sources.pop()


# Who may be seen


@pytest.mark.parametrize(
    "hide",
    [
        lambda s: setattr(s, "state", "draft"),
        lambda s: setattr(s, "state", "waiting"),
        lambda s: setattr(s, "state", "archived"),
        lambda s: setattr(s, "private", True),
        lambda s: setattr(s, "suspended_at", make.NOW),
        lambda s: setattr(s, "status", "inactive"),
        lambda s: setattr(s, "status", "defunct"),
    ],
    ids=["draft", "waiting", "archived", "private", "suspended", "inactive", "defunct"],
)
def test_what_is_hidden_is_on_no_page_whether_the_index_knows_or_not(
    client: FlaskClient, hide: object
) -> None:
    hidden, seen = make.service("Refuge lunch"), make.service("Open lunch")
    make.saved(hidden, seen)
    address, organisation = f"/services/{hidden.id}", f"/organisations/{hidden.organisation_id}"
    assert "Refuge lunch" in client.get(organisation).text
    assert callable(hide)
    hide(hidden)
    db.session.commit()  # nobody told the index
    assert names(client, q="lunch") == ["Open lunch"]
    assert client.get(address).status_code == 404
    assert "Refuge lunch" not in client.get(organisation).text
    assert "Refuge lunch" not in client.get("/find?view=map").text


def test_an_organisation_with_nothing_to_be_seen_is_not_there(client: FlaskClient) -> None:
    alone = make.service("Millbrook’s own", of="millbrook", shared=False, run_by="Millbrook only")
    make.saved(alone)
    assert client.get(f"/organisations/{alone.organisation_id}").status_code == 404
    assert client.get(f"/services/{alone.id}").status_code == 404
    there = {"Host": "millbrook.localhost"}
    assert client.get(f"/organisations/{alone.organisation_id}", headers=there).status_code == 200
    assert db.session.scalar(sa.select(sa.func.count(Organisation.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(Service.id))) == 1
