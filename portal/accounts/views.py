"""The accounts' pages, desk by desk."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from portal.accounts import (
    account_views,
    factor_views,
    joining_views,
    openid_views,
    people_views,
    sign_in_views,
    staff_views,
    telling,
)


def init_app(app: Flask) -> None:
    """The pages are there."""
    for desk in (
        sign_in_views.accounts,
        openid_views.council_door,
        account_views.account,
        factor_views.second,
        joining_views.joining,
        people_views.people,
        staff_views.staff,
    ):
        app.register_blueprint(desk)
    app.jinja_env.globals.update(
        role_words=telling.role,
        role_hints=telling.role_hints,
        membership_words=telling.membership,
        membership_hints=telling.membership_hints,
    )


def exempt(csrf: CSRFProtect) -> None:
    """Signing out needs no token."""
    sign_in_views.exempt(csrf)
