"""Passkeys and security keys, by the browser's own dialogue. Source: W3C Web Authentication Level 3.

The page carries the options; a small script asks the browser and sends what it answers as a form. Who has no script
is not shown any of it. A challenge is good once, for some minutes, in the browser that it was made for.
"""

import datetime as dt
import json
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from flask import request, session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.models import Passkey, User
from portal.db import db

_GOOD_FOR = dt.timedelta(minutes=10)
_LONGEST = 20_000


def _party() -> str:
    """The name that passkeys are tied to: the host of the council's site."""
    return request.host.partition(":")[0]


def _origin() -> str:
    return f"{request.scheme}://{request.host}"


def _remember(challenge: bytes, now: dt.datetime) -> None:
    session["challenge"] = [bytes_to_base64url(challenge), int(now.timestamp())]


def _challenge(now: dt.datetime) -> bytes | None:
    """The challenge that this browser was given, which is used up now."""
    kept = session.pop("challenge", None)
    if not kept or now.timestamp() - kept[1] > _GOOD_FOR.total_seconds():
        return None
    return base64url_to_bytes(kept[0])


def options_to_sign_in(now: dt.datetime) -> str:
    """What the browser is asked, in JSON, of somebody who has not said who they are. It must check its holder."""
    options = generate_authentication_options(
        rp_id=_party(), user_verification=UserVerificationRequirement.REQUIRED
    )
    _remember(options.challenge, now)
    return options_to_json(options)


def options_for(passkeys: Sequence[Passkey], now: dt.datetime) -> str:
    """What the browser is asked, in JSON, of somebody whose passkeys these are."""
    options = generate_authentication_options(
        rp_id=_party(),
        allow_credentials=[PublicKeyCredentialDescriptor(id=passkey.credential) for passkey in passkeys],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    _remember(options.challenge, now)
    return options_to_json(options)


def options_to_add(user: User, passkeys: Sequence[Passkey], site_name: str, now: dt.datetime) -> str:
    """What the browser is asked, in JSON, so that it makes a new passkey."""
    options = generate_registration_options(
        rp_id=_party(),
        rp_name=site_name,
        user_id=user.id.bytes,
        user_name=user.email,
        user_display_name=user.name or user.email,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=passkey.credential) for passkey in passkeys],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    _remember(options.challenge, now)
    return options_to_json(options)


def add(user_id: uuid.UUID, credential: str, name: str, now: dt.datetime) -> Passkey | None:
    """The new passkey of this person; None where the browser's answer does not hold."""
    challenge = _challenge(now)
    if challenge is None or len(credential) > _LONGEST:
        return None
    try:
        checked = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_party(),
            expected_origin=_origin(),
        )
    except (WebAuthnException, ValueError, RecursionError):
        return None
    made = Passkey(
        user_id=user_id,
        credential=checked.credential_id,
        public_key=checked.credential_public_key,
        counter=checked.sign_count,
        name=name,
        added_at=now,
    )
    db.session.add(made)
    return made


def use(credential: str, now: dt.datetime, *, of: uuid.UUID | None = None) -> uuid.UUID | None:
    """Whose passkey has answered. of: the only person whose it may be; without, it must have checked its holder."""
    challenge = _challenge(now)
    passkey = _named(credential)
    if challenge is None or passkey is None or (of is not None and passkey.user_id != of):
        return None
    try:
        checked = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_party(),
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.counter,
            require_user_verification=of is None,
        )
    except (WebAuthnException, ValueError, RecursionError):
        return None
    user = db.session.get(User, passkey.user_id)
    if user is None or user.state != "active":
        return None
    passkey.counter, passkey.used_at = checked.new_sign_count, now
    return passkey.user_id


def _named(credential: str) -> Passkey | None:
    """The passkey that an answer says it is."""
    if len(credential) > _LONGEST:
        return None
    try:
        named = base64url_to_bytes(str(json.loads(credential)["id"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return db.session.scalar(sa.select(Passkey).where(Passkey.credential == named))
