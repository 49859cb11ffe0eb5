# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A deadline that a source moved: who works on the call or follows it hears of it at once.

State, not tick: what counts is which deadlines this person was last told of, and which are in force now. A
call that moved twice while nobody looked is told once, and one that moved back not at all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.reminders.grounds import Ground, active_applications, grounds
from grants.reminders.people import Person, administrators
from grants.reminders.steps import strikes
from models.application import Application
from models.call import Call, Deadline
from models.message import Message, MessageState
from models.values import Due

KIND: Final = "amended"
EARLIER, LATER = "earlier", "later"
REMEMBERED: Final = timedelta(days=14)  # a move of longer ago is news to nobody
NOT_TOLD: Final = frozenset(
    {MessageState.QUEUED, MessageState.HELD, MessageState.SUPPRESSED, MessageState.SUPERSEDED}
)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A moved deadline that one person must hear of.

    Args:
        ground: who, and why it is theirs.
        call: what moved.
        before: the deadlines they know of.
        after: the deadlines in force.
        earlier: whether there is less time than they think.
        at: when the last of it was noticed.
    """

    ground: Ground
    call: Call
    before: tuple[Due, ...]
    after: tuple[Due, ...]
    earlier: bool
    at: datetime

    @property
    def keys(self) -> list[str]:
        """One letter for each person and version."""
        way = EARLIER if self.earlier else LATER
        return [f"{way}:{_told(self.call, self.person)}{int(self.at.timestamp())}"]

    @property
    def marks(self) -> str:
        """Of what and whom its key names by number."""
        return f"{self.call.mark} {self.person.mark}"

    @property
    def person(self) -> Person:
        """To whom."""
        return self.ground.person

    @property
    def application(self) -> Application | None:
        """What it belongs to."""
        return self.ground.application

    @property
    def strikes(self) -> datetime | None:
        """When the first of the deadlines in force strikes that did not when it moved."""
        ahead = (strikes(due) for due in self.after)
        return min((one for one in ahead if one is not None and one > self.at), default=None)


def amendments(session: Session, *, today: date, now: datetime) -> list[Amendment]:
    """What moved since each person was last told, the letters that wait included."""
    active, fallback = active_applications(session), administrators(session)
    heard = _heard(session)
    found = [
        _amendment(ground, call, heard, today, now)
        for ground in grounds(session, active, fallback, today)
        for call in ground.calls
    ]
    return [one for one in found if one is not None]


def _told(call: Call, person: Person) -> str:
    return f"{call.id}:{person.key}:"


def _heard(session: Session) -> dict[str, int]:
    """By call and person: the latest version a letter went out about, or may have."""
    wanted = select(Message.key).where(Message.kind == KIND, Message.state.not_in(NOT_TOLD))
    latest: dict[str, int] = {}
    for key in session.scalars(wanted):
        told, _, at = key.partition(":")[2].partition("#")[0].rpartition(":")
        latest[f"{told}:"] = max(latest.get(f"{told}:", 0), int(at))
    return latest


def _amendment(
    ground: Ground, call: Call, heard: Mapping[str, int], today: date, now: datetime
) -> Amendment | None:
    since = max(ground.since, now - REMEMBERED)
    last = heard.get(_told(call, ground.person))
    if last is not None:
        since = max(since, datetime.fromtimestamp(last, tz=now.tzinfo) + timedelta(seconds=1))
    at = max((one.since for one in call.deadlines), default=now)
    if at <= since:
        return None
    before, after = _in_force(call.all_deadlines, since), _in_force(call.all_deadlines, now)
    moves = list(_moves(before, after))
    if not any(moves) or not any(one.on and one.on >= today for one in (*before, *after)):
        return None
    return Amendment(ground, call, before, after, any(move < 0 for move in moves), at)


def _in_force(versions: Iterable[Deadline], at: datetime) -> tuple[Due, ...]:
    """What counted at a moment, of what could be read."""
    told = [
        one.due for one in versions
        if one.on and one.since <= at and (one.superseded_at is None or one.superseded_at > at)
    ]  # fmt: skip
    return tuple(told)


def _moves(before: Sequence[Due], after: Sequence[Due]) -> Iterator[int]:
    """By deadline: -1 moved earlier, 1 later, 0 neither. Labels pair them, else their order."""
    labels = sorted(one.stage for one in after)
    labelled = len(set(labels)) == len(labels) and labels == sorted(one.stage for one in before)
    order = _label if labelled else _moment
    return map(_move, sorted(before, key=order), sorted(after, key=order))


def _label(due: Due) -> str:
    return due.stage


def _moment(due: Due) -> str:
    moment = strikes(due)
    return moment.astimezone(UTC).isoformat() if moment else ""


def _move(before: Due, after: Due) -> int:
    """An hour that was not stated before is no move."""
    if before.on == after.on and None in {before.at, after.at}:
        return 0
    return (_moment(after) > _moment(before)) - (_moment(after) < _moment(before))
