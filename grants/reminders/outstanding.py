# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Letters that are due and not yet written, and those that wait though their ground is gone.

Both are told by keys. A letter that was recalled leaves its key behind: the same letter, due again, gets the
next number.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Generic, Protocol, TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants.clock import local_day
from grants.known import batches
from grants.reminders.people import Person
from grants.smtp import Outcome
from models.application import Application
from models.message import Attempt, Message, MessageState

WAITS: Final = frozenset({MessageState.QUEUED, MessageState.HELD, MessageState.SUPPRESSED})
"""The states from which a letter can be recalled: it certainly does not travel."""
CAME_TO_NOTHING: Final = frozenset({MessageState.DEAD, MessageState.BOUNCED})
"""… and those from which it is when its reader has another address now: there it was never tried."""


class Recalled(StrEnum):
    """Why a letter was recalled, as the record of its tries says it."""

    GONE = "Recalled: what it reminds of is done, gone or moved, or is this person's no longer."
    REPLACED = "Recalled: a more urgent letter about the same date takes its place."
    ELSEWHERE = "Recalled: it did not arrive, and is written again to the address this person has now."
    ANEW = "Recalled: it waited since another day and is written again with today's count of days."


class Notice(Protocol):
    """A letter that is due."""

    @property
    def keys(self) -> list[str]:
        """Its own key first, then those under which it may have been told already."""
        ...

    @property
    def person(self) -> Person:
        """To whom."""
        ...

    @property
    def application(self) -> Application | None:
        """What it belongs to."""
        ...


N = TypeVar("N", bound=Notice)


@dataclass(frozen=True, slots=True)
class Unwritten(Generic[N]):
    """A letter to write: under which key, and whether it was written on another day and never went."""

    notice: N
    key: str
    anew: bool


def unwritten(session: Session, due: Iterable[N]) -> list[Unwritten[N]]:
    """What is due and was not written, or was recalled since."""
    left = {one.keys[0]: Unwritten(one, one.keys[0], anew=False) for one in due}
    found: list[Unwritten[N]] = []
    number = 1
    while left:
        names = [_numbered(key, number) for one in left.values() for key in one.notice.keys]
        known = _known(session, names)
        again: dict[str, Unwritten[N]] = {}
        for first, one in left.items():
            own = _numbered(first, number)
            states = {known[name][0] for key in one.notice.keys if (name := _numbered(key, number)) in known}
            if not states - {MessageState.SUPERSEDED} and own in known:
                again[first] = Unwritten(one.notice, own, known[own][1] == Recalled.ANEW)
            elif not states - {MessageState.SUPERSEDED}:
                found.append(Unwritten(one.notice, own, one.anew))
        left, number = again, number + 1
    return found


def _numbered(key: str, number: int) -> str:
    return key if number == 1 else f"{key}#{number}"


def _known(session: Session, keys: list[str]) -> dict[str, tuple[MessageState, str]]:
    rows: dict[str, tuple[MessageState, str]] = {}
    for some in batches(keys):
        wanted = select(Message.key, Message.state, Message.last_error).where(Message.key.in_(some))
        rows |= {key: (state, error) for key, state, error in session.execute(wanted)}
    return rows


def recall(session: Session, kind: str, due: Collection[Notice], *, today: date, now: datetime) -> int:
    """Take back what waits and is no longer due; returns how many letters. They stay, with the reason."""
    stand = {key: one for one in due for key in one.keys}
    urgent = {_without_step(key) for key in stand}
    open_ones = Message.state.in_(WAITS | CAME_TO_NOTHING)
    waiting = select(Message).where(Message.kind == kind, open_ones).order_by(Message.id)
    taken = 0
    tried = _perhaps_gone(session, kind)
    for letter in session.scalars(waiting):
        why = _why(letter, stand, urgent, today, certain=letter.id not in tried)
        if why is not None:
            taken += _take(session, letter, why, now)
    return taken


def _why(
    letter: Message, stand: Mapping[str, Notice], urgent: Collection[str], today: date, *, certain: bool
) -> Recalled | None:
    key = letter.key.partition("#")[0]
    notice = stand.get(key)
    if letter.state in CAME_TO_NOTHING:
        moved = notice is not None and letter.recipient != notice.person.email
        return Recalled.ELSEWHERE if moved else None
    if notice is None:
        return Recalled.REPLACED if _without_step(key) in urgent else Recalled.GONE
    number = notice.application.id if notice.application else None
    if letter.recipient != notice.person.email or letter.application_id != number:
        return Recalled.GONE
    waited = letter.state == MessageState.QUEUED and local_day(letter.created_at) < today
    return Recalled.ANEW if waited and certain else None


def _without_step(key: str) -> str:
    """A reminder's key without its step: the same date and the same person."""
    head, _, person = key.rpartition(":")
    return f"{head.rpartition(':')[0]}:{person}"


def _perhaps_gone(session: Session, kind: str) -> set[int]:
    """Letters that wait and that a server may have taken: not to be written anew, or they come twice."""
    asked = select(Attempt.message_id).join(Message, Message.id == Attempt.message_id)
    open_ones = asked.where(Message.kind == kind, Message.state.in_(WAITS))
    return set(session.scalars(open_ones.where(Attempt.outcome == str(Outcome.UNANSWERED))))


def _take(session: Session, letter: Message, why: Recalled, now: datetime) -> bool:
    """Unless a deliverer was first: it waits no longer then."""
    facts = {"state": MessageState.SUPERSEDED, "last_error": str(why), "lease_until": None}
    still = (Message.id == letter.id, Message.state == letter.state)
    done = session.scalar(update(Message).where(*still).values(facts).returning(Message.id))
    if done is not None:
        session.add(Attempt(message_id=done, at=now, outcome=str(MessageState.SUPERSEDED), reply=str(why)))
    return done is not None
