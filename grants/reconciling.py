# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The database beside the send journal: after an old backup nothing goes until someone looked."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from grants.auditing import note
from grants.rows import INSERTS
from models.message import Acceptance, Attempt, Message, MessageState

BATCH = 500
EXPLAINED = {MessageState.SENT, MessageState.SENDING, MessageState.BOUNCED}
"""The states in which an acceptance is no surprise: recorded, or its deliverer is about to, or was killed."""
WORDS = "the send journal has it"


def notice(session: Session, accepted: Mapping[str, datetime], *, now: datetime) -> int:
    """Write down the acceptances this database knows nothing of; how many wait to be looked at."""
    insert = INSERTS[session.get_bind().dialect.name]
    for number in _unexplained(session, accepted):
        # Two deliverers may notice at once: the key lets one of them.
        row = insert(Acceptance).values(message_id=number, accepted_at=accepted[number], noticed_at=now)
        session.execute(row.on_conflict_do_nothing())
    return waiting(session)


def _unexplained(session: Session, accepted: Iterable[str]) -> Iterator[str]:
    numbers = iter(accepted)
    while some := [*islice(numbers, BATCH)]:
        known = or_(Message.state.in_(EXPLAINED), Message.sent_at.is_not(None))  # it may have come back since
        ours = select(Message.message_id).where(Message.message_id.in_(some), known)
        noticed = select(Acceptance.message_id).where(Acceptance.message_id.in_(some))
        explained = {*session.scalars(ours), *session.scalars(noticed)}
        yield from (number for number in some if number not in explained)


def waiting(session: Session) -> int:
    """How many acceptances wait to be looked at; while there are any, delivery is paused."""
    went = or_(Message.state == MessageState.SENT, Message.sent_at.is_not(None))
    recorded = exists().where(Message.message_id == Acceptance.message_id, went)
    unseen = select(func.count()).select_from(Acceptance).where(Acceptance.looked_at.is_(None), ~recorded)
    return session.scalars(unseen).one()


def reconcile(session: Session, *, actor: str, now: datetime) -> tuple[int, int]:
    """Believe the journal and lift the pause; what it knows and is not here yet counts as sent once it comes.

    Returns:
        How many letters are sent by it, and how many of its letters are not here.
    """
    unseen = session.scalars(select(Acceptance).where(Acceptance.looked_at.is_(None)).with_for_update()).all()
    marked = sum([_mark(session, one, now) for one in unseen])
    if unseen:
        facts = {"sent": marked, "not_here": len(unseen) - marked}
        note(session, at=now, actor=actor, action="reconciled", subject="journal", subject_id=0, facts=facts)
    return marked, len(unseen) - marked


def accepted_before(session: Session, message_id: str) -> datetime | None:
    """When a letter was sent that this database lost and is making again."""
    return session.scalar(select(Acceptance.accepted_at).where(Acceptance.message_id == message_id))


def _mark(session: Session, acceptance: Acceptance, now: datetime) -> bool:
    acceptance.looked_at = now
    here = select(Message).where(Message.message_id == acceptance.message_id).with_for_update()
    letter = session.scalars(here).one_or_none()
    if letter is None:
        return False
    letter.state, letter.sent_at, letter.lease_until = MessageState.SENT, acceptance.accepted_at, None
    letter.fence += 1  # whoever holds it is overruled
    session.add(Attempt(message_id=letter.id, at=now, outcome="accepted", reply=WORDS))
    return True
