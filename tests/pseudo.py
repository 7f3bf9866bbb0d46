"""Made-up languages, which show what no translator has done yet: what cannot be translated, and what has no room.

Every message of the site is taken from its code and templates, made longer, put into letters with accents (as `cy`,
left to right) or into Arabic letters (as `ur`, right to left), and into brackets. So whatever stands outside of
brackets on a page never was a message; and a page that is whole with them has room for real ones.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo

ROOT = Path(__file__).resolve().parent.parent
LEFT_TO_RIGHT, RIGHT_TO_LEFT = "cy", "ur"
OPENS, CLOSES = "⟦", "⟧"
_HELD = re.compile(r"(%\(\w+\)\w)")  # %(name)s stands for something else, and stays
_ACCENTED = str.maketrans("aceinosuwyACEINOSUWY", "âçëïñôšûŵŷÂÇËÏÑÔŠÛŴŶ")
_ARABIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ابچدےفگھیجکلمنوپقرسطعوہخئز")
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
# The same options as the app's own templates have.
_OPTIONS = {
    "templates/**.html": {
        "extensions": "jinja2.ext.do",
        "trim_blocks": "1",
        "lstrip_blocks": "1",
        "silent": "",
    }
}


def messages() -> Iterator[str | tuple[str, ...]]:
    """Every message of the site; one and many where it counts things."""
    found = extract_from_dir(ROOT / "portal", _METHODS, _OPTIONS)
    yield from dict.fromkeys(message for _file, _line, message, _comments, _context in found)


def longer(text: str) -> str:
    """The text with every vowel twice: some 40 per cent longer, in words that break no earlier."""
    return re.sub(r"[aeiouy]", lambda vowel: vowel[0] * 2, text)


def said(text: str, language: str) -> str:
    """The text in a made-up language."""
    letters = _ACCENTED if language == LEFT_TO_RIGHT else _ARABIC
    lower = text if language == LEFT_TO_RIGHT else text.lower()
    parts = [
        part if _HELD.fullmatch(part) else longer(part).translate(letters) for part in _HELD.split(lower)
    ]
    return f"{OPENS}{''.join(parts)}{CLOSES}"


def write(folder: Path) -> Path:
    """The folder, with a catalogue of each made-up language in it."""
    for language in (LEFT_TO_RIGHT, RIGHT_TO_LEFT):
        catalogue = Catalog(locale=language)
        for message in messages():
            if isinstance(message, str):
                catalogue.add(message, said(message, language))
            else:
                one, many = (said(form, language) for form in message[:2])
                catalogue.add(message[:2], (one, *[many] * (catalogue.num_plurals - 1)))
        path = folder / language / "LC_MESSAGES" / "messages.mo"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_mo(file, catalogue)
    return folder
