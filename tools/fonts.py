"""Cuts the fonts from npm down to the letters the portal prints, so that they fit the page budget.

Whole, the two Latin weights are 25 kB and two requests; cut, one variable file of both is under 15 kB.
Letters outside these sets are still shown, in the reader's own font.
"""

import io
from dataclasses import dataclass
from pathlib import Path

WEIGHTS = (400, 700)  # body and bold: the only two the pages use


@dataclass(frozen=True)
class Cut:
    """One file to make: its name in the manifest, its source in node_modules, its letters."""

    name: str
    family: str
    source: str
    letters: str
    features: tuple[str, ...]


# English, Welsh but for its w and y, and the names of Western Europe.
ENGLISH = "".join(map(chr, range(0x20, 0x7F))) + (
    "\u00a0£·×÷°½¼¾©®«»àáâäãåæçèéêëìíîïñòóôöõøùúûüýÿßÀÁÂÄÇÈÉÊËÌÍÎÏÑÒÓÔÖØÙÚÛÜ–—‘’‚“”„•…€™−"
)
WELSH_AND_POLISH = "ŴŵŶŷẀẁẂẃẄẅỲỳĄąĆćĘęŁłŃńŚśŹźŻż"
URDU = (
    "ءآأؤئابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھۂۃیےۓةهيكى"
    "،؛؟۔٪٫٬٭۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670\u0654\u0653"
    "\u0610\u0611\u0613\u0614\u200c\u200d"
)
# What joins Arabic letters and sets their marks; without it the text falls apart into single letters.
JOINING = ("kern", "mark", "mkmk", "ccmp", "init", "medi", "fina", "isol", "rlig", "liga", "locl", "calt")

_LATIN = "Atkinson Hyperlegible Next"
_ATKINSON = "@fontsource-variable/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-"
_NASKH = "@fontsource-variable/noto-naskh-arabic/files/noto-naskh-arabic-arabic-wght-normal.woff2"
CUTS = (
    Cut("font-latin.woff2", _LATIN, f"{_ATKINSON}latin-wght-normal.woff2", ENGLISH, ("kern", "tnum")),
    Cut(
        "font-latin-ext.woff2", _LATIN, f"{_ATKINSON}latin-ext-wght-normal.woff2", WELSH_AND_POLISH, ("kern",)
    ),
    Cut("font-arabic.woff2", "Noto Naskh Arabic", _NASKH, URDU, JOINING),
)


def made(cut: Cut, modules: Path) -> bytes:
    """The cut font as woff2. The same input always gives the same bytes.

    The copyright line stays inside; the licence (SIL Open Font License) is copied beside the fonts.
    """
    # Here and not above: loading fontTools takes longer than finding that there is nothing to do.
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(modules / cut.source, recalcTimestamp=False)
    font = instancer.instantiateVariableFont(font, {"wght": WEIGHTS})
    plain = io.BytesIO()
    font.flavor = None
    font.save(plain)  # the subsetter needs the tables that saving settles
    font = TTFont(io.BytesIO(plain.getvalue()), recalcTimestamp=False)
    options = subset.Options(layout_features=list(cut.features), hinting=False, name_IDs=[0, 1, 2])
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=cut.letters)
    subsetter.subset(font)
    font.flavor = "woff2"
    packed = io.BytesIO()
    font.save(packed)
    return packed.getvalue()


def _ranges(letters: str) -> str:
    """Letters as the value of unicode-range, neighbours joined."""
    runs: list[list[int]] = []
    for code in sorted(map(ord, set(letters))):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ",".join(f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in runs)


def face(cut: Cut, file_name: str) -> str:
    """The @font-face rule of a cut font; a browser fetches the file only for a page with a letter of it.

    swap: the words are readable at once in the reader's own font, whatever the line is like.
    """
    return (
        f'@font-face{{font-family:"{cut.family}";font-style:normal;font-weight:{WEIGHTS[0]} {WEIGHTS[1]};'
        f'font-display:swap;src:url({file_name}) format("woff2");unicode-range:{_ranges(cut.letters)}}}'
    )
