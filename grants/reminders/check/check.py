# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The self-check: whether every letter there must be is there exactly once, and none is without a ground."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.reminders.check.dates import dates_of_applications
from grants.reminders.check.deadlines import deadlines_of_calls
from grants.reminders.check.facts import Expected, read
from grants.reminders.check.fresh import Fresh, fresh_since
from models.message import Message, MessageState
from models.reminder import ReminderDay
from models.snag import Snag

SILENT: Final = timedelta(hours=26)  # between two rounds there is a night at most
OVER: Final = str(MessageState.SUPERSEDED)
CAME_TO_NOTHING: Final = {str(MessageState.DEAD), str(MessageState.BOUNCED)}
WAITS: Final = {str(MessageState.QUEUED), str(MessageState.HELD)}


class Fault(StrEnum):
    """What is wrong with a reminder."""

    MISSING = "missing"
    FAILED = "failed"  # missing, and known to be: writing it fails
    DOUBLE = "double"
    REFUSED = "refused"
    OVERTAKEN = "overtaken"  # it waits though a more urgent one is due
    STRAY = "stray"  # it waits though nothing asks for it
    UNPLANNED = "unplanned"  # no round for longer than a night


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is wrong.

    Args:
        fault: what.
        office_id: whose; None of all.
        application_id: of which application, so that who may not know of it sees nothing.
        key: the same for as long as it lasts.
        title: of what must be done or the call.
        on: the date it is about.
        who: whom the letter is for.
    """

    fault: Fault
    office_id: int | None
    application_id: int | None
    key: str
    title: str = ""
    on: date | None = None
    who: str = ""


@dataclass(slots=True)
class Checked:
    """What the self-check found.

    Args:
        at: the last round of planning; None when there was none.
        counts: by office, how many letters that must be there are in each state.
        gaps: all that is wrong.
        waiting: by office, how many changed since that round and come with the next.
    """

    at: datetime | None = None
    counts: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    gaps: list[Gap] = field(default_factory=list)
    waiting: Counter[int] = field(default_factory=Counter)


class _Key(NamedTuple):
    """A key in its parts, without its number."""

    name: str
    on: str
    person: str


def check(session: Session, *, now: datetime) -> Checked:
    """Compare what must be there after the last round of planning with the letters that are."""
    last = session.scalars(select(ReminderDay).order_by(ReminderDay.day.desc()).limit(1)).one_or_none()
    if last is None:
        return Checked()
    checked = Checked(last.last_at)
    if now - last.last_at > SILENT:
        checked.gaps.append(Gap(Fault.UNPLANNED, None, None, "unplanned"))
    facts = read(session, day=last.day, at=last.last_at)
    wanted = [*dates_of_applications(session, facts), *deadlines_of_calls(session, facts)]
    fresh, letters, snags = fresh_since(session, last.last_at), _letters(session), _snags(session)
    for one in {(each.names, each.on, each.step, each.hearer.key): each for each in wanted}.values():
        is_fresh = fresh.of(one.office_id, one.application_id, one.names)
        _compare(checked, one, letters, snags, fresh=is_fresh)
    checked.gaps += _strays(session, wanted, fresh)
    return checked


def _letters(session: Session) -> dict[_Key, list[tuple[int, str]]]:
    """By what they are about and for whom: the step and state of every reminder that was not recalled."""
    found: dict[_Key, list[tuple[int, str]]] = defaultdict(list)
    for key, state in session.execute(select(Message.key, Message.state).where(Message.kind == "reminder")):
        about, step = _read(key)
        found[about].append((step, str(state)))
    return found


def _read(key: str) -> tuple[_Key, int]:
    """A reminder's key: what it is about and for whom, and its step."""
    _, _, name, on, step, person = key.partition("#")[0].split(":")
    return _Key(name, on, person), int(step)


def _snags(session: Session) -> set[tuple[_Key, int]]:
    """The reminders that could not be written."""
    failing = select(Snag.key).where(Snag.kind == "reminder", Snag.over_at.is_(None))
    return {_read(key) for key in session.scalars(failing)}


def _compare(
    checked: Checked, one: Expected, letters: dict[_Key, list[tuple[int, str]]],
    snags: set[tuple[_Key, int]], *, fresh: bool,
) -> None:  # fmt: skip
    told = [pair for name in one.names for pair in letters.get(_Key(name, str(one.on), one.hearer.key), ())]
    mine = [state for step, state in told if step == one.step]
    live = [state for state in mine if state != OVER]
    others = [state for step, state in told if step != one.step]
    failing = any((_Key(name, str(one.on), one.hearer.key), one.step) in snags for name in one.names)
    checked.counts[one.office_id].update(live)  # what is there is there, whatever changed since
    if fresh:
        checked.waiting[one.office_id] += not live
        return
    faults = {
        Fault.MISSING: not live and not failing,
        Fault.FAILED: not live and failing,
        Fault.DOUBLE: len(live) > 1,
        Fault.REFUSED: bool(live) and CAME_TO_NOTHING.issuperset(live),
        Fault.OVERTAKEN: bool(WAITS.intersection(others)),
    }
    key = f"{one.names[0]}:{one.on}:{one.step}:{one.hearer.key}"
    checked.gaps += [
        Gap(fault, one.office_id, one.application_id, f"{fault}:{key}", one.title, one.on, one.hearer.name)
        for fault, is_so in faults.items()
        if is_so
    ]


def _strays(session: Session, wanted: list[Expected], fresh: Fresh) -> Iterator[Gap]:
    asked = {(name, str(one.on), one.hearer.key) for one in wanted for name in one.names}
    waiting = select(Message).where(Message.kind == "reminder", Message.state.in_(WAITS)).order_by(Message.id)
    for letter in session.scalars(waiting):
        _, _, name, on, _, person = letter.key.partition("#")[0].split(":")
        known = fresh.of(letter.office_id or 0, letter.application_id, (name,))
        if (name, on, person) not in asked and not known:
            yield Gap(
                Fault.STRAY, letter.office_id, letter.application_id, f"stray:{letter.id}", letter.subject,
                date.fromisoformat(on), letter.recipient,
            )  # fmt: skip
