# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The date of a reminder as a file to put in a calendar, as it stands in the one that is subscribed to."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from grants.calendars.events import Event, of_deadlines, of_milestone, of_obligation
from grants.calendars.kept import give_out
from grants.calendars.writing import Calendar, written
from models.application import Milestone
from models.call import Call
from models.obligation import Obligation


def attachment(  # noqa: PLR0913 - which date, for whom, from where
    session: Session,
    what: str,
    on: date,
    *,
    language: str,
    zone: str,
    address: str,
    now: datetime,
    links: bool = True,
) -> bytes:
    """One date as iCalendar, with the UID and sequence it has in every calendar of ours.

    Args:
        session: an open transaction.
        what: the date as reminders call it: "milestone-3", "obligation-5" or "call-7".
        on: which of a call's deadlines.
        language: of who reads it.
        zone: of days without a time.
        address: where the pages are.
        now: the moment.
        links: whether its reader can sign in there, and so gets a link.

    Returns:
        The file; empty for what is no date of a calendar, such as a deadline that was superseded.
    """
    event = _event(session, what, on)
    if event is None:
        return b""
    given = give_out(session, [event], address=address, now=now)
    calendar = Calendar("", language, zone, address.rstrip("/") if links else "")
    return written(calendar, [event], given, now=now)


def _event(session: Session, what: str, on: date) -> Event | None:
    kind, _, number = what.partition("-")
    if kind == "milestone":
        return of_milestone(session.get_one(Milestone, int(number)))
    if kind == "obligation":
        return of_obligation(session.get_one(Obligation, int(number)))
    if kind == "call":
        call = session.get_one(Call, int(number))
        deadlines = of_deadlines(call, call.all_deadlines).values()
        return next((one for one in deadlines if one.on == on and not one.cancelled), None)
    return None
