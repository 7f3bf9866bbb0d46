"""What may help, as it is shown: topics with the services near the person, articles, equipment, conversations.

The topics come from `recommend`, which is pure; here they meet the directory. A service stands under the first topic
that finds it. There is always something: where no topic is left, what the conversation says otherwise.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal import registry
from portal.councils.models import Council
from portal.directory import finding, where
from portal.directory.finding import Row
from portal.directory.forms import Asked
from portal.geo import Place
from portal.registry import Searchable
from portal.selfhelp import recommend
from portal.selfhelp.conversation import Shown
from portal.selfhelp.queries import Standing
from portal.selfhelp.questions import Walk, strengths
from portal.selfhelp.recommend import MOST_AT_FIRST, Topic

# Services of one topic: enough to choose from, few enough to read.
_MOST_SERVICES = 2


@dataclass(frozen=True)
class Help:
    """A topic with what it leads to. more: where all services of its kind are; total: how many."""

    topic: Topic
    rows: tuple[Row, ...] = ()
    total: int = 0
    more: str = ""
    articles: tuple[Searchable, ...] = ()
    equipment: tuple[Searchable, ...] = ()
    conversations: tuple[Searchable, ...] = ()


@dataclass(frozen=True)
class Results:
    """All that the page of results shows. hidden: how many topics "show more" would add."""

    strengths: tuple[str, ...]
    urgent: tuple[Help, ...]
    helps: tuple[Help, ...]
    otherwise: Help | None
    hidden: int
    aside: tuple[tuple[Topic, str], ...]
    place: Place | None


def results(
    council: Council, standing: Standing, remembered: Place | None, today: dt.date, *, everything: bool
) -> Results:
    """What may help this person, best first. remembered: where they last searched from."""
    topics = recommend.topics(standing.walk, standing.name)
    urgent = [topic for topic in topics if topic.is_urgent]
    plain = [topic for topic in topics if not topic.is_urgent and topic.rule not in standing.unwanted]
    shown = plain if everything else plain[:MOST_AT_FIRST]
    place = _place(standing.walk) or remembered
    nothing = [] if urgent or plain else [_otherwise(standing.conversation.otherwise)]
    helps = _helps(council, [*urgent, *shown, *nothing], place, today, _postcode(standing.walk))
    return Results(
        strengths(standing.walk, standing.name),
        tuple(helps[: len(urgent)]),
        tuple(helps[len(urgent) : len(urgent) + len(shown)]),
        helps[-1] if nothing else None,
        len(plain) - len(shown),
        tuple(
            (topic, standing.unwanted[topic.rule])
            for topic in topics
            if topic.rule in standing.unwanted and not topic.is_urgent
        ),
        place,
    )


def _otherwise(shown: Shown) -> Topic:
    """What is shown to somebody for whom no topic is left."""
    return Topic("otherwise", "", "", "", recommend.NOTHING, shown)


def _asked_postcode(walk: Walk) -> tuple[str, bool]:
    """The postcode that was given, and whether the question was sensitive."""
    for question in walk.asked:
        said = walk.counted.get(question.id)
        if question.type == "postcode" and isinstance(said, str):
            return said, question.sensitive
    return "", False


def _place(walk: Walk) -> Place | None:
    postcode, _sensitive = _asked_postcode(walk)
    return where.place_of(postcode) if postcode else None


def _postcode(walk: Walk) -> str | None:
    """The postcode as it may stand in an address of the directory's search."""
    postcode, sensitive = _asked_postcode(walk)
    return postcode if postcode and not sensitive else None


def _helps(
    council: Council, topics: Sequence[Topic], place: Place | None, today: dt.date, postcode: str | None
) -> list[Help]:
    """The topics with what they lead to."""
    things = {(thing.kind, thing.key): thing for thing in registry.searchables()}
    searches = [_wanted(topic.shown) for topic in topics]
    found = iter(finding.few(council, [one for one in searches if one], place, today, most=_MOST_SERVICES))

    def known(kind: str, keys: Iterable[str]) -> tuple[Searchable, ...]:
        return tuple(things[kind, key] for key in keys if (kind, key) in things)

    helps = []
    for topic, search in zip(topics, searches, strict=True):
        few = next(found) if search else finding.Few((), 0)
        helps.append(
            Help(
                topic,
                few.rows,
                few.total,
                Asked(chosen=search, place=postcode or "").address() if search else "",
                known("article", topic.shown.articles),
                known("equipment", topic.shown.equipment),
                known("conversation", topic.shown.conversations),
            )
        )
    return helps


def _wanted(shown: Shown) -> dict[str, tuple[str, ...]]:
    """The categories and needs of a topic, as one search."""
    chosen: dict[str, tuple[str, ...]] = {}
    for search in shown.searches:
        for kind, key in search.items():
            chosen[kind] = (*chosen.get(kind, ()), key)
    return chosen
