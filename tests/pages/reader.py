"""Opens states of pages in a browser, as a visitor with that session would, or somebody who is signed in.

The sites that states are read on: `demonstration` with the hard listings; `translated`, the same in made-up
languages; `broken`, which cannot read its taxonomy; `limited`, which counts what is sent; and `bare`, before any
council was added.
"""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import Flask, session
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, Response
from werkzeug.test import TestResponse

from portal import clock
from portal.accounts import signing_in
from portal.accounts.models import SignIn, User
from portal.db import db
from portal.directory import shortlist, where
from portal.directory.models import Term
from tests import browser as harness
from tests import instances
from tests.browser import MODES, Mode, Watch
from tests.pages.made_accounts import persona
from tests.pages.states import State

ENGLISH = "en"
# In Sale, in the made-up Fernshire.
_LATITUDE, _LONGITUDE = "53.42", "-2.32"
# The browser in which personas are signed in, as it names itself and as a list of computers does.
_BROWSER = "Firefox on Linux"


@dataclass(frozen=True)
class Site:
    """An app and where it is served."""

    app: Flask
    url: str


@dataclass
class Opened:
    """A page in a browser: what its address answered, and what went wrong unseen."""

    page: Page
    watch: Watch
    answers: list[Response] = field(default_factory=list)

    @property
    def status(self) -> int:
        """How the server answered with the page that is shown."""
        return self.answers[-1].status

    @cached_property
    def html(self) -> str:
        """The page as the server sent it."""
        return self.answers[-1].text()

    def unseen(self) -> list[str]:
        """What went wrong unseen, save that the page is an error page."""
        meant = {f"{answer.status} for {answer.url}" for answer in self.answers if answer.status >= 500}
        return [problem for problem in self.watch.problems if problem not in meant]


class Sites:
    """The sites, each made and served when it is first asked for."""

    def __init__(self, folder: Path, catalogues: Path | None = None) -> None:
        self._folder, self._catalogues = folder, catalogues
        self._stack = ExitStack()
        self._made: dict[str, Site] = {}

    def __getitem__(self, name: str) -> Site:
        if name not in self._made:
            app = _MAKERS[name](self._folder, self._catalogues)
            self._made[name] = Site(app, self._stack.enter_context(harness.serving(app)))
        return self._made[name]

    def close(self) -> None:
        """Nothing is served any more."""
        self._stack.close()


def _copy(folder: Path, name: str) -> Path:
    copied = folder.with_name(f"{folder.name}-{name}")
    shutil.copytree(folder, copied)
    return copied


def _demonstration(folder: Path, _catalogues: Path | None) -> Flask:
    return instances.app(folder)


def _translated(folder: Path, catalogues: Path | None) -> Flask:
    return instances.app(folder, BABEL_TRANSLATION_DIRECTORIES=str(catalogues))


def _broken(folder: Path, _catalogues: Path | None) -> Flask:
    """Pages that need the taxonomy fail, as after half a migration."""
    app = instances.app(_copy(folder, "broken"), PROPAGATE_EXCEPTIONS=False)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text(f"ALTER TABLE {Term.__tablename__} RENAME TO lost"))
    return app


def _limited(folder: Path, _catalogues: Path | None) -> Flask:
    return instances.app(_copy(folder, "limited"), NO_LIMITS=False)


def _bare(folder: Path, _catalogues: Path | None) -> Flask:
    """Tables, and nothing in them."""
    app = instances.app(folder.with_name(f"{folder.name}-bare"))
    instances.migrate(app)
    return app


_MAKERS: dict[str, Callable[[Path, Path | None], Flask]] = {
    "demonstration": _demonstration,
    "translated": _translated,
    "broken": _broken,
    "limited": _limited,
    "bare": _bare,
}


@dataclass
class Reader:
    """Opens states. made: the ids of the hard listings by their keys."""

    browser: Browser
    sites: Sites
    made: Mapping[str, str]
    _profiles: dict[tuple[str, str], BrowserContext] = field(default_factory=dict)
    _answers: dict[tuple[str, str], TestResponse] = field(default_factory=dict)

    def address(self, state: State) -> str:
        """The address of a state, with ids in it."""
        return state.path.format_map(self.made) if "{" in state.path else state.path

    def session(self, site: Site, state: State, language: str = ENGLISH) -> dict[str, Any]:
        """What the session holds of whoever reads."""
        held = _of_account(site, state)
        for key in state.plan:
            shortlist.add(held, UUID(self.made[key]))
        if state.here:
            where.remember_here(held, _LATITUDE, _LONGITUDE)
        if state.place:
            held[where._LAST] = state.place
        if language != ENGLISH:
            held["language"] = language
        return held

    def ask(self, state: State, language: str = ENGLISH) -> TestResponse:
        """What the state's address answers, without a browser. Asked once: several tests look at the same answer."""
        if (state.name, language) not in self._answers:
            self._answers[state.name, language] = self._asked(state, language)
        return self._answers[state.name, language]

    def _asked(self, state: State, language: str) -> TestResponse:
        return self.client(state, language).get(
            f"http://{state.host}{self.address(state)}", follow_redirects=True
        )

    def client(self, state: State, language: str = ENGLISH) -> FlaskClient:
        """What asks the state's site without a browser, with the state's session."""
        site = self.sites[state.site if language == ENGLISH else "translated"]
        client = site.app.test_client()
        cookie = self._cookie(site, state, language)
        if cookie:
            client.set_cookie("session", cookie, domain=state.host)
        return client

    def _cookie(self, site: Site, state: State, language: str) -> str:
        """The visitor's session as the site signs it; "" for one who comes with none."""
        signer = site.app.session_interface.get_signing_serializer(site.app)  # type: ignore[attr-defined]  # Flask's own has it
        held = self.session(site, state, language)
        return str(signer.dumps(held)) if held else ""

    def _visit(self, context: BrowserContext, state: State, language: str) -> None:
        """Whoever uses the profile has the state's session, and no other."""
        site, url = self._where(state, language)
        context.clear_cookies()
        cookie = self._cookie(site, state, language)
        if cookie:
            context.add_cookies([{"name": "session", "value": cookie, "url": url}])

    def _where(self, state: State, language: str) -> tuple[Site, str]:
        """The site that the state is read on, and its address there."""
        site = self.sites[state.site if language == ENGLISH else "translated"]
        return site, site.url.replace("localhost", state.host, 1)

    @contextmanager
    def context(
        self, state: State, mode: Mode = MODES["ordinary"], language: str = ENGLISH
    ) -> Iterator[BrowserContext]:
        """A fresh profile on the state's site, with its session: nothing was ever loaded there."""
        context = self.browser.new_context(base_url=self._where(state, language)[1], **mode.settings)
        self._visit(context, state, language)
        try:
            yield context
        finally:
            harness.put_down(context)

    def _profile(self, state: State, mode: Mode, language: str) -> BrowserContext:
        """A profile that has the site's style, script and fonts already: pages open in half the time."""
        url = self._where(state, language)[1]
        if (url, mode.name) not in self._profiles:
            self._profiles[url, mode.name] = self.browser.new_context(base_url=url, **mode.settings)
        context = self._profiles[url, mode.name]
        self._visit(context, state, language)
        return context

    @contextmanager
    def reading(
        self, state: State, mode: Mode = MODES["ordinary"], language: str = ENGLISH
    ) -> Iterator[Opened]:
        """The state, open in a mode and a language, in a tab of its own."""
        page = self._profile(state, mode, language).new_page()
        page.set_default_timeout(10_000)
        opened = Opened(page, Watch("localhost"))
        opened.watch.on(page)
        page.on("response", lambda answer: _keep(opened, answer))
        try:
            harness.show(page, self.address(state), mode)
            if state.then:
                state.then(page)
                harness.settle(page, mode)
            yield opened
        finally:
            page.close()


def _of_account(site: Site, state: State) -> dict[str, Any]:
    """What the session holds of the persona who reads, and of what they are in the middle of."""
    if not (state.who or state.holds):
        return {}
    with site.app.test_request_context(f"http://{state.host}/", headers={"User-Agent": _BROWSER}):
        user = persona(state.who) if state.who else None
        if user:
            _sign_in(user, state)
        held = dict(session) | dict(state.holds(user) if state.holds else {})
        db.session.remove()
    return held


def _sign_in(user: User, state: State) -> None:
    """They are signed in as by the sign-in page, in this browser alone: what was opened before for them is gone."""
    db.session.execute(sa.delete(SignIn).where(SignIn.user_id == user.id, SignIn.browser == _BROWSER))
    now = clock.now()
    shown = now - dt.timedelta(minutes=11) if state.stale else now
    signing_in.begin(user, how="password", shared=state.shared, now=now, proved_at=shown)
    db.session.commit()


def _keep(opened: Opened, answer: Response) -> None:
    if answer.request.is_navigation_request() and answer.status // 100 != 3:
        opened.answers.append(answer)
