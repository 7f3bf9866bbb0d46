"""Which column of a file says what, for each layout in which postcodes are published.

The ONS renames columns with every edition (oslaua, laua, lad23cd, lad25cd), so names are matched by pattern, and of
several that match the latest year wins. Code-Point Open has no first row of names: it is known by its shape.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal import geo
from portal.postcodes.records import gss

# Field -> names of its column, the best first. Sources: ONSPD user guides 2011 to 2025; Code-Point Open user guide;
# the files of councils' open data that we have met. Names are compared in lower case, with "_" for other signs.
_NAMES = {
    "postcode": ("pcds", "pcd8", "pcd7", "pcd2", "pcd", "post_?codes?"),
    "ended": ("doterm", "date_of_termination", "terminated(_on)?"),
    "easting": ("oseast1m", "east1m", "eastings?"),
    "northing": ("osnrth1m", "north1m", "northings?"),
    "latitude": ("lat", "latitude"),
    "longitude": ("long", "lon", "lng", "longitude"),
    "authority": (
        r"lad\d\dcd",
        "(os)?laua",
        "(la|lad|ladcd|local_authority|admin_district|district)(_code)?",
    ),
    "ward": (r"wd\d\dcd", "(os)?ward", "(wardcd|wd|admin_ward|ward)_?code?"),
    "county": (r"cty\d\dcd", "oscty", "(cty|admin_county|county)_code"),
    "region": (r"rgn\d\dcd", "rgn", "(rgn|region)_code"),
    "authority_name": (r"lad\d\dnm", "(la|lad|local_authority)_name"),
    "ward_name": (r"wd\d\dnm", "ward_name"),
    "region_name": (r"rgn\d\dnm", "region_name"),
}
_NAMED_CODE = re.compile(r"(.*)cd")
_LONGEST_NAME = 100


@dataclass(frozen=True)
class Layout:
    """What each column of a file says. columns: field (a key of _NAMES) -> number of its column, counted from 0.

    all_live: the file lists only postcodes in use, and has no column to say so.
    """

    columns: Mapping[str, int]
    has_header: bool = True
    all_live: bool = False

    @property
    def width(self) -> int:
        """How many columns a row must have."""
        return 1 + max(self.columns.values())

    @property
    def is_useful(self) -> bool:
        """True if it has postcodes, and says where they are or what holds them."""
        useful: tuple[set[str], ...] = (
            {"easting", "northing"},
            {"latitude", "longitude"},
            {"authority"},
            {"ward"},
        )
        return "postcode" in self.columns and any(fields <= self.columns.keys() for fields in useful)


# Source: Code-Point Open user guide. Column 1 is a mark for quality, 4 to 6 are the country and two parts of the NHS.
CODE_POINT = Layout(
    {"postcode": 0, "easting": 2, "northing": 3, "county": 7, "authority": 8, "ward": 9},
    has_header=False,
    all_live=True,
)
_CODE_POINT_COLUMNS = 10


def layout_of(first: Sequence[str]) -> Layout | None:
    """The layout of a file that begins with this row; None where it has no postcodes."""
    if _is_code_point(first):
        return CODE_POINT
    names = [_plain(name) for name in first]
    found = {field: _column(names, patterns) for field, patterns in _NAMES.items()}
    layout = Layout({field: column for field, column in found.items() if column is not None})
    return layout if layout.is_useful else None


def names_in(first: Sequence[str], rows: Iterable[list[str]]) -> Iterator[tuple[str, str]]:
    """Codes and names of areas, from such a list as the ONSPD zip has ("LAD25CD", "LAD25NM"); none from other files."""
    names = [_plain(name) for name in first]
    pairs = [
        (at, names.index(f"{found[1]}nm"))
        for at, name in enumerate(names)
        if (found := _NAMED_CODE.fullmatch(name)) and f"{found[1]}nm" in names
    ]
    if not pairs:
        return
    code_at, name_at = pairs[0]
    for row in rows:
        if len(row) > max(code_at, name_at) and gss(row[code_at]):
            yield row[code_at].strip(), tidy_name(row[name_at])


def tidy_name(name: str) -> str:
    """A name in one line, of a length that fits on a page."""
    return " ".join(name.split())[:_LONGEST_NAME]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _column(names: Sequence[str], patterns: Sequence[str]) -> int | None:
    for pattern in patterns:
        found = [name for name in names if re.fullmatch(pattern, name)]
        if found:
            return names.index(max(found))
    return None


def _is_code_point(first: Sequence[str]) -> bool:
    if len(first) != _CODE_POINT_COLUMNS:
        return False
    postcode = geo.parse(first[0])
    return (
        postcode is not None
        and postcode.kind == "postcode"
        and all(cell.strip().isdigit() for cell in first[1:4])
    )
