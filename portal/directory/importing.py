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

Repeatable: a row that says what it said before changes nothing, and what people decided since (published or not,
when it was checked) is never taken back. A row that cannot be read goes to the report with its reason, and the others
are taken in; what is not in the file any more is named, not deleted. The caller commits all or nothing.
"""

import datetime as dt
import re
import tomllib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from portal import geo
from portal.councils import queries as councils
from portal.councils.models import Council
from portal.directory import actions, hours, queries, spreadsheet, where
from portal.directory.drafts import (
    AreaDraft,
    CostDraft,
    ListingDraft,
    OrganisationDraft,
    TimeDraft,
    VenueDraft,
    as_draft,
    same,
)
from portal.directory.models import KINDS, Organisation, Service
from portal.directory.search import DAYS
from portal.errors import Refusal

_SAY_EVERY = 500
# The longest name that the tables hold. A longer one is a column that slipped.
_LONGEST_NAME = 200
_LONGEST_NOTE = 200
# An ONS code, or everywhere.
_AREA = re.compile(r"[A-Z][0-9]{8}|ALL")
_COLUMNS = frozenset(
    {
        "id",
        "name",
        "organisation",
        "summary",
        "description",
        "address",
        "address_2",
        "town",
        "postcode",
        "lat",
        "lon",
        "phone",
        "email",
        "website",
        "who_for",
        "how_to_start",
        "opening",
        "cost",
        *DAYS,
    }
)


# What may stand above [columns], and what it must be.
_SETTINGS: Mapping[str, type | tuple[type, ...]] = {
    "source": str,
    "organisation": str,
    "kind": str,
    "terms": list,
    "shared": bool,
    "is_free": bool,
    "covers": list,
    "home_visits": bool,
    "keep_if": dict,
    "columns": dict,
}


@dataclass(frozen=True)
class ColumnMap:
    """What a mapping file says: whose list it is, which column is what, and what holds for every row.

    home_visits: what covers an area comes to people there, though it has a venue too.
    """

    source: str
    columns: Mapping[str, str]
    organisation: str
    kind: str = "service"
    terms: tuple[str, ...] = ()
    shared: bool = True
    is_free: bool = False
    covers: tuple[str, ...] = ()
    home_visits: bool = False
    keep_if: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Report:
    """What came of an import. problems: (row of the file, why); the first row below the header is 2.

    gone: names of listings of this source that the file does not have any more; they stay as they are.
    """

    read: int = 0
    saved: int = 0
    unchanged: int = 0
    passed_over: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = f"{self.read:,} rows read: {self.saved:,} listings saved, {self.unchanged:,} as they were"
        lines = [f"{counts}, {self.passed_over:,} passed over, {len(self.problems):,} left out."]
        lines += [f"  row {row:,}: {why}" for row, why in self.problems]
        if self.gone:
            lines.append(
                f"{len(self.gone):,} listings are not in the file any more. Look whether they still run:"
            )
            lines += [f"  {name}" for name in self.gone]
        return "\n".join(lines)


def read_mapping(path: Path) -> ColumnMap:
    """The mapping in a TOML file. Raises Refusal, saying what is missing or not known."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(f"{path.name} cannot be read as TOML: {error}.", status=422) from None
    _check_settings(said, path.name)
    lists = {name: tuple(map(str, said.get(name, ()))) for name in ("terms", "covers")}
    keep_if = {column: str(value) for column, value in said.get("keep_if", {}).items()}
    return ColumnMap(**{**said, **lists, "keep_if": keep_if})


def _check_settings(said: Mapping[str, Any], name: str) -> None:
    problems = [f"{key}, which we do not know" for key in said if key not in _SETTINGS]
    problems += [
        f"{key} = {said[key]!r}, which is of another kind than we need"
        for key, kind in _SETTINGS.items()
        if key in said and not isinstance(said[key], kind)
    ]
    if problems:
        raise Refusal(f"{name} has {'; '.join(problems)}. Use: {', '.join(_SETTINGS)}.", status=422)
    odd = sorted(set(said.get("columns", {})) - _COLUMNS)
    if odd:
        raise Refusal(
            f"{name}: [columns] has {', '.join(odd)}, which we do not know. Use: {', '.join(sorted(_COLUMNS))}.",
            status=422,
        )
    for key in ("source", "organisation"):
        if not said.get(key):
            raise Refusal(f'{name} needs a line {key} = "…".', status=422)
    if "name" not in said.get("columns", {}):
        raise Refusal(f'{name}: [columns] needs at least name = "the column with the names".', status=422)
    _check_values(said, name)


def _check_values(said: Mapping[str, Any], name: str) -> None:
    if said.get("kind", "service") not in KINDS:
        raise Refusal(f"{name}: kind is one of {', '.join(KINDS)}.", status=422)
    for code in said.get("covers", ()):
        if not _AREA.fullmatch(str(code)):
            raise Refusal(f"{name}: {code} is not an ONS code such as E08000009, nor ALL.", status=422)


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
        self._keys = {term_id: key for key, term_id in terms.items()}
        self._before = queries.from_source(council, mapping.source)
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
        before = self._before.get(draft.source_id)
        organisation = self._organisation(row.cells)
        if before:
            draft = _with_decisions(draft, before)
            if before.organisation is organisation and same(draft, as_draft(before, self._keys)):
                self.report.unchanged += 1
                return
        actions.save_listing(
            self._council,
            organisation,
            draft,
            source=self._mapping.source,
            actor="import",
            now=self._now,
            terms=self._terms,
        )
        self.report.saved += 1

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


def _with_decisions(draft: ListingDraft, before: Service) -> ListingDraft:
    """The draft with what people here have decided about the listing since it first came."""
    return replace(
        draft, state=before.state, assured_on=before.assured_on, review_due_on=before.review_due_on
    )


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
