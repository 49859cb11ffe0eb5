# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Proofs of who someone is: a password (Argon2id), a code by the clock (TOTP), and a limit on guessing.

After OWASP ASVS 5.0 V6: at least twelve characters, none that is easily guessed, a code counts once, an
unknown account costs as much time as a known one.
"""

import base64
import hashlib
import re
from datetime import datetime, timedelta
from typing import NamedTuple

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.errors import PijplijnError
from grants.guessing import easily_guessed
from models.colleague import Colleague, SignInFailure

SHORTEST, LONGEST, FEWEST = 12, 200, 5  # characters; and different ones
WINDOW = timedelta(minutes=15)
PER_ACCOUNT, PER_ADDRESS = 5, 30  # failures within the window
STEP = 30  # seconds a code stands (RFC 6238)
SECRET = re.compile(r"[A-Z2-7]{32}")  # of codes, as new_totp() makes them
_hasher = PasswordHasher()  # argon2-cffi's profile is RFC 9106's second choice: 64 MiB, 3 passes
_nobodys = _hasher.hash("nobody's password")


class Tried(NamedTuple):
    """A try at signing in: as whom, and from which network address."""

    account: str
    address: str


class Proof(NamedTuple):
    """A code by the clock, and what it is checked with.

    Args:
        code: six digits, as typed.
        key: PIJPLIJN_SECRET_KEY, under which secrets are kept.
        secret: the app's own secret, while it is not kept yet.
    """

    code: str
    key: str
    secret: str = ""


class TooManyTriesError(PijplijnError):
    """Wait before trying again."""


class PasswordError(PijplijnError):
    """A new password that will not do; str() says why."""


def set_password(colleague: Colleague, password: str) -> None:
    """Keep a new password as its hash. Raises PasswordError when it is too easily guessed."""
    own = {colleague.email.partition("@")[0].lower(), *colleague.name.lower().split()}
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordError(f"A password has {SHORTEST} to {LONGEST} characters; a sentence is easy to keep.")
    if len(set(password.lower())) < FEWEST:
        raise PasswordError(f"A password has at least {FEWEST} different characters.")
    if any(len(word) > 3 and password.lower().startswith(word) for word in own):  # noqa: PLR2004 - "Jan" proves nothing
        raise PasswordError("A password does not begin with your own name.")
    if easily_guessed(password, [*own, colleague.email]):
        raise PasswordError("This password is easily guessed: a sentence of your own is better.")
    colleague.password = _hasher.hash(password)


def password_fits(colleague: Colleague | None, password: str) -> bool:
    """Whether a password is this colleague's; None takes as long as somebody."""
    known = colleague.password if colleague else ""
    try:
        _hasher.verify(known or _nobodys, password if len(password) <= LONGEST else "")
    except (VerifyMismatchError, InvalidHashError):
        return False
    if colleague and known and _hasher.check_needs_rehash(known):
        colleague.password = _hasher.hash(password)
    return bool(known)


def new_totp() -> str:
    """A secret for an authenticator app, as it shows it (base 32)."""
    return pyotp.random_base32()


def totp_address(colleague: Colleague, secret: str) -> str:
    """What the QR code says: otpauth://totp/…."""
    return pyotp.TOTP(secret).provisioning_uri(name=colleague.email, issuer_name="Pijplijn")


def keep_totp(colleague: Colleague, proof: Proof, *, now: datetime) -> bool:
    """Switch codes on once the first one is right; whether it was, for a secret as we make them."""
    step = _step(proof.secret, proof.code, now) if SECRET.fullmatch(proof.secret) else None
    if step is None:
        return False
    colleague.totp, colleague.totp_used = _box(proof.key).encrypt(proof.secret.encode()).decode(), step
    return True


def totp_fits(colleague: Colleague, proof: Proof, *, now: datetime) -> bool:
    """Whether a code is right now and was not used before.

    Raises:
        PijplijnError: the secret cannot be read: PIJPLIJN_SECRET_KEY is another than when it was kept.
    """
    try:
        secret = _box(proof.key).decrypt(colleague.totp.encode()).decode()
    except InvalidToken as error:
        sentence = f"The code secret of {colleague.email} cannot be read: PIJPLIJN_SECRET_KEY has changed."
        raise PijplijnError(sentence) from error
    step = _step(secret, proof.code, now)
    if step is None or step <= colleague.totp_used:
        return False
    colleague.totp_used = step
    return True


def _step(secret: str, code: str, now: datetime) -> int | None:
    """The time step a code stands for: this one or a neighbour; None when it is none of them."""
    present = int(now.timestamp()) // STEP
    digits = "".join(code.split())
    made = pyotp.TOTP(secret)
    return next((one for one in (present, present - 1, present + 1) if made.at(one * STEP) == digits), None)


def _box(key: str) -> Fernet:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"pijplijn totp").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(made))


def check_tries(session: Session, tried: Tried, *, now: datetime) -> None:
    """Raise TooManyTriesError when this account or this address failed too often of late."""
    rows = session.execute(
        select(SignInFailure.counted, func.count())
        .where(SignInFailure.at > now - WINDOW)
        .where(SignInFailure.counted.in_(counted(tried)))
        .group_by(SignInFailure.counted)
    )
    counts = {row[0]: row[1] for row in rows}
    by_account, by_address = (counts.get(one, 0) for one in counted(tried))
    if by_account >= PER_ACCOUNT or by_address >= PER_ADDRESS:
        minutes = int(WINDOW.total_seconds() // 60)
        raise TooManyTriesError(f"Too many tries: wait {minutes} minutes and try again.")


def note_failure(session: Session, tried: Tried, *, now: datetime) -> None:
    """Count a failure against the account and the address it came from."""
    session.add_all(SignInFailure(counted=one, at=now) for one in counted(tried))


def counted(tried: Tried) -> tuple[str, str]:
    """Hashed, so that what people mistyped is kept nowhere."""
    pair = (f"account:{tried.account.strip().lower()}", f"address:{tried.address}")
    one, other = (hashlib.sha256(text.encode()).hexdigest() for text in pair)
    return one, other
