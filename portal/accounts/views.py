"""The accounts' pages, desk by desk."""

from flask import Flask
from flask_wtf.csrf import CSRFProtect

from portal import registry
from portal.accounts import (
    account_views,
    acting,
    factor_views,
    join_views,
    joining_views,
    mandate_telling,
    mandate_views,
    openid_views,
    own_views,
    people_views,
    permissions,
    sign_in_views,
    staff_views,
    telling,
)
from portal.i18n import _


def init_app(app: Flask) -> None:
    """The pages are there."""
    for desk in (
        sign_in_views.accounts,
        openid_views.council_door,
        account_views.account,
        factor_views.second,
        joining_views.joining,
        own_views.own,
        people_views.people,
        staff_views.staff,
        mandate_views.desk,
        join_views.care,  # the same as care_views.care, with all of its pages
    ):
        app.register_blueprint(desk)
    app.jinja_env.globals.update(
        role_words=telling.role,
        browser_words=telling.browser,
        role_hints=telling.role_hints,
        membership_words=telling.membership,
        membership_hints=telling.membership_hints,
        basis_words=mandate_telling.basis,
        scope_words=mandate_telling.scope,
        scope_hints=mandate_telling.scope_hints,
        mandate_what=mandate_telling.what,
        mandate_days=mandate_telling.days,
        mandate_circle=mandate_telling.circle,
        mandate_state=mandate_telling.state,
        mandate_in_force=acting.stands,
    )
    mandate_telling.tell()
    item = registry.NavItem(
        "care.overview", lambda: _("People we support"), 12, may=permissions.may_look_after_people
    )
    registry.add_to_navigation(app, item)


def exempt(csrf: CSRFProtect) -> None:
    """Signing out needs no token."""
    sign_in_views.exempt(csrf)
