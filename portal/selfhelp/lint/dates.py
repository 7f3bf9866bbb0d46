"""Dates: when the conversation is looked at again, and when its evidence was last opened."""

import datetime as dt
from collections.abc import Iterator, Mapping

from portal.selfhelp.lint.finding import Draft, Finding, Spot

YEAR = dt.timedelta(days=366)


def review(draft: Draft) -> Iterator[Finding]:
    """The review of a conversation."""
    return review_of(draft.whole.part("review"), draft.conversation.review, draft.around.today)


def review_of(spot: Spot, said: Mapping[str, str], today: dt.date) -> Iterator[Finding]:
    """The review: that there is one, that it is not due, and not too far away."""
    days = {name: _day(said.get(name, "")) for name in ("last", "next")}
    for name, words in (("last", "when it was last reviewed"), ("next", "when it will be reviewed")):
        if not said.get(name):
            yield spot.warning("no-review", f"It does not say {words}.", f"Add {name}: and a date.")
        elif days[name] is None:
            yield _no_date(spot.part(name), said[name])
    last, following = days["last"], days["next"]
    if last and last > today:
        yield spot.part("last").error(
            "review-to-come", "The last review is still to come.", "Correct the date."
        )
    if following and following < (last or today):
        yield spot.part("next").error(
            "review-backwards" if last else "review-due",
            "The next review is in the past.",
            "Write a new date.",
        )
    elif following and following < today:
        yield spot.part("next").warning(
            "review-due", "The review was due.", "Read everything again, and write new dates."
        )
    elif following and following - (last or today) > YEAR:
        yield spot.part("next").warning(
            "review-too-far",
            "The next review is more than 12 months after the last.",
            "Choose an earlier date.",
        )


def evidence(draft: Draft) -> Iterator[Finding]:
    """What each recommendation rests on: that it says so, and that somebody looked at it in the past 12 months."""
    for rule, spot in draft.rules():
        at, said = spot.part("evidence"), rule.evidence
        if not said.source:
            yield at.error("no-source", "It does not say what it rests on.", "Add evidence with a source.")
        checked = _day(said.checked)
        if not said.checked and _day(said.added):
            yield at.advice(
                "not-opened",
                "Nobody has opened the source yet.",
                "Open it, see that it says so, and add checked: the day.",
            )
        elif not said.checked:
            yield at.warning(
                "not-checked", "It does not say when the source was opened.", "Add checked: a date."
            )
        elif checked is None:
            yield _no_date(at, said.checked)
        elif checked > draft.around.today:
            yield at.error("checked-to-come", "The source was opened on a day to come.", "Correct the date.")
        elif draft.around.today - checked > YEAR:
            yield at.warning(
                "old-evidence",
                "Nobody has opened the source for more than 12 months.",
                "Open it, see that it still says so, and write the day.",
            )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _no_date(spot: Spot, text: str) -> Finding:
    return spot.error("bad-date", f"“{text}” is no date.", "Write it as 2026-11-25.")
