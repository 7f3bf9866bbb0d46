"""The browser harness: a real Chromium on a real server, and checks that say in words what is wrong.

Every check takes a page and returns a list of problems, empty when all is well, so that a test reads
`assert sideways_scroll(page) == []` and its failure is the report.

Fixtures: `browser`, `base_url` (needs a session-scoped fixture `app`), `opened` (a page in any mode)
and `page` (the ordinary one). A page that logs an error, breaks its Content-Security-Policy or asks
another host for anything fails its test, whatever the test looked at.
"""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    sync_playwright,
)
from werkzeug.serving import WSGIRequestHandler, make_server

from tests import machine

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

FLAGS = [
    "--headless",
    "--no-sandbox",  # CI runs as root, where Chromium has no sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).resolve().parent.parent / "node_modules/axe-core/axe.min.js"
CHECKS = (Path(__file__).with_name("browser_checks.js")).read_text()
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
MOST_TAB_STOPS = 400  # a page with more has no use for a keyboard, and a loop must end


# The server


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Requests are not printed among the tests' lines."""


def _read_whole(file: IO[bytes], _size: int = 0) -> list[bytes]:
    """The file's bytes, and the file closed: Werkzeug leaves it open when the browser goes before the end."""
    with file:
        return [file.read()]


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """The address of a server that answers with the app until the block ends."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.file_wrapper"] = _read_whole
        return app(environ, start_response)

    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def base_url(app: Flask) -> Iterator[str]:
    """Where the session's app is served."""
    with serving(app) as url:
        yield url


# The browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each page has a profile of its own."""
    path = machine.chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass(frozen=True)
class Mode:
    """A way of reading the site: how the browser is set, and what is done to the page once it is open."""

    name: str
    settings: dict[str, Any] = field(default_factory=dict)
    media: Literal["print"] | None = None
    script: str = ""
    font: int = 16  # the size of text that the reader has chosen in the browser, in pixels


# WCAG 1.4.12's four distances. Set through the style sheet object, which the page's policy allows.
_TEXT_SPACING = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
  p { margin-block-end: 2em !important }`);
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
"""
# What a mode's script did to a page is undone before the next one's.
_PLAIN = """
document.adoptedStyleSheets = [];
document.documentElement.dir = window.writtenFrom ??= document.documentElement.dir;
"""
MODES = {
    mode.name: mode
    for mode in (
        Mode("ordinary", {"viewport": {"width": 1280, "height": 900}}),
        Mode("320 px", {"viewport": {"width": 320, "height": 640}, "has_touch": True}),
        # Zooming 1280 x 1024 to 400% leaves the page this many of its own pixels (WCAG 1.4.10).
        Mode("400% zoom", {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}),
        Mode("text spacing", {"viewport": {"width": 1280, "height": 900}}, script=_TEXT_SPACING),
        Mode("forced colours", {"forced_colors": "active"}),
        Mode("reduced motion", {"reduced_motion": "reduce"}),
        # A sheet of A4 between its margins, in the pixels of paper (96 to the inch).
        Mode("print", {"viewport": {"width": 672, "height": 1000}}, media="print"),
        Mode("large text", {"viewport": {"width": 1280, "height": 900}}, font=32),
        Mode("no script", {"java_script_enabled": False}),
        Mode("right to left", script="document.documentElement.dir = 'rtl'"),
    )
}


@dataclass
class Watch:
    """What went wrong on a page while nobody was looking."""

    host: str
    problems: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        # A page that failed to load is told by its answer instead, which says what it was.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def request(self, request: Request) -> None:
        address = urlsplit(request.url)
        ours = address.hostname == self.host or (address.hostname or "").endswith(f".{self.host}")
        if address.scheme not in {"data", "blob", "about"} and not ours:
            self.problems.append(f"asked another host: {request.url}")

    def response(self, response: Response) -> None:
        """A page may answer 404 or 422, that is the test's own subject; what a page needs may not."""
        asked = response.request.resource_type in {"document", "xhr", "fetch"}
        if response.status >= 500 or (response.status >= 400 and not asked):
            self.problems.append(f"{response.status} for {response.url}")

    def error(self, error: Exception) -> None:
        self.problems.append(f"script: {error}")

    def on(self, page: Page) -> None:
        """The page is watched from now on."""
        page.on("console", self.console)
        page.on("pageerror", self.error)
        page.on("request", self.request)
        page.on("response", self.response)


Open = Callable[..., Page]


@pytest.fixture
def watch(base_url: str) -> Watch:
    """What goes wrong unseen on any page of this test. A test that means it to clears `problems`."""
    return Watch(str(urlsplit(base_url).hostname))


@pytest.fixture
def opened(browser: Browser, base_url: str, watch: Watch) -> Iterator[Open]:
    """`opened("/find", MODES["320 px"])`: a page in a mode, on a fresh profile, watched to its end.

    `host` names another council: "millbrook.localhost". More keywords go to the browser's profile.
    """
    contexts = []

    def open_page(
        path: str, mode: Mode = MODES["ordinary"], *, host: str = "localhost", **settings: Any
    ) -> Page:
        context = browser.new_context(
            base_url=base_url.replace("localhost", host, 1), **(mode.settings | settings)
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        watch.on(page)
        show(page, path, mode)
        return page

    yield open_page
    for context in contexts:
        put_down(context)
    assert watch.problems == []


def put_down(context: BrowserContext) -> None:
    """The profile is closed. Its pages come to rest first: Chromium may keep one for ever that is just going on."""
    for page in context.pages:
        with suppress(Error):  # a page that crashed, or that went elsewhere by itself, is closed all the same
            page.goto("about:blank")
    context.close()


@pytest.fixture
def page(opened: Open) -> Page:
    """The home page in an ordinary window."""
    return opened("/")


def show(page: Page, path: str, mode: Mode = MODES["ordinary"]) -> None:
    """The page shows that path in that mode, its fonts and scripts loaded."""
    page.goto(path, wait_until="load")
    settle(page, mode)


def settle(page: Page, mode: Mode = MODES["ordinary"]) -> None:
    """The page that has been loaded is read in that mode, as far as the mode needs no profile of its own."""
    if mode is MODES["no script"]:  # where no promise ever comes true, axe's neither
        return
    size = mode.settings.get("viewport", MODES["ordinary"].settings["viewport"])
    if page.viewport_size != size:
        page.set_viewport_size(size)
    page.emulate_media(
        media=mode.media or "null",
        forced_colors=mode.settings.get("forced_colors", "null"),
        reduced_motion=mode.settings.get("reduced_motion", "null"),
    )
    # The session ends with the page: ending it here would put the medium back to the screen.
    devtools = page.context.new_cdp_session(page)
    devtools.send("Page.setFontSizes", {"fontSizes": {"standard": mode.font, "fixed": mode.font}})
    page.evaluate(f"() => {{ {_PLAIN} {mode.script} }}")
    page.evaluate("() => document.fonts.ready.then(() => undefined)")


# The checks


def _found(page: Page, check: str, *arguments: object) -> list[str]:
    """The problems that one function of browser_checks.js finds."""
    values = ", ".join(json.dumps(argument) for argument in arguments)
    problems: list[str] = page.evaluate(f"() => {{ {CHECKS}\n return {check}({values}); }}")
    return problems


def axe(page: Page, within: str | None = None, leave_out: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds against WCAG 2.0-2.2 A and AA and its best practice, a line each.

    Not for the mode without script, where axe cannot run either; our own checks can.
    within: a CSS selector, the whole page without. leave_out: rule names, with the reason beside the call.
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text())
    rules = {"target-size": {"enabled": True}} | {name: {"enabled": False} for name in leave_out}
    options = {"runOnly": {"type": "tag", "values": WCAG}, "rules": rules, "resultTypes": ["violations"]}
    result = page.evaluate("([within, options]) => axe.run(within || document, options)", [within, options])
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}; {node['target']}: {node['html'][:200]}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


def sideways_scroll(page: Page) -> list[str]:
    """What makes the page wider than its window (WCAG 1.4.10); axe has no rule for it."""
    return _found(page, "sidewaysScroll")


def small_targets(page: Page) -> list[str]:
    """Controls under 24 px (WCAG 2.5.8; links inside a sentence are free) and buttons under 44 px (2.5.5)."""
    return _found(page, "smallTargets", 24, 44)


def clipped_text(page: Page) -> list[str]:
    """Text that its box, or a box around it, cuts off."""
    return _found(page, "clippedText")


def heading_problems(page: Page) -> list[str]:
    """Not exactly one h1, a level left out, or a page without a title."""
    return _found(page, "headingProblems")


def repeated_names(page: Page) -> list[str]:
    """Links with the same words that lead to different places (WCAG 2.4.4 out of its context)."""
    return _found(page, "repeatedNames")


# What a walk by Tab needs is put into the page once, not at every stop.
_REMEMBER = f"() => {{ {CHECKS}\n rememberUnfocused(); window.focusStop = focusStop; }}"


def focus_problems(page: Page, *, backwards: bool = False) -> list[str]:
    """Focus that cannot be seen, lies hidden or under something (WCAG 2.4.7, 2.4.11), or is caught (2.1.2).

    Walks the whole page by Tab, or Shift-Tab.
    """
    page.evaluate(_REMEMBER)
    problems: list[str] = []
    for _ in range(MOST_TAB_STOPS):
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
        stop: dict[str, Any] = page.evaluate("() => window.focusStop()")
        problems += stop["problems"]
        if stop["over"]:
            break
    else:
        problems.append(f"Focus did not come round in {MOST_TAB_STOPS} stops")
    return problems


def tab_stops(page: Page) -> list[str]:
    """The names of what Tab reaches, in order: for journeys by keyboard alone."""
    page.evaluate(_REMEMBER)
    names: list[str] = []
    for _ in range(MOST_TAB_STOPS):
        page.keyboard.press("Tab")
        stop: dict[str, Any] = page.evaluate("() => window.focusStop()")
        if stop["over"]:
            break
        names.append(stop["name"])
    return names


def layout_problems(page: Page, mode: Mode = MODES["ordinary"]) -> list[str]:
    """The cheap checks of every mode in one. Nobody presses anything on paper."""
    return sideways_scroll(page) + clipped_text(page) + ([] if mode.media == "print" else small_targets(page))
