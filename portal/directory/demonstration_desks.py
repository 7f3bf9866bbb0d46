"""What lies on the desks of the demonstration: made by the same steps as by people, and nobody is mailed about it."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from portal import notify
from portal.accounts import queries as people
from portal.accounts.granting import By
from portal.councils.models import Council
from portal.db import db
from portal.directory import claims, desk_queries, proposing, voices
from portal.directory.drafts import ListingDraft, OrganisationDraft, as_json
from portal.directory.models import Claim, Proposal, Service, Voice
from portal.directory.spam import Signs
from portal.directory.voices import Said

Row = Mapping[str, Any]
_CALLED = {"who": "who_for"}
_ROBOT = Signs("Cheap deals", "")


@dataclass(frozen=True)
class Makers:
    """What the demonstration's content is made with. new_id: of a thing, by its kind and key; draft: of a row."""

    council: Council
    now: dt.datetime
    new_id: Callable[[str, str], uuid.UUID]
    draft: Callable[[Row], ListingDraft]

    def by(self, key: str) -> By:
        """Somebody of the demonstration."""
        user = people.user(self.new_id("user", key))
        assert user is not None
        return By(user.id, f"user:{user.id}", user.name)

    def listing(self, key: str) -> Service:
        """A listing of the demonstration, read whole."""
        found = desk_queries.whole(self.council.id, self.new_id("service", key))
        assert found is not None
        return found

    def at(self, row: Row) -> dt.datetime:
        """When something was written: in the afternoon, so many days ago."""
        return self.now - dt.timedelta(days=row["days_ago"]) + dt.timedelta(hours=11, minutes=20)


def is_empty() -> bool:
    """Whether nothing was ever on a desk."""
    return not any(
        db.session.scalar(sa.select(sa.exists().where(kind.id.is_not(None))))
        for kind in (Proposal, Claim, Voice)
    )


def save(rows: Row, make: Makers) -> None:
    """Everything is there. Once something was, it is not made again, whatever has become of it."""
    before = set(db.session.scalars(sa.select(notify.Message.id)))
    for row in rows["entries"]:
        _save_entry(row, make)
    for row in rows["claims"]:
        claim = claims.ask(
            make.council,
            make.listing(row["listing"]),
            row["reason"],
            by=make.by(row["who"]),
            now=make.at(row),
        )
        db.session.flush()
        claim.id = make.new_id("claim", row["key"])
    for row in rows["voices"]:
        _save_voice(row, make)
    db.session.flush()
    db.session.execute(sa.delete(notify.Message).where(notify.Message.id.not_in(before)))


def _save_entry(row: Row, make: Makers) -> None:
    by, at = make.by(row["who"]), make.at(row)
    made = _begun(row, make, by, at)
    made.id = make.new_id("proposal", row["key"])
    db.session.flush()
    told = row.get("run_by")
    run_by = as_json(OrganisationDraft("", told["name"], told.get("about", ""), told["kind"])) if told else {}
    facts = {"run_by": run_by, "suggested": row.get("suggest", [])}
    proposing.save(made, now=at, draft=_draft(row, made, make), **facts)
    if "signed" in row:
        proposing.sign(made, row["signed"], at)
    if row["state"] != "draft":
        proposing.send(made, row.get("note", ""), by=by, now=at)
    if row["state"] == "sent_back":
        editor, later = make.by(row["by"]), at + dt.timedelta(days=1)
        proposing.send_back(made, make.council, row["words"], edition=made.edition, by=editor, now=later)


def _begun(row: Row, make: Makers, by: By, at: dt.datetime) -> Proposal:
    assert by.id is not None
    runs = [] if "run_by" in row else list(people.parts(by.id, make.council.id)[1])
    return proposing.begin(
        make.council,
        by=by,
        now=at,
        by_editor=row.get("desk") == "editor",
        service=make.listing(row["change"]) if "change" in row else None,
        organisation_id=runs[0] if runs else None,
    )


def _draft(row: Row, made: Proposal, make: Makers) -> ListingDraft:
    """The entry as it is written: a new one, or the listing with what would be different."""
    told = row["new"] if "new" in row else row["with"]
    written = make.draft({"key": "", "name": "", "categories": (), **told})
    if "new" in row:
        return replace(written, assured_on=None, review_due_on=None)
    fields = [_CALLED.get(name, name) for name in told]
    return replace(proposing.draft_of(made), **{name: getattr(written, name) for name in fields})


def _save_voice(row: Row, make: Makers) -> None:
    listing = make.listing(row["listing"]) if "listing" in row else None
    facts = {name: row.get(name, "") for name in ("about", "part", "where", "reach", "name", "email")}
    said = Said(row["kind"], row["words"], listing, **facts)
    signs = _ROBOT if row.get("robot") else None
    voice = voices.tell(make.council, said, signs, f"demonstration {row['key']}", make.at(row))
    voice.id = make.new_id("voice", row["key"])
    if "settled" in row:
        by, later = make.by(row["settled"]["by"]), make.at(row) + dt.timedelta(days=1)
        voices.settle(voice, "done", row["settled"]["note"], by=by.name, actor=by.actor, now=later)
