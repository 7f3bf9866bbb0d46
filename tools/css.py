"""Makes GOV.UK Frontend's style sheet ours: no GOV.UK brand, our font, and a right-to-left side.

The input is the minified sheet from npm. Left to right the result must look the same, pixel by pixel.
"""

import re
from collections.abc import Callable, Iterator

# Crown, royal arms and wordmark belong to gov.uk alone, and so does the GDS Transport font.
BRAND = re.compile(r"crown|crest|copyright-logo|licence-logo|header__logotype|logo-dot")
# What our own layout has in their place: no page uses them, and every page would carry them.
OUTER = re.compile(
    r"govuk-(?:service-navigation|generic-header|header|footer|cookie-banner|exit-this-page|phase-banner|skip-link"
    r"|accordion|tabs)\b"
)
# Drawn shapes whose borders make an arrow or a tick: turning the sides round would break the drawing.
DRAWN = re.compile(r"back-link:before|breadcrumbs__list-item:before|chevron|checkboxes__label:after")
FONT = re.compile(r"font-family:GDS Transport,arial,sans-serif")

# What points the reading way has to be turned by hand: logical properties do not reach into shapes.
RIGHT_TO_LEFT = (
    "[dir=rtl] .govuk-back-link:before{transform:rotate(45deg)}"
    "[dir=rtl] .govuk-breadcrumbs__list-item:before{transform:rotate(225deg)}"
    "[dir=rtl] .govuk-details:not([open])>.govuk-details__summary:before"
    "{-webkit-clip-path:polygon(100% 0,0 50%,100% 100%);clip-path:polygon(100% 0,0 50%,100% 100%)}"
    "[dir=rtl] .govuk-pagination__icon,[dir=rtl] .govuk-button__start-icon{transform:scaleX(-1)}"
)

SIDES = {"left": "start", "right": "end"}
CORNERS = {
    "top-left": "start-start",
    "top-right": "start-end",
    "bottom-left": "end-start",
    "bottom-right": "end-end",
}


def _blocks(sheet: str) -> Iterator[tuple[str, str]]:
    """Each (prelude, body) of a run of CSS; a statement without a body has the body ''."""
    start = 0
    while start < len(sheet):
        found = re.compile(r"[{;]").search(sheet, start)
        if not found:
            return
        if found[0] == ";":
            yield sheet[start : found.start()], ""
            start = found.end()
            continue
        depth, end = 1, found.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(sheet[end], 0)
            end += 1
        yield sheet[start : found.start()], sheet[found.end() : end - 1]
        start = end


def _declarations(body: str) -> Iterator[tuple[str, str]]:
    """Each (property, value) of a rule's body; a semicolon inside brackets does not end a value."""
    for part in re.split(r";(?![^(]*\))", body):
        name, colon, value = part.partition(":")
        if colon:
            yield name.strip(), value.strip()


def _four_sides(name: str, value: str) -> str | None:
    """A shorthand with four sides as block and inline pairs, or None when left and right are the same."""
    important = "!important" if value.endswith("!important") else ""
    sides = re.findall(r"(?:[^\s(]|\([^)]*\))+", value.removesuffix("!important"))
    if len(sides) != 4 or sides[1] == sides[3]:
        return None
    top, right, bottom, left = sides
    first, dash, rest = name.partition("-")
    block, inline = f"{first}-block{dash}{rest}", f"{first}-inline{dash}{rest}"
    return f"{block}:{top} {bottom}{important};{inline}:{left} {right}{important}"


def _named_side(name: str, value: str) -> str | None:
    """A property named after a side or corner, by its logical name; None when it has neither."""
    if name in SIDES:
        return f"inset-inline-{SIDES[name]}:{value}"
    corner = re.fullmatch(r"border-(top|bottom)-(left|right)-radius", name)
    if corner:
        return f"border-{CORNERS[f'{corner[1]}-{corner[2]}']}-radius:{value}"
    side = re.fullmatch(r"(margin|padding|border|scroll-margin|scroll-padding)-(left|right)(-\w+)?", name)
    return f"{side[1]}-inline-{SIDES[side[2]]}{side[3] or ''}:{value}" if side else None


def _valued_side(name: str, value: str) -> str | None:
    """A value that names a side, by its logical name; None when it names none."""
    side, rest = value.removesuffix("!important"), "!important" if value.endswith("!important") else ""
    if side not in SIDES:
        return None
    if name == "text-align":
        return f"text-align:{SIDES[side]}{rest}"
    if name == "justify-content":
        return f"justify-content:flex-{SIDES[side]}{rest}"
    # Browsers of 2023 and older know no logical float: they keep the physical one before it.
    return f"float:{side}{rest};float:inline-{SIDES[side]}{rest}" if name == "float" else None


def _logical(selector: str, name: str, value: str) -> str:
    """One declaration with reading directions in place of left and right."""
    drawn = DRAWN.search(selector) and name.startswith("border")
    if drawn:
        return f"{name}:{value}"
    shorthand = _four_sides(name, value) if name in {"margin", "padding", "border-width"} else None
    return shorthand or _named_side(name, value) or _valued_side(name, value) or f"{name}:{value}"


def _rule(selector: str, body: str) -> str:
    """One rule, converted; '' when nothing of it is left."""
    ours = ",".join(part for part in selector.split(",") if not (BRAND.search(part) or OUTER.search(part)))
    if not ours:
        return ""
    kept = [(name, value) for name, value in _declarations(FONT.sub("font-family:var(--site-font)", body))]
    # gov.uk prints in the browser's own font because its web font may not be printed. Ours may.
    kept = [(name, value) for name, value in kept if (name, value) != ("font-family", "sans-serif")]
    return f"{ours}{{{';'.join(_logical(ours, *pair) for pair in kept)}}}" if kept else ""


def _walk(sheet: str, rule: Callable[[str, str], str]) -> str:
    """A run of CSS with every rule converted, nested at-rules included."""
    out: list[str] = []
    for prelude, body in _blocks(sheet):
        if prelude.startswith("@font-face") or r"screen\0" in prelude:  # the second: Internet Explorer only
            continue
        if prelude.startswith(("@media", "@supports")):
            inner = _walk(body, rule)
            out.append(f"{prelude}{{{inner}}}" if inner else "")
        elif prelude.startswith("@"):
            out.append(f"{prelude}{{{body}}}" if body else f"{prelude};")
        else:
            out.append(rule(prelude, body))
    return "".join(out)


def ours(sheet: str) -> str:
    """GOV.UK Frontend's sheet without its brand and header, in our font, the right way round in every language.

    Raises ValueError when a picture, a gov.uk name or a physical side is still in it.
    """
    plain = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S).replace("\n", "")
    done = _walk(plain, _rule) + RIGHT_TO_LEFT
    left_over = re.findall(r"url\([^)]*\)|GDS Transport|(?:margin|padding)-(?:left|right):", done)
    if left_over:
        raise ValueError(f"still in the style sheet: {sorted(set(left_over))}")
    return done
