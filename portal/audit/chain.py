"""How events hang together: each carries a hash over itself and the hash of the one before it on the same subject.

What the hash covers is written as JSON of one shape (RFC 8259; keys in order, no blanks, ASCII only), so that it is
the same on both databases and in every year. The hash needs no key: it shows what was changed by accident, by hand or
by a program, and not what somebody changed who then worked out the whole chain and its head anew.
"""

import datetime as dt
import hashlib
import json
import secrets
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, orm
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.base import NO_VALUE

from portal.audit.models import AuditEvent, AuditHead
from portal.db import new_id

FIRST = ""  # what stands in the place of a hash before the first event
# What a hash covers, in this order: the first part names the shape, in case there is ever another.
_SHAPE = "portal audit 1"
COVERED = (
    *("id", "number", "at", "council_id", "actor", "on_behalf_of"),
    *("action", "subject", "reason", "facts", "personal"),
)


def canonical(value: Any) -> str:
    """The value as JSON of one shape."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return str(value) if isinstance(value, uuid.UUID) else value


def hash_of(previous: str, row: Any) -> str:
    """The hash of an event, in hex. row: has the columns of one."""
    covered = [_plain(getattr(row, name)) for name in COVERED]
    return hashlib.sha256(canonical([_SHAPE, previous, *covered]).encode()).hexdigest()


def personal_hash(salt: str, facts: Any) -> str:
    """The salted hash of personal facts: without the salt, which goes with them, nobody can try out names."""
    return hashlib.sha256(canonical([_SHAPE, salt, facts]).encode()).hexdigest()


def new_salt() -> str:
    """A new random salt."""
    return secrets.token_hex(32)


def _held(session: orm.Session, subject: str) -> tuple[int, str]:
    """(number, hash) of the subject's newest event; its head is ours until the transaction ends."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = insert(AuditHead).values(subject=subject, number=0, hash=FIRST)
    held = first.on_conflict_do_update(index_elements=["subject"], set_={"number": AuditHead.number})
    number, previous = session.connection().execute(held.returning(AuditHead.number, AuditHead.hash)).one()
    return int(number), str(previous)


def _append(session: orm.Session, row: AuditEvent) -> None:
    number, previous = _held(session, row.subject)
    if sa.inspect(row).attrs.id.loaded_value is NO_VALUE:
        row.id = new_id()
    row.number = number + 1
    if row.detail:
        row.personal = personal_hash(row.detail.salt, row.detail.facts)
    row.hash = hash_of(previous, row)
    moved = sa.update(AuditHead).where(AuditHead.subject == row.subject)
    session.connection().execute(moved.values(number=row.number, hash=row.hash))


def _before_flush(session: orm.Session, _context: object, _instances: object) -> None:
    """Every new event gets its place, as late as may be. By subject, so that two do not wait for each other."""
    new = [row for row in session.new if isinstance(row, AuditEvent)]
    if not new:
        return
    new.sort(key=lambda row: (row.subject, sa.inspect(row).insert_order or 0))
    with session.no_autoflush:
        for row in new:
            _append(session, row)


def listen(session: type[orm.Session]) -> None:
    """Events that this kind of session writes are chained."""
    event.listen(session, "before_flush", _before_flush)
