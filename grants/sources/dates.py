# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Our own reader of dates: what it cannot read it calls unreadable, and it never guesses a zone in silence.

feedparser reads "17:00 CEST" as 17:00 UTC and 07-09-2026 as 2007: a deadline is never taken from it.
"""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from models.values import Basis, Due

BRUSSELS = "Europe/Brussels"
MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan januari januar january", "feb februari februar february", "mrt mar maart märz mär march",
            "apr april", "mei mai may", "jun juni june", "jul juli july", "aug augustus august",
            "sep sept september", "okt oct oktober october", "nov november", "dec dez december dezember",
        ), start=1,
    )
    for word in words.split()
}  # fmt: skip
CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
DAYS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?=T|\b)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})\.?\s+(?P<word>[A-Za-zä]{3,9})\.?\s+(?P<year>\d{4})(?!\d)"),
    re.compile(r"(?P<word>[A-Za-zä]{3,9})\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})(?!\d)"),
)
TIME = re.compile(rf"(?:T|\s|^|,|\()({CLOCK})")
BASIC_TIME = re.compile(r"T(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?!\d)")
OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})\b")
NAMED = {
    "UTC": UTC, "GMT": UTC, "CET": timezone(timedelta(hours=1)), "CEST": timezone(timedelta(hours=2)),
    "MEZ": timezone(timedelta(hours=1)), "MESZ": timezone(timedelta(hours=2)),
    "WET": UTC, "EST": timezone(timedelta(hours=-5)), "EDT": timezone(timedelta(hours=-4)),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """What one text says: a day, perhaps a time, perhaps a zone."""

    day: date
    clock: time | None
    zone: tzinfo | None


def read(text: str) -> Read | None:
    """The date in a text, day first; None when there is none or it cannot be."""
    for pattern in DAYS:
        found = pattern.search(text)
        if found and (day := _day(found)):
            rest = text[found.end() :]
            clock, after = _clock(rest or "", text[: found.start()])
            return Read(day, clock, _zone(after) if clock else None)
    return None


def _day(found: re.Match[str]) -> date | None:
    parts = found.groupdict()
    month = MONTHS.get(parts["word"].lower()) if parts.get("word") else int(parts["month"])
    try:
        day = date(int(parts["year"]), month or 0, int(parts["day"]))
    except ValueError:
        return None
    # The first and last year are machines' words for "no date", and no zone can be reckoned with there.
    return day if MINYEAR < day.year < MAXYEAR else None


def _clock(rest: str, before: str) -> tuple[time | None, str]:
    """The time behind the day (or before it), and the text after it, where a zone may stand."""
    for piece in (rest, before):
        found = BASIC_TIME.match(piece) or TIME.search(piece)
        if found:
            parts = found.groupdict()
            try:
                clock = time(int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0))
            except ValueError:
                return None, ""
            return clock, piece[found.end() :]
    return None, ""


def _zone(text: str) -> tzinfo | None:
    offset = OFFSET.match(text.strip())
    if offset:
        span = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"]))
        return timezone(span if offset["sign"] == "+" else -span) if span < timedelta(hours=24) else None
    if re.match(r"\s*Z\b", text):
        return UTC
    if re.search(r"brussels|brussel|brüssel", text, re.IGNORECASE):
        return ZoneInfo(BRUSSELS)
    named = re.search(r"Europe/(Amsterdam|Berlin|Brussels)", text)
    if named:
        return ZoneInfo(named[0])
    word = re.match(r"\s*\(?([A-Z]{3,4})\b", text)
    return NAMED.get(word[1]) if word else None


def instant(text: str, zone: str) -> datetime | None:
    """The moment a text states, in UTC; a naive one is in `zone`, a bare day begins there."""
    said = read(text)
    if said is None:
        return None
    local = datetime.combine(said.day, said.clock or time(0), tzinfo=said.zone or ZoneInfo(zone))
    return local.astimezone(UTC)


def local_day(text: str, zone: str) -> date | None:
    """The calendar day of that moment in `zone`: midnight +0200 stays on its own day."""
    moment = instant(text, zone)
    return moment.astimezone(ZoneInfo(zone)).date() if moment else None


def due(text: str, zone: str, *, stage: str = "") -> Due:
    """A text as a deadline: stated, assumed (a time without a zone), or unknown with its words kept."""
    said = read(text)
    if said is None:
        return Due(on=None, zone=zone, basis=Basis.UNKNOWN, stage=stage, text=text.strip())
    if said.clock is None:
        return Due(on=said.day, zone=zone, stage=stage, text=text.strip())
    local = datetime.combine(said.day, said.clock, tzinfo=said.zone or ZoneInfo(zone)).astimezone(
        ZoneInfo(zone)
    )
    basis = Basis.STATED if said.zone else Basis.ASSUMED
    clock = local.time().replace(second=0, microsecond=0)
    return Due(on=local.date(), at=clock, zone=zone, basis=basis, stage=stage, text=text.strip())
