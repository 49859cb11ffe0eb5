# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What became of a letter: written down in the journal and the database, and asked where nobody said.

docs/decisions/0004-outbox.md tells why.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.archive import Archive, ArchiveError
from grants.journal import JournalError, write
from grants.reconciling import WORDS
from grants.smtp import Outcome, Sent
from grants.suppressing import suppress
from models.message import Attempt, Message, MessageState
from models.session import Begin

BACKOFF = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60)]
GRACE = timedelta(minutes=10)  # so long a letter may be on its way to the archive
PATIENCE = timedelta(hours=1)  # … and so long after that an archive may be out of reach
HELD_WHEN_IN_DOUBT = {"digest"}  # every other kind goes again: better twice than never


@dataclass
class Delivery:
    """How many letters went, wait, were refused or are in doubt; `paused` why none went."""

    sent: int = 0
    deferred: int = 0
    dead: int = 0
    in_doubt: int = 0
    paused: int = 0  # letters the journal knows and this database does not: nothing goes while there are any


@dataclass
class Tour:
    """One delivery: its means, and what it came to."""

    begin: Begin
    now: datetime
    journal: Path | None
    archive: Archive | None
    delivery: Delivery = field(default_factory=Delivery)
    started: float = field(default_factory=time.monotonic)

    @property
    def moment(self) -> datetime:
        """Now, for a lease: a long delivery must not hand out leases that have run out."""
        return self.now + timedelta(seconds=time.monotonic() - self.started)


def settle_lost(tour: Tour, accepted: Mapping[str, datetime]) -> None:
    """Letters whose deliverer died under its lease: the journal knows that one went, or nobody does."""
    expired = (Message.state == MessageState.SENDING, Message.lease_until < tour.now)
    with tour.begin() as session:
        for lost in session.scalars(select(Message).where(*expired).with_for_update(skip_locked=True)):
            if lost.message_id in accepted:
                _settle(session, tour, lost, Sent(Outcome.ACCEPTED, WORDS))
            else:
                _settle(session, tour, lost, Sent(Outcome.UNANSWERED, "its deliverer was lost"))


def settle_doubts(tour: Tour, accepted: Mapping[str, datetime]) -> None:
    """Ask about each letter nobody answered for; not of one that the journal knows to be sent."""
    with tour.begin() as session:
        in_doubt = (
            select(Message).where(Message.state == MessageState.IN_DOUBT).with_for_update(skip_locked=True)
        )
        doubts = []
        for doubt in session.scalars(in_doubt):
            if doubt.message_id in accepted:
                _settle(session, tour, doubt, Sent(Outcome.ACCEPTED, WORDS))
            else:
                doubts.append(doubt)
    if not doubts:
        return
    found = _asked(tour.archive, {one.message_id: one.created_at for one in doubts})
    for doubt in doubts:
        sent = _verdict(doubt, found, tour)
        if sent is not None:
            record(tour, doubt, sent)


def _asked(archive: Archive | None, letters: Mapping[str, datetime]) -> set[str] | None:
    """What the archive has; None when it cannot be asked."""
    if archive is None:
        return None
    try:
        return archive(letters)
    except ArchiveError:
        return None


def _verdict(doubt: Message, found: set[str] | None, tour: Tour) -> Sent | None:
    """What became of a letter in doubt; None while that is not to be said."""
    if found is None:
        given_up = tour.archive is None or tour.now >= doubt.next_attempt_at + PATIENCE
        return Sent(Outcome.UNANSWERED, "nobody can be asked whether it went") if given_up else None
    if doubt.message_id in found:
        return Sent(Outcome.ACCEPTED, "it went: whom we asked has it")
    late = tour.now >= doubt.next_attempt_at
    return Sent(Outcome.DEFERRED, "it did not go: whom we asked does not have it") if late else None


def record(tour: Tour, claimed: Message, sent: Sent) -> None:
    """The journal first, then the database; unless the letter is no longer ours to speak of."""
    fault: JournalError | None = None
    if sent.outcome == Outcome.ACCEPTED and tour.journal is not None:
        try:
            write(tour.journal, claimed.message_id, at=tour.now)
        except JournalError as error:
            fault = error
    with tour.begin() as session:
        letter = session.get(Message, claimed.id, with_for_update=True)
        if letter is not None and _still_ours(letter, claimed):
            _settle(session, tour, letter, sent, doubted=claimed.state == MessageState.IN_DOUBT)
    if fault is not None:
        raise fault


def _still_ours(letter: Message, claimed: Message) -> bool:
    """Whether nobody claimed it since; who sent it knows better than who took it for lost."""
    same = letter.state == claimed.state
    late = claimed.state == MessageState.SENDING and letter.state != MessageState.SENT
    return letter.fence == claimed.fence and (same or late)


def _settle(session: Session, tour: Tour, letter: Message, sent: Sent, *, doubted: bool = False) -> None:
    """Write down what became of one try, and what follows from it."""
    session.add(Attempt(message_id=letter.id, at=tour.now, outcome=str(sent.outcome), reply=sent.reply))
    delivery = tour.delivery
    letter.lease_until = None
    letter.last_error = "" if sent.outcome == Outcome.ACCEPTED else sent.reply
    if sent.outcome == Outcome.ACCEPTED:
        letter.state, letter.sent_at = MessageState.SENT, tour.now
        delivery.sent += 1
    elif sent.outcome == Outcome.REFUSED:
        letter.state = MessageState.DEAD
        delivery.dead += 1
        if sent.gone:
            suppress(session, letter, sent.reply, now=tour.now)
    elif sent.outcome == Outcome.UNANSWERED and tour.archive is not None and not doubted:
        letter.state, letter.next_attempt_at = MessageState.IN_DOUBT, tour.moment + GRACE
        delivery.in_doubt += 1
    elif sent.outcome == Outcome.UNANSWERED and letter.kind in HELD_WHEN_IN_DOUBT:
        letter.state = MessageState.HELD
        delivery.in_doubt += 1
    else:
        letter.state = MessageState.QUEUED
        letter.next_attempt_at = tour.now + BACKOFF[min(letter.attempts, len(BACKOFF)) - 1]
        delivery.deferred += 1
