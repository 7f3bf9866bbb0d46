"""What the accounts do by themselves: recoveries whose time has come are done, and mandates past their days end."""

import datetime as dt

from flask import Flask

from portal import clock, jobs
from portal.accounts import mandates, recovering
from portal.db import db


def _recover(now: dt.datetime) -> None:
    recovering.finish_due(now)
    db.session.commit()


def _end_past(now: dt.datetime) -> None:
    mandates.end_past(now, clock.uk_time(now).date())
    db.session.commit()


def init_app(app: Flask) -> None:
    """It is done from now on."""
    jobs.register(app, jobs.Job("recoveries", dt.timedelta(minutes=5), _recover))
    jobs.register(app, jobs.Job("mandates", dt.timedelta(hours=1), _end_past))
