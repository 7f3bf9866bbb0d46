"""A visitor's way through a conversation, what may help, the ways to come back, equipment and boards."""

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from playwright.sync_api import Page

from tests.pages.listings import HOSTILE, LONGEST
from tests.pages.states.state import Do, State, send

_START = "/self-help/everyday-life"


def _press(page: Page, form: str) -> None:
    with page.expect_navigation(wait_until="load"):
        page.locator(f"{form} button").first.click()


def _begin(whom: str = "me", name: str = "", *, shared: bool = False) -> Do:
    def do(page: Page) -> None:
        page.locator(f"input[name=whom][value={whom}]").check()
        page.locator("input[name=name]").fill(name)
        if shared:
            page.locator("input[name=shared]").check()
        _press(page, "main form.narrow-form")

    return do


def _answer(page: Page, **answers: str) -> None:
    """What is chosen or typed on the page that is there, and then the next one."""
    for key, said in answers.items():
        field = page.locator(f"main [name='q-{key.replace('_', '-')}']")
        kind = field.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            page.locator(f"main [name='q-{key.replace('_', '-')}'][value='{said}']").check()
        else:
            field.first.fill(said)
    _press(page, "main form.talk")


def _through(*, urgent: bool = False, name: str = "") -> Do:
    """To what may help, with a few answers."""

    def do(page: Page) -> None:
        _begin("someone-else" if name else "me", name)(page)
        _answer(page, now="danger" if urgent else "none")
        _answer(page, enjoy="garden")
        _answer(page, helps="family", lives="alone", matters=HOSTILE if name else "My sister")
        _answer(page, topics="moving")
        _answer(page, stairs="hard", chair="both")
        page.goto(page.url.split("/page/")[0] + "/results")

    return do


def _then(*steps: Do | Callable[[Page], object]) -> Do:
    def do(page: Page) -> None:
        for step in steps:
            step(page)

    return do


def _to(path: str) -> Do:
    def do(page: Page) -> None:
        page.goto(page.url.split("/self-help/")[0] + _START + path)

    return do


def _kept(page: Page) -> None:
    _to("/keep")(page)
    _press(page, "main form[action$='/code']")


def _wrong(page: Page) -> None:
    """The page with a postcode, and no postcode in it."""
    for _page in range(40):
        if page.locator("[name='q-postcode']").count():
            break
        _press(page, "main form.talk")
    _answer(page, postcode=LONGEST)


def _aside(page: Page) -> None:
    page.locator("details.aside summary").first.click()
    _press(page, "details.aside form")


def _deleted(page: Page) -> None:
    _to("/answers")(page)
    _press(page, "main form[action$='/delete']")


def _talking() -> Iterator[State]:
    yield State("conversations to choose from", "/self-help", main=True, shows=".doors")
    yield State("conversation, before it begins", _START, main=True, shows="input[name=whom]")
    yield State("conversation, begun for nobody", _START, send({"name": HOSTILE}, "main form.narrow-form"),
                status=422, wrong=True)  # fmt: skip
    yield State("conversation, its first page", f"{_START}/page/1", _begin(), main=True, shows=".quick-exit")
    yield State("conversation, about somebody with a hostile name", _START, _begin("someone-else", HOSTILE[:40]),
                shows="form.talk")  # fmt: skip
    yield State(
        "conversation, on a shared computer", f"{_START}/on", _begin(shared=True), shows="[data-clear-after]"
    )
    yield State(
        "conversation, a postcode that is none", _START, _then(_begin(), _wrong), status=422, wrong=True
    )
    yield State(
        "conversation, what was said",
        f"{_START}/answers",
        _then(_through(), _to("/answers")),
        main=True,
        shows=".said",
    )
    there_and_back = _then(
        lambda page: page.goto(page.url + "/everyday-life"),
        _begin(),
        lambda page: page.goto(page.url.split("/self-help/")[0] + "/self-help"),
    )
    yield State("conversation, somewhere begun", "/self-help", there_and_back, shows=".kept")
    yield State("conversation, what was said is gone", f"{_START}?gone=1", shows=".panel.warn")


def _helping() -> Iterator[State]:
    yield State("what may help", f"{_START}/results", _through(), main=True, shows=".topic .card")
    yield State("what may help, first of all", _START, _through(urgent=True), shows=".topic.panel.warn")
    yield State("what may help somebody else", _START, _through(name=LONGEST[:40]), shows=".topic")
    yield State("what may help, something put aside", _START, _then(_through(), _aside), shows="#aside")
    yield State(
        "what may help, nothing said", _START, _then(_begin(), _to("/results")), shows="#topic-otherwise"
    )


def _coming_back() -> Iterator[State]:
    yield State(
        "conversation, ways to come back",
        f"{_START}/keep",
        _then(_begin(), _to("/keep")),
        shows="input[name=email]",
    )
    yield State("conversation, a paper code", _START, _then(_begin(), _kept), main=True, shows=".paper-code")
    yield State("conversation, mailed to nowhere", _START,
                _then(_begin(), _to("/keep"), send({"email": "mavis"}, "main form.narrow-form")),
                status=422, wrong=True)  # fmt: skip
    yield State("conversation, deleted", _START, _then(_begin(), _deleted), shows=".panel")
    yield State("a code to go on with", "/self-help/resume", shows="input[name=code]")
    yield State("a code that nobody knows", "/self-help/resume",
                send({"code": "7K3M-9QXA-2BTF"}, "main form.narrow-form"), status=422, wrong=True)  # fmt: skip
    yield State("a link to go on with", "/self-help/resume/{way back}", shows="main form")
    yield State("a link that is too old", "/self-help/resume/nothing", status=404)


def _equipment() -> Iterator[State]:
    yield State("equipment house", "/equipment", main=True, shows=".rooms")
    yield State("equipment house, a room", "/equipment/bathroom", main=True, shows=".rooms")
    yield State("equipment house, a thing in a room", "/equipment/bathroom/at/bathroom-bath", shows=".things")
    yield State("equipment house, every task", "/equipment/tasks", shows=".things")
    yield State("equipment house, what is hard", "/equipment/hard/bending", shows=".things")
    yield State(
        "equipment house, a task", "/equipment/bathroom/in-and-out-of-the-bath", main=True, shows=".kit .card"
    )
    yield State(
        "equipment house, a task near somebody",
        "/equipment/living-room/up-from-the-chair?postcode=M33+7ZF",
        shows=".results .card",
    )
    yield State(
        "equipment house, a task near nowhere",
        "/equipment/living-room/up-from-the-chair?" + urlencode({"postcode": HOSTILE[:60]}),
        wrong=True,
        shows="#postcode-error",
    )
    yield State("equipment house, no such room", "/equipment/nothing", status=404)
    yield State("equipment, all of it", "/equipment/all", shows=".things")
    yield State("a piece of equipment", "/equipment/item/chair-raisers", main=True, shows=".said")


def _boards() -> Iterator[State]:
    board = "/boards/personal-assistant"
    yield State("a board of steps", board, main=True, shows=".board-stop")
    yield State("a step of a board", f"{board}/first-week", main=True, shows=".board-checks")
    yield State("the last step of a board", f"{board}/ending", shows=".board-checks")
    yield State("a document to fill in", f"{board}/contract/pa-contract", main=True, shows=".board-blank")


GROUPS = (_talking, _helping, _coming_back, _equipment, _boards)
