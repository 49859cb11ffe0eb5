# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One source with its latest runs, and what it sent, for its own page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.queries.health import SourceHealth, healths
from models.audit import AuditEntry
from models.call import Call
from models.source import HarvestRun, Payload, RunPayload, Source

RUNS, PAYLOADS = 30, 50  # shown
ASKED = "asked to read"  # in the audit log
SOON = timedelta(minutes=15)  # a reading that was asked for begins in seconds and seldom takes longer
FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PayloadLine:
    """A raw answer without its bytes."""

    id: int
    url: str
    content_type: str
    size: int
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class SourcePage:
    """All a colleague sees of one source.

    Args:
        source: its settings.
        health: its state, and what drifted.
        runs: the latest, newest first.
        payloads: what the last run that brought any brought.
        calls: how many calls are known from it.
        asked_at: when a colleague asked to read it, while no run has come since.
        late: that run should have come by now.
    """

    source: Source
    health: SourceHealth
    runs: tuple[HarvestRun, ...]
    payloads: tuple[PayloadLine, ...]
    calls: int
    asked_at: datetime | None
    late: bool


def source(session: Session, slug: str, now: datetime) -> SourcePage | None:
    """One source in a fixed number of statements; None when there is none."""
    found = session.scalars(select(Source).where(Source.slug == slug)).one_or_none()
    if found is None:
        return None
    (health,) = healths(session, [found], now)
    of_it = select(HarvestRun).where(HarvestRun.source_id == found.id)
    runs = session.scalars(of_it.order_by(HarvestRun.id.desc()).limit(RUNS)).all()
    calls = session.scalar(select(func.count()).where(Call.source_id == found.id)) or 0
    asked_at = _asked(session, found, health.last_run_at, now)
    late = asked_at is not None and now - asked_at > SOON
    return SourcePage(found, health, tuple(runs), _payloads(session, found), calls, asked_at, late)


def payload(session: Session, slug: str, payload_id: int) -> Payload | None:
    """A raw answer, if it came from this source."""
    brought = (
        select(RunPayload.id)
        .join(HarvestRun, HarvestRun.id == RunPayload.run_id)
        .join(Source)
        .where(RunPayload.payload_id == Payload.id, Source.slug == slug)
    )
    return session.scalars(select(Payload).where(Payload.id == payload_id, brought.exists())).one_or_none()


def _asked(session: Session, found: Source, last_run_at: datetime | None, now: datetime) -> datetime | None:
    last = select(func.max(AuditEntry.at)).where(
        AuditEntry.subject == Source.__tablename__,
        AuditEntry.subject_id == found.id,
        AuditEntry.action == ASKED,
        AuditEntry.at > now - FORGOTTEN,
    )
    at = session.scalar(last)
    return at if at is not None and (last_run_at is None or last_run_at < at) else None


def _payloads(session: Session, found: Source) -> tuple[PayloadLine, ...]:
    last = (
        select(func.max(RunPayload.run_id))
        .join(HarvestRun, HarvestRun.id == RunPayload.run_id)
        .where(HarvestRun.source_id == found.id)
    )
    rows = session.execute(
        select(Payload.id, RunPayload.url, Payload.content_type, Payload.size, Payload.first_seen_at)
        .join(RunPayload, RunPayload.payload_id == Payload.id)
        .where(RunPayload.run_id == last.scalar_subquery())
        .order_by(RunPayload.id)
        .limit(PAYLOADS)
    )
    return tuple(PayloadLine(*row) for row in rows)
