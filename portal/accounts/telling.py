"""What people do, in words."""

import uuid
from collections.abc import Iterable

from portal import registry
from portal.accounts.models import MEMBERSHIPS, ROLES
from portal.i18n import _


def role(kind: str) -> str:
    """A role for a council."""
    return {
        "editor": _("Editor"),
        "navigator": _("Care navigator"),
        "care_manager": _("Care manager"),
        "finance": _("Finance officer"),
        "broker": _("Broker"),
        "administrator": _("Administrator"),
    }[kind]


def browser(kept: str) -> str:
    """A browser in the page's language, as it was kept ("Firefox on Windows"); "" where none was known."""
    name, _on, system = kept.partition(" on ")
    return _("%(browser)s on %(system)s", browser=name, system=system) if system else name


def roles() -> list[tuple[str, str]]:
    """Every role, for a form."""
    return [(kind, role(kind)) for kind in ROLES]


def role_hints() -> dict[str, str]:
    """What each role is for."""
    return {
        "editor": _("Writes articles, and checks what providers send in."),
        "navigator": _("Helps people through the questions and builds plans with them."),
        "care_manager": _("Agrees support plans and sees what is set up."),
        "finance": _("Looks after allocations and payments."),
        "broker": _("Asks providers for offers."),
        "administrator": _("Says who does what for the council."),
    }


def membership(kind: str) -> str:
    """A part in a provider's organisation."""
    return {"owner": _("Owner"), "manager": _("Manager"), "worker": _("Worker")}[kind]


def memberships() -> list[tuple[str, str]]:
    """Every part, for a form."""
    return [(kind, membership(kind)) for kind in MEMBERSHIPS]


def membership_hints() -> dict[str, str]:
    """What each part is for."""
    return {
        "owner": _("Also says who else may."),
        "manager": _("Writes your entries and sends them in."),
        "worker": _("Writes down visits."),
    }


def organisations(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of providers' organisations."""
    return registry.names("organisation", list(ids))
