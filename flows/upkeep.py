# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every morning: match, learn of verdicts, let go of what has had its time, tell what needs a look."""

from functools import partial

from prefect import flow
from prefect.artifacts import create_table_artifact

from config.settings import settings
from grants import backups, clock
from grants.mailers import alert
from grants.matching import match_and_learn
from grants.privacy import let_go
from grants.running import noted
from grants.scoring.semantic import encoder
from grants.upkeep import ALL, tell
from models.session import connect, transactions


@flow(name="daily-upkeep", flow_run_name=clock.stamped("upkeep"), timeout_seconds=3600)
def daily_upkeep() -> list[str]:
    """Returns the sentences the operator was told."""
    begin = transactions(connect(settings().database_url))
    with noted(begin, "daily-upkeep", clock.now):
        match_and_learn(begin, encoder=encoder(), now=clock.now(), after=1)
        let_go(begin, settings=settings(), now=clock.now())
        watches = {**ALL, "backup": backups.overdue(settings().backup_folder)}
        told = tell(begin, send=partial(alert, settings().alert_urls), now=clock.now(), watches=watches)
        create_table_artifact([{"told": sentence} for sentence in told], key="upkeep")
    return told
