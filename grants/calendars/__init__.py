# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Dates as iCalendar (RFC 5545): to subscribe to at a secret address, and beside a reminder.

docs/decisions/0015-calendar.md tells why UID and SEQUENCE are kept as they are.
"""

from grants.calendars.attachment import attachment as attachment
from grants.calendars.events import Event as Event
from grants.calendars.events import Kind as Kind
from grants.calendars.events import of_deadlines as of_deadlines
from grants.calendars.events import of_milestone as of_milestone
from grants.calendars.events import of_obligation as of_obligation
from grants.calendars.kept import Given as Given
from grants.calendars.kept import behind as behind
from grants.calendars.kept import give_out as give_out
from grants.calendars.kept import given_out as given_out
from grants.calendars.subscriptions import live as live
from grants.calendars.subscriptions import make as make
from grants.calendars.subscriptions import opened as opened
from grants.calendars.subscriptions import revoke as revoke
from grants.calendars.writing import Calendar as Calendar
from grants.calendars.writing import written as written
