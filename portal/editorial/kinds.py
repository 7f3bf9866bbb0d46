"""Kinds of documents: what each is called, where its files lie, and what makes one of them right.

A feature registers its kinds in `create_app`; the desk, the loading and the linter know them from here. Names of things
that documents refer to (categories, needs, equipment) are added by the features that have them.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from flask import Flask, current_app
from markupsafe import Markup

Level = Literal["error", "warning", "advice"]
Reference = tuple[str, str]  # (kind, key)


@dataclass(frozen=True)
class Finding:
    """What is wrong with a document, or could be better. where: in its own words; todo: what to do about it.

    Only errors hold up publishing.
    """

    level: Level
    where: str
    words: str
    todo: str = ""
    line: int | None = None

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        todo = f"; {self.todo}" if self.todo else ""
        return f"{self.where}{line}: {self.words}{todo}"


@dataclass(frozen=True)
class Review:
    """When a document was last looked at, when it must be again, and by whom."""

    last: dt.date | None
    next: dt.date | None
    owner: str = ""


@dataclass(frozen=True)
class Around:
    """What a document is checked against: its own key, the day, and what it may refer to.

    keys: kind, or other name ("category", "need", "equipment"), -> every key there is. A name that is missing there
    cannot be checked, and is not. folder: of content, where a file of it is checked; None: the site's own.
    """

    key: str
    today: dt.date
    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    language: str = "en"
    folder: Path | None = None


_WEB = re.compile(r"https?://[^\s<>()\"'\]}]+")


def web_addresses(body: str) -> set[str]:
    """Every address outside the site that stands anywhere in a body."""
    return {found.rstrip(".,;:") for found in _WEB.findall(body)}


def _nothing(_body: str) -> frozenset[Reference]:
    return frozenset()


@dataclass(frozen=True)
class Kind:
    """A kind of document. label: in the language of the page. folder, suffix, pattern: its files below content/.

    title: raises ValueError where the body cannot be read at all. check: every finding; never raises. review: None
    where the body says nothing of it. refers: what the body leads to on this site; web: outside of it. edit: endpoint
    of an editing page of the kind's own, given document_id; None: the desk's. preview: how it will look, given the body
    and the council. pattern: which of the folder's files are of this kind. address: of a document's page, by its key.
    published: told the key when what is public of it has changed. starter: what a new one says; "": editors begin none.
    more_folders: where more of its files lie; place: in which folder a body goes, where there are several.
    shared_only: councils have none of their own. linted: `portal content lint` checks its files one by one;
    else their feature checks them all together.
    """

    name: str
    label: Callable[[], str]
    folder: str
    suffix: str
    title: Callable[[str], str]
    check: Callable[[str, Around], list[Finding]]
    review: Callable[[str], Review | None] = lambda _body: None
    refers: Callable[[str], Iterable[Reference]] = _nothing
    web: Callable[[str], Iterable[str]] = web_addresses
    edit: str | None = None
    preview: Callable[..., Markup] | None = None
    pattern: str = "*"
    address: Callable[[str], str] | None = None
    published: Callable[[str], object] | None = None
    starter: str = ""
    shared_only: bool = False
    linted: bool = True
    more_folders: tuple[str, ...] = ()
    place: Callable[[str], str] | None = None

    def files(self, folder: Path) -> list[Path]:
        """Its files below a folder of content."""
        found = (
            (folder / each).glob(self.pattern + self.suffix) for each in (self.folder, *self.more_folders)
        )
        return [path for paths in found for path in sorted(paths)]

    def file_of(self, folder: Path, key: str, body: str) -> Path:
        """Where the document of this key lies below a folder of content."""
        return folder / (self.place(body) if self.place else self.folder) / f"{key}{self.suffix}"

    def safe_title(self, body: str, otherwise: str) -> str:
        """The title, or the other words where the body cannot be read."""
        try:
            return self.title(body)[:200] or otherwise
        except ValueError:
            return otherwise


# Name -> (keys and their names on the site, keys in a folder of content).
Names = Callable[[], Mapping[str, str]]
NamesInFolder = Callable[[Path], Iterable[str]]


def register(app: Flask, kind: Kind) -> None:
    """Documents of this kind are known from now on."""
    known: dict[str, Kind] = app.extensions.setdefault("portal.kinds", {})
    if kind.name in known:
        raise ValueError(f"two kinds of document are called {kind.name}")
    known[kind.name] = kind


def every() -> list[Kind]:
    """All kinds, in the order in which they were registered."""
    known: dict[str, Kind] = current_app.extensions.get("portal.kinds", {})
    return list(known.values())


def of(name: str) -> Kind:
    """The kind of this name. Raises KeyError."""
    known: dict[str, Kind] = current_app.extensions.get("portal.kinds", {})
    return known[name]


def find(name: str) -> Kind | None:
    """The kind of this name, if there is one."""
    known: dict[str, Kind] = current_app.extensions.get("portal.kinds", {})
    return known.get(name)


def add_names(app: Flask, name: str, of_site: Names, of_folder: NamesInFolder) -> None:
    """Documents may refer to things of this name, whose keys and names the sources tell."""
    app.extensions.setdefault("portal.kinds.names", {})[name] = (of_site, of_folder)


def _sources() -> Mapping[str, tuple[Names, NamesInFolder]]:
    found: Mapping[str, tuple[Names, NamesInFolder]] = current_app.extensions.get("portal.kinds.names", {})
    return found


def names_of(name: str) -> Mapping[str, str]:
    """Key -> what it is called, for things of this name on the site."""
    source = _sources().get(name)
    return source[0]() if source else {}


def keys_on_site() -> dict[str, frozenset[str]]:
    """What documents may refer to beside documents, as the site has it."""
    return {name: frozenset(of_site()) for name, (of_site, _folder) in _sources().items()}


def keys_in_folder(folder: Path) -> dict[str, frozenset[str]]:
    """What the documents in a folder of content may refer to. What has no files there is not known."""
    found = {kind.name: frozenset(path.stem for path in kind.files(folder)) for kind in every()}
    for name, (_site, of_folder) in _sources().items():
        keys = frozenset(of_folder(folder))
        if keys:
            found[name] = keys
    return {name: keys for name, keys in found.items() if keys}
