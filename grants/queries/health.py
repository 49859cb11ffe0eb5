# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How the sources are doing."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.clock import local_day
from grants.queries.rounds import without_coming_date
from models.source import HarvestRun, Source
from models.values import Completeness

OF_SOURCE = ("slug", "name", "url", "by_hand", "failures", "every_hours", "last_success_at", "next_try_at")
OF_RUN = ("outcome", "seen", "new", "changed", "unseen", "error", "fault")


class SourceState(StrEnum):
    """What a colleague must know first about a source."""

    GOOD = "good"
    WARNING = "warning"
    FAILING = "failing"
    OVERDUE = "overdue"
    HELD = "held"
    NEVER_READ = "never_read"
    KEPT = "kept"  # by hand
    OFF = "off"


NO_DATE = "No coming submission date is entered: enter the next round at /rounds."
FINE = frozenset({SourceState.GOOD, SourceState.KEPT, SourceState.OFF})
"""The states that ask nothing of a colleague."""


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source and what came of its last run; without a run the counts are 0."""

    slug: str
    name: str
    url: str
    by_hand: bool
    state: SourceState
    overdue: bool
    failures: int
    every_hours: int
    last_run_at: datetime | None
    outcome: Completeness | None
    seen: int
    new: int
    changed: int
    unseen: int
    warnings: tuple[str, ...]
    error: str
    fault: str
    last_success_at: datetime | None
    next_try_at: datetime | None


def sources(session: Session, now: datetime) -> list[SourceHealth]:
    """Every source with what came of its last run, in order of name."""
    last = select(func.max(HarvestRun.id)).group_by(HarvestRun.source_id)
    runs = {run.source_id: run for run in session.scalars(select(HarvestRun).where(HarvestRun.id.in_(last)))}
    rows = session.scalars(select(Source).order_by(Source.name, Source.id)).all()
    dateless = without_coming_date(session, rows, local_day(now))
    return [
        _kept(source, now, dateless=source.id in dateless)
        if source.by_hand
        else _health(source, runs.get(source.id), now)
        for source in rows
    ]


def _kept(source: Source, now: datetime, *, dateless: bool) -> SourceHealth:
    """A source that colleagues keep: no run says anything of it."""
    state = SourceState.WARNING if dateless else SourceState.KEPT
    warnings = (NO_DATE,) if dateless else ()
    kept = replace(_health(source, None, now), state=state, warnings=warnings)
    return kept if source.enabled else replace(kept, state=SourceState.OFF, warnings=())


def _health(source: Source, run: HarvestRun | None, now: datetime) -> SourceHealth:
    last = run or HarvestRun(seen=0, new=0, changed=0, unseen=0, warnings=[], error="", fault="")
    return SourceHealth(
        state=_state(source, run, now),
        overdue=source.overdue(now),
        last_run_at=last.started_at,
        warnings=tuple(last.warnings),
        **{name: getattr(source, name) for name in OF_SOURCE},
        **{name: getattr(last, name) for name in OF_RUN},
    )


def _state(source: Source, run: HarvestRun | None, now: datetime) -> SourceState:
    """The first that holds: what asks for a colleague's hand comes before what time may mend."""
    if run is None:
        return SourceState.NEVER_READ if source.enabled else SourceState.OFF
    facts = (
        (not source.enabled, SourceState.OFF),
        (run.held, SourceState.HELD),
        (run.outcome == Completeness.FAILED, SourceState.FAILING),
        (source.overdue(now), SourceState.OVERDUE),
        (bool(run.warnings), SourceState.WARNING),
    )
    return next((state for holds, state in facts if holds), SourceState.GOOD)
