"""Nobody has to type an address: every page that somebody may open is reached by links, from the first one on."""

import re
from collections import Counter
from html import unescape

from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from portal.permissions import is_guarded
from tests.access.asking import Scene

_LINK = re.compile(r'href="(/[^"#]*)')
# How many addresses of one kind are looked at: enough for a page that shows a thing in each of its states.
_OF_A_KIND = 14
WALKERS = ("asha", "mavis", "derek", "tom", "ed", "sam", "bea", "ada", "lou")
# Pages that no link leads to, each for its reason.
NOT_BY_LINK = {
    "account.email_asked": "the answer to a form",
    "care.join": "only where somebody has no account, and none waits for a second officer: here each has or does",
    "editor.ask_many": "the answer to ticking several entries",
    "editor.many_done": "the answer to a form",
    "editor_entries.ready": "a link on the editor’s own draft, which here is one of an editor’s who does not walk",
    "editor_entries.step": "the same",
    "factors.picture": "a picture",
    "provider.claim": "one of what is found by a form that asks",
}


def _endpoint(scene: Scene, path: str, host: str) -> str:
    """The endpoint that answers an address; "" where none does."""
    try:
        return str(scene.app.url_map.bind(host).match(path.partition("?")[0], method="GET")[0])
    except (HTTPException, RequestRedirect):
        return ""


def _reached(scene: Scene, name: str) -> set[str]:
    """The endpoints of all pages that somebody comes to by links, from the council's first page."""
    host, waiting = scene.askers[name].host, ["/"]
    seen, kinds, found = {"/"}, Counter[str](), set[str]()
    while waiting:
        path = waiting.pop(0)
        answer = scene.ask(name, "GET", path, {})
        if answer.status_code in (301, 302, 303):
            links = [answer.location.removeprefix(f"http://{host}")]
        else:
            assert answer.status_code == 200, f"{name} is led to {path}, which answers {answer.status_code}"
            found.add(_endpoint(scene, path, host))
            links = _LINK.findall(answer.text)
        for link in map(unescape, links):
            kind = _endpoint(scene, link, host)
            if kind and link not in seen and kinds[kind] < _OF_A_KIND:
                seen.add(link)
                kinds[kind] += 1
                waiting.append(link)
    return found


def _pages(scene: Scene) -> set[str]:
    """The endpoints of all pages that are not for everybody."""
    rules = scene.app.url_map.iter_rules()
    return {
        r.endpoint
        for r in rules
        if not r.build_only and "GET" in (r.methods or ()) and is_guarded(r.endpoint)
    }


# Who finds which desk: the first page of what is theirs to do.
DESKS = {
    "mavis": {"mandates.overview"},
    "derek": {"mandates.person"},
    "tom": {"provider.home", "staff.overview"},
    "ed": {"editor.queue", "fresh.overview"},
    "bea": {"voices_desk.overview"},
    "sam": {"care.overview"},
    "ada": {"people.overview"},
}


def test_every_page_that_is_not_for_everybody_is_reached_by_links_by_somebody_who_may_open_it(
    scene: Scene,
) -> None:
    with scene.app.test_request_context():
        pages = _pages(scene)
        reached = {name: _reached(scene, name) for name in WALKERS}
    lost = sorted(pages - set().union(*reached.values()))
    assert lost == sorted(NOT_BY_LINK), " ".join(lost)
    assert {name: desks - reached[name] for name, desks in DESKS.items() if desks - reached[name]} == {}
