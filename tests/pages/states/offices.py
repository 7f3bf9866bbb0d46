"""What officers and administrators read of the people whom the council supports and of those who work for it."""

from collections.abc import Iterator

from tests.pages.made_accounts import LONG_NAME, LONG_WORDS
from tests.pages.states.state import State, send

TERMS = {"scope": "approve", "payment_limit": "lots", "month_limit": "12", "ends_on": "31/2/2027"}


def _care() -> Iterator[State]:
    yield State("care", "/care/people/", who="sam", shows=".pager")
    yield State("care, page 2", "/care/people/?page=2", who="sam", shows=".pager")
    yield State("care, nobody found", "/care/people/?q=zzyzx", who="sam")
    yield State("care, nobody yet", "/care/people/", who="olga", host="millbrook.localhost")
    yield State("care, add", "/care/people/add", who="sam")
    typed = {"name": LONG_NAME, "reference": "F-1041"}
    yield State("care, add, taken", "/care/people/add", send(typed), who="sam", status=422, wrong=True)
    yield State("care, person", "/care/people/{ruby}", who="sam", main=True)
    yield State("care, person with an account", "/care/people/{mavis}", who="ada")
    yield State("care, long person", "/care/people/{long person}", who="sam")
    yield State("care, correct", "/care/people/{ruby}/correct", who="sam")
    yield State(
        "care, correct, wrong", "/care/people/{ruby}/correct", send({"name": ""}), who="sam", status=422,
        wrong=True,
    )  # fmt: skip


def _joining() -> Iterator[State]:
    yield State("join", "/care/people/{harold}/join", who="sam")
    yield State(
        "join, wrong", "/care/people/{harold}/join", send({"email": "harold"}), who="sam", status=422,
        wrong=True,
    )  # fmt: skip
    yield State("joining", "/care/people/joinings/{joining}", who="sam")
    yield State("joining, one's own", "/care/people/joinings/{joining}", who="carl")


def _mandates() -> Iterator[State]:
    yield State("mandate, ask", "/care/people/{ruby}/ask", who="sam")
    yield State(
        "mandate, ask, nothing typed", "/care/people/{harold}/ask", send(), who="sam", status=422, wrong=True
    )
    typed = {"name": "Quinn & Co", "email": "nobody@example.org", "basis": "managed", **TERMS}
    yield State(
        "mandate, ask, wrong",
        "/care/people/{long person}/ask",
        send(typed),
        who="sam",
        status=422,
        wrong=True,
    )
    for key in ("granted", "active", "later", "circle", "managed", "refused", "ended", "change"):
        yield State(f"mandate, {key}", f"/care/people/mandates/{{mandate {key}}}", who="ada")
    yield State("mandate, asked", "/care/people/mandates/{mandate asked}", who="ada", main=True)
    yield State("mandate, granted by oneself", "/care/people/mandates/{mandate granted}", who="sam")
    yield State("mandate, long", "/care/people/mandates/{long mandate}", who="ada")
    no_papers = send(form="form[action$=grant]")
    yield State(
        "mandate, no papers",
        "/care/people/mandates/{mandate asked}",
        no_papers,
        who="ada",
        status=422,
        wrong=True,
    )
    no_reason = send(form="form[action$=end]")
    yield State(
        "mandate, no reason",
        "/care/people/mandates/{mandate active}",
        no_reason,
        who="ada",
        status=422,
        wrong=True,
    )
    yield State("mandate, alter", "/care/people/mandates/{mandate active}/change", who="ada")
    typed = {**TERMS, "evidence": LONG_WORDS}
    yield State(
        "mandate, alter, wrong",
        "/care/people/mandates/{mandate active}/change",
        send(typed),
        who="ada",
        status=422,
        wrong=True,
    )


def _askings() -> Iterator[State]:
    yield State("asking", "/care/people/askings/{asking}", who="sam")
    yield State("asking, long, nobody found", "/care/people/askings/{long asking}", who="sam")
    take = send({"scope": "view"}, form="form[action*=take]")
    yield State(
        "asking, taken, wrong", "/care/people/askings/{asking}", take, who="sam", status=422, wrong=True
    )
    refuse = send(form="form[action$=refuse]")
    yield State(
        "asking, refused, wrong", "/care/people/askings/{asking}", refuse, who="sam", status=422, wrong=True
    )


def _administrators() -> Iterator[State]:
    yield State("staff", "/admin/people/", who="ada", main=True, shows=".panel:nth-of-type(3)")
    yield State("staff, few", "/admin/people/", who="olga", host="millbrook.localhost")
    yield State("staff, invite", "/admin/people/invite", who="ada")
    typed = {"name": LONG_NAME, "email": "no"}
    yield State(
        "staff, invite, wrong", "/admin/people/invite", send(typed), who="ada", status=422, wrong=True
    )
    yield State("staff, end", "/admin/people/roles/{role}/end", who="ada")
    yield State("staff, recover", "/admin/people/recover", who="ada")
    typed = {"email": "nobody@example.org", "how_checked": "I rang them back."}
    yield State(
        "staff, recover, wrong", "/admin/people/recover", send(typed), who="ada", status=422, wrong=True
    )


def _providers() -> Iterator[State]:
    yield State("workers", "/provider/people/", who="tom")
    yield State("workers, long", "/provider/people/", who="quinn")
    yield State("workers, invite", "/provider/people/invite", who="tom")
    typed = {"name": "", "email": "wendy", "part": "worker"}
    yield State(
        "workers, invite, wrong", "/provider/people/invite", send(typed), who="quinn", status=422, wrong=True
    )
    yield State("workers, end", "/provider/people/{membership}/end", who="quinn")


GROUPS = (_care, _joining, _mandates, _askings, _administrators, _providers)
