# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The clock: entry points ask it once, everything below receives `now` or `today`."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def local_day(moment: datetime, zone: str = "Europe/Amsterdam") -> date:
    """The calendar day of a moment where people read it."""
    return moment.astimezone(ZoneInfo(zone)).date()


def iso_week(day: date) -> str:
    """The ISO week as "2026-W49"."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def stamped(name: str) -> Callable[[], str]:
    """Names what starts at a moment: "harvest 2026-11-25 09:10"."""
    return lambda: f"{name} {now().astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"
