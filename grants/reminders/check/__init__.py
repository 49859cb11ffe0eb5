# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The self-check: a second opinion on whether every reminder that must be there is there, once."""

from grants.reminders.check.check import Checked as Checked
from grants.reminders.check.check import Fault as Fault
from grants.reminders.check.check import Gap as Gap
from grants.reminders.check.check import check as check
