"""Documents for tests, written as editors write them."""

import datetime as dt
import uuid
from typing import Any

from portal.accounts.granting import By
from portal.councils.models import Council
from portal.db import db
from portal.editorial import actions, queries
from portal.editorial.models import Document, Version
from tests import make

BY_ED = By(None, "user:ed", "Ed")
TODAY = make.NOW.date()
FRONT = """---
id: {key}
theme: {theme}
title: "{title}"
summary: "What helps when it is cold."
short: "Keep one room warm."
owner: adult-social-care
review: {{last: 2026-11-20, next: {next}}}
sources:
  - {{title: "NHS: keep warm", url: "https://www.nhs.uk/keep-warm", checked: 2026-11-20}}
sensitive: {sensitive}
related:
  needs: [{needs}]
  categories: [{categories}]
  equipment: []
tags: [heating, winter]
---

"""


def article(key: str = "keeping-warm", text: str = "Wear a hat indoors.\n", **more: Any) -> str:
    """An article as a file has it."""
    facts = {
        "title": "Keeping warm",
        "theme": "home",
        "next": "2027-05-01",
        "sensitive": "false",
        "needs": "",
        "categories": "",
        **more,
    }
    return FRONT.format(key=key, **facts) + text


def begun(
    body: str | None = None, key: str = "keeping-warm", *, of: Council | None = None, kind: str = "article"
) -> Document:
    """A document with its first draft. of: whose it is; None: the library's. Not committed."""
    return actions.begin(of, kind, key, body or article(key), by=BY_ED, now=make.NOW)


def published(
    body: str | None = None, key: str = "keeping-warm", *, of: Council | None = None, kind: str = "article"
) -> Document:
    """A document that people read. Committed."""
    document = begun(body, key, of=of, kind=kind)
    publish(document)
    return document


def publish(document: Document) -> Version:
    """The newest version is public. Committed."""
    done = actions.publish(document, seen=newest(document).number, by=BY_ED, now=later(document), today=TODAY)
    db.session.commit()
    return done


def later(document: Document) -> dt.datetime:
    """A moment after all that was done with it so far."""
    return make.NOW + dt.timedelta(minutes=newest(document).number)


def change(document: Document, body: str, **more: Any) -> Version:
    """A newer draft. Not committed."""
    return actions.save(document, body, seen=newest(document).number, by=BY_ED, now=later(document), **more)


def newest(document: Document) -> Version:
    """What was saved last."""
    found = queries.newest(document.id)
    assert found
    return found


def words_over(council: Council, shared: Document, **own: str) -> Document:
    """The council's words over parts of a shared document, public. Committed."""
    document = queries.of_key(shared.kind, shared.key, council.id)
    seen = newest(document).number if document else 0
    said = {name.replace("_", "-"): words for name, words in own.items()}
    saved = actions.overlay(council, shared, said, seen=seen, by=BY_ED, now=make.NOW)
    own_document = db.session.get_one(Document, saved.document_id)
    publish(own_document)
    return own_document


def again(document_id: uuid.UUID) -> Version:
    """The newest version as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    found = queries.newest(document_id)
    assert found
    return found
