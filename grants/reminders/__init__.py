# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Reminders: what is due, to whom, by which letter; what is recalled, and whether nothing was missed."""

from grants.reminders.alarms import Urgent as Urgent
from grants.reminders.alarms import urgent as urgent
from grants.reminders.check import Fault as Fault
from grants.reminders.check import Gap as Gap
from grants.reminders.check import check as check
from grants.reminders.due import plan as plan
from grants.reminders.letters import preview as preview
from grants.reminders.letters import write_amendments as write_amendments
from grants.reminders.letters import write_reminders as write_reminders
from grants.reminders.people import Person as Person
from grants.reminders.settings import OvertakenError as OvertakenError
from grants.reminders.settings import choose as choose
from grants.reminders.settings import seen as seen
from grants.reminders.steps import FURTHEST as FURTHEST
from grants.reminders.steps import MOST as MOST
from grants.reminders.steps import Kind as Kind
