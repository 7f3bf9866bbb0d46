"""Second factors that need nothing but a code: an authenticator app, or a sheet of printed codes.

No code works twice. Passkeys have their own module.
"""

import datetime as dt
import hmac
import io
import re
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import pyotp
import segno
import sqlalchemy as sa

from portal import sealing
from portal.accounts.models import Authenticator, Passkey, PrintedCode
from portal.db import changed, db

# RFC 6238's usual step; one before and one after are taken too, since clocks differ (its section 5.2).
_STEP = 30
_DRIFT = (0, -1, 1)
CODES_ON_A_SHEET = 10
# Crockford's alphabet: no I, L, O, U, which are taken for others or make words.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans("OIL", "011")
_PURPOSE = "authenticator"


@dataclass(frozen=True)
class Has:
    """The second factors somebody has."""

    authenticators: Sequence[Authenticator]
    passkeys: Sequence[Passkey]
    codes_left: int

    def __bool__(self) -> bool:
        return self.count > 0

    @property
    def count(self) -> int:
        """How many ways to show who they are; a sheet of codes is one."""
        return len(self.authenticators) + len(self.passkeys) + bool(self.codes_left)


def of(user_id: uuid.UUID) -> Has:
    """What this person has."""
    authenticators = sa.select(Authenticator).where(
        Authenticator.user_id == user_id, Authenticator.confirmed_at.is_not(None)
    )
    passkeys = sa.select(Passkey).where(Passkey.user_id == user_id)
    left = sa.select(sa.func.count(PrintedCode.id)).where(
        PrintedCode.user_id == user_id, PrintedCode.used_at.is_(None)
    )
    return Has(
        db.session.scalars(authenticators.order_by(Authenticator.added_at)).all(),
        db.session.scalars(passkeys.order_by(Passkey.added_at)).all(),
        db.session.scalar(left) or 0,
    )


def new_secret() -> str:
    """A secret for an authenticator app: 160 bits in base 32. Source: RFC 4226 section 4."""
    return pyotp.random_base32()


def secret_in_words(secret: str) -> str:
    """The secret in groups of four, to be typed by hand."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def picture(secret: str, email: str, site_name: str) -> bytes:
    """The secret as a QR code, in SVG, for the app's camera."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=site_name)
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", scale=6, border=4, light="#fff", svgclass=None)
    return drawn.getvalue()


def step_of(secret: str, code: str, now: dt.datetime) -> int | None:
    """The time step that this code belongs to, if it is right about now."""
    maker, at = pyotp.TOTP(secret), int(now.timestamp()) // _STEP
    steps = (at + drift for drift in _DRIFT)
    return next(
        (s for s in steps if hmac.compare_digest(maker.generate_otp(s).encode(), code.encode())), None
    )


def add_authenticator(
    user_id: uuid.UUID, secret: str, *, now: dt.datetime, last_step: int = 0
) -> Authenticator:
    """The app is one of their factors; last_step: that of the code with which they showed it works."""
    made = Authenticator(
        user_id=user_id,
        secret=sealing.seal(secret, _PURPOSE),
        added_at=now,
        confirmed_at=now,
        last_step=last_step,
    )
    db.session.add(made)
    return made


def normal(code: str) -> str:
    """A code as it was made, however it was typed."""
    return re.sub(r"[\s.–-]", "", code).upper()


def use(user_id: uuid.UUID, typed: str, now: dt.datetime) -> bool:
    """True when the code is right: an app's of this half minute, or one of their sheet. It is used up then."""
    code = normal(typed)
    if re.fullmatch(r"[0-9]{6}", code):
        return any(_use_app(one, code, now) for one in of(user_id).authenticators)
    return _use_printed(user_id, code.translate(_MEANT), now)


def _use_app(authenticator: Authenticator, code: str, now: dt.datetime) -> bool:
    try:
        secret = sealing.unseal(authenticator.secret, _PURPOSE)
    except sealing.Unreadable:  # sealed under a key that the site no longer has
        return False
    step = step_of(secret, code, now)
    if step is None:
        return False
    newer = sa.update(Authenticator).where(
        Authenticator.id == authenticator.id, Authenticator.last_step < step
    )
    return bool(changed(db.session, newer.values(last_step=step)))


def print_codes(user_id: uuid.UUID, now: dt.datetime) -> list[str]:
    """A new sheet of codes, to be shown once; the old sheet is worth nothing any more."""
    db.session.execute(sa.delete(PrintedCode).where(PrintedCode.user_id == user_id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(8)) for _ in range(CODES_ON_A_SHEET)]
    for number, code in enumerate(codes, 1):
        kept = PrintedCode(user_id=user_id, number=number, code=_kept(user_id, code), made_at=now)
        db.session.add(kept)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def _use_printed(user_id: uuid.UUID, code: str, now: dt.datetime) -> bool:
    mine = sa.update(PrintedCode).where(
        PrintedCode.user_id == user_id,
        PrintedCode.code == _kept(user_id, code),
        PrintedCode.used_at.is_(None),
    )
    return bool(changed(db.session, mine.values(used_at=now)))


def _kept(user_id: uuid.UUID, code: str) -> str:
    """The code as it is kept: 40 bits are too few for a plain hash, so it is keyed."""
    return sealing.keyed(f"{user_id} {code}", "printed code")


def remove(user_id: uuid.UUID, kind: str, factor_id: uuid.UUID | None = None) -> bool:
    """True when one of their factors is gone. kind: authenticator, passkey or codes (the whole sheet)."""
    tables: dict[str, type[Authenticator | Passkey | PrintedCode]] = {
        "authenticator": Authenticator,
        "passkey": Passkey,
    }
    table = tables.get(kind, PrintedCode)
    gone = sa.delete(table).where(table.user_id == user_id)
    if kind != "codes":
        gone = gone.where(table.id == factor_id)
    return bool(changed(db.session, gone))


def remove_all(user_id: uuid.UUID) -> None:
    """They have no second factor any more."""
    for table in (Authenticator, Passkey, PrintedCode):
        db.session.execute(sa.delete(table).where(table.user_id == user_id))
