"""People: how they sign in, what they may do for which council or provider, and who may act for whom."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from portal.accounts import models

__all__ = ["exempt", "init_app", "models"]


def init_app(app: Flask) -> None:
    """The feature is part of the site."""
    from portal.accounts import (
        choices,
        closing,
        demonstration,
        history,
        own_data,
        passwords,
        retaining,
        signing_in,
        upkeep,
        views,
        words_kept,
    )

    demonstration.check(app)
    passwords.init_app(app)
    signing_in.init_app(app)
    words_kept.init_app(app)
    upkeep.init_app(app)
    retaining.init_app(app)
    choices.init_app(app)
    own_data.init_app(app)
    closing.init_app(app)
    history.tell()
    views.init_app(app)


def exempt(csrf: CSRFProtect) -> None:
    """Signing out needs no token."""
    from portal.accounts import views

    views.exempt(csrf)
