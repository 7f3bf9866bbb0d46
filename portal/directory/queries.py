"""What is read from the directory. The council is always the first argument: it decides what is seen."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from portal.councils.models import Area, Council, Town
from portal.db import db
from portal.directory.models import (
    Address,
    IndexChange,
    Location,
    Organisation,
    Service,
    ServiceAtLocation,
    Taxonomy,
    Term,
)
from portal.directory.search.records import visible
from portal.directory.search.words import fold


def seen_by(council: Council) -> tuple[sa.ColumnElement[bool], ...]:
    """What the visitors of a council's site may see: its own listings and what others share."""
    return (*visible(), sa.or_(Service.council_id == council.id, Service.shared.is_(True)))


def _for_cards() -> sa.Select[Service]:
    return sa.select(Service).options(
        joinedload(Service.organisation),
        selectinload(Service.times),
        selectinload(Service.costs),
        selectinload(Service.ratings),
        selectinload(Service.translations),
        selectinload(Service.places)
        .joinedload(ServiceAtLocation.location)
        .options(joinedload(Location.addresses), selectinload(Location.features)),
    )


def services(council: Council, ids: Sequence[uuid.UUID]) -> list[Service]:
    """Those of these listings that may be seen, in the order given, ready to be shown as cards."""
    return _in_order(_for_cards(), council, ids)


def on_plan(council: Council, ids: Sequence[uuid.UUID]) -> list[Service]:
    """The same, with telephone numbers."""
    return _in_order(_for_cards().options(selectinload(Service.phones)), council, ids)


def _whole() -> sa.Select[Service]:
    return _for_cards().options(
        selectinload(Service.phones),
        selectinload(Service.attributes),
        selectinload(Service.areas),
        selectinload(Service.contacts),
        selectinload(Service.languages),
        selectinload(Service.marks),
    )


def _in_order(query: sa.Select[Service], council: Council, ids: Sequence[uuid.UUID]) -> list[Service]:
    if not ids:
        return []
    found = {s.id: s for s in db.session.scalars(query.where(Service.id.in_(ids), *seen_by(council)))}
    return [found[listing] for listing in ids if listing in found]


def service(council: Council, service_id: uuid.UUID) -> Service | None:
    """One listing with everything about it, if the council's visitors may see it."""
    return db.session.scalar(_whole().where(Service.id == service_id, *seen_by(council)))


def from_source(council: Council, source: str) -> dict[str, Service]:
    """Every listing of the council that came from a source, whatever its state, read whole, by the source's own id."""
    found = db.session.scalars(
        _whole()
        .options(selectinload(Service.places).selectinload(ServiceAtLocation.times))
        .where(Service.council_id == council.id, Service.source == source)
    )
    return {service.source_id: service for service in found}


def organisation(council: Council, organisation_id: uuid.UUID) -> tuple[Organisation, list[Service]] | None:
    """An organisation and its listings that may be seen; None when there are none, or no such organisation."""
    found = db.session.scalars(
        _for_cards()
        .where(Service.organisation_id == organisation_id, *seen_by(council))
        .order_by(Service.name)
    ).all()
    return (found[0].organisation, list(found)) if found else None


@dataclass(frozen=True)
class TermNode:
    """A term of a taxonomy, with what stands below it."""

    key: str
    name: str
    also: tuple[str, ...]
    below: tuple["TermNode", ...] = ()


def taxonomy(key: str) -> tuple[TermNode, ...]:
    """The terms of a taxonomy as a tree, in the editors' order."""
    terms = db.session.execute(
        sa.select(Term.id, Term.parent_id, Term.key, Term.name, Term.also)
        .join(Taxonomy)
        .where(Taxonomy.key == key)
        .order_by(Term.position)
    ).all()
    below: dict[uuid.UUID | None, list[tuple[uuid.UUID, str, str, list[str]]]] = {}
    for id_, parent, key_, name, also in terms:
        below.setdefault(parent, []).append((id_, key_, name, also))

    def nodes(parent: uuid.UUID | None) -> tuple[TermNode, ...]:
        return tuple(
            TermNode(key_, name, tuple(also), nodes(id_)) for id_, key_, name, also in below.get(parent, ())
        )

    return nodes(None)


def area_names(codes: Collection[str]) -> dict[str, str]:
    """The names of these areas, as far as they are known."""
    rows = (
        db.session.execute(sa.select(Area.code, Area.name).where(Area.code.in_(codes))).all() if codes else []
    )
    return {row.code: row.name for row in rows}


def area_parents() -> dict[str, str]:
    """Area code -> the code of the area it lies in, for authorities, regions and wards alike."""
    rows = db.session.execute(
        sa.select(Area.code, Area.parent_code).where(Area.parent_code.is_not(None))
    ).all()
    return {code: str(parent) for code, parent in rows}


def sector_areas(sector: str) -> list[str]:
    """The areas drawn by postcode sector that hold this one ("M33 2")."""
    rows = db.session.execute(sa.select(Area.code, Area.sectors).where(Area.kind == "ward")).all()
    return [code for code, sectors in rows if sector in sectors]


def town(council: Council, name: str) -> tuple[str, int, int] | None:
    """(name, easting, northing) of a place by name: the council's own list first, then towns that listings name."""
    wanted = fold(name).strip()
    if not wanted:
        return None
    own = db.session.scalars(
        sa.select(Town)
        .where(Town.folded == wanted)
        .order_by(sa.case((Town.council_id == council.id, 0), else_=1))
    ).first()
    if own:
        return own.name, own.easting, own.northing
    row = db.session.execute(
        sa.select(Address.town, sa.func.avg(Location.easting), sa.func.avg(Location.northing))
        .join(Location, Address.location_id == Location.id)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(_without_apostrophes(Address.town) == wanted, Location.easting.is_not(None), *seen_by(council))
        .group_by(Address.town)
        .order_by(sa.func.count().desc())
    ).first()
    return (row[0], round(row[1]), round(row[2])) if row else None


def _without_apostrophes(name: sa.orm.InstrumentedAttribute[str]) -> sa.ColumnElement[str]:
    """A name in small letters without apostrophes, as `fold` makes of it where it has no accents."""
    bare: sa.ColumnElement[str] = sa.func.lower(name)
    for sign in ("'", "’"):
        bare = sa.func.replace(bare, sign, "")
    return bare


def towns(council: Council) -> list[str]:
    """The place names of the council's own list."""
    return list(
        db.session.scalars(sa.select(Town.name).where(Town.council_id == council.id).order_by(Town.name))
    )


# Past this many, an import is under way, and the rebuild that ends it is nearer than a look at each.
_MOST_PENDING = 2_000


def changes_after(number: int) -> list[tuple[int, uuid.UUID]]:
    """(number, listing) of changes that were noted after this one, the newest first."""
    rows = db.session.execute(
        sa.select(IndexChange.id, IndexChange.service_id)
        .where(IndexChange.id > number)
        .order_by(IndexChange.id.desc())
        .limit(_MOST_PENDING)
    ).all()
    return [(number, listing) for number, listing in rows]


def phrases() -> list[str]:
    """What is suggested while somebody types: names of categories and needs, and their other words."""
    rows = db.session.execute(
        sa.select(Term.name, Term.also)
        .join(Taxonomy)
        .where(Taxonomy.key.in_(("category", "need")))
        .order_by(Term.position)
    ).all()
    return [name for own, also in rows for name in (own, *also)]


def terms_of(service: Service) -> dict[str, tuple[TermNode, ...]]:
    """The categories and needs of a listing, the truest first."""
    rows = db.session.execute(
        sa.select(Taxonomy.key, Term)
        .join(Term, Term.taxonomy_id == Taxonomy.id)
        .where(Term.id.in_([attribute.term_id for attribute in service.attributes]))
    ).all()
    position = {attribute.term_id: attribute.position for attribute in service.attributes}
    ordered = sorted(rows, key=lambda row: position[row[1].id])
    return {
        kind: tuple(TermNode(term.key, term.name, tuple(term.also)) for key, term in ordered if key == kind)
        for kind in ("category", "need")
    }


def coverage_words(service: Service, kind: str) -> tuple[str, ...]:
    """The areas of a listing's coverage of a kind, by name; "" for a circle that nobody gave one."""
    areas = [area for area in service.areas if area.kind == kind]
    names = area_names([area.code for area in areas if area.code])
    return tuple(area.name or (names.get(area.code, area.code) if area.code else "") for area in areas)


def map_ground() -> tuple[list[tuple[str, float, float]], list[list[tuple[float, float]]]]:
    """(towns, outlines) for the ground of a map: place names with their points, and rings of every council."""
    towns = [
        (name, float(east), float(north))
        for name, east, north in db.session.execute(sa.select(Town.name, Town.easting, Town.northing)).all()
    ]
    rings = db.session.scalars(sa.select(Council.outline)).all()
    return towns, [
        [(float(east), float(north)) for east, north in ring] for council in rings for ring in council
    ]


def names_by_taxonomy(*taxonomies: str) -> dict[str, dict[str, str]]:
    """Key -> name of all terms of each of these taxonomies, in the editors' order."""
    found: dict[str, dict[str, str]] = {taxonomy: {} for taxonomy in taxonomies}
    rows = db.session.execute(
        sa.select(Taxonomy.key.label("taxonomy"), Term.key, Term.name)
        .join(Term)
        .where(Taxonomy.key.in_(taxonomies))
        .order_by(Term.position)
    )
    for row in rows:
        found[row.taxonomy][row.key] = row.name
    return found


def access_names() -> dict[str, str]:
    """Key -> name of everything that makes a venue easier to use, in the editors' order."""
    return names_by_taxonomy("access")["access"]


def names_of(organisation_ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of organisations, for features that know them by their ids alone; by name."""
    asked = sa.select(Organisation.id, Organisation.name).where(Organisation.id.in_(organisation_ids))
    return {row.id: row.name for row in db.session.execute(asked.order_by(Organisation.name))}


def term_names() -> dict[str, str]:
    """Key -> name of every term of every taxonomy."""
    return {row.key: row.name for row in db.session.execute(sa.select(Term.key, Term.name))}


def areas() -> Sequence[Area]:
    """Every area that is known, by name."""
    return db.session.scalars(sa.select(Area).order_by(Area.name, Area.code)).all()
