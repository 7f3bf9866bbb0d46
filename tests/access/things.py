"""What is asked about: Fernshire's things in every state, one of Millbrook's of each kind, and nobody's."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask

from portal import clock, sealing
from portal.accounts import asking, granting, links, mandates, recovering, supported
from portal.accounts.granting import By
from portal.accounts.models import Asking, Link, Mandate, Membership, Person, Recovery, Role, User
from portal.accounts.queries import by_email
from portal.db import db
from portal.directory import actions, claims, proposing, versions
from portal.directory.models import (
    Claim,
    MergedService,
    Proposal,
    ReviewLetter,
    ReviewLetterEntry,
    ServedPerson,
    Service,
)
from portal.directory.voices import Said, settle, tell
from portal.editorial import previewing
from portal.editorial.models import Document
from tests import make
from tests.access import cast
from tests.accounts import mandating, people
from tests.accounts.people import Browser
from tests.editorial import writing
from tests.selfhelp import desking

NOBODYS = {"nobody’s": uuid.UUID(int=0)}
Ids = Mapping[str, uuid.UUID]
ABOUT = "---\nid: about\ntitle: About us\nsummary: Who we are.\n---\nWe are here.\n"


@dataclass(frozen=True)
class Things:
    """Ids, by what they name. Tokens of links, by what the link is."""

    listings: Ids
    organisations: Ids
    proposals: Ids
    claims: Ids
    voices: Ids
    persons: Ids
    mandates: Ids
    joinings: Ids
    askings: Ids
    recoveries: Ids
    roles: Ids
    memberships: Ids
    sign_ins: Ids
    links: Mapping[str, str]
    letters: Mapping[str, str]
    documents: Ids
    conversations: Ids
    previews: Mapping[str, str]


def made(app: Flask) -> Things:
    """Everything, with the people whose it is. Committed, and in the index."""
    willow = cast.take_parts()
    persons = _persons()
    listings = _listings(persons["Mavis"])
    found = Things(
        listings=_ids(listings),
        organisations=_organisations(listings),
        proposals=_proposals(willow),
        claims=_claims(listings),
        voices=_voices(listings),
        persons=persons,
        mandates=_mandates(persons, willow),
        joinings=_joinings(persons),
        askings=_askings(),
        recoveries=_recoveries(),
        roles=_roles(),
        memberships=_memberships(willow),
        sign_ins=_sign_ins(app),
        links=_links(),
        letters=_letters(listings),
        documents=_documents(),
        conversations=_conversations(),
        previews=_previews(),
    )
    make.saved()
    db.session.remove()
    return found


def _documents() -> Ids:
    """Articles of the library and of councils; the library's is public."""
    shared = writing.published(writing.article(text="```part phone\nRing us.\n```\n"))
    found = {
        "the library’s": shared,
        "Fernshire’s": writing.begun(writing.article("hats"), "hats", of=make.council()),
        "Millbrook’s": writing.begun(writing.article("mills"), "mills", of=make.council("millbrook")),
    }
    writing.published(ABOUT, "about", kind="page")
    db.session.commit()
    return {words: one.id for words, one in found.items()} | NOBODYS


def _conversations() -> Ids:
    """Conversations of the library, which is public, and of Millbrook."""
    found = {
        "the library’s": desking.published(),
        "Millbrook’s": desking.begun(desking.TALK, "mills", of=make.council("millbrook")),
    }
    db.session.flush()
    return {words: one.id for words, one in found.items()} | NOBODYS


def _previews() -> Mapping[str, str]:
    """Links at which drafts can be read."""
    council, now = make.council(), clock.now()
    ids = [one.id for one in db.session.scalars(sa.select(Document).where(Document.council_id == council.id))]
    found = {
        "a good link": previewing.share(council, ids, by=_by("ed"), now=now),
        "one that is too old": previewing.share(council, ids, by=_by("ed"), now=now - previewing.LASTS),
    }
    db.session.commit()
    return found | {"nobody’s": "nothing"}


def _account(key: str) -> User:
    """Somebody of the cast, or somebody else with an account."""
    return by_email(f"{key}@example.org") or people.user(key)


def _by(key: str) -> By:
    return mandating.by(_account(key))


def _ids(things: Mapping[str, Service | Mandate | Proposal | Claim]) -> Ids:
    return {words: thing.id for words, thing in things.items()} | NOBODYS


# The directory's


def _listings(mavis: uuid.UUID) -> dict[str, Service]:
    """Listings by who may see them. Those of Willow & Wren are Tom's."""
    found = {
        "Tom’s": make.service("Home visits", run_by="Willow & Wren"),
        "another’s": make.service("Thursday Table", run_by="Friends of St Anne’s"),
        "not shared": make.service("Fernshire lunches", run_by="Fernshire’s own kitchen", shared=False),
        "a draft": make.service("Half written", run_by="Half & Half", state="draft"),
        "archived": make.service("Over long ago", run_by="Gone", state="archived"),
        "suspended": make.service("Under inquiry", run_by="Friends of St Anne’s"),
        "private, for Mavis": make.service("Mornings with Mavis", run_by="Willow & Wren"),
        "merged": make.service("Home visiting", run_by="Willow & Wren", state="archived"),
        "Millbrook’s": make.service("Mill walks", of="millbrook", run_by="Mill walkers"),
        "Millbrook’s alone": make.service("Mill lunches", of="millbrook", run_by="Mill", shared=False),
    }
    db.session.flush()
    actions.suspend(found["suspended"], actor="tests", now=make.NOW, reason="a complaint")
    found["private, for Mavis"].private = True
    db.session.add(ServedPerson(service_id=found["private, for Mavis"].id, person_id=mavis))
    db.session.add(MergedService(service_id=found["merged"].id, kept_id=found["Tom’s"].id))
    db.session.commit()
    return found


def _organisations(listings: Mapping[str, Service]) -> Ids:
    whose = ("another’s", "not shared", "a draft", "Millbrook’s", "Millbrook’s alone")
    return {f"of {words}": listings[words].organisation_id for words in whose} | NOBODYS


def _change(name: str, run_by: str, key: str, *, of: str = "fernshire") -> Proposal:
    """A change of a listing that waits for the council."""
    council, listing = make.council(of), make.service(name, run_by=run_by, of=of)
    db.session.flush()
    service = versions.held(council.id, listing.id)
    found = proposing.begin(council, by=_by(key), now=make.NOW, service=service)
    proposing.send(found, "", by=_by(key), now=make.NOW)
    return found


def _proposals(willow: uuid.UUID) -> Ids:
    council, now = make.council(), make.NOW
    withdrawn = proposing.begin(council, by=_by("tom"), now=now, organisation_id=willow)
    proposing.withdraw(withdrawn, now)
    back = _change("Sitting service", "Willow & Wren", "tom")
    proposing.send_back(back, council, "What does it cost?", edition=back.edition, by=_by("ed"), now=now)
    found = {
        "Tom’s draft": proposing.begin(council, by=_by("tom"), now=now, organisation_id=willow),
        "Tom’s, waiting": _change("Night visits", "Willow & Wren", "tom"),
        "Tom’s, sent back": back,
        "Tom’s, withdrawn": withdrawn,
        "Asha’s draft": proposing.begin(council, by=_by("asha"), now=now),
        "an editor’s draft": proposing.begin(council, by=_by("nell"), now=now, by_editor=True),
        "Millbrook’s, waiting": _change("Mill talks", "Mill talkers", "nell", of="millbrook"),
    }
    db.session.commit()
    return _ids(found)


def _claims(listings: Mapping[str, Service]) -> Ids:
    council, now = make.council(), make.NOW
    refused = claims.ask(council, listings["not shared"], "I cook.", by=_by("nell"), now=now)
    claims.refuse(refused, council, "Ask the kitchen.", by=_by("ed"), now=now)
    found = {
        "waiting": claims.ask(council, listings["another’s"], "I cook.", by=_by("nell"), now=now),
        "Ed’s own": claims.ask(council, listings["another’s"], "I cook.", by=_by("ed"), now=now),
        "refused": refused,
        "Millbrook’s": claims.ask(
            make.council("millbrook"), listings["Millbrook’s"], "I walk.", by=_by("nell"), now=now
        ),
    }
    db.session.commit()
    return _ids(found)


def _voices(listings: Mapping[str, Service]) -> Ids:
    council, now = make.council(), make.NOW
    feedback = Said("feedback", "The soup was cold.", service=listings["another’s"])
    report = Said("report", "It is on Friday.", service=listings["another’s"], part="times")
    theirs = Said("feedback", "A good walk.", service=listings["Millbrook’s"])
    done = tell(council, feedback, None, "", now)
    settle(done, "done", "Rang them.", by="Ed", actor="tests", now=now)
    found = {
        "feedback": tell(council, feedback, None, "", now).id,
        "feedback, done": done.id,
        "a report": tell(council, report, None, "", now).id,
        "Millbrook’s": tell(make.council("millbrook"), theirs, None, "", now).id,
    }
    db.session.commit()
    return found | NOBODYS


def _letter(token: str, of: str, services: list[Service], ends_at: dt.datetime) -> str:
    letter = ReviewLetter(
        council_id=make.council(of).id,
        to="table@example.org",
        token=sealing.hashed(token),
        sent_on=make.NOW.date(),
        ends_at=ends_at,
    )
    letter.entries = [
        ReviewLetterEntry(service_id=one.id, due_on=one.review_due_on, stage="due") for one in services
    ]
    db.session.add(letter)
    return token


def _letters(listings: Mapping[str, Service]) -> Mapping[str, str]:
    """Links to say that listings are still right."""
    later, now = clock.now() + dt.timedelta(days=1), clock.now()
    ours, theirs = [listings["another’s"]], [listings["Millbrook’s"]]
    return {
        "a good link": _letter("good", "fernshire", ours, later),
        "one that is too old": _letter("old", "fernshire", ours, now),
        "Millbrook’s": _letter("millbrooks", "millbrook", theirs, later),
        "nobody’s": "nothing",
    }


# People's


def _persons() -> dict[str, uuid.UUID]:
    """People whom councils support. Lou is one, since she plays every part."""
    mandating.person("Lou", user=_account("lou"))
    return {
        "Mavis": mandating.person("Mavis", user=_account("mavis"), reference="F1").id,
        "Kay, whom Willow & Wren act for": mandating.person("Kay", reference="F2").id,
        "Millbrook’s": mandating.person("Owen", of="millbrook", reference="M1").id,
    } | NOBODYS


def _mandates(persons: Mapping[str, uuid.UUID], willow: uuid.UUID) -> Ids:
    """Mandates in every state in which somebody may do something about them, and one that is over."""
    today = clock.today()
    mavis, kay, owen = (db.session.get_one(Person, one) for one in list(persons.values())[:3])
    ended = mandating.active(mavis, _account("nils"), mandating.terms(starts_on=today))
    mandates.end(ended, "He has moved.", mandating.at(mandating.officer("sam-fernshire")), side="officer")
    found = {
        "Derek’s for Mavis": mandating.active(mavis, _account("derek"), mandating.terms(starts_on=today)),
        "asked for": mandating.asked(mavis, _account("nell")),
        "granted by Sam’s colleague": mandating.granted(mavis, _account("nora")),
        "over": ended,
        "Willow & Wren’s for Kay": mandating.active(kay, willow, mandating.terms("managed", starts_on=today)),
        "Millbrook’s": mandating.granted(owen, _account("nell"), of="millbrook"),
    }
    db.session.commit()
    return _ids(found)


def _asking(key: str, of: str = "fernshire") -> Asking:
    made = Asking(person_name="Mavis", about="She is my aunt.", basis="nominated", scope="view")
    asking.ask(mandating.visiting(_account(key), of), make.council(of), made, make.NOW)
    return made


def _askings() -> Ids:
    refused = _asking("nils")
    asking.refuse(refused, "We know nobody of that name.", mandating.at(_account("sam")))
    found = {"waiting": _asking("nell"), "refused": refused, "Millbrook’s": _asking("nell", "millbrook")}
    db.session.commit()
    return {words: one.id for words, one in found.items()} | NOBODYS


def _joinings(persons: Mapping[str, uuid.UUID]) -> Ids:
    """Accounts that are said to be somebody's own."""
    kay, owen = (db.session.get_one(Person, one) for one in list(persons.values())[1:3])
    refused = supported.ask_join(kay, "kim@example.org", "File 7", by=_by("nell"), now=make.NOW)
    supported.refuse_join(refused, "It is her sister’s.", by=_by("nell"), now=make.NOW)
    found = {
        "asked by a colleague": supported.ask_join(
            kay, "kay@example.org", "File 7", by=_by("nell"), now=make.NOW
        ),
        "refused": refused,
        "Millbrook’s": supported.ask_join(owen, "owen@example.org", "File 8", by=_by("nell"), now=make.NOW),
    }
    db.session.commit()
    return {words: one.id for words, one in found.items()} | NOBODYS


def _recovery(key: str, by: str, of: str = "fernshire") -> Recovery:
    return recovering.ask(_account(key), make.council(of), "Passport", by=_by(by), now=make.NOW)


def _recoveries() -> Ids:
    stopped = _recovery("nils", "nell")
    recovering.stop(stopped, make.council(), by=_by("nell"), now=make.NOW)
    found = {
        "asked by a colleague": _recovery("nora", "nell"),
        "asked by Ada": _recovery("nils", "ada"),
        "stopped": stopped,
        "Millbrook’s": _recovery("nick", "nell", "millbrook"),
    }
    db.session.commit()
    return {words: one.id for words, one in found.items()} | NOBODYS


def _role(key: str) -> uuid.UUID:
    user = _account(key)
    return db.session.scalars(sa.select(Role.id).where(Role.user_id == user.id)).first() or uuid.uuid4()


def _roles() -> Ids:
    return {"Ed’s": _role("ed"), "Ada’s": _role("ada"), "Millbrook’s": _role("olga")} | NOBODYS


def _member(key: str, organisation_id: uuid.UUID) -> uuid.UUID:
    return db.session.scalars(
        sa.select(Membership.id).where(
            Membership.user_id == _account(key).id, Membership.organisation_id == organisation_id
        )
    ).one()


def _memberships(willow: uuid.UUID) -> Ids:
    friends = people.organisation("Friends of St Anne’s")
    granting.take_in(_account("nell"), friends, "owner", by=people.NOBODY, now=make.NOW)
    db.session.commit()
    return {
        "Will’s": _member("will", willow),
        "Tom’s": _member("tom", willow),
        "another organisation’s": _member("nell", friends),
    } | NOBODYS


def _sign_ins(app: Flask) -> Ids:
    """A browser of somebody else's, and a second one of Mavis's."""
    found = {}
    for words, key in (("another’s", "nick"), ("Mavis’s at home", "mavis")):
        user = _account(key)
        assert Browser(app).sign_in(user.email).status_code == 303
        found[words] = people.sign_ins(user)[-1].id
    return found | NOBODYS


def _links() -> Mapping[str, str]:
    """Links that were mailed."""
    now = clock.now()
    found = {
        "to join": links.make("invitation", _account("ivy"), now),
        "to a new password": links.make("reset", _account("nell"), now),
        "of this computer": links.make("this_computer", _account("nell"), now),
        "used up": links.make("reset", _account("nick"), now),
        "too old": links.make("reset", _account("nils"), now - dt.timedelta(days=1)),
    }
    used = sa.update(Link).where(Link.token == sealing.hashed(found["used up"]))
    db.session.execute(used.values(used_at=now))
    db.session.commit()
    return found | {"nobody’s": "nothing"}
