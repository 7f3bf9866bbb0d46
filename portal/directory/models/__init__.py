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
from portal.directory.models.proposals import (
    CLAIM_STATES,
    HOW,
    PROPOSAL_STATES,
    Claim,
    MergedService,
    NotTheSame,
    Proposal,
    ServedPerson,
    ServiceVersion,
)
from portal.directory.models.reviews import (
    DirectoryRules,
    Review,
    ReviewLetter,
    ReviewLetterEntry,
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
    ImportedListing,
    IndexChange,
    OpenedTally,
    SearchTally,
)
from portal.directory.models.voices import (
    VOICE_STATES,
    VOICES,
    Voice,
)

__all__ = [
    "CLAIM_STATES",
    "COVERAGE",
    "HOW",
    "KINDS",
    "PROPOSAL_STATES",
    "STATES",
    "STATUSES",
    "VOICES",
    "VOICE_STATES",
    "Accessibility",
    "Address",
    "Attribute",
    "Claim",
    "Contact",
    "CostOption",
    "DirectoryRules",
    "ImportedListing",
    "IndexChange",
    "Location",
    "Mark",
    "MergedService",
    "NotTheSame",
    "OpenedTally",
    "Organisation",
    "Phone",
    "Proposal",
    "Rating",
    "Review",
    "ReviewLetter",
    "ReviewLetterEntry",
    "Schedule",
    "SearchTally",
    "ServedPerson",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceLanguage",
    "ServiceTranslation",
    "ServiceVersion",
    "Taxonomy",
    "Term",
    "Voice",
]
