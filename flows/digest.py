# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every hour: write the digests that are due, whatever was missed; delivery follows by itself."""

from prefect import flow
from prefect.artifacts import create_table_artifact

from config.settings import settings
from grants import clock
from grants.digest import write_all
from grants.running import noted
from models.session import connect, transactions


@flow(name="weekly-digest", flow_run_name=clock.stamped("digest"), timeout_seconds=1800)
def weekly_digest() -> int:
    """Returns how many digests were written: 0 when nobody's turn came since the last."""
    begin = transactions(connect(settings().database_url))
    with noted(begin, "weekly-digest", clock.now):
        written = write_all(begin, now=clock.now(), settings=settings())
        create_table_artifact([{"written": written}], key="digest")
    return written
