"""What is kept around documents, why and for how long."""

import datetime as dt

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import orm

from portal import clock, retention
from portal.db import changed
from portal.editorial.models import PreviewLink, Usefulness, Version, WebLink
from portal.retention import Rule

_DRAFTS = dt.timedelta(days=730)
_ANSWERS = dt.timedelta(days=365)
_LINKS = dt.timedelta(days=30)


def _erase_drafts(session: orm.Session, now: dt.datetime) -> int:
    """Drafts that were never public and that something newer stands above."""
    newer = orm.aliased(Version)
    above = sa.exists().where(newer.document_id == Version.document_id, newer.number > Version.number)
    old = (Version.published_at.is_(None), Version.made_at < now - _DRAFTS)
    return changed(session, sa.delete(Version).where(*old, above))


def _erase_answers(session: orm.Session, now: dt.datetime) -> int:
    day = clock.uk_time(now).date()
    return changed(session, sa.delete(Usefulness).where(Usefulness.on < day - _ANSWERS))


def _erase_links(session: orm.Session, now: dt.datetime) -> int:
    return changed(session, sa.delete(PreviewLink).where(PreviewLink.ends_at <= now))


def _erase_addresses(session: orm.Session, now: dt.datetime) -> int:
    day = clock.uk_time(now).date()
    return changed(session, sa.delete(WebLink).where(WebLink.seen_on < day - _LINKS))


def init_app(app: Flask) -> None:
    """The rules are known."""
    retention.register(
        app,
        Rule(
            "document_version",
            "what an article or another document said, and which account wrote it",
            "so that it can be compared and brought back, and the council can say what it told people",
            "what was public: as long as the document; a draft that was never public: two years",
            _DRAFTS,
            _erase_drafts,
        ),
        Rule(
            "usefulness",
            "whether somebody found an article useful, on which day, and their words; nothing about who they are",
            "so that editors can make it better",
            "a year",
            _ANSWERS,
            _erase_answers,
        ),
        Rule(
            "preview_link",
            "a hash of a link at which drafts can be read, and which account made it",
            "so that the link works until its day",
            "until the link ends",
            None,
            _erase_links,
        ),
        Rule(
            "web_link",
            "addresses outside the site that articles lead to, and whether they answered; nothing about people",
            "so that editors learn of links that are broken",
            "30 days after no article leads there any more",
            _LINKS,
            _erase_addresses,
        ),
    )
