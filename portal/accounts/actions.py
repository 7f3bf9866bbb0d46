"""What people do with their own account: join, set a password, change who and where they are.

What is answered never tells whether an address is known: the mail does, to whoever owns the address.
"""

import datetime as dt
import uuid
from typing import Protocol

import sqlalchemy as sa

from portal import audit, letters
from portal.accounts import links, passwords, queries, throttle
from portal.accounts.models import Link, SignIn, User
from portal.db import changed, db
from portal.errors import Refusal
from portal.i18n import _

_JOINED = audit.declare("account.joined", "how")
_CHANGED = audit.declare("account.changed", "what")
# What the mail about a change says; the words are in templates/accounts/mail/changed.txt.
CHANGES = ("password", "email", "factor_added", "factor_removed", "recovered")


class Council(letters.Sender, Protocol):
    """The council on whose site it happens."""

    id: uuid.UUID
    name: str


def register(email: str, name: str, council: Council, *, provider: bool, now: dt.datetime) -> None:
    """A mail is on its way: to confirm the address, or, where it is known already, how to get in."""
    if not _may_mail(email, now):
        return
    user = queries.by_email(email)
    if user is None:
        user = User(email=email, name=name, state="invited", created_at=now)
        db.session.add(user)
        db.session.flush()
    if user.state == "closed":
        return
    if user.state == "active":
        _mail(user, "known", council, now)
        return
    token = links.make("confirm", user, now, {"name": name, "provider": provider})
    _mail(user, "confirm", council, now, token=token)


def ask_reset(email: str, council: Council, now: dt.datetime) -> None:
    """A mail is on its way: to set a new password, or saying that there is no account."""
    if not _may_mail(email, now):
        return
    user = queries.by_email(email)
    if user is None or user.state == "closed":
        letters.write(email, "accounts/mail/no_account.txt", council=council, now=now)
        return
    _mail(user, "reset", council, now, token=links.make("reset", user, now))


def ask_this_computer(email: str, council: Council, now: dt.datetime) -> None:
    """A mail is on its way whose link opens the gate for one computer, whoever else may be guessing."""
    if not _may_mail(email, now):
        return
    user = queries.by_email(email)
    if user is None or user.state != "active":
        letters.write(email, "accounts/mail/no_account.txt", council=council, now=now)
        return
    _mail(user, "this_computer", council, now, token=links.make("this_computer", user, now))


def _may_mail(email: str, now: dt.datetime) -> bool:
    """Whether a stranger may have a mail sent there once more: nobody's letter box is filled by others."""
    name = f"mail {email}"
    if throttle.waits_until([name], now):
        return False
    throttle.wrong(name, throttle.MAILS, now)
    return True


def _mail(user: User, template: str, council: Council, now: dt.datetime, **facts: object) -> None:
    letters.write(
        user.email,
        f"accounts/mail/{template}.txt",
        council=council,
        now=now,
        language=user.language,
        name=user.name,
        **facts,
    )


def check_password(user: User, password: str, council: Council, name: str = "") -> None:
    """It may become this person's password. Raises Refusal."""
    about = (user.email, user.name, name, council.name, council.site_name)
    passwords.check(password, about)


def join(link: Link, kept_password: str, name: str, council: Council, now: dt.datetime) -> User:
    """The account is open: its address is confirmed and it has a password. Raises Refusal for a used link."""
    use(link.id, now)
    user = link.user
    user.state, user.name = "active", name
    user.email_confirmed_at = now
    user.password, user.password_set_at = kept_password, now
    audit.record(
        _JOINED, f"user:{user.id}", actor=f"user:{user.id}", now=now, council_id=council.id, how=link.kind
    )
    return user


def reset(link: Link, kept_password: str, council: Council, now: dt.datetime) -> User:
    """There is a new password, and nobody is signed in any more. Second factors stay as they are."""
    use(link.id, now)
    user = link.user
    if user.state == "closed":
        raise _gone()
    user.state = "active"
    user.email_confirmed_at = user.email_confirmed_at or now
    _set_password(user, kept_password, council, now)
    end_sign_ins(user.id, now)
    return user


def change_password(
    user: User, kept_password: str, council: Council, now: dt.datetime, *, but: uuid.UUID | None
) -> None:
    """There is a new password; other browsers are signed out."""
    _set_password(user, kept_password, council, now)
    end_sign_ins(user.id, now, but=but)


def _set_password(user: User, kept_password: str, council: Council, now: dt.datetime) -> None:
    user.password, user.password_set_at = kept_password, now
    links.void(user.id, now)
    tell_of_change(user, "password", council, now=now)


def use(link_id: uuid.UUID, now: dt.datetime) -> None:
    """The link is used up. Raises Refusal where it was already."""
    if not links.use(link_id, now):
        raise _gone()


def _gone() -> Refusal:
    return Refusal(_("This link has been used, or it is too old. Ask for a new one."))


def rename(user: User, name: str) -> None:
    """The person is called this from now on."""
    user.name = name


def ask_email_change(user: User, email: str, council: Council, now: dt.datetime) -> None:
    """The new address gets a link, and the old one is told. Nothing changes before the link is used."""
    if email == user.email:
        raise Refusal(_("That is your e-mail address already"), field="email", status=422)
    if not _may_mail(email, now):
        return
    if queries.by_email(email):
        letters.write(email, "accounts/mail/known.txt", council=council, now=now)
    else:
        token = links.make("confirm", user, now, {"email": email})
        letters.write(
            email,
            "accounts/mail/new_address.txt",
            council=council,
            now=now,
            language=user.language,
            token=token,
            name=user.name,
        )
    _mail(user, "address_asked", council, now)


def change_email(link: Link, council: Council, now: dt.datetime) -> User:
    """Mail and sign-in go by the new address from now on; the old one is told."""
    use(link.id, now)
    user, email = link.user, str(link.facts["email"])
    if queries.by_email(email):
        raise Refusal(_("There is an account with that address already. Sign in with it, or ring us."))
    tell_of_change(user, "email", council, now=now)
    user.email, user.email_confirmed_at = email, now
    return user


def set_language(user: User, code: str) -> None:
    """Their pages and mails are in this language."""
    user.language = code


def tell_of_change(user: User, what: str, council: Council, *, now: dt.datetime) -> None:
    """It is in the audit, and a mail tells the person, who will know if it was not them."""
    if what not in CHANGES:
        raise ValueError(f"there are no words for a change of {what}")
    actor = f"user:{user.id}"
    audit.record(_CHANGED, actor, actor=actor, now=now, council_id=council.id, what=what)
    _mail(user, "changed", council, now, what=what)


def end_sign_ins(user_id: uuid.UUID, now: dt.datetime, *, but: uuid.UUID | None = None) -> int:
    """How many browsers they are signed out of, at once; `but` names the one that stays."""
    ending = sa.update(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    if but is not None:
        ending = ending.where(SignIn.id != but)
    return changed(db.session, ending.values(ended_at=now))


def end_sign_in(user_id: uuid.UUID, sign_in_id: uuid.UUID, now: dt.datetime) -> bool:
    """True when one of this person's own browsers is signed out."""
    sign_in = db.session.get(SignIn, sign_in_id)
    if sign_in is None or sign_in.user_id != user_id:
        return False
    sign_in.ended_at = sign_in.ended_at or now
    return True
