"""What a file says of a listing that is here already, brought together with what people here have changed since.

Three states are compared, field by field: what the file said last time, what it says now, and what stands here. A
field that only the file changed follows the file; one that only people here changed stays as they have it; one that
both changed stays too, and what the file says of it waits at the editors' desk.
"""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa

from portal.councils.models import Council
from portal.db import db, new_id
from portal.directory import desk_queries, differences, merging, versions
from portal.directory.drafts import ListingDraft, as_json, from_json, same
from portal.directory.models import ImportedListing, Organisation, Proposal, Service
from portal.i18n import _


@dataclass(frozen=True)
class Said:
    """What a file says of a listing. run_by: who runs it, by the file's own name for them."""

    draft: ListingDraft
    run_by: str


@dataclass(frozen=True)
class Together:
    """What a file and people here come to. draft and organisation: as the listing is to stand from now on.

    conflicts: fields that both changed; asked: the listing as the file would have it, for the editors, where there
    are any. moved: whether file and people here each say that somebody else runs it.
    """

    draft: ListingDraft
    organisation: Organisation
    changes: bool
    conflicts: tuple[str, ...] = ()
    asked: ListingDraft | None = None
    moved: bool = False

    def told(self) -> str:
        """What both changed, in words."""
        labels = differences.labels()
        fields = [labels.get(name, name) for name in self.conflicts]
        return ", ".join([*fields, *([_("Who runs it")] if self.moved else [])])


def last_said(council: Council, source: str) -> dict[uuid.UUID, Said]:
    """Listing -> what this source said of it last time."""
    rows = db.session.execute(
        sa.select(ImportedListing.service_id, ImportedListing.said, ImportedListing.run_by)
        .join(Service, Service.id == ImportedListing.service_id)
        .where(Service.council_id == council.id, Service.source == source)
    )
    return {row.service_id: Said(from_json(ListingDraft, row.said), row.run_by) for row in rows}


def remember(service: Service, said: Said, now: dt.datetime) -> None:
    """This is what the file says of it, until it says something else."""
    draft = as_json(said.draft)
    db.session.merge(ImportedListing(service_id=service.id, said=draft, run_by=said.run_by, at=now))


def says_the_same(last: Said | None, now_says: Said) -> bool:
    """Whether the file says of a listing what it said last time."""
    return last is not None and last.run_by == now_says.run_by and same(last.draft, now_says.draft)


def together(service: Service, last: Said | None, now_says: Said, organisation: Organisation) -> Together:
    """What is to stand of a listing that is held and read whole. organisation: who runs it, as the file says now."""
    stands = versions.of_service(service)
    base = _decided_here(last.draft if last else _before_the_desk(service, stands), stands)
    merged = merging.merge(base, _decided_here(now_says.draft, stands), stands)
    run_by, moved = _who_runs_it(service, last, now_says, organisation)
    file_would_have = {name: getattr(now_says.draft, name) for name in merged.conflicts}
    return Together(
        draft=merged.draft,
        organisation=run_by,
        changes=run_by is not service.organisation or not same(merged.draft, stands),
        conflicts=merged.conflicts,
        asked=replace(merged.draft, **file_would_have) if merged.conflicts else None,
        moved=moved,
    )


def _decided_here(draft: ListingDraft, stands: ListingDraft) -> ListingDraft:
    """The draft with what only people here decide: whether it is public, and when somebody checked it."""
    return replace(
        draft, state=stands.state, assured_on=stands.assured_on, review_due_on=stands.review_due_on
    )


def _before_the_desk(service: Service, stands: ListingDraft) -> ListingDraft:
    """The listing as it was before anybody used a desk: what the file said, where that was never written down."""
    first = versions.history(service.id, upto=1, most=1)
    return first[0].draft if first else stands


def _who_runs_it(
    service: Service, last: Said | None, now_says: Said, named: Organisation
) -> tuple[Organisation, bool]:
    """(who runs it from now on, whether file and people here differ)."""
    here = service.organisation
    if named is here or (last and last.run_by == now_says.run_by):
        return here, False
    untouched = here.source == service.source and (last is None or here.source_id == last.run_by)
    return (named, False) if untouched else (here, True)


def ask_editors(service: Service, wanted: ListingDraft, *, source: str, now: dt.datetime) -> Proposal:
    """What the file says and people here do not waits at the editors' desk, once for each listing.

    service: held, and read whole, as it stands after the import.
    """
    waiting = desk_queries.open_proposal(service.id, by_editor=True, author_id=None)
    proposal = waiting or Proposal(id=new_id(), council_id=service.council_id, by_editor=True, made_at=now)
    facts: Mapping[str, object] = {
        "service_id": service.id,
        "organisation_id": service.organisation_id,
        "state": "waiting",
        "draft": as_json(wanted),
        "base_version": versions.settled(service, now),
        "edition": waiting.edition + 1 if waiting else 1,
        "note": _(
            "The list “%(source)s” says something else than what people here have written since. What stands here "
            "was kept. Approve this to take what the list says, or give it up to leave all as it is.",
            source=source,
        ),
        "changed_at": now,
        "sent_at": now,
    }
    for name, fact in facts.items():
        setattr(proposal, name, fact)
    db.session.add(proposal)
    db.session.flush()
    return proposal
