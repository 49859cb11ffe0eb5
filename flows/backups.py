# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every hour: a backup of the database, proved before it counts; what the scheme lets go is taken away."""

from prefect import flow
from prefect.artifacts import create_table_artifact

from config.settings import settings
from grants import backups, clock
from grants.running import noted
from models.session import connect, transactions


@flow(name="back-up-database", flow_run_name=clock.stamped("back up"), timeout_seconds=1800)
def back_up_database() -> str:
    """Returns the name of the backup."""
    folder, programs = settings().backup_folder, settings().postgres_bin
    begin = transactions(connect(settings().database_url))
    with noted(begin, "back-up-database", clock.now):
        made = backups.back_up(
            settings().database_url, folder, reason="hourly", now=clock.now(), programs=programs
        )
        told = {"backup": made.path.name, "rows": sum(made.counts.values()), "bytes": made.size}
        create_table_artifact([told], key="backup")
    return made.path.name
