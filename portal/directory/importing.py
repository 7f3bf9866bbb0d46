"""A council's own spreadsheet: rows become listings through the same actions as everything else.

A mapping (TOML) says which column is what. Repeatable: a row's own id updates what it made before. A row that cannot
be read goes to the report with its reason, and the others are taken in; the caller commits all or nothing.
"""

import csv
import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from portal import geo
from portal.councils import queries as councils
from portal.directory import actions, where
from portal.directory.drafts import AreaDraft, ListingDraft, OrganisationDraft, TimeDraft, VenueDraft
from portal.directory.search import DAYS
from portal.errors import Refusal
from portal.forms import plain

# A spreadsheet of a council's listings is a few megabytes; more is a mistake, or somebody being unkind.
MOST_BYTES = 50_000_000
MOST_CELL = 20_000
_EMPTY = frozenset({"", "na", "n/a", "null", "none", "-"})
_HOURS = re.compile(
    r"(\d{1,2})[:.]?(\d{2})?\s*(am|pm)?\s*(?:-|–|to)\s*(\d{1,2})[:.]?(\d{2})?\s*(am|pm)?", re.I
)
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


@dataclass(frozen=True)
class ColumnMap:
    """What a mapping file says: whose list it is, which column is what, and what holds for every row."""

    source: str
    columns: Mapping[str, str]
    organisation: str
    kind: str = "service"
    terms: tuple[str, ...] = ()
    shared: bool = True
    is_free: bool = False
    covers: tuple[str, ...] = ()
    keep_if: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Report:
    """What came of an import. problems: (row of the file, why); the first row below the header is 2."""

    read: int = 0
    saved: int = 0
    problems: list[tuple[int, str]] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"{self.read:,} rows read, {self.saved:,} listings saved, {len(self.problems):,} left out."]
        return "\n".join(lines + [f"  row {row}: {why}" for row, why in self.problems])


def read_mapping(path: Path) -> ColumnMap:
    """The mapping in a TOML file. Raises Refusal, saying what is missing or not known."""
    try:
        said = tomllib.loads(path.read_text())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refusal(f"{path.name} cannot be read as TOML: {error}.", status=422) from None
    columns = said.get("columns", {})
    odd = sorted(set(columns) - _COLUMNS)
    if odd:
        raise Refusal(
            f"{path.name}: [columns] has {', '.join(odd)}, which we do not know. Use: "
            f"{', '.join(sorted(_COLUMNS))}.",
            status=422,
        )
    for name in ("source", "organisation"):
        if not said.get(name):
            raise Refusal(f'{path.name} needs a line {name} = "…".', status=422)
    if "name" not in columns:
        raise Refusal(
            f'{path.name}: [columns] needs at least name = "the column with the names".', status=422
        )
    return ColumnMap(
        said["source"],
        columns,
        said["organisation"],
        said.get("kind", "service"),
        tuple(said.get("terms", ())),
        said.get("shared", True),
        said.get("is_free", False),
        tuple(said.get("covers", ())),
        said.get("keep_if", {}),
    )


def _text(path: Path) -> str:
    """What a file says, in either of the encodings that spreadsheets save in."""
    if path.stat().st_size > MOST_BYTES:
        raise Refusal(
            f"{path.name} is larger than {MOST_BYTES // 1_000_000} MB. Split it, or leave columns out.",
            status=422,
        )
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(row number, {column: text}) of a CSV file, whatever its separator; empty cells and "NA" are ""."""
    text = _text(path).replace("\0", "")
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    reader = csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter)
    for record in reader:
        yield (
            reader.line_num,
            {
                str(column).strip(): "" if plain(cell).lower() in _EMPTY else plain(cell)[:MOST_CELL]
                for column, cell in record.items()
                if isinstance(cell, str | None) and column is not None
            },
        )


def import_csv(council_key: str, path: Path, mapping_path: Path, *, now: dt.datetime) -> Report:
    """The rows of a spreadsheet are listings of a council. Raises Refusal where the file as a whole cannot be used."""
    council = councils.by_key(council_key)
    if council is None:
        raise Refusal(f"There is no council {council_key}.", field="council")
    mapping, report, terms = read_mapping(mapping_path), Report(), actions.term_ids()
    unknown = [key for key in mapping.terms if key not in terms]
    if unknown:
        raise Refusal(f"{mapping_path.name}: no category or need is called {', '.join(unknown)}.", status=422)
    for number, row in rows(path):
        if report.read == 0:
            _check_columns(mapping, row, path.name)
        report.read += 1
        if any(row.get(column) != value for column, value in mapping.keep_if.items()):
            continue
        try:
            draft = draft_of(row, mapping)
            organisation = actions.save_organisation(council, _run_by(row, mapping), source=mapping.source)
            actions.save_listing(
                council, organisation, draft, source=mapping.source, actor="import", now=now, terms=terms
            )
            report.saved += 1
        except Refusal as refusal:
            report.problems.append((number, refusal.words))
    return report


def _check_columns(mapping: ColumnMap, row: Mapping[str, str], name: str) -> None:
    missing = sorted(column for column in (*mapping.columns.values(), *mapping.keep_if) if column not in row)
    if missing:
        raise Refusal(
            f"{name} has no column {', '.join(missing)}. Its columns are: {', '.join(row)}.", status=422
        )


def _run_by(row: Mapping[str, str], mapping: ColumnMap) -> OrganisationDraft:
    name = row.get(mapping.columns.get("organisation", ""), "") or mapping.organisation
    return OrganisationDraft(source_id=name[:200], name=name[:200])


def draft_of(row: Mapping[str, str], mapping: ColumnMap) -> ListingDraft:
    """A row as a draft. Raises Refusal where it cannot be a listing, with the reason."""

    def cell(name: str) -> str:
        return row.get(mapping.columns.get(name, ""), "")

    name = cell("name")
    if not name:
        raise Refusal("It has no name.", status=422)
    venue = _venue(cell)
    if venue is None and not mapping.covers:
        raise Refusal(
            f"“{name}” has no postcode or position that we know, and no area that it covers.", status=422
        )
    times, opening = _times(cell)
    description = "\n\n".join(part for part in (cell("description"), opening) if part)
    return ListingDraft(
        source_id=(cell("id") or f"{name}|{cell('postcode')}|{cell('address')}")[:200],
        name=name[:200],
        kind=mapping.kind,
        summary=cell("summary")[:400],
        description=description,
        terms=mapping.terms,
        venues=(venue,) if venue else (),
        areas=tuple(AreaDraft("comes_to_you", code=c) for c in mapping.covers),
        times=times,
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
        text = cell(day)
        found = list(_HOURS.finditer(text))
        times += [
            TimeDraft(days=(day,), opens=_clock(m[1], m[2], m[3]), closes=_clock(m[4], m[5], m[6]))
            for m in found
        ]
        if text and not found and text.lower() != "closed":
            odd.append(f"{day}: {text}")
    return _together(times), "\n".join(part for part in odd if part)


def _clock(hour: str, minute: str | None, half: str | None) -> dt.time:
    hours = int(hour) % 24
    if half and half.lower() == "pm" and hours < 12:
        hours += 12
    return dt.time(hours, min(int(minute or 0), 59))


def _together(times: list[TimeDraft]) -> tuple[TimeDraft, ...]:
    """Days with the same hours in one line, as people say it."""
    same: dict[tuple[dt.time | None, dt.time | None], list[str]] = {}
    for time in times:
        same.setdefault((time.opens, time.closes), []).extend(time.days)
    return tuple(
        TimeDraft(days=tuple(days), opens=opens, closes=closes) for (opens, closes), days in same.items()
    )
