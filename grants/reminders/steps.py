# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""When a step of a reminder is reached: days on local dates, moved earlier to a working day.

The deadline itself never moves: the law that lengthens terms is about those a law sets, not a funder's.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from grants.working_days import working_days_before
from models.values import Due

PASSED: Final = -1  # the step after the last: the date has passed
TOLD_AFTER: Final = 30  # days after a date in which "it has passed" is still said
FURTHEST: Final = 365  # days before
MOST: Final = 10  # steps of one kind
CLOSES: Final = time(17)  # where no hour is stated, that of the office counts
OFFICE_ZONE: Final = "Europe/Amsterdam"


class Kind(StrEnum):
    """What a reminder is about; each has steps of its own."""

    MILESTONE = "milestone"
    OBLIGATION = "obligation"
    CALL = "call"


def office_steps(days: Iterable[Any], by_kind: Mapping[str, Any], kind: Kind) -> list[int]:
    """The steps of one kind: its own, or those that count for all kinds."""
    return [int(one) for one in by_kind.get(kind, days)]


def day_of(on: date, step: int, closed: Collection[date]) -> date:
    """The day on which a step should go: so many days before, or the last working day before that."""
    return working_days_before(on - timedelta(days=step), 0, closed=closed)


def reached(on: date, steps: Iterable[int], today: date, closed: Collection[date]) -> tuple[int, date] | None:
    """The most urgent step that is reached and the day it should have gone; None when none is due."""
    if on < today:
        return (PASSED, on) if (today - on).days <= TOLD_AFTER else None
    near = [step for step in steps if (on - today).days <= step + TOLD_AFTER]  # no weekend is longer
    went = [(step, day) for step in near if (day := day_of(on, step, closed)) <= today]
    return min(went, default=None)


def strikes(due: Due) -> datetime | None:
    """The moment a deadline strikes: 17:00 of the office's own clock where its hour is not stated."""
    if due.on is None:
        return None
    at, zone = (due.at, due.zone or OFFICE_ZONE) if due.at else (CLOSES, OFFICE_ZONE)
    return datetime.combine(due.on, at, tzinfo=ZoneInfo(zone))


def struck(due: Due, now: datetime) -> bool:
    """Whether the stated hour of a deadline has passed; of a day alone nobody can say before it is over."""
    moment = strikes(due) if due.at else None
    return moment is not None and moment <= now
