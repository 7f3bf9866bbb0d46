"""Conversations to choose equipment by: short, about a task that there is, and ending in one or two things."""

from collections.abc import Iterator

from portal.selfhelp.lint.finding import Draft, Finding

MOST_QUESTIONS, MOST_THINGS = 6, 2


def choosing(draft: Draft) -> Iterator[Finding]:
    """What a conversation to choose by must be; nothing of others."""
    if not draft.conversation.choosing:
        return
    yield from _task(draft)
    asked = [question for question, _spot in draft.questions() if question.type not in ("info", "postcode")]
    if len(asked) > MOST_QUESTIONS:
        yield draft.whole.part("pages").warning(
            "choosing-long",
            f"It asks {len(asked)} things. Nobody chooses a thing by so many questions.",
            f"Ask at most {MOST_QUESTIONS}.",
        )
    for rule, spot in draft.rules():
        if len(rule.shown.equipment) > MOST_THINGS:
            yield spot.part("show").warning(
                "choosing-many",
                f"It shows {len(rule.shown.equipment)} pieces of equipment, which leaves the choice to do.",
                f"Show the {MOST_THINGS} that fit best.",
            )


def _task(draft: Draft) -> Iterator[Finding]:
    task, tasks = draft.conversation.choosing, draft.around.keys.get("task")
    if tasks is not None and task not in tasks:
        yield draft.whole.part("choosing").error(
            "dangling", f"There is no task {task}.", "Use one that there is in the equipment house."
        )
