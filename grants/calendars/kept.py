# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What was given out of each event: whatever differs from it goes out with a higher sequence."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.calendars.events import Event
from grants.rows import INSERTS
from models.calendar import CalendarEvent

SHOWN = timedelta(days=90)  # how long what was cancelled is still said to be so
AT_ONCE = 500  # rows of a statement: SQLite takes 32,766 values

Given = Mapping[str, CalendarEvent]
"""By key: the last form given out."""


def given_out(session: Session, events: Sequence[Event]) -> Given:
    """What was given out of these events."""
    keys = [one.key for one in events]
    found: dict[str, CalendarEvent] = {}
    for start in range(0, len(keys), AT_ONCE):
        some = select(CalendarEvent).where(CalendarEvent.key.in_(keys[start : start + AT_ONCE]))
        found |= {row.key: row for row in session.scalars(some.execution_options(populate_existing=True))}
    return found


def behind(events: Iterable[Event], given: Given) -> list[Event]:
    """The events that a subscriber has not yet been given in this form."""
    return [one for one in events if _news(one, given.get(one.key))]


def _news(event: Event, given: CalendarEvent | None) -> bool:
    if given is None:
        return not event.cancelled  # nobody was told of it: nobody need hear that it is off
    return given.fingerprint != event.fingerprint


def give_out(session: Session, events: Sequence[Event], *, address: str, now: datetime) -> Given:
    """Note the form in which events go out now; two that do so at once raise the sequence once.

    Args:
        session: an open transaction.
        events: all that go out.
        address: where the office's pages are; the UID of a new event ends with its host.
        now: the moment.
    """
    host = urlsplit(address).hostname or "localhost"
    news = sorted(behind(events, given_out(session, events)), key=lambda one: one.key)  # never crosswise
    for start in range(0, len(news), AT_ONCE):
        _note(session, news[start : start + AT_ONCE], host, now)
    return given_out(session, events)


def _note(session: Session, news: list[Event], host: str, now: datetime) -> None:
    same = {"sequence": 0, "changed_at": now}
    rows = [
        {"key": one.key, "uid": f"{one.name}@{host}", "fingerprint": one.fingerprint, **same} for one in news
    ]
    insert = INSERTS[session.get_bind().dialect.name](CalendarEvent).values(rows)
    newer = {
        "fingerprint": insert.excluded.fingerprint,
        "sequence": CalendarEvent.sequence + 1,
        "changed_at": insert.excluded.changed_at,
    }
    other = CalendarEvent.fingerprint != insert.excluded.fingerprint
    session.execute(insert.on_conflict_do_update(index_elements=["key"], set_=newer, where=other))


def shown(events: Iterable[Event], given: Given, *, now: datetime) -> list[tuple[Event, CalendarEvent]]:
    """What stands in a calendar, in order; of what is cancelled, what somebody may still have in theirs."""
    pairs = [(one, given[one.key]) for one in events if one.key in given]
    fresh = [(one, row) for one, row in pairs if not one.cancelled or row.changed_at > now - SHOWN]
    return sorted(fresh, key=lambda pair: (pair[0].on, pair[0].key))
