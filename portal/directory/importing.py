"""A council's own spreadsheet: rows become listings through the same actions as everything else.

A mapping (TOML) says which column is what:

    source = "trafford-pharmacies"          # with a row's own id it says which listing is which, for ever
    organisation = "Pharmacies of Trafford" # who runs what has no column of its own for that
    terms = ["medicines"]                   # categories and needs, the truest first
    covers = ["E08000009"]                  # optional: areas it comes to, or whose residents its venues are for
    keep_if = { "type" = "Library" }        # optional: other rows are passed over

    [columns]
    id = "code"
    name = "pharmacy_name"
    mon = "opening_hours_monday"

Repeatable: a row that says what it said before changes nothing, and what people here wrote or decided since is never
taken back (`reimporting`). A row that cannot be read goes to the report with its reason, and the others
are taken in; what is not in the file any more is named, not deleted. The caller commits all or nothing.
"""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from portal import geo
from portal.councils import queries as councils
from portal.councils.models import Council
from portal.db import db
from portal.directory import actions, hours, queries, reimporting, spreadsheet, versions, where
from portal.directory.column_maps import ColumnMap, read_mapping
from portal.directory.drafts import (
    AreaDraft,
    CostDraft,
    ListingDraft,
    OrganisationDraft,
    TimeDraft,
    VenueDraft,
)
from portal.directory.models import Organisation, Service
from portal.directory.reimporting import Said
from portal.directory.search import DAYS
from portal.errors import Refusal

_SAY_EVERY = 500
# The longest name that the tables hold. A longer one is a column that slipped.
_LONGEST_NAME = 200
_LONGEST_NOTE = 200


@dataclass
class Report:
    """What came of an import. problems: (row of the file, why); the first row below the header is 2.

    kept: (listing, fields in words) that the file and people here changed both: what stands here was kept, and what
    the file says waits at the editors' desk. gone: names of listings of this source that the file does not have any
    more; they stay as they are.
    """

    read: int = 0
    saved: int = 0
    unchanged: int = 0
    passed_over: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = f"{self.read:,} rows read: {self.saved:,} listings saved, {self.unchanged:,} as they were"
        lines = [f"{counts}, {self.passed_over:,} passed over, {len(self.problems):,} left out."]
        lines += [f"  row {row:,}: {why}" for row, why in self.problems]
        if self.kept:
            lines.append(
                f"{len(self.kept):,} listings were changed both here and in the file. What stands here was kept; "
                "what the file says waits at the editors’ desk:"
            )
            lines += [f"  {name}: {fields}" for name, fields in self.kept]
        if self.gone:
            lines.append(
                f"{len(self.gone):,} listings are not in the file any more. Look whether they still run:"
            )
            lines += [f"  {name}" for name in self.gone]
        return "\n".join(lines)


def import_csv(
    council_key: str,
    path: Path,
    mapping_path: Path,
    *,
    now: dt.datetime,
    say: Callable[[str], None] = lambda words: None,
) -> Report:
    """The rows of a spreadsheet are listings of a council. Raises Refusal where the file as a whole cannot be used."""
    council = councils.by_key(council_key)
    if council is None:
        raise Refusal(f"There is no council {council_key}.", field="council")
    mapping, terms = read_mapping(mapping_path), actions.term_ids()
    unknown = [key for key in mapping.terms if key not in terms]
    if unknown:
        raise Refusal(f"{mapping_path.name}: no category or need is called {', '.join(unknown)}.", status=422)
    sheet = spreadsheet.read(path)
    _check_columns(mapping, sheet.columns, path.name)
    taking = _Taking(council, mapping, terms, now)
    for row in sheet.rows:
        taking.take(row)
        if taking.report.read % _SAY_EVERY == 0:
            say(f"{taking.report.read:,} of {len(sheet.rows):,} rows read")
    return taking.end()


def _check_columns(mapping: ColumnMap, columns: tuple[str, ...], name: str) -> None:
    missing = sorted({*mapping.columns.values(), *mapping.keep_if} - set(columns))
    if missing:
        raise Refusal(
            f"{name} has no column {', '.join(missing)}. Its columns are: {', '.join(columns)[:500]}.",
            status=422,
        )


class _Taking:
    """One import under way: what was there before, and what came of it so far."""

    def __init__(
        self, council: Council, mapping: ColumnMap, terms: Mapping[str, uuid.UUID], now: dt.datetime
    ) -> None:
        self._council, self._mapping, self._terms, self._now = council, mapping, terms, now
        self._before = queries.from_source(council, mapping.source)
        self._last_said = reimporting.last_said(council, mapping.source)
        self._run_by = {
            service.organisation.source_id: service.organisation for service in self._before.values()
        }
        self._seen: dict[str, int] = {}
        self.report = Report()

    def take(self, row: spreadsheet.Row) -> None:
        """The row is a listing, or passed over, or in the report with the reason why not."""
        self.report.read += 1
        if row.problem:
            self.report.problems.append((row.number, row.problem))
        elif any(row.cells[column] != value for column, value in self._mapping.keep_if.items()):
            self.report.passed_over += 1
        else:
            try:
                self._save(row)
            except Refusal as refusal:
                self.report.problems.append((row.number, refusal.words))

    def _save(self, row: spreadsheet.Row) -> None:
        draft = draft_of(row.cells, self._mapping)
        first = self._seen.setdefault(draft.source_id, row.number)
        if first != row.number:
            raise Refusal(f"“{draft.name}” has the same id as row {first:,}.", status=422)
        organisation = self._organisation(row.cells)
        said = Said(draft, organisation.source_id)
        before = self._before.get(draft.source_id)
        if before is None:
            reimporting.remember(self._write(organisation, draft), said, self._now)
        elif reimporting.says_the_same(self._last_said.get(before.id), said):
            self.report.unchanged += 1
        else:
            self._again(before.id, said, organisation)

    def _again(self, service_id: uuid.UUID, said: Said, organisation: Organisation) -> None:
        """A listing that is here already is as the file says, save where people here have changed it."""
        before = self._held(service_id)
        both = reimporting.together(before, self._last_said.get(service_id), said, organisation)
        if both.changes:
            self._write(both.organisation, both.draft)
        else:
            self.report.unchanged += 1
        reimporting.remember(before, said, self._now)
        if both.told():
            self.report.kept.append((before.name, both.told()))
        if both.asked:
            db.session.flush()
            now_is = self._held(service_id)
            reimporting.ask_editors(now_is, both.asked, source=self._mapping.source, now=self._now)

    def _held(self, service_id: uuid.UUID) -> Service:
        """The listing as it is at this moment; nobody else changes it before the import is over."""
        found = versions.held(self._council.id, service_id)
        assert found is not None
        return found

    def _write(self, organisation: Organisation, draft: ListingDraft) -> Service:
        self.report.saved += 1
        return actions.save_listing(
            self._council,
            organisation,
            draft,
            source=self._mapping.source,
            actor="import",
            now=self._now,
            terms=self._terms,
        )

    def _organisation(self, cells: Mapping[str, str]) -> Organisation:
        """Who runs it. One that is there stays as it is: the file knows no more than its name."""
        name = cells.get(self._mapping.columns.get("organisation", ""), "") or self._mapping.organisation
        key = name[:_LONGEST_NAME]
        if key not in self._run_by:
            self._run_by[key] = actions.save_organisation(
                self._council, OrganisationDraft(source_id=key, name=key), source=self._mapping.source
            )
        return self._run_by[key]

    def end(self) -> Report:
        """The report, with what the file does not have any more."""
        self.report.gone = sorted(
            service.name
            for key, service in self._before.items()
            if key not in self._seen and service.state != "archived"
        )
        return self.report


def draft_of(cells: Mapping[str, str], mapping: ColumnMap) -> ListingDraft:
    """A row as a draft. Raises Refusal where it cannot be a listing, with the reason."""

    def cell(name: str) -> str:
        return cells.get(mapping.columns.get(name, ""), "")

    name = cell("name")
    if not name:
        raise Refusal("It has no name.", status=422)
    if len(name) > _LONGEST_NAME:
        raise Refusal(f"Its name is longer than {_LONGEST_NAME} letters.", status=422)
    venue = _venue(cell)
    if venue is None and not mapping.covers:
        raise Refusal(
            f"“{name}” has no postcode or position that we know, and no area that it covers.", status=422
        )
    times, opening = _times(cell)
    coverage = "residents_of" if venue and not mapping.home_visits else "comes_to_you"
    return ListingDraft(
        source_id=(cell("id") or f"{name}|{cell('postcode')}|{cell('address')}")[:200],
        name=name,
        kind=mapping.kind,
        summary=cell("summary")[:400],
        description="\n\n".join(part for part in (cell("description"), opening) if part),
        terms=mapping.terms,
        venues=(venue,) if venue else (),
        areas=tuple(AreaDraft(coverage, code=code) for code in mapping.covers),
        times=times,
        costs=(CostDraft(cell("cost")[:300]),) if cell("cost") else (),
        is_free=mapping.is_free,
        who_for=cell("who_for"),
        how_to_start=cell("how_to_start"),
        phone=cell("phone")[:40],
        email=cell("email")[:120] if "@" in cell("email") else "",
        website=cell("website")[:400],
        shared=mapping.shared,
    )


def _venue(cell: Callable[[str], str]) -> VenueDraft | None:
    """The venue of a row, placed by its own coordinates or by its postcode; None where neither is known."""
    place = where.place_of(cell("postcode")) if cell("postcode") else None
    if place and place.is_partial:
        place = None  # the middle of a district is nobody's address
    point = _point(cell("lat"), cell("lon")) or ((place.easting, place.northing) if place else None)
    if point is None:
        return None
    return VenueDraft(
        address=cell("address")[:200] or cell("postcode"),
        address_2=cell("address_2")[:200],
        town=cell("town")[:80],
        postcode=place.label if place else cell("postcode")[:10],
        easting=point[0],
        northing=point[1],
        authority=where.authority(place) if place else "",
    )


def _point(lat: str, lon: str) -> tuple[int, int] | None:
    """Easting and northing of a position in degrees; None where it is not one in these islands."""
    try:
        latitude, longitude = float(lat), float(lon)
    except ValueError:
        return None
    return geo.grid(latitude, longitude)


def _times(cell: Callable[[str], str]) -> tuple[tuple[TimeDraft, ...], str]:
    """(opening times by day, words that could not be read as times). Nothing that was said is lost."""
    times, odd = [], [cell("opening")]
    for day in DAYS:
        spans, words = hours.read(cell(day))
        if spans and len(words) <= _LONGEST_NOTE:
            times += [TimeDraft((day,), opens=opens, closes=closes, note=words) for opens, closes in spans]
        elif words:
            odd.append(f"{day}: {cell(day)}")
    return _together(times), "\n".join(part for part in odd if part)


def _together(times: list[TimeDraft]) -> tuple[TimeDraft, ...]:
    """Days with the same hours in one line, as people say it."""
    days: dict[TimeDraft, list[str]] = {}
    for time in times:
        days.setdefault(replace(time, days=()), []).extend(time.days)
    return tuple(replace(time, days=tuple(dict.fromkeys(several))) for time, several in days.items())
