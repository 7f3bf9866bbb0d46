"""The directory: services, groups, activities, events and suppliers near people, and how they are found."""

from flask import Flask


def init_app(app: Flask) -> None:
    """The feature is part of the site."""
    from portal import registry
    from portal.directory import (
        indexing,
        keeping_views,
        provider_views,
        queries,
        retaining,
        tallies,
        upkeep_views,
        views,
        where,
        words_as_documents,
    )

    where.init_app(app)
    words_as_documents.init_app(app)
    indexing.init_app(app)
    tallies.init_app(app)
    views.init_app(app)
    provider_views.init_app(app)
    keeping_views.init_app(app)
    upkeep_views.init_app(app)
    retaining.init_app(app)
    registry.name_things(app, "organisation", queries.names_of)
