# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Who follows a call, who looks into it for their office, and when a colleague last looked."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import auditing
from grants.errors import MissingError
from grants.judging import OvertakenError, held
from grants.queries import in_force
from grants.rows import add_rows
from models.colleague import Colleague
from models.interest import Assignment, Follow, Seen


def follow(session: Session, call_id: int, *, by: Colleague, now: datetime) -> None:
    """Follow a call and its twins; following twice is following once. Raises MissingError."""
    if not _follows(session, held(session, call_id), by):
        row = Follow(colleague_id=by.id, call_id=call_id, since=now)
        session.add(row)
        session.flush()
        _note(session, row, "followed", by=by, now=now)


def unfollow(session: Session, call_id: int, *, by: Colleague, now: datetime) -> None:
    """Follow it no longer; the row stays with its end. Raises MissingError."""
    for row in _follows(session, held(session, call_id), by):
        row.until = now
        _note(session, row, "unfollowed", by=by, now=now)


def assign(  # noqa: PLR0913 - the parts of an assignment, each by name
    session: Session, call_id: int, colleague_id: int, *, by: Colleague, now: datetime, over: int
) -> Assignment:
    """Let a colleague of the office look into a call; whoever did so before does no longer.

    Args:
        session: an open transaction.
        call_id: the call, or a twin of it.
        colleague_id: who looks into it.
        by: who says so.
        now: the moment.
        over: the number of the assignment in force that the colleague saw; 0 for none.

    Raises:
        MissingError: there is no such call, or no such colleague who works here.
        OvertakenError: somebody else was assigned or taken off meanwhile.
    """
    current = in_force(session, Assignment, by.office_id, held(session, call_id))
    wanted = session.get(Colleague, colleague_id)
    if wanted is None or wanted.office_id != by.office_id or not wanted.active:
        raise MissingError(f"Nobody with number {colleague_id} works at your office.")
    if current and current.colleague_id == colleague_id:
        return current
    if (current.id if current else 0) != over:
        raise OvertakenError(f"A colleague assigned call {call_id} while you looked.")
    if current:
        current.ended_at, current.ended_by = now, by.email
    row = Assignment(office_id=by.office_id, call_id=call_id, colleague=wanted, at=now, by=by.email)
    session.add(row)
    session.flush()
    _note(session, row, "assigned", by=by, now=now)
    return row


def end_assignment(session: Session, number: int, *, by: Colleague, now: datetime) -> Assignment:
    """Whoever looked into a call does no longer. Raises MissingError."""
    wanted = select(Assignment).where(Assignment.id == number, Assignment.office_id == by.office_id)
    row = session.scalars(wanted.with_for_update()).one_or_none()
    if row is None:
        raise MissingError(f"Your office has no assignment {number}.")
    if row.ended_at is None:
        row.ended_at, row.ended_by = now, by.email
        _note(session, row, "ended", by=by, now=now)
    return row


def note_seen(session: Session, call_id: int, *, by: Colleague, now: datetime) -> None:
    """A colleague looked at a call: a mark for themselves, no deed for the audit log."""
    known_by = ("colleague_id", "call_id")
    add_rows(session, Seen, (*known_by, "at"), [(by.id, call_id, now)], same={}, known_by=known_by)


def _follows(session: Session, call_ids: list[int], by: Colleague) -> list[Follow]:
    live = select(Follow).where(Follow.colleague_id == by.id, Follow.call_id.in_(call_ids))
    return list(session.scalars(live.where(Follow.until.is_(None))))


def _note(session: Session, row: Follow | Assignment, action: str, *, by: Colleague, now: datetime) -> None:
    auditing.note(
        session, at=now, actor=by.email, action=action, subject=row.__tablename__, subject_id=row.id,
        office_id=by.office_id, facts={"call": row.call_id, "colleague": row.colleague_id},
    )  # fmt: skip
