"""What the public tells the council: feedback on a service, a mistake in a listing, a service that is missing.

Nothing of it is ever shown to the public or to providers. What may mean that somebody is being harmed goes to a person
at once, whatever else is said of it. What looks like a robot's is held until a person has looked; nothing is lost.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import orm
from sqlalchemy.orm import joinedload

from portal import audit, letters, retention, sealing
from portal.councils.models import Council
from portal.db import changed, db
from portal.directory import freshness, mailing, safeguarding, spam
from portal.directory.models import VOICES, Service, Voice
from portal.directory.spam import Signs
from portal.errors import Refusal
from portal.i18n import _

PARTS = ("times", "place", "contact", "price", "who", "stopped", "other")
SHOWN = 50
_AN_HOUR, _A_DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
# How long what was said is kept once it is settled: names and addresses, then all of it; and what was a robot's.
_NAMES_KEPT, _KEPT, _SPAM_KEPT = dt.timedelta(days=183), dt.timedelta(days=731), dt.timedelta(days=28)
# How many raised mails a flood from one place may cause in an hour. The list on the page has them all.
_MOST_RAISED = 10
_SETTLED = audit.declare("voice.settled", "kind", "becomes")


@dataclass(frozen=True)
class Said:
    """What somebody told. service: what it is about, if it is listed. about: what a missing service is called."""

    kind: str
    words: str
    service: Service | None = None
    about: str = ""
    part: str = ""
    where: str = ""
    reach: str = ""
    name: str = ""
    email: str = ""
    from_provider: bool = False


def tell(council: Council, said: Said, signs: Signs | None, came_from: str, now: dt.datetime) -> Voice:
    """What was said is kept, and reaches whom it should: the council that keeps the listing, else the site's own.

    signs: None where we know that no robot wrote it. came_from: the address it came from, of which a hash is kept.
    """
    whence = sealing.keyed(f"{now:%Y-%m-%d} {came_from}", "voices")
    urgent = safeguarding.watch().found(said.about, said.words, said.where, said.reach)
    held = _suspicions(said, signs, whence, now) if signs else []
    service = said.service
    voice = Voice(
        council_id=service.council_id if service else council.id,
        kind=said.kind,
        state="held" if held and not urgent else "open",
        urgent=bool(urgent),
        urgent_words=urgent,
        held=held,
        service_id=service.id if service else None,
        about=(service.name if service else said.about)[:200],
        part=said.part,
        words=said.words,
        where=said.where,
        reach=said.reach,
        name=said.name,
        email=said.email,
        from_provider=said.from_provider,
        came_from=whence,
        at=now,
    )
    db.session.add(voice)
    db.session.flush()
    if urgent:
        _raise(voice, council, now)
    if not held:
        _thank(voice, council, now)
    return voice


def _suspicions(said: Said, signs: Signs, whence: str, now: dt.datetime) -> list[str]:
    lately = _count(Voice.came_from == whence, Voice.at > now - _AN_HOUR)
    same = _count(Voice.words == said.words, Voice.kind == said.kind, Voice.at > now - _A_DAY) > 0
    everything = "\n".join((said.about, said.words, said.where, said.name))
    return spam.suspicions(signs, everything, now, lately=lately, same=same)


def _count(*where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Voice).where(*where)) or 0


def _raise(voice: Voice, site: Council, now: dt.datetime) -> None:
    """A person hears at once: the council that keeps the listing, and the one on whose site it was said."""
    if (
        voice.held
        and _count(Voice.came_from == voice.came_from, Voice.urgent.is_(True), Voice.at > now - _AN_HOUR)
        > _MOST_RAISED
    ):
        return
    for council in {site.id: site, voice.council_id: db.session.get_one(Council, voice.council_id)}.values():
        to = freshness.rules(council.id).safeguarding_email or council.email
        if to:
            letters.tell(
                mailing.SAFEGUARDING,
                to,
                "directory/mail/safeguarding.txt",
                council=council,
                now=now,
                voice_id=voice.id,
                own=council.id == voice.council_id,
                about=voice.about,
                words=voice.words,
                said=" ".join(f"“{words}”" for words in voice.urgent_words),
                name=voice.name,
                email=voice.email,
            )


def _thank(voice: Voice, council: Council, now: dt.datetime) -> None:
    """Whoever left an address is thanked, once a day at most; the mail says nothing that was typed."""
    lately = sa.and_(Voice.email == voice.email, Voice.thanked_at > now - _A_DAY)
    if voice.email and not _count(lately):
        voice.thanked_at = now
        letters.tell(mailing.THANKS, voice.email, "directory/mail/thanks.txt", council=council, now=now)


# What the desk does


@dataclass(frozen=True)
class Desk:
    """Voices on the desk: those of one state, as many as are shown, and how many there are of each state."""

    voices: Sequence[Voice]
    counts: dict[str, int]


def heard_by(roles: Collection[str]) -> tuple[str, ...]:
    """The kinds that somebody with these roles hears."""
    return VOICES if "editor" in roles else ("feedback",)


def desk(council: Council, kinds: Collection[str], state: str, page: int = 1) -> Desk:
    """What people told the council: what may mean harm first, then the oldest; what is settled the newest first."""
    mine = (Voice.council_id == council.id, Voice.kind.in_(kinds))
    number = sa.func.count().label("number")
    counts = db.session.execute(sa.select(Voice.state, number).where(*mine).group_by(Voice.state))
    order = (Voice.urgent.desc(), Voice.at) if state in ("open", "held") else (Voice.settled_at.desc(),)
    found = db.session.scalars(
        sa.select(Voice)
        .options(joinedload(Voice.service))
        .where(*mine, Voice.state == state)
        .order_by(*order, Voice.id)
        .limit(SHOWN)
        .offset(SHOWN * (page - 1))
    ).all()
    return Desk(found, {row.state: row.number for row in counts})


def urgent(council: Council) -> int:
    """How many wait that may mean harm."""
    return _count(Voice.council_id == council.id, Voice.urgent.is_(True), Voice.state == "open")


def one(council: Council, kinds: Collection[str], voice_id: uuid.UUID) -> Voice | None:
    """One of what people told the council."""
    return db.session.scalar(
        sa.select(Voice).where(Voice.id == voice_id, Voice.council_id == council.id, Voice.kind.in_(kinds))
    )


def settle(voice: Voice, state: str, note: str, *, by: str, actor: str, now: dt.datetime) -> None:
    """It is done, with a note of what was done; or it was a robot's."""
    if state == "done" and not note.strip():
        raise Refusal(_("Say what was done, so that a colleague can follow it"), field="note", status=422)
    voice.state, voice.note, voice.settled_by, voice.settled_at = state, note.strip(), by, now
    _record(voice, actor, now)


def take_up(voice: Voice, council: Council, *, actor: str, now: dt.datetime) -> None:
    """It is open: it was held and is no robot's, and is thanked for now; or it was settled too soon."""
    was_held = voice.state == "held"
    voice.state, voice.settled_at, voice.settled_by = "open", None, ""
    _record(voice, actor, now)
    if was_held:
        _thank(voice, council, now)


def _record(voice: Voice, actor: str, now: dt.datetime) -> None:
    audit.record(
        _SETTLED,
        f"voice:{voice.id}",
        actor=actor,
        now=now,
        council_id=voice.council_id,
        kind=voice.kind,
        becomes=voice.state,
    )


def _forget(session: orm.Session, now: dt.datetime) -> int:
    """What was settled long ago is forgotten: who said it first, then all of it. What nobody settled stays."""
    session.execute(
        sa.update(Voice)
        .where(Voice.settled_at < now - _NAMES_KEPT, sa.or_(Voice.name != "", Voice.email != ""))
        .values(name="", email="")
    )
    robots = sa.and_(Voice.state == "spam", Voice.settled_at < now - _SPAM_KEPT)
    return changed(session, sa.delete(Voice).where(sa.or_(Voice.settled_at < now - _KEPT, robots)))


def init_app(app: Flask) -> None:
    """The site listens, and forgets in time."""
    safeguarding.init_app(app)
    retention.register(
        app,
        retention.Rule(
            "voice",
            "feedback, mistakes and suggestions: the words, and name and e-mail where somebody left them",
            "so that the council can act on them",
            "name and e-mail half a year after it was settled, the rest two years; a robot’s four weeks",
            _KEPT,
            _forget,
        ),
    )
