"""From a point on the ground to the postcode beside it: for people who give a position, or the name of a town."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from portal.geo import Place, Postcode
from portal.postcodes.generations import Generation
from portal.postcodes.records import LIVE, STRIP
from portal.postcodes.store import Found, Postcodes

# How far to look, in metres: first in the streets around, then in the countryside, then across a moor. What is
# farther off is at sea or abroad.
_REACHES = (1_000, 5_000, 25_000)


def nearest(store: Postcodes, easting: float, northing: float) -> Place | None:
    """The place of the nearest postcode not known to be out of use; None where none is within 25 km, as at sea."""
    generation = store.generation()
    row = _nearest_row(generation, easting, northing) if generation else None
    if generation is None or row is None:
        return None
    letters = int(generation.columns["key"][row]).to_bytes(7, "big").decode("ascii")
    found = store.find(Postcode(letters[:4].strip(), letters[4:]))
    return found.place if isinstance(found, Found) else None


def _nearest_row(generation: Generation, easting: float, northing: float) -> int | None:
    columns = generation.columns
    for reach in _REACHES:
        rows = np.concatenate(list(_strips(generation, easting, northing, reach)))
        rows = rows[columns["ended"][rows] <= LIVE]
        if not len(rows):
            continue
        far = np.hypot(columns["easting"][rows] - easting, columns["northing"][rows] - northing)
        if far.min() <= reach:
            return int(rows[far.argmin()])
    return None


def _strips(
    generation: Generation, easting: float, northing: float, reach: int
) -> Iterator[NDArray[np.uint32]]:
    """The rows of each strip of the grid that are no farther north or south of the point than reach."""
    columns = generation.columns
    order, east, north = columns["by_place"], columns["easting"], columns["northing"]

    def place(row: int) -> tuple[int, int]:
        return int(east[row]) // STRIP, int(north[row])

    for strip in range(math.floor((easting - reach) / STRIP), math.floor((easting + reach) / STRIP) + 1):
        start = bisect_left(order, (strip, math.floor(northing - reach)), key=place)
        yield order[start : bisect_right(order, (strip, math.ceil(northing + reach)), start, key=place)]
