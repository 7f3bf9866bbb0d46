"""Who keeps listings fresh, and who hears what the public tells the council."""

from typing import Any


def may_keep_listings_fresh(user: Any, **_of: Any) -> bool:
    """The council's editors see which listings nobody has confirmed, and mark them as checked."""
    return "editor" in user.roles


def may_hear_voices(user: Any, **_of: Any) -> bool:
    """The council's editors hear all that the public tells; its brokers, who buy services, hear feedback on them."""
    return bool(user.roles & {"editor", "broker"})


def may_see_figures(user: Any, **_of: Any) -> bool:
    """The council's editors and brokers see what is searched and opened, without people."""
    return bool(user.roles & {"editor", "broker"})
