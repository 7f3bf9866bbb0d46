"""Who may do what with accounts."""

import uuid
from typing import Any

from portal import clock
from portal.accounts import acting, queries
from portal.permissions import Rule

# Who looks after people whom the council supports, and says who may act for them.
OFFICERS = frozenset({"care_manager", "administrator"})


def signed_in(user: Any, **_of: Any) -> bool:
    """Whoever is signed in, for what is their own."""
    return bool(user.is_authenticated)


def may_manage_people(user: Any, **_of: Any) -> bool:
    """The council's administrators say who works on its site, and as what."""
    return "administrator" in user.roles


def may_manage_staff(user: Any, **_of: Any) -> bool:
    """A provider's owners say who may write and work for it."""
    return "owner" in user.organisations.values()


def may_look_after_people(user: Any, **_of: Any) -> bool:
    """The council's care managers and administrators see whom it supports, and say who may act for them."""
    return not OFFICERS.isdisjoint(user.roles)


def may_look_after(user: Any, *, person_id: uuid.UUID, **_of: Any) -> bool:
    """The same, for somebody whom their own council supports."""
    return may_look_after_people(user) and acting.person(user.council_id, person_id) is not None


def may_decide_mandate(user: Any, *, mandate_id: uuid.UUID, **_of: Any) -> bool:
    """The same, for a mandate of their own council's. Whether it is theirs to grant or approve, the action says."""
    return may_look_after_people(user) and acting.mandate(user.council_id, mandate_id) is not None


def may_settle_asking(user: Any, *, asking_id: uuid.UUID, **_of: Any) -> bool:
    """The same, for somebody who has asked their own council to act for a person, and has no answer yet."""
    return may_look_after_people(user) and acting.asking(user.council_id, asking_id) is not None


def may_settle_joining(user: Any, *, joining_id: uuid.UUID, **_of: Any) -> bool:
    """The same, for an account that waits to be joined to somebody whom their own council supports."""
    return may_look_after_people(user) and queries.joining(user.council_id, joining_id) is not None


def may_name_representative(user: Any, **_of: Any) -> bool:
    """Somebody whom the council supports asks that another may act for them."""
    return acting.own(user) is not None


def may_end_mandate(user: Any, *, mandate_id: uuid.UUID, **_of: Any) -> bool:
    """The person whom it is for, and whoever acts by it, end it at once."""
    found = acting.mandate(user.council_id, mandate_id)
    return found is not None and acting.may_end(user, found)


def may_act_for(scope: str) -> Rule:
    """The rule of a page with `person_id` in its address: for the person themselves, and for who may act for them.

    @blueprint.get("/for/<uuid:person_id>/wallet")
    @requires(may_act_for("view"))

    The database is asked on every request, so that an end takes effect on the next click. scope: view, request or
    approve. Limits are the action's to check (`acting.may_act`), once it knows the amount.
    """

    def may(user: Any, *, person_id: uuid.UUID, **_of: Any) -> bool:
        return acting.for_person(user, person_id, scope, clock.today()) is not None

    may.__name__, may.__doc__ = (
        f"may_{scope}_for",
        f"The person themselves, and whoever may {scope} for them.",
    )
    return may
