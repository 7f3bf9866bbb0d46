"""What providers and editors read at their desks, and what people send to the council.

Derek looks after two listings beside his own affairs; Asha writes her first entries; Sam has none.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

from portal.directory import guided
from tests.pages.listings import HOSTILE
from tests.pages.made_desks import LONG_WORDS
from tests.pages.states.state import Do, State, send

# What is asked of a full entry is shown here; what the questions say to an answer that cannot be used, below.
_WRONG: dict[str, dict[str, str]] = {
    "name": {"name": "", "also": HOSTILE},
    "venues": {"address": HOSTILE, "town": "Sale", "postcode": "nowhere"},
    "times": {"opens": "half past", "closes": "later"},
    "contact": {"phone": "ring me", "email": "no at"},
}


def _provider() -> Iterator[State]:
    yield State("provider, nothing yet", "/provider/", who="sam")
    yield State("provider, home", "/provider/", who="tom", main=True, shows=".panel.warn")
    yield State("provider, home, begun and long", "/provider/", who="asha")
    yield State("provider, home, several and a change", "/provider/", who="derek")
    yield State("provider, claim, found", "/provider/claim?q=the", who="asha", shows=".results")
    yield State("provider, ask", "/provider/claim/{hall}", who="asha")
    yield State("provider, ask, empty", "/provider/claim/{long}", send(), who="asha", status=422, wrong=True)
    yield State("provider, at once", "/provider/listings/{long}/now", who="derek")
    yield State(
        "provider, at once, too long", "/provider/listings/{hall}/now", send({"vacancies": LONG_WORDS}), who="derek",
        status=422, wrong=True,
    )  # fmt: skip


def _entries() -> Iterator[State]:
    at = "/provider/entries"
    yield State("entry, begun", f"{at}/{{blank}}", who="asha")
    yield State("entry, sent back", f"{at}/{{sent back}}", who="tom", shows=".panel.warn")
    yield State("entry, everything", f"{at}/{{everything}}", who="asha")
    yield State("entry, waits, long", f"{at}/{{long entry}}", who="asha")
    yield State("entry, a change", f"{at}/{{change}}", who="tom", shows=".changes")
    yield State("preview", f"{at}/{{everything}}/preview", who="asha", main=True)
    yield State("preview, begun", f"{at}/{{blank}}/preview", who="asha")
    yield State("preview, hostile", f"{at}/{{hostile entry}}/preview", who="derek")
    yield State("send", f"{at}/{{sent back}}/send", who="tom", shows="textarea")
    yield State("send, something missing", f"{at}/{{blank}}/send", who="asha")
    yield State("send, nothing changed", f"{at}/{{no change}}/send", who="derek")
    yield State("withdraw", f"{at}/{{sent back}}/withdraw", who="tom")


def _questions() -> Iterator[State]:
    at = "/provider/entries/{everything}"
    for key in guided.STEPS:
        yield State(f"question, {key}", f"{at}/{key}", who="asha", main=key == "times")
    yield State("question, first of all", "/provider/entries/{blank}/name", who="asha")
    yield State("question, one of several", f"{at}/venues?at=1", who="asha")
    for key, typed in _WRONG.items():
        yield State(
            f"question, {key}, wrong", f"/provider/entries/{{blank}}/{key}", send(typed, "main form.narrow-form"),
            who="asha",
            status=422, wrong=True,
        )  # fmt: skip
    yield State(
        "question, somebody else was there", f"{at}/about", _stale({"summary": "Mine."}), who="asha", status=409,
        shows="#theirs-title",
    )  # fmt: skip


def _stale(typed: dict[str, str]) -> Do:
    """The page shows what has been changed since by somebody else."""

    def do(page: Page) -> None:
        page.locator("main input[name=was]").evaluate("field => { field.value = 'older'; }")
        send(typed, "main form.narrow-form")(page)

    return do


def _queue() -> Iterator[State]:
    yield State("editor, queue", "/editor/", who="ed", main=True, shows="table.stack")
    yield State("editor, standing in", "/editor/stand-in", who="ada")
    yield State("editor, nothing waits", "/editor/", who="olga", host="millbrook.localhost")
    at = "/editor/proposals"
    yield State("proposal, new", f"{at}/{{new entry}}", who="ed")
    yield State("proposal, difference", f"{at}/{{change}}", who="ed", main=True, shows="ins")
    yield State("proposal, long", f"{at}/{{long entry}}", who="ed")
    yield State("proposal, hostile", f"{at}/{{hostile entry}}", who="ed")
    yield State("proposal, two changed it", f"{at}/{{clash}}", who="ed", shows="fieldset.panel")
    yield State("proposal, one’s own", f"{at}/{{own entry}}", who="ed", shows=".note")
    yield State(
        "proposal, no category", f"{at}/{{new entry}}", _approve_nothing, who="ed", status=422, wrong=True
    )
    yield State(
        "proposal, back without words", f"{at}/{{new entry}}",
        send({"words": ""}, "main form[action$=send-back]"), who="ed", status=422, wrong=True,
    )  # fmt: skip
    yield State("claim", "/editor/claims/{claim}", who="ed")
    yield State("claim, one’s own and hostile", "/editor/claims/{own claim}", who="ed", shows=".note")
    yield State(
        "claim, nothing chosen", "/editor/claims/{claim}", send(form="main form[action$=grant]"), who="ed",
        status=422, wrong=True,
    )  # fmt: skip


_approve_nothing = send({"first": "", "second": "", "third": ""}, "main form[action$=approve]")


def _editors_entries() -> Iterator[State]:
    at = "/editor/entries/{editor’s}"
    yield State("editor’s entry", at, who="ed")
    yield State("editor’s entry, a question", f"{at}/category", who="ed")
    yield State("editor’s entry, preview", f"{at}/preview", who="ed")
    yield State("editor’s entry, publish", f"{at}/send", who="ed")
    yield State("editor’s entry, withdraw", f"{at}/withdraw", who="ed")


def _keeping() -> Iterator[State]:
    at = "/editor/listings"
    yield State("listings", at, who="ed", shows=".pager")
    for key in ("hall", "long", "hostile", "suspended", "private", "twin"):
        yield State(f"listing, {key}", f"{at}/{{{key}}}", who="ed")
    yield State(
        "listing, suspended without a reason", f"{at}/{{twin}}", send({"reason": ""}, "main form[action$=suspend]"),
        who="ed", status=422, wrong=True,
    )  # fmt: skip
    yield State("listing’s history", f"{at}/{{twin}}/history", who="ed", shows=".panel")
    yield State("listing’s history, none", f"{at}/{{rated}}/history", who="ed")
    yield State("who did what", f"{at}/{{suspended}}/who", who="ed", shows="tbody tr")
    yield State("many", f"{at}/many?do=archive&entry={{hall}}&entry={{long}}&entry={{hostile}}", who="ed")
    yield State("many, done", f"{at}/many/done?do=check&count=3", who="ed")
    yield State("duplicates", "/editor/duplicates", who="ed", shows="main li a[href*=duplicates]")
    yield State("compare", "/editor/duplicates/{twin}/{other twin}", who="ed")
    yield State("compare, long and hostile", "/editor/duplicates/{long}/{hostile}", who="ed")


def _upkeep() -> Iterator[State]:
    yield State("figures", "/editor/figures/", who="ed", shows="tbody tr")
    yield State("figures, none", "/editor/figures/", who="olga", host="millbrook.localhost")
    for stage in ("late", "hidden"):
        yield State(f"freshness, {stage}", f"/editor/freshness/?stage={stage}", who="ed", shows="tbody tr")
    yield State("freshness, none", "/editor/freshness/", who="olga", host="millbrook.localhost")
    yield State("rules", "/editor/freshness/rules", who="ed")
    yield State(
        "rules, wrong", "/editor/freshness/rules", send({"review_months": "many", "safeguarding_email": "x"}),
        who="ed", status=422, wrong=True,
    )  # fmt: skip
    at = "/still-right"
    yield State("still right?", f"{at}/{{letter one}}")
    yield State("still right? several", f"{at}/{{letter several}}")
    yield State("still right, done", f"{at}/{{letter done}}")
    yield State("still right, too old a link", f"{at}/gone", status=410)
    yield State("changed", f"{at}/{{letter several}}/{{long}}/changed")
    yield State(
        "changed, nothing said", f"{at}/{{letter one}}/{{comes}}/changed", send(), status=422, wrong=True
    )
    yield State("stopped", f"{at}/{{letter several}}/{{hostile}}/stopped")


def _voices() -> Iterator[State]:
    at = "/editor/voices"
    for shown in ("open", "done"):
        yield State(f"voices, {shown}", f"{at}/?state={shown}", who="ed", shows="tbody tr")
    yield State("voices, none", f"{at}/", who="olga", host="millbrook.localhost")
    for key in (
        "urgent voice",
        "held voice",
        "settled voice",
        "hostile voice",
        "long voice",
    ):
        yield State(key, f"{at}/{{{key}}}", who="ed")
    yield State(
        "voice, done without a word", f"{at}/{{urgent voice}}", send({"note": ""}, "main form[action$=done]"),
        who="ed", status=422, wrong=True,
    )  # fmt: skip


def _public() -> Iterator[State]:
    yield State("feedback", "/services/{hall}/feedback")
    yield State(
        "feedback, wrong", "/services/{hall}/feedback", send({"words": "", "name": HOSTILE, "email": "no at"}),
        status=422, wrong=True,
    )  # fmt: skip
    yield State("report", "/services/{hostile}/report")
    yield State(
        "report, wrong", "/services/{hall}/report", send({"words": HOSTILE, "email": "no at"}), status=422,
        wrong=True,
    )  # fmt: skip
    yield State("suggest", "/suggest")
    yield State(
        "suggest, wrong", "/suggest", send({"about": "", "words": LONG_WORDS * 4}), status=422, wrong=True
    )
    yield State("thank you", "/thank-you")
    yield State("thank you, ring now", "/thank-you?ring=now", shows=".urgent")


GROUPS = (
    *(_provider, _entries, _questions),
    *(_queue, _editors_entries, _keeping, _upkeep),
    *(_voices, _public),
)
