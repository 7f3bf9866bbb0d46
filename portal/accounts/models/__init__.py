"""The accounts' tables."""

from portal.accounts.models.joinings import JOINING_STATES, Joining
from portal.accounts.models.mandates import (
    BASES,
    MANDATE_STATES,
    SCOPES,
    Agreement,
    Asking,
    Mandate,
    TrustCircle,
)
from portal.accounts.models.messages import DigestItem, MessageChoice
from portal.accounts.models.openid import OpenIdService, OpenIdSubject
from portal.accounts.models.people import MEMBERSHIPS, ROLES, USER_STATES, Membership, Person, Role, User
from portal.accounts.models.proofs import (
    LINKS,
    Authenticator,
    KeptWords,
    Link,
    Passkey,
    PrintedCode,
    SignIn,
    Tries,
)
from portal.accounts.models.recoveries import Recovery

__all__ = [
    "BASES",
    "JOINING_STATES",
    "LINKS",
    "MANDATE_STATES",
    "MEMBERSHIPS",
    "ROLES",
    "SCOPES",
    "USER_STATES",
    "Agreement",
    "Asking",
    "Authenticator",
    "DigestItem",
    "Joining",
    "KeptWords",
    "Link",
    "Mandate",
    "Membership",
    "MessageChoice",
    "OpenIdService",
    "OpenIdSubject",
    "Passkey",
    "Person",
    "PrintedCode",
    "Recovery",
    "Role",
    "SignIn",
    "Tries",
    "TrustCircle",
    "User",
]
