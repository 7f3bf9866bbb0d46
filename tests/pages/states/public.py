"""What visitors read: finding, listings, the plan, and the pages that every site has."""

from collections.abc import Iterator
from urllib.parse import quote, urlencode

from playwright.sync_api import Page

from tests.pages.listings import HOSTILE, LONGEST
from tests.pages.states.state import Do, State, leave


def _find(**asked: str | list[str]) -> str:
    return "/find?" + urlencode(asked, doseq=True, quote_via=quote)


NEAR = {"postcode": "M33 7ZF"}
LUNCH = {"q": "lunch club", **NEAR}


# What is done on a page, in whatever language


def _narrow(page: Page) -> None:
    """A filter is ticked, and the results are swapped in."""
    fold = page.locator(".narrow-fold")
    if not fold.evaluate("fold => fold.open"):
        fold.locator("summary").first.click()
    page.locator("input[name=day][value=thu]").check()
    page.locator(".narrow form > button").click()
    page.locator(".chips").wait_for()


def _type(page: Page) -> None:
    """The start of a word is typed, and suggestions have come."""
    page.locator("#q").press_sequentially("lun")
    page.locator("#suggestions a").first.wait_for()


def _add(page: Page) -> None:
    """The first result is put on the plan, and the page says so."""
    page.locator("form.add button").first.click()
    page.locator(".kept").wait_for()


def _spoil(selector: str, field: str, value: str) -> Do:
    """A form is sent with something else in one of its fields, as a stale page or another program would send it."""

    def do(page: Page) -> None:
        with page.expect_navigation(wait_until="load"):
            page.locator(selector).first.evaluate(
                "(form, [field, value]) => { form.elements[field].value = value; form.submit(); }",
                [field, value],
            )

    return do


def _add_stale(page: Page) -> None:
    """A page that has been open too long puts something on the plan, and gets an error in answer to the swap."""
    token = page.locator("form.add [name=csrf_token]").first
    token.evaluate("field => { field.value = 'old'; }")
    page.locator("form.add button").first.click()
    page.locator("[data-result]").first.wait_for(state="detached")


def _too_often(page: Page) -> None:
    """The address has sent more in a minute than one address may, and sends once more."""
    for _ in range(400):
        if page.request.post("/plan/items").status == 429:
            break
    _spoil("form.add", "service", "")(page)


# The states


def _home() -> Iterator[State]:
    yield State("home", "/", main=True)
    yield State("home, after a search", "/", place="M33 7ZF", plan=("hall",))
    yield State("home of Millbrook", "/", host="millbrook.localhost")
    yield State("home, with suggestions", "/", _type, needs_script=True)


def _finding() -> Iterator[State]:
    yield State("find, nothing asked", "/find")
    yield State("find, words", _find(q="lunch club"))
    yield State("find, words and place", _find(**LUNCH), main=True)
    yield State("find, at Saltmarsh", _find(q="care", postcode="M30 0EJ"), host="saltmarsh.localhost")
    yield State("find, part of a postcode", _find(q="lunch", postcode="M33"), shows=".note")
    yield State("find, town", _find(q="lunch", postcode="Altrincham", sort="distance"))
    yield State("find, near where I am", _find(q="lunch", near="here"), here=True, shows="[data-metres]")
    few = {"access": "step-free", "time": "12:30", "age": "70", "within": "20"}
    yield State("find, narrowed", _find(**NEAR, day=["tue", "thu"], **few), shows=".chips li:nth-child(5)")
    yield State("find, page 2", _find(page="2"), shows="[rel=prev]")
    yield State("find, past the last page", _find(q="lunch", page="9999"), shows="[rel=prev]")
    yield State("find, by need", _find(need="lonely", sort="name"), shows=".chips")
    yield State("find, some on the plan", _find(**LUNCH), plan=("hall", "catchment"), shows=".kept")
    yield State("find, after a swap", _find(**LUNCH), _narrow, needs_script=True)
    yield State("find, one put on the plan", _find(**LUNCH), _add, needs_script=True)


def _map() -> Iterator[State]:
    yield State("map", _find(**LUNCH, view="map"), main=True, shows="a.map-pin")
    yield State("map, no place", _find(q="lunch", view="map"), shows="a.map-pin")
    yield State(
        "map, nothing to pin", _find(q="quizzle", view="map", exact="1"), shows=".results:not(:has(.number))"
    )
    yield State("map, nothing found", _find(q="zzyzx qwrtp", view="map"), shows=".nothing")


def _little_found() -> Iterator[State]:
    yield State("find, nothing at all", _find(q="zzyzx qwrtp", **NEAR), main=True, shows=".nothing")
    yield State(
        "find, less would find", _find(q="thursday table", day="sun", time="22:30", **NEAR), shows=".ways a"
    )
    yield State("find, misspelt", _find(q="luhnch clubb"), shows=".meant")
    for kind, words in {
        "crisis": "want to die",
        "abuse": "he hits me",
        "medical": "chest pain",
        "child": "worried about a child",
    }.items():
        yield State(f"find, urgent: {kind}", _find(q=words, **NEAR), shows=".urgent")


def _wrong() -> Iterator[State]:
    yield State("find, odd postcode", _find(q="lunch", postcode="!!"), wrong=True)
    yield State("find, unknown postcode", _find(q="lunch", postcode="ZZ99 9ZZ"), wrong=True)
    yield State("find, odd distance", _find(**LUNCH, within="-1"), wrong=True)
    yield State("find, odd time", _find(**LUNCH, time="25:99"), wrong=True)
    yield State("find, odd age", _find(**LUNCH, age="old"), wrong=True)
    odd = {"postcode": "nowhere at all", "within": "x", "time": "noon", "age": "999", "page": "-1"}
    yield State("find, everything odd", _find(q="lunch", **odd), wrong=True, main=True)
    yield State("find, no longer near", _find(near="here"), wrong=True)


def _strange_words() -> Iterator[State]:
    yield State("find, very long words", _find(q="company for dad " * 40, postcode="x" * 60), wrong=True)
    yield State("find, one endless word", _find(q="a" * 300))
    yield State("find, right to left", _find(q="دوپہر کا کھانا", **NEAR))
    yield State("find, hostile words", _find(q=HOSTILE, postcode=HOSTILE, category=HOSTILE), wrong=True)
    yield State("find, the hard listings", _find(q=f"{LONGEST} script luncheon", sort="name"))


def _services() -> Iterator[State]:
    for key in ("several", "comes", "online", "catchment", "welsh", "urdu", "bare"):
        yield State(f"service, {key}", f"/services/{{{key}}}")
    yield State("service, closed for now", "/services/{closed}", shows=".panel.warn")
    yield State("service, rated", "/services/{rated}", shows="table")
    yield State("service, everything", "/services/{hall}", main=True)
    yield State(
        "service, from a place", "/services/{several}", place="M33 2DA", plan=("several",), shows=".kept"
    )
    yield State("service, comes to this place", "/services/{comes}", place="M33 7ZF", shows=".tag.covers")
    yield State("service, not to this place", "/services/{comes}", place="M9 8LN", shows=".tag.warn")
    yield State("service, very long", "/services/{long}", place="M33 7ZF", main=True)
    yield State("service, hostile", "/services/{hostile}")
    yield State("service, at Millbrook", "/services/{hall}", host="millbrook.localhost")


def _organisations() -> Iterator[State]:
    yield State("organisation", "/organisations/{of hall}", main=True)
    yield State("organisation, very long", "/organisations/{of long}")
    yield State("organisation, hostile", "/organisations/{of hostile}")


def _plan() -> Iterator[State]:
    everything = ("hall", "several", "comes", "closed", "rated", "long", "hostile", "urdu", "bare")
    yield State("plan, empty", "/plan")
    yield State("plan", "/plan", plan=("hall", "several", "comes", "rated"), main=True)
    yield State("plan, hard listings", "/plan", plan=everything)
    yield State("plan, something gone", "/plan", plan=("hall", "gone", "kept"), shows=".panel.warn")
    yield State("plan, all gone", "/plan", plan=("gone",), shows=".panel.warn")


def _other_pages() -> Iterator[State]:
    yield State("browse", "/browse", main=True)
    yield State("browse, at Millbrook", "/browse", host="millbrook.localhost")
    yield State("near", "/near")
    yield State(
        "near, outside the country", "/near", _spoil("[data-near]", "latitude", "95"), status=422, wrong=True,
        needs_script=True,
    )  # fmt: skip
    yield State("suggestions", "/find/suggest?q=lun")
    yield State("suggestions, none asked", "/find/suggest")
    yield State("suggestions, none found", "/find/suggest?q=zzyzx")
    yield State("accessibility", "/accessibility")
    yield State("privacy", "/privacy")
    yield State("cookies", "/cookies")
    yield State("left", "/cookies", leave, plan=("hall",))


def _errors() -> Iterator[State]:
    yield State("error, no such page", "/nowhere", status=404, main=True)
    yield State("error, no such listing", "/services/{gone}", status=404)
    yield State(
        "error, a stale form", "/services/{hall}", _spoil("form.add", "csrf_token", "old"), status=400,
        needs_script=True,
    )  # fmt: skip
    yield State("error, in answer to a swap", _find(**LUNCH), _add_stale, needs_script=True)
    yield State(
        "error, a form about nothing", "/services/{hall}", _spoil("form.add", "service", ""), status=422,
        needs_script=True,
    )  # fmt: skip
    yield State("error, ours", "/", site="broken", status=500)
    yield State(
        "error, too often", "/services/{hall}", _too_often, site="limited", status=429, needs_script=True
    )
    yield State("error, no council yet", "/find", site="bare", status=503)


GROUPS = (
    _home,
    _finding,
    _map,
    _little_found,
    _wrong,
    _strange_words,
    _services,
    _organisations,
    _plan,
    _other_pages,
    _errors,
)
