"""Listings in words: when, how far, what it costs, when it was checked. One wording for cards, pages and print."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale
from markupsafe import Markup

from portal.directory.cards import Card, Time
from portal.directory.models import Location, Schedule, Service
from portal.geo import METRES_PER_MILE
from portal.i18n import _, clock_time, english, language, long_date, ngettext, short_date
from portal.money import pounds

Listing = Service | Card
Opening = Schedule | Time
_ICAL = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def day_names() -> dict[str, str]:
    """The days of the week in the page's language, by their keys in addresses (mon … sun)."""
    return _day_names(get_locale())


@cache
def _day_names(locale: Locale) -> dict[str, str]:
    names = locale.days["stand-alone"]["wide"]
    keys = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return {key: names[i] for i, key in enumerate(keys)}


def _plural_days() -> list[str]:
    return [
        _("Mondays"),
        _("Tuesdays"),
        _("Wednesdays"),
        _("Thursdays"),
        _("Fridays"),
        _("Saturdays"),
        _("Sundays"),
    ]


def week_name(number: int) -> str:
    """Which week of a month, in words."""
    return {1: _("First"), 2: _("Second"), 3: _("Third"), 4: _("Fourth"), 5: _("Fifth"), -1: _("Last")}[
        number
    ]


def joined(parts: Sequence[str]) -> str:
    """One and two and three, as a sentence says it."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(some)s and %(last)s", some=", ".join(parts[:-1]), last=parts[-1])


def _days(rule: str) -> str:
    """The days of a weekly rule, runs of three or more as "to"."""
    numbers = sorted({_ICAL.index(part) for part in rule.split(",") if part in _ICAL})
    names = list(day_names().values())
    if numbers == list(range(7)):
        return _("Every day")
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return _("%(first)s to %(last)s", first=names[numbers[0]], last=names[numbers[-1]])
    plural = _plural_days()
    return joined([plural[n] for n in numbers])


def _monthly(rule: str) -> str:
    parts = []
    names = list(day_names().values())
    for part in rule.split(","):
        week, day = part[:-2], part[-2:]
        if day in _ICAL and week.lstrip("-").isdigit():
            parts.append((int(week), names[_ICAL.index(day)]))
    if len({day for _week_, day in parts}) == 1:
        weeks = joined(
            [week_name(n) if i == 0 else week_name(n).lower() for i, (n, _day) in enumerate(parts)]
        )
        return _("%(weeks)s %(day)s of the month", weeks=weeks, day=parts[0][1])
    return joined([_("%(weeks)s %(day)s of the month", weeks=week_name(n), day=day) for n, day in parts])


def hours(schedule: Opening) -> str:
    """From when until when, or ""."""
    if schedule.opens_at is None:
        return ""
    if schedule.opens_at == dt.time(0) and schedule.closes_at in (dt.time(0), dt.time(23, 59)):
        return _("all day and night")
    if schedule.closes_at is None:
        return _("from %(time)s", time=clock_time(schedule.opens_at))
    return _(
        "%(opens)s to %(closes)s", opens=clock_time(schedule.opens_at), closes=clock_time(schedule.closes_at)
    )


def _season(schedule: Opening) -> str:
    if not (schedule.season_from and schedule.season_until):
        return ""
    first, last = (
        dt.date(2000, *map(int, text.split("-"))) for text in (schedule.season_from, schedule.season_until)
    )
    months = get_locale().months["format"]["wide"]
    return _(
        "%(first)s to %(last)s only",
        first=f"{first.day} {months[first.month]}",
        last=f"{last.day} {months[last.month]}",
    )


def time(schedule: Opening) -> str:
    """One line of opening times, such as "Tuesdays and Thursdays, midday to 2pm"."""
    if schedule.freq is None:
        days = long_date(schedule.dtstart) if schedule.dtstart else ""
    else:
        days = _days(schedule.byday) if schedule.freq == "WEEKLY" else _monthly(schedule.byday)
    return ", ".join(part for part in (days, hours(schedule), _season(schedule), schedule.note) if part)


def times(schedules: Iterable[Opening], today: dt.date) -> list[str]:
    """Every line of opening times; dates that are over are left out."""
    return [time(s) for s in schedules if s.freq or s.dtstart is None or s.dtstart >= today]


def when(service: Listing, today: dt.date) -> str:
    """When, in one line for a card."""
    lines = times(service.times, today)
    if not lines:
        return _("By appointment") if service.by_appointment else ""
    if len(lines) == 1:
        return lines[0]
    return ngettext(
        "%(first)s, and %(num)s other time",
        "%(first)s, and %(num)s other times",
        len(lines) - 1,
        first=lines[0],
    )


def cost(service: Listing) -> str:
    """What it costs, in one line; "" where nobody said."""
    if service.is_free:
        return _("Free")
    lines = [option.words or pounds(option.pence or 0) for option in service.costs]
    return lines[0] if lines else ""


def miles(metres: float) -> str:
    """How far, as people say it."""
    number = metres / METRES_PER_MILE
    if number < 0.1:
        return _("Less than 0.1 miles")
    shown = f"{number:.1f}" if number < 9.95 else f"{number:.0f}"
    if shown == "1.0":
        return _("1 mile")
    return _("%(number)s miles", number=shown)


def checked(service: Listing, today: dt.date) -> str:
    """When somebody last confirmed the listing, and whether it is time again."""
    if service.assured_on is None:
        return _("Not checked yet")
    days = (today - service.assured_on).days
    if service.review_due_on and service.review_due_on < today:
        return _("Last checked %(date)s. Please ring before you go", date=short_date(service.assured_on))
    if days <= 1:
        return _("Checked today") if days < 1 else _("Checked yesterday")
    if days < 14:
        return _("Checked %(days)s days ago", days=days)
    if days < 60:
        return _("Checked %(weeks)s weeks ago", weeks=days // 7)
    return _("Checked %(months)s months ago", months=days // 30)


def ages(service: Service) -> str:
    """For which ages, or ""."""
    low, high = service.minimum_age, service.maximum_age
    if low is not None and high is not None:
        return _("Ages %(low)s to %(high)s", low=low, high=high)
    if low is not None:
        return _("Age %(low)s and over", low=low)
    return _("Up to age %(high)s", high=high) if high is not None else ""


def _own_words(service: Listing):  # type: ignore[no-untyped-def]  # a ServiceTranslation or None
    return next((t for t in service.translations if t.language == language()), None)


def name(service: Listing) -> str:
    """The name in the page's language where there is one, else as it is."""
    own = _own_words(service)
    return own.name if own and own.name else service.name


def summary(service: Listing) -> str:
    """The one-sentence summary in the page's language where there is one, else as it is."""
    own = _own_words(service)
    return own.summary if own and own.summary else service.summary


def marked(service: Listing, part: str = "name") -> Markup:
    """Attributes that say that a listing's name or summary is English, on a page in another language."""
    own = _own_words(service)
    return Markup("") if own and getattr(own, part) else english()


def language_name(code: str) -> str:
    """A language by its name in the page's language; "" for a code that nobody knows."""
    if code in ("bfi", "bsl"):
        return _("British Sign Language")
    name = get_locale().languages.get(code)  # many a spoken language has a name, and no locale of its own
    if name:
        return str(name)
    try:
        return str(Locale.parse(code).get_display_name(get_locale()) or "")
    except (UnknownLocaleError, ValueError):
        return ""


def language_names(service: Service) -> list[str]:
    """The languages spoken besides English, by name."""
    return sorted(filter(None, (language_name(spoken.code) for spoken in service.languages)))


def rating(text: str) -> str:
    """A rating of the Care Quality Commission in words for the page."""
    return {
        "Outstanding": _("Outstanding"),
        "Good": _("Good"),
        "Requires improvement": _("Requires improvement"),
        "Inadequate": _("Inadequate"),
        "Insufficient evidence to rate": _("Not enough was seen to rate it"),
        "Not yet rated": _("Not rated yet"),
    }.get(text, text)


def overall(service: Listing) -> str:
    """The overall rating, or "" where there is none."""
    return rating(service.overall_rating) if service.overall_rating else ""


def domain(key: str) -> str:
    """What a rating is about, in words."""
    return {
        "overall": _("All in all"),
        "safe": _("Is it safe?"),
        "effective": _("Does it do what it should?"),
        "caring": _("Is it caring?"),
        "responsive": _("Does it meet people’s needs?"),
        "well_led": _("Is it well led?"),
    }.get(key, key)


def address(location: Location) -> list[str]:
    """The lines of a venue's address, its name first."""
    lines = [location.name]
    for row in location.addresses[:1]:
        lines += [row.address_1, row.address_2, row.town, row.county, row.postcode]
    return list(dict.fromkeys(line for line in lines if line))


def getting_in(service: Listing, names: Mapping[str, str]) -> str:
    """What makes its venues easier to use, the first three things."""
    keys = service.features
    return " · ".join([names[key] for key in names if key in keys][:3])


def web_address(address: str) -> str:
    """A web address that is safe to link to; "" for anything else."""
    text = address.strip()
    if text and "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
    except ValueError:  # half a bracket, as of an IPv6 address
        return ""
    return text if parts.scheme in ("http", "https") and parts.netloc and " " not in text else ""


def web_name(address: str) -> str:
    """A web address as people say it."""
    return address.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/")
