"""The directory: services, groups, activities, events and suppliers near people, and how they are found."""

from flask import Flask


def init_app(app: Flask) -> None:
    """The feature is part of the site."""
    from portal import registry
    from portal.directory import indexing, queries, tallies, views, where

    where.init_app(app)
    indexing.init_app(app)
    tallies.init_app(app)
    views.init_app(app)
    registry.name_things(app, "organisation", queries.names_of)
