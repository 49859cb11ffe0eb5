# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What is red: a person must act, now. The page, its number in the menu and `manage.py status` ask here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from config.settings import Settings
from grants import queries
from grants.audit_walk import last_walk
from grants.queries import STUCK
from grants.reconciling import waiting
from grants.suppressing import in_force
from grants.upkeep import needs_a_hand
from grants.watch.machine import Machine, machine
from grants.watch.runs import FlowLine, began, flow_lines
from models.message import Message, MessageState
from models.trouble import Trouble

SLOW: Final = timedelta(hours=1)  # a letter may wait, before it is asked why
BACKED_UP: Final = timedelta(hours=26)  # after the operator was told once
DRILLED: Final = timedelta(days=45)  # a drill is once a month
WALKED: Final = timedelta(days=2)
LITTLE: Final = 2**30  # bytes of a disk, or a twentieth of it if that is less
HARVEST: Final = "harvest-calls"  # before its first run no source was read, and none is to blame
ELSEWHERE: Final = ("archive:", "bounces:")  # troubles that nothing else here shows


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that is red, in a code that grants/watch/words.py words.

    Args:
        code: what it is.
        to: the page where it is put right; empty where only the command line helps.
        name: which flow, disk or state.
        count: how many.
        at: since when, or when last.
    """

    code: str
    to: str = ""
    name: str = ""
    count: int = 0
    at: datetime | None = None


def red(session: Session, *, now: datetime, settings: Settings, office_id: int | None = None) -> list[Sign]:
    """All that is red for one office and for what all share; of every office without one."""
    flows = flow_lines(session, now=now)
    return [
        *_runs(flows),
        *_letters(session, now, office_id),
        *(_sources(session, now) if any(one.flow == HARVEST and one.started_at for one in flows) else ()),
        *_troubles(session, office_id),
        *_audit(session, now),
        *_machine(machine(settings), now, began(session)),
    ]


def _runs(flows: list[FlowLine]) -> Iterator[Sign]:
    if not any(one.started_at for one in flows):
        yield Sign("never", "#runs")
    for one in flows:
        if one.late:
            yield Sign("late", "#runs", name=one.flow, at=one.started_at)
        elif one.failure:
            yield Sign("failed", "#runs", name=one.flow, at=one.started_at)


def _letters(session: Session, now: datetime, office_id: int | None) -> Iterator[Sign]:
    if waiting(session):
        yield Sign("paused", "/messages")
    ours: ColumnElement[bool] = true() if office_id is None else Message.office_id == office_id
    counted = select(Message.state, func.count()).where(ours, Message.state.in_(STUCK))
    found = {state: count for state, count in session.execute(counted.group_by(Message.state))}  # noqa: C416 - rows
    for state in MessageState:
        if state in found:
            yield Sign("stuck", f"/messages?state={state}", name=state, count=found[state])
    due = (Message.state == MessageState.QUEUED, Message.next_attempt_at < now - SLOW)
    oldest = session.scalar(select(func.min(Message.next_attempt_at)).where(ours, *due))
    if oldest:
        yield Sign("slow", f"/messages?state={MessageState.QUEUED}", at=oldest)
    if refused := in_force(session, office_id):
        yield Sign("refused", "/messages", count=len(refused))


def _sources(session: Session, now: datetime) -> Iterator[Sign]:
    if count := sum(needs_a_hand(one) for one in queries.sources(session, now)):
        yield Sign("sources", "/sources", count=count)


def _troubles(session: Session, office_id: int | None) -> Iterator[Sign]:
    """By what the checks noted: the reminders' self-check, the archive's mailbox, the sender's."""
    open_ones = session.execute(select(Trouble.key, Trouble.since).where(Trouble.over_at.is_(None))).all()
    ours = ("reminder:",) if office_id is None else ("reminder::", f"reminder:{office_id}:")
    if missed := [at for key, at in open_ones if key.startswith(ours)]:
        yield Sign("reminders", "/reminders", count=len(missed), at=min(missed))
    for key, at in open_ones:
        if key.startswith(ELSEWHERE):
            yield Sign(key.partition(":")[0], at=at)


def _audit(session: Session, now: datetime) -> Iterator[Sign]:
    last = last_walk(session)
    if last and last.why:
        yield Sign("broken", "/audit", at=last.at)
    elif last and now - last.whole_at > WALKED:
        yield Sign("unwalked", at=last.whole_at)


def _machine(found: Machine, now: datetime, since: datetime | None) -> Iterator[Sign]:
    for name, room in found.disks.items():
        if room.free < min(LITTLE, room.total / 20):
            yield Sign("full", name=name, count=room.free // 2**20)
    made = found.backup.made_at if found.backup else None
    if made is None or now - made > BACKED_UP:
        yield Sign("backup", at=made)
    drilled = found.drill.at if found.drill else None
    last = drilled or since  # a new office has time for its first
    if made and last and now - last > DRILLED:
        yield Sign("drill", at=drilled)
