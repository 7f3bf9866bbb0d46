"""The linter of conversations: every fault of a text, where it is and what to do. Needs no web and no database."""

from portal.selfhelp.lint.check import lint
from portal.selfhelp.lint.finding import Around, Finding, Level, Surroundings
from portal.selfhelp.lint.folder import findings, lint_folder
from portal.selfhelp.lint.house import lint_house, lint_items, pictures_in

__all__ = [
    "Around",
    "Finding",
    "Level",
    "Surroundings",
    "findings",
    "lint",
    "lint_folder",
    "lint_house",
    "lint_items",
    "pictures_in",
]
