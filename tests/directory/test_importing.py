"""A council's own spreadsheet: what a row becomes, what is said of one that cannot be read, and what is never lost."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from portal.accounts.granting import By
from portal.audit import AuditEvent
from portal.db import db
from portal.directory import actions, importing, proposing, queries, versions
from portal.directory.models import ImportedListing, Location, Organisation, Proposal, Service
from portal.errors import Refusal
from tests import make
from tests.accounts import people

FIRST = "id,name,summary,description,address,town,postcode,lat,lon,phone,email,website,cost,opening,mon,tue,run by\n"
SHED = (
    "1,Sale Shed,Woodwork for all,Bring a mug.,1 Dane Road,Sale,m33 7zf,,,0161 496 0101,shed@example.org,"
    "https://shed.example.org,£4 including tea,Not in August,10:00-12:00,10:00-12:00,Friends of the Shed\n"
)
MAPPING = """
source = "clubs"
organisation = "Clubs of Fernshire"
terms = ["sheds", "lonely"]
{more}
[columns]
id = "id"
name = "name"
summary = "summary"
description = "description"
address = "address"
town = "town"
postcode = "postcode"
lat = "lat"
lon = "lon"
phone = "phone"
email = "email"
website = "website"
cost = "cost"
opening = "opening"
mon = "mon"
tue = "tue"
organisation = "run by"
"""
ABOVE, COLUMNS = 'source = "x"\norganisation = "x"\n', '[columns]\nname = "name"\n'
Import = Callable[..., importing.Report]


@pytest.fixture
def taken(site: Flask, tmp_path: Path) -> Import:
    """Takes in a spreadsheet of these lines below the first."""

    def take(
        *lines: str, more: str = "", first: str = FIRST, now: dt.datetime = make.NOW
    ) -> importing.Report:
        (tmp_path / "clubs.csv").write_text(first + "".join(lines), encoding="utf-8", newline="")
        (tmp_path / "map.toml").write_text(MAPPING.replace("{more}", more), encoding="utf-8")
        report = importing.import_csv("fernshire", tmp_path / "clubs.csv", tmp_path / "map.toml", now=now)
        db.session.commit()
        return report

    return take


def row(number: int, name: str = "Club", **cells: str) -> str:
    """A line with a name and what a test says of it; "" elsewhere."""
    known = {"id": str(number), "name": name, "postcode": "M33 7ZF", **cells}
    return ",".join(known.get(column, "") for column in FIRST.strip().split(",")) + "\n"


def listing(key: str = "1") -> Service:
    """The listing that a row with this id became."""
    return db.session.scalars(sa.select(Service).where(Service.source_id == key)).one()


def count(model: type[Service] | type[Organisation] | type[Location]) -> int:
    """How many there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_row_becomes_a_listing_with_everything_it_says(taken: Import) -> None:
    report = taken(SHED)
    assert str(report) == "1 rows read: 1 listings saved, 0 as they were, 0 passed over, 0 left out."
    shed = listing()
    assert (shed.name, shed.summary, shed.state, shed.kind) == (
        "Sale Shed",
        "Woodwork for all",
        "published",
        "service",
    )
    assert shed.description == "Bring a mug.\n\nNot in August"
    assert (shed.email, shed.website) == ("shed@example.org", "https://shed.example.org")
    assert [phone.number for phone in shed.phones] == ["0161 496 0101"]
    assert [cost.words for cost in shed.costs] == ["£4 including tea"]
    assert [attribute.term.key for attribute in shed.attributes] == ["sheds", "lonely"]
    assert [(time.byday, time.opens_at) for time in shed.times] == [("MO,TU", dt.time(10))]
    assert shed.organisation.name == "Friends of the Shed"
    venue = shed.places[0].location
    assert (venue.addresses[0].postcode, venue.authority_code) == ("M33 7ZF", "E08000009")
    assert make.venue("M33 7ZF").easting == venue.easting
    events = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "listing.saved")).all()
    assert [(event.actor, event.facts["source"]) for event in events] == [("import", "clubs")]


def test_a_position_goes_before_the_postcode_and_needs_none(taken: Import) -> None:
    taken(
        row(1, lat="53.41988", lon="-2.31745", postcode=""),
        row(2, lat="0", lon="0"),
        row(3, lat="x", lon="y"),
    )
    assert [place.location.easting for place in listing("1").places] == [379000]
    for key in ("2", "3"):
        assert listing(key).places[0].location.easting == make.venue("M33 7ZF").easting


def test_the_same_file_again_changes_and_doubles_nothing(taken: Import) -> None:
    lines = (SHED, row(2), row(3, name="Choir", mon="9-5 (term time)"))
    taken(*lines)
    before = {s.id: (s.updated_at, s.places[0].location_id) for s in db.session.scalars(sa.select(Service))}
    again = taken(*lines, now=make.NOW + dt.timedelta(days=1))
    assert (again.saved, again.unchanged) == (0, 3)
    after = {s.id: (s.updated_at, s.places[0].location_id) for s in db.session.scalars(sa.select(Service))}
    assert after == before
    assert (count(Service), count(Location), count(Organisation)) == (3, 3, 2)


def test_a_row_that_changed_brings_its_own_listing_up_to_date(taken: Import) -> None:
    taken(SHED, row(2))
    before = listing().id
    report = taken(SHED.replace("Sale Shed", "Sale Shed and Garden").replace("m33 7zf", "M33 2DA"), row(2))
    assert (report.saved, report.unchanged) == (1, 1)
    assert (listing().id, listing().name) == (before, "Sale Shed and Garden")
    assert [place.location.addresses[0].postcode for place in listing().places] == ["M33 2DA"]
    assert count(Location) == 2, "the old venue is gone"


def test_what_people_decided_since_is_never_taken_back(taken: Import) -> None:
    taken(SHED, row(2))
    actions.set_state(listing(), "archived", actor="Priya", now=make.NOW)
    listing("2").assured_on = dt.date(2026, 11, 20)
    listing("2").review_due_on = dt.date(2027, 5, 20)
    listing().organisation.description = "Run by Derek and friends."
    db.session.commit()
    taken(SHED.replace("Sale Shed", "The Shed"), row(2, name="Other"))
    assert (listing().name, listing().state) == ("The Shed", "archived")
    assert (listing("2").assured_on, listing("2").review_due_on) == (
        dt.date(2026, 11, 20),
        dt.date(2027, 5, 20),
    )
    assert listing().organisation.description == "Run by Derek and friends."


def test_what_is_not_in_the_file_any_more_is_named_and_stays(taken: Import) -> None:
    taken(SHED, row(2, name="Choir"))
    report = taken(SHED)
    assert report.gone == ["Choir"]
    assert str(report).endswith("Look whether they still run:\n  Choir")
    assert listing("2").state == "published"
    actions.set_state(listing("2"), "archived", actor="Priya", now=make.NOW)
    db.session.commit()
    assert taken(SHED).gone == [], "somebody has looked"


def test_lists_of_other_sources_and_councils_are_left_alone(taken: Import, tmp_path: Path) -> None:
    mine = make.service("Priya’s own entry", source_id="1")
    db.session.commit()
    taken(SHED)
    importing.import_csv("millbrook", tmp_path / "clubs.csv", tmp_path / "map.toml", now=make.NOW)
    db.session.commit()
    assert count(Service) == 3
    assert mine.name == "Priya’s own entry"
    assert queries.from_source(make.council("millbrook"), "clubs").keys() == {"1"}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (row(2, name=""), "It has no name."),
        (row(2, name="NA"), "It has no name."),
        (row(2, name="x" * 201), "Its name is longer than 200 letters."),
        (row(2, postcode=""), "“Club” has no postcode or position that we know, and no area that it covers."),
        (
            row(2, postcode="ZZ99 9ZZ"),
            "“Club” has no postcode or position that we know, and no area that it covers.",
        ),
        (
            row(2, postcode="M33"),
            "“Club” has no postcode or position that we know, and no area that it covers.",
        ),
        (
            row(2, postcode="", lat="91", lon="0"),
            "“Club” has no postcode or position that we know, and no area that it covers.",
        ),
        (row(1), "“Club” has the same id as row 2."),
        (row(2).strip() + ",more,\n", "It has 19 cells, and the first row has 17."),
        (
            row(2, description="x" * 20_001),
            "A cell has more than 20,000 letters: a quotation mark may be missing.",
        ),
        (
            row(2, description="x" * 200_000),
            "A cell has more than 20,000 letters: a quotation mark may be missing.",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_the_others_are_taken_in(
    taken: Import, line: str, why: str
) -> None:
    report = taken(SHED, line, row(9, name="Choir"))
    assert report.problems == [(3, why)]
    assert f"  row 3: {why}" in str(report)
    assert (report.read, report.saved, count(Service)) == (3, 2, 2)


def test_rows_that_are_not_asked_for_are_passed_over(taken: Import) -> None:
    report = taken(SHED, row(2, town="Hale"), more='keep_if = { town = "Hale" }')
    assert (report.saved, report.passed_over, report.problems) == (1, 1, [])


def test_an_area_without_a_venue_is_where_it_goes_and_with_one_whose_people_may_come(taken: Import) -> None:
    taken(row(1, postcode=""), row(2), more='covers = ["E08000009", "E08000003"]')
    assert {(area.kind, area.code) for area in listing("1").areas} == {
        ("comes_to_you", "E08000009"),
        ("comes_to_you", "E08000003"),
    }
    assert {area.kind for area in listing("2").areas} == {"residents_of"}
    taken(row(2), more='covers = ["E08000009"]\nhome_visits = true')
    assert {area.kind for area in listing("2").areas} == {"comes_to_you"}


def test_hours_that_cannot_be_read_are_kept_in_words(taken: Import) -> None:
    taken(row(1, mon="9-5", tue="when Mavis is in", opening="Ring first"))
    assert [time.byday for time in listing().times] == ["MO"]
    assert listing().description == "Ring first\ntue: when Mavis is in"


def test_formulas_and_scripts_are_text_like_any_other(taken: Import) -> None:
    taken(row(1, name='"=HYPERLINK(""http://evil.example"",""Click"")"', summary="<script>alert(1)</script>"))
    assert listing().name == '=HYPERLINK("http://evil.example","Click")'
    assert listing().summary == "<script>alert(1)</script>"


def test_texts_longer_than_their_place_are_cut_on_both_databases(each_site: Flask, tmp_path: Path) -> None:
    long = dict.fromkeys(
        ("id", "address", "town", "phone", "website", "summary", "cost", "run by"), "x" * 2000
    )
    (tmp_path / "clubs.csv").write_text(FIRST + row(1, email="@" * 2_000, **long))
    (tmp_path / "map.toml").write_text(MAPPING.replace("{more}", ""))
    report = importing.import_csv("fernshire", tmp_path / "clubs.csv", tmp_path / "map.toml", now=make.NOW)
    db.session.commit()
    assert (report.saved, report.problems) == (1, [])


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ("source = ", "cannot be read as TOML"),
        ('organisation = "x"\n' + COLUMNS, 'needs a line source = "…"'),
        ('source = "x"\n' + COLUMNS, 'needs a line organisation = "…"'),
        (ABOVE, r"\[columns\] needs at least name"),
        (ABOVE + COLUMNS + 'fax = "y"\n', "has fax, which we do not know"),
        (ABOVE + 'term = ["x"]\n' + COLUMNS, "has term, which we do not know"),
        (ABOVE + 'terms = "sheds"\n' + COLUMNS, "of another kind"),
        (ABOVE + 'shared = "no"\n' + COLUMNS, "of another kind"),
        (ABOVE + 'kind = "club"\n' + COLUMNS, "kind is one of service, "),
        (ABOVE + 'covers = ["Sale"]\n' + COLUMNS, "Sale is not an ONS code"),
        (ABOVE + 'terms = ["shed"]\n' + COLUMNS, "no category or need is called shed"),
        (ABOVE + '[columns]\nname = "title"\n', "has no column title. Its columns are: id, name"),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why_and_nothing_is_taken_in(
    site: Flask, tmp_path: Path, mapping: str, why: str
) -> None:
    (tmp_path / "clubs.csv").write_text(FIRST + SHED)
    (tmp_path / "map.toml").write_text(mapping)
    with pytest.raises(Refusal, match=why) as refused:
        importing.import_csv("fernshire", tmp_path / "clubs.csv", tmp_path / "map.toml", now=make.NOW)
    assert refused.value.status == 422
    assert count(Service) == 0


def test_a_file_without_the_columns_is_refused_even_when_it_has_no_rows(taken: Import) -> None:
    with pytest.raises(Refusal, match="has no column address, "):
        taken(first="name\n")
    with pytest.raises(Refusal, match="has no column address, "):
        taken(first="")


def test_a_council_that_is_not_there_is_refused(taken: Import, tmp_path: Path) -> None:
    taken(SHED)
    with pytest.raises(Refusal, match="There is no council atlantis"):
        importing.import_csv("atlantis", tmp_path / "clubs.csv", tmp_path / "map.toml", now=make.NOW)


def test_progress_is_told_on_the_way(site: Flask, tmp_path: Path) -> None:
    told: list[str] = []
    (tmp_path / "clubs.csv").write_text(FIRST + "".join(row(number, name="") for number in range(1_001)))
    (tmp_path / "map.toml").write_text(MAPPING.replace("{more}", ""))
    importing.import_csv(
        "fernshire", tmp_path / "clubs.csv", tmp_path / "map.toml", now=make.NOW, say=told.append
    )
    assert told == ["500 of 1,001 rows read", "1,000 of 1,001 rows read"]


# What people here changed since


def edits(service: Service, **changes: object) -> None:
    """An editor has changed a listing at their desk. Committed."""
    before = versions.held(make.council().id, service.id)
    assert before
    versions.settled(before, make.NOW)
    draft = replace(versions.of_service(before), **changes)  # type: ignore[arg-type]  # each is of its field's type
    saved = actions.save_listing(
        make.council(), before.organisation, draft, source=before.source, actor="user:ed", now=make.NOW
    )
    db.session.flush()
    versions.note(saved, "edited", actor="user:ed", now=make.NOW)
    db.session.commit()


def waiting() -> list[Proposal]:
    """What waits at the editors' desk."""
    return list(db.session.scalars(sa.select(Proposal).where(Proposal.state == "waiting")))


def test_what_an_editor_wrote_stays_and_what_the_file_changed_elsewhere_comes_in(taken: Import) -> None:
    taken(SHED)
    edits(listing(), name="Sale Shed (ask for Derek)", vacancies="Two benches free", languages=("pl",))
    report = taken(SHED.replace("£4 including tea", "£5"))
    shed = listing()
    assert (shed.name, shed.vacancies) == ("Sale Shed (ask for Derek)", "Two benches free")
    assert [spoken.code for spoken in shed.languages] == ["pl"]
    assert [cost.words for cost in shed.costs] == ["£5"]
    assert (report.saved, report.kept, waiting()) == (1, [], [])


def test_a_file_that_says_what_it_said_before_takes_no_local_change_back(taken: Import) -> None:
    taken(SHED)
    edits(listing(), summary="Woodwork, and somebody to talk to", phone="0161 496 0199", terms=("sheds",))
    report = taken(SHED)
    shed = listing()
    assert (shed.summary, [phone.number for phone in shed.phones]) == (
        "Woodwork, and somebody to talk to",
        ["0161 496 0199"],
    )
    assert [attribute.term.key for attribute in shed.attributes] == ["sheds"]
    assert (report.saved, report.unchanged, report.kept) == (0, 1, [])


def test_what_both_changed_stays_is_told_and_waits_for_an_editor(taken: Import) -> None:
    taken(SHED)
    edits(listing(), summary="Woodwork for everybody", phone="0161 496 0199")
    report = taken(SHED.replace("Woodwork for all", "Wood and metal and tea").replace("0101", "0102"))
    shed = listing()
    assert (shed.summary, shed.phones[0].number) == ("Woodwork for everybody", "0161 496 0199")
    assert report.kept == [("Sale Shed", "In one sentence, Telephone")]
    assert "What stands here was kept; what the file says waits at the editors’ desk:" in str(report)
    assert "  Sale Shed: In one sentence, Telephone" in str(report)
    (asked,) = waiting()
    draft = proposing.draft_of(asked)
    assert (draft.summary, draft.phone) == ("Wood and metal and tea", "0161 496 0102")
    assert (asked.by_editor, asked.author_id, asked.service_id) == (True, None, shed.id)
    assert "“clubs”" in asked.note


def test_an_editor_takes_what_the_file_says_and_is_not_asked_again(taken: Import) -> None:
    taken(SHED)
    edits(listing(), summary="Woodwork for everybody")
    changed = SHED.replace("Woodwork for all", "Wood and metal and tea")
    taken(changed)
    ed, (asked,) = people.user("ed", roles=("editor",)), waiting()
    by = By(ed.id, f"user:{ed.id}", "Ed")
    proposing.approve(asked, make.council(), edition=asked.edition, terms=None, by=by, now=make.NOW)
    db.session.commit()
    assert listing().summary == "Wood and metal and tea"
    again = taken(changed)
    assert (again.unchanged, again.kept, waiting()) == (1, [], [])


def test_an_editor_leaves_it_as_it_is_and_is_asked_once_more_when_the_file_changes_again(
    taken: Import,
) -> None:
    taken(SHED)
    edits(listing(), summary="Woodwork for everybody")
    taken(SHED.replace("Woodwork for all", "Wood and metal and tea"))
    (asked,) = waiting()
    assert taken(SHED.replace("Woodwork for all", "Wood and metal and tea")).kept == []
    taken(SHED.replace("Woodwork for all", "Wood and cake"))
    (still,) = waiting()
    assert (still.id, still.edition) == (asked.id, 2)
    assert proposing.draft_of(still).summary == "Wood and cake"
    proposing.withdraw(still, make.NOW)
    db.session.commit()
    assert taken(SHED.replace("Woodwork for all", "Wood and cake")).kept == []
    assert listing().summary == "Woodwork for everybody"


def test_the_editors_desk_shows_what_a_file_says_and_how_to_leave_all_as_it_is(
    site: Flask, taken: Import
) -> None:
    taken(SHED)
    edits(listing(), summary="Woodwork for everybody")
    taken(SHED.replace("Woodwork for all", "Wood and metal and tea"))
    at = f"/editor/proposals/{waiting()[0].id}"
    ed, _ed = people.somebody(site, "ed", roles=("editor",))
    queue = ed.get("/editor/").text
    assert "A list that was taken in" in queue
    assert f'href="{at}"' in queue
    page = ed.get(at).text
    for words in ("everybody", "metal", "The list “clubs” says something else"):
        assert words in page
    own = f"/editor/entries/{at.rpartition('/')[2]}"
    assert f'href="{own}"' in page
    assert f'href="{own}/withdraw"' in ed.get(own).text
    assert ed.post(f"{own}/withdraw").status_code == 303
    assert waiting() == []
    assert listing().summary == "Woodwork for everybody"


def test_a_venue_that_an_editor_put_right_is_not_moved_back(taken: Import) -> None:
    taken(SHED)
    right = replace(versions.of_service(listing()).venues[0], directions="Through the red gate")
    edits(listing(), venues=(right,))
    taken(SHED.replace("Bring a mug.", "Bring two mugs."))
    assert [place.location.directions for place in listing().places] == ["Through the red gate"]
    assert listing().description.startswith("Bring two mugs.")


def test_whoever_runs_it_now_still_does_and_is_told_where_the_file_names_another(taken: Import) -> None:
    taken(SHED)
    new = make.service("Another", run_by="Dunham Gate Care").organisation
    shed = listing()
    shed.organisation = new
    db.session.commit()
    taken(SHED.replace("Bring a mug.", "Bring two mugs."))
    assert listing().organisation.name == "Dunham Gate Care"
    report = taken(SHED.replace("Friends of the Shed", "The Shed CIC"))
    assert listing().organisation.name == "Dunham Gate Care"
    assert report.kept == [("Sale Shed", "Who runs it")]


def test_a_listing_whose_file_was_taken_in_before_this_was_written_down_keeps_its_editors_words(
    taken: Import,
) -> None:
    taken(SHED)
    db.session.execute(sa.delete(ImportedListing))
    edits(listing(), summary="Woodwork for everybody")
    taken(SHED.replace("Bring a mug.", "Bring two mugs."))
    assert listing().summary == "Woodwork for everybody"
    assert listing().description.startswith("Bring two mugs.")


def test_a_dry_run_leaves_nothing_behind(taken: Import, tmp_path: Path) -> None:
    taken(SHED)
    edits(listing(), summary="Woodwork for everybody")
    (tmp_path / "clubs.csv").write_text(FIRST + SHED.replace("Woodwork for all", "Wood"), encoding="utf-8")
    report = importing.import_csv("fernshire", tmp_path / "clubs.csv", tmp_path / "map.toml", now=make.NOW)
    db.session.rollback()
    assert report.kept == [("Sale Shed", "In one sentence")]
    assert waiting() == []
    assert taken(SHED).unchanged == 1
