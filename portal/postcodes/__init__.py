"""Where postcodes are: the whole UK in one file that all worker processes share through the page cache.

`Postcodes(folder).find(geo.parse(text))` looks one up; `load(folder, ...)` builds the file from the postcode package
and from what ONSPD, Code-Point Open and councils' own files say on top of it. Nothing here knows a place by heart:
what no loaded file states is not claimed. Invariant: readers see either the old generation or the new, whole.
"""

from portal.postcodes.loading import LoadReport, load
from portal.postcodes.sources import Bad, Problem
from portal.postcodes.store import Caveat, Found, NotFound, Postcodes, Reason

__all__ = ["Bad", "Caveat", "Found", "LoadReport", "NotFound", "Postcodes", "Problem", "Reason", "load"]
