"""The directory's tables, in the shape of Open Referral UK 3.0, so that taking in and giving out lose nothing.

What is ours on top: the council that keeps a listing and with whom it is shared, where it came from, when somebody
last confirmed it, whether it is published, and coverage of two kinds. Distances are metres on the British National
Grid. Opening times are clock times in the UK.
"""

from portal.directory.models.places import (
    COVERAGE,
    Accessibility,
    Address,
    Location,
    Schedule,
    ServiceArea,
    ServiceAtLocation,
)
from portal.directory.models.services import (
    KINDS,
    STATES,
    STATUSES,
    Contact,
    CostOption,
    Organisation,
    Phone,
    Service,
    ServiceLanguage,
    ServiceTranslation,
)
from portal.directory.models.terms import (
    Attribute,
    Mark,
    Rating,
    Taxonomy,
    Term,
)
from portal.directory.models.upkeep import (
    IndexChange,
    OpenedTally,
    SearchTally,
)

__all__ = [
    "COVERAGE",
    "KINDS",
    "STATES",
    "STATUSES",
    "Accessibility",
    "Address",
    "Attribute",
    "Contact",
    "CostOption",
    "IndexChange",
    "Location",
    "Mark",
    "OpenedTally",
    "Organisation",
    "Phone",
    "Rating",
    "Schedule",
    "SearchTally",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceLanguage",
    "ServiceTranslation",
    "Taxonomy",
    "Term",
]
