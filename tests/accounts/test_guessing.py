"""Guessing: it is slowed, it tells nothing, and it never keeps the owner out."""

import contextvars
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pyotp
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal import clock
from portal.accounts import factors, gate, passwords, throttle
from portal.accounts.gate import Caller
from portal.accounts.throttle import ADDRESSES, CODES, PASSWORDS
from portal.db import db
from tests import make
from tests.accounts import people
from tests.accounts.people import PASSWORD, Browser
from tests.instances import QUICK

SECOND = dt.timedelta(seconds=1)


class Counting:
    """A hasher that counts how often it works something out."""

    def __init__(self) -> None:
        self.verified = 0

    def hash(self, password: str) -> str:
        """As the quick one."""
        return QUICK.hash(password)

    def verify(self, hash: str, password: str) -> bool:
        """As the quick one, and counted."""
        self.verified += 1
        return QUICK.verify(hash, password)

    def check_needs_rehash(self, hash: str) -> bool:
        """As the quick one."""
        return QUICK.check_needs_rehash(hash)


@pytest.fixture
def counting(site: Flask) -> Iterator[Counting]:
    """The site's hasher, which counts."""
    counter = Counting()
    site.config["PASSWORD_HASHER"] = counter
    yield counter
    site.config["PASSWORD_HASHER"] = QUICK


def test_ten_thousand_wrong_passwords_from_everywhere_are_slowed_and_do_not_keep_mavis_out(
    site: Flask,
) -> None:
    mavis = people.user("mavis")
    own = Browser(site)
    own.sign_in(mavis.email)  # her own computer is known from now on
    own.open("/sign-out", method="POST")
    email, start, looked_at = mavis.email, clock.now() - 10_000 * SECOND, 0
    last = start
    for number in range(10_000):
        caller, now = Caller(f"198.51.{number // 250}.{number % 250}"), start + number * SECOND
        tried = gate.try_password(email, f"guess number {number}", caller, now)
        assert tried.user_id is None
        looked_at += tried.again_at is None or tried.again_at > last
        last = tried.again_at or last
    # Five are free; then a try in 30 seconds, in a minute, in two … and at last four an hour.
    assert 5 < looked_at <= 5 + 6 + 4 * 10_000 / 3600
    # From an unknown computer nobody learns that they have found it, and her own gets in at once.
    elsewhere = Browser(site, address="192.0.2.1")
    answers = [elsewhere.post("/sign-in", {"email": mavis.email, "password": t}) for t in (PASSWORD, "x")]
    assert {answer.status_code for answer in answers} == {422}
    assert not elsewhere.is_signed_in()
    assert own.sign_in(mavis.email).status_code == 303


def _guess(site: Flask, email: str, times: int = 5) -> None:
    for number in range(times):
        Browser(site, address=f"198.51.100.{number}").post("/sign-in", {"email": email, "password": "guess"})


def test_her_own_browser_gets_in_at_once_and_a_new_one_by_a_link_in_a_mail(each_site: Flask) -> None:
    mavis = people.user("mavis")
    own, new = Browser(each_site), Browser(each_site, address="192.0.2.9")
    own.sign_in(mavis.email)
    own.open("/sign-out", method="POST")
    _guess(each_site, mavis.email)
    assert own.sign_in(mavis.email).status_code == 303
    answer = new.sign_in(mavis.email)
    assert answer.status_code == 422
    assert "Wait 30 seconds before you try again" in answer.text
    assert "/this-computer?email=mavis@example.org" in answer.text
    assert new.post("/this-computer", {"email": mavis.email}).location == "/look-in-your-mail"
    path = people.link_in(people.mails(mavis.email)[-1])
    assert "This computer is mine" in new.get(path).text
    assert new.sign_in(mavis.email).status_code == 422  # opening the link does nothing by itself
    assert new.post(path).location == "/sign-in?email=mavis@example.org"
    assert new.sign_in(mavis.email).status_code == 303


def test_a_shared_computer_is_not_remembered(site: Flask) -> None:
    mavis = people.user("mavis")
    library = Browser(site)
    answer = library.sign_in(mavis.email, shared="yes")
    assert not any("computer=" in cookie for cookie in answer.headers.getlist("Set-Cookie"))
    library.open("/sign-out", method="POST")
    _guess(site, mavis.email)
    assert library.sign_in(mavis.email).status_code == 422


def test_a_cookie_that_somebody_made_up_makes_no_computer_known(site: Flask) -> None:
    mavis, derek = people.user("mavis"), people.user("derek")
    of_derek = Browser(site)
    of_derek.sign_in(derek.email)
    of_derek.open("/sign-out", method="POST")
    _guess(site, mavis.email)
    assert of_derek.sign_in(mavis.email).status_code == 422  # known, but as another's
    liar = Browser(site)
    liar.client.set_cookie("computer", "WyJ4IixbIngiXV0.aaaa.bbbb")
    assert liar.sign_in(mavis.email).status_code == 422


def test_an_unknown_address_takes_as_many_hashes_as_a_known_one(site: Flask, counting: Counting) -> None:
    people.user("mavis")
    people.user("olga", state="closed")
    people.user("tom", state="invited")
    counts = {}
    for key in ("mavis", "nobody", "olga", "tom"):
        counting.verified = 0
        assert (
            Browser(site).post("/sign-in", {"email": f"{key}@example.org", "password": "x"}).status_code
            == 422
        )
        counts[key] = counting.verified
    assert counts == dict.fromkeys(counts, 1)


def test_while_one_must_wait_the_hash_is_worked_out_all_the_same(site: Flask, counting: Counting) -> None:
    people.user("mavis")
    _guess(site, "mavis@example.org", 5)
    _guess(site, "nobody@example.org", 5)
    counting.verified = 0
    answers = [Browser(site).sign_in(f"{key}@example.org") for key in ("mavis", "nobody")]
    assert counting.verified == 2
    assert [answer.status_code for answer in answers] == [422, 422]


def test_a_library_full_of_mistakes_is_slowed_by_seconds_only(each_site: Flask) -> None:
    now = make.NOW
    for number in range(49):
        assert (
            gate.try_password(f"reader{number}@example.org", "x", Caller("192.0.2.1"), now).again_at is None
        )
    assert (
        gate.try_password("reader50@example.org", "x", Caller("192.0.2.1"), now).again_at == now + 2 * SECOND
    )
    ed = people.user("ed")
    assert gate.try_password(ed.email, PASSWORD, Caller("192.0.2.1"), now + SECOND).user_id is None
    assert gate.try_password(ed.email, PASSWORD, Caller("192.0.2.1"), now + 2 * SECOND).user_id == ed.id
    assert gate.try_password(ed.email, PASSWORD, Caller("192.0.2.2"), now + SECOND).user_id == ed.id


def test_three_wrong_codes_and_one_waits_and_a_right_code_meanwhile_is_not_used_up(each_site: Flask) -> None:
    mavis = people.user("mavis")
    secret, now = people.authenticator(mavis), make.NOW
    caller = Caller("192.0.2.1")
    tries = [gate.try_code(mavis.id, "000000", caller, now) for _ in range(3)]
    assert [tried.again_at for tried in tries] == [None, None, now + CODES.first_wait]
    code = _code_at(secret, now + 29 * SECOND)
    assert gate.try_code(mavis.id, code, caller, now + 29 * SECOND).user_id is None
    assert gate.try_code(mavis.id, code, caller, now + 30 * SECOND).user_id == mavis.id


def _code_at(secret: str, now: dt.datetime) -> str:
    return pyotp.TOTP(secret).at(now)


def test_a_right_try_wipes_the_wrong_ones_out(each_site: Flask) -> None:
    mavis, caller, now = people.user("mavis"), Caller("192.0.2.1"), make.NOW
    for _round in range(3):
        for _ in range(4):
            gate.try_password(mavis.email, "x", caller, now)
        assert gate.try_password(mavis.email, PASSWORD, caller, now).user_id == mavis.id


def test_wrong_tries_of_long_ago_do_not_count(each_site: Flask) -> None:
    name, now = "password mavis@example.org", make.NOW
    for _ in range(4):
        throttle.wrong(name, PASSWORDS, now)
    later = now + PASSWORDS.window + SECOND
    assert throttle.wrong(name, PASSWORDS, later) == later


def test_who_was_counted_cannot_be_read_from_the_table(site: Flask) -> None:
    throttle.wrong("password mavis@example.org", PASSWORDS, make.NOW)
    db.session.commit()
    kept = str(db.session.execute(db.metadata.tables["tries"].select()).all())
    assert "mavis" not in kept


def test_old_counts_are_swept_away(site: Flask) -> None:
    throttle.wrong("password mavis@example.org", PASSWORDS, make.NOW)
    assert throttle.sweep(db.session(), make.NOW + dt.timedelta(hours=23)) == 0
    assert throttle.sweep(db.session(), make.NOW + dt.timedelta(hours=25)) == 1


@given(st.sampled_from([PASSWORDS, CODES, ADDRESSES]), st.integers(0, 10_000))
def test_waits_grow_and_stay_within_their_limits(patience: Any, wrong: int) -> None:
    assert patience.wait(wrong) <= patience.wait(wrong + 1) <= patience.longest
    assert (patience.wait(wrong) == dt.timedelta()) == (wrong < patience.free)


def test_a_hash_of_weaker_settings_is_made_anew_at_the_next_sign_in(site: Flask) -> None:
    mavis = people.user("mavis")
    weaker = type(QUICK)(time_cost=1, memory_cost=8, parallelism=1, hash_len=16)
    mavis.password = weaker.hash(PASSWORD)
    db.session.commit()
    before = mavis.password
    Browser(site).sign_in("mavis@example.org")
    after = people.again("mavis@example.org").password
    assert after is not None
    assert after != before
    assert passwords.belong(after, PASSWORD)


def test_two_who_use_one_printed_code_at_the_same_moment(each_site: Flask) -> None:
    mavis = people.user("mavis")
    codes = factors.print_codes(mavis.id, make.NOW)
    db.session.commit()
    user_id = mavis.id
    db.session.rollback()

    def use() -> bool:
        with each_site.app_context():
            return gate.try_code(user_id, codes[0], Caller("192.0.2.1"), make.NOW).user_id is not None

    assert [contextvars.Context().run(use) for _ in range(2)] == [True, False]
