"""Staff sign in where their council has them sign in for everything else. Source: OpenID Connect Core 1.0; RFC 7636.

It says who somebody is, never what they may do: only who was invited and has a role is let in. No transaction is open
while another machine is asked.
"""

import datetime as dt
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
import sqlalchemy as sa
from authlib.common.errors import AuthlibBaseError
from flask import current_app
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal import sealing
from portal.accounts import queries
from portal.accounts.models import OpenIdService, OpenIdSubject, Role, User
from portal.councils.models import Council
from portal.db import db
from portal.errors import Refusal
from portal.i18n import _

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

_PURPOSE = "openid client"
_PATIENCE = 8  # seconds for one answer of the other machine
_LONGEST = 500_000
# Signatures made with a key that only the service has. Source: OpenID Connect Core 3.1.3.7.
_SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"]
_LEEWAY = 60
_LASTS = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Service:
    """A council's service, as it is spoken to."""

    issuer: str
    client_id: str
    client_secret: str
    domain: str
    back: str  # our own address, to which it sends people back


@dataclass(frozen=True)
class Told:
    """What the service has told of somebody."""

    subject: str
    email: str
    name: str


def save(council: Council, issuer: str, client_id: str, client_secret: str, domain: str) -> OpenIdService:
    """The council's staff sign in there from now on. Raises Refusal for an address that is not safe."""
    if not _is_safe(issuer):
        raise Refusal(_("The issuer must be an https address."), field="issuer")
    service = db.session.get(OpenIdService, council.id) or OpenIdService(council_id=council.id)
    service.issuer, service.client_id = issuer.rstrip("/"), client_id
    service.client_secret = sealing.seal(client_secret, _PURPOSE)
    service.domain = domain.lower().lstrip("@")
    db.session.add(service)
    return service


def opened(service: OpenIdService, back: str) -> Service:
    """The service with its secret at hand."""
    secret = sealing.unseal(service.client_secret, _PURPOSE)
    return Service(service.issuer, service.client_id, secret, service.domain, back)


def _is_safe(address: str) -> bool:
    """Whether it is https, or a machine that this site may reach in development and tests."""
    parts = urlsplit(address)
    near = not current_app.config["PRODUCTION"] and parts.hostname in current_app.config["FETCH_ALLOW"]
    return bool(parts.hostname) and (parts.scheme == "https" or (near and parts.scheme == "http"))


def _fetched(address: str) -> dict[str, Any]:
    """What stands at an address of the service, in JSON."""
    if not _is_safe(address):
        raise _unreachable()
    answer = requests.get(address, timeout=_PATIENCE, allow_redirects=False)
    if answer.status_code != 200 or len(answer.content) > _LONGEST:
        raise _unreachable()
    found = answer.json()
    if not isinstance(found, dict):
        raise _unreachable()
    return found


def _about(service: Service) -> dict[str, Any]:
    """What the service says of itself. Source: OpenID Connect Discovery 1.0 section 4."""
    try:
        found = _fetched(f"{service.issuer}/.well-known/openid-configuration")
    except (requests.RequestException, ValueError):
        raise _unreachable() from None
    if str(found.get("issuer", "")).rstrip("/") != service.issuer:
        raise _unreachable()
    return found


def _unreachable() -> Refusal:
    return Refusal(
        _("Your council’s own sign-in does not answer. Try again in a few minutes, or ring us."), status=503
    )


def _session(service: Service, **more: Any) -> "OAuth2Session":
    from authlib.integrations.requests_client import (
        OAuth2Session,  # large, and only for staff of such councils
    )

    return OAuth2Session(
        service.client_id,
        service.client_secret,
        scope="openid email profile",
        redirect_uri=service.back,
        code_challenge_method="S256",
        default_timeout=_PATIENCE,
        **more,
    )


def begin(service: Service, now: dt.datetime, *, again: bool) -> tuple[str, dict[str, Any]]:
    """(the address to go to, what this browser keeps meanwhile). again: they must sign in anew even if they are."""
    about = _about(service)
    kept = {
        "state": sealing.token(),
        "nonce": sealing.token(),
        "verifier": sealing.token() + sealing.token()[:10],
    }
    more = {"prompt": "login", "max_age": "0"} if again else {}
    address, _state = _session(service).create_authorization_url(
        str(about["authorization_endpoint"]),
        state=kept["state"],
        nonce=kept["nonce"],
        code_verifier=kept["verifier"],
        **more,
    )
    return address, {**kept, "at": int(now.timestamp()), "again": again}


def finish(service: Service, kept: dict[str, Any], state: str, code: str, now: dt.datetime) -> Told:
    """Who has come back. Raises Refusal where anything does not fit."""
    too_late = now.timestamp() - kept["at"] > _LASTS.total_seconds()
    if too_late or not code or not hmac.compare_digest(state, kept["state"]):
        raise _odd()
    about = _about(service)
    if not _is_safe(str(about.get("token_endpoint", ""))):
        raise _unreachable()
    try:
        with _session(service) as asking:
            token = asking.fetch_token(about["token_endpoint"], code=code, code_verifier=kept["verifier"])
        claims = _claims(service, token, _fetched(str(about["jwks_uri"])), kept, now)
    except (requests.RequestException, AuthlibBaseError, JoseError, ValueError, KeyError):
        raise _odd() from None
    return Told(str(claims["sub"]), _email(service, claims), str(claims.get("name") or "")[:120])


def _claims(
    service: Service, token: dict[str, Any], keys: dict[str, Any], kept: dict[str, Any], now: dt.datetime
) -> dict[str, Any]:
    """What the token says, with its signature, issuer, audience, times and nonce checked."""
    from authlib.oidc.core import CodeIDToken  # as above

    own = KeySet.import_key_set(keys)  # type: ignore[arg-type]  # what the service sent; the library looks it through
    read = jwt.decode(str(token["id_token"]), own, algorithms=_SIGNATURES)
    claims = CodeIDToken(
        read.claims,
        read.header,
        {
            "iss": {"essential": True, "values": [service.issuer, service.issuer + "/"]},
            "aud": {"essential": True, "value": service.client_id},
        },
        {"nonce": kept["nonce"], "client_id": service.client_id, "access_token": token.get("access_token")},
    )
    claims.validate(now=int(now.timestamp()), leeway=_LEEWAY)
    if kept["again"] and now.timestamp() - float(claims.get("auth_time", 0)) > _LASTS.total_seconds():
        raise ValueError("they were not asked anew")
    return dict(claims)


def _email(service: Service, claims: dict[str, Any]) -> str:
    """The address, where the service vouches for it and it is of the council's own domain; else ""."""
    email = str(claims.get("email") or "").strip().lower()
    ours = email.rpartition("@")[2] == service.domain
    return email if ours and claims.get("email_verified", True) is not False else ""


def _odd() -> Refusal:
    return Refusal(
        _("Signing in at your council did not work. Begin again from the sign-in page."), status=422
    )


def let_in(council: Council, service: Service, told: Told, now: dt.datetime) -> User:
    """Whose account it is: somebody who was invited and works for this council. Raises Refusal for anybody else."""
    bound = db.session.scalar(
        sa.select(OpenIdSubject).where(
            OpenIdSubject.issuer == service.issuer, OpenIdSubject.subject == told.subject
        )
    )
    user = db.session.get(User, bound.user_id) if bound else _by_address(service, told)
    if user is None or user.state == "closed" or not _works_for(user, council):
        raise Refusal(
            _("Nobody has invited you yet. Ask your council’s administrator, then sign in again."), status=422
        )
    if bound is None:
        db.session.add(
            OpenIdSubject(user_id=user.id, issuer=service.issuer, subject=told.subject, first_at=now)
        )
    user.state, user.name = "active", user.name or told.name
    user.email_confirmed_at = user.email_confirmed_at or now
    return user


def _by_address(service: Service, told: Told) -> User | None:
    """Who has this address, unless the service means somebody else by it since: addresses are given out again."""
    user = queries.by_email(told.email) if told.email else None
    if user is None:
        return None
    other = sa.exists().where(OpenIdSubject.user_id == user.id, OpenIdSubject.issuer == service.issuer)
    return None if db.session.scalar(sa.select(other)) else user


def _works_for(user: User, council: Council) -> bool:
    has = sa.exists().where(Role.user_id == user.id, Role.council_id == council.id, Role.ended_at.is_(None))
    return bool(db.session.scalar(sa.select(has)))
