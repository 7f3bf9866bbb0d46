"""What a page weighs on the wire: every file of a cold visit, compressed as it is served, and of the next page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

from flask.testing import FlaskClient

from tests.bench.measure import BrokenMeasurementError, Figure, Target
from tests.bench.run import Run

PART = "weight"
KILO = 1_000
_HTML = Target(most=30.0, aim=14.0)
_TARGETS = {
    "html": _HTML,
    "css": Target(most=20.0),
    "js": Target(most=30.0),
    "all": Target(most=75.0),
    "requests": Target(most=6.0),
    "next": Target(most=15.0),
}
_ENCODINGS = ("br", "gzip")
_FACE = re.compile(r"@font-face\s*{([^}]*)}")
_URL = re.compile(r"url\(\s*[\"']?([^\"')]+)")
_RANGE = re.compile(r"unicode-range:([^;}]*)", re.IGNORECASE)
_RESULT = re.compile(r'data-result="([0-9a-f-]{36})"')
_ORGANISATION = re.compile(r'href="(/organisations/[0-9a-f-]{36})')


@dataclass(frozen=True)
class Visit:
    """Kilobytes of each kind of file, and how many files there were."""

    kilobytes: dict[str, float]
    requests: int

    @property
    def all(self) -> float:
        """Everything together."""
        return sum(self.kilobytes.values())


class _Page(HTMLParser):
    """The files that a page asks for, and the letters on it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.files: dict[str, str] = {}  # address -> kind
        self.letters: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what a browser would fetch."""
        facts = {name: value or "" for name, value in attrs}
        rel = facts.get("rel", "")
        if tag == "link" and rel in ("stylesheet", "icon", "preload", "modulepreload", "manifest"):
            self.files[facts["href"]] = {"stylesheet": "css", "modulepreload": "js"}.get(rel, rel)
        elif tag == "script" and facts.get("src"):
            self.files[facts["src"]] = "js"
        elif tag in ("img", "source", "iframe", "embed") and facts.get("src"):
            self.files[facts["src"]] = "image"

    def handle_data(self, data: str) -> None:
        """Remember the letters."""
        self.letters.update(data)


def measure(run: Run) -> Iterator[Figure]:
    """Every kind of page of the demonstration."""
    run.say("weight of pages")
    client = run.demonstration.test_client()
    for encoding in _ENCODINGS:
        pages = _pages(client)
        visits = {name: visit(client, path, encoding) for name, path in pages.items()}
        for name, one in visits.items():
            yield _figure(f"HTML of {name}, {encoding}", "kB", one.kilobytes["html"], "html")
        heaviest = max(visits, key=lambda name: visits[name].all)
        most = visits[heaviest]
        for kind in ("css", "js", "font", "icon"):
            yield _figure(f"{kind}, {encoding}", "kB", most.kilobytes.get(kind, 0.0), kind)
        yield _figure(f"cold visit to {heaviest}, {encoding}", "kB", most.all, "all")
        yield _figure(f"requests of a cold visit to {heaviest}, {encoding}", "", most.requests, "requests")
        then = max(one.kilobytes["html"] for one in visits.values())
        yield _figure(f"the next page at its heaviest, {encoding}", "kB", then, "next")


def _figure(what: str, unit: str, number: float, target: str) -> Figure:
    return Figure(PART, what, unit, number, target=_TARGETS.get(target))


def _pages(client: FlaskClient) -> dict[str, str]:
    """One address of each kind of page; the results are those that most people would see."""
    results = "/find?q=lunch+club&postcode=M33+7ZF"
    text = client.get(results).text
    listing, organisation = (
        _RESULT.search(text),
        _ORGANISATION.search(client.get(f"/services/{_first(text)}").text),
    )
    if listing is None or organisation is None:
        raise BrokenMeasurementError("a search for lunch clubs in the demonstration finds nothing")
    return {
        "home": "/",
        "results": results,
        "all that is near": "/find?postcode=M33+7ZF",
        "the map": f"{results}&view=map",
        "a listing": f"/services/{listing[1]}",
        "an organisation": organisation[1],
        "browse": "/browse",
        "accessibility": "/accessibility",
    }


def _first(text: str) -> str:
    found = _RESULT.search(text)
    return found[1] if found else ""


def visit(client: FlaskClient, path: str, encoding: str) -> Visit:
    """What a browser with an empty cache fetches for a page. Raises where a file is missing or lies elsewhere."""
    text, size = _get(client, path, encoding)
    page = _Page(text)
    kilobytes, requests = {"html": size}, 1
    files = dict(page.files)
    while files:
        address, kind = files.popitem()
        if kind == "preload":
            continue  # it is counted where it is used
        body, size = _get(client, urljoin(path, address), encoding)
        kilobytes[kind] = kilobytes.get(kind, 0.0) + size
        requests += 1
        if kind == "css":
            files |= {urljoin(address, font): "font" for font in _fonts(body, page.letters)}
    return Visit(kilobytes, requests)


def _fonts(css: str, letters: set[str]) -> set[str]:
    """The font files of a style sheet that hold a letter of the page: those are what a browser fetches."""
    needed = set()
    for face in _FACE.findall(css):
        address, ranges = _URL.search(face), _RANGE.search(face)
        if address and (ranges is None or any(_within(letter, ranges[1]) for letter in letters)):
            needed.add(address[1])
    return needed


def _within(letter: str, ranges: str) -> bool:
    for part in ranges.upper().replace("U+", "").split(","):
        low, _, high = part.strip().partition("-")
        if "?" in low:
            low, high = low.replace("?", "0"), low.replace("?", "F")
        if int(low, 16) <= ord(letter) <= int(high or low, 16):
            return True
    return False


def _get(client: FlaskClient, path: str, encoding: str) -> tuple[str, float]:
    """(text, kilobytes on the wire without headers)."""
    if "://" in path.removeprefix("http://localhost"):
        raise BrokenMeasurementError(f"{path} is somebody else's")
    with client.get(path, headers={"Accept-Encoding": encoding}) as answer:
        size = len(answer.data) / KILO
        if answer.status_code != 200:
            raise BrokenMeasurementError(f"{path} was answered with {answer.status}")
    with client.get(path, headers={"Accept-Encoding": "identity"}) as plain:
        return "" if str(plain.mimetype).startswith("font") else plain.get_data(as_text=True), size
