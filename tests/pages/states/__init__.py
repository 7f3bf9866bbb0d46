"""Every page and state that is read in a browser, by tests here and by `make proof`.

A route of the app that is in none of them fails tests/pages/test_registry.py: whoever adds one says here how it looks
when it is empty, full, wrong and very long. Each part of the site has a module with its `GROUPS`.
"""

from tests.pages.states import accounts, conversations, desks, documents, offices, public, talks
from tests.pages.states.state import State, leave

__all__ = ["MAIN", "STATES", "State", "leave"]

_ALL = [
    state
    for part in (public, accounts, offices, desks, documents, conversations, talks)
    for group in part.GROUPS
    for state in group()
]
STATES: dict[str, State] = {state.name: state for state in _ALL}
assert len(STATES) == len(_ALL), "two states have the same name"
MAIN = {name: state for name, state in STATES.items() if state.main}
