"""Staff sign in at their council's own service: a small real one, which the tests serve."""

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey

from portal import clock
from portal.accounts import openid
from portal.accounts.models import OpenIdSubject
from portal.db import db
from portal.errors import Refusal
from tests import make
from tests.accounts import people
from tests.accounts.people import Browser
from tests.browser import serving

CLIENT, SECRET = "fernshire", "a secret of theirs"


class Provider:
    """A council's service. `claims` and `key` may be changed, to see that what is odd is refused."""

    def __init__(self) -> None:
        self.issuer = ""
        self.key, self.other = (
            RSAKey.generate_key(2048, {"kid": "one"}),
            RSAKey.generate_key(2048, {"kid": "one"}),
        )
        self.signing = self.key
        self.claims: dict[str, Any] = {}
        self.asked: dict[str, dict[str, str]] = {}
        self.app = Flask("provider")
        self.app.add_url_rule("/.well-known/openid-configuration", "about", self.about)
        self.app.add_url_rule("/authorize", "authorize", self.authorize)
        self.app.add_url_rule("/token", "token", self.token, methods=["POST"])
        self.app.add_url_rule("/keys", "keys", self.keys)

    def about(self) -> Response:
        """Discovery."""
        named = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return jsonify(issuer=self.issuer, **{name: f"{self.issuer}/{path}" for name, path in named.items()})

    def authorize(self) -> Any:
        """Whoever comes is Ed, and goes straight back with a code."""
        code = f"code{len(self.asked)}"
        self.asked[code] = dict(request.args)
        back = {"code": code, "state": request.args["state"]}
        return redirect(f"{request.args['redirect_uri']}?{urlencode(back)}")

    def token(self) -> Any:
        """The token for a code, once, for who holds the client's secret and the code's verifier."""
        asked = self.asked.pop(request.form["code"], None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or request.headers["Authorization"] != f"Basic {basic}":
            return jsonify(error="invalid_grant"), 400
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return jsonify(error="invalid_grant"), 400
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "ed-1",
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
        }
        claims |= {
            "nonce": asked["nonce"],
            "email": "Ed@fernshire.example",
            "email_verified": True,
            "name": "Ed H",
        }
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, {**claims, **self.claims}, self.signing)
        return jsonify(access_token="x", token_type="Bearer", id_token=signed)

    def keys(self) -> Response:
        """The public key."""
        return jsonify(keys=[self.key.as_dict(private=False)])


@pytest.fixture
def provider(site: Flask) -> Iterator[Provider]:
    """The service, which Fernshire's staff sign in at."""
    made = Provider()
    with serving(made.app) as address:
        made.issuer = address
        site.config["FETCH_ALLOW"] = ("localhost",)
        openid.save(make.council(), address, CLIENT, SECRET, "fernshire.example")
        db.session.commit()
        yield made
        site.config["FETCH_ALLOW"] = ()


def ed(**more: Any) -> None:
    """Ed, who was invited as an editor."""
    user = people.user("ed", roles=("editor",), state="invited", **more)
    user.email, user.password = "ed@fernshire.example", None
    db.session.commit()


def go(browser: Browser, provider: Provider, start: str = "/sign-in/council/?next=/plan") -> Any:
    """The answer once the service has sent them back."""
    there = urlsplit(browser.get(start).location)
    back = provider.app.test_client().get(f"{there.path}?{there.query}").location
    parts = urlsplit(back)
    assert parts.path == "/sign-in/council/back"
    return browser.get(f"{parts.path}?{parts.query}")


def test_who_was_invited_signs_in_and_needs_no_second_step_of_ours(site: Flask, provider: Provider) -> None:
    ed()
    browser = Browser(site)
    assert "Sign in as you do at work" in browser.get("/sign-in").text
    answer = go(browser, provider)
    assert (answer.status_code, answer.location) == (303, "/plan")
    assert browser.get("/account/").status_code == 200
    user = people.again("ed@fernshire.example")
    assert (user.state, user.name) == ("active", "Ed")


def test_nobody_is_let_in_and_no_account_made_without_an_invitation(site: Flask, provider: Provider) -> None:
    answer = go(Browser(site), provider)
    assert answer.status_code == 422
    assert "Nobody has invited you yet" in answer.text
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(OpenIdSubject.id))) == 0


def test_an_account_without_a_role_for_this_council_is_not_let_in(site: Flask, provider: Provider) -> None:
    user = people.user("ed", roles=("editor",), of="millbrook")
    user.email = "ed@fernshire.example"
    db.session.commit()
    assert go(Browser(site), provider).status_code == 422


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "ed@elsewhere.example"},
        {"email": "ed@fernshire.example.evil.example"},
        {"email_verified": False},
        {"email": None},
        {"aud": "another"},
        {"iss": "https://another.example"},
        {"nonce": "another"},
        {"exp": 1},
        {"iat": 9_999_999_999},
        {"sub": None},
    ],
    ids=str,
)  # fmt: skip
def test_what_does_not_fit_is_refused(site: Flask, provider: Provider, claims: dict[str, Any]) -> None:
    ed()
    provider.claims = claims
    browser = Browser(site)
    assert go(browser, provider).status_code == 422
    assert not browser.is_signed_in()


def test_a_token_signed_by_another_is_refused(site: Flask, provider: Provider) -> None:
    ed()
    provider.signing = provider.other
    assert go(Browser(site), provider).status_code == 422


def test_a_state_of_another_browser_is_refused(site: Flask, provider: Provider) -> None:
    ed()
    one, two = Browser(site), Browser(site)
    there = urlsplit(one.get("/sign-in/council/").location)
    back = urlsplit(provider.app.test_client().get(f"{there.path}?{there.query}").location)
    two.get("/sign-in/council/")
    assert two.get(f"{back.path}?{back.query}").status_code == 422
    assert Browser(site).get(f"{back.path}?{back.query}").location == "/sign-in"


def test_a_code_works_once(site: Flask, provider: Provider) -> None:
    ed()
    browser = Browser(site)
    there = urlsplit(browser.get("/sign-in/council/").location)
    back = urlsplit(provider.app.test_client().get(f"{there.path}?{there.query}").location)
    assert browser.get(f"{back.path}?{back.query}").status_code == 303
    browser.open("/sign-out", method="POST")
    assert browser.get(f"{back.path}?{back.query}").location == "/sign-in"


def test_the_request_carries_state_nonce_and_a_challenge(site: Flask, provider: Provider) -> None:
    asked = parse_qs(urlsplit(Browser(site).get("/sign-in/council/").location).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["state"][0]) == len(asked["nonce"][0]) == 43
    assert asked["redirect_uri"] == ["http://localhost/sign-in/council/back"]
    assert asked["scope"] == ["openid email profile"]


def test_the_subject_counts_and_not_an_address_that_was_given_out_again(
    site: Flask, provider: Provider
) -> None:
    ed()
    assert go(Browser(site), provider).status_code == 303
    provider.claims = {"email": "ed.holroyd@fernshire.example"}
    assert go(Browser(site), provider).status_code == 303  # Ed has married, and is the same
    provider.claims = {"sub": "ed-2"}
    assert go(Browser(site), provider).status_code == 422  # another Ed, with the first one's address


def test_it_vouches_on_its_own_councils_site_alone(site: Flask, provider: Provider) -> None:
    ed()
    browser = Browser(site)
    go(browser, provider)
    kept = browser.client.get_cookie("session")
    assert kept
    there = Browser(site, host="millbrook.localhost")
    there.client.set_cookie("session", kept.value, domain="millbrook.localhost")
    assert not there.is_signed_in()
    assert there.get("/sign-in/council/").status_code == 404


def test_what_matters_is_proved_there_once_more(site: Flask, provider: Provider) -> None:
    ed()
    browser = Browser(site)
    go(browser, provider)
    user = people.again("ed@fernshire.example")
    people.sign_ins(user)[0].proved_at = make.NOW
    db.session.commit()
    assert browser.get("/account/email").location == "/account/prove?next=/account/email"
    assert "Sign in once more as you do at work" in browser.get("/account/prove").text
    start = "/sign-in/council/?next=/account/email&again=1"
    assert "prompt=login" in browser.get(start).location
    assert go(browser, provider, start).location == "/account/email"
    assert browser.get("/account/email").status_code == 200
    provider.claims = {"auth_time": 1}
    assert go(browser, provider, start).status_code == 422


def test_a_service_that_does_not_answer_is_told_kindly(site: Flask, provider: Provider) -> None:
    ed()
    openid.save(make.council(), "http://localhost:9", CLIENT, SECRET, "fernshire.example")
    db.session.commit()
    answer = Browser(site).get("/sign-in/council/")
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_a_service_that_calls_itself_another_is_not_believed(site: Flask, provider: Provider) -> None:
    provider.issuer = "https://another.example"
    assert Browser(site).get("/sign-in/council/").status_code == 503


@pytest.mark.parametrize("issuer", ["http://login.example", "ftp://x", "login.example", "", "https://"])
def test_only_safe_addresses_are_taken(site: Flask, issuer: str) -> None:
    with pytest.raises(Refusal):
        openid.save(make.council(), issuer, CLIENT, SECRET, "fernshire.example")


def test_the_secret_is_sealed(site: Flask, provider: Provider) -> None:
    kept = json.dumps([str(row) for row in db.session.execute(db.metadata.tables["openid_service"].select())])
    assert SECRET not in kept
