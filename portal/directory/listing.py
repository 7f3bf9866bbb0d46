"""One listing's page: everything about it, in the order people ask for it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from portal.councils.models import Council
from portal.directory import mapping, queries, telling
from portal.directory.models import Location, Schedule, Service
from portal.directory.search import EVERYWHERE
from portal.geo import Place, metres
from portal.i18n import _

# Words of providers become paragraphs, lists, links and emphasis; HTML in them is shown as text, never run.
_MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False}).disable(
    ["image", "table", "code", "fence"]
)
# How much ground the map of a listing shows at the least, in metres: enough for the towns around it.
_AROUND = 7_000.0
_DOMAINS = ("overall", "safe", "effective", "caring", "responsive", "well_led")
_ICAL_DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}


@dataclass(frozen=True)
class VenuePart:
    """A venue on the page: how far it is, and the times that hold only there."""

    location: Location
    metres: float | None
    times: tuple[str, ...]


@dataclass(frozen=True)
class RatingPart:
    """One line of the regulator's ratings."""

    words: str
    rating: str


@dataclass(frozen=True)
class Listing:
    """All that a listing's page shows. covers: None where nobody said where they are, or it comes to nobody."""

    service: Service
    place: Place | None
    covers: bool | None
    venues: tuple[VenuePart, ...]
    own_times: tuple[Schedule, ...]
    access_words: tuple[str, ...]
    categories: tuple[queries.TermNode, ...]
    needs: tuple[queries.TermNode, ...]
    marks: tuple[str, ...]
    covered: tuple[str, ...]
    covered_codes: frozenset[str]
    catchment: tuple[str, ...]
    ratings: tuple[RatingPart, ...]
    rated_on: dt.date | None
    description: Markup
    website: str
    website_name: str
    json_ld: dict[str, Any]
    sheet: mapping.Sheet | None


def prose(markdown: str) -> Markup:
    """A provider's Markdown as safe HTML; its headings stand below the page's own, and leave no level out."""
    tokens = _MARKDOWN.parse(markdown)
    above: list[str] = []  # the headings, as they were written, that the one at hand stands below
    for token in tokens:
        if token.type == "heading_open":
            above = [*(tag for tag in above if tag < token.tag), token.tag]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(len(above) + 1, 6)}"
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704 - escaped by the renderer


def page(council: Council, service: Service, place: Place | None, today: dt.date) -> Listing:
    """The page of a listing that was read whole."""
    terms = queries.terms_of(service)
    venues = tuple(_venues(service, place, today))
    website = telling.web_address(service.website or service.organisation.website)
    published = [r.published_on for r in service.ratings if r.published_on]
    return Listing(
        service=service,
        place=place,
        covers=_covers(service, place),
        venues=venues,
        own_times=tuple(s for s in service.times if s.place_id is None),
        access_words=_access(service),
        categories=terms["category"],
        needs=terms["need"],
        marks=_marks(service, today),
        covered=_covered(service),
        covered_codes=frozenset(a.code for a in service.areas if a.code and a.kind == "comes_to_you"),
        catchment=queries.coverage_words(service, "residents_of"),
        ratings=_ratings(service),
        rated_on=max(published, default=None),
        description=prose(service.description),
        website=website,
        website_name=telling.web_name(website),
        json_ld=json_ld(service),
        sheet=_sheet(venues, service, place),
    )


def _covers(service: Service, place: Place | None) -> bool | None:
    areas = [area for area in service.areas if area.kind == "comes_to_you"]
    if place is None or not areas:
        return None
    codes = place.areas | {EVERYWHERE}
    return any(
        area.code in codes
        if area.code
        else metres(area.easting or 0, area.northing or 0, place.easting, place.northing)
        <= (area.radius_metres or 0)
        for area in areas
    )


def _covered(service: Service) -> tuple[str, ...]:
    """Where it comes to people, in words; a circle without a name is told by how wide it is."""
    areas = [area for area in service.areas if area.kind == "comes_to_you"]
    names = queries.coverage_words(service, "comes_to_you")
    return tuple(
        name or _("%(distance)s around where they are", distance=telling.miles(area.radius_metres or 0))
        for name, area in zip(names, areas, strict=True)
    )


def _venues(service: Service, place: Place | None, today: dt.date) -> list[VenuePart]:
    found = []
    for spot in service.places:
        at = spot.location
        far = None
        if place and at.easting is not None and at.northing is not None:
            far = metres(at.easting, at.northing, place.easting, place.northing)
        found.append(VenuePart(at, far, tuple(telling.times(spot.times, today))))
    return sorted(found, key=lambda part: (part.metres is None, part.metres or 0.0))


def _access(service: Service) -> tuple[str, ...]:
    names = queries.access_names()
    keys = dict.fromkeys(f.feature for spot in service.places for f in spot.location.features)
    return tuple(names[key] for key in names if key in keys)


def _marks(service: Service, today: dt.date) -> tuple[str, ...]:
    names = {node.key: node.name for node in queries.taxonomy("mark")}
    return tuple(
        names.get(m.kind, m.kind) for m in service.marks if m.expires_on is None or m.expires_on >= today
    )


def _ratings(service: Service) -> tuple[RatingPart, ...]:
    by_domain = {r.domain: r.rating for r in service.ratings}
    return tuple(
        RatingPart(telling.domain(key), telling.rating(by_domain[key]))
        for key in _DOMAINS
        if key in by_domain
    )


def _sheet(venues: Sequence[VenuePart], service: Service, place: Place | None) -> mapping.Sheet | None:
    """The venues on a map, with the numbers that they have on the page."""
    pins = [
        (number, at.name or service.name, float(at.easting), float(at.northing or 0))
        for number, at in enumerate((venue.location for venue in venues), 1)
        if at.easting is not None
    ]
    if not pins:
        return None
    towns, outlines = queries.map_ground()
    return mapping.draw(pins, outlines, towns, (place.easting, place.northing) if place else None, _AROUND)


def _hours(times: Sequence[Schedule]) -> list[dict[str, Any]]:
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [_ICAL_DAYS[day] for day in s.byday.split(",") if day in _ICAL_DAYS],
            "opens": s.opens_at.strftime("%H:%M"),
            "closes": s.closes_at.strftime("%H:%M"),
        }
        for s in times
        if s.freq == "WEEKLY" and s.opens_at and s.closes_at
    ]


def json_ld(service: Service) -> dict[str, Any]:
    """The listing for machines that read pages. Source: schema.org, Service and Place."""
    places = [
        {
            "@type": "Place",
            "name": spot.location.name or service.name,
            "address": {
                "@type": "PostalAddress",
                "streetAddress": row.address_1,
                "addressLocality": row.town,
                "postalCode": row.postcode,
                "addressCountry": row.country,
            },
        }
        for spot in service.places
        for row in spot.location.addresses[:1]
    ]
    found = {
        "@context": "https://schema.org",
        "@type": "Service",
        "name": service.name,
        "description": service.summary,
        "provider": {"@type": "Organization", "name": service.organisation.name},
        "availableChannel": {"@type": "ServiceChannel", "serviceLocation": places} if places else None,
        "hoursAvailable": _hours(service.times),
        "telephone": service.phones[0].number if service.phones else None,
    }
    return {key: value for key, value in found.items() if value}
