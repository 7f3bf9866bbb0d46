"""Counts of questions: sums over days and versions, of one council, and never a small number."""

import datetime as dt
import uuid

import pytest
from flask import Flask

from portal.db import db
from portal.selfhelp import authoring, figures
from portal.selfhelp.figures import Figure
from portal.selfhelp.models import QuestionCount
from tests import make
from tests.selfhelp.starter import text_of

DAY = dt.date(2026, 11, 1)


@pytest.fixture(autouse=True)
def on_each(each_site: Flask) -> Flask:
    """On both databases."""
    return each_site


def count(question: str, shown: int, answered: int, skipped: int, left: int, **more: object) -> None:
    """A day's counts of a question."""
    facts: dict[str, object] = {"council_id": make.council().id, "version": 1, "day": DAY, **more}
    counts = {"shown": shown, "answered": answered, "skipped": skipped, "left": left}
    db.session.add(QuestionCount(conversation="everyday-life", question=question, **counts, **facts))
    db.session.flush()


def figure(question: str, council_id: uuid.UUID | None = None) -> Figure:
    """What an editor is told of a question."""
    found = figures.figures(council_id or make.council().id, authoring.read(text_of()), since=DAY)
    return next(one for one in found if one.question.id == question)


def test_days_and_versions_are_summed() -> None:
    count("stairs", 60, 40, 10, 10)
    count("stairs", 40, 25, 5, 10, day=DAY + dt.timedelta(1), version=2)
    count("stairs", 99, 99, 0, 0, day=DAY - dt.timedelta(1))
    told = figure("stairs")
    assert (told.shown, told.answered, told.skipped, told.left, told.share_left) == (100, 65, 15, 20, 20)


def test_few_people_are_not_told_of_at_all() -> None:
    count("stairs", 9, 9, 0, 0)
    assert figure("stairs").is_known is False
    assert figure("chair").is_known is False


def test_a_small_number_cannot_be_worked_out_from_the_others() -> None:
    count("stairs", 100, 80, 17, 3)
    told = figure("stairs")
    assert (told.answered, told.skipped, told.left) == (80, None, None)


def test_nobody_is_told_as_nobody() -> None:
    count("stairs", 100, 100, 0, 0)
    assert (figure("stairs").skipped, figure("stairs").left, figure("stairs").share_left) == (0, 0, 0)


def test_of_a_sensitive_question_only_showing_and_leaving_is_told() -> None:
    count("now", 100, 0, 0, 12)
    told = figure("now")
    assert (told.shown, told.answered, told.skipped, told.left) == (100, None, None, 12)


def test_counts_of_another_council_are_not_mine() -> None:
    count("stairs", 100, 90, 10, 0)
    assert figure("stairs", uuid.uuid4()).is_known is False
