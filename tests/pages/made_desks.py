"""Proposals, claims and messages in states that the demonstration has none in, made by the same steps as by people.

Keys: what the demonstration has is told by its key there ("tom-homecare-prices"), what is made here by its own.
"""

import datetime as dt
import uuid
from dataclasses import replace

import sqlalchemy as sa

from portal import clock, sealing
from portal.accounts import granting, queries, supported
from portal.accounts.granting import By
from portal.accounts.models import User
from portal.db import db
from portal.directory import claims, desk_queries, freshness, keeping, proposing, versions, voices
from portal.directory.drafts import CostDraft, ListingDraft, MarkDraft, OrganisationDraft, as_json
from portal.directory.models import (
    Claim,
    OpenedTally,
    Proposal,
    ReviewLetter,
    ReviewLetterEntry,
    SearchTally,
    Service,
    Voice,
)
from portal.directory.spam import Signs
from portal.directory.voices import Said
from tests import make
from tests.pages.listings import HOSTILE, LONG_NAME

LONG_WORDS = ("We meet in all weathers, and whoever comes first puts the kettle on. " * 30).strip()

_ROBOT = Signs("deals", "")


def _by(key: str) -> By:
    user = db.session.scalars(sa.select(User).where(User.email == f"{key}@fernshire.example.org")).one()
    return By(user.id, f"user:{user.id}", user.name)


def _ready(name: str, **more: object) -> ListingDraft:
    """An entry with all that is needed."""
    facts = {"kind": "group", "summary": "Good company.", "venues": (make.venue(),), "phone": "01632 960 001"}
    return ListingDraft("", name, **{**facts, **more})  # type: ignore[arg-type]  # fields of different types


def _new(
    key: str,
    draft: ListingDraft | None = None,
    *,
    by_editor: bool = False,
    sent: bool = False,
    note: str = "",
) -> Proposal:
    """A new entry of somebody's, begun, written, or sent."""
    made = proposing.begin(make.council(), by=_by(key), now=make.NOW, by_editor=by_editor)
    if draft:
        run_by = as_json(OrganisationDraft("", f"Who runs {draft.name}"[:200], draft.summary, "group"))
        proposing.save(made, now=make.NOW, draft=draft, run_by=run_by, suggested=["lunch-clubs"])
    if sent:
        proposing.send(made, note, by=_by(key), now=make.NOW)
    return made


def _everything() -> ListingDraft:
    """Every question answered, some of them several times."""
    hall = make.venue(
        name="St Anne’s Hall",
        access=("step-free",),
        times=(make.opening("mon"),),
        directions="Round the back",
    )
    return _ready(
        "Everything Club",
        also_known_as=("The Lot",),
        description=LONG_WORDS[:600],
        venues=(hall, make.venue("M33 2BJ", name="The Dove House")),
        areas=(),
        times=(make.opening("tue thu", note="not in August"), make.opening("sat")),
        costs=(CostDraft("£4.50 with a hot meal", 450, "a lunch"), CostDraft("£1 for tea", 100, "")),
        who_for="Anybody on their own",
        minimum_age=18,
        how_to_start="Just turn up",
        languages=("ur", "bfi"),
        email="lot@example.org",
        marks=(MarkDraft("insured", dt.date(2027, 5, 1), "Policy 12"), MarkDraft("dbs")),
    )


def _proposals() -> dict[str, uuid.UUID]:
    found = {
        "blank": _new("asha"),
        "everything": _new("asha", _everything()),
        "long entry": _new(
            "asha",
            _ready(LONG_NAME, summary=LONG_WORDS[:300], description=LONG_WORDS),
            sent=True,
            note=LONG_WORDS,
        ),
        "hostile entry": _new("derek", _ready(HOSTILE[:200], summary=HOSTILE), sent=True, note=HOSTILE),
        "own entry": _new("ed", _ready("Ed’s own allotment"), sent=True),
        "editor’s": _new("ed", _ready("Written by Ed"), by_editor=True),
    }
    return {key: made.id for key, made in found.items()}


def _clash(service_id: uuid.UUID) -> uuid.UUID:
    """A change of what an editor has changed since it was begun."""
    council, derek, ed = make.council(), _by("derek"), _by("ed")
    sent = _change(service_id, derek, summary="Tea and tools at noon.", costs=(CostDraft("£5"),))
    proposing.send(sent, "", by=derek, now=make.NOW)
    mine = _change(service_id, ed, by_editor=True, summary="Tea and tools at one.", costs=(CostDraft("£6"),))
    proposing.approve(mine, council, edition=mine.edition, terms=None, by=ed, now=make.NOW)
    return sent.id


def _change(service_id: uuid.UUID, by: By, *, by_editor: bool = False, **fields: object) -> Proposal:
    service = versions.held(make.council().id, service_id)
    assert service
    made = proposing.begin(make.council(), by=by, now=make.NOW, by_editor=by_editor, service=service)
    if fields:
        proposing.save(made, now=make.NOW, draft=replace(proposing.draft_of(made), **fields))  # type: ignore[arg-type]  # fields of different types
    return made


def _listings() -> dict[str, uuid.UUID]:
    """Listings that are suspended, private, archived, hidden, late, or here twice."""
    council, ed = make.council(), _by("ed")
    made = {
        key: make.service(f"Listing that is {key}", run_by=f"Who runs what is {key}", terms=("sheds",))
        for key in ("suspended", "private", "archived", "hidden", "late")
    }
    made |= {
        key: make.service(name, run_by=f"Who runs the {key}", terms=("sheds",), at="M41 6JB")
        for key, name in (("twin", "Flixton Shed Night"), ("other twin", "The Flixton shed night"))
    }
    db.session.flush()

    def seen(key: str) -> tuple[Service, str]:
        held = versions.held(council.id, made[key].id)
        assert held
        return held, versions.stamp(held)

    service, stamp = seen("suspended")
    keeping.suspend(service, "A relative has complained.", seen=stamp, by=ed, now=make.NOW)
    service, stamp = seen("private")
    person = supported.add(council, "Harriet Lamb", "F-2001", by=ed, now=make.NOW)
    keeping.keep_private(service, person, seen=stamp, by=ed, now=make.NOW)
    service, stamp = seen("archived")
    keeping.archive(service, seen=stamp, by=ed, now=make.NOW)
    _overdue(made["hidden"], made["late"])
    return {key: service.id for key, service in made.items()}


def _overdue(hidden: Service, late: Service) -> None:
    """Nobody answered for either: one is late, the other not shown any more."""
    today = clock.today()
    for service, days in ((hidden, 120), (late, 60)):
        service.review_due_on = today - dt.timedelta(days=days)
    db.session.flush()
    for entry in freshness.due(make.council().id, today):
        if entry.service.id in (hidden.id, late.id):
            freshness.note(entry, reminded_on=today - dt.timedelta(days=40), escalated_on=today)
    hidden.hidden_on = today


def _letters(several: list[uuid.UUID], one: uuid.UUID, done: uuid.UUID) -> dict[str, str]:
    """Letters that ask whether listings are still right, by what stands in their links."""
    today = clock.today()
    for key, ids in (("several", several), ("one", [one]), ("done", [done])):
        letter = ReviewLetter(
            council_id=make.council().id,
            to=f"{key}@example.org",
            token=sealing.hashed(f"letter-{key}"),
            sent_on=today,
            ends_at=clock.now() + dt.timedelta(days=50),
        )
        for service_id in ids:
            service = db.session.get_one(Service, service_id)
            due_on = service.review_due_on or today
            if key == "done":
                due_on -= dt.timedelta(days=183)
            letter.entries.append(ReviewLetterEntry(service_id=service_id, due_on=due_on, stage="due"))
        db.session.add(letter)
    return {f"letter {key}": f"letter-{key}" for key in ("several", "one", "done")}


def _voices(long_id: uuid.UUID) -> dict[str, uuid.UUID]:
    council = make.council()
    long = db.session.get_one(Service, long_id)
    told = {
        "hostile voice": Said(
            "suggestion", HOSTILE, about=HOSTILE, where=HOSTILE, reach=HOSTILE, name=HOSTILE[:120]
        ),
        "long voice": Said("feedback", LONG_WORDS, long, name="A" * 120, email="someone@example.org"),
        "provider’s voice": Said("report", "We moved.", long, part="place", from_provider=True),
    }
    found = {key: voices.tell(council, said, None, key, make.NOW).id for key, said in told.items()}
    robots = voices.tell(
        council, Said("suggestion", "Cheap deals!", about="Deals"), _ROBOT, "robot", make.NOW
    )
    voices.settle(robots, "spam", "", by="Ed", actor="user:ed", now=make.NOW)
    return found


def _tallies(seen: uuid.UUID) -> None:
    council, today = make.council(), clock.today()
    for words, searched, nothing in (("lunch", 40, 0), ("dog walking", 12, 12), ("x" * 80, 9, 9)):
        db.session.add(
            SearchTally(
                council_id=council.id, on=today, words=words, searched=searched, found_nothing=nothing
            )
        )
    db.session.add(OpenedTally(service_id=seen, on=today, opened=31))


def _of_demonstration() -> dict[str, uuid.UUID]:
    """What lies on the desks of the demonstration, by short keys."""
    names = {
        proposing.draft_of(one).name + ("" if one.service_id is None else " (change)"): one.id
        for one in db.session.scalars(sa.select(Proposal))
    }
    voice = {one.about + one.kind + one.state: one.id for one in db.session.scalars(sa.select(Voice))}
    return {
        "new entry": names["Wednesday Warmers"],
        "change": names["Willow & Wren Homecare (change)"],
        "sent back": names["Home from Hospital with Willow & Wren"],
        "claim": db.session.scalars(sa.select(Claim.id)).one(),
        "urgent voice": voice["Moss Lane Carers' Co-operativefeedbackopen"],
        "held voice": voice["Best care dealssuggestionheld"],
        "settled voice": voice["Pie Fridayreportdone"],
        "tom’s": db.session.scalars(
            sa.select(Service.id).where(Service.name == "Willow & Wren Homecare")
        ).one(),
    }


def write(ids: dict[str, str]) -> dict[str, str]:
    """They are in the database. Key -> id (or token), by which states name them in a path: {key}.

    ids: of the hard listings.
    """
    hard = {key: uuid.UUID(ids[key]) for key in ("hall", "several", "comes", "long", "hostile", "rated")}
    found = _of_demonstration() | _proposals() | _listings() | _voices(hard["long"])
    derek = queries.by_email("derek@fernshire.example.org")
    assert derek
    for key in ("hall", "long"):
        service = db.session.get_one(Service, hard[key])
        granting.take_in(derek, service.organisation_id, "manager", by=_by("ed"), now=make.NOW)
    found["clash"] = _clash(found["twin"])
    found["no change"] = _change(hard["long"], _by("derek")).id
    hostile = db.session.get_one(Service, hard["hostile"])
    claims.ask(make.council(), hostile, HOSTILE, by=_by("ed"), now=make.NOW)
    db.session.flush()
    found["own claim"] = desk_queries.claims(make.council().id)[-1].id
    _tallies(hard["hall"])
    letters = _letters([hard["hall"], hard["long"], hard["hostile"]], hard["comes"], hard["rated"])
    db.session.commit()
    return {key: str(made) for key, made in found.items()} | letters
