"""What is asked of an entry: what it costs, what it can show, where to find it, and the code of conduct."""

from collections.abc import Sequence
from typing import Any

from portal import money
from portal.directory import queries
from portal.directory.drafts import CostDraft, MarkDraft
from portal.directory.proposing import CONDUCT
from portal.directory.questions_of_place import typed_date
from portal.directory.steps import Choice, Group, Several, Step, StringField, Tick, Ticks, Writing, refused
from portal.forms import DateField, MoneyField
from portal.i18n import _, short_date

_MOST_SUGGESTED = 3


def units() -> dict[str, str]:
    """What a price is for, in words."""
    return {
        "a session": _("a session"),
        "a visit": _("a visit"),
        "an hour": _("an hour"),
        "a day": _("a day"),
        "a night": _("a night"),
        "a week": _("a week"),
        "a month": _("a month"),
        "a year": _("a year"),
        "a meal": _("a meal"),
        "a journey": _("a journey"),
        "a mile": _("a mile"),
        "each": _("each"),
    }


class Costs(Several):
    """What it costs, with what the price is for."""

    key, fields_of, thing = "cost", ("costs", "is_free"), "costs"
    is_free = Tick()
    amount = MoneyField()
    unit = Choice()
    words = StringField()
    longest = {"words": 300}

    @classmethod
    def title(cls) -> str:
        return _("What does it cost?")

    def lead(self) -> str:
        return _("A number helps people decide. Add one line for each price.")

    @classmethod
    def filled(cls, writing: Writing) -> dict[str, Any]:
        return {"is_free": writing.draft.is_free}

    @classmethod
    def of_item(cls, item: CostDraft, writing: Writing) -> dict[str, Any]:
        amount = "" if item.pence is None else f"{item.pence // 100}.{item.pence % 100:02d}"
        return {"amount": amount, "unit": item.unit, "words": item.words, **cls.filled(writing)}

    def asked(self) -> dict[str, str]:
        return {
            "is_free": _("It is free"),
            "amount": _("Price in pounds"),
            "unit": _("For what?"),
            "words": _("In your own words (if you like)"),
        }

    def own_fields(self) -> tuple[str, ...]:
        return ("amount", "words")

    def hints(self) -> dict[str, str]:
        return {
            "amount": _("Such as 4.50."),
            "words": _("Such as: £4.50 with a hot meal. We write it from the price if you leave this empty."),
        }

    def prepare(self, writing: Writing) -> None:
        known = {
            **units(),
            **{cost.unit: cost.unit for cost in writing.draft.costs if cost.unit not in units()},
        }
        known.pop("", None)
        self.unit.groups = (Group("", tuple(known.items())),)

    def make(self, writing: Writing, old: CostDraft | None) -> CostDraft:
        if self.is_free.data:
            raise refused(
                "is_free", _("You ticked that it is free, and typed a price. Take one of them away")
            )
        pence, unit, words = self.amount.pence, self.unit.one(), self.words.data or ""
        if pence is not None and pence < 0:
            raise refused("amount", _("Type an amount in pounds, such as 12.50"))
        if not words and pence is not None:
            words = " ".join(filter(None, (money.pounds(pence), units().get(unit, unit))))
        return CostDraft(words, pence, unit)

    def whole(self, writing: Writing) -> dict[str, Any]:
        return {"is_free": bool(self.is_free.data)}

    def kept(self, writing: Writing, items: list[Any]) -> dict[str, Any]:
        if items and self.is_free.data:
            raise refused(
                "is_free", _("You ticked that it is free, and there are prices. Take them away first")
            )
        return super().kept(writing, items)


class Marks(Several):
    """What the service can show the council: insurance, checks, schemes."""

    key, fields_of, thing = "marks", ("marks",), "marks"
    kind = Choice()
    reference = StringField()
    expires = DateField()
    longest = {"reference": 120}

    @classmethod
    def title(cls) -> str:
        return _("What can you show?")

    def lead(self) -> str:
        return _(
            "Insurance, checks of your staff, schemes that you belong to. The council may ask to see the papers. "
            "People see what you have; they do not see the number."
        )

    @classmethod
    def items(cls, writing: Writing) -> tuple[MarkDraft, ...]:
        return tuple(mark for mark in writing.draft.marks if mark.kind != CONDUCT)

    @classmethod
    def of_item(cls, item: MarkDraft, writing: Writing) -> dict[str, Any]:
        return {"kind": item.kind, "reference": item.reference, "expires": typed_date(item.expires_on)}

    def asked(self) -> dict[str, str]:
        return {
            "kind": _("What is it?"),
            "reference": _("Its number, or where the paper is"),
            "expires": _("Until when does it hold?"),
        }

    def hints(self) -> dict[str, str]:
        return {
            "reference": _("Such as: policy AB 12345, Sea Insurance."),
            "expires": _("Such as 31/3/2027."),
        }

    def prepare(self, writing: Writing) -> None:
        known = tuple((node.key, node.name) for node in queries.taxonomy("mark") if node.key != CONDUCT)
        self.kind.groups = (Group("", known, english=True),)

    def make(self, writing: Writing, old: MarkDraft | None) -> MarkDraft:
        kind, reference = self.kind.one(), self.reference.data or ""
        if not kind:
            raise refused("kind", _("Choose what it is"))
        if not reference:
            raise refused("reference", _("Type its number, or say where the council can see the paper"))
        day, today = self.expires.day, writing.today
        if day is not None and day < today:
            raise refused(
                "expires", _("This ended on %(date)s. Add it once you have the new one", date=short_date(day))
            )
        return MarkDraft(kind, day, reference)

    def kept(self, writing: Writing, items: list[Any]) -> dict[str, Any]:
        conduct = tuple(mark for mark in writing.draft.marks if mark.kind == CONDUCT)
        return self.change(writing, marks=(*items, *conduct))


def term_groups(taxonomy: str) -> tuple[Group, ...]:
    """The terms of a taxonomy to choose from, in their groups."""
    nodes = queries.taxonomy(taxonomy)
    flat = tuple((node.key, node.name) for node in nodes if not node.below)
    grouped = [
        Group(node.name, tuple((one.key, one.name) for one in node.below), english=True)
        for node in nodes
        if node.below
    ]
    return (Group("", flat, english=True), *grouped) if flat else tuple(grouped)


class Category(Step):
    """What it is like: the provider suggests, the council sets it."""

    key, columns_of = "category", ("suggested",)
    first = Choice()
    second = Choice()
    third = Choice()
    needs = Ticks()

    @classmethod
    def title(cls) -> str:
        return _("Where should people find it?")

    @classmethod
    def filled(cls, writing: Writing) -> dict[str, Any]:
        return term_data(writing.proposal.suggested or list(writing.draft.terms))

    def lead(self) -> str:
        if self.writing.proposal.by_editor:
            return _("The first one is the one that fits best.")
        return _("This is what you suggest. The council decides in the end.")

    def asked(self) -> dict[str, str]:
        return {
            "first": _("Which of these fits best?"),
            "second": _("Another one that fits (if there is one)"),
            "third": _("And one more (if there is one)"),
            "needs": _("What does it help with?"),
        }

    def prepare(self, writing: Writing) -> None:
        groups = term_groups("category")
        for name in ("first", "second", "third"):
            self[name].groups = groups
        self.needs.groups = term_groups("need")

    def terms(self) -> list[str]:
        """What was chosen, the best first."""
        categories = [self[name].one() for name in ("first", "second", "third")]
        return list(dict.fromkeys([*filter(None, categories), *self.needs.chosen()]))

    def answer(self, writing: Writing) -> dict[str, Any]:
        return {"suggested": self.terms()}


def term_data(terms: Sequence[str]) -> dict[str, Any]:
    """Terms by the names of the fields that ask for them."""
    known = {value for group in term_groups("category") for value, _label in group.choices}
    categories = [*(term for term in terms if term in known), "", "", ""][:_MOST_SUGGESTED]
    return {
        **dict(zip(("first", "second", "third"), categories, strict=True)),
        "needs": [term for term in terms if term not in known],
    }


class Conduct(Step):
    """The council's code of conduct, to sign."""

    key, columns_of = "conduct", ("signed_by",)
    name = StringField()
    agreed = Tick()
    longest = {"name": 80}

    @classmethod
    def title(cls) -> str:
        return _("Our code of conduct")

    @classmethod
    def filled(cls, writing: Writing) -> dict[str, Any]:
        return {"name": writing.proposal.signed_by, "agreed": bool(writing.proposal.signed_by)}

    def lead(self) -> str:
        return _(
            "People trust what stands on this site. So we ask everybody who offers something here to promise this:"
        )

    @staticmethod
    def promises() -> list[str]:
        """What is promised."""
        return [
            _("We treat everybody with kindness and respect, whoever they are."),
            _("We keep people safe, and tell the council at once when somebody may be harmed."),
            _("What we say here is true, and we change it when it changes."),
            _("We tell people what it costs before they start, and never press anybody to buy."),
            _("We keep what people tell us private."),
            _("We have the insurance and the checks that the law asks for."),
        ]

    def asked(self) -> dict[str, str]:
        return {"agreed": _("We promise this"), "name": _("Your name")}

    def answer(self, writing: Writing) -> dict[str, Any]:
        if not self.agreed.data:
            raise refused(
                "agreed", _("Tick the box if you promise this. If you cannot, skip this step and ring us")
            )
        if not self.name.data:
            raise refused("name", _("Type your name. It stands in place of your signature"))
        return {"sign": self.name.data}
