# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every hour by day: write the reminders that are due and were not written, whatever was missed."""

from prefect import flow
from prefect.artifacts import create_table_artifact

from config.settings import settings
from grants import clock
from grants.reminders import write_reminders
from grants.running import noted
from models.session import connect, transactions


@flow(name="deadline-reminders", flow_run_name=clock.stamped("remind"), timeout_seconds=1800)
def deadline_reminders() -> int:
    """Returns how many reminders were written."""
    now = clock.now()
    begin = transactions(connect(settings().database_url))
    with noted(begin, "deadline-reminders", clock.now):
        with begin() as session:
            written = len(write_reminders(session, today=clock.local_day(now), now=now, settings=settings()))
        create_table_artifact([{"written": written}], key="reminders")
    return written
