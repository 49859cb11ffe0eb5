# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The secret addresses of calendars: made and shown once, kept as a hash, renewed and revoked by hand.

A calendar program signs in nowhere: whoever has the address reads the calendar, until it is revoked.
"""

import secrets
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from grants.auditing import note
from grants.sign_ins import hashed
from models.calendar import CalendarFeed, Scope
from models.colleague import Colleague
from models.office import Office


def make(session: Session, whose: Colleague | Office, scope: Scope, *, by: Colleague, now: datetime) -> str:
    """A new address for a colleague's or an office's calendar; returns its secret, which is nowhere else.

    The one before it ends.
    """
    session.get_one(type(whose), whose.id, with_for_update=True)  # two at once leave one address
    revoke(session, whose, by=by.email, now=now)
    token = secrets.token_urlsafe(32)
    colleague = whose if isinstance(whose, Colleague) else None
    row = CalendarFeed(
        office_id=whose.id if colleague is None else colleague.office_id,
        colleague_id=colleague and colleague.id, scope=scope, token_hash=hashed(token), at=now, by=by.email,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, row, "made", by=by.email, now=now)
    return token


def revoke(session: Session, whose: Colleague | Office, *, by: str, now: datetime) -> None:
    """Their address gives nothing from now on."""
    for row in session.scalars(_live(whose)):
        row.revoked_at, row.revoked_by = now, by
        _note(session, row, "revoked", by=by, now=now)


def live(session: Session, whose: Colleague | Office) -> CalendarFeed | None:
    """Their calendar, where they have one."""
    return session.scalars(_live(whose)).first()


def opened(session: Session, secret: str) -> CalendarFeed | None:
    """The calendar at an address, with whose it is; None when there is none, or none any more."""
    found = session.scalars(
        select(CalendarFeed)
        .where(CalendarFeed.token_hash == hashed(secret), CalendarFeed.revoked_at.is_(None))
        .options(joinedload(CalendarFeed.colleague), joinedload(CalendarFeed.office))
    ).one_or_none()
    return None if found and found.colleague and not found.colleague.active else found


def _live(whose: Colleague | Office) -> Select[CalendarFeed]:
    wanted = select(CalendarFeed).where(CalendarFeed.revoked_at.is_(None)).order_by(CalendarFeed.id)
    if isinstance(whose, Colleague):
        return wanted.where(CalendarFeed.colleague_id == whose.id)
    return wanted.where(CalendarFeed.office_id == whose.id, CalendarFeed.colleague_id.is_(None))


def _note(session: Session, row: CalendarFeed, action: str, *, by: str, now: datetime) -> None:
    note(
        session, at=now, actor=by, action=action, subject="calendar_feed", subject_id=row.id,
        office_id=row.office_id, facts={"colleague": row.colleague_id, "scope": str(row.scope)},
    )  # fmt: skip
