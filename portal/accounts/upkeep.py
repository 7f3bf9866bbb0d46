"""What the accounts do by themselves: old links, tries and sign-ins go, and recoveries whose time has come are done."""

import datetime as dt

import sqlalchemy as sa
from flask import Flask

from portal import jobs
from portal.accounts import recovering, throttle
from portal.accounts.models import Link, SignIn
from portal.db import db

# How long a sign-in that has ended stays in somebody's list of what happened.
_ENDED_KEPT = dt.timedelta(days=90)
_LINKS_KEPT = dt.timedelta(days=30)


def sweep(now: dt.datetime) -> None:
    """What is no longer needed is gone."""
    db.session.execute(sa.delete(Link).where(Link.ends_at < now - _LINKS_KEPT))
    old = sa.func.coalesce(SignIn.ended_at, SignIn.ends_at) < now - _ENDED_KEPT
    db.session.execute(sa.delete(SignIn).where(old))
    throttle.sweep(now)
    db.session.commit()


def _recover(now: dt.datetime) -> None:
    recovering.finish_due(now)
    db.session.commit()


def init_app(app: Flask) -> None:
    """It is done from now on."""
    jobs.register(app, jobs.Job("accounts-sweep", dt.timedelta(hours=6), sweep))
    jobs.register(app, jobs.Job("recoveries", dt.timedelta(minutes=5), _recover))
