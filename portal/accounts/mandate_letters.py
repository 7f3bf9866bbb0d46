"""Mails about mandates, to both sides at each step: the person, and whoever acts for them.

A person without an account gets none; the council tells them. Whoever is to act and has no account yet is invited
once an officer has granted it, so that nobody can fill a stranger's letter box by asking.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from portal import letters, notify
from portal.accounts import acting, granting, mandate_telling
from portal.accounts.granting import By
from portal.accounts.models import Asking, Mandate, User
from portal.councils.models import Council
from portal.i18n import _

_FOLDER = "accounts/mandates/mail"
# Whoever acts for somebody may come to spend their money: nobody can put this off.
MANDATES = notify.declare("account.mandates", lambda: _("Who may act for whom"), needed=True)
STEPS = (
    "asked",
    "granted",
    "approved",
    "change_granted",
    "changed",
    "refused",
    "withdrawn",
    "ended",
    "ran_out",
)


def tell(step: str, mandate: Mandate, council: Council, now: dt.datetime, *, why: str = "") -> None:
    """Both sides have a mail that says what has happened. why: what whoever decided has written."""
    if step not in STEPS:
        raise ValueError(f"there are no words for {step}")
    acts = mandate_telling.who(mandate)
    facts = {"step": step, "person": mandate.person.name, "acts": acts, "why": why, "mandate": mandate}
    if mandate.person.user is not None and mandate.person.user.state == "active":
        _write(mandate.person.user, "to_person", council, now, facts)
    for user in _who_act(mandate):
        if user.state == "active":
            _write(user, "to_representative", council, now, facts)
        elif user.state == "invited" and step == "granted":
            part = _("act for %(name)s, once a second officer has approved it", name=mandate.person.name)
            granting.invite(user, council, part, by=By(None, "site"), now=now)


def tell_refused(asking: Asking, council: Council, now: dt.datetime) -> None:
    """Whoever asked to act for somebody is told that nothing comes of it, and why."""
    facts = {"person": asking.person_name, "why": asking.refusal}
    _write(asking.asked_by, "asking_refused", council, now, facts)


def _who_act(mandate: Mandate) -> list[User]:
    if mandate.organisation_id:
        return list(acting.deciders(mandate.organisation_id))
    return [mandate.representative] if mandate.representative else []


def _write(user: User, template: str, council: Council, now: dt.datetime, facts: Mapping[str, Any]) -> None:
    path = f"{_FOLDER}/{template}.txt"
    letters.tell(MANDATES, user.email, path, council=council, now=now, name=user.name, **facts)
