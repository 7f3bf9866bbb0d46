"""How much one address may send: it slows a flood, and locks nobody out."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from limits.storage import MemoryStorage

from tests.kernel.conftest import Visitor

A_MINUTE = 120


Another = Callable[..., Flask]
COUNTS = {"WTF_CSRF_ENABLED": False}


@pytest.fixture
def counting(another: Another) -> Flask:
    """The site as it is served: it counts."""
    return another(COUNTS)


def flood(visitor: Visitor, path: str = "/plan/clear", times: int = A_MINUTE, **more: Any) -> set[int]:
    """The statuses of so many POSTs, one after another."""
    return {visitor.post(path, **more).status_code for _time in range(times)}


def test_past_the_limit_an_address_waits_and_is_told_so_kindly(counting: Flask) -> None:
    visitor = Visitor(counting)
    assert flood(visitor) == {303}
    answer = visitor.post("/plan/clear")
    assert answer.status_code == 429
    assert "Wait a minute, then try again" in answer.text
    assert "Fernshire Living Well" in answer.text
    assert 'href="/"' in answer.text


def test_reading_is_never_limited(counting: Flask) -> None:
    visitor = Visitor(counting)
    assert {visitor.get("/robots.txt").status_code for _time in range(A_MINUTE + 5)} == {200}
    flood(visitor, times=A_MINUTE + 1)
    assert visitor.get("/").status_code == 200


def test_leaving_is_never_limited(counting: Flask) -> None:
    visitor = Visitor(counting)
    assert flood(visitor, "/exit", A_MINUTE + 5) == {200}


def test_another_address_is_not_held_up(counting: Flask) -> None:
    flood(Visitor(counting), times=A_MINUTE + 1)
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert Visitor(counting).post("/plan/clear", environ_base=elsewhere).status_code == 303


def _from(address: str) -> dict[str, Any]:
    return {"headers": {"X-Forwarded-For": address}}


def test_nobody_gets_round_it_by_naming_other_addresses(counting: Flask) -> None:
    visitor = Visitor(counting)
    answers = {
        visitor.post("/plan/clear", **_from(f"192.0.2.{number}")).status_code
        for number in range(A_MINUTE + 1)
    }
    assert 429 in answers


def test_behind_a_proxy_of_our_own_each_address_is_counted_for_itself(another: Another) -> None:
    visitor = Visitor(another(COUNTS, PORTAL_TRUSTED_PROXIES="1"))
    flood(visitor, times=A_MINUTE + 1, **_from("192.0.2.1"))
    assert visitor.post("/plan/clear", **_from("192.0.2.1")).status_code == 429
    assert visitor.post("/plan/clear", **_from("192.0.2.2")).status_code == 303
    # What the visitor's own browser says stands before what our proxy adds, and counts for nothing.
    assert visitor.post("/plan/clear", **_from("192.0.2.99, 192.0.2.1")).status_code == 429


class _Gone(MemoryStorage):
    """A shared counter whose server has gone away."""

    STORAGE_SCHEME = ["gone"]

    def incr(self, *args: object, **kwargs: object) -> int:
        raise ConnectionError

    def check(self) -> bool:
        return False


def test_while_the_shared_counter_is_down_each_process_counts_for_itself(another: Another) -> None:
    visitor = Visitor(another({**COUNTS, "REDIS_URL": "gone://"}))
    assert flood(visitor) == {303}
    assert visitor.post("/plan/clear").status_code == 429
