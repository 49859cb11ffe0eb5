# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Time zones as a calendar defines them: one rule for summer and one for winter, which Outlook asks for."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

# Directive 2000/84/EC: at 01:00 UTC on the last Sundays of March and October; so it was since 1996.
SPRING, AUTUMN = datetime(1996, 3, 31, 1, tzinfo=UTC), datetime(1996, 10, 27, 1, tzinfo=UTC)
THIS = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))


@cache
def zone(name: str) -> Timezone | None:
    """The definition of an IANA zone; None where the clock keeps another rule than Europe's."""
    there = ZoneInfo(name)
    winter, summer = (_offset(there, THIS[1]), _offset(there, THIS[0]))
    changes = [_offset(there, moment - timedelta(seconds=1)) for moment in THIS] == [winter, summer]
    if not changes or winter == summer:
        return None
    made = Timezone()
    made.add("tzid", name)
    made.add_component(_part(TimezoneDaylight(), there, SPRING, winter))
    made.add_component(_part(TimezoneStandard(), there, AUTUMN, summer))
    return made


def _offset(there: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(there).utcoffset() or timedelta()


def _part(
    part: TimezoneDaylight | TimezoneStandard, there: ZoneInfo, moment: datetime, before: timedelta
) -> TimezoneDaylight | TimezoneStandard:
    after = moment.astimezone(there)
    part.add("dtstart", (moment + before).replace(tzinfo=None))  # by the clock as it was until then
    part.add("rrule", {"freq": "yearly", "bymonth": moment.month, "byday": "-1su"})
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", _offset(there, moment))
    part.add("tzname", after.tzname())
    return part
