"""Each page in each of its states, read once from end to end: by machine rules, and by what people trip over."""

import pytest

from tests import browser
from tests.browser import MODES
from tests.html_valid import validate
from tests.pages.problems import assert_nothing
from tests.pages.reader import Reader
from tests.pages.states import STATES, State
from tests.pages.states.state import Send

pytestmark = pytest.mark.browser


# The modes that an open page can be turned into.
TURNED = [mode for mode in MODES.values() if mode.name != "no script"]
# The many states behind a sign-in are of the same parts as those that stand for all: the modes where words have the
# least room are enough for them.
NARROW = [MODES[name] for name in ("320 px", "large text", "right to left")]


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_it_can_be_read_by_everybody(reader: Reader, state: State) -> None:
    with reader.reading(state) as opened:
        page = opened.page
        assert opened.status == state.status
        assert not state.shows or page.locator(state.shows).count()
        found = {
            "axe": browser.axe(page),
            "headings": browser.heading_problems(page),
            "names": browser.repeated_names(page),
            "html": validate(opened.html),
        }
        if state.wrong and isinstance(state.then, Send):
            found["what was typed is lost"] = state.then.lost(page)
        for mode in TURNED if state.main or not state.who else NARROW:
            browser.settle(page, mode)
            found[mode.name] = browser.layout_problems(page, mode)
        found["unseen"] = opened.unseen()
        assert_nothing(found)
