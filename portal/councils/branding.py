"""A council's colours: the few that it may set, and the check that its pages stay readable.

The page's own rules (text on paper at least 7:1, brand on paper and white on brand at least 4.5:1) are stricter than
or equal to WCAG 2.2 AA 1.4.3, and are asked again whenever colours are saved.
"""

import math
import re
from collections.abc import Mapping

from portal.errors import Refusal

# What holds where a council has set nothing.
DEFAULTS = {
    "brand": "#0b5150",
    "brand-deep": "#073635",
    "accent": "#f4b740",
    "tint": "#eef5f3",
    "paper": "#fffdf9",
    "ink": "#1c2321",
    "ink-soft": "#47524f",
    "line": "#cfd8d4",
    "danger": "#a5231b",
    "good": "#14633c",
}
# (text, ground, least contrast)
RULES = (
    ("ink", "paper", 7.0),
    ("ink", "tint", 7.0),
    ("ink-soft", "paper", 7.0),
    ("ink-soft", "tint", 7.0),
    ("brand", "paper", 4.5),
    ("brand", "tint", 4.5),
    ("white", "brand", 4.5),
    ("white", "brand-deep", 7.0),
    ("brand-deep", "tint", 7.0),
    ("danger", "paper", 4.5),
    ("danger", "tint", 4.5),
    ("good", "paper", 4.5),
    ("good", "tint", 4.5),
    ("ink", "accent", 4.5),
)
_HEX = re.compile(r"#[0-9a-f]{6}")


def _luminance(colour: str) -> float:
    """Relative luminance, 0 to 1. Source: WCAG 2.2, definition of relative luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21. Source: WCAG 2.2, definition of contrast ratio."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def problems(colours: Mapping[str, str]) -> list[tuple[str, str]]:
    """What cannot stand: (name of the colour, why), empty when all is well."""
    found = [(name, f"{name} is not a colour we know") for name in colours if name not in DEFAULTS]
    found += [
        (name, f"{value} is not a colour written like #0b5150")
        for name, value in colours.items()
        if not _HEX.fullmatch(value)
    ]
    if found:
        return found
    all_colours = {"white": "#ffffff", **DEFAULTS, **colours}
    for text, ground, least in RULES:
        ratio = contrast(all_colours[text], all_colours[ground])
        if ratio < least:
            told = math.floor(ratio * 10) / 10  # never rounded up to what it needs
            found.append(
                (text, f"{text} on {ground} has contrast {told}, and needs {least:g} to be readable")
            )
    return found


def checked(colours: Mapping[str, str]) -> dict[str, str]:
    """The colours in lower case. Raises Refusal, naming each that cannot be read."""
    lower = {name: value.lower() for name, value in colours.items()}
    found = problems(lower)
    if found:
        raise Refusal(
            "These colours are hard to read: " + "; ".join(why for _, why in found) + ".",
            field=found[0][0],
            status=422,
        )
    return lower


def stylesheet(colours: Mapping[str, str]) -> str:
    """The council's colours as a small stylesheet of custom properties."""
    lines = "".join(f"--{name}:{value};" for name, value in {**DEFAULTS, **colours}.items())
    return f":root{{{lines}}}\n"
