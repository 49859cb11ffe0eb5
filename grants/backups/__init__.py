# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Backups: made whole or not at all, proved, kept by a scheme, put back with the outbox paused."""

from grants.backups.drill import Drilled as Drilled
from grants.backups.drill import LastDrill as LastDrill
from grants.backups.drill import drill as drill
from grants.backups.drill import last_drill as last_drill
from grants.backups.kept import Backup as Backup
from grants.backups.kept import BackupError as BackupError
from grants.backups.kept import at as at
from grants.backups.kept import kept as kept
from grants.backups.kept import newest as newest
from grants.backups.kept import overdue as overdue
from grants.backups.make import back_up as back_up
from grants.backups.make import before_migrating as before_migrating
from grants.backups.restore import Restored as Restored
from grants.backups.restore import prove as prove
from grants.backups.restore import restore as restore
