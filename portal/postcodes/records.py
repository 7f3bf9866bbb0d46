"""What is kept of each postcode, in rows of numbers, and how new rows go over old ones.

Pure: numpy arrays in, numpy arrays out. Rows are sorted by key; a postcode that is split between areas has several.
"""

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from portal.errors import Refusal

# One postcode in one ward.
RECORD = np.dtype(
    [
        ("key", "<u8"),  # the seven padded letters, see key_of
        ("easting", "<i4"),  # metres on the British National Grid, or NOWHERE
        ("northing", "<i4"),
        ("authority", "<u2"),  # place in the list of authorities; 0: not known
        ("ward", "<u2"),  # place in the list of wards; 0: not known
        ("ended", "<u2"),  # UNKNOWN, LIVE, or the month in which it went out of use: year * 12 + month - 1
        ("by_file", "u1"),  # 1: a loaded file said so; 0: the postcode package alone
    ]
)
NOWHERE = -(2**31)
UNKNOWN, LIVE = 0, 1

# Width in metres of the strips in which rows are also ordered from south to north, to find the nearest to a point.
STRIP = 1_000

Records = NDArray[np.void]
Keys = NDArray[np.uint64]

_GSS = re.compile(r"[A-Z][0-9]{8}")
# "E99999999", "L99999999": the ONS's way of saying that there is none. Source: ONSPD user guide, pseudo codes.
_NONE = "99999999"


def key_of(padded: str) -> int:
    """The number under which a padded postcode ("M33 7ZF", "AB113AG") is sorted; a shorter part sorts first."""
    return int.from_bytes(padded.ljust(7, "\0").encode("ascii"), "big")


def keys_of(padded: Iterable[str]) -> Keys:
    """key_of for many postcodes of exactly seven letters."""
    letters = np.array(list(padded), dtype="S8").view(np.uint8).reshape(-1, 8)
    return np.ascontiguousarray(np.roll(letters, 1, axis=1)).view(">u8").ravel().astype(np.uint64)


def is_northern_irish(keys: Keys) -> NDArray[np.bool_]:
    """Where the postcode area is BT, all of Northern Ireland and nothing else."""
    northern: NDArray[np.bool_] = (keys >> np.uint64(40)) == np.uint64(int.from_bytes(b"BT", "big"))
    return northern


def gss(code: str) -> str | None:
    """The ONS code; "" where it says that there is none; None where it is no ONS code."""
    bare = code.strip()
    if not bare or bare.endswith(_NONE):
        return ""
    return bare if _GSS.fullmatch(bare) else None


class Codes:
    """A list of ONS codes in which each has a small number; number 0 is "not known"."""

    def __init__(self, codes: Iterable[str] = ("",)) -> None:
        self.codes = list(codes)
        self._numbers = {code: number for number, code in enumerate(self.codes)}

    def number(self, code: str) -> int:
        """The code's number, a new one if it is new."""
        known = self._numbers.get(code)
        if known is None:
            if len(self.codes) > np.iinfo(np.uint16).max:
                raise Refusal("The file names more than 65,000 different areas of one kind.", status=422)
            known = self._numbers[code] = len(self.codes)
            self.codes.append(code)
        return known

    def tidied(self, numbers: NDArray[np.uint16]) -> tuple["Codes", NDArray[np.uint16]]:
        """The codes that are in use, in the order of the alphabet, and the numbers under which they now go."""
        used = sorted({self.codes[number] for number in np.unique(numbers)} | {""})
        anew = {code: number for number, code in enumerate(used)}
        table = np.array([anew.get(code, 0) for code in self.codes], dtype=np.uint16)
        return Codes(used), table[numbers]


def empty() -> Records:
    """No rows."""
    return np.zeros(0, dtype=RECORD)


def sorted_rows(records: Records) -> NDArray[np.intp]:
    """The order by postcode, authority, ward, and then as they came."""
    return np.lexsort((records["ward"], records["authority"], records["key"]))


def by_place(records: Records) -> NDArray[np.uint32]:
    """The numbers of the rows in order of place: strip by strip from the west, in each from the south."""
    return np.lexsort((records["northing"], records["easting"] // STRIP)).astype(np.uint32)


def repeats(ordered: Records) -> NDArray[np.bool_]:
    """Where a row says the same postcode, authority and ward as the row before it."""
    again = np.zeros(len(ordered), dtype=bool)
    again[1:] = (
        (ordered["key"][1:] == ordered["key"][:-1])
        & (ordered["authority"][1:] == ordered["authority"][:-1])
        & (ordered["ward"][1:] == ordered["ward"][:-1])
    )
    return again


def unspoken(new: Records, old: Records) -> Records:
    """The new rows whose postcodes no loaded file has spoken of. Both sorted by key."""
    spoken = np.unique(old["key"][old["by_file"] == 1])
    kept: Records = new[~_among(new["key"], spoken)]
    return kept


def filled(new: Records, old: Records) -> Records:
    """The new rows, with what they leave open filled from the old ones. Both sorted by key."""
    if not len(old):
        return new
    at, hit = _match(new["key"], old["key"])
    at = _same_half(new, old, at, hit)
    result = new.copy()
    result[hit] = _filled_in(new[hit], old[at[hit]])
    return result


def _same_half(new: Records, old: Records, at: NDArray[np.intp], hit: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Where each new row's own half of a split postcode is among the old ones, where there is such a half."""
    after = np.searchsorted(old["key"], new["key"], side="right")
    found = at.copy()
    for row in np.flatnonzero(hit & (after - at > 1)):
        halves = old[at[row] : after[row]]
        same = (halves["authority"] == new[row]["authority"]) & (
            (halves["ward"] == new[row]["ward"]) | (new[row]["ward"] == 0)
        )
        found[row] += int(same.argmax())
    return found


def _filled_in(rows: Records, known: Records) -> Records:
    """Each row with its gaps filled from what is known; a ward only within the same authority, as it lies in one."""
    result = rows.copy()
    nowhere = rows["easting"] == NOWHERE
    for field in ("easting", "northing"):
        result[field] = np.where(nowhere, known[field], rows[field])
    for field in ("authority", "ended"):
        result[field] = np.where(rows[field] == 0, known[field], rows[field])
    wardless = (rows["ward"] == 0) & (result["authority"] == known["authority"])
    result["ward"] = np.where(wardless, known["ward"], rows["ward"])
    return result


def spread(new: Records, old: Records) -> tuple[Records, Records]:
    """New and old, after new rows that name no area were told to each half of the split postcodes they meet."""
    first = np.searchsorted(old["key"], new["key"])
    count = np.searchsorted(old["key"], new["key"], side="right") - first
    about_all = (count > 1) & (new["authority"] == 0)
    about_all[about_all] = old["authority"][first[about_all]] != 0  # a half without one says no more itself
    if not about_all.any():
        return new, old
    told = old.copy()
    for row in np.flatnonzero(about_all):
        halves = slice(first[row], first[row] + count[row])
        said = np.repeat(new[row], count[row])
        said["ward"] = 0  # nobody said in which half it lies
        told[halves] = _filled_in(said, old[halves])
    return new[~about_all], told


def over(new: Records, old: Records) -> Records:
    """Old and new as one; where a postcode is in both, the new rows stand alone. Both sorted by key."""
    if not len(old):
        return new
    together = np.concatenate([old[~_among(old["key"], new["key"])], new])
    kept: Records = together[sorted_rows(together)]
    return kept[~repeats(kept)]


def _match(keys: Keys, among: Keys) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """For every key, where it first is among the sorted others, and whether it is there at all."""
    if not len(among):
        return np.zeros(len(keys), dtype=np.intp), np.zeros(len(keys), dtype=bool)
    at = np.minimum(np.searchsorted(among, keys), len(among) - 1)
    return at, among[at] == keys


def _among(keys: Keys, others: Keys) -> NDArray[np.bool_]:
    return _match(keys, others)[1]
