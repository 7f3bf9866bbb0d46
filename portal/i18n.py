"""Which language a page is in, and how dates, times and distances are said in it.

A language is offered when its catalogue stands in translations/. What is not translated yet is English, marked so.
"""

import datetime as dt
from functools import cache
from pathlib import Path

from babel import Locale
from flask import Flask, current_app, has_request_context, session
from flask_babel import Babel, format_date, get_locale, get_translations
from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext
from markupsafe import Markup

from portal.clock import uk_time
from portal.words import Words

ENGLISH = "en"
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def _(text: str, **values: object) -> str:
    """The text in the page's language, with %(names)s filled in."""
    if language() == ENGLISH:  # what is written in the code: looking it up takes a tenth of a page's time
        return text % values if values else text
    return str(_gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The form of the text for a number of things, in the page's language; %(num)s is the number."""
    if language() == ENGLISH:
        return (one if num == 1 else many) % {"num": num, **values}
    return str(_ngettext(one, many, num, **values))


def _in_template(text: str) -> str:
    return _(text)


def _of_number_in_template(one: str, many: str, num: int) -> str:
    if language() == ENGLISH:
        return one if num == 1 else many
    return str(get_translations().ungettext(one, many, num))


@cache
def _catalogues(folders: str) -> tuple[str, ...]:
    found = {
        path.parts[-3] for folder in folders.split(";") for path in Path(folder).glob("*/LC_MESSAGES/*.mo")
    }
    return (ENGLISH, *sorted(found - {ENGLISH}))


def languages() -> dict[str, str]:
    """The languages the site has: code -> its own name for itself."""
    codes = _catalogues(current_app.config["BABEL_TRANSLATION_DIRECTORIES"])
    return {code: str(Locale.parse(code).get_language_name(code)).capitalize() for code in codes}


def language() -> str:
    """The language of the page being answered."""
    locale = get_locale()
    return str(locale.language) if locale else ENGLISH


def choose(code: str) -> bool:
    """True when the visitor's pages are in this language from now on; False when the site does not have it."""
    if code not in languages():
        return False
    session["language"] = code
    return True


def direction(code: str | None = None) -> str:
    """How a language is written: "ltr" or "rtl"."""
    return "rtl" if (code or language()) in _RIGHT_TO_LEFT else "ltr"


def english() -> Markup:
    """Attributes for words that are English on every page; none where the page itself is (WCAG 2.2, 3.1.2)."""
    return Markup("") if language() == ENGLISH else Markup(' lang="en-GB" dir="ltr"')


def spoken(words: str) -> Markup:
    """Attributes for words that are data: none where they are in the page's language, else those of `english`."""
    return Markup("") if isinstance(words, Words) and words.language == language() else english()


def long_date(day: dt.date) -> str:
    """Monday 23 November 2026, in the page's language."""
    return str(format_date(day, "EEEE d MMMM y"))


def short_date(day: dt.date) -> str:
    """23 November 2026, in the page's language."""
    return str(format_date(day, "d MMMM y"))


def month(day: dt.date) -> str:
    """November 2026, in the page's language."""
    return str(format_date(day, "MMMM y"))


def clock_time(time: dt.time) -> str:
    """A time of day as people say it: 9am, 12.30pm, midday, midnight; 24 hours in other languages."""
    if language() != ENGLISH:
        return time.strftime("%H:%M")
    if (time.hour, time.minute) in ((0, 0), (12, 0)):
        return _("midday") if time.hour else _("midnight")
    minutes = f".{time.minute:02d}" if time.minute else ""
    return f"{(time.hour - 1) % 12 + 1}{minutes}{'am' if time.hour < 12 else 'pm'}"


def moment(at: dt.datetime) -> str:
    """A moment as UK date and time."""
    local = uk_time(at)
    return f"{short_date(local.date())}, {clock_time(local.time())}"


def _locale() -> str:
    if not has_request_context():  # commands and jobs; letters say which language they are in
        return "en_GB"
    chosen = session.get("language", ENGLISH)
    return "en_GB" if chosen == ENGLISH or chosen not in languages() else chosen


def init_app(app: Flask) -> None:
    """Pages follow the visitor's language; templates can say dates and times in it."""
    Babel(app, locale_selector=_locale)
    # Templates fill in the names themselves, where they escape what needs it.
    app.jinja_env.install_gettext_callables(_in_template, _of_number_in_template, newstyle=True)  # type: ignore[attr-defined]  # an extension's
    app.jinja_env.filters.update(
        long_date=long_date, short_date=short_date, clock_time=clock_time, moment=moment
    )
    app.jinja_env.globals.update(
        language=language,
        languages=languages,
        direction=direction,
        english=english,
        spoken=spoken,
        uk_time=uk_time,
    )
