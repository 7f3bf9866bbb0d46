"""Reading the directory's pages as a visitor does: what is listed, how many, in which order."""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient

_TOTAL = re.compile(r'data-total="(\d+)"')
_CARD = re.compile(r'data-result="([0-9a-f-]{36})"')
_NAME = re.compile(r'class="card-name">.*?<a href="([^"]*)"[^>]*>(.*?)</a>', re.S)
_PICK = re.compile(
    r'name="(\w+)" value="([^"]*)"[^>]*><span class="pick-name">.*?</span> <span class="pick-count">(\d+)</span>'
)


@dataclass(frozen=True)
class Found:
    """A page of /find. counts: filter -> value -> the number beside it."""

    html: str
    status: int

    @property
    def total(self) -> int:
        """The number in the heading."""
        found = _TOTAL.search(self.html)
        assert found, "the page does not say how many results there are"
        return int(found[1])

    @property
    def ids(self) -> list[str]:
        """The results in their order."""
        return _CARD.findall(self.html)

    @property
    def names(self) -> list[str]:
        """The names of the results in their order."""
        return [unescape(name) for _address, name in _NAME.findall(self.html)]

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """What each value of each filter would leave, as the page says."""
        counts: dict[str, dict[str, int]] = {}
        for name, value, count in _PICK.findall(self.html):
            counts.setdefault(name, {})[unescape(value)] = int(count)
        return counts


def find(client: FlaskClient, host: str = "localhost", **asked: Any) -> Found:
    """The answer of /find on a council's site; localhost is Fernshire's."""
    response = client.get("/find", query_string=asked, headers={"Host": host})
    return Found(response.text, response.status_code)


def names(client: FlaskClient, **asked: Any) -> list[str]:
    """The names of the results in their order."""
    return find(client, **asked).names


class _Outline(HTMLParser):
    """What a browser would make of a page: its elements, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element begins."""
        named = {name: value or "" for name, value in attrs}
        self.elements.append((tag, named))
        if tag == "script":
            self.scripts.append((named, ""))

    def handle_data(self, data: str) -> None:
        """Text, of the page or of a script."""
        if self.elements and self.elements[-1][0] == "script" and not self.scripts[-1][1]:
            self.scripts[-1] = (self.scripts[-1][0], data)
        else:
            self.text.append(data)


def outline(html: str) -> _Outline:
    """The elements, scripts and text of a page."""
    parser = _Outline()
    parser.feed(html)
    return parser
