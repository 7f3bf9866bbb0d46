"""Listings that are hard to show, put beside the demonstration's: very long, hostile, bare, in other scripts.

Each has a short key, by which the states of pages name it.
"""

import datetime as dt
from collections.abc import Callable, Mapping

from portal import clock
from portal.db import db
from portal.directory import actions, indexing
from portal.directory.drafts import AreaDraft, CostDraft, MarkDraft, RatingDraft, TimeDraft, TranslationDraft
from portal.directory.models import Service
from tests import make

LONGEST = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
# 200 characters are the most that a name may have; one of its words alone is wider than a telephone.
LONG_NAME = f"{LONGEST} and District Luncheon, Friendship and Reminiscence Circle for Older People, ".ljust(
    199, "x"
)
HOSTILE = """<script>alert(1)</script> "Mavis" & 'Derek' {{ 7*7 }} %(name)s"""
DESCRIPTION = """## What happens

A **hot lunch** of two courses, and *good company*.

* You can be collected.
* Bring your own [reading glasses](https://example.org/glasses).

1. Ring us
2. Come along

> “The best day of my week.” Mavis

#### Small print

Allergies are no trouble.
"""


def _hall() -> Service:
    """One venue, and every fact that a listing can have."""
    return make.service(
        "Thursday Table at St Anne’s",
        kind="group",
        also_known_as=("The Lunch Bunch", "St Anne’s dinner club"),
        summary="A hot lunch and good company on Tuesdays and Thursdays.",
        description=DESCRIPTION,
        terms=("lunch-clubs", "coffee-mornings"),
        venues=(
            make.venue(
                "M33 7ZF",
                name="St Anne’s Church Hall",
                directions="The side door, past the yew.",
                access=("step-free", "hearing-loop", "accessible-toilet", "parking"),
            ),
        ),
        times=(
            make.opening("tue thu", "12:00", "14:00", note="not in August"),
            make.opening("sat", "10:00", "11:30", season_from="04-01", season_until="09-30"),
        ),
        costs=(CostDraft("£4 including tea", 400, "meal"), CostDraft("Free for carers", 0)),
        by_appointment=True,
        how_to_start="Ring the day before, so that we cook enough.",
        minimum_age=60,
        maximum_age=110,
        who_for="Anyone who would rather not eat alone.",
        languages=("pl", "ur", "bfi"),
        phone="01632 960 001",
        email="tom@thursdaytable.example.org",
        website="https://www.thursdaytable.example.org/",
        contact="Tom",
        marks=(MarkDraft("insured"), MarkDraft("dbs", clock.today() + dt.timedelta(days=30))),
        vacancies="Two places on Thursdays",
    )


def _several() -> Service:
    """Three venues, each with times of its own; one of them cannot be placed on a map."""
    return make.service(
        "Sheds of Fernshire",
        summary="Workshops with tools, tea and people who know how.",
        terms=("sheds",),
        venues=(
            make.venue("M33 7ZF", name="Sale Shed", times=(make.opening("mon wed"),)),
            make.venue("M33 2DA", name="Dane Road Shed", times=(make.opening("fri", "13:00", "16:30"),)),
            make.venue("M33 7ZF", name="Shed without a place", easting=None, northing=None, authority=""),
        ),
        is_free=True,
    )


def _comes() -> Service:
    """No venue: it comes to people around a point, and in a ward."""
    return make.service(
        "Help at your door",
        summary="Washing, dressing and a hot drink, at home.",
        at=None,
        terms=("home-care",),
        areas=(*make.comes_within(6, "M33 7ZF"), *make.comes_to("X05000103")),
        phone="01632 960 002",
    )


def _online() -> Service:
    """No venue, and for everybody."""
    return make.service(
        "Quizzle by telephone",
        at=None,
        areas=(AreaDraft("comes_to_you", code="ALL"),),
        is_free=True,
    )


def _catchment() -> Service:
    """A venue for people who live in certain places."""
    return make.service(
        "Ashgrove residents’ breakfast", areas=make.only_for("X05000101", "X05000103"), terms=("lunch-clubs",)
    )


def _closed() -> Service:
    """Closed for now, and long unchecked."""
    old = clock.today() - dt.timedelta(days=500)
    found = make.service(
        "Old Mill tea dance",
        phone="01632 960 003",
        website="http://[half an address",
        assured_on=old,
        review_due_on=old + dt.timedelta(days=180),
    )
    found.status = "temporarily closed"
    return found


def _rated() -> Service:
    """Ratings in every domain."""
    day = clock.today() - dt.timedelta(days=200)
    rows = (
        ("overall", "Requires improvement"),
        ("safe", "Inadequate"),
        ("effective", "Good"),
        ("caring", "Outstanding"),
        ("responsive", "Insufficient evidence to rate"),
        ("well_led", "Not yet rated"),
    )
    return make.service(
        "Bramble House",
        summary="A home for 24 people.",
        terms=("care-homes",),
        ratings=tuple(RatingDraft(domain, rating, day) for domain, rating in rows),
    )


def _welsh() -> Service:
    """Has its own words in Welsh."""
    return make.service(
        "Singing together in Welsh",
        summary="Songs you know, in Welsh.",
        languages=("cy",),
        translations=(TranslationDraft("cy", "Canu gyda’n gilydd", "Caneuon rydych chi’n eu hadnabod."),),
    )


def _long() -> Service:
    """Everything as long as it may be, much of it without a blank to break a line at."""
    word = LONGEST.lower() * 3
    return make.service(
        LONG_NAME,
        run_by=f"The {LONGEST} Trust for the Comfort of the Elderly, the Infirm and their Carers".ljust(
            199, "y"
        ),
        also_known_as=(word[:150], "Llanfair PG"),
        summary=f"{word} {'Company, music, lunch and a lift home. ' * 6}"[:400],
        description=f"{word}\n\nhttps://example.org/{word}\n\n{'Plenty of words. ' * 80}",
        terms=("lunch-clubs", "music-singing", "befriending"),
        venues=(
            make.venue(
                "M33 7ZF",
                name=word[:150],
                address=f"{word[:120]} Buildings",
                address_2=word[:100],
                town=word[:60],
                directions=word,
                access=(
                    "step-free",
                    "accessible-toilet",
                    "changing-places",
                    "hearing-loop",
                    "dementia-friendly",
                ),
            ),
        ),
        times=tuple(
            TimeDraft(days=(day,), weeks=(1, 3), opens=dt.time(9, 15), closes=dt.time(16, 45), note=word[:80])
            for day in ("mon", "tue", "wed")
        ),
        costs=(CostDraft(f"{word[:100]} from £1,234.50 to £99,999.99 a week"), CostDraft(word[:90])),
        how_to_start=word,
        who_for=f"{word} {word}",
        phone="+44 (0)1632 960 004 extension 1234567",
        email=f"{word[:60]}@{word[60:100]}.example.org",
        website=f"https://{word[:60]}.example.org/{word}",
        contact=word[:90],
        vacancies=word[:190],
    )


def _hostile() -> Service:
    """Somebody tried to run script, to break out of attributes and to turn the line around."""
    return make.service(
        HOSTILE,
        run_by='Evil & Sons " onmouseover="alert(1)',
        summary="</p><img src=x onerror=alert(1)> \u202eright to left\u202c </script><script>alert(2)</script>",
        description=(
            "<script>alert(3)</script>\n\n[click](javascript:alert(4)) [data](data:text/html,x)\n\n"
            "![pixel](https://far.example/pixel.png)\n\n# A heading of its own\n\n<!-- <h1>two</h1> -->"
        ),
        terms=("lunch-clubs",),
        venues=(make.venue("M33 7ZF", name='"><svg onload=alert(5)>', directions="</dd></dl>"),),
        costs=(CostDraft("<b>£4</b>"),),
        how_to_start="{{ config }} {% raw %}",
        phone='0161" onclick="alert(6)',
        email='"><script>@example.org',
        website="javascript:alert(7)",
        contact="<i>Ed</i>",
        vacancies="]]><!--",
    )


def _urdu() -> Service:
    """Its name is in Urdu, on an English page."""
    return make.service(
        "بزرگوں کا کھانا",
        run_by="انجمن",
        summary="گرم کھانا اور اچھی صحبت، ہر جمعرات۔ Hot lunch.",
        terms=("lunch-clubs",),
    )


def _bare() -> Service:
    """A name and a place, and nothing else."""
    return make.service("Little Library", run_by="Priya", assured_on=None, review_due_on=None)


def _kept() -> Service:
    """Another council's, which it does not share."""
    return make.service(
        "Millbrook’s own supper", of="millbrook", run_by="Millbrook", at="M20 2RN", shared=False
    )


def _gone() -> Service:
    """Was listed once."""
    return make.service("Last year’s bingo", run_by="Ed")


MAKERS: Mapping[str, Callable[[], Service]] = {
    "hall": _hall,
    "several": _several,
    "comes": _comes,
    "online": _online,
    "catchment": _catchment,
    "closed": _closed,
    "rated": _rated,
    "welsh": _welsh,
    "long": _long,
    "hostile": _hostile,
    "urdu": _urdu,
    "bare": _bare,
    "kept": _kept,
    "gone": _gone,
}


def write() -> dict[str, str]:
    """The listings are in the database and the index. Key -> id; "of long" and so on are the organisations' ids."""
    made = {key: maker() for key, maker in MAKERS.items()}
    actions.set_state(made["gone"], "archived", actor="Ed", now=make.NOW)
    db.session.commit()
    indexing.rebuild()
    ids = {key: str(service.id) for key, service in made.items()}
    return ids | {f"of {key}": str(service.organisation_id) for key, service in made.items()}
