"""The accounts' tables."""

from portal.accounts.models.mandates import BASES, MANDATE_STATES, SCOPES, Mandate, TrustCircle
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
    "LINKS",
    "MANDATE_STATES",
    "MEMBERSHIPS",
    "ROLES",
    "SCOPES",
    "USER_STATES",
    "Authenticator",
    "KeptWords",
    "Link",
    "Mandate",
    "Membership",
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
