"""An entry as the public would see it: rows that are made for one page, and are in no database."""

import datetime as dt

from portal.councils.models import Council
from portal.db import new_id
from portal.directory import actions, listing
from portal.directory.drafts import PLAIN, ListingDraft, OrganisationDraft
from portal.directory.models import Organisation, Service


def service_of(draft: ListingDraft, run_by: Organisation | OrganisationDraft | None) -> Service:
    """The listing of a draft."""
    service = Service(id=new_id(), status="active", **{name: getattr(draft, name) for name in PLAIN})
    service.also_known_as = list(draft.also_known_as)
    service.organisation = Organisation(
        id=getattr(run_by, "id", None) or new_id(),
        name=run_by.name if run_by else "",
        website=run_by.website if run_by else "",
        kind=run_by.kind if run_by else "",
    )
    actions.fill(service, draft, actions.term_ids())
    for place in service.places:
        place.id = new_id()
        for time in place.times:
            time.place_id = place.id
    return service


def page(council: Council, service: Service, today: dt.date) -> listing.Listing:
    """Its page."""
    return listing.page(council, service, None, today)
