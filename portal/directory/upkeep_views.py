"""The desks that keep the directory right, and the pages where the public tells the council something."""

from typing import Any

from flask import Flask

from portal import registry
from portal.directory import (
    figures_views,
    freshness_views,
    reminding,
    upkeep_permissions,
    voices,
    voices_desk_views,
    voices_views,
)
from portal.i18n import _


def _hears_only(user: Any) -> bool:
    """Brokers; editors find it at their own desk."""
    return upkeep_permissions.may_hear_voices(user) and not upkeep_permissions.may_keep_listings_fresh(user)


def init_app(app: Flask) -> None:
    """The pages are there, and in the navigation of those who may use them."""
    reminding.init_app(app)
    voices.init_app(app)
    for desk in (
        freshness_views.fresh,
        voices_views.heard,
        voices_desk_views.voices_desk,
        figures_views.figures_desk,
    ):
        app.register_blueprint(desk)
    hear, see = upkeep_permissions.may_hear_voices, upkeep_permissions.may_see_figures
    keep = upkeep_permissions.may_keep_listings_fresh
    for endpoint, label, position, may, of in (
        ("voices_desk.overview", lambda: _("What people tell us"), 12, _hears_only, "main"),
        ("voices_desk.overview", lambda: _("What people tell us"), 50, hear, "editor"),
        ("fresh.overview", lambda: _("What needs checking"), 51, keep, "editor"),
        ("figures.overview", lambda: _("What is looked for"), 52, see, "editor"),
    ):
        registry.add_to_navigation(app, registry.NavItem(endpoint, label, position, may, of))
