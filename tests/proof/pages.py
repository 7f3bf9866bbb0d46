"""Every page and state, in every mode, in English and in both made-up languages, with axe and all our checks."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests import browser, instances, machine, pseudo
from tests.browser import MODES, Mode
from tests.html_valid import validate
from tests.pages.reader import ENGLISH, Opened, Reader, Sites
from tests.pages.states import STATES
from tests.proof.parts import Part, Try

NO_SCRIPT = MODES["no script"]
_BETWEEN = " | "


def _cases() -> list[str]:
    """Each state in English; and where the site is translated, in the made-up languages too."""
    found = [f"{name}{_BETWEEN}{ENGLISH}" for name in STATES]
    for language in (pseudo.LEFT_TO_RIGHT, pseudo.RIGHT_TO_LEFT):
        found += [
            f"{name}{_BETWEEN}{language}" for name, state in STATES.items() if state.site == "demonstration"
        ]
    return found


def _modes(language: str) -> list[Mode]:
    """The modes that an open page can be turned into; a page that is right to left already needs no turning."""
    left_out = {NO_SCRIPT.name} | (set() if language == ENGLISH else {"right to left"})
    return [mode for mode in MODES.values() if mode.name not in left_out]


def _in_mode(page: Page, mode: Mode) -> Iterator[str]:
    browser.settle(page, mode)
    yield from (f"axe: {problem}" for problem in browser.axe(page))
    yield from browser.layout_problems(page, mode)
    if mode.media != "print":
        yield from browser.focus_problems(page)
        yield from (f"backwards: {problem}" for problem in browser.focus_problems(page, backwards=True))


def _with_script(opened: Opened, language: str) -> Iterator[str]:
    yield from (f"html: {problem}" for problem in validate(opened.html))
    yield from browser.heading_problems(opened.page)
    yield from browser.repeated_names(opened.page)
    for mode in _modes(language):
        yield from (f"{mode.name}: {problem}" for problem in _in_mode(opened.page, mode))
    yield from opened.unseen()


def _try(reader: Reader, case: str) -> list[str]:
    name, _, language = case.rpartition(_BETWEEN)
    state = STATES[name]
    with reader.reading(state, language=language) as opened:
        problems = [] if opened.status == state.status else [f"answered {opened.status}, not {state.status}"]
        problems += _with_script(opened, language)
    if not state.needs_script:
        with reader.reading(state, NO_SCRIPT, language) as opened:
            found = browser.layout_problems(opened.page) + browser.heading_problems(opened.page)
            problems += [f"no script: {problem}" for problem in found + opened.unseen()]
    return problems


def _prepare(folder: Path) -> None:
    """The demonstration with the hard listings, and the made-up languages."""
    store, instance = folder / "postcodes", folder / "instance"
    for made in (store, instance):
        made.mkdir()
    instances.load_postcodes(store)
    instances.fill_demonstration(instance, store)
    instances.add_hard_listings(instance)
    pseudo.write(folder / "translations")


@contextmanager
def _trying(folder: Path) -> Iterator[Try]:
    with tempfile.TemporaryDirectory(prefix="portal-proof-") as name, sync_playwright() as playwright:
        instance = Path(name) / "instance"
        shutil.copytree(folder / "instance", instance)
        sites = Sites(instance, folder / "translations")
        chromium = playwright.chromium.launch(executable_path=machine.chromium(), args=browser.FLAGS)
        reader = Reader(chromium, sites, instances.made(instance))
        try:
            yield lambda case: _try(reader, case)
        finally:
            chromium.close()
            sites.close()


PAGES = Part("pages", __doc__ or "", _cases(), _prepare, _trying)
