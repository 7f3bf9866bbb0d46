"""What could not be used is said first, and whoever follows the words gets to the box to put it right."""

import pytest

from tests.browser import MODES, Mode
from tests.pages.reader import Reader
from tests.pages.states import STATES, State

pytestmark = pytest.mark.browser

WRONG = {name: state for name, state in STATES.items() if state.wrong}
# On a narrow screen, only the form of the search is folded away.
CASES = [(state, MODES["ordinary"]) for state in WRONG.values()] + [
    (state, MODES["320 px"]) for state in WRONG.values() if state.main or state.then is None
]


@pytest.mark.parametrize(
    ("state", "mode"), CASES, ids=[f"{state.name} ({mode.name})" for state, mode in CASES]
)
def test_the_summary_has_the_focus_and_leads_to_what_it_names(
    reader: Reader, state: State, mode: Mode
) -> None:
    with reader.reading(state, mode) as opened:
        page = opened.page
        assert page.evaluate("() => document.activeElement.className") == "govuk-error-summary"
        links = page.locator(".govuk-error-summary a")
        assert links.count() > 0
        for at in range(links.count()):
            target = page.locator(str(links.nth(at).get_attribute("href")))
            links.nth(at).click()
            assert target.is_visible()
            assert target.evaluate("it => it === document.activeElement || !it.matches('input, select')")
        assert opened.unseen() == []


def test_what_was_typed_still_stands_in_its_box(reader: Reader) -> None:
    page = reader.ask(STATES["find, everything odd"]).text
    for name, typed in {"q": "lunch", "postcode": "nowhere at all", "time": "noon", "age": "999"}.items():
        box = page.partition(f'id="{name}" name="{name}"')[2].partition(">")[0]
        assert f'value="{typed}"' in box
