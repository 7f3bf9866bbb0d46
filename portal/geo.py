"""Places on the British National Grid: reading a typed postcode, distances, and degrees to grid and back.

Pure: it reads no file and knows no place. Everything in the portal lies in one plane, the National Grid, Northern
Ireland too, so a distance is always the same plain sum. pyproj is imported only where degrees are converted:
a worker that never does so never pays for it.
"""

import datetime as dt
import functools
import itertools
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pyproj import Transformer

    Floats = NDArray[np.float64]

# Source: Weights and Measures Act 1985, Schedule 1: a mile is 1760 yards of 0.9144 metre.
METRES_PER_MILE = 1609.344

PostcodeKind = Literal["postcode", "district", "sector"]
# How many letters of the inward part there are -> what that is.
_KINDS: Mapping[int, PostcodeKind] = {0: "district", 1: "sector"}


@dataclass(frozen=True)
class Place:
    """Where somebody is, or asks about.

    label: as people write it ("M33 7ZF"). easting, northing: metres on the British National Grid.
    areas: ONS codes (ward, authority, county, region, country) that hold it (or nearly all of a district),
    so that coverage may be judged by them. authorities: every local authority it touches, also those that hold only
    a part.
    split: one postcode in several authorities; areas then has them all, for the source does not say which half.
    terminated_on: first day of the month in which Royal Mail took the postcode out of use; None: in use, or not known.
    note: what else people should read about it.
    """

    label: str
    easting: int
    northing: int
    areas: frozenset[str]
    kind: Literal["postcode", "district", "sector", "town", "here"]
    note: str = ""
    authorities: frozenset[str] = frozenset()
    split: bool = False
    terminated_on: dt.date | None = None

    @property
    def is_partial(self) -> bool:
        """True if this is the middle of part of a postcode ("M33"), and not one address's."""
        return self.kind in ("district", "sector")


@dataclass(frozen=True, order=True)
class Postcode:
    """A postcode or the first part of one, in normal form; well formed, but nobody has said that it exists.

    outward: "M33". inward: "7ZF", or "7" of a sector, or "" of a district.
    """

    outward: str
    inward: str = ""

    def __str__(self) -> str:
        return f"{self.outward} {self.inward}".rstrip()

    @property
    def kind(self) -> PostcodeKind:
        """How much of a postcode it is."""
        return _KINDS.get(len(self.inward), "postcode")

    @property
    def padded(self) -> str:
        """The seven letters of the ONS's `pcd7`: the outward part filled up to four, then the inward part."""
        return f"{self.outward:<4}{self.inward}"


# Source: BS 7666 as quoted in the ONS Postcode Directory's guide, and the letters that the directory itself uses:
# Q, V, X never come first, I, J (and once Z) never second; I, L, O, Q, Z never end a district; the last two are never
# C, I, K, M, O, V. No district has a zero before another digit. NPT (Newport before 1984) and GIR (Girobank) are the
# directory's only districts without a digit.
_DISTRICT = re.compile(r"[A-PR-UWYZ][A-HK-Z]?(?:[1-9][0-9]|[0-9][A-HJKMNPR-Y]?)|NPT|GIR")
_UNIT = re.compile(r"[0-9][ABD-HJLNP-UW-Z]{2}")
_DIGIT = re.compile(r"[0-9]")
# Typed for one another, and each possible in the first part of a postcode.
_MIXED_UP = {"0": "0O", "O": "O0", "1": "1I", "I": "I1"}
_AS_DIGIT = str.maketrans("OI", "01")
# A postcode is eight letters. The rest is room for blanks and stops; longer texts are something else.
_MOST_LETTERS = 40


def parse(text: str) -> Postcode | None:
    """The postcode, sector or district that was typed, or None where it is not like one.

    Case, blanks, stops, full-width and other scripts' digits do not matter. The letter O for nought and I for one
    (or the other way round) are put right where only one reading is well formed. A text as long as a book is cheap.
    """
    bare = _plain(text)
    if not _DIGIT.search(bare):
        return Postcode(bare) if bare in ("NPT", "GIR") else None
    head, _, tail = bare.rpartition(" ")
    squashed = bare.replace(" ", "")
    return (
        _full(squashed)
        or _sector(head.replace(" ", ""), tail)
        or _district(squashed)
        or _sector(squashed[:-1], squashed[-1:])
    )


def _plain(text: str) -> str:
    """Capital letters, digits and single blanks; "" where anything else was typed."""
    bare = text.strip()
    if len(bare) > _MOST_LETTERS:
        return ""
    kept = "".join(map(_letter, unicodedata.normalize("NFKC", bare).upper()))
    return "" if "?" in kept else " ".join(kept.split())


def _letter(letter: str) -> str:
    """The letter itself, "" for marks that nobody sees, a blank for stops and blanks, "?" for what cannot be."""
    if letter.isascii() and letter.isalnum():
        return letter
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    category = unicodedata.category(letter)
    if category == "Cf":
        return ""
    return " " if category[0] in "PZ" or category == "Cc" else "?"


def _full(squashed: str) -> Postcode | None:
    if not 5 <= len(squashed) <= 7:
        return None
    district = _district(squashed[:-3])
    inward = squashed[-3].translate(_AS_DIGIT) + squashed[-2:]
    return Postcode(district.outward, inward) if district and _UNIT.fullmatch(inward) else None


def _sector(head: str, tail: str) -> Postcode | None:
    digit = tail.translate(_AS_DIGIT)
    district = _district(head) if len(digit) == 1 and digit.isdigit() else None
    return Postcode(district.outward, digit) if district else None


def _district(typed: str) -> Postcode | None:
    """The district as typed if it is well formed, else the one well-formed reading of it."""
    if not 2 <= len(typed) <= 4:
        return None
    if _DISTRICT.fullmatch(typed):
        return Postcode(typed)
    readings = map("".join, itertools.product(*(_MIXED_UP.get(letter, letter) for letter in typed)))
    good = [reading for reading in readings if _DISTRICT.fullmatch(reading)]
    return Postcode(good[0]) if len(good) == 1 else None


def metres(a_easting: float, a_northing: float, b_easting: float, b_northing: float) -> float:
    """How far apart two points of the National Grid are, as the crow flies.

    The grid itself stretches or shrinks distances by less than one part in a thousand, Northern Ireland included.
    """
    return math.hypot(a_easting - b_easting, a_northing - b_northing)


def miles(metres: float) -> str:
    """How far, as people say it: "0.4 miles", "1 mile", "12 miles"."""
    number = metres / METRES_PER_MILE
    if number < 0.1:
        return "less than 0.1 miles"
    shown = (f"{number:.1f}" if number < 9.95 else f"{number:,.0f}").removesuffix(".0")
    return "1 mile" if shown == "1" else f"{shown} miles"


# Degrees and grids. The steps are spelled out, and not left to PROJ to choose, because its choice depends on which
# correction files a machine happens to have. Within 6 metres of the Ordnance Survey's own OSTN15 from Scilly to
# Shetland, which is the width of a road.
_FROM_DEGREES = "+step +proj=unitconvert +xy_in=deg +xy_out=rad "
# Source: EPSG:27700 (British National Grid) and EPSG:1314 (OSGB36 to WGS 84).
_TO_BRITISH = (
    "+step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 "
    "+convention=position_vector +step +inv +proj=cart +ellps=airy +step +proj=pop +v_3 "
    "+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"
)
# Source: EPSG:29901 (Irish National Grid, OSNI 1952) and EPSG:1955 (OSNI 1952 to WGS 84).
_FROM_IRISH = (
    "+step +inv +proj=tmerc +lat_0=53.5 +lon_0=-8 +k=1 +x_0=200000 +y_0=250000 +ellps=airy "
    "+step +proj=push +v_3 +step +proj=cart +ellps=airy "
    "+step +proj=helmert +x=482.5 +y=-130.6 +z=564.6 +rx=-1.042 +ry=-0.214 +rz=-0.631 +s=8.15 "
    "+convention=position_vector "
)
# The box around the United Kingdom. Source: EPSG:27700's area of use, in WGS 84.
_SOUTH, _NORTH, _WEST, _EAST = 49.75, 61.01, -9.01, 2.01


@functools.cache
def _degrees_to_grid() -> "Transformer":
    from pyproj import Transformer

    return Transformer.from_pipeline(
        f"+proj=pipeline {_FROM_DEGREES}+step +proj=push +v_3 +step +proj=cart +ellps=WGS84 {_TO_BRITISH}"
    )


@functools.cache
def _irish_to_grid() -> "Transformer":
    from pyproj import Transformer

    return Transformer.from_pipeline(f"+proj=pipeline {_FROM_IRISH}{_TO_BRITISH}")


def grid(latitude: float, longitude: float) -> tuple[int, int] | None:
    """Easting and northing of a point in WGS 84 degrees; None where it is not in or near the United Kingdom."""
    if not (_SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST):
        return None
    east, north = _degrees_to_grid().transform(longitude, latitude)
    return round(east), round(north)


def degrees(easting: float, northing: float) -> tuple[float, float]:
    """Latitude and longitude in WGS 84 of a point of the National Grid."""
    longitude, latitude = _degrees_to_grid().transform(easting, northing, direction="INVERSE")
    return latitude, longitude


def grids(latitudes: "Floats", longitudes: "Floats") -> "tuple[Floats, Floats]":
    """Eastings and northings of many points at once; not a number, or infinite, where a point makes no sense."""
    return _degrees_to_grid().transform(longitudes, latitudes)


def grids_from_irish(eastings: "Floats", northings: "Floats") -> "tuple[Floats, Floats]":
    """British eastings and northings of many points of the Irish Grid, as the ONS has Northern Ireland's."""
    return _irish_to_grid().transform(eastings, northings)
