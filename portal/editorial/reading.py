"""An article or page as data: what stands in its front matter, and its text. Needs no database and no site."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE | re.DOTALL)


class Unreadable(ValueError):  # noqa: N818 - the name says what is wrong
    """The front matter cannot be read; line: where, as far as anybody can say."""

    def __init__(self, words: str, line: int | None = None) -> None:
        super().__init__(words)
        self.line = line


@dataclass(frozen=True)
class Source:
    """Where to read more. added: when it was written here; checked: when somebody last opened it."""

    title: str
    url: str
    checked: dt.date | None
    added: dt.date | None = None


@dataclass(frozen=True)
class Article:
    """An article as people read it. front: all of the front matter; text: Markdown, from line `first_line` on."""

    title: str
    summary: str
    short: str
    theme: str
    owner: str
    reviewer: str
    last_checked: dt.date | None
    next_review: dt.date | None
    sources: tuple[Source, ...]
    sensitive: bool
    tags: tuple[str, ...]
    easy_read: str
    related: Mapping[str, tuple[str, ...]]
    text: str
    first_line: int
    front: Mapping[str, Any] = field(default_factory=dict, repr=False)


def split(body: str) -> tuple[str, str]:
    """(front matter without its rules, text). Raises Unreadable where there is no front matter."""
    found = _FRONT.match(body)
    if found is None:
        raise Unreadable("it does not begin with front matter between two lines of ---", 1)
    return found[1], body[found.end() :]


def joined(front: str, text: str) -> str:
    """The two as one body again."""
    return f"---\n{front.rstrip()}\n---\n{text}"


@lru_cache(maxsize=512)
def article(body: str) -> Article:
    """The article that a body tells. Raises Unreadable; what is missing or odd is empty, and the checks say so."""
    front_text, text = split(body)
    front = _loaded(front_text)
    review = _mapping(front.get("review"))
    related = _mapping(front.get("related"))
    return Article(
        title=_words(front.get("title")),
        summary=_words(front.get("summary")),
        short=_words(front.get("short")),
        theme=_words(front.get("theme")),
        owner=_words(front.get("owner")),
        reviewer=_words(front.get("reviewer")),
        last_checked=day(review.get("last")),
        next_review=day(review.get("next")),
        sources=tuple(_source(one) for one in _list(front.get("sources"))),
        sensitive=front.get("sensitive") is True,
        tags=tuple(map(_words, _list(front.get("tags")))),
        easy_read=_words(front.get("easy_read")),
        related={str(name): tuple(map(_words, _list(keys))) for name, keys in related.items()},
        text=text,
        first_line=body[: len(body) - len(text)].count("\n") + 1,
        front=front,
    )


def _loaded(text: str) -> Mapping[str, Any]:
    """YAML 1.2: "no" is a word and 12:30 is a time, as people mean them."""
    try:
        front = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else None
        raise Unreadable(f"the front matter cannot be read: {error.problem}", line) from None
    except (YAMLError, ValueError) as error:
        raise Unreadable(f"the front matter cannot be read: {str(error).splitlines()[0]}") from None
    if not isinstance(front, dict):
        raise Unreadable("the front matter is empty", 2)
    return front


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _words(value: Any) -> str:
    return " ".join(str(value).split()) if value is not None and not isinstance(value, dict | list) else ""


def day(value: Any) -> dt.date | None:
    """The date, where it is one."""
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None


def _source(value: Any) -> Source:
    row = _mapping(value)
    return Source(
        _words(row.get("title")), _words(row.get("url")), day(row.get("checked")), day(row.get("added"))
    )


def title(body: str) -> str:
    """The title. Raises ValueError."""
    return article(body).title
