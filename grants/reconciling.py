# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The database beside the send journal: after an old backup nothing goes until someone looked."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session

from grants.auditing import note
from grants.rows import INSERTS
from models.message import Acceptance, Attempt, Message, MessageState
from models.restoration import Restoration

BATCH = 500
EXPLAINED = {MessageState.SENT, MessageState.SENDING, MessageState.IN_DOUBT, MessageState.BOUNCED}
"""The states in which an acceptance is no surprise: recorded, or who was about to record it was killed."""
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
    """How many acceptances and backups put back wait for a look; while there are any, delivery is paused."""
    went = or_(Message.state == MessageState.SENT, Message.sent_at.is_not(None))
    recorded = exists().where(Message.message_id == Acceptance.message_id, went)
    unseen = select(func.count()).select_from(Acceptance).where(Acceptance.looked_at.is_(None), ~recorded)
    put_back = select(func.count()).select_from(Restoration).where(Restoration.looked_at.is_(None))
    return session.scalars(unseen).one() + session.scalars(put_back).one()


def last_put_back(session: Session) -> Restoration | None:
    """The backup that was put back and not yet looked at."""
    unseen = select(Restoration).where(Restoration.looked_at.is_(None))
    return session.scalars(unseen.order_by(Restoration.id.desc()).limit(1)).first()


def reconcile(session: Session, *, actor: str, now: datetime) -> tuple[int, int]:
    """Believe the journal and lift the pause; what it knows and is not here yet counts as sent once it comes.

    Returns:
        How many letters are sent by it, and how many of its letters are not here.
    """
    unseen = session.scalars(select(Acceptance).where(Acceptance.looked_at.is_(None)).with_for_update()).all()
    marked = sum([_mark(session, one, now) for one in unseen])
    seen = update(Restoration).where(Restoration.looked_at.is_(None)).values(looked_at=now)
    put_back = session.scalars(seen.returning(Restoration.id)).all()
    if unseen or put_back:
        facts = {"sent": marked, "not_here": len(unseen) - marked}
        note(session, at=now, actor=actor, action="reconciled", subject="journal", subject_id=0, facts=facts)
    return marked, len(unseen) - marked


def message_id(key: str, domain: str, marks: str = "") -> str:
    """The Message-ID of the letter with this key; of one written anew (key#2) it tells whose kin it is.

    `marks` are those of the rows whose numbers stand in the key: after a restore these may be others'.
    """
    first, _, number = key.partition("#")
    told = f"{first} {marks}".rstrip()
    return f"<{hashlib.sha256(told.encode()).hexdigest()[:32]}{number and '.'}{number}@{domain}>"


def accepted_before(session: Session, message_id: str) -> datetime | None:
    """When a letter, or one it was written anew for, was sent by a database that was lost."""
    same = Acceptance.message_id.startswith(_kin(message_id), autoescape=True)
    return session.scalar(select(Acceptance.accepted_at).where(same).limit(1))


def _kin(message_id: str) -> str:
    """What the Message-IDs of one letter and of those written anew for it begin with."""
    return message_id.partition("@")[0].partition(".")[0]


def _mark(session: Session, acceptance: Acceptance, now: datetime) -> bool:
    """That one was sent; its kin, written anew since the backup was put back, need not go any more."""
    acceptance.looked_at = now
    same = Message.message_id.startswith(_kin(acceptance.message_id), autoescape=True)
    kin = session.scalars(select(Message).where(same).order_by(Message.id).with_for_update()).all()
    went = next((one for one in kin if one.message_id == acceptance.message_id), kin[-1] if kin else None)
    for letter in kin:
        if letter is went:
            _settle(session, letter, MessageState.SENT, now)
            letter.sent_at = acceptance.accepted_at
        elif letter.state not in {MessageState.SENT, MessageState.SUPERSEDED}:
            _settle(session, letter, MessageState.SUPERSEDED, now)
    return went is not None


def _settle(session: Session, letter: Message, state: MessageState, now: datetime) -> None:
    letter.state, letter.lease_until = state, None
    letter.fence += 1  # whoever holds it is overruled
    outcome = "accepted" if state == MessageState.SENT else str(state)
    session.add(Attempt(message_id=letter.id, at=now, outcome=outcome, reply=WORDS))
