# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications as bars over the years, each with its dates: where they stand is in percent of the whole."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from grants.applications.lists import Wanted, narrowed
from grants.applications.visible import visible
from grants.clock import local_day
from models.application import Application, Milestone
from models.colleague import Colleague
from models.obligation import Obligation

DateRow = Milestone | Obligation
BACK: Final = 6  # years; one date typed wrong must not press all others together
AHEAD: Final = 10
FEW: Final = 2  # years that have room for their quarters


@dataclass(frozen=True, slots=True)
class Bar:
    """One application from its first day to its last.

    Args:
        application: whose it is.
        start: when it runs from, else its first date of all.
        end: when it runs until, else its last date of all.
        runs: whether both days are the agreed ones.
        dates: its milestones and obligations in order of day.
    """

    application: Application
    start: date
    end: date
    runs: bool
    dates: list[DateRow]

    @property
    def known(self) -> bool:
        """Whether there is anything to draw but the day it was written down."""
        one = self.application
        return bool(self.dates or one.runs_from or one.runs_until or one.submitted_on)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of bars over whole years, and how many applications there are in all."""

    bars: list[Bar]
    first: date
    last: date
    total: int

    def at(self, day: date) -> float:
        """Where a day stands, in percent from the left; one that is off it, at its edge."""
        whole = (self.last - self.first).days + 1
        return round(min(100.0, max(0.0, 100 * (day - self.first).days / whole)), 2)

    def wide(self, bar: Bar) -> float:
        """How wide a bar is, its last day included."""
        return round(self.at(bar.end + timedelta(days=1)) - self.at(bar.start), 2)

    @property
    def marks(self) -> list[date]:
        """The first day of each year on it, or of each quarter while the years are few."""
        years = range(self.first.year, self.last.year + 1)
        months = (1, 4, 7, 10) if len(years) <= FEW else (1,)
        return [date(year, month, 1) for year in years for month in months]


def timeline(  # noqa: PLR0913 - what is asked for, each by name
    session: Session, colleague: Colleague, wanted: Wanted, *, today: date, page: int = 1, size: int = 50
) -> Timeline:
    """The applications that started first, first; this year is always on it."""
    found = narrowed(session, select(Application).where(visible(colleague)), wanted)
    total = session.scalar(
        select(func.count()).select_from(found.with_only_columns(Application.id).subquery())
    )
    begun = func.coalesce(Application.runs_from, func.date(Application.created_at))
    rows = session.scalars(
        found.order_by(begun, Application.title, Application.id)
        .options(selectinload(Application.milestones), selectinload(Application.owner))
        .limit(size)
        .offset((page - 1) * size)
    ).all()
    due = _obligations(session, [one.id for one in rows])
    bars = [_bar(one, [*one.milestones, *due.get(one.id, [])]) for one in rows]
    first = max(today.year - BACK, min([today.year, *(bar.start.year for bar in bars)]))
    last = min(today.year + AHEAD, max([today.year, *(bar.end.year for bar in bars)]))
    return Timeline(bars, date(first, 1, 1), date(last, 12, 31), total or 0)


def _obligations(session: Session, ids: list[int]) -> dict[int, list[Obligation]]:
    found: dict[int, list[Obligation]] = {}
    owed = select(Obligation).where(Obligation.application_id.in_(ids), Obligation.removed_at.is_(None))
    for row in session.scalars(owed):
        found.setdefault(row.application_id, []).append(row)
    return found


def _bar(one: Application, dates: list[DateRow]) -> Bar:
    dates = sorted(dates, key=lambda row: (row.on, row.id))
    days = [day for day in (one.submitted_on, *(row.on for row in dates)) if day is not None]
    start = one.runs_from or min([local_day(one.created_at), *days])
    end = one.runs_until or max([start, *days])
    return Bar(one, start, max(start, end), bool(one.runs_from and one.runs_until), dates)
