"""Conversations that are hard to show: hostile, broken, and with figures and words in other languages."""

import sqlalchemy as sa

from portal import clock
from portal.accounts.granting import By
from portal.accounts.models import User
from portal.db import db
from portal.editorial import actions, queries
from portal.selfhelp import actions as talks
from portal.selfhelp import authoring, translating
from portal.selfhelp.models import QuestionCount
from portal.selfhelp.queries import published
from tests import make
from tests.pages.listings import HOSTILE, LONGEST
from tests.selfhelp.desking import TALK


def write() -> dict[str, str]:
    """All of them, by what they are. Committed."""
    ed = db.session.scalars(sa.select(User).where(User.email.like("ed@%"))).one()
    by = By(ed.id, f"user:{ed.id}", ed.name)
    council = make.council()
    odd = authoring.change_question(TALK, "stairs", ask=HOSTILE, ask_about="", help=LONGEST)
    odd = authoring.change_rule(odd, "rail", title=LONGEST, urgent=True)
    hostile = actions.begin(council, "conversation", "small", odd, by=by, now=make.NOW)
    broken = actions.begin(council, "conversation", "broken", "id: broken\npages: 3\n", by=by, now=make.NOW)
    shared = queries.of_key("conversation", "everyday-life", None)
    newest = queries.newest(shared.id) if shared else None
    assert shared
    assert newest
    conversation = authoring.read(newest.body)
    strings = translating.with_string("", conversation, "title", "روزمرہ زندگی")
    actions.begin(None, "conversation", "everyday-life", strings, by=by, now=make.NOW, language="ur")
    for question in conversation.questions:
        counts = {"shown": 120, "answered": 90, "skipped": 18, "left": 12}
        facts = {
            "council_id": council.id,
            "conversation": "everyday-life",
            "version": 1,
            "day": make.NOW.date(),
        }
        db.session.add(QuestionCount(question=question, **facts, **counts))
    current = published(council, "everyday-life")
    assert current
    begun = talks.begin(council, current, "me", "", make.NOW)
    token = talks.mail_token(begun, clock.now())
    db.session.commit()
    found = {"everyday": shared, "hostile talk": hostile, "broken talk": broken}
    return {**{name: str(document.id) for name, document in found.items()}, "way back": token}
