"""The editors' desk for conversations, and conversations on paper."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.pages.listings import HOSTILE
from tests.pages.states.state import State, send

_AT = "/editor/conversations"
_EVERYDAY, _HOSTILE = f"{_AT}/{{everyday}}", f"{_AT}/{{hostile talk}}"
# Pages about a conversation of the demonstration, with what makes each what it is.
_READ = {
    "": ".part",
    "/map": ".route-urgent",
    "/coverage": "tbody tr",
    "/figures": "tbody tr",
    "/script": ".panel.warn",
    "/preview/good": ".previewed",
    "/examples/1": ".steps",
    "/languages/": "tbody tr",
    "/languages/ur": "textarea[dir=rtl]",
}
_MAIN = ("", "/map")


def _reading() -> Iterator[State]:
    yield State("conversations", f"{_AT}/", who="ed", main=True, shows="tbody tr")
    for path, shows in _READ.items():
        yield State(f"conversation{path}", _EVERYDAY + path, who="ed", main=path in _MAIN, shows=shows)
    yield State("conversation, of the library, elsewhere", _EVERYDAY, who="olga", host="millbrook.localhost",
                shows=".panel")  # fmt: skip
    for path in ("", "/map", "/script", "/preview/home", "/coverage"):
        yield State(f"hostile conversation{path}", _HOSTILE + path, who="ed")
    yield State("conversation, not to be published yet", _HOSTILE, send({}, "main form[action$=publish]"), who="ed",
                status=422, wrong=True)  # fmt: skip
    yield State("conversation, cannot be read", f"{_AT}/{{broken talk}}/text", who="ed", shows=".found")


def _writing() -> Iterator[State]:
    for path in (
        "/whole", "/pages/good", "/questions/stairs", "/questions/stairs/options/hard", "/recommendations/stairs-help",
        "/question/after-fall/when", "/question/call-help/when", "/question/matters/when?look=enjoy",
        "/rule/stairs-help/when", "/examples/1/change", "/text", "/add/question/good", "/add/page",
        "/add/recommendation", "/add/recommendation?look=stairs", "/add/example",
    ):  # fmt: skip
        yield State(
            f"conversation{path}, write", _EVERYDAY + path, who="ed", main=path == "/questions/stairs"
        )
    yield State(
        "hostile conversation, question", f"{_HOSTILE}/questions/stairs", who="ed", shows=".panel.warn"
    )
    for name, path, typed in (
        ("conversation, a question without words", "/questions/stairs", {"ask": "", "help": HOSTILE}),
        (
            "conversation, a recommendation without a title",
            "/recommendations/rail",
            {"title": "", "text": HOSTILE},
        ),
        (
            "conversation, a new question without answers",
            "/add/question/home",
            {"ask": HOSTILE, "options": "One"},
        ),
        ("conversation, a new example that is there", "/add/example", {"name": "Ann", "about": HOSTILE}),
    ):
        form = send(typed, "main form.narrow-form")
        yield State(name, _HOSTILE + path, form, who="ed", status=422, wrong=True)
    yield State("conversation, somebody else was there", f"{_HOSTILE}/questions/falls", _stale, who="ed", status=409,
                shows=".compared")  # fmt: skip


def _stale(page: Page) -> None:
    """What is sent was written on a version that is not the newest any more."""
    page.locator("main form.narrow-form input[name=number]").first.evaluate("field => { field.value = '0'; }")
    send({"ask": "Mine?"}, "main form.narrow-form")(page)


def _paper() -> Iterator[State]:
    yield State("conversation, paper form", "/self-help/everyday-life/paper", main=True, shows=".paper-box")
    yield State(
        "conversation, paper form, about somebody else",
        "/self-help/everyday-life/paper?about=someone",
        shows=".write-line",
    )
    yield State("conversation, script", "/self-help/everyday-life/script", who="priya", shows=".panel.warn")


GROUPS = (_reading, _writing, _paper)
