""" "Was this useful?": answers without anything about the person, and what editors see of them."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from portal.councils.models import Council
from portal.db import db
from portal.editorial.models import Usefulness

MOST_WORDS = 500
# What could say who somebody is: numbers of a telephone or of the NHS, addresses of mail, postcodes.
_PERSONAL = re.compile(
    r"[^\s@,;]+@[^\s@,;]*\w"
    r"|\+?\d[\d \-()]{7,}\d|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
    re.IGNORECASE,
)


def without_persons(words: str) -> str:
    """The words, without what could say who wrote them."""
    return _PERSONAL.sub("…", words)


def tell(council: Council, document_id: uuid.UUID, *, useful: bool, words: str, today: dt.date) -> None:
    """The answer is kept, with the day and nothing else."""
    kept = without_persons(" ".join(words.split()))[:MOST_WORDS]
    db.session.add(
        Usefulness(document_id=document_id, council_id=council.id, useful=useful, words=kept, on=today)
    )


@dataclass(frozen=True)
class Told:
    """What readers said of a document."""

    yes: int
    no: int
    words: tuple[tuple[dt.date, str], ...]


def told(council_id: uuid.UUID, document_id: uuid.UUID, most: int = 20) -> Told:
    """How many found it useful, and the newest words."""
    mine = (Usefulness.document_id == document_id, Usefulness.council_id == council_id)
    counts = dict(
        db.session.execute(
            sa.select(Usefulness.useful, sa.func.count()).where(*mine).group_by(Usefulness.useful)
        ).all()
    )
    newest = (
        sa.select(Usefulness.on, Usefulness.words)
        .where(*mine, Usefulness.words != "")
        .order_by(Usefulness.on.desc(), Usefulness.id)
        .limit(most)
    )
    rows = tuple((on, words) for on, words in db.session.execute(newest))
    return Told(counts.get(True, 0), counts.get(False, 0), rows)
