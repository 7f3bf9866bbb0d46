"""What editors do to documents. Each action checks, writes and audits; nothing here commits."""

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from portal import audit
from portal.accounts.granting import By
from portal.councils.models import Council
from portal.db import db
from portal.editorial import kinds, parts, queries
from portal.editorial.kinds import Finding
from portal.editorial.models import Document, Version
from portal.errors import Refusal
from portal.i18n import _

_FACTS = ("kind", "key", "number")
_SAVED = audit.declare("document.saved", *_FACTS)
_SENT = audit.declare("document.sent_for_review", *_FACTS)
_PUBLISHED = audit.declare("document.published", *_FACTS)
_SCHEDULED = audit.declare("document.scheduled", *_FACTS, "on")
_RETIRED = audit.declare("document.retired", *_FACTS)
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 400_000


class Moved(Refusal):
    """Somebody saved the document meanwhile; newest: what they saved."""

    def __init__(self, newest: Version) -> None:
        super().__init__(
            _("Somebody else saved this while you were writing. Bring both together, then save.")
        )
        self.newest = newest


class Held(Refusal):
    """The checks found errors; findings: all that they found."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            _("This cannot be published yet. Mend what stands below, then try again."), status=422
        )
        self.findings = list(findings)


def begin(  # noqa: PLR0913 - each of the last is said by name
    council: Council | None,
    kind: str,
    key: str,
    body: str,
    *,
    by: By,
    now: dt.datetime,
    language: str = "en",
    note: str = "",
    new_id: uuid.UUID | None = None,
) -> Document:
    """A new document with its first draft. council: whose it is; None: the library's."""
    if len(key) > 80 or not _KEY.fullmatch(key):
        raise Refusal(
            _("Use small letters, figures and hyphens, such as keeping-warm."), field="key", status=422
        )
    council_id = council.id if council else None
    if council_id and kinds.of(kind).shared_only:
        raise Refusal(_("This is the same for all councils, so that it can have no copy."))
    if queries.of_key(kind, key, council_id, language):
        raise Refusal(
            _("There is one with this short name already. Choose another."), field="key", status=422
        )
    document = Document(
        id=new_id or uuid.uuid4(), kind=kind, key=key, council_id=council_id, language=language
    )
    db.session.add(document)
    db.session.flush()
    # A council's copy of a shared document goes on from its numbers: a visitor in the middle of the shared one, who
    # comes back by key and number, finds what they began.
    first = _last_number(queries.shared_of(document)) + 1 if council_id else 1
    _add(document, body, first, by=by, now=now, note=note)
    return document


def _last_number(document: Document | None) -> int:
    if document is None:
        return 0
    asked = sa.select(sa.func.max(Version.number)).where(Version.document_id == document.id)
    return db.session.scalar(asked) or 0


def _add(
    document: Document,
    body: str,
    number: int,
    *,
    by: By,
    now: dt.datetime,
    note: str = "",
    over_number: int | None = None,
) -> Version:
    if len(body) > _LONGEST:
        raise Refusal(_("This is too long. Make two of it."), field="text", status=422)
    kind = kinds.of(document.kind)
    title = _title_over(document) if over_number is not None else kind.safe_title(body, document.key)
    version = Version(
        document_id=document.id,
        number=number,
        title=title,
        body=body,
        note=note.strip()[:400],
        state="draft",
        author_id=by.id,
        made_at=now,
        over_number=over_number,
    )
    db.session.add(version)
    db.session.flush()
    _note(_SAVED, document, version, by, now)
    return version


def _title_over(document: Document) -> str:
    shared = queries.shared_of(document)
    newest = queries.newest(shared.id) if shared else None
    return newest.title if newest else document.key


def _note(
    action: audit.Action, document: Document, version: Version, by: By, now: dt.datetime, **facts: Any
) -> None:
    audit.record(
        action,
        f"document:{document.id}",
        actor=by.actor,
        now=now,
        council_id=document.council_id,
        kind=document.kind,
        key=document.key,
        number=version.number,
        **facts,
    )


def newest_seen(document: Document, seen: int) -> Version:
    """The newest version, where it is the one that was seen. Raises Moved where somebody saved since."""
    db.session.execute(sa.select(Document.id).where(Document.id == document.id).with_for_update())
    newest = queries.newest(document.id)
    if newest is None:
        raise Refusal(_("There is nothing written yet."))
    if newest.number != seen:
        raise Moved(newest)
    return newest


def save(
    document: Document,
    body: str,
    *,
    seen: int,
    by: By,
    now: dt.datetime,
    note: str = "",
    over_number: int | None = None,
) -> Version:
    """The newest draft. seen: the number it was written on; raises Moved where that is not the newest any more.

    Saving what stands there already changes nothing.
    """
    newest = newest_seen(document, seen)
    if newest.body == body and newest.over_number == over_number and newest.state != "retired":
        return newest
    number = newest.number + 1
    if document.council_id and over_number is None and newest.over_number is not None:
        number = max(number, _last_number(queries.shared_of(document)) + 1)
    if newest.state == "review":
        newest.state, newest.publish_on = "draft", None  # what is newer is to be looked at, not this
    return _add(document, body, number, by=by, now=now, note=note, over_number=over_number)


def send_for_review(document: Document, *, seen: int, by: By, now: dt.datetime) -> Version:
    """The newest draft waits for a colleague's eyes."""
    newest = newest_seen(document, seen)
    if newest.state == "draft":
        newest.state = "review"
        _note(_SENT, document, newest, by, now)
    return newest


def findings(document: Document, version: Version, today: dt.date) -> list[Finding]:
    """All that the checks of the kind say of a version, as the council's visitors would read it."""
    kind, around = kinds.of(document.kind), queries.around(document, today)
    if version.over_number is None:
        return kind.check(version.body, around)
    shared = queries.shared_of(document)
    base = queries.public(shared.id) if shared else None
    if base is None:
        return [Finding("error", document.key, _("The shared text is not public any more."))]
    said = parts.read_own(version.body)
    left = [
        Finding(
            "warning",
            part.id,
            _("Your council must write these words itself, and has not."),
            _("until then people see nothing there"),
        )
        for part in parts.of(base.body, kind.suffix)
        if part.must_edit and not said.get(part.id, "").strip()
    ]
    return [*left, *kind.check(parts.laid_over(base.body, kind.suffix, said), around)]


def publish(document: Document, *, seen: int, by: By, now: dt.datetime, today: dt.date) -> Version:
    """The newest version is what people read. Raises Held while the checks find errors."""
    newest = newest_seen(document, seen)
    if newest.state == "published":
        return newest
    found = findings(document, newest, today)
    if any(finding.level == "error" for finding in found):
        raise Held(found)
    make_public(document, newest, now)
    _note(_PUBLISHED, document, newest, by, now)
    return newest


def make_public(document: Document, version: Version, now: dt.datetime) -> None:
    """This version is public, and the one before it is not any more. For publish and for loading files."""
    before = queries.public(document.id)
    if before is not None and before is not version:
        before.state = "retired"
        db.session.flush()
    version.state, version.published_at, version.publish_on = "published", now, None
    db.session.flush()
    _tell(document)


def _tell(document: Document) -> None:
    told = kinds.of(document.kind).published
    if told is not None:
        told(document.key)


def schedule(
    document: Document, on: dt.date, *, seen: int, by: By, now: dt.datetime, today: dt.date
) -> Version:
    """The newest version becomes public by itself on a day to come. Raises Held while the checks find errors."""
    newest = newest_seen(document, seen)
    if on <= today:
        raise Refusal(_("Choose a day after today, or publish it now."), field="on", status=422)
    if newest.state not in ("draft", "review"):
        raise Refusal(_("There is no draft that could be published then."))
    found = findings(document, newest, today)
    if any(finding.level == "error" for finding in found):
        raise Held(found)
    newest.state, newest.publish_on = "review", on
    _note(_SCHEDULED, document, newest, by, now, on=on.isoformat())
    return newest


def retire(document: Document, *, seen: int, by: By, now: dt.datetime) -> None:
    """Nobody reads it any more; it can be brought back. Nothing is deleted."""
    newest_seen(document, seen)
    public = queries.public(document.id)
    if public is None:
        raise Refusal(_("This is not public, so there is nothing to take away."))
    public.state = "retired"
    db.session.flush()
    _tell(document)
    _note(_RETIRED, document, public, by, now)


def restore(document: Document, number: int, *, seen: int, by: By, now: dt.datetime) -> Version:
    """An older version stands as the newest draft, to be looked at and published."""
    old = queries.version(document.id, number)
    if old is None:
        raise Refusal(_("There is no version of that number."))
    note = _("Version %(number)s again", number=number)
    return save(document, old.body, seen=seen, by=by, now=now, note=note, over_number=old.over_number)


def overlay(
    council: Council,
    shared: Document,
    own: Mapping[str, str],
    *,
    seen: int,
    by: By,
    now: dt.datetime,
    note: str = "",
) -> Version:
    """The council's own words for parts of a shared document, as a draft. seen: 0 where it has written none so far.

    Words for a part that there is not are refused: everything but the parts is locked.
    """
    base = queries.public(shared.id)
    if base is None:
        raise Refusal(_("The shared text is not public, so there is nothing to lay your words over."))
    known = {part.id for part in parts.of(base.body, kinds.of(shared.kind).suffix)}
    if odd := sorted(own.keys() - known):
        raise Refusal(_("The shared text has no part %(names)s.", names=", ".join(odd)), status=422)
    body = parts.write_own({key: words for key, words in own.items() if words.strip()})
    document = queries.of_key(shared.kind, shared.key, council.id, shared.language)
    if document is not None:
        return save(document, body, seen=seen, by=by, now=now, note=note, over_number=base.number)
    document = Document(kind=shared.kind, key=shared.key, council_id=council.id, language=shared.language)
    db.session.add(document)
    db.session.flush()
    return _add(document, body, 1, by=by, now=now, note=note, over_number=base.number)
