# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Reminders: what is due, to whom, by which letter; what is recalled, and whether nothing was missed."""

from grants.reminders.amended import amendments as amendments
from grants.reminders.due import plan as plan
from grants.reminders.letters import preview as preview
from grants.reminders.letters import write_amendments as write_amendments
from grants.reminders.letters import write_reminders as write_reminders
from grants.reminders.people import Person as Person
from grants.reminders.steps import Kind as Kind
