"""Wrong tries, and how long to wait after them: slower and slower for whoever guesses, never locked for the owner.

What is counted has a name: an account tried from anywhere, an account tried from a browser it knows, an address. A
browser that somebody has signed in with before is counted by itself, so that guesses from elsewhere never keep them
out. Only a keyed hash of the name is kept.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from portal import sealing
from portal.accounts.models import Tries
from portal.db import changed, db


@dataclass(frozen=True)
class Patience:
    """How many wrong tries are free within `window`, and the waits that follow, which double up to `longest`."""

    free: int
    first_wait: dt.timedelta
    longest: dt.timedelta
    window: dt.timedelta = dt.timedelta(minutes=15)

    def wait(self, wrong: int) -> dt.timedelta:
        """How long to wait after so many wrong tries."""
        over = wrong - self.free
        if over < 0:
            return dt.timedelta()
        # 2 ** 12 of the shortest wait is past every longest one; more would only be a large number.
        return min(self.first_wait * int(2 ** min(over, 12)), self.longest)


# Source: OWASP ASVS 5, 6.3: guessing is slowed without locking the account.
PASSWORDS = Patience(5, dt.timedelta(seconds=30), dt.timedelta(minutes=15))
CODES = Patience(3, dt.timedelta(seconds=30), dt.timedelta(minutes=15))
# A library shares one address: it is slowed, and never for long.
ADDRESSES = Patience(50, dt.timedelta(seconds=2), dt.timedelta(seconds=15))
# Mails that somebody can have sent to one address by asking for them.
MAILS = Patience(5, dt.timedelta(minutes=5), dt.timedelta(hours=1))
_PURPOSE = "tries"


def waits_until(names: Iterable[str], now: dt.datetime) -> dt.datetime | None:
    """When the next try that counts against all of these is taken, where that is not at once."""
    whose = Tries.who.in_([_who(name) for name in names])
    again_at: dt.datetime | None = db.session.scalar(sa.select(sa.func.max(Tries.again_at)).where(whose))
    return again_at if again_at and again_at > now else None


def wrong(name: str, patience: Patience, now: dt.datetime) -> dt.datetime:
    """One more wrong try is counted; returns when the next is taken. Counts right however many try at once."""
    who = _who(name)
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    start = insert(Tries).values(who=who, wrong=0, first_at=now, again_at=now)
    db.session.execute(start.on_conflict_do_nothing())
    tries = db.session.scalars(
        sa.select(Tries).where(Tries.who == who).with_for_update().execution_options(populate_existing=True)
    ).one()
    if _is_over(tries, patience, now):
        tries.wrong, tries.first_at = 0, now
    tries.wrong += 1
    tries.again_at = now + patience.wait(tries.wrong)
    db.session.flush()
    return tries.again_at


def _is_over(tries: Tries, patience: Patience, now: dt.datetime) -> bool:
    """Whether what was counted is too long ago to count."""
    if tries.wrong < patience.free:
        return now - tries.first_at > patience.window
    return now - tries.again_at > patience.window


def forget(name: str) -> None:
    """Nothing is counted under this name: somebody got it right."""
    db.session.execute(sa.delete(Tries).where(Tries.who == _who(name)))


def sweep(session: orm.Session, now: dt.datetime) -> int:
    """How many counts were dropped that no longer say anything."""
    old = sa.delete(Tries).where(Tries.again_at < now - dt.timedelta(days=1))
    return changed(session, old)


def _who(name: str) -> str:
    return sealing.keyed(name, _PURPOSE)
