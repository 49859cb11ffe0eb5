# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Addresses that were refused for good: an office sends nothing more there until a colleague lifts it."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from grants.auditing import note
from grants.errors import PijplijnError
from grants.rows import INSERTS
from models.message import Message, MessageState, Suppression

WHY: Final = "its address was refused for good"
ANEW: Final = "it came back, its address was let in again, and it is written anew"
REMINDING: Final = ("reminder", "amended")  # the kinds of which what is due and not there is written
IN_FORCE: Final = Suppression.lifted_at.is_(None)


class SuppressionError(PijplijnError):
    """There is nothing to lift."""


def refused_before() -> ColumnElement[bool]:
    """Whether a message's address is suppressed at its office."""
    same = (Suppression.office_id == Message.office_id, Suppression.address == func.lower(Message.recipient))
    return exists().where(IN_FORCE, *same)


def is_suppressed(session: Session, letter: Message) -> bool:
    """Whether this letter's address is suppressed at its office."""
    return session.scalar(select(Message.id).where(Message.id == letter.id, refused_before())) is not None


def unreachable(session: Session) -> set[tuple[int, str]]:
    """By office, the addresses nothing is sent to, in small letters."""
    rows = session.execute(select(Suppression.office_id, Suppression.address).where(IN_FORCE))
    return {(office_id, address) for office_id, address in rows}


def suppress(session: Session, letter: Message, why: str, *, now: datetime) -> None:
    """Stop sending to this letter's address; that it is refused once more changes nothing."""
    if letter.office_id is None:
        return
    facts = {"address": letter.recipient.lower(), "since": now, "why": why, "message_id": letter.id}
    insert = INSERTS[session.get_bind().dialect.name](Suppression)
    row = insert.values(office_id=letter.office_id, lifted_by="", **facts)
    session.execute(row.on_conflict_do_nothing())
    set_aside(session)


def set_aside(session: Session) -> int:
    """Letters that wait for a suppressed address wait no longer; returns how many."""
    waiting = update(Message).where(Message.state == MessageState.QUEUED, refused_before())
    done = waiting.values(state=MessageState.SUPPRESSED, last_error=WHY).returning(Message.id)
    return len(session.scalars(done, execution_options={"synchronize_session": False}).all())


def in_force(session: Session, office_id: int | None = None) -> list[Suppression]:
    """The suppressed addresses of one office or of all, the latest first."""
    wanted = select(Suppression).where(IN_FORCE).order_by(Suppression.id.desc())
    if office_id is not None:
        wanted = wanted.where(Suppression.office_id == office_id)
    return list(session.scalars(wanted))


def belongs(session: Session, suppression_id: int, office_id: int) -> bool:
    """Whether it is or was one of that office."""
    found = session.get(Suppression, suppression_id)
    return found is not None and found.office_id == office_id


def lift(session: Session, suppression_id: int, *, actor: str, now: datetime) -> Suppression:
    """Send to this address again; what was set aside goes too, unless its deadline struck or it is a digest.

    So does the letter that was refused. One that came back cannot go twice: it makes room to be written anew.
    Reminders that are overtaken by then are recalled before they go, and the next digest tells all.

    Raises:
        SuppressionError: it was lifted already, or is none.
    """
    wanted = select(Suppression).where(Suppression.id == suppression_id, IN_FORCE)
    found = session.scalars(wanted.with_for_update()).one_or_none()
    if found is None:
        raise SuppressionError(f"Nothing is suppressed under number {suppression_id}.")
    found.lifted_at, found.lifted_by = now, actor
    session.flush()
    of_use = (Message.kind != "digest", or_(Message.due_at.is_(None), Message.due_at > now))
    theirs = (Message.office_id == found.office_id, func.lower(Message.recipient) == found.address)
    refused = and_(Message.id == found.message_id, Message.state == MessageState.DEAD)
    waits = (or_(Message.state == MessageState.SUPPRESSED, refused), *theirs, *of_use)
    again = {"state": MessageState.QUEUED, "next_attempt_at": now, "last_error": "", "attempts": 0}
    session.execute(update(Message).where(*waits).values(again))
    returned = (Message.state == MessageState.BOUNCED, Message.kind.in_(REMINDING), *theirs, *of_use)
    anew = {"state": MessageState.SUPERSEDED, "last_error": ANEW}
    session.execute(update(Message).where(*returned).values(anew))
    note(
        session, at=now, actor=actor, action="readmitted", subject="suppression", subject_id=found.id,
        office_id=found.office_id, facts={"recipient": found.address},
    )  # fmt: skip
    return found
