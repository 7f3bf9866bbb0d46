"""Who may do what with accounts."""

from typing import Any


def signed_in(user: Any, **_of: Any) -> bool:
    """Whoever is signed in, for what is their own."""
    return bool(user.is_authenticated)


def may_manage_people(user: Any, **_of: Any) -> bool:
    """The council's administrators say who works on its site, and as what."""
    return "administrator" in user.roles


def may_manage_staff(user: Any, **_of: Any) -> bool:
    """A provider's owners say who may write and work for it."""
    return "owner" in user.organisations.values()
