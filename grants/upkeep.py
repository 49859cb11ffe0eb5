# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Upkeep: what a colleague must look at, told once."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.queries import STUCK
from models.audit import AuditEntry
from models.message import Message
from models.source import HarvestRun, Source

TOLD = "alerted"
AGAIN_AFTER = timedelta(days=1)


def troubles(session: Session, *, now: datetime) -> list[str]:
    """Sentences about sources without news and messages that did not go."""
    return [*_sources(session, now), *_messages(session)]


def untold(session: Session, *, now: datetime) -> list[str]:
    """The troubles nobody was told of in the last day; asking marks them as told."""
    since = now - AGAIN_AFTER
    rows = select(AuditEntry).where(AuditEntry.action == TOLD, AuditEntry.at > since)
    told = {row.facts["trouble"] for row in session.scalars(rows)}
    news = [sentence for sentence in troubles(session, now=now) if sentence not in told]
    for sentence in news:
        session.add(
            AuditEntry(
                at=now,
                actor="upkeep",
                action=TOLD,
                subject="office",
                subject_id=0,
                facts={"trouble": sentence},
            )
        )
    return news


def _sources(session: Session, now: datetime) -> list[str]:
    sources = session.scalars(select(Source).where(Source.enabled).order_by(Source.slug)).all()
    quiet = [
        f"{one.name}: no good reading since {_when(one.last_success_at)}."
        for one in sources
        if one.overdue(now)
    ]
    held = session.scalars(
        select(Source)
        .join(HarvestRun, HarvestRun.id == _last_run(Source.id))
        .where(HarvestRun.held, Source.enabled)
        .order_by(Source.slug)
    )
    return quiet + [f"{one.name}: the last reading was held because its size jumped." for one in held]


def _last_run(source_id: object) -> object:
    return (
        select(func.max(HarvestRun.id))
        .where(HarvestRun.source_id == source_id)
        .correlate(Source)
        .scalar_subquery()
    )


def _when(moment: datetime | None) -> str:
    return "the start" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def _messages(session: Session) -> list[str]:
    rows = session.execute(
        select(Message.state, func.count()).where(Message.state.in_(STUCK)).group_by(Message.state)
    )
    return [f"{count} messages are {state}: see manage.py messages." for state, count in sorted(rows.all())]
