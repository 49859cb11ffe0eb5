# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Events as iCalendar text, the same to the byte as long as nothing changed: its ETag rests on that."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar as Written
from icalendar import Event as Component
from icalendar import vText

from grants.calendars.events import Event, Kind
from grants.calendars.kept import Given, shown
from grants.calendars.zones import zone
from grants.rendering import UNFIT
from grants.wording import label, moment_words, stage_words
from models.calendar import CalendarEvent
from models.values import Basis

EVERY = timedelta(hours=3)  # how often a program should look; Microsoft 365 and Google choose for themselves


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whose calendar it is.

    Args:
        name: what a program calls it; none for a single event.
        language: of its words.
        zone: of its reader.
        address: where the pages are, without a slash at the end; empty for who cannot sign in there.
    """

    name: str
    language: str
    zone: str
    address: str


def written(calendar: Calendar, events: Iterable[Event], given: Given, *, now: datetime) -> bytes:
    """The whole text, lines of at most 75 octets ended by CRLF."""
    rows = shown(events, given, now=now)
    made = Written()
    made.add("prodid", "-//Pijplijn//Pijplijn//NL")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    if calendar.name:
        _named(made, calendar)
    for name in sorted({one.due.zone for one, _ in rows if one.due.at} | {calendar.zone}):
        if defined := zone(name):
            made.add_component(defined)
    for event, row in rows:
        made.add_component(_component(event, row, calendar))
    text: bytes = made.to_ical()
    return text


def _named(made: Written, calendar: Calendar) -> None:
    made.add("name", _line(calendar.name))
    made.add("x-wr-calname", vText(_line(calendar.name)))
    made.add("x-wr-timezone", vText(calendar.zone))
    made.add("refresh-interval", EVERY, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vText("PT3H"))


def _component(event: Event, row: CalendarEvent, calendar: Calendar) -> Component:
    made = Component()
    made.add("uid", row.uid)
    made.add("sequence", row.sequence)
    made.add("dtstamp", row.changed_at)
    made.add("last-modified", row.changed_at)
    _when(made, event)
    made.add("summary", _summary(event, calendar.language))
    address = calendar.address and f"{calendar.address}{event.path}"
    made.add("description", _description(event, address, calendar.language))
    if address:
        made.add("url", address)
    made.add("categories", [label(event.kind, calendar.language)])
    made.add("status", _status(event))
    made.add("transp", "TRANSPARENT")  # a date to meet takes no time of the day
    if event.confidential:
        made.add("class", "PRIVATE")  # who shares a calendar shares this as "busy" at most
    return made


def _when(made: Component, event: Event) -> None:
    """A day, or a moment that ends as it begins: a deadline has no length (RFC 5545, 3.6.1)."""
    if event.due.at is None:
        made.add("dtstart", event.on)
        made.add("dtend", event.on + timedelta(days=1))
    else:
        moment = datetime.combine(event.on, event.due.at, ZoneInfo(event.due.zone))
        made.add("dtstart", moment if zone(event.due.zone) else moment.astimezone(UTC))


def _summary(event: Event, language: str) -> str:
    if event.kind == Kind.DEADLINE:
        words = label(event.kind, language)
        title = f"{words}, {stage_words(event.title, language)}" if event.title else words
    else:
        title = event.title
    return _line(f"{'✓ ' if event.done else ''}{title[:1].upper()}{title[1:]}: {event.about}")


def _description(event: Event, address: str, language: str) -> str:
    kind = label(event.kind, language)
    lines = [
        f"{kind[:1].upper()}{kind[1:]}: {moment_words(event.due, event.on, language)}",
        event.about,
        address,
    ]
    return "\n".join(_line(one) for one in lines if one)


def _status(event: Event) -> str:
    if event.cancelled:
        return "CANCELLED"
    return "TENTATIVE" if event.due.basis == Basis.PROVISIONAL else "CONFIRMED"


def _line(text: str) -> str:
    """One line, without what no text can carry."""
    return " ".join(UNFIT.sub("", text).split())
