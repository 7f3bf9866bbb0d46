"""How the questions of a conversation do: where people skip or leave. Counts only; small ones are not told."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from portal.db import db
from portal.selfhelp.conversation import Conversation, Question
from portal.selfhelp.models import QuestionCount

# Fewer people than this might be known by what else is known of a day or a place.
FEWEST = 10


@dataclass(frozen=True)
class Figure:
    """One question's counts. None: too few to tell. share_left: of those who saw it, in per cent."""

    question: Question
    shown: int | None
    answered: int | None
    skipped: int | None
    left: int | None
    share_left: int | None

    @property
    def is_known(self) -> bool:
        """Whether enough people have seen it."""
        return self.shown is not None


def figures(council_id: uuid.UUID, conversation: Conversation, *, since: dt.date) -> list[Figure]:
    """The counts of each question since a day, over all versions, in the order of the conversation."""
    count = QuestionCount
    sums = (sa.func.sum(one) for one in (count.shown, count.answered, count.skipped, count.left))
    asked = (
        sa.select(count.question, *sums)
        .where(count.council_id == council_id, count.conversation == conversation.id, count.day >= since)
        .group_by(count.question)
    )
    rows = {row[0]: tuple(int(number or 0) for number in row[1:]) for row in db.session.execute(asked)}
    return [
        _figure(question, rows.get(key, (0, 0, 0, 0))) for key, question in conversation.questions.items()
    ]


def _figure(question: Question, counts: tuple[int, ...]) -> Figure:
    shown, answered, skipped, left = counts
    if shown < FEWEST:
        return Figure(question, None, None, None, None, None)
    if question.sensitive or question.type == "info":  # whether it was answered is not counted at all
        told: list[int | None] = [None, None, left if left == 0 or left >= FEWEST else None]
    else:
        told = _hidden(answered, skipped, left)
    share = round(100 * told[2] / shown) if told[2] is not None else None
    return Figure(question, shown, told[0], told[1], told[2], share)


def _hidden(*counts: int) -> list[int | None]:
    """The counts without small ones. They add up, so where one is hidden, the next smallest is hidden with it."""
    order = sorted((at for at, number in enumerate(counts) if number), key=lambda at: counts[at])
    small = [at for at in order if counts[at] < FEWEST]
    hidden = set(order[: max(2, len(small))]) if small else set()
    return [None if at in hidden else number for at, number in enumerate(counts)]
