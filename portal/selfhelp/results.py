"""What may help, as it is shown: topics with the services near the person, articles, equipment, conversations.

The topics come from `recommend`, which is pure; here they meet the directory. A service stands under the first topic
that finds it. There is always something: where no topic is left, what the conversation says otherwise.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for

from portal import registry
from portal.councils.models import Council
from portal.directory import finding, where
from portal.directory.finding import Row
from portal.geo import Place
from portal.registry import Searchable
from portal.selfhelp import recommend
from portal.selfhelp.conversation import Shown
from portal.selfhelp.queries import Standing
from portal.selfhelp.questions import Walk, strengths
from portal.selfhelp.recommend import MOST_AT_FIRST, Topic

# Services of one topic: enough to choose from, few enough to read.
_MOST_SERVICES = 3


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
    wanted = [topic for topic in topics if topic.rule not in standing.unwanted or topic.is_urgent]
    plain = [topic for topic in wanted if not topic.is_urgent]
    shown = plain if everything else plain[:MOST_AT_FIRST]
    place = _place(standing.walk) or remembered
    leads = _Leads(council, place, today, _postcode(standing.walk))
    urgent = tuple(leads.help(topic) for topic in wanted if topic.is_urgent)
    helps = tuple(leads.help(topic) for topic in shown)
    return Results(
        strengths(standing.walk, standing.name),
        urgent,
        helps,
        None if wanted else leads.otherwise(standing.conversation.otherwise),
        len(plain) - len(shown),
        tuple(
            (topic, standing.unwanted[topic.rule])
            for topic in topics
            if topic.rule in standing.unwanted and not topic.is_urgent
        ),
        place,
    )


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


class _Leads:
    """Where topics lead, in one council, from one place. What was shown once is not shown again."""

    def __init__(self, council: Council, place: Place | None, today: dt.date, postcode: str | None) -> None:
        self.council, self.place, self.today, self.postcode = council, place, today, postcode
        self.things = {(thing.kind, thing.key): thing for thing in registry.searchables()}
        self.shown: set[uuid.UUID] = set()

    def help(self, topic: Topic) -> Help:
        """The topic with what it leads to."""
        shown = topic.shown
        rows, total, more = self._services(shown)
        return Help(
            topic,
            rows,
            total,
            more,
            self._known("article", shown.articles),
            self._known("equipment", shown.equipment),
            self._known("conversation", shown.conversations),
        )

    def otherwise(self, shown: Shown) -> Help:
        """What is shown to somebody for whom no topic is left."""
        return self.help(Topic("otherwise", "", "", "", recommend.NOTHING, shown))

    def _services(self, shown: Shown) -> tuple[tuple[Row, ...], int, str]:
        chosen: dict[str, tuple[str, ...]] = {}
        for search in shown.searches:
            for kind, key in search.items():
                chosen[kind] = (*chosen.get(kind, ()), key)
        if not chosen:
            return (), 0, ""
        rows, total = finding.few(
            self.council, chosen, self.place, self.today, most=_MOST_SERVICES + len(self.shown)
        )
        new = tuple(row for row in rows if row.service.id not in self.shown)[:_MOST_SERVICES]
        self.shown |= {row.service.id for row in new}
        return new, total, url_for("directory.find", **chosen, postcode=self.postcode)

    def _known(self, kind: str, keys: Iterable[str]) -> tuple[Searchable, ...]:
        """What the keys name, as far as it is public here."""
        return tuple(self.things[kind, key] for key in keys if (kind, key) in self.things)
