"""What people do to the directory. Each action checks, writes, notes what the index must learn, and audits.

Nothing here commits: the request, or the command, does.
"""

import datetime as dt
import uuid
from collections.abc import Mapping

import sqlalchemy as sa

from portal import audit
from portal.councils.models import Council
from portal.db import db
from portal.directory.drafts import (
    PLAIN,
    AreaDraft,
    ListingDraft,
    OrganisationDraft,
    TimeDraft,
    VenueDraft,
)
from portal.directory.models import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    IndexChange,
    Location,
    Mark,
    Organisation,
    Phone,
    Rating,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceLanguage,
    ServiceTranslation,
    Term,
)
from portal.errors import Refusal

_SAVED = audit.declare("listing.saved", "name", "state", "source")
_STATE = audit.declare("listing.state", "was", "becomes")
_SUSPENDED = audit.declare("listing.suspended", "suspended")
_ICAL = {"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}


def save_organisation(
    council: Council, draft: OrganisationDraft, *, source: str, new_id: uuid.UUID | None = None
) -> Organisation:
    """The organisation as the draft says, new or brought up to date by its source's own id.

    new_id: the id of a new organisation.
    """
    found = db.session.scalar(
        sa.select(Organisation).where(
            Organisation.council_id == council.id,
            Organisation.source == source,
            Organisation.source_id == draft.source_id,
        )
    )
    organisation = found or Organisation(
        id=new_id or uuid.uuid4(), council_id=council.id, source=source, source_id=draft.source_id
    )
    for name in ("name", "description", "kind", "website", "email", "phone"):
        setattr(organisation, name, getattr(draft, name))
    db.session.add(organisation)
    return organisation


def check_draft(draft: ListingDraft) -> None:
    """True afterwards: the draft can stand as a listing. Raises Refusal in words for whoever handed it in."""
    if not draft.name.strip():
        raise Refusal("A listing needs a name.", field="name", status=422)
    if not draft.venues and not draft.areas:
        raise Refusal(
            "Say where this is, or which areas it covers: nobody could find it otherwise.",
            field="venues",
            status=422,
        )
    if any(area.kind == "residents_of" for area in draft.areas) and not draft.venues:
        raise Refusal(
            "A catchment says who may use a venue, so the listing needs a venue too.",
            field="areas",
            status=422,
        )
    low, high = draft.minimum_age, draft.maximum_age
    if low is not None and high is not None and low > high:
        raise Refusal("The youngest age is higher than the oldest.", field="minimum_age", status=422)


def save_listing(  # noqa: PLR0913 - each of the last is said by name
    council: Council,
    organisation: Organisation,
    draft: ListingDraft,
    *,
    source: str,
    actor: str,
    now: dt.datetime,
    terms: Mapping[str, uuid.UUID] | None = None,
    new_id: uuid.UUID | None = None,
) -> Service:
    """The listing as the draft says, new or brought up to date by its source's own id.

    terms: taxonomy key -> id, where the caller saves many and has them at hand. new_id: the id of a new listing.
    """
    check_draft(draft)
    service = db.session.scalar(
        sa.select(Service).where(
            Service.council_id == council.id, Service.source == source, Service.source_id == draft.source_id
        )
    )
    if service is None:
        service = Service(
            id=new_id or uuid.uuid4(),
            council_id=council.id,
            source=source,
            source_id=draft.source_id,
            created_at=now,
        )
        db.session.add(service)
    else:
        _clear(service)
    service.organisation, service.updated_at = organisation, now
    for name in PLAIN:
        setattr(service, name, getattr(draft, name))
    service.also_known_as = list(draft.also_known_as)
    fill(service, draft, terms if terms is not None else term_ids())
    mark_changed(service.id, now)
    audit.record(
        _SAVED,
        f"service:{service.id}",
        actor=actor,
        now=now,
        council_id=council.id,
        name=service.name,
        state=service.state,
        source=source,
    )
    return service


def term_ids() -> dict[str, uuid.UUID]:
    """Taxonomy key -> id."""
    return {row.key: row.id for row in db.session.execute(sa.select(Term.key, Term.id))}


def _clear(service: Service) -> None:
    """Take away everything that a draft brings anew, venues included."""
    locations = [place.location for place in service.places]
    for rows in (
        service.times,
        service.places,
        service.areas,
        service.costs,
        service.phones,
        service.contacts,
        service.languages,
        service.attributes,
        service.marks,
        service.ratings,
        service.translations,
    ):
        rows.clear()
    db.session.flush()
    for location in locations:
        db.session.delete(location)


def fill(service: Service, draft: ListingDraft, terms: Mapping[str, uuid.UUID]) -> None:
    """Everything below a listing, as the draft says."""
    for position, venue in enumerate(draft.venues):
        _add_venue(service, venue, position)
    service.times += [schedule(time, position) for position, time in enumerate(draft.times)]
    service.areas += [_area(area) for area in draft.areas]
    service.costs += [
        CostOption(words=c.words, pence=c.pence, unit=c.unit, position=i) for i, c in enumerate(draft.costs)
    ]
    service.attributes += [
        Attribute(term_id=terms[key], position=i)
        for i, key in enumerate(dict.fromkeys(draft.terms))
        if key in terms
    ]
    service.languages += [ServiceLanguage(code=code) for code in dict.fromkeys(draft.languages)]
    service.marks += [Mark(kind=m.kind, expires_on=m.expires_on, reference=m.reference) for m in draft.marks]
    service.ratings += [
        Rating(domain=r.domain, rating=r.rating, published_on=r.published_on) for r in draft.ratings
    ]
    service.translations += [
        ServiceTranslation(language=t.language, name=t.name, summary=t.summary, description=t.description)
        for t in draft.translations
    ]
    if draft.phone:
        service.phones.append(Phone(number=draft.phone))
    if draft.contact:
        service.contacts.append(Contact(name=draft.contact, is_public=True))


def _add_venue(service: Service, draft: VenueDraft, position: int) -> None:
    location = Location(
        name=draft.name,
        directions=draft.directions,
        easting=draft.easting,
        northing=draft.northing,
        authority_code=draft.authority,
    )
    location.addresses.append(
        Address(address_1=draft.address, address_2=draft.address_2, town=draft.town, postcode=draft.postcode)
    )
    location.features += [Accessibility(feature=key) for key in sorted(set(draft.access))]
    place = ServiceAtLocation(location=location, position=position)
    service.places.append(place)
    for at, time in enumerate(draft.times):
        own = schedule(time, position * 100 + at)
        service.times.append(own)
        own.place = place


def schedule(draft: TimeDraft, position: int) -> Schedule:
    """Opening times as a row; in no session yet."""
    days = [_ICAL[day] for day in draft.days]
    rule = ",".join(f"{week}{day}" for week in draft.weeks for day in days) if draft.weeks else ",".join(days)
    freq = ("MONTHLY" if draft.weeks else "WEEKLY") if days else None
    return Schedule(
        freq=freq,
        byday=rule,
        dtstart=draft.on,
        opens_at=draft.opens,
        closes_at=draft.closes,
        season_from=draft.season_from,
        season_until=draft.season_until,
        note=draft.note,
        position=position,
    )


def _area(draft: AreaDraft) -> ServiceArea:
    return ServiceArea(
        kind=draft.kind,
        code=draft.code,
        radius_metres=draft.metres,
        easting=draft.easting,
        northing=draft.northing,
        name=draft.name,
    )


def mark_changed(service_id: uuid.UUID, now: dt.datetime) -> None:
    """The index entry of this listing is out of date: searches look it up in the database until it is mended."""
    db.session.add(IndexChange(service_id=service_id, at=now))


def set_state(service: Service, state: str, *, actor: str, now: dt.datetime) -> None:
    """The listing is published, archived or a draft from the next request on."""
    was, service.state, service.updated_at = service.state, state, now
    mark_changed(service.id, now)
    audit.record(
        _STATE,
        f"service:{service.id}",
        actor=actor,
        now=now,
        council_id=service.council_id,
        was=was,
        becomes=state,
    )


def suspend(service: Service, *, actor: str, now: dt.datetime, reason: str) -> None:
    """The listing is hidden from everybody who does not use it yet, at once."""
    service.suspended_at, service.updated_at = now, now
    mark_changed(service.id, now)
    audit.record(
        _SUSPENDED,
        f"service:{service.id}",
        actor=actor,
        now=now,
        council_id=service.council_id,
        reason=reason,
        suspended=True,
    )
