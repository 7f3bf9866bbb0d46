"""Documents that are hard to show: long, hostile, broken, shared, and worded by a council."""

import datetime as dt

import sqlalchemy as sa

from portal import clock
from portal.accounts.granting import By
from portal.accounts.models import User
from portal.db import db
from portal.editorial import actions, previewing, queries, usefulness
from portal.editorial.models import Document, WebLink
from tests import make
from tests.editorial.writing import article
from tests.pages.listings import HOSTILE, LONGEST

PARTED = """Ring us, or come by.

```part phone
Ring the library.
```

```part opening-hours must-edit
Say when you are open.
```
"""
EVERYTHING = """Read [about sleep](article:sleep) and [what the NHS says](https://www.nhs.uk/).

```contact
Ring us about the cold.
```

## First

```warning
Never block a **flue**.
```

| In winter | In summer |
|---|---|
| a hat | a fan |

## Second

```steps
1. Find a hat.
2. Wear it.
```

## Third

> Somebody said so.

```video
title: Hats
url: https://films.example.org/hats

First put it on.
```
"""


ABOUT = "---\nid: about\ntitle: About us\nsummary: Who we are.\n---\nHere.\n"


def _begun(key: str, body: str, by: By, *, of: str = "", kind: str = "article") -> Document:
    council = make.council(of) if of else None
    return actions.begin(council, kind, key, body, by=by, now=make.NOW, note="Begun in autumn")


def _public(document: Document, by: By) -> Document:
    newest = queries.newest(document.id)
    assert newest
    actions.publish(document, seen=newest.number, by=by, now=make.NOW, today=make.NOW.date())
    return document


def write() -> dict[str, str]:
    """All of them, by what they are; and a link that shows drafts. Committed."""
    ed = db.session.scalars(sa.select(User).where(User.email.like("ed@%"))).one()
    by = By(ed.id, f"user:{ed.id}", ed.name)
    told = {
        "title": "All about hats",
        "sensitive": "true",
        "categories": "falls",
        "needs": "home",
        "theme": "safe",
    }
    everything = _public(_begun("hats", article("hats", EVERYTHING, next="2027-04-01", **told), by), by)
    parted = _public(_begun("opening", article("opening", PARTED, title="When we are open"), by), by)
    hostile = HOSTILE.replace('"', "'").replace("\\", "")
    broken = article("hostile", f"{HOSTILE}\n\n# {LONGEST}\n", title=hostile, theme="no")
    draft = _begun("hostile", broken, by, of="fernshire")
    page = _public(_begun("about", ABOUT, by, kind="page"), by)
    actions.overlay(make.council(), parted, {"phone": f"Ring Fern. {LONGEST}"}, seen=0, by=by, now=make.NOW)
    own = queries.of_key("article", "opening", make.council().id)
    assert own
    changed = article("opening", PARTED.replace("or come by", "or write"), title="When we are open")
    actions.save(parted, changed, seen=1, by=by, now=make.NOW)
    _public(parted, by)
    usefulness.tell(make.council(), everything.id, useful=False, words=HOSTILE, today=make.NOW.date())
    gone = {"failures": 3, "problem": "it answers 404"}
    db.session.add(WebLink(address="https://www.nhs.uk/keep-warm", seen_on=make.NOW.date(), **gone))
    now = clock.now() + dt.timedelta(days=365)  # tests of later years can open it, too
    token = previewing.share(make.council(), [everything.id, draft.id, own.id], by=by, now=now)
    db.session.commit()
    found = {"everything article": everything, "parted": parted, "draft article": draft}
    found |= {"page": page, "own words": own}
    return {name: str(document.id) for name, document in found.items()} | {"preview token": token}
