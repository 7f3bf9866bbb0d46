"""What somebody can have of what the accounts know about them: ready to be read, and without a secret in it."""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask import Flask

from portal import money, notify, retention
from portal.accounts import choices, factors, history, mandate_telling, telling
from portal.accounts.models import (
    Asking,
    DigestItem,
    Joining,
    KeptWords,
    Link,
    Mandate,
    Membership,
    OpenIdSubject,
    Person,
    PrintedCode,
    Recovery,
    Role,
    SignIn,
    User,
)
from portal.councils.models import Council
from portal.db import db
from portal.i18n import _, moment, short_date
from portal.notify import Message
from portal.retention import OwnData, Records

FORMAT = 1  # of the JSON file


def as_json(user_id: uuid.UUID, now: dt.datetime) -> str:
    """All of it, as a file for a program, and still to be read by a person."""
    parts = [{"key": p.key, "title": p.title(), "records": r} for p, r in retention.own_data(user_id)]
    told = {"format": FORMAT, "made_at": now.isoformat(timespec="seconds"), "parts": parts}
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _at(at: dt.datetime | None) -> str:
    return moment(at) if at else ""


def _on(day: dt.date | None) -> str:
    return short_date(day) if day else ""


def _pounds(pence: int | None) -> str:
    return money.pounds(pence) if pence is not None else ""


def _rows(model: Any, *where: Any) -> Sequence[Any]:
    return db.session.scalars(sa.select(model).where(*where)).all()


def _council(council_id: uuid.UUID) -> str:
    council = db.session.get(Council, council_id)
    return council.name if council else ""


def _account(user_id: uuid.UUID) -> Records:
    user = db.session.get_one(User, user_id)
    return [
        {
            _("Name"): user.name,
            _("E-mail"): user.email,
            _("Telephone"): user.phone,
            _("Language"): user.language,
            _("Opened"): _at(user.created_at),
            _("E-mail confirmed"): _at(user.email_confirmed_at),
            _("Password set"): _at(user.password_set_at),
        }
    ]


def _parts(user_id: uuid.UUID) -> Records:
    found: Records = [
        {
            _("What you do"): telling.role(role.kind),
            _("For"): _council(role.council_id),
            _("From"): _at(role.granted_at),
            _("Until"): _at(role.ended_at),
        }
        for role in _rows(Role, Role.user_id == user_id)
    ]
    memberships = _rows(Membership, Membership.user_id == user_id)
    names = telling.organisations(one.organisation_id for one in memberships)
    for one in memberships:
        found.append(
            {
                _("What you do"): telling.membership(one.kind),
                _("For"): names.get(one.organisation_id, ""),
                _("From"): _at(one.granted_at),
                _("Until"): _at(one.ended_at),
            }
        )
    return found


def _sign_ins(user_id: uuid.UUID) -> Records:
    return [
        {
            _("Browser"): telling.browser(one.browser),
            _("Began"): _at(one.began_at),
            _("Last used"): _at(one.used_at),
            _("Ended"): _at(one.ended_at or one.ends_at),
            _("Shared computer"): _("Yes") if one.shared else _("No"),
        }
        for one in _rows(SignIn, SignIn.user_id == user_id)
    ]


def _factors(user_id: uuid.UUID) -> Records:
    has = factors.of(user_id)
    found: Records = [
        {_("Kind"): _("An app that makes codes"), _("Added"): _at(one.added_at)} for one in has.authenticators
    ]
    found += [
        {_("Kind"): _("Passkey"), _("Name"): one.name, _("Added"): _at(one.added_at)} for one in has.passkeys
    ]
    for code in _rows(PrintedCode, PrintedCode.user_id == user_id):
        about = {_("Number"): code.number, _("Added"): _at(code.made_at), _("Last used"): _at(code.used_at)}
        found.append({_("Kind"): _("Printed code"), **about})
    for one in _rows(OpenIdSubject, OpenIdSubject.user_id == user_id):
        service = {_("Service"): one.issuer, _("Name"): one.subject, _("Added"): _at(one.first_at)}
        found.append({_("Kind"): _("The council’s own sign-in"), **service})
    return found


def _mails(user_id: uuid.UUID) -> Records:
    email = db.session.get_one(User, user_id).email
    found: Records = [
        {_("Subject"): one.subject, _("Written"): _at(one.created_at), _("Sent"): _at(one.sent_at)}
        for one in _rows(Message, Message.to == email)
    ]
    found += [
        {
            _("Subject"): one.subject,
            _("Written"): _at(one.created_at),
            _("Sent"): _("In your next daily mail"),
        }
        for one in _rows(DigestItem, DigestItem.user_id == user_id)
    ]
    return found


def _chosen(user_id: uuid.UUID) -> Records:
    how = choices.of(user_id)
    return [{_("Messages"): kind.words(), _("How"): choices.words(how[kind.key])} for kind in notify.kinds()]


def _links(user_id: uuid.UUID) -> Records:
    kinds = {
        "invitation": _("To open your account"),
        "confirm": _("To confirm your e-mail address"),
        "reset": _("To set a new password"),
        "this_computer": _("To sign in from another computer"),
    }
    found: Records = [
        {
            _("What for"): kinds.get(one.kind, one.kind),
            _("Written"): _at(one.made_at),
            _("Used"): _at(one.used_at),
        }
        for one in _rows(Link, Link.user_id == user_id)
    ]
    found += [
        {_("What for"): _("Words typed on the page %(page)s, kept for an hour", page=one.path)}
        for one in _rows(KeptWords, KeptWords.user_id == user_id)
    ]
    return found


def _people(user_id: uuid.UUID) -> Records:
    return [
        {_("Council"): _council(one.council_id), _("Name"): one.name, _("Since"): _at(one.created_at)}
        for one in _rows(Person, Person.user_id == user_id)
    ]


def _joined(user_id: uuid.UUID) -> Records:
    """How officers made sure that the account is theirs, where both have."""
    mine = sa.select(Person.id).where(Person.user_id == user_id)
    return [
        {
            _("Council"): _council(one.council_id),
            _("Name"): one.person.name,
            _("How they made sure that it is you"): one.evidence,
            _("Written"): _at(one.asked_at),
            _("Settled"): _at(one.settled_at),
        }
        for one in _rows(Joining, Joining.person_id.in_(mine), Joining.state == "approved")
    ]


def _mandates(user_id: uuid.UUID) -> Records:
    mine = sa.select(Person.id).where(Person.user_id == user_id)
    either = sa.or_(Mandate.representative_id == user_id, Mandate.person_id.in_(mine))
    found: Records = []
    for one in _rows(Mandate, either):
        by = one.representative
        found.append(
            {
                _("For"): one.person.name,
                _("Who acts"): (by.name or by.email) if by else _("An organisation"),
                _("On what grounds"): mandate_telling.basis(one.basis),
                _("What they may do"): mandate_telling.scope(one.scope),
                _("Most in one payment"): _pounds(one.payment_limit_pence),
                _("Most in a month"): _pounds(one.month_limit_pence),
                _("From"): _on(one.starts_on),
                _("Until"): _on(one.ends_on),
                _("Ended"): _at(one.ended_at),
            }
        )
    return found


def _askings(user_id: uuid.UUID) -> Records:
    found: Records = [
        {
            _("For"): one.person_name,
            _("What you wrote"): one.about,
            _("Written"): _at(one.asked_at),
            _("Settled"): _at(one.settled_at),
            _("Answer"): one.refusal,
        }
        for one in _rows(Asking, Asking.asked_by_id == user_id)
    ]
    found += [
        {
            _("What you wrote"): _("You had lost every second step."),
            _("How they made sure that it is you"): one.how_checked,
            _("Written"): _at(one.asked_at),
            _("Settled"): _at(one.done_at or one.stopped_at),
        }
        for one in _rows(Recovery, Recovery.user_id == user_id)
    ]
    return found


def _history(user_id: uuid.UUID) -> Records:
    told, _more = history.of(user_id, page=None)
    return [
        {
            _("When"): _at(one.at),
            _("What"): one.words,
            _("By"): _("You") if one.own else one.by or _("The site"),
            _("Why"): one.reason,
        }
        for one in told
    ]


def _all() -> Iterable[tuple[str, Callable[[], str], retention.Source]]:
    yield "account", lambda: _("Your account"), _account
    yield "parts", lambda: _("What you do for councils and providers"), _parts
    yield "sign-ins", lambda: _("Where you were signed in"), _sign_ins
    yield "second-steps", lambda: _("Your second steps"), _factors
    yield "mails", lambda: _("Mails to you"), _mails
    yield "choices", lambda: _("How you get messages"), _chosen
    yield "links", lambda: _("Links that we mailed to you"), _links
    yield "people", lambda: _("Councils that support you"), _people
    yield "joinings", lambda: _("How your account was joined to what councils keep"), _joined
    yield "mandates", lambda: _("Who may act for whom"), _mandates
    yield "asked", lambda: _("What you asked the council to settle"), _askings
    yield "history", lambda: _("What was done"), _history


def init_app(app: Flask) -> None:
    """It is in everybody's export."""
    for key, title, source in _all():
        retention.add_own_data(app, OwnData(key, title, source))
