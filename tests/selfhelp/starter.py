"""The conversations of content/, as text, and what two texts differ in."""

import difflib
from pathlib import Path

from portal import ROOT

FOLDER: Path = ROOT / "content" / "conversations"
KEYS = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def text_of(key: str = "everyday-life") -> str:
    """A conversation of content/."""
    return (FOLDER / f"{key}.yaml").read_text(encoding="utf-8")


def changed(before: str, after: str) -> list[str]:
    """The lines that are gone ("-…") and new ("+…"), in their order; no others."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]
