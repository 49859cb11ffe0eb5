# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Who is signed in: a random token in the browser, its hash in the database, ended by time or by hand.

Limits after ASVS 5.0 V7: eight hours without use, seven days in all; a token has 256 random bits.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from models.colleague import Colleague, SignIn

IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
NOTED = timedelta(minutes=5)  # how exactly the last use is kept: not every page is a write

LIVE = (  # asked for every page, so worded once
    select(SignIn)
    .where(SignIn.token_hash == bindparam("token"), SignIn.revoked_at.is_(None))
    .where(SignIn.at > bindparam("since"), SignIn.last_used_at > bindparam("used_since"))
    .options(joinedload(SignIn.colleague).joinedload(Colleague.office))
)


def hashed(token: str) -> str:
    """What the database keeps of a token; the token itself is random enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_sign_in(session: Session, colleague: Colleague, *, way: str, browser: str, now: datetime) -> str:
    """Sign a colleague in; returns the token for the cookie, which is nowhere else.

    Args:
        session: the transaction.
        colleague: who proved to be who they are.
        way: "oidc", "password" or "invitation".
        browser: what it calls itself, for the colleague's own list.
        now: the moment.
    """
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            colleague_id=colleague.id, token_hash=hashed(token), way=way, browser=browser[:300],
            at=now, last_used_at=now,
        )
    )  # fmt: skip
    colleague.last_seen_at = now
    return token


def signed_in(session: Session, token: str, *, now: datetime) -> SignIn | None:
    """The sign-in a token stands for, with its colleague and office; None when there is none any more."""
    asked = {"token": hashed(token), "since": now - LONGEST, "used_since": now - IDLE}
    found = session.scalars(LIVE, asked).one_or_none()
    return found if found and found.colleague.active else None


def note_use(session: Session, sign_in_id: int, *, now: datetime) -> None:
    """Keep that a sign-in is in use; of pages asked for at once, one writes."""
    found = session.get(SignIn, sign_in_id)
    if found is not None and now - found.last_used_at > NOTED:
        found.last_used_at = now
        found.colleague.last_seen_at = now


def end_sign_in(session: Session, token: str, *, now: datetime) -> None:
    """Sign this browser out; without a sign-in nothing happens."""
    found = session.scalars(select(SignIn).where(SignIn.token_hash == hashed(token))).one_or_none()
    if found is not None and found.revoked_at is None:
        found.revoked_at = now


def end_all(session: Session, colleague_id: int, *, now: datetime) -> int:
    """Sign a colleague out everywhere; returns how many browsers that were."""
    open_ones = session.scalars(
        select(SignIn).where(SignIn.colleague_id == colleague_id, SignIn.revoked_at.is_(None))
    ).all()
    for one in open_ones:
        one.revoked_at = now
    return len(open_ones)


def end_one(session: Session, colleague_id: int, sign_in_id: int, *, now: datetime) -> bool:
    """Sign one of a colleague's browsers out; whether it was theirs."""
    found = session.get(SignIn, sign_in_id)
    if found is None or found.colleague_id != colleague_id:
        return False
    found.revoked_at = found.revoked_at or now
    return True


def browsers(session: Session, colleague_id: int, *, now: datetime) -> list[SignIn]:
    """Where a colleague is signed in, the last used first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(SignIn.colleague_id == colleague_id, SignIn.revoked_at.is_(None))
            .where(SignIn.at > now - LONGEST, SignIn.last_used_at > now - IDLE)
            .order_by(SignIn.last_used_at.desc(), SignIn.id.desc())
        )
    )
