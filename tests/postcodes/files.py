"""Made-up files of postcodes, in the layouts that the ONS, the Ordnance Survey and councils publish."""

import csv
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from portal import geo, postcodes
from portal.postcodes import Found, LoadReport, NotFound, Postcodes

# The columns of the ONS Postcode Directory as of 2025, those that nobody here reads among them.
ONSPD = [
    "pcd7", "pcd8", "pcds", "dointr", "doterm", "cty25cd", "ced25cd", "lad25cd", "wd25cd", "parncp25cd", "usrtypind",
    "east1m", "north1m", "gridind", "hlth19cd", "ctry25cd", "rgn25cd", "oa21cd", "lat", "long", "imd20ind",
]  # fmt: skip
# The same, as it was in 2011.
ONSPD_2011 = [
    "pcd", "pcd2", "pcds", "dointr", "doterm", "oscty", "oslaua", "osward", "usertype", "oseast1m", "osnrth1m",
    "osgrdind", "oshlthau", "ctry", "gor", "streg", "pcon", "lat", "long",
]  # fmt: skip
_NONE = {"cty25cd": "E99999999", "dointr": "198001", "usrtypind": "0", "gridind": "1"}

TRAFFORD, MANCHESTER, BELFAST, NORTH_WEST = "E08000009", "E08000003", "N09000003", "E12000002"
SALE_WARD, URMSTON_WARD = "E05015256", "E05015259"


def onspd(postcode: str, east: object = "", north: object = "", **more: object) -> dict[str, object]:
    """A row of the ONSPD; more: other columns by name. Without a place unless one is said."""
    outward, inward = postcode.split()
    return {
        **_NONE,
        "pcd7": f"{outward:<4}{inward}",
        "pcd8": f"{outward:<4} {inward}",
        "pcds": postcode,
        "east1m": east,
        "north1m": north,
        **more,
    }


def sale(postcode: str, east: int, north: int, **more: object) -> dict[str, object]:
    """A row of the ONSPD in Trafford's Sale ward."""
    return onspd(
        postcode, east, north, **{"lad25cd": TRAFFORD, "wd25cd": SALE_WARD, "rgn25cd": NORTH_WEST, **more}
    )


def written(path: Path, rows: Iterable[Mapping[str, object]], columns: Sequence[str] = ONSPD) -> Path:
    """The rows as a CSV file with a first row of names."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="", quoting=csv.QUOTE_MINIMAL)
        writer.writeheader()
        writer.writerows(rows)
    return path


def zipped(path: Path, **members: str | bytes) -> Path:
    """A zip of these files; a double underscore in a name stands for a folder, and every name ends in .csv."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name.replace('__', '/')}.csv", content)
    return path


def loaded(folder: Path, *rows: Mapping[str, object]) -> Postcodes:
    """A store that knows these rows of the ONSPD; the file lies beside the store."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    load(folder, written(folder.with_suffix(".csv"), rows))
    return Postcodes(folder)


def load(folder: Path, source: Path, *areas: str) -> LoadReport:
    """The folder knows what the file says."""
    return postcodes.load(folder, source, areas or None)


def find(store: Postcodes, typed: str) -> Found | NotFound:
    """What the store says of a postcode as it was typed."""
    postcode = geo.parse(typed)
    assert postcode, f"{typed} is not like a postcode"
    return store.find(postcode)


def place(store: Postcodes, typed: str) -> geo.Place:
    """Where the store puts a postcode, which it must know."""
    found = find(store, typed)
    assert isinstance(found, Found), f"{typed}: {found}"
    return found.place
