"""What is asked of an entry: where it is, where it goes, and when."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any, ClassVar

from portal.directory import coverage, differences, hours, queries, telling, where
from portal.directory.drafts import AreaDraft, TimeDraft, VenueDraft
from portal.directory.search import DAYS
from portal.directory.steps import (
    Choice,
    Group,
    Several,
    Step,
    StringField,
    TextAreaField,
    Tick,
    Ticks,
    Writing,
    refused,
)
from portal.forms import DateField
from portal.geo import METRES_PER_MILE
from portal.i18n import _

_MILES = re.compile(r"\d{1,3}(\.\d)?", re.ASCII)
_FURTHEST = 300
_WEEKS = (1, 2, 3, 4, -1)


def typed_date(day: dt.date | None) -> str:
    """A date as people type it."""
    return f"{day.day}/{day.month}/{day.year}" if day else ""


class Venues(Several):
    """The places where people go to it."""

    key, fields_of, thing = "venues", ("venues",), "venues"
    name = StringField()
    address = StringField()
    address_2 = StringField()
    town = StringField()
    postcode = StringField()
    directions = TextAreaField()
    longest = {"name": 200, "address": 200, "address_2": 200, "town": 80, "postcode": 10, "directions": 600}
    required = frozenset({"address", "postcode"})

    @classmethod
    def title(cls) -> str:
        return _("Where do people come to you?")

    def lead(self) -> str:
        return _(
            "If nobody comes to you, because you go to people, or they ring you, leave this empty and go on."
        )

    @classmethod
    def of_item(cls, item: VenueDraft, writing: Writing) -> dict[str, Any]:
        return {name: getattr(item, name) for name in cls.longest}

    def asked(self) -> dict[str, str]:
        return {
            "name": _("Name of the place (if it has one)"),
            "address": _("Number and street"),
            "address_2": _("More of the address (if you need it)"),
            "town": _("Town or village"),
            "postcode": _("Postcode"),
            "directions": _("How to get there (if you like)"),
        }

    def hints(self) -> dict[str, str]:
        return {
            "name": _("Such as: St Anne’s Church Hall."),
            "directions": _("Bus stops, parking, which door."),
        }

    def demands(self) -> dict[str, str]:
        return {"address": _("Type the number and the street"), "postcode": _("Type the postcode")}

    def make(self, writing: Writing, old: VenueDraft | None) -> VenueDraft:
        typed: dict[str, Any] = {name: self[name].data or "" for name in self.longest}
        place = where.place_of(typed["postcode"])
        if place is None:
            raise refused("postcode", _("We cannot find this postcode. Check it: one looks like M33 7ZF"))
        if place.is_partial:
            raise refused("postcode", _("Type the whole postcode, such as M33 7ZF"))
        typed["postcode"] = place.label
        known: dict[str, Any] = {
            "easting": place.easting,
            "northing": place.northing,
            "authority": where.authority(place),
        }
        if old and old.postcode == place.label:
            known = {}  # somebody may have put the pin more exactly
        return replace(old or VenueDraft(""), **typed, **known)


class Areas(Step):
    """Where it goes to people. `kind` says of which coverage it is; Catchment asks the other."""

    key, fields_of, columns_of = "areas", ("areas",), ("far",)
    kind: ClassVar[str] = "comes_to_you"
    everywhere = Tick()
    codes = Ticks()
    circles = Ticks()
    miles = StringField()
    postcode = StringField()
    far = TextAreaField()
    longest = {"far": 600}

    @classmethod
    def title(cls) -> str:
        return _("Where do you go to people?")

    @classmethod
    def own(cls, writing: Writing) -> list[AreaDraft]:
        """The areas that the step is about."""
        return [area for area in writing.draft.areas if area.kind == cls.kind]

    @classmethod
    def filled(cls, writing: Writing) -> dict[str, Any]:
        own = cls.own(writing)
        codes = [area.code for area in own if area.code]
        return {
            "everywhere": coverage.EVERYWHERE in codes,
            "codes": codes,
            "circles": [str(at) for at, area in enumerate(own) if not area.code],
            "far": writing.proposal.far,
        }

    def lead(self) -> str:
        return _("Tick only where you really go. If people always come to you, leave this empty and go on.")

    def asked(self) -> dict[str, str]:
        circles = {"circles": _("Distances that you have told us")} if self.circles.groups else {}
        return {
            "everywhere": _("Anywhere in the country, by telephone, online or by post"),
            "codes": _("Councils and parts of them"),
            **circles,
            "miles": _("Or as far as so many miles"),
            "postcode": _("Around which postcode?"),
            **({"far": self.question} if self.question else {}),
        }

    def hints(self) -> dict[str, str]:
        return {
            "codes": _(
                "If you go everywhere in a council, tick the council. If not, tick the parts where you go."
            ),
            "miles": _("Such as 5."),
        }

    def prepare(self, writing: Writing) -> None:
        self.question = ""
        own, areas = self.own(writing), queries.areas()
        branches = coverage.tree(writing.council, areas)
        shown = {code for branch in branches for code in (branch.code, *dict(branch.wards))}
        others = {area.code for area in own if area.code} - shown - {coverage.EVERYWHERE}
        names = queries.area_names(others)
        more = tuple((code, names.get(code, code)) for code in sorted(others))
        self.codes.groups = (
            *(Group(b.name, ((b.code, _("All of %(name)s", name=b.name)), *b.wards)) for b in branches),
            *((Group(_("Elsewhere"), more),) if more else ()),
        )
        known = differences.names(writing.draft)
        circles = tuple(
            (str(at), differences.area(area, known)) for at, area in enumerate(own) if not area.code
        )
        self.circles.groups = (Group("", circles),) if circles else ()
        if writing.proposal.far or self.far.data:
            self.question = _("How do you manage to reach people so far away?")

    def answer(self, writing: Writing) -> dict[str, Any]:
        ticked = [*self.codes.chosen(), *([coverage.EVERYWHERE] if self.everywhere.data else [])]
        meant, out = coverage.without_parents(ticked, queries.area_parents())
        own, stay = self.own(writing), set(self.circles.chosen())
        areas = [AreaDraft(self.kind, code=code) for code in ticked if code in meant]
        areas += [area for at, area in enumerate(own) if not area.code and str(at) in stay]
        areas += self._circle()
        self._question(areas)
        rest = tuple(area for area in writing.draft.areas if area.kind != self.kind)
        kept = {**self.change(writing, areas=(*rest, *areas)), "far": self.far.data or ""}
        return {**kept, "tell": self._left_out(out, meant)} if out else kept

    def _circle(self) -> list[AreaDraft]:
        miles, postcode = self.miles.data or "", self.postcode.data or ""
        if not miles and not postcode:
            return []
        if not _MILES.fullmatch(miles) or not 0 < float(miles) <= _FURTHEST:
            raise refused("miles", _("Type how many miles, such as 5"))
        place = where.place_of(postcode)
        if place is None:
            raise refused("postcode", _("We cannot find this postcode. Check it: one looks like M33 7ZF"))
        return [
            AreaDraft(
                self.kind,
                metres=round(float(miles) * METRES_PER_MILE),
                easting=place.easting,
                northing=place.northing,
                name=_(
                    "%(miles)s miles around %(postcode)s", miles=f"{float(miles):g}", postcode=place.label
                ),
            )
        ]

    def _question(self, areas: list[AreaDraft]) -> None:
        """A claim that few could keep is questioned, once; whoever means it says how."""
        codes = {area.code for area in areas if area.code}
        words = coverage.too_wide(areas, coverage.area_kinds(codes), queries.area_names(codes))
        if not words:
            self.far.data = ""
        elif not self.far.data:
            self.question = _("How do you manage to reach people so far away?")
            self.far.label.text = self.question
            raise refused("far", _("%(question)s If you do, say how. If not, tick less.", question=words))

    def _left_out(self, out: frozenset[str], meant: frozenset[str]) -> str:
        names = queries.area_names(out | meant)
        return _(
            "You ticked %(wide)s and also parts of it. We have kept the parts: %(parts)s. If you go everywhere there, "
            "go back and tick only the whole.",
            wide=telling.joined([names.get(code, _("everywhere")) for code in sorted(out)]),
            parts=telling.joined(sorted(names.get(code, code) for code in meant)),
        )


class Catchment(Areas):
    """Whose residents may come to the venues."""

    key: ClassVar[str] = "catchment"
    kind: ClassVar[str] = "residents_of"

    @classmethod
    def title(cls) -> str:
        return _("Is it only for people who live somewhere?")

    def lead(self) -> str:
        return _("If everybody may come, wherever they live, leave this empty and go on.")

    def asked(self) -> dict[str, str]:
        circles = {"circles": _("Distances that you have told us")} if self.circles.groups else {}
        return {"codes": _("Only for people who live in:"), **circles}

    def hints(self) -> dict[str, str]:
        return {}

    def _question(self, areas: list[AreaDraft]) -> None:
        """Nobody's claim is too wide here: it keeps people out, and lets nobody in."""
        self.far.data = self.writing.proposal.far


class Times(Several):
    """When it is open, or happens."""

    key, fields_of = "times", ("times", "venues", "by_appointment")
    days = Ticks()
    weeks = Ticks()
    on = DateField()
    opens = StringField()
    closes = StringField()
    venue = Choice()
    note = StringField()
    by_appointment = Tick()
    longest = {"note": 200}

    @classmethod
    def title(cls) -> str:
        return _("When is it open, or when does it happen?")

    def lead(self) -> str:
        return _("Add one line for days that have the same times. Days that differ get a line of their own.")

    @classmethod
    def items(cls, writing: Writing) -> tuple[tuple[int | None, TimeDraft], ...]:
        draft = writing.draft
        return (
            *((None, time) for time in draft.times),
            *((at, time) for at, venue in enumerate(draft.venues) for time in venue.times),
        )

    @classmethod
    def filled(cls, writing: Writing) -> dict[str, Any]:
        return {"by_appointment": writing.draft.by_appointment}

    @classmethod
    def of_item(cls, item: tuple[int | None, TimeDraft], writing: Writing) -> dict[str, Any]:
        at, time = item
        return {
            "days": list(time.days),
            "weeks": list(map(str, time.weeks)),
            "on": typed_date(time.on),
            "opens": time.opens.strftime("%H:%M") if time.opens else "",
            "closes": time.closes.strftime("%H:%M") if time.closes else "",
            "venue": "" if at is None else str(at),
            "note": time.note,
            **cls.filled(writing),
        }

    def asked(self) -> dict[str, str]:
        venue = {"venue": _("At which place?")} if self.venue.groups else {}
        return {
            "days": _("Days"),
            "weeks": _("Only in some weeks of the month?"),
            "on": _("Or on one date"),
            "opens": _("From"),
            "closes": _("Until"),
            **venue,
            "note": _("Anything to know about it (if there is)"),
            "by_appointment": _("People need an appointment"),
        }

    def rarely(self) -> tuple[str, tuple[str, ...]]:
        return _("Not every week, only on one date, or something else to say?"), ("weeks", "on", "note")

    def own_fields(self) -> tuple[str, ...]:
        return ("days", "weeks", "on", "opens", "closes", "note")

    def hints(self) -> dict[str, str]:
        return {
            "weeks": _("Leave this empty for every week."),
            "on": _("For something that happens once, such as 24/12/2026."),
            "opens": _("Such as 10am or 14:30."),
            "note": _("Such as: not in the school holidays."),
        }

    def prepare(self, writing: Writing) -> None:
        names = telling.day_names()
        self.days.groups = (Group("", tuple((day, names[day]) for day in DAYS)),)
        self.weeks.groups = (Group("", tuple((str(week), telling.week_name(week)) for week in _WEEKS)),)
        venues = writing.draft.venues
        if len(venues) > 1:
            self.venue.groups = (
                Group("", tuple((str(at), venue.name or venue.address) for at, venue in enumerate(venues))),
            )

    def make(self, writing: Writing, old: Any) -> tuple[int | None, TimeDraft]:
        was = old[1] if old else TimeDraft()
        days, weeks, on = tuple(self.days.chosen()), tuple(map(int, self.weeks.chosen())), self.on.day
        if not days and on is None:
            raise refused("days", _("Tick the days, or type a date"))
        if days and on is not None:
            raise refused("on", _("Choose days or one date, not both. You can add the other afterwards"))
        opens, closes = self._hours(was)
        time = replace(
            was,
            days=days,
            weeks=weeks if days else (),
            on=on,
            opens=opens,
            closes=closes,
            note=self.note.data or "",
        )
        at = self.venue.one() if self.venue.groups else ("" if old is None or old[0] is None else str(old[0]))
        return (int(at) if at else None, time)

    def _hours(self, was: TimeDraft) -> tuple[dt.time | None, dt.time | None]:
        opens, closes = self.opens.data or "", self.closes.data or ""
        if not opens and not closes:
            return None, None
        if opens and not closes and was.opens and was.closes is None and opens == was.opens.strftime("%H:%M"):
            return was.opens, None
        if not opens:
            raise refused("opens", _("Type from when, such as 10am"))
        if not closes:
            raise refused("closes", _("Type until when, such as 2pm"))
        spans, _words = hours.read(f"{opens} to {closes}")
        if len(spans) != 1 or _words:
            raise refused(
                "opens", _("We cannot read these times. Type them like 10am and 2.30pm, or 10:00 and 14:30")
            )
        return spans[0]

    def whole(self, writing: Writing) -> dict[str, Any]:
        return {"by_appointment": bool(self.by_appointment.data)}

    def kept(self, writing: Writing, items: list[Any]) -> dict[str, Any]:
        venues = tuple(
            replace(venue, times=tuple(time for at, time in items if at == number))
            for number, venue in enumerate(writing.draft.venues)
        )
        own = tuple(time for at, time in items if at is None)
        return self.change(writing, times=own, venues=venues, **self.whole(writing))
