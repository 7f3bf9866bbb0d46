"""Self-help: guided conversations that explain what they suggest. Never called an assessment."""

from flask import Flask


def init_app(app: Flask) -> None:
    """The feature is part of the site."""
    from portal.selfhelp import (
        board_views,
        desk_views,
        documents,
        equipment_views,
        keeping_views,
        resuming,
        views,
    )

    documents.init_app(app)
    views.init_app(app)
    keeping_views.init_app(app)
    equipment_views.init_app(app)
    board_views.init_app(app)
    resuming.init_app(app)
    desk_views.init_app(app)
