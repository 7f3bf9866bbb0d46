"""Advice that people read, and the desk where editors write it."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.pages.listings import HOSTILE
from tests.pages.states.state import State, send


def _advice() -> Iterator[State]:
    yield State("advice", "/advice", main=True, shows=".groups section")
    yield State("advice, found", "/advice?q=hat", shows=".articles")
    yield State("advice, none found", "/advice?q=zzyzx")
    yield State("article", "/advice/preventing-falls", main=True, shows=".next-steps")
    yield State("article, everything and sensitive", "/advice/hats", shows=".quick-exit")
    yield State("article, useful", "/advice/sleep", send({"useful": "yes"}, "main form.narrow-form"))
    yield State(
        "article, neither yes nor no", "/advice/sleep", send({"words": HOSTILE}, "main form.narrow-form"),
        status=422, wrong=True,
    )  # fmt: skip
    yield State("advice, thanks", "/advice/hats/thanks")
    yield State("page of the council’s", "/pages/about")
    yield State("drafts, by a link", "/preview/{preview token}", shows=".previewed")
    yield State("drafts, the link has ended", "/preview/gone", status=410)


def _desk() -> Iterator[State]:
    at = "/editor/documents"
    yield State("documents", f"{at}/", who="ed", main=True, shows="tbody tr")
    yield State("documents, links that do not work", f"{at}/links", who="ed", shows=".plain-list li")
    yield State("document, new", f"{at}/new", who="ed")
    yield State("document, new, wrong", f"{at}/new", send({"key": HOSTILE}), who="ed", status=422, wrong=True)
    for name in ("everything article", "parted", "draft article", "page", "own words"):
        yield State(f"document, {name}", f"{at}/{{{name}}}", who="ed")
    yield State("document, of the library, elsewhere", f"{at}/{{everything article}}", who="olga",
                host="millbrook.localhost", shows=".panel")  # fmt: skip
    yield State(
        "document, not to be published yet", f"{at}/{{draft article}}", send({}, "main form[action$=publish]"),
        who="ed", status=422, wrong=True,
    )  # fmt: skip
    yield State(
        "document, an odd day", f"{at}/{{draft article}}", send({"on": "soon"}, "main form[action$=schedule]"),
        who="ed", status=422, wrong=True,
    )  # fmt: skip
    yield State("document, history", f"{at}/{{parted}}/history", who="ed", shows=".compared")
    yield State("document, take away", f"{at}/{{everything article}}/retire", who="ed")
    yield State("document, words over it", f"{at}/{{parted}}/words", who="ed", shows="textarea")


def _writing() -> Iterator[State]:
    at = "/editor/documents"
    yield State("writing", f"{at}/{{everything article}}/edit", who="ed", main=True, shows="textarea")
    yield State("writing, hostile", f"{at}/{{draft article}}/edit", who="ed")
    untitled = send({"title": "", "text": HOSTILE}, "main form.writing")
    at_hats = f"{at}/{{everything article}}/edit"
    yield State("writing, without a title", at_hats, untitled, who="ed", status=422, wrong=True)
    yield State("writing, previewed", f"{at}/{{everything article}}/edit", _preview, who="ed",
                needs_script=True, shows=".previewed")  # fmt: skip
    yield State("writing, somebody else was there", f"{at}/{{everything article}}/edit", _stale, who="ed",
                status=409, shows=".compared")  # fmt: skip


def _preview(page: Page) -> None:
    """The preview has come."""
    page.locator("button[formaction]").click()
    page.locator(".previewed").wait_for()


def _stale(page: Page) -> None:
    """What is sent was written on a version that is not the newest any more."""
    page.locator("main form.writing input[name=number]").evaluate("field => { field.value = '0'; }")
    send({"title": "Mine"}, "main form.writing")(page)


GROUPS = (_advice, _desk, _writing)
