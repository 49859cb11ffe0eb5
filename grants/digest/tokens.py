# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The token in a digest that switches it off: it says whom and what, and signs nobody in (RFC 8058)."""

import base64
import hmac
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

WHAT: Final = "digest"
LONGEST: Final = 100  # characters of a token


def unsubscribe_token(secret: str, colleague_id: int, mark: str = "") -> str:
    """For the links of one colleague's digests; empty when there is no secret to sign with."""
    whom = f"{colleague_id}-{mark}" if mark else f"{colleague_id}"
    return f"{whom}.{_sealed(secret, whom)}" if secret else ""


def colleague_of(secret: str, token: str) -> tuple[int, str] | None:
    """The number and mark of the colleague a token was made for; None when we did not make it."""
    number, _, mark = token[:LONGEST].partition(".")[0].partition("-")
    if not secret or not number.isascii() or not number.isdecimal():
        return None
    right = unsubscribe_token(secret, int(number), mark)
    return (
        (int(number), mark)
        if hmac.compare_digest(right.encode(errors="replace"), token.encode(errors="replace"))
        else None
    )


def _sealed(secret: str, whom: str) -> str:
    seal = hmac.digest(_key(secret), f"{WHAT}:{whom}".encode(errors="replace"), "sha256")
    return base64.urlsafe_b64encode(seal).decode().rstrip("=")


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"pijplijn unsubscribe")
    return made.derive(secret.encode())
