# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from grants.calendars import Calendar, Event, Kind, written
from models.calendar import CalendarEvent
from models.values import Basis, Due
from tests.builders import NOW
from tests.grants.calendars.rfc5545 import events, faults, lines

OURS = Calendar("Pijplijn · Noor", "nl", "Europe/Amsterdam", "https://p.example")
DAY = date(2026, 12, 15)
ONE = Event(
    "milestone-3", Kind.MILESTONE, DAY, Due(DAY, zone=""), "indienen", "Euregiorail", "/applications/1"
)


def row(event: Event, **facts: object) -> CalendarEvent:
    usual = {"key": event.key, "uid": f"{event.key}@p.example", "sequence": 2, "changed_at": NOW}
    return CalendarEvent(**usual | {"fingerprint": event.fingerprint} | facts)


def text(*some: Event, calendar: Calendar = OURS, now: datetime = NOW) -> bytes:
    return written(calendar, some, {one.key: row(one) for one in some}, now=now)


def at(on: date, hour: time, zone: str = "Europe/Brussels", **facts: Basis) -> Event:
    return replace(ONE, on=on, due=Due(on, hour, zone, **facts))


def starts(raw: bytes) -> datetime:
    (one,) = events(raw).values()
    moment = one.dtstart.value
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC)


def test_a_day_is_a_whole_day_that_ends_with_the_next_and_takes_no_time() -> None:
    raw = text(ONE)
    assert faults(raw) == []
    assert lines(raw)[-14:-1] == [
        "SUMMARY:Indienen: Euregiorail",
        "DTSTART;VALUE=DATE:20261215",
        "DTEND;VALUE=DATE:20261216",
        "DTSTAMP:20261124T080000Z",
        "UID:milestone-3@p.example",
        "SEQUENCE:2",
        "CATEGORIES:mijlpaal",
        "DESCRIPTION:Mijlpaal: dinsdag 15 december 2026\\nEuregiorail\\nhttps://p.example/applications/1",
        "LAST-MODIFIED:20261124T080000Z",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "URL:https://p.example/applications/1",
        "END:VEVENT",
    ]


def test_a_calendar_says_its_name_and_how_often_to_look_in_every_dialect() -> None:
    said = lines(text(ONE))
    assert {"METHOD:PUBLISH", "NAME:Pijplijn · Noor", "X-WR-CALNAME:Pijplijn · Noor"} <= set(said)
    assert {
        "REFRESH-INTERVAL;VALUE=DURATION:PT3H",
        "X-PUBLISHED-TTL:PT3H",
        "X-WR-TIMEZONE:Europe/Amsterdam",
    } <= set(said)


def test_a_calendar_without_events_is_one_all_the_same() -> None:
    assert faults(text()) == []
    assert events(text()) == {}


@pytest.mark.parametrize(
    ("on", "zone", "utc"),
    [
        (date(2026, 7, 1), "Europe/Brussels", (15, 0)),
        (date(2026, 12, 1), "Europe/Brussels", (16, 0)),
        (date(2026, 12, 1), "Europe/Berlin", (16, 0)),
        (date(2026, 7, 1), "Europe/London", (16, 0)),
        (date(2026, 7, 1), "Europe/Helsinki", (14, 0)),
        (date(2026, 7, 1), "America/New_York", (21, 0)),
        (date(2026, 7, 1), "Asia/Tokyo", (8, 0)),
        (date(2026, 7, 1), "UTC", (17, 0)),
    ],
)
def test_five_o_clock_strikes_where_the_funder_is(on: date, zone: str, utc: tuple[int, int]) -> None:
    raw = text(at(on, time(17, 0), zone))
    assert faults(raw) == []
    assert starts(raw) == datetime(on.year, on.month, on.day, *utc, tzinfo=UTC)


@pytest.mark.parametrize(
    ("on", "hour", "utc"),
    [
        (date(2026, 3, 28), time(23, 59), datetime(2026, 3, 28, 22, 59, tzinfo=UTC)),
        (date(2026, 3, 29), time(1, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (
            date(2026, 3, 29),
            time(2, 30),
            datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        ),  # is not: as winter goes on (3.3.5)
        (date(2026, 3, 29), time(3, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (
            date(2026, 10, 25),
            time(2, 30),
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),  # is twice: the first (3.3.5)
        (date(2026, 10, 25), time(3, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
    ],
)
def test_the_nights_in_which_the_clock_changes(on: date, hour: time, utc: datetime) -> None:
    raw = text(at(on, hour))
    assert f"DTSTART;TZID=Europe/Brussels:{on:%Y%m%d}T{hour:%H%M%S}" in lines(raw)
    (read,) = icalendar.Calendar.from_ical(raw).walk("VEVENT")
    assert read["DTSTART"].dt.astimezone(UTC) == utc


def test_the_zone_definitions_hold_at_every_change_of_the_clock_until_2040() -> None:
    sundays = [date(year, month, 31) for year in range(2026, 2041) for month in (3, 10)]
    last = [day - timedelta(days=day.isoweekday() % 7) for day in sundays]
    days = [day + timedelta(days=number) for day in last for number in (-1, 0, 1)]
    hours = [(day, time(hour, 30)) for day in days for hour in (0, 1, 3, 12)]
    some = [
        replace(at(*moment, "Europe/Amsterdam"), key=f"milestone-{number}")
        for number, moment in enumerate(hours)
    ]
    read = events(text(*some))
    told = [read[f"{one.key}@p.example"].dtstart.value.timestamp() for one in some]
    assert told == [datetime.combine(*moment, ZoneInfo("Europe/Amsterdam")).timestamp() for moment in hours]


@pytest.mark.parametrize("title", [
    "Komma, puntkomma; en \\ terug", "Over\ntwee\r\nregels", "Vlag 🇳🇱 en gezin 👨‍👩‍👧‍👦 " * 9, "é" * 1000, "漢" * 1000,
    "BEGIN:VEVENT\r\nUID:evil\r\nEND:VEVENT", "x\x00\x07\x1b[31m\u202e\u2028y", "\"quoted\": ^n ^' %", "a" * 73 + "é",
])  # fmt: skip
def test_whatever_a_title_holds_the_calendar_is_sound_and_says_it(title: str) -> None:
    raw = text(replace(ONE, title=title, about=title))
    assert faults(raw) == []
    (one,) = events(raw).values()
    said = one.summary.value
    assert len(said) > len(title) / 2
    assert not {"\n", "\x00", "\u202e"} & set(said)


@for_any(st.text(max_size=200), st.text(max_size=200))
def test_no_text_breaks_a_calendar(title: str, about: str) -> None:
    assert faults(text(replace(ONE, title=title, about=about))) == []


def test_an_event_says_what_it_is_in_the_readers_language() -> None:
    stage = replace(ONE, key="call-1", kind=Kind.DEADLINE, title="stage 2", due=Due(DAY, time(17, 0)))
    (one,) = events(text(stage, calendar=replace(OURS, language="de"))).values()
    assert one.summary.value == "Frist, Phase 2: Euregiorail"
    assert one.description.value.startswith("Frist: Dienstag, 15. Dezember 2026 17:00 (Brüssel)")
    assert one.categories.value == ["Frist"]
    (one,) = events(text(replace(stage, title=""), calendar=replace(OURS, language="en"))).values()
    assert one.summary.value == "Deadline: Euregiorail"


def test_what_is_done_provisional_or_confidential_is_told_as_programs_know_it() -> None:
    (one,) = events(text(replace(ONE, done=True))).values()
    assert one.summary.value == "✓ Indienen: Euregiorail"
    (one,) = events(text(at(DAY, time(17), basis=Basis.PROVISIONAL))).values()
    assert one.status.value == "TENTATIVE"
    assert one.contents.get("class") is None
    (one,) = events(text(replace(ONE, confidential=True))).values()
    assert one.contents["class"][0].value == "PRIVATE"


def test_what_is_cancelled_is_said_for_ninety_days() -> None:
    gone = replace(ONE, cancelled=True)
    (one,) = events(text(gone, now=NOW + timedelta(days=89))).values()
    assert one.status.value == "CANCELLED"
    assert events(text(gone, now=NOW + timedelta(days=90))) == {}


def test_nothing_is_told_that_was_not_noted_as_given_out() -> None:
    assert events(written(OURS, [ONE], {}, now=NOW)) == {}
