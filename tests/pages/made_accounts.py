"""Accounts, people and mandates in states that the demonstration has none in, made by the same steps as by people.

Beside the demonstration's personas: Nora, who has nothing yet; Quinn, who has everything, and very long; Ivy, a
navigator without a second step; Carl, a second administrator; and Ruby, whom the council supports and who has no
account.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from portal import clock, sealing
from portal.accounts import (
    actions,
    asking,
    factors,
    granting,
    links,
    mandates,
    openid,
    passwords,
    recovering,
    supported,
)
from portal.accounts.granting import By
from portal.accounts.mandates import Moment, Terms, Who
from portal.accounts.models import Asking, Link, Mandate, Membership, Passkey, Person, Role, SignIn, User
from portal.db import db
from tests import make
from tests.accounts.people import PASSWORD
from tests.pages.listings import HOSTILE, LONGEST

_NOBODY = By(None, "tests")
# As long as a name may be, and one of its words alone is wider than a telephone.
LONG_NAME = f"Quinn {LONGEST} Featherstonehaugh-Cholmondeley of {LONGEST[:30]}"
LONG_WORDS = f"{LONGEST} {'They wrote it all down, with every paper that there was. ' * 6}"[:390].strip()
ALL_ROLES = ("editor", "navigator", "care_manager", "finance", "broker", "administrator")


def persona(key: str) -> User:
    """The account of somebody of the demonstration, or of those below."""
    return db.session.scalars(sa.select(User).where(User.email.startswith(f"{key}@"))).one()


def _user(key: str, name: str, *roles: str, state: str = "active", domain: str = "fernshire") -> User:
    now = clock.now()
    email = f"{key}@{domain}.example.org"
    made = User(email=email, name=name, state=state, created_at=now)
    if state == "active":
        made.password, made.password_set_at, made.email_confirmed_at = passwords.hashed(PASSWORD), now, now
    db.session.add(made)
    db.session.flush()
    for role in roles:
        granting.grant_role(made, make.council(), role, by=_NOBODY, now=now)
    return made


def _at(key: str) -> Moment:
    """A persona as the one who does it, now."""
    user = persona(key)
    return Moment(make.council(), By(user.id, f"user:{user.id}", user.name), clock.now(), clock.today())


def _people() -> None:
    """Nora, Ivy, Carl, and some who are invited."""
    _user("nora", "Nora Quayle")
    _user("ivy", "Ivy Sands", "navigator")
    carl = _user("carl", "Carl Vance", "administrator", "care_manager")
    factors.add_authenticator(carl.id, factors.new_secret(), now=clock.now())
    _user("ruben", "Ruben Ode")
    _user("ruth", "", "editor", state="invited")


def _quinn(long_organisation: str, other_organisation: str) -> None:
    """Every factor, role, desk and computer that there is."""
    now = clock.now()
    quinn = _user("quinn", LONG_NAME, *ALL_ROLES, domain=LONGEST.lower()[:60])
    factors.add_authenticator(quinn.id, factors.new_secret(), now=now)
    factors.print_codes(quinn.id, now)
    for number, name in enumerate(("My telephone", LONGEST)):
        key = Passkey(user_id=quinn.id, credential=bytes([number]), public_key=b"", name=name, added_at=now)
        db.session.add(key)
    for organisation in (long_organisation, other_organisation):
        granting.take_in(quinn, uuid.UUID(organisation), "owner", by=_NOBODY, now=now)
    worker = _user("wendy", f"Wendy {LONGEST}", domain=LONGEST.lower())
    granting.take_in(worker, uuid.UUID(long_organisation), "worker", by=_NOBODY, now=now)
    granting.invite(worker, make.council(), "", by=_NOBODY, now=now)
    _computers(quinn, now)
    for _time in range(60):
        actions.tell_of_change(quinn, "factor_added", make.council(), now=now)


def _computers(of: User, now: dt.datetime) -> None:
    for browser, shared in (("Safari on iPhone", False), ("Edge on Windows", True), ("", False)):
        began = now - dt.timedelta(hours=3)
        times = {
            "began_at": began,
            "used_at": began,
            "proved_at": began,
            "ends_at": now + dt.timedelta(days=9),
        }
        token = sealing.hashed(sealing.token())
        db.session.add(
            SignIn(user_id=of.id, token=token, how="code", browser=browser, shared=shared, **times)
        )


def _links() -> dict[str, str]:
    """A mailed link of every kind, which works for as long as anybody reads pages."""
    now = clock.now()
    waiting, nora = _user("xenia", "Xenia Holt", state="invited"), persona("nora")
    made = {
        "link to confirm": links.make("confirm", waiting, now, {"name": "Xenia Holt"}),
        "link to join": links.make("invitation", _user("vera", "Vera Holt", state="invited"), now),
        "link to reset": links.make("reset", nora, now),
        "link to this computer": links.make("this_computer", nora, now),
        "link to new address": links.make("confirm", nora, now, {"email": "nora.quayle@example.org"}),
    }
    db.session.execute(sa.update(Link).values(ends_at=now + dt.timedelta(days=30)))
    return made


def _recoveries() -> None:
    """One waits for Ada, one that she asked for waits for another, and one is agreed."""
    now = clock.now()
    for whose, by in {"priya": "carl", "bea": "ada", "quinn": "ada"}.items():
        said = LONG_WORDS if whose == "quinn" else "I met them at the library, with their passport."
        made = recovering.ask(persona(whose), make.council(), said, by=_at(by).by, now=now)
        if whose == "quinn":
            recovering.approve(made, make.council(), by=_at("carl").by, now=now)


# People whom the council supports, and who may act for them


def _terms(basis: str = "lpa", scope: str = "approve", **more: Any) -> Terms:
    return Terms(**{"basis": basis, "scope": scope, "starts_on": clock.today(), **more})


def _asked(person: Person, who: Who, **terms: Any) -> Mandate:
    return mandates.ask(person, who, _terms(**terms), _at("sam"))


def _granted(person: Person, who: Who, **terms: Any) -> Mandate:
    made = _asked(person, who, **terms)
    mandates.grant(made, "File F-1300, page 3", _at("sam"))
    return made


def _active(person: Person, who: Who, **terms: Any) -> Mandate:
    made = _granted(person, who, **terms)
    mandates.approve(made, _at("ada"))
    return made


def _person(name: str, reference: str = "", user: User | None = None) -> Person:
    made = supported.add(make.council(), name, reference, by=_at("sam").by, now=clock.now())
    made.user = user
    db.session.flush()
    return made


def _mandates(organisation: uuid.UUID) -> Mapping[str, Mandate]:
    """Ruby's, in every state and on many grounds."""
    ruby, day = _person("Ruby Okafor", "F-1300"), dt.timedelta(days=1)
    limits = {"payment_limit_pence": 25_000, "month_limit_pence": 1_000_000}
    made = {
        "asked": _asked(ruby, Who(_user("gus", "Gus Okafor")), scope="view"),
        "granted": _granted(ruby, Who(_user("hal", "Hal Okafor")), **limits),
        "active": _active(ruby, Who(persona("derek")), ends_on=clock.today() + 400 * day, **limits),
        "later": _active(ruby, Who(_user("jo", "Jo Okafor")), starts_on=clock.today() + 30 * day),
        "circle": _active(ruby, Who(_user("kit", "Kit Okafor")), basis="trust_circle", needed=2),
        "managed": _active(ruby, Who(organisation_id=organisation), basis="managed"),
        "refused": _granted(ruby, Who(_user("lou", "Lou Okafor"))),
        "ended": _active(ruby, Who(_user("max", "Max Okafor"))),
    }
    mandates.refuse(made["refused"], "The papers were for somebody else.", _at("ada"))
    mandates.end(made["ended"], "Max has moved away.", _at("sam"), side="officer")
    terms = _terms("", "view", starts_on=made["active"].starts_on)
    made["change"] = mandates.change(made["active"], terms, "File F-1300, page 9", _at("carl"))
    return made


def _long_mandate(key: str) -> Mandate:
    """Quinn's own, with everything as long as it may be."""
    quinn = _person(LONG_NAME, LONGEST[:40], persona("quinn"))
    who = Who(_user("oz", f"Oz {LONGEST} the Elder", domain=LONGEST.lower()))
    made = _active(quinn, who, payment_limit_pence=999_999_99, month_limit_pence=9_999_999_99)
    mandates.end(made, LONG_WORDS, _at(key), side="officer")
    return _granted(quinn, who, basis="trust_circle", needed=12)


def _askings() -> Mapping[str, Asking]:
    """Nora would like to act for somebody; and so would another, at length; and one was told no."""
    made = {}
    for key, by, name, about in (
        ("asking", "nora", "Harold", "He lives next door to me, at 4 Mill Lane."),
        ("long asking", "quinn", f"{LONGEST} {HOSTILE}"[:120], LONG_WORDS),
        ("refused asking", "nora", "Ruby", "My aunt."),
    ):
        found = Asking(person_name=name, about=about, basis="lpa", scope="view")
        found.council_id, found.asked_by_id, found.asked_at = make.council().id, persona(by).id, clock.now()
        db.session.add(found)
        db.session.flush()
        made[key] = found
    asking.refuse(made["refused asking"], "We could not find out whom you mean.", _at("sam"))
    return made


def _joining() -> uuid.UUID:
    """An account that waits to be joined to Ruby."""
    ruby = db.session.scalars(sa.select(Person).where(Person.name == "Ruby Okafor")).one()
    said = "Seen with her passport at home."
    return supported.ask_join(ruby, "ruby@fernshire.example.org", said, by=_at("carl").by, now=clock.now()).id


def write(made: Mapping[str, str]) -> dict[str, str]:
    """They are in the database. Key -> id (or token), by which states name them in a path: {key}.

    made: the same of the hard listings.
    """
    _people()
    _quinn(made["of long"], made["of hall"])
    found = {f"mandate {key}": one.id for key, one in _mandates(uuid.UUID(made["of hall"])).items()}
    found["long mandate"] = _long_mandate("sam").id
    found |= {key: one.id for key, one in _askings().items()}
    found["joining"] = _joining()
    _recoveries()  # after Quinn's mandates: where money is near, a day passes
    for number in range(60):
        _person(f"Zara Number {number}")
    for name, key in {"Ruby Okafor": "ruby", "Harold Finch": "harold", LONG_NAME: "long person"}.items():
        found[key] = db.session.scalars(sa.select(Person.id).where(Person.name == name)).one()
    ed = persona("ed").id
    found["role"] = db.session.scalars(sa.select(Role.id).where(Role.user_id == ed)).one()
    worker = sa.select(Membership.id).where(Membership.user_id == persona("wendy").id)
    found["membership"] = db.session.scalars(worker).one()
    mavis = sa.select(Person.id).where(Person.user_id == persona("mavis").id)
    found["mavis"] = db.session.scalars(mavis).one()
    openid.save(make.council("millbrook"), "https://localhost:1", "portal", "secret", "millbrook.example.org")
    links_made = _links()
    db.session.commit()
    return {key: str(one) for key, one in found.items()} | links_made
