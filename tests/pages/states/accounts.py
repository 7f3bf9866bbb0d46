"""What people read who sign in: of getting in, of their own account, and of the people they help."""

from collections.abc import Iterator, Mapping
from typing import Any

from playwright.sync_api import Page

from portal import clock
from portal.accounts.models import User
from tests.pages.made_accounts import LONG_NAME, LONG_WORDS
from tests.pages.states.state import State, send

NO_EMAIL = {"email": "mavis at home"}
LONG_EMAIL = f"{'mavis.' * 9}b@{'example.' * 20}org"


def _half(user: User | None) -> Mapping[str, Any]:
    """They have just given their password, and not yet their code."""
    assert user
    half = {"user": str(user.id), "at": int(clock.now().timestamp()), "shared": False, "next": ""}
    return {"who": None, "seen": None, "half": half}


def _away(_user: User | None) -> Mapping[str, Any]:
    return {"away": True}


def _often(page: Page) -> None:
    """Somebody guesses at a password until they have to wait."""
    for _time in range(6):
        send({"email": "uma@fernshire.example.org", "password": "a guess"})(page)


def _warn(page: Page) -> None:
    """Their time is almost up."""
    page.evaluate("() => { document.querySelector('[data-idle-warning]').hidden = false; }")


def _into(page: Page) -> None:
    """The page that the first link of a list leads to."""
    with page.expect_navigation(wait_until="load"):
        page.locator("main .ways a").first.click()


def _signing_in() -> Iterator[State]:
    yield State("sign in", "/sign-in", main=True)
    yield State(
        "sign in, to go on", "/sign-in?next=/account/people/", holds=_away, shows=".panel[role=status]"
    )
    yield State("sign in, staff too", "/sign-in", host="millbrook.localhost", shows="a.button[href*=council]")
    yield State("sign in, nothing typed", "/sign-in", send(), status=422, wrong=True)
    typed = {"email": LONG_EMAIL, "password": "x", "shared": "yes"}
    yield State("sign in, wrong", "/sign-in", send(typed), status=422, wrong=True, main=True)
    yield State("sign in, too often", "/sign-in", _often, status=422, wrong=True, shows=".panel.warn")
    yield State("code", "/sign-in/code", who="quinn", holds=_half, shows="#code")
    yield State("code, no passkey", "/sign-in/code", who="derek", holds=_half)
    yield State(
        "code, wrong",
        "/sign-in/code",
        send({"code": "000 00O"}),
        who="ed",
        holds=_half,
        status=422,
        wrong=True,
    )
    yield State("code, none asked", "/sign-in/code", shows="#password")
    yield State("council sign-in, by itself", "/sign-in/council/back", shows="#password")
    yield State("council sign-in, out of reach", "/sign-in/council/", host="millbrook.localhost", status=503)
    yield State("signed out", "/account/", send(form=".who form"), who="asha")


def _proving() -> Iterator[State]:
    yield State("prove, by code", "/account/prove?next=/account/email", who="quinn", stale=True)
    yield State("prove, by password", "/account/password", who="nora", stale=True, shows="#password")
    wrong = {"code": "12345"}
    yield State(
        "prove, wrong", "/account/prove", send(wrong), who="derek", stale=True, status=422, wrong=True
    )


def _joining() -> Iterator[State]:
    yield State("register", "/register")
    typed = {"name": LONG_NAME, **NO_EMAIL}
    yield State("register, wrong", "/register", send(typed), status=422, wrong=True)
    yield State("register, provider", "/register/provider")
    yield State("register, provider, nothing typed", "/register/provider", send(), status=422, wrong=True)
    yield State("look in your mail", "/look-in-your-mail")
    yield State("forgotten", "/forgotten")
    yield State("forgotten, wrong", "/forgotten", send(NO_EMAIL), status=422, wrong=True)
    yield State("this computer", "/this-computer")
    yield State("this computer, wrong", "/this-computer", send(NO_EMAIL), status=422, wrong=True)


def _links() -> Iterator[State]:
    yield State("link, join", "/links/{link to join}")
    yield State(
        "link, join at work", "/links/{link to join}", send({"name": "Vera Holt", "password": "short"}),
        host="millbrook.localhost", status=422, wrong=True, shows="a[href*=council]",
    )  # fmt: skip
    yield State(
        "link, confirm, nothing typed", "/links/{link to confirm}", send({"name": ""}), status=422, wrong=True
    )
    yield State("link, reset", "/links/{link to reset}")
    yield State(
        "link, reset, wrong", "/links/{link to reset}", send({"password": "password"}), status=422, wrong=True
    )
    yield State("link, new address", "/links/{link to new address}")
    yield State("link, this computer", "/links/{link to this computer}")
    yield State("link, gone", "/links/of-last-year", status=410)


def _account() -> Iterator[State]:
    yield State("account", "/account/", who="mavis", main=True)
    yield State("account, new", "/account/", who="nora")
    yield State("account, everything", "/account/", who="quinn")
    yield State("account, shared computer", "/account/", _warn, who="mavis", shared=True, needs_script=True)
    yield State("account, must add a step", "/account/", who="ivy", shows=".panel.warn")
    yield State("stay", "/account/stay", who="mavis")
    yield State("name", "/account/name", who="mavis")
    yield State("name, none", "/account/name", send({"name": ""}), who="mavis", status=422, wrong=True)
    yield State("email", "/account/email", who="nora")
    yield State("email, wrong", "/account/email", send(NO_EMAIL), who="nora", status=422, wrong=True)
    yield State("email, sent", "/account/email/sent", who="nora")
    yield State("password", "/account/password", who="mavis")
    short = {"current_password": "not this", "password": "short"}
    yield State("password, wrong", "/account/password", send(short), who="asha", status=422, wrong=True)
    yield State("computers", "/account/computers", who="quinn", shows=".card:nth-child(3)")
    yield State("computers, one", "/account/computers", who="nora")


def _factors() -> Iterator[State]:
    yield State("factors, none", "/account/factors/", who="nora")
    yield State("factors, many", "/account/factors/", who="quinn", main=True, shows=".card:nth-child(4)")
    yield State("authenticator", "/account/factors/authenticator", who="nora")
    yield State(
        "authenticator, wrong", "/account/factors/authenticator", send({"code": "12 34"}), who="nora",
        status=422, wrong=True,
    )  # fmt: skip
    yield State("printed, none", "/account/factors/printed", who="nora")
    yield State("printed, some left", "/account/factors/printed", who="quinn")
    yield State("printed, new", "/account/factors/printed", send(), who="carl", shows=".codes")
    yield State("passkey", "/account/factors/passkey", who="nora")
    yield State(
        "factors, the only one", "/account/factors/", send(form=".card form"), who="mavis", status=409
    )


def _own() -> Iterator[State]:
    yield State("messages", "/account/messages", who="quinn")
    yield State("messages, kept", "/account/messages?kept=yes", who="nora", shows="[role=status]")
    yield State("history", "/account/history", who="quinn")
    yield State("history, older", "/account/history?page=2", who="quinn")
    yield State("history, none", "/account/history", who="ruben")
    yield State("data", "/account/data", who="mavis", shared=True)
    yield State("close", "/account/close", who="nora")
    yield State("close, not sure", "/account/close", send(), who="nora", status=422, wrong=True)
    yield State("close, not yet", "/account/close", who="quinn", shows=".panel")
    yield State("closed", "/account/closed")


def _who_acts() -> Iterator[State]:
    yield State("people", "/account/people/", who="mavis", main=True)
    yield State("people, none", "/account/people/", who="nora")
    yield State("people, whom I help", "/account/people/", who="derek")
    yield State("people, long", "/account/people/", who="quinn")
    yield State("people, name one", "/account/people/ask", who="mavis")
    typed = {
        "name": LONG_NAME, "email": "derek", "basis": "lpa", "scope": "view", "payment_limit": "much",
        "starts_on": "soon", "ends_on": "31/2/2027",
    }  # fmt: skip
    yield State(
        "people, name one, wrong", "/account/people/ask", send(typed), who="mavis", status=422, wrong=True
    )
    yield State("people, ask to act", "/account/people/ask-to-act", who="nora")
    typed = {"person_name": "Harold", "about": LONG_WORDS * 3}
    yield State(
        "people, ask to act, wrong", "/account/people/ask-to-act", send(typed), who="nora", status=422,
        wrong=True,
    )  # fmt: skip
    yield State("person, myself", "/account/people/{mavis}", who="mavis")
    yield State("person, acting", "/account/people/{ruby}", who="derek", shows="[data-acting]")
    yield State("mandate, stop", "/account/people/mandates/{mandate active}/end", who="derek")
    yield State(
        "mandate, end for me, wrong", "/account/people/mandates/{long mandate}/end", send({"why": "x" * 401}),
        who="quinn", status=422, wrong=True,
    )  # fmt: skip


GROUPS = (_signing_in, _proving, _joining, _links, _account, _factors, _own, _who_acts)
