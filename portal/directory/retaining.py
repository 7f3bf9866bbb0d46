"""What the desks keep of people, why and for how long; and what each can have of it."""

import datetime as dt
import uuid

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import orm

from portal import retention
from portal.db import changed, db
from portal.directory.models import Claim, Proposal
from portal.i18n import _, moment
from portal.retention import OwnData, Records, Rule

_KEPT = dt.timedelta(days=730)


def _erase_proposals(session: orm.Session, now: dt.datetime) -> int:
    """What was settled, or left lying, for long enough; what waits for an editor stays."""
    settled = sa.and_(Proposal.state.in_(("approved", "withdrawn")), Proposal.settled_at < now - _KEPT)
    left = sa.and_(Proposal.state.in_(("draft", "sent_back")), Proposal.changed_at < now - _KEPT)
    return changed(session, sa.delete(Proposal).where(sa.or_(settled, left)))


def _erase_claims(session: orm.Session, now: dt.datetime) -> int:
    return changed(session, sa.delete(Claim).where(Claim.settled_at < now - _KEPT))


def _sent_in(user_id: uuid.UUID) -> Records:
    asked = sa.select(Proposal).where(Proposal.author_id == user_id).order_by(Proposal.made_at)
    return [
        {
            _("Entry"): str(one.draft.get("name", "")),
            _("Begun"): moment(one.made_at),
            _("Sent"): moment(one.sent_at) if one.sent_at else "",
            _("Settled"): moment(one.settled_at) if one.settled_at else "",
            _("What you wanted the council to know"): one.note,
            _("What the council wrote back"): one.words,
            _("Signed by"): one.signed_by,
        }
        for one in db.session.scalars(asked)
    ]


def _claimed(user_id: uuid.UUID) -> Records:
    asked = sa.select(Claim).where(Claim.user_id == user_id).order_by(Claim.at)
    return [
        {
            _("For"): one.organisation.name,
            _("What you wrote"): one.reason,
            _("Written"): moment(one.at),
            _("Settled"): moment(one.settled_at) if one.settled_at else "",
            _("Answer"): one.words,
        }
        for one in db.session.scalars(asked)
    ]


def init_app(app: Flask) -> None:
    """The rules are known, and what is one's own is in everybody's export."""
    with_listing = "as long as the listing"
    retention.register(
        app,
        Rule(
            "proposal",
            "an entry as somebody would like it to be: who wrote it, who signed the code of conduct, words both ways",
            "so that an editor can look at it, and nobody’s words are lost",
            "two years after it was settled, or after the last change where it was never sent",
            _KEPT,
            _erase_proposals,
        ),
        Rule(
            "claim",
            "who asked to look after an organisation’s entries, what they wrote, and the answer",
            "so that the council can make sure of it",
            "two years after it was settled",
            _KEPT,
            _erase_claims,
        ),
        Rule(
            "service_version",
            "every state of a listing, and which account made it",
            "so that it can be compared and brought back",
            with_listing,
        ),
        Rule(
            "served_person",
            "whom a private listing serves",
            "so that they, and nobody else, see it",
            with_listing,
        ),
    )
    retention.add_own_data(app, OwnData("entries", lambda: _("Entries that you wrote"), _sent_in))
    retention.add_own_data(
        app, OwnData("claims", lambda: _("Entries that you asked to look after"), _claimed)
    )
