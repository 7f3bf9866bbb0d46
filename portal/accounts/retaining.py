"""What the accounts keep of people, why and for how long; of a closed account only a number is left at last."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import orm

from portal import audit, retention
from portal.accounts import throttle, words_kept
from portal.accounts.models import (
    Asking,
    Authenticator,
    DigestItem,
    Joining,
    KeptWords,
    Link,
    Mandate,
    Membership,
    MessageChoice,
    OpenIdSubject,
    Passkey,
    Person,
    PrintedCode,
    Recovery,
    Role,
    SignIn,
    User,
)
from portal.audit import AuditDetail, AuditEvent
from portal.db import changed
from portal.notify import Message
from portal.retention import Erase, Rule

CLOSED_KEPT = dt.timedelta(days=30)
INVITED_KEPT = dt.timedelta(days=90)
_LINKS_KEPT = dt.timedelta(days=30)
_SIGN_INS_KEPT = dt.timedelta(days=90)
_SETTLED_KEPT = dt.timedelta(days=365)
_RECOVERIES_KEPT = dt.timedelta(days=730)
# The time within which a claim can be brought. Source: Limitation Act 1980 s5.
_SIX_YEARS = dt.timedelta(days=6 * 365 + 2)
# An address that reaches nobody, for accounts of which nothing personal is left. Source: RFC 6761 6.4.
_NOWHERE = "closed.invalid"
_ERASED = audit.declare("account.erased")


def _older(model: Any, since: Any, age: dt.timedelta, *where: Any) -> Erase:
    """Rows go when so much time has passed since then."""

    def erase(session: orm.Session, now: dt.datetime) -> int:
        return changed(session, sa.delete(model).where(since < now - age, *where))

    return erase


def erase_accounts(session: orm.Session, now: dt.datetime) -> int:
    """How many accounts were emptied: those closed long enough ago; and invitations that nobody took up are gone."""
    due = sa.select(User).where(
        User.state == "closed", User.closed_at < now - CLOSED_KEPT, User.email.not_like(f"%@{_NOWHERE}")
    )
    closed = session.scalars(due).all()
    for user in closed:
        _empty(session, user, now)
    return len(closed) + _uninvite(session, now)


def _empty(session: orm.Session, user: User, now: dt.datetime) -> None:
    """What is left says that there was an account and what it did, and not whose it was."""
    of_user: tuple[Any, ...] = (SignIn, Authenticator, Passkey, PrintedCode, Link, KeptWords, OpenIdSubject)
    for model in (*of_user, MessageChoice, DigestItem, Recovery, Asking):
        whose = model.asked_by_id if model is Asking else model.user_id
        session.execute(sa.delete(model).where(whose == user.id))
    session.execute(sa.delete(Message).where(Message.to == user.email))
    session.execute(sa.delete(Joining).where(Joining.email == user.email))
    session.execute(sa.update(Person).where(Person.user_id == user.id).values(user_id=None))
    about = sa.select(AuditEvent.id).where(AuditEvent.subject == f"user:{user.id}")
    session.execute(sa.delete(AuditDetail).where(AuditDetail.event_id.in_(about)))
    user.email, user.name, user.phone = f"{user.id}@{_NOWHERE}", "", ""
    user.password = user.password_set_at = user.email_confirmed_at = None
    erased = {"action": _ERASED.name, "subject": f"user:{user.id}", "facts": {}}
    session.add(AuditEvent(at=now, actor="site", **erased))


def _uninvite(session: orm.Session, now: dt.datetime) -> int:
    """Accounts that were invited and never opened go whole, unless something else names them still."""
    link = sa.exists().where(Link.user_id == User.id, Link.ends_at > now)
    named = sa.exists().where(Mandate.representative_id == User.id)
    old = sa.select(User.id).where(
        User.state == "invited", User.created_at < now - INVITED_KEPT, ~link, ~named
    )
    gone = 0
    for user_id in session.scalars(old).all():
        try:
            with session.begin_nested():
                session.execute(sa.delete(User).where(User.id == user_id))
            gone += 1
        except sa.exc.IntegrityError:  # another feature's row names it: it stays for as long as that does
            continue
    return gone


def _accounts() -> tuple[Rule, ...]:
    with_account = "goes with the account"
    return (
        Rule(
            "user_account",
            "who has an account: name, e-mail, telephone, language, a hash of the password",
            "so that they can sign in",
            "until 30 days after the account is closed, then only an empty row; 90 days where an invitation was not "
            "taken up",
            CLOSED_KEPT,
            erase_accounts,
        ),
        Rule(
            "role",
            "what somebody does for a council, from when until when, and who said so",
            "it decides what they may see and do",
            "six years after it ended",
            _SIX_YEARS,
            _older(Role, Role.ended_at, _SIX_YEARS),
        ),
        Rule(
            "membership",
            "what somebody does for a provider, from when until when, and who said so",
            "it decides what they may see and do",
            "six years after it ended",
            _SIX_YEARS,
            _older(Membership, Membership.ended_at, _SIX_YEARS),
        ),
        Rule(
            "message_choice",
            "which mails somebody would like, and how",
            "so that they get those",
            with_account,
        ),
        Rule(
            "digest_item",
            "messages that wait for somebody’s daily mail",
            "so that they get one mail a day",
            "until that mail is written, a day at most",
        ),
        Rule(
            "openid_service",
            "where a council’s staff sign in; the secret is sealed",
            "so that they can",
            "as long as the council uses it",
        ),
        Rule(
            "openid_subject",
            "which account a council’s own service means",
            "so that it is the same one next time",
            with_account,
        ),
    )


def _proofs() -> tuple[Rule, ...]:
    until = "until it is taken away; goes with the account"
    return (
        Rule(
            "sign_in",
            "where and when somebody is signed in: times, kind of browser, whether the computer is shared",
            "so that they can see it and end it",
            "90 days after it ended",
            _SIGN_INS_KEPT,
            _older(SignIn, sa.func.coalesce(SignIn.ended_at, SignIn.ends_at), _SIGN_INS_KEPT),
        ),
        Rule("authenticator", "the secret of an app that makes codes, sealed", "to check a code", until),
        Rule("passkey", "public keys of passkeys, and their names", "to check a passkey", until),
        Rule("printed_code", "hashes of printed codes", "to check a code", until),
        Rule(
            "link",
            "links that were mailed, as hashes, and what they are for",
            "so that each works once",
            "30 days after it ran out",
            _LINKS_KEPT,
            _older(Link, Link.ends_at, _LINKS_KEPT),
        ),
        Rule(
            "tries",
            "wrong passwords and codes, counted under a keyed hash of account or address",
            "to slow down whoever guesses",
            "a day after the last wait is over",
            dt.timedelta(days=1),
            throttle.sweep,
        ),
        Rule(
            "kept_words",
            "what somebody had typed when their time ran out, sealed",
            "so that nothing typed is lost",
            "an hour",
            words_kept.KEPT_FOR,
            words_kept.forget_old,
        ),
        Rule(
            "recovery",
            "how somebody’s identity was checked when they had lost every second step, by whom",
            "so that it can be looked into",
            "two years after it was settled",
            _RECOVERIES_KEPT,
            _older(Recovery, sa.func.coalesce(Recovery.done_at, Recovery.stopped_at), _RECOVERIES_KEPT),
        ),
    )


def _care() -> tuple[Rule, ...]:
    over = Mandate.state.in_(("ended", "refused"))
    council = "as long as the council keeps its record of the person"
    return (
        Rule(
            "person",
            "whom a council supports: name, case number, their account where they have one",
            "so that others can act for them",
            council,
        ),
        Rule(
            "mandate",
            "who may act for whom, on what grounds, within which limits, who agreed",
            "it decides who may see and do what for somebody",
            "six years after it ended",
            _SIX_YEARS,
            _older(Mandate, Mandate.ended_at, _SIX_YEARS, over, ~_named_elsewhere()),
        ),
        Rule(
            "trust_circle", "how many of a trust circle must agree", "so that they decide together", council
        ),
        Rule(
            "circle_agreement",
            "who of a trust circle agreed to what",
            "so that they decide together",
            council,
        ),
        Rule(
            "asking",
            "who would like to act for somebody whom they describe, and what was answered",
            "so that an officer finds out whom they mean",
            "a year after it was settled",
            _SETTLED_KEPT,
            _older(Asking, Asking.settled_at, _SETTLED_KEPT),
        ),
        Rule(
            "joining",
            "the address of an account that is said to be a supported person’s own, how that was checked, who agreed",
            "so that two officers make sure whose it is",
            "a year after it was settled",
            _SETTLED_KEPT,
            _older(Joining, Joining.settled_at, _SETTLED_KEPT),
        ),
    )


def _named_elsewhere() -> sa.ColumnElement[bool]:
    """A mandate that another one replaces, or that answered somebody who asked, goes after those."""
    newer = orm.aliased(Mandate)
    return sa.or_(
        sa.exists().where(newer.replaces_id == Mandate.id), sa.exists().where(Asking.mandate_id == Mandate.id)
    )


def _audit() -> tuple[Rule, ...]:
    return (
        Rule(
            "audit_event",
            "what was done, by which account, for whom, when: ids and codes",
            "so that it can be traced",
            "for good: the database refuses changes and deletions",
        ),
        Rule(
            "audit_detail",
            "the personal facts of what was done: names, and what somebody wrote",
            "so that it can be understood",
            "with the account or the record that it is about; what is left proves that it was there",
        ),
        Rule(
            "audit_head",
            "which event of a subject is the newest",
            "so that a missing one shows",
            "as long as the events",
        ),
    )


def init_app(app: Flask) -> None:
    """The rules are known."""
    retention.register(app, *_accounts(), *_proofs(), *_care(), *_audit())
