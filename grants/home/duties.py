# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A date to meet, as the home page tells it."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from models.application import Application
from models.call import Call
from models.values import Due

NEAR: Final = timedelta(days=14)
MOST: Final = 20  # of each list; the pages of applications and calls have all


@dataclass(frozen=True, slots=True)
class Duty:
    """One date to meet.

    Args:
        kind: "milestones", "obligations" or "calls".
        number: of the milestone, the obligation or the call.
        title: what is to be done; of a call, its title.
        due: when.
        application: whose date it is; None of a call.
        call: what closes; None of an application's own date.
    """

    kind: str
    number: int
    title: str
    due: Due
    application: Application | None = None
    call: Call | None = None


@dataclass(frozen=True, slots=True)
class Duties:
    """The first of the dates, and how many there are in all."""

    rows: tuple[Duty, ...] = ()
    total: int = 0

    @property
    def beyond(self) -> int:
        """How many there are that are not told."""
        return self.total - len(self.rows)


def together(one: Duties, other: Duties) -> Duties:
    """Both in order of day and hour."""
    rows = sorted((*one.rows, *other.rows), key=lambda row: (row.due.on or date.max, row.due.at or time.max))
    return Duties(tuple(rows[:MOST]), one.total + other.total)
