"""A page as somebody comes upon it, and what is done on it in every desk alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page

from portal.accounts.models import User

Do = Callable[[Page], None]


@dataclass(frozen=True)
class State:
    """A page as somebody comes upon it.

    path: its address; {hall}, {of hall} and the like stand for what was made beforehand (see made_accounts.py and
    made_desks.py).  who: the key of the persona who is signed in, who has just shown a second factor unless `stale`;
    "" for a visitor.  then: what is done on it before it is read.  plan, place, here: what the session holds; holds:
    what else it does, given the persona's account.  site: see reader.py.  shows: a selector of what makes it this
    state; a change of content that takes it away is noticed.
    """

    name: str
    path: str
    then: Do | None = None
    who: str = ""
    shared: bool = False  # on a computer that others use too
    stale: bool = False  # signed in, and the second factor was shown long ago
    host: str = "localhost"
    site: str = "demonstration"
    status: int = 200
    plan: tuple[str, ...] = ()
    place: str = ""
    here: bool = False
    holds: Callable[[User | None], Mapping[str, Any]] | None = None
    shows: str = ""
    wrong: bool = False  # something that was typed could not be used: title and summary say so
    needs_script: bool = False
    main: bool = False  # one of the few that stand for all where reading all would take too long


# What is done on a page, in whatever language


def leave(page: Page) -> None:
    """ "Finish and clear" is pressed, and the page that comes of it is there."""
    with page.expect_navigation(wait_until="load"):
        page.locator("form.finish button").click()


@dataclass(frozen=True)
class Send:
    """A form is filled in and sent as people do it. See `send`."""

    typed: Mapping[str, str]
    form: str

    def __call__(self, page: Page) -> None:
        """What the browser would hold back by itself (a required field, an address without @) is sent all the same."""
        sent = page.locator(self.form).first
        sent.evaluate("form => { form.noValidate = true; }")
        for name, value in self.typed.items():
            _fill(sent.locator(f"[name='{name}']"), value)
        with page.expect_navigation(wait_until="load"):
            sent.locator("button:not([type=button]):visible").first.click()

    def lost(self, page: Page) -> list[str]:
        """What was typed and does not stand there any more, once the page has come back. Passwords never do."""
        return [
            f"{name} was {value!r} and is {left!r}"
            for name, value in self.typed.items()
            if (left := _left(page.locator(f"main form [name='{name}']"))) is not None and left != value
        ]


def send(typed: Mapping[str, str] | None = None, form: str = "main form[method=post]") -> Send:
    """A form is filled in and sent. typed: by the names of its fields, and nothing else."""
    return Send(typed or {}, form)


def _fill(field: Locator, value: str) -> None:
    """A box with words in it; or, of radio buttons and ticks, the one with that value."""
    if field.first.get_attribute("type") in ("radio", "checkbox"):
        field.and_(field.page.locator(f"[value='{value}']")).check()
    elif field.first.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)


def _left(field: Locator) -> str | None:
    """What stands in a box now, or which of several is ticked; None for a password."""
    kind = field.first.get_attribute("type")
    if kind == "password":
        return None
    if kind in ("radio", "checkbox"):
        ticked = field.and_(field.page.locator(":checked"))
        return str(ticked.get_attribute("value")) if ticked.count() else ""
    return str(field.first.input_value())
