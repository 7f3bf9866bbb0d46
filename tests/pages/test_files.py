"""What people take away with them is read from where they saved it, without the site's style and script."""

import pytest

from tests import browser
from tests.browser import MODES
from tests.html_valid import validate
from tests.pages.problems import assert_nothing
from tests.pages.reader import Reader
from tests.pages.states import STATES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", ["account", "account, everything"])
def test_the_file_of_ones_own_data_can_be_read_by_everybody(reader: Reader, name: str) -> None:
    answer = reader.client(STATES[name]).get("/account/data/file.html")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    page = reader.browser.new_page()
    page.set_content(answer.text)
    bare = ("region", "landmark-one-main")  # a file has no navigation to tell its content from
    found = {
        "axe": browser.axe(page, leave_out=bare),
        "headings": browser.heading_problems(page),
        "html": validate(answer.text),
    }
    for mode in ("ordinary", "320 px", "print"):
        browser.settle(page, MODES[mode])
        found[mode] = browser.sideways_scroll(page) + browser.clipped_text(page)
    page.close()
    assert_nothing(found)
