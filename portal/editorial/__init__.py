"""Documents that editors own: articles, pages, and what other features register as kinds of their own."""

from flask import Flask


def init_app(app: Flask) -> None:
    """The feature is part of the site."""
    from portal.editorial import articles, desk_views, linking, retaining, reviewing, views

    articles.init_app(app)
    views.init_app(app)
    desk_views.init_app(app)
    retaining.init_app(app)
    reviewing.init_app(app)
    linking.init_app(app)
