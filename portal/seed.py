"""The starter content, and the demonstration: made-up councils, organisations and listings on real postcodes.

Dates in the demonstration are told from the day of seeding, and its ids from the names of things: the same day gives
the same database. Seeding again changes nothing that is there.
"""

import csv
import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import current_app

from portal import clock
from portal.accounts import demonstration, demonstration_mandates
from portal.accounts.demonstration import Persona
from portal.councils import actions as councils
from portal.councils import queries as council_queries
from portal.councils.models import Council
from portal.db import db
from portal.directory import actions, content, demonstration_desks, indexing, where
from portal.directory.drafts import (
    AreaDraft,
    CostDraft,
    ListingDraft,
    MarkDraft,
    OrganisationDraft,
    RatingDraft,
    TimeDraft,
    TranslationDraft,
    VenueDraft,
)
from portal.directory.models import Organisation, Service, Taxonomy
from portal.directory.search.thesaurus import read_yaml
from portal.editorial import loading
from portal.geo import METRES_PER_MILE

SOURCE = "demonstration"
_ACTOR = "demonstration"
# How long a listing stands before somebody should look at it again.
_REVIEW_AFTER = dt.timedelta(days=182)

Say = Callable[[str], None]


def run(*, demo: bool, today: dt.date, say: Say) -> None:
    """The starter content is loaded; with demo, the demonstration too; the postcodes and the index are there."""
    folder: Path = current_app.config["CONTENT"]
    if not where.postcodes_known():
        where.learn_postcodes(say)
    _load_content(folder, today, say)
    if demo and db.session.scalar(sa.select(sa.func.count(Service.id)).where(Service.source == SOURCE)) == 0:
        say(f"{_load_demo(folder / 'demo', today)} listings of three made-up councils")
        db.session.commit()
    if demo:
        _bring_in_people(folder / "demo", today)
    if not indexing.engine().is_ready():
        say(f"{indexing.rebuild()} listings are in the search index")
    if demo:
        _write_demo_file()


def _load_content(folder: Path, today: dt.date, say: Say) -> None:
    """The taxonomy and the library of documents are there."""
    if db.session.scalar(sa.select(sa.func.count(Taxonomy.id))) == 0:
        for line in content.load(folder):
            say(line)
        db.session.commit()
    if loading.is_empty():
        for line in loading.load(folder, dt.datetime.combine(today, dt.time(3), clock.UK)):
            say(line)
        db.session.commit()


def _bring_in_people(folder: Path, today: dt.date) -> None:
    """The people of the demonstration are there, who acts for whom, and what lies on their desks."""
    if demonstration.is_empty():
        now = dt.datetime.combine(today, dt.time(3), clock.UK)
        people = _people()
        demonstration.save(_personas(), people["password"], now, _user_id)
        demonstration_mandates.save(people["without_account"], people["mandates"], now, _user_id)
        db.session.commit()
    if demonstration_desks.is_empty():
        demonstration_desks.save(read_yaml(folder / "desks.yaml"), _makers(today))
        db.session.commit()


def _makers(today: dt.date) -> demonstration_desks.Makers:
    council = council_queries.by_key("fernshire")
    assert council is not None
    now = dt.datetime.combine(today, dt.time(3), clock.UK)
    return demonstration_desks.Makers(council, now, _id, lambda row: draft_of(row, today))


def _user_id(key: str) -> uuid.UUID:
    return _id("user", key)


def _people() -> dict[str, Any]:
    people: dict[str, Any] = read_yaml(current_app.config["CONTENT"] / "demo" / "people.yaml")
    return people


def _personas() -> list[Persona]:
    """The people of the demonstration, as its file tells of them."""
    found = {council.key: council for council in council_queries.every()}
    return [
        Persona(
            key=row["key"],
            name=row["name"],
            council=found[row["council"]],
            roles=tuple(row.get("roles", ())),
            owns=_id("organisation", row["council"], row["owns"]) if "owns" in row else None,
            reference=row.get("supported", ""),
            authenticator=row.get("authenticator", False),
        )
        for row in _people()["people"]
    ]


def load_councils(folder: Path) -> dict[str, Council]:
    """The made-up councils of a folder, with their areas and towns, by key."""
    with (folder / "areas.csv").open(newline="") as file:
        councils.save_areas(csv.DictReader(file))
    return {row["key"]: _save_council(row) for row in read_yaml(folder / "councils.yaml")}


def _load_demo(folder: Path, today: dt.date) -> int:
    found = load_councils(folder)
    terms = actions.term_ids()
    count = 0
    for path in sorted((folder / "listings").glob("*.yaml")):
        file_content = read_yaml(path)
        organisations = {row["key"]: row for row in file_content["organisations"]}
        kept: dict[tuple[str, str], Organisation] = {}
        for row in file_content["listings"]:
            council = found[row["council"]]
            key = (council.key, row["organisation"])
            if key not in kept:
                kept[key] = _save_organisation(council, organisations[row["organisation"]])
            _save_listing(council, kept[key], row, today, terms)
            count += 1
    return count


def _save_council(row: Mapping[str, Any]) -> Council:
    known = council_queries.by_key(row["key"])
    plain = {k: v for k, v in row.items() if k not in ("key", "name", "hosts", "areas", "towns")}
    council = known or councils.add(
        row["key"], name=row["name"], hosts=row["hosts"], areas=row["areas"], **plain
    )
    for name, postcode in row["towns"].items():
        place = where.place_of(postcode)
        if place:
            councils.save_town(council, name, where.folded(name), place.easting, place.northing)
    return council


def _save_organisation(council: Council, row: Mapping[str, Any]) -> Organisation:
    draft = OrganisationDraft(
        source_id=row["key"],
        name=row["name"],
        description=row.get("about", ""),
        kind=row.get("kind", ""),
        website=row.get("website", ""),
        email=row.get("email", ""),
        phone=row.get("phone", ""),
    )
    new_id = _id("organisation", council.key, row["key"])
    return actions.save_organisation(council, draft, source=SOURCE, new_id=new_id)


def _id(*parts: str) -> uuid.UUID:
    """The same id for the same thing in every demonstration."""
    return uuid.uuid5(uuid.NAMESPACE_URL, "https://wellbeing-portal.example.org/" + "/".join(parts))


def _save_listing(
    council: Council,
    organisation: Organisation,
    row: Mapping[str, Any],
    today: dt.date,
    terms: Mapping[str, uuid.UUID],
) -> None:
    draft = draft_of(row, today)
    actions.save_listing(
        council,
        organisation,
        draft,
        source=SOURCE,
        actor=_ACTOR,
        now=dt.datetime.combine(today, dt.time(3), clock.UK),
        terms=terms,
        new_id=_id("service", row["key"]),
    )


def draft_of(row: Mapping[str, Any], today: dt.date) -> ListingDraft:
    """A listing of the demonstration's files as a draft. Days are counted from today."""
    ages, welsh = row.get("ages", {}), row.get("welsh")
    assured = today - dt.timedelta(days=row.get("checked_days_ago", 60))
    return ListingDraft(
        source_id=row["key"],
        name=row["name"],
        kind=row.get("kind", "service"),
        also_known_as=tuple(row.get("also", ())),
        summary=row.get("summary", ""),
        description=row.get("description", ""),
        terms=(*row["categories"], *row.get("needs", ())),
        venues=tuple(_venue(venue) for venue in row.get("venues", ())),
        areas=tuple(_areas(row)),
        times=(*map(_time, row.get("times", ())), *(_date(d, today) for d in row.get("dates", ()))),
        costs=tuple(CostDraft(c["text"], c.get("pence"), c.get("unit", "")) for c in row.get("costs", ())),
        is_free=row.get("free", False),
        by_appointment=row.get("appointment", False),
        how_to_start=row.get("how_to_start", ""),
        minimum_age=ages.get("min"),
        maximum_age=ages.get("max"),
        who_for=row.get("who", ""),
        languages=tuple(row.get("languages", ())),
        phone=str(row.get("phone", "")),
        email=row.get("email", ""),
        website=row.get("website", ""),
        contact=row.get("contact", ""),
        marks=tuple(
            MarkDraft(m["kind"], today + dt.timedelta(days=m["expires_in_days"]))
            if "expires_in_days" in m
            else MarkDraft(m["kind"])
            for m in row.get("marks", ())
        ),
        ratings=tuple(_ratings(row.get("cqc", {}), today)),
        translations=(TranslationDraft("cy", welsh.get("name", ""), welsh.get("summary", "")),)
        if welsh
        else (),
        assured_on=assured,
        review_due_on=assured + _REVIEW_AFTER,
        vacancies=row.get("vacancies", ""),
        shared=row.get("sharing", "shared") == "shared",
        state=row.get("state", "published"),
    )


def _venue(row: Mapping[str, Any]) -> VenueDraft:
    place = where.place_of(row["postcode"])
    return VenueDraft(
        address=row["address"],
        town=row.get("town", ""),
        postcode=row["postcode"],
        name=row.get("name", ""),
        directions=row.get("directions", ""),
        easting=place.easting if place else None,
        northing=place.northing if place else None,
        authority=where.authority(place) if place else "",
        access=tuple(row.get("access", ())),
        times=tuple(_time(t) for t in row.get("times", ())),
    )


def _areas(row: Mapping[str, Any]) -> Iterable[AreaDraft]:
    comes = row.get("comes_to_you", {})
    for code in comes.get("areas", ()):
        yield AreaDraft("comes_to_you", code=code)
    if "radius_miles" in comes:
        place = where.place_of(comes["from"])
        if place:
            yield AreaDraft(
                "comes_to_you",
                metres=round(comes["radius_miles"] * METRES_PER_MILE),
                easting=place.easting,
                northing=place.northing,
                name=f"{comes['radius_miles']} miles around {comes['from']}",
            )
    for code in row.get("residents_of", ()):
        yield AreaDraft("residents_of", code=code)


def _clock(text: str | None) -> dt.time | None:
    return dt.time.fromisoformat(str(text)) if text else None


def _time(row: Mapping[str, Any]) -> TimeDraft:
    return TimeDraft(
        days=tuple(row["days"]),
        weeks=tuple(row.get("weeks", ())),
        opens=_clock(row.get("opens")),
        closes=_clock(row.get("closes")),
        season_from=row.get("from", ""),
        season_until=row.get("until", ""),
        note=row.get("note", ""),
    )


def _date(row: Mapping[str, Any], today: dt.date) -> TimeDraft:
    return TimeDraft(
        on=today + dt.timedelta(days=row["in_days"]),
        opens=_clock(row.get("opens")),
        closes=_clock(row.get("closes")),
        note=row.get("note", ""),
    )


def _ratings(row: Mapping[str, Any], today: dt.date) -> Iterable[RatingDraft]:
    published = today - dt.timedelta(days=row["report_days_ago"]) if "report_days_ago" in row else None
    for domain, rating in row.items():
        if domain != "report_days_ago":
            yield RatingDraft(domain, rating, published)


def _write_demo_file() -> None:
    """instance/demo.json: where the demonstration's sites are and who signs in how, for people and for checks."""
    sites = [
        {"council": council.key, "host": host.host}
        for council in council_queries.every()
        for host in council.hosts
    ]
    people = [
        {
            "persona": persona.key,
            "name": persona.name,
            "host": f"{persona.council.key}.localhost",
            "email": persona.email,
            "password": _people()["password"],
            "authenticator secret": persona.secret or None,
            "wallet id": None,
        }
        for persona in _personas()
    ]
    path = current_app.config["INSTANCE"] / "demo.json"
    path.write_text(json.dumps({"sites": sites, "people": people}, indent=2, ensure_ascii=False) + "\n")


def welcome(port: int) -> list[str]:
    """What `make run` prints once the site is up."""
    lines = ["", f"The site is at http://localhost:{port}"]
    lines += [
        f"  {council.name}: http://{host.host}:{port}"
        for council in council_queries.every()
        for host in council.hosts
        if host.host != "localhost"
    ]
    if not demonstration.is_empty():
        lines += [f"  Everybody’s password: {_people()['password']}"]
        lines += [f"  {p.name}: {p.email}, {_does(p)}" for p in _personas()]
        lines += [
            "  Where a code is asked for, an authenticator app makes it from the secret behind the name."
        ]
    return [*lines, "  Try “lunch club” near M33 7ZF.", "  Stop it with Ctrl+C.", ""]


def _does(persona: Persona) -> str:
    part = ", ".join(role.replace("_", " ") for role in persona.roles) or (
        "owns a service" if persona.owns else "citizen"
    )
    return f"{part} (secret {persona.secret})" if persona.secret else part
