# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The flows, each with its last run and how long it may stay away: as they noted it themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.watch import LastRun

EXPECTED: Final[Mapping[str, timedelta]] = {
    "deliver-messages": timedelta(minutes=45),
    "read-bounces": timedelta(hours=2),
    "harvest-calls": timedelta(hours=3),
    "weekly-digest": timedelta(hours=3),
    "back-up-database": timedelta(hours=3),
    "deadline-reminders": timedelta(hours=15),  # not between 18 and 7
    "daily-upkeep": timedelta(hours=26),
}
"""How long after its last start a flow of prefect.yaml that runs by the clock is missed."""


@dataclass(frozen=True, slots=True)
class FlowLine:
    """One flow and its last run; never run, it has no moments."""

    flow: str
    started_at: datetime | None
    succeeded_at: datetime | None
    failure: str
    late: bool


def flow_lines(session: Session, *, now: datetime) -> list[FlowLine]:
    """Every flow that runs by the clock; none is late before any ran."""
    rows = {row.flow: row for row in session.scalars(select(LastRun))}
    since = began(session) or now
    return [_line(flow, rows.get(flow), now - patience, since) for flow, patience in EXPECTED.items()]


def began(session: Session) -> datetime | None:
    """When the first flow of this office ran."""
    return session.scalar(select(func.min(LastRun.first_at)))


def _line(flow: str, row: LastRun | None, limit: datetime, since: datetime) -> FlowLine:
    if row is None:
        return FlowLine(flow, None, None, "", since < limit)
    return FlowLine(flow, row.started_at, row.succeeded_at, row.failure, row.started_at < limit)
