# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""When a digest falls due: by the calendar and the clock of Amsterdam, never by a tick that can be missed.

What is asked is always the last turn that has come. A missed hour, day or week-end changes nothing, and the
clock can neither double nor skip one: its period is a local date or an ISO week.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from grants.clock import AMSTERDAM, iso_week
from models.colleague import Colleague, Rhythm

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Turn:
    """One time a digest fell due.

    Args:
        at: the moment, in UTC.
        period: what it is the digest of: "2026-W48", or "2026-11-24".
    """

    at: datetime
    period: str


def last_turn(colleague: Colleague, now: datetime) -> Turn | None:
    """The last moment up to now at which this colleague's digest fell due; None: they want none."""
    today = now.astimezone(AMSTERDAM).date()
    if colleague.digest_rhythm == Rhythm.NEVER:
        return None
    if colleague.digest_rhythm == Rhythm.DAILY:
        at = _moment(today, colleague.digest_hour)
        day = today if at <= now else today - DAY
        return Turn(_moment(day, colleague.digest_hour), day.isoformat())
    day = today - timedelta(days=today.isoweekday() - weekday(colleague))
    at = _moment(day, colleague.digest_hour)
    day = day if at <= now else day - WEEK
    return Turn(_moment(day, colleague.digest_hour), iso_week(day))


def weekday(colleague: Colleague) -> int:
    """The day of the week a colleague chose, else their office's; 1 is Monday."""
    return colleague.digest_weekday or colleague.office.digest_weekday


def is_due(turn: Turn, last_written: datetime | None) -> bool:
    """Whether a turn has no digest yet: any one written since then was it, whatever the rhythm was."""
    return last_written is None or last_written < turn.at


def _moment(day: date, hour: int) -> datetime:
    """In UTC: moments of one zone compare by what its clock shows. An hour that is skipped comes late."""
    return datetime.combine(day, time(hour), tzinfo=AMSTERDAM).astimezone(UTC)
