"""Reads: conversations as they are published, and what somebody has begun. The council is always the first argument."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa

from portal import sealing
from portal.councils.models import Council
from portal.db import db
from portal.editorial import queries as documents
from portal.editorial.queries import Published
from portal.i18n import ENGLISH
from portal.selfhelp import questions, reading, translating
from portal.selfhelp.conversation import Answer, Conversation, Unreadable
from portal.selfhelp.models import Talk
from portal.selfhelp.questions import Walk

KIND = "conversation"


@dataclass(frozen=True)
class Current:
    """A conversation with the number of its published version."""

    conversation: Conversation
    number: int


@dataclass(frozen=True)
class Standing:
    """How a conversation stands for somebody. again: questions that have changed since they were answered."""

    talk: Talk
    walk: Walk
    number: int
    name: str
    answers: dict[str, Answer]
    again: tuple[str, ...]
    unwanted: dict[str, str]

    @property
    def conversation(self) -> Conversation:
        """The conversation, in its published version."""
        return self.walk.conversation

    @property
    def to_answer_again(self) -> tuple[str, ...]:
        """What has changed, is on the path, and has not been looked at since."""
        asked = {question.id for question in self.walk.asked}
        return tuple(key for key in self.again if key in asked and key not in self.walk.seen)


@lru_cache(maxsize=64)
def _translated(body: str, strings: str, language: str) -> Conversation:
    """The same in another language; as slow, and as often needed."""
    return translating.translated(read(body), strings, language)


@lru_cache(maxsize=64)
def read(body: str) -> Conversation:
    """The conversation of a body. Read once: it takes a quarter of a second, and every page needs it."""
    return reading.read(body)


def _current(found: Published | None, strings: Published | None = None) -> Current | None:
    if found is None:
        return None
    try:
        english = Current(read(found.body), found.number)
    except Unreadable:  # what is published was checked; what was put there by hand may not have been
        return None
    if strings is None:
        return english
    try:
        return Current(_translated(found.body, strings.body, strings.language), found.number)
    except Unreadable:
        return english


def published(council: Council, key: str, language: str = ENGLISH) -> Current | None:
    """A conversation as it is published; None where there is none. What is not translated is in English."""
    strings = documents.published(council, KIND, key, language) if language != ENGLISH else None
    return _current(documents.published(council, KIND, key), strings)


def all_published(council: Council, language: str = ENGLISH) -> list[Current]:
    """Every conversation, in the order that editors gave them, then by title."""
    known = documents.all_published(council, KIND, language) if language != ENGLISH else []
    strings = {document.key: document for document in known}
    found = [
        _current(document, strings.get(document.key)) for document in documents.all_published(council, KIND)
    ]
    return sorted(
        (one for one in found if one), key=lambda one: (one.conversation.order, one.conversation.title)
    )


def listed(council: Council, language: str = ENGLISH) -> list[Current]:
    """The conversations to talk things through with: those to choose equipment by stand with their task."""
    return [one for one in all_published(council, language) if not one.conversation.choosing]


def choosing(council: Council, task: str, language: str = ENGLISH) -> Current | None:
    """The conversation that helps to choose equipment for a task of the house; None where there is none."""
    # The words are looked through first: reading every conversation anew for a task's page would be slow.
    likely = (one for one in documents.all_published(council, KIND) if task and task in one.body)
    for document in likely:
        found = _current(document)
        if found and found.conversation.choosing == task:
            return published(council, document.key, language)
    return None


def talk_of(council: Council, key: str, ids: Iterable[uuid.UUID]) -> Talk | None:
    """The one of these talks that is about a conversation; the last, of several."""
    mine = sa.select(Talk).where(Talk.council_id == council.id, Talk.key == key, Talk.id.in_(list(ids)))
    return db.session.scalar(mine.order_by(Talk.last_at.desc()).limit(1))


def talks(council: Council, ids: Iterable[uuid.UUID]) -> list[Talk]:
    """The talks of a browser, the last one first."""
    mine = sa.select(Talk).where(Talk.council_id == council.id, Talk.id.in_(list(ids)))
    return list(db.session.scalars(mine.order_by(Talk.last_at.desc())))


def by_code(council: Council, code: str) -> Talk | None:
    """The talk that a paper code brings back."""
    return db.session.scalar(
        sa.select(Talk).where(Talk.council_id == council.id, Talk.code == sealing.keyed(code, "talk code"))
    )


def by_link(council: Council, token: str) -> Talk | None:
    """The talk that a mailed link brings back."""
    return db.session.scalar(
        sa.select(Talk).where(Talk.council_id == council.id, Talk.link == sealing.hashed(token))
    )


def standing(council: Council, talk: Talk, language: str = ENGLISH) -> Standing | None:
    """How the talk stands in the version that is published now; None where nothing of it is published any more.

    Nothing is written: whoever only looks sees what the next answer will keep. Whether a question has changed is
    judged by its English; language: what the person reads it in.
    """
    now, said = published(council, talk.key), talk.said
    begun = None if now and now.number == talk.version else _numbered(council, talk)
    now = now or begun
    if now is None:
        return None
    answers, seen = _answers(said["answers"]), frozenset(said["seen"])
    again = tuple(said["again"])
    if begun and begun is not now:
        kept, seen, changed = questions.reconciled(
            begun.conversation, now.conversation, answers, seen, is_about_other=bool(said["name"])
        )
        answers = dict(kept)
        again = tuple(dict.fromkeys((*again, *changed)))
    told = published(council, talk.key, language) if language != ENGLISH else None
    walk = questions.walk((told or now).conversation, answers, seen)
    return Standing(talk, walk, now.number, said["name"], answers, again, dict(said["unwanted"]))


def _numbered(council: Council, talk: Talk) -> Current | None:
    return _current(documents.numbered(council, KIND, talk.key, talk.version))


def _answers(stored: dict[str, str | list[str]]) -> dict[str, Answer]:
    """Answers as they are thought of: JSON has lists where we have tuples."""
    return {key: tuple(said) if isinstance(said, list) else said for key, said in stored.items()}
