"""What was sealed is read by this site alone, for the same purpose alone."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import sealing
from portal.sealing import Unreadable


@given(st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_any_text_comes_back(site: Flask, text: str) -> None:
    assert sealing.unseal(sealing.seal(text, "kept words"), "kept words") == text


def test_another_purpose_reads_nothing(site: Flask) -> None:
    with pytest.raises(Unreadable):
        sealing.unseal(sealing.seal("Mavis", "kept words"), "authenticator")


def test_another_key_reads_nothing(site: Flask) -> None:
    sealed, key = sealing.seal("Mavis", "kept words"), site.config["SECRET_KEY"]
    site.config["SECRET_KEY"] = "another"
    try:
        with pytest.raises(Unreadable):
            sealing.unseal(sealed, "kept words")
    finally:
        site.config["SECRET_KEY"] = key


@pytest.mark.parametrize("sealed", ["", "x", "é", "gAAAAA==", "\x00"])
def test_what_was_never_sealed_is_unreadable(site: Flask, sealed: str) -> None:
    with pytest.raises(Unreadable):
        sealing.unseal(sealed, "kept words")


def test_a_fingerprint_depends_on_text_purpose_and_key(site: Flask) -> None:
    one = sealing.keyed("mavis", "tries")
    assert one == sealing.keyed("mavis", "tries")
    assert (
        len({one, sealing.keyed("derek", "tries"), sealing.keyed("mavis", "codes"), sealing.hashed("mavis")})
        == 4
    )


def test_tokens_differ(site: Flask) -> None:
    assert len({sealing.token() for _ in range(100)}) == 100
