"""Mandates in words: on what grounds, for what, within which limits, how they stand, and what became of them."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from portal import audit, money, registry
from portal.accounts import acting
from portal.accounts.models import BASES, SCOPES, Mandate, User
from portal.audit import AuditEvent
from portal.db import db
from portal.i18n import _, ngettext, short_date

# Grounds that only the council can choose: an organisation is named by what the council knows of it.
_OFFICERS_ONLY = frozenset({"managed"})
# What a person whose own choice counts may say themselves.
_PERSONS = ("nominated", "trust_circle", "lpa", "appointee")


def basis(kind: str) -> str:
    """On what grounds somebody acts."""
    return {
        "nominated": _("The person chose them"),
        "authorised": _("Chosen for somebody who cannot decide (Care Act)"),
        "lpa": _("Lasting power of attorney"),
        "deputy": _("Deputy of the Court of Protection"),
        "appointee": _("Appointee for benefits"),
        "trust_circle": _("One of a trust circle, who decide together"),
        "managed": _("An organisation that looks after the account"),
    }[kind]


def bases(*, for_: str) -> list[tuple[str, str]]:
    """Every ground, for a form. for_: officer, person, or representative."""
    kinds = {
        "officer": BASES,
        "person": _PERSONS,
        "representative": [kind for kind in BASES if kind not in _OFFICERS_ONLY],
    }[for_]
    return [(kind, basis(kind)) for kind in kinds]


def scope(kind: str) -> str:
    """What somebody may do."""
    return {"view": _("See"), "request": _("See and ask for things"), "approve": _("See, ask and say yes")}[
        kind
    ]


def scopes() -> list[tuple[str, str]]:
    """Every scope, for a form."""
    return [(kind, scope(kind)) for kind in SCOPES]


def scope_hints() -> dict[str, str]:
    """What each scope is."""
    return {
        "view": _("Look at what is here, and change nothing."),
        "request": _("Also ask providers for help, which somebody else agrees to."),
        "approve": _("Also agree to arrangements and payments, up to the limits."),
    }


def limits(payment: int | None, month: int | None) -> str:
    """Up to how much; "" where there is no limit."""
    if payment is not None and month is not None:
        return _(
            "up to %(one)s a payment and %(month)s a month",
            one=money.pounds(payment),
            month=money.pounds(month),
        )
    if payment is not None:
        return _("up to %(one)s a payment", one=money.pounds(payment))
    return _("up to %(month)s a month", month=money.pounds(month)) if month is not None else ""


def what(mandate: Mandate) -> str:
    """What it is for, with its limits: "See, ask and say yes, up to £250.00 a payment"."""
    up_to = limits(mandate.payment_limit_pence, mandate.month_limit_pence)
    return f"{scope(mandate.scope)}, {up_to}" if up_to else scope(mandate.scope)


def days(mandate: Mandate) -> str:
    """From when, and until when."""
    first = short_date(mandate.starts_on)
    if mandate.ends_on is None:
        return _("From %(first)s", first=first)
    return _("From %(first)s to %(last)s", first=first, last=short_date(mandate.ends_on))


def circle(mandate: Mandate) -> str:
    """How many of a trust circle must agree; "" where it is none."""
    if mandate.circle is None:
        return ""
    number = mandate.circle.needed
    return ngettext("%(num)s of the circle must agree", "%(num)s of the circle must agree", number)


def state(mandate: Mandate, today: dt.date) -> str:
    """How it stands on this day."""
    if mandate.state == "active":
        return _in_force(mandate, today)
    return {
        "asked": _("Asked for"),
        "granted": _("Waits for a second officer"),
        "refused": _("Refused"),
        "ended": _("Ended"),
    }[mandate.state]


def _in_force(mandate: Mandate, today: dt.date) -> str:
    if acting.stands(mandate, today):
        return _("In force")
    return _("Begins later") if today < mandate.starts_on else _("Run out")


def who(mandate: Mandate) -> str:
    """The name of the one who acts."""
    return names([mandate])[mandate.id]


def names(mandates: Iterable[Mandate]) -> dict[uuid.UUID, str]:
    """Mandate -> the name of the one who acts. One question for all organisations."""
    mandates = list(mandates)
    ids = sorted({one.organisation_id for one in mandates if one.organisation_id})
    known = registry.names("organisation", ids) if ids else {}
    return {one.id: _named(one, known) for one in mandates}


def _named(mandate: Mandate, known: Mapping[uuid.UUID, str]) -> str:
    if mandate.organisation_id:
        return known.get(mandate.organisation_id, _("An organisation"))
    user = mandate.representative
    return (user.name or user.email) if user else ""


# What became of it


@dataclass(frozen=True)
class Told:
    """One thing that was done. on_behalf: whether it was done for the person by somebody else."""

    at: dt.datetime
    by: str
    words: str
    on_behalf: bool


def history(person_id: uuid.UUID, only: Collection[uuid.UUID] | None = None) -> list[Told]:
    """All that was said and done about who acts for the person, the newest first. only: of these mandates."""
    events = [one for one in _events(person_id) if only is None or _of(one) in {str(id) for id in only}]
    by = _names_of(events)
    return [
        Told(
            at=one.at,
            by=by.get(one.actor, _("The site")),
            words=audit.told(one, one.detail.facts if one.detail else {}),
            on_behalf=one.on_behalf_of is not None,
        )
        for one in events
    ]


def _of(event: AuditEvent) -> str:
    return str(event.facts.get("mandate", ""))


def _events(person_id: uuid.UUID) -> Sequence[AuditEvent]:
    return db.session.scalars(
        sa.select(AuditEvent)
        .options(joinedload(AuditEvent.detail))
        .where(AuditEvent.subject == f"person:{person_id}", AuditEvent.action != "person.looked_at")
        .order_by(AuditEvent.number.desc())
    ).all()


def lookers(person_id: uuid.UUID, most: int = 20) -> list[Told]:
    """Who has looked at what is kept about the person, the newest first."""
    events = db.session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.subject == f"person:{person_id}", AuditEvent.action == "person.looked_at")
        .order_by(AuditEvent.number.desc())
        .limit(most)
    ).all()
    by = _names_of(events)
    return [
        Told(one.at, by.get(one.actor, ""), audit.told(one, {}), bool(one.on_behalf_of)) for one in events
    ]


def _names_of(events: Sequence[AuditEvent]) -> dict[str, str]:
    """Actor -> name, in one query."""
    ids = {one.actor.removeprefix("user:") for one in events if one.actor.startswith("user:")}
    found = db.session.execute(
        sa.select(User.id, User.name, User.email).where(User.id.in_([uuid.UUID(id) for id in sorted(ids)]))
    )
    return {f"user:{row.id}": row.name or row.email for row in found}


def _terms(facts: Mapping[str, Any]) -> str:
    up_to = limits(facts["payment_limit"], facts["month_limit"])
    parts = [basis(facts["basis"]), scope(facts["scope"]), up_to]
    first = short_date(dt.date.fromisoformat(facts["starts_on"]))
    parts.append(_("from %(first)s", first=first))
    if facts["ends_on"]:
        parts.append(_("to %(last)s", last=short_date(dt.date.fromisoformat(facts["ends_on"]))))
    return ", ".join(part for part in parts if part)


def _name(facts: Mapping[str, Any]) -> str:
    return str(facts.get("name") or _("somebody whose name is erased"))


def _because(facts: Mapping[str, Any]) -> str:
    return _(" “%(why)s”", why=facts["why"]) if facts.get("why") else ""


def _asked(facts: Mapping[str, Any]) -> str:
    return _("Asked that %(name)s may act: %(terms)s.", name=_name(facts), terms=_terms(facts))


def _granted(facts: Mapping[str, Any]) -> str:
    return _("Granted it to %(name)s, as the first officer.", name=_name(facts))


def _changed(facts: Mapping[str, Any]) -> str:
    name, terms = _name(facts), _terms(facts)
    return _("Granted a change for %(name)s, as the first officer: %(terms)s.", name=name, terms=terms)


def _approved(facts: Mapping[str, Any]) -> str:
    return _("Approved it for %(name)s, as the second officer.", name=_name(facts))


def _refused(facts: Mapping[str, Any]) -> str:
    return _("Refused it to %(name)s.", name=_name(facts)) + _because(facts)


def _ended(facts: Mapping[str, Any]) -> str:
    words = {
        "date": _("What %(name)s may do ended: its last day was over.", name=_name(facts)),
        "changed": _("What %(name)s may do ended, and the change took its place.", name=_name(facts)),
    }.get(str(facts["side"]), _("Ended what %(name)s may do, at once.", name=_name(facts)))
    return words + _because(facts)


def _agreed(_facts: Mapping[str, Any]) -> str:
    return _("Agreed to something, as one of the trust circle.")


def _join_asked(facts: Mapping[str, Any]) -> str:
    words = _("Asked that they may have an account of their own, as the first officer.")
    how = facts.get("evidence")
    if not how:
        return words
    made_sure = _("How they made sure: %(how)s", how=how)
    return f"{words} {made_sure}"


def _join_refused(facts: Mapping[str, Any]) -> str:
    return _("Said no to an account of their own.") + _because(facts)


def _looked(facts: Mapping[str, Any]) -> str:
    return _("Looked at the page.")


def tell() -> None:
    """The audit tells of mandates in these words."""
    audit.say("mandate.asked", _asked)
    audit.say("mandate.granted", _granted)
    audit.say("mandate.change_granted", _changed)
    audit.say("mandate.approved", _approved)
    audit.say("mandate.refused", _refused)
    audit.say("mandate.ended", _ended)
    audit.say("circle.agreed", _agreed)
    audit.say("person.added", lambda _facts: _("Wrote them down as somebody whom the council supports."))
    audit.say("person.changed", lambda _facts: _("Put the name or the reference right."))
    audit.say("person.join_asked", _join_asked)
    audit.say("person.join_refused", _join_refused)
    audit.say(
        "person.joined", lambda _facts: _("Joined them to an account of their own, as the second officer.")
    )
    audit.say("person.parted", lambda _facts: _("Took their account away from what is kept here."))
    audit.say("person.looked_at", _looked)
