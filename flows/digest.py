# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Monday morning: write this week's digest for everyone who wants one; delivery follows by itself."""

from prefect import flow

from config.settings import settings
from grants import clock
from grants.digest import write_digests
from models.session import connect, transactions


@flow(name="weekly-digest", timeout_seconds=1800)
def weekly_digest() -> int:
    """Returns how many digests were written: 0 when this week's are there already."""
    now = clock.now()
    begin = transactions(connect(settings().database_url))
    with begin() as session:
        return len(write_digests(session, today=clock.local_day(now), now=now, settings=settings()))
