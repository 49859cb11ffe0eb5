# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The figures for Prometheus: counts and ages of the whole installation; of applications there are none."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from config.settings import Settings
from grants import queries
from grants.audit_walk import last_walk
from grants.suppressing import in_force
from grants.watch.machine import machine
from grants.watch.runs import flow_lines
from grants.watch.signs import red
from models.call import Call
from models.message import Message, MessageState
from models.session import remembered
from models.trouble import Trouble

WAITS = (MessageState.QUEUED, MessageState.SENDING, MessageState.HELD, MessageState.IN_DOUBT)
SORTS = (
    "message", "suppressed", "audit", "source", "reminder", "deadline", "earlier", "archive", "bounces",
    "backup",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """Ages are in seconds; None is not known or never happened."""

    calls: int
    database_bytes: int
    sources: Mapping[str, float]
    messages: Mapping[MessageState, float]
    oldest: Mapping[str, float]
    flows_started: Mapping[str, float]
    flows_succeeded: Mapping[str, float]
    flows_failed: Mapping[str, float]
    troubles: Mapping[str, float]
    suppressed: int
    disk_free: Mapping[str, float]
    backup_age: float | None
    drill_age: float | None
    audit_age: float | None
    audit_holds: int | None
    red: int


def figures(session: Session, *, now: datetime, settings: Settings) -> Figures:
    """Ask for all of them, of all offices."""
    here, walk, flows = machine(settings), last_walk(session), flow_lines(session, now=now)
    waiting = select(Message.state, func.min(Message.created_at)).where(Message.state.in_(WAITS))
    counted = select(Message.state, func.count())
    return Figures(
        calls=remembered(session, "calls", lambda: session.scalar(select(func.count(Call.id))) or 0),
        database_bytes=database_size(session),
        sources=Counter(one.state for one in queries.sources(session, now)),
        messages=dict.fromkeys(MessageState, 0) | _pairs(session, counted.group_by(Message.state)),
        oldest=_ages(_pairs(session, waiting.group_by(Message.state)), now),
        flows_started=_ages({one.flow: one.started_at for one in flows}, now),
        flows_succeeded=_ages({one.flow: one.succeeded_at for one in flows}, now),
        flows_failed={one.flow: bool(one.failure) for one in flows},
        troubles=dict.fromkeys(SORTS, 0) | _troubles(session),
        suppressed=len(in_force(session)),
        disk_free={name: room.free for name, room in here.disks.items()},
        backup_age=_age(here.backup.made_at if here.backup else None, now),
        drill_age=_age(here.drill.at if here.drill else None, now),
        audit_age=_age(walk.whole_at if walk else None, now),
        audit_holds=int(not walk.why) if walk else None,
        red=len(red(session, now=now, settings=settings)),
    )


def _pairs(session: Session, asked: Select[Any, Any]) -> dict[Any, Any]:
    return {one: other for one, other in session.execute(asked)}  # noqa: C416 - rows are no pairs to mypy


def _ages(moments: Mapping[Any, datetime | None], now: datetime) -> dict[str, float]:
    """Of those that ever came."""
    return {name: (now - at).total_seconds() for name, at in moments.items() if at is not None}


def _age(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else (now - at).total_seconds()


def _troubles(session: Session) -> Counter[str]:
    keys = session.scalars(select(Trouble.key).where(Trouble.over_at.is_(None)))
    return Counter(key.partition(":")[0] for key in keys)


def database_size(session: Session) -> int:
    """How many bytes the database takes."""
    if session.get_bind().dialect.name == "postgresql":
        return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    pages, size = (session.scalar(text(f"PRAGMA {name}")) for name in ("page_count", "page_size"))
    return int(pages or 0) * int(size or 0)
