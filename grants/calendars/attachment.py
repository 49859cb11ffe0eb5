# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The date of a reminder as a file to put in a calendar, as it stands in the one that is subscribed to."""

from datetime import datetime

from sqlalchemy.orm import Session

from grants.calendars.events import Event, of_deadlines, of_milestone, of_obligation
from grants.calendars.kept import give_out
from grants.calendars.writing import Calendar, written
from models.application import Milestone
from models.call import Deadline
from models.colleague import Colleague
from models.obligation import Obligation


def attachment(session: Session, what: str, reader: Colleague, *, address: str, now: datetime) -> bytes:
    """One date as iCalendar, with the UID and sequence it has in every calendar of ours.

    Args:
        session: an open transaction.
        what: the date as reminders call it: "milestone-3", "obligation-5" or "deadline-7".
        reader: in whose language.
        address: where the pages are.
        now: the moment.

    Returns:
        The file; empty for what is no date of a calendar, such as a deadline that was superseded.
    """
    event = _event(session, what)
    if event is None:
        return b""
    given = give_out(session, [event], address=address, now=now)
    calendar = Calendar("", reader.language, reader.office.zone, address.rstrip("/"))
    return written(calendar, [event], given, now=now)


def _event(session: Session, what: str) -> Event | None:
    kind, _, number = what.partition("-")
    if kind == "milestone":
        return of_milestone(session.get_one(Milestone, int(number)))
    if kind == "obligation":
        return of_obligation(session.get_one(Obligation, int(number)))
    if kind == "deadline":
        deadline = session.get_one(Deadline, int(number))
        return of_deadlines(deadline.call, deadline.call.all_deadlines).get(deadline)
    return None
