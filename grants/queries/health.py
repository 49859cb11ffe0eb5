# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How the sources are doing: a fixed number of statements, however many sources and runs there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import inf
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from grants.clock import AMSTERDAM, local_day
from grants.drift import Drift, Expected, Past, drifts
from grants.queries.rounds import without_coming_date
from models.source import HarvestRun, Source
from models.values import Completeness

LOOKED_AT = 60  # runs, and pieces of news, of one source
LOOK_BACK = timedelta(days=400)  # a fund that publishes each quarter has its rhythm in here
OF_SOURCE = ("slug", "name", "url", "by_hand", "failures", "every_hours", "last_success_at", "next_try_at")
OF_RUN = ("outcome", "seen", "new", "changed", "unseen", "error", "fault")
OF_HISTORY = (
    HarvestRun.source_id, HarvestRun.started_at, HarvestRun.outcome, HarvestRun.seen, HarvestRun.filled,
    HarvestRun.held,
)  # fmt: skip


class SourceState(StrEnum):
    """What a colleague must know first about a source."""

    GOOD = "good"
    WARNING = "warning"
    DRIFTING = "drifting"
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
    drifts: tuple[Drift, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What the latest runs of one source showed, oldest first."""

    runs: Sequence[Past]
    news: Sequence[datetime]


NO_HISTORY = History((), ())


def sources(session: Session, now: datetime) -> list[SourceHealth]:
    """Every source with what came of its last run, in order of name."""
    return healths(session, session.scalars(select(Source).order_by(Source.name, Source.id)).all(), now)


def healths(session: Session, chosen: Sequence[Source], now: datetime) -> list[SourceHealth]:
    """How these sources are doing, in their order."""
    ids = [source.id for source in chosen]
    last = select(func.max(HarvestRun.id)).where(HarvestRun.source_id.in_(ids)).group_by(HarvestRun.source_id)
    runs = {run.source_id: run for run in session.scalars(select(HarvestRun).where(HarvestRun.id.in_(last)))}
    histories = _histories(session, ids, now)
    dateless = without_coming_date(session, chosen, local_day(now))
    return [
        _kept(source, now, dateless=source.id in dateless)
        if source.by_hand
        else _health(source, runs.get(source.id), histories.get(source.id, NO_HISTORY), now)
        for source in chosen
    ]


def _kept(source: Source, now: datetime, *, dateless: bool) -> SourceHealth:
    """A source that colleagues keep: no run says anything of it."""
    state = SourceState.WARNING if dateless else SourceState.KEPT
    warnings = (NO_DATE,) if dateless else ()
    kept = replace(_health(source, None, NO_HISTORY, now), state=state, warnings=warnings)
    return kept if source.enabled else replace(kept, state=SourceState.OFF, warnings=())


def source_in_full(source: SourceHealth) -> dict[str, Any]:
    """A source's health as a row for machines."""
    findings = [{**asdict(drift), "sentence": drift.sentence} for drift in source.drifts]
    return {**asdict(source), "drifts": findings}


def source_in_brief(source: SourceHealth) -> dict[str, Any]:
    """What of a source's health fits a terminal, times as Enschede's clock gives them."""
    last = source.last_success_at
    said = (source.error, *(drift.sentence for drift in source.drifts), *source.warnings)
    return {
        **{name: getattr(source, name) for name in ("slug", "state", "seen", "new", "changed")},
        "last success": f"{last.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}" if last else "never",
        "said": next((sentence for sentence in said if sentence), ""),
    }


def _health(source: Source, run: HarvestRun | None, history: History, now: datetime) -> SourceHealth:
    last = run or HarvestRun(seen=0, new=0, changed=0, unseen=0, warnings=[], error="", fault="")
    found = tuple(_drifts(source, history))
    return SourceHealth(
        state=_state(source, run, now, drifting=bool(found)),
        overdue=source.overdue(now),
        last_run_at=last.started_at,
        warnings=tuple(last.warnings),
        drifts=found,
        **{name: getattr(source, name) for name in OF_SOURCE},
        **{name: getattr(last, name) for name in OF_RUN},
    )


def _state(source: Source, run: HarvestRun | None, now: datetime, *, drifting: bool) -> SourceState:
    """The first that holds: what asks for a colleague's hand comes before what time may mend."""
    if run is None:
        return SourceState.NEVER_READ if source.enabled else SourceState.OFF
    facts = (
        (not source.enabled, SourceState.OFF),
        (run.held, SourceState.HELD),
        (run.outcome == Completeness.FAILED, SourceState.FAILING),
        (source.overdue(now), SourceState.OVERDUE),
        (drifting, SourceState.DRIFTING),
        (bool(run.warnings), SourceState.WARNING),
    )
    return next((state for holds, state in facts if holds), SourceState.GOOD)


def _drifts(source: Source, history: History) -> list[Drift]:
    """The findings about a source since a colleague last called it normal."""
    start = source.normal_since
    runs = [run for run in history.runs if start is None or run.at > start]
    news = [at for at in history.news if start is None or at > start]
    if not news and source.last_news_at is not None and (start is None or source.last_news_at > start):
        news = [source.last_news_at]  # so long ago that its run is no longer looked at
    most = inf if source.at_most is None else source.at_most
    expected = Expected(source.at_least, most, source.news_every_days, source.filled)
    return drifts(runs, news, expected) if source.enabled else []


def _histories(session: Session, ids: Iterable[int], now: datetime) -> dict[int, History]:
    good = HarvestRun.outcome != Completeness.FAILED
    brought = (~HarvestRun.held, HarvestRun.new + HarvestRun.changed > 0)
    runs, news = _latest(session, ids, now, good), _latest(session, ids, now, good, *brought)
    return {one: History(_pasts(rows), [row.started_at for row in news[one]]) for one, rows in runs.items()}


def _latest(
    session: Session, ids: Iterable[int], now: datetime, *which: ColumnElement[bool]
) -> defaultdict[int, list[Row[Any]]]:
    """By source its latest runs of a sort, oldest first."""
    rank = func.row_number().over(partition_by=HarvestRun.source_id, order_by=HarvestRun.id.desc())
    recent = (HarvestRun.source_id.in_(ids), HarvestRun.started_at > now - LOOK_BACK)
    ranked = select(HarvestRun.id, rank.label("rank")).where(*recent, *which).subquery()
    wanted = select(ranked.c.id).where(ranked.c.rank <= LOOKED_AT)
    rows = session.execute(select(*OF_HISTORY).where(HarvestRun.id.in_(wanted)).order_by(HarvestRun.id))
    by_source: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_source[row.source_id].append(row)
    return by_source


def _pasts(rows: Iterable[Row[Any]]) -> list[Past]:
    """Runs as the rules see them; a held one ends what was usual: whoever let it pass saw a new normal."""
    pasts: list[Past] = []
    for row in rows:
        if row.held:
            pasts.clear()
        else:
            counted = row.outcome != Completeness.UNCHANGED
            complete = row.outcome == Completeness.COMPLETE
            pasts.append(Past(row.started_at, row.seen if counted else None, row.filled, complete=complete))
    return pasts
