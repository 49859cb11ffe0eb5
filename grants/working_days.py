# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Working days in the Netherlands, and in Nordrhein-Westfalen and Niedersachsen where German partners are.

The Dutch days are those of article 3 of the Algemene termijnenwet: 5 May every year and Good Friday too, and
King's Day on the 26th when the 27th is a Sunday. What a royal decree adds for some years (the Friday after
Ascension) is no working day only where the office says so: it is one of the office's own closures.
"""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from holidays import country_holidays

DUTCH: Final = country_holidays("NL", categories=("public", "optional"))
GERMAN: Final = [country_holidays("DE", subdiv=land) for land in ("NW", "NI")]
SATURDAY: Final = 6


class DayOff(StrEnum):
    """Why nobody may be at work on a day."""

    WEEKEND = "weekend"
    HOLIDAY_NL = "holiday_nl"
    HOLIDAY_DE = "holiday_de"
    HOLIDAY_BOTH = "holiday_both"


def day_off(day: date) -> DayOff | None:
    """Whether a day is free in the Netherlands, or in Nordrhein-Westfalen or Niedersachsen."""
    dutch, german = day in DUTCH, any(day in land for land in GERMAN)
    if dutch and german:
        return DayOff.HOLIDAY_BOTH
    if dutch or german:
        return DayOff.HOLIDAY_NL if dutch else DayOff.HOLIDAY_DE
    return DayOff.WEEKEND if day.isoweekday() >= SATURDAY else None


def is_working_day(day: date, *, german_too: bool = False, closed: Collection[date] = ()) -> bool:
    """Whether people work on a day; `closed` are the days on which the office itself is shut."""
    off = day_off(day)
    free = off is not None and (german_too or off != DayOff.HOLIDAY_DE or day.isoweekday() >= SATURDAY)
    return not free and day not in closed


def working_days_before(
    day: date, count: int, *, german_too: bool = False, closed: Collection[date] = ()
) -> date:
    """The working day that comes `count` working days before a day, which itself does not count.

    Of 0 it is the day itself, or the last working day before it.
    """
    left, found = count, day if count == 0 else day - timedelta(days=1)
    while True:
        if is_working_day(found, german_too=german_too, closed=closed):
            left -= 1
            if left <= 0:
                return found
        found -= timedelta(days=1)
