"""What is asked of an entry: what it is, who runs it, who it is for, how to get in, and how to reach it."""

import re
import uuid
from dataclasses import replace
from typing import Any

from portal.accounts.forms import EmailField
from portal.directory import differences, queries, telling
from portal.directory.drafts import OrganisationDraft, as_json
from portal.directory.models import KINDS
from portal.directory.proposing import run_by
from portal.directory.steps import (
    Group,
    Radio,
    Step,
    StringField,
    TextAreaField,
    Ticks,
    Writing,
    refused,
)
from portal.i18n import _

# Spoken in Britain's homes, the most common first; British Sign Language beside them. Source: ONS, Census 2021.
LANGUAGES = (
    *("cy", "pl", "ro", "pa", "ur", "pt", "es", "ar", "bn", "gu", "it", "fr", "so", "zh", "ta", "tr", "hu"),
    *("lt", "fa", "bfi"),
)
_AGE = re.compile(r"\d{1,3}", re.ASCII)
_OLDEST = 120
# Digits, and what people write between them; "ext. 12" at the end.
_PHONE = re.compile(r"\+?[\d\s().-]{3,25}((ext\.?|x)\s*\d{1,6})?", re.ASCII | re.IGNORECASE)
_FEWEST_DIGITS, _MOST_DIGITS = 3, 21
_MOST_SUGGESTED = 3


class Name(Step):
    """What it is called, and what it is."""

    key, fields_of = "name", ("name", "kind", "also_known_as")
    name = StringField()
    kind = Radio()
    also = StringField()
    longest = {"name": 200, "also": 400}
    required = frozenset({"name", "kind"})

    @classmethod
    def title(cls) -> str:
        return _("What is it called?")

    @classmethod
    def filled(cls, writing: Writing) -> dict[str, Any]:
        draft = writing.draft
        return {
            "name": draft.name,
            "kind": draft.kind if draft.name else "",
            "also": ", ".join(draft.also_known_as),
        }

    def asked(self) -> dict[str, str]:
        return {
            "name": _("Name"),
            "kind": _("What is it?"),
            "also": _("Other names that people use (if there are any)"),
        }

    def hints(self) -> dict[str, str]:
        return {
            "name": _("As it stands on your door or your leaflet, such as Thursday Lunch Club."),
            "also": _("Put commas between them."),
        }

    def demands(self) -> dict[str, str]:
        return {"name": _("Type its name"), "kind": _("Choose what it is")}

    def prepare(self, writing: Writing) -> None:
        words = differences.kinds()
        self.kind.choices = [(kind, words[kind]) for kind in KINDS]

    def answer(self, writing: Writing) -> dict[str, Any]:
        if not self.kind.one():
            raise refused("kind", _("Choose what it is"))
        names = (" ".join(name.split())[:80] for name in (self.also.data or "").split(","))
        return self.change(
            writing,
            name=self.name.data,
            kind=self.kind.one(),
            also_known_as=tuple(dict.fromkeys(filter(None, names))),
        )


class About(Step):
    """What it does, in one sentence and in full."""

    key, fields_of = "about", ("summary", "description")
    summary = TextAreaField()
    description = TextAreaField()
    longest = {"summary": 400, "description": 8000}
    required = frozenset({"summary"})

    @classmethod
    def title(cls) -> str:
        return _("What do you do?")

    @classmethod
    def filled(cls, writing: Writing) -> dict[str, Any]:
        return {"summary": writing.draft.summary, "description": writing.draft.description}

    def asked(self) -> dict[str, str]:
        return {"summary": _("In one sentence"), "description": _("In full (if there is more to say)")}

    def hints(self) -> dict[str, str]:
        return {
            "summary": _(
                "This stands in lists. Say what people get, such as: A hot lunch and good company every Thursday."
            ),
            "description": _(
                "What happens, what to bring, what people like about it. Short sentences are best. "
                "Leave an empty line between paragraphs."
            ),
        }

    def demands(self) -> dict[str, str]:
        return {"summary": _("Say in one sentence what people get")}

    def answer(self, writing: Writing) -> dict[str, Any]:
        return self.change(
            writing, summary=" ".join((self.summary.data or "").split()), description=self.description.data
        )


NEW = "new"


def organisation_kinds() -> list[tuple[str, str]]:
    """What an organisation can be."""
    return [
        ("charity", _("A charity")),
        ("community", _("A community group or club")),
        ("faith", _("A place of worship or faith group")),
        ("cic", _("A social enterprise")),
        ("company", _("A company")),
        ("sole-trader", _("One person who works for themselves")),
        ("council", _("Part of a council")),
        ("nhs", _("Part of the NHS")),
    ]


class WhoRuns(Step):
    """The organisation: one of the writer's own, or a new one."""

    key, columns_of = "organisation", ("organisation_id", "run_by")
    which = Radio()
    name = StringField()
    kind = Radio()
    about = TextAreaField()
    longest = {"name": 200, "about": 2000}

    @classmethod
    def title(cls) -> str:
        return _("Who runs it?")

    @classmethod
    def filled(cls, writing: Writing) -> dict[str, Any]:
        told, proposal = run_by(writing.proposal), writing.proposal
        new = {"name": told.name, "kind": told.kind, "about": told.description} if told else {}
        which = str(proposal.organisation_id or "") or (NEW if told or not writing.mine else "")
        return {"which": which, **new}

    def lead(self) -> str:
        return _("A charity, a company, a club, or just you.")

    def asked(self) -> dict[str, str]:
        which = {"which": _("Which of these?")} if self.which.choices else {}
        return {
            **which,
            "name": _("Its name"),
            "kind": _("What sort of organisation is it?"),
            "about": _("What people should know about it (if you like)"),
        }

    def hints(self) -> dict[str, str]:
        only_new = (
            _("Fill this in only for an organisation that is not in the list above.")
            if self.which.choices
            else ""
        )
        return {"name": only_new}

    def prepare(self, writing: Writing) -> None:
        self.kind.choices = organisation_kinds()
        if writing.mine:
            self.which.choices = [*writing.mine.items(), (NEW, _("Another organisation"))]
            self.which.label.text = _("Which of these?")

    def answer(self, writing: Writing) -> dict[str, Any]:
        which = self.which.one() if writing.mine else NEW
        if not which:
            raise refused("which", _("Choose who runs it"))
        if which != NEW:
            return {"organisation_id": uuid.UUID(which), "run_by": {}}
        if not self.name.data:
            raise refused("name", _("Type the name of the organisation"))
        told = OrganisationDraft("", self.name.data, self.about.data or "", self.kind.one())
        return {"organisation_id": None, "run_by": as_json(told)}


class WhoFor(Step):
    """Who it is for, and how people start."""

    key = "who-for"
    fields_of = ("who_for", "minimum_age", "maximum_age", "how_to_start")
    who_for = TextAreaField()
    youngest = StringField()
    oldest = StringField()
    how_to_start = TextAreaField()
    longest = {"who_for": 1000, "how_to_start": 1000}

    @classmethod
    def title(cls) -> str:
        return _("Who is it for, and how do they start?")

    @classmethod
    def filled(cls, writing: Writing) -> dict[str, Any]:
        draft = writing.draft
        return {
            "who_for": draft.who_for,
            "youngest": "" if draft.minimum_age is None else str(draft.minimum_age),
            "oldest": "" if draft.maximum_age is None else str(draft.maximum_age),
            "how_to_start": draft.how_to_start,
        }

    def lead(self) -> str:
        return _("You can leave out what does not matter for you.")

    def asked(self) -> dict[str, str]:
        return {
            "who_for": _("Who is it for?"),
            "youngest": _("Youngest age, in years"),
            "oldest": _("Oldest age, in years"),
            "how_to_start": _("How do people start?"),
        }

    def hints(self) -> dict[str, str]:
        return {
            "who_for": _("Such as: Anybody who lives on their own."),
            "how_to_start": _("Such as: Just come along. Or: Ring us, and we will visit you first."),
        }

    def answer(self, writing: Writing) -> dict[str, Any]:
        low, high = self._age("youngest"), self._age("oldest")
        if low is not None and high is not None and low > high:
            raise refused(
                "youngest", _("The youngest age is higher than the oldest. Put them the other way round")
            )
        return self.change(
            writing,
            who_for=self.who_for.data,
            minimum_age=low,
            maximum_age=high,
            how_to_start=self.how_to_start.data,
        )

    def _age(self, name: str) -> int | None:
        text = self[name].data or ""
        if not text:
            return None
        if not _AGE.fullmatch(text) or int(text) > _OLDEST:
            raise refused(name, _("Type an age in years, such as 18"))
        return int(text)


class GettingIn(Step):
    """What makes the venues easy to use, and the languages spoken."""

    key, fields_of = "getting-in", ("venues", "languages")
    features = Ticks()
    languages = Ticks()

    @classmethod
    def title(cls) -> str:
        return _("Getting in, and being understood")

    @classmethod
    def filled(cls, writing: Writing) -> dict[str, Any]:
        draft = writing.draft
        ticked = [f"{at}:{key}" for at, venue in enumerate(draft.venues) for key in venue.access]
        return {"features": ticked, "languages": list(draft.languages)}

    def asked(self) -> dict[str, str]:
        features = {"features": _("What makes it easier to use?")} if self.writing.draft.venues else {}
        return {**features, "languages": _("Which languages do you speak, besides English?")}

    def hints(self) -> dict[str, str]:
        return {"features": _("Tick only what is there today. People plan by it.")}

    def prepare(self, writing: Writing) -> None:
        draft, names = writing.draft, queries.access_names()
        self.features.groups = tuple(
            Group(
                venue.name or venue.address if len(draft.venues) > 1 else "",
                tuple((f"{at}:{key}", name) for key, name in names.items()),
                english=True,
            )
            for at, venue in enumerate(draft.venues)
        )
        codes = dict.fromkeys((*LANGUAGES, *draft.languages))
        self.languages.groups = (
            Group("", tuple((code, telling.language_name(code) or code) for code in codes)),
        )

    def answer(self, writing: Writing) -> dict[str, Any]:
        ticked = [value.split(":", 1) for value in self.features.chosen()]
        venues = tuple(
            replace(venue, access=tuple(key for number, key in ticked if number == str(at)))
            for at, venue in enumerate(writing.draft.venues)
        )
        return self.change(writing, venues=venues, languages=tuple(self.languages.chosen()))


class Contact(Step):
    """How people reach the service."""

    key, fields_of = "contact", ("phone", "email", "website", "contact")
    phone = StringField()
    email = EmailField()
    website = StringField()
    contact = StringField()
    longest = {"phone": 40, "email": 120, "website": 400, "contact": 120}

    @classmethod
    def title(cls) -> str:
        return _("How do people reach you?")

    @classmethod
    def filled(cls, writing: Writing) -> dict[str, Any]:
        return {name: getattr(writing.draft, name) for name in cls.fields_of}

    def lead(self) -> str:
        return _("Everybody can read what you put here. One way is enough; a telephone number helps most.")

    def asked(self) -> dict[str, str]:
        return {
            "phone": _("Telephone"),
            "email": _("E-mail address"),
            "website": _("Website"),
            "contact": _("Whom to ask for (if you like)"),
        }

    def hints(self) -> dict[str, str]:
        return {"contact": _("Only somebody who has agreed to be named.")}

    def answer(self, writing: Writing) -> dict[str, Any]:
        phone, website = self.phone.data or "", self.website.data or ""
        digits = sum(map(str.isdigit, phone))
        if phone and not (_PHONE.fullmatch(phone) and _FEWEST_DIGITS <= digits <= _MOST_DIGITS):
            raise refused("phone", _("Type a telephone number, such as 01632 960 001"))
        if website and not telling.web_address(website):
            raise refused("website", _("Type a web address, such as www.example.org"))
        return self.change(
            writing,
            phone=phone,
            email=self.email.data or "",
            website=website,
            contact=self.contact.data or "",
        )
