"""What a visitor does in a conversation: begin, answer, keep a way back, put aside a suggestion, delete.

What is counted says how questions do, never what was said. A talk that nobody asked to keep goes soon.
"""

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from portal import sealing
from portal.councils.models import Council
from portal.db import db
from portal.selfhelp.conversation import Answer, Question
from portal.selfhelp.models import REASONS, WHOM, QuestionCount, Talk, UnwantedCount
from portal.selfhelp.queries import Current, Standing
from portal.selfhelp.questions import Step

# Crockford's base 32: no letter that looks like a figure. Twelve of them are 60 bits.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("OIL", "011")
MOST_NAME = 40


def begin(council: Council, current: Current, whom: str, name: str, now: dt.datetime) -> Talk:
    """A new talk about a conversation. whom: for whom it is; name: of whom it is about, where not of oneself."""
    if whom not in WHOM:
        raise ValueError(f"nobody asks for {whom}")
    talk = Talk(
        council_id=council.id,
        key=current.conversation.id,
        version=current.number,
        whom=whom,
        begun_at=now,
        last_at=now,
    )
    talk.said = {"name": name if whom != "me" else "", "answers": {}, "seen": [], "again": [], "unwanted": {}}
    db.session.add(talk)
    db.session.flush()
    return talk


def answer(standing: Standing, step: Step, given: Mapping[str, Answer], now: dt.datetime) -> None:
    """What was said on a page is kept; what was left empty there was skipped. The same again changes nothing."""
    asked = [question.id for question in step.questions]
    _count(standing, step.questions, given, now)
    _keep(standing, asked, given, now, seen=asked)


def note(standing: Standing, step: Step, given: Mapping[str, Answer], now: dt.datetime) -> None:
    """What stands on a page so far is kept, while somebody is still at it: nothing there counts as seen."""
    _keep(standing, [question.id for question in step.questions], given, now, seen=())


def _keep(
    standing: Standing,
    asked: Iterable[str],
    given: Mapping[str, Answer],
    now: dt.datetime,
    seen: Iterable[str],
) -> None:
    """Answers elsewhere stay, even off the path: they count again if the path comes back to them."""
    talk, here = standing.talk, set(asked)
    others = {key: said for key, said in standing.answers.items() if key not in here}
    met = {*standing.walk.seen, *seen}
    talk.said = {
        **talk.said,
        "answers": {**others, **given},
        "seen": sorted(met),
        "again": [key for key in standing.again if key not in met],
    }
    talk.version, talk.last_at = standing.number, now


def _count(
    standing: Standing, asked: Iterable[Question], given: Mapping[str, Answer], now: dt.datetime
) -> None:
    """Each question is counted the first time it is shown. Of a sensitive one nothing is said of an answer."""
    for question in asked:
        if question.type == "info" or question.id in standing.walk.seen:
            continue
        facts = {"shown": 1}
        if not question.sensitive:
            facts["answered" if question.id in given else "skipped"] = 1
        _add(db.session(), standing.talk, question.id, now.date(), facts)


def _add(session: orm.Session, talk: Talk, question: str, day: dt.date, facts: Mapping[str, int]) -> None:
    row = {
        "council_id": talk.council_id,
        "conversation": talk.key,
        "version": talk.version,
        "question": question,
        "day": day,
    }
    _more(session, QuestionCount, row, facts, ("shown", "answered", "skipped", "left"))


def _more(
    session: orm.Session,
    table: type[QuestionCount] | type[UnwantedCount],
    row: Mapping[str, Any],
    facts: Mapping[str, int],
    counts: Iterable[str],
) -> None:
    """The counts of a row are higher by so much, however many count at once."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    start = insert(table).values(**row, **{name: facts.get(name, 0) for name in counts})
    higher = {name: getattr(table, name) + by for name, by in facts.items()}
    session.execute(start.on_conflict_do_update(index_elements=list(row), set_=higher))


def finish(standing: Standing, now: dt.datetime) -> None:
    """Somebody came to the end, and looks at what may help."""
    standing.talk.finished, standing.talk.last_at = True, now


def put_aside(standing: Standing, rule: str, reason: str, now: dt.datetime) -> None:
    """A suggestion is not shown again in this talk. It is counted, unless it comes of something sensitive."""
    if reason not in REASONS or rule not in {each.id for each in standing.conversation.rules}:
        raise ValueError("nothing of that name was suggested")
    talk, said = standing.talk, standing.talk.said
    fresh = rule not in said["unwanted"]
    talk.said = {**said, "unwanted": {**said["unwanted"], rule: reason}}
    talk.last_at = now
    looked_at = next(each for each in standing.conversation.rules if each.id == rule).when.questions()
    if fresh and not any(standing.conversation.questions[key].sensitive for key in looked_at):
        row = {
            "council_id": talk.council_id,
            "conversation": talk.key,
            "rule": rule,
            "reason": reason,
            "day": now.date(),
        }
        _more(db.session(), UnwantedCount, row, {"times": 1}, ("times",))


def take_back(standing: Standing, rule: str, now: dt.datetime) -> None:
    """A suggestion that was put aside is shown again."""
    said = standing.talk.said
    kept = {key: reason for key, reason in said["unwanted"].items() if key != rule}
    standing.talk.said, standing.talk.last_at = {**said, "unwanted": kept}, now


def paper_code(talk: Talk, now: dt.datetime) -> str:
    """A new code that brings the talk back; an older one does not any more. Shown once: only its hash is kept."""
    code = "".join(secrets.choice(ALPHABET) for _each in range(12))
    talk.code, talk.last_at = sealing.keyed(code, "talk code"), now
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def mail_token(talk: Talk, now: dt.datetime) -> str:
    """What stands in a mailed address that brings the talk back; an older one does not any more."""
    token = sealing.token()
    talk.link, talk.last_at = sealing.hashed(token), now
    return token


def tidy_code(typed: str) -> str:
    """A code as it was made, however it was typed: small letters, blanks, O for nought."""
    code = "".join(typed.upper().split()).replace("-", "").translate(_LOOKALIKES)
    return code if len(code) == 12 and set(code) <= set(ALPHABET) else ""


def delete(session: orm.Session, talk: Talk, left_at: Iterable[str], now: dt.datetime) -> None:
    """The talk and all that was said in it is gone. left_at: the questions where it ended, if before its end."""
    for question in left_at:
        _add(session, talk, question, now.date(), {"left": 1})
    session.execute(sa.delete(Talk).where(Talk.id == talk.id))


def left_at(standing: Standing | None) -> list[str]:
    """The questions that somebody had before them when they went; none where they came to the end."""
    if standing is None or standing.talk.finished or standing.walk.next_step is None:
        return []
    seen = standing.walk.seen
    return [q.id for q in standing.walk.next_step.questions if q.id not in seen and q.type != "info"]
