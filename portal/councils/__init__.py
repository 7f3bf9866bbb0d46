"""Councils that share the site: each with its own address, name, colours, area and way of listing."""

from flask import Flask


def init_app(app: Flask) -> None:
    """The feature is part of the site."""
    from portal.councils import views

    views.init_app(app)
