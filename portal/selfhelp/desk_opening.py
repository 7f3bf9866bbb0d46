"""What the pages of the conversations' desk have in common: which document is open, reading it, and saving a change."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from flask import Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal import clock, pages, registry
from portal.directory import queries as directory
from portal.editorial import actions, comparing, desk, opening, queries
from portal.editorial.kinds import Finding
from portal.editorial.models import Document, Version
from portal.i18n import ENGLISH, _
from portal.selfhelp import authoring, documents, placing
from portal.selfhelp.authoring import Refused
from portal.selfhelp.conversation import Conversation, Unreadable
from portal.selfhelp.placing import Part


@dataclass(frozen=True)
class Desk:
    """An open conversation: its document, the newest version, and what that says."""

    document: Document
    newest: Version
    may_change: bool

    @property
    def id(self) -> uuid.UUID:
        """The document's id, as it stands in addresses."""
        return self.document.id

    @property
    def text(self) -> str:
        """The newest text."""
        return self.newest.body

    @cached_property
    def conversation(self) -> Conversation:
        """What the text says. Only where it can be read: see `opened`."""
        return authoring.read(self.text)

    @cached_property
    def findings(self) -> list[Finding]:
        """All that the checks say."""
        return actions.findings(self.document, self.newest, clock.today())

    @cached_property
    def placed(self) -> dict[Part, list[Finding]]:
        """The same, by the parts that they are about."""
        return placing.placed(self.text, self.findings)

    def about(self, kind: str, key: str, within: str = "") -> list[Finding]:
        """What the checks say of one part."""
        return self.placed.get(Part(kind, key, within), [])

    def of_question(self, key: str) -> list[Finding]:
        """What they say of a question and its options."""
        found = [
            self.placed[part]
            for part in self.placed
            if key in (part.within, part.id if part.kind == "question" else "")
        ]
        return [finding for findings in found for finding in findings]


def opened(document_id: uuid.UUID, *, hold: bool = False) -> Desk:
    """The conversation; leads elsewhere where the document is another thing, or cannot be read."""
    document, newest = opening.opened(document_id, hold=hold)
    if document.kind != documents.CONVERSATION:
        abort(404)
    if newest.over_number is not None:
        _leave(url_for("documents.document", document_id=document.id))
    if document.language != ENGLISH:
        english = queries.of_key(document.kind, document.key, document.council_id)
        if english is None:
            abort(404)
        _leave(url_for("conversation_words.language", document_id=english.id, language=document.language))
    desk_of = Desk(document, newest, opening.may_change(document))
    try:
        authoring.read(newest.body)
    except Unreadable:
        if request.endpoint != "conversations.as_text":
            _leave(url_for("conversations.as_text", document_id=document.id))
    return desk_of


def leading_names() -> list[tuple[str, list[tuple[str, str]]]]:
    """What a part can lead to, for who types short names: a heading, and each (short name, words)."""
    things: dict[str, list[tuple[str, str]]] = {"article": [], "equipment": [], "conversation": []}
    for thing in registry.searchables():
        things.setdefault(thing.kind, []).append((thing.key, thing.title))
    terms = directory.names_by_taxonomy("category", "need")
    return [
        (_("Articles"), sorted(things["article"])),
        (_("Equipment"), sorted(things["equipment"])),
        (_("Other conversations"), sorted(things["conversation"])),
        (_("Searches near the person: “category”"), list(terms["category"].items())),
        (_("Searches near the person: “need”"), list(terms["need"].items())),
    ]


def _leave(address: str) -> None:
    abort(redirect(address, 303))


def seen_text(at: Desk) -> str:
    """The text of the version that the form was written on."""
    seen = queries.version(at.id, opening.sent_number())
    return seen.body if seen else at.text


def kept(at: Desk, change: Callable[[str], str], note: str, address: str) -> AnyResponse:
    """The change is saved as the newest draft; where somebody saved meanwhile, both stand side by side.

    Raises Refused where the change cannot be.
    """
    mine = change(seen_text(at))
    try:
        actions.save(
            at.document, mine, seen=opening.sent_number(), by=opening.by(), now=clock.now(), note=note
        )
    except actions.Moved as moved:
        return merging(at, mine, moved.newest, note)
    return redirect(address, 303)


def merging(at: Desk, mine: str, newest: Version, note: str) -> Response:
    """Both people's words, brought together as far as lines allow."""
    base = seen_text(at)
    return pages.show(
        "documents/merge.html",
        status=409,
        document=at.document,
        newest=newest,
        who=desk.names_of([newest.author_id]).get(newest.author_id) if newest.author_id else "",
        theirs=comparing.lines(base, newest.body),
        mine=comparing.lines(base, mine),
        together=comparing.merged(base, newest.body, mine),
        note=note,
    )


__all__ = ["Desk", "Refused", "kept", "merging", "opened", "seen_text"]
